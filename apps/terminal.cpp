#include "apps/terminal.hpp"

#include <fmt/format.h>
#include <unistd.h>
#include <cerrno>
#include <cstdio>
#include <filesystem>

#include "io/atomic_file.hpp"
#include "io/one_line.hpp"

namespace coronet::app {
namespace fs = std::filesystem;

void put(std::string_view text) {
  errno = 0;
  if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size() || std::fflush(stdout) != 0)
    throw io::FileError("standard output", "write", errno);
}

void complain(std::string_view message) {
  const std::string line = fmt::format("coronet: {}\n", io::one_line(message));
  std::fwrite(line.data(), 1, line.size(), stderr);  // nobody is left to tell if this fails
}

void check_output(const std::string& path) {
  std::error_code error;
  if (fs::is_directory(path, error)) throw io::FileError(path, "create", EISDIR);
  if (fs::is_other(fs::status(path, error)) || fs::is_symlink(path, error))
    return;  // a device, a pipe; a place elsewhere
  fs::path folder = fs::path(path).parent_path();
  if (folder.empty()) folder = ".";
  if (::access(folder.c_str(), W_OK | X_OK) != 0) throw io::FileError(path, "create", errno);
  if (!fs::is_directory(folder, error)) throw io::FileError(path, "create", ENOTDIR);
}

}  // namespace coronet::app
