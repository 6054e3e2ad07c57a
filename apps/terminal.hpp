/// What the program says, to whom: data to stdout, one line per message to stderr.
#pragma once
#include <string>
#include <string_view>

namespace coronet::app {

/// Writes data to stdout, all of it; throws io::FileError.
void put(std::string_view text);

/// "coronet: MESSAGE" as one line on stderr, whatever bytes the message holds.
void complain(std::string_view message);

/// Throws io::FileError if `path` clearly cannot be written: hours of work must not end in a missing folder.
void check_output(const std::string& path);

}  // namespace coronet::app
