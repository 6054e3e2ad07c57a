/// Files that are either complete or absent.
///
/// A file is written under a temporary name in the folder where it will stand, synced to the disk and then renamed.
/// If anything fails on the way, the temporary is removed and whatever stood under the final name before (mostly
/// nothing) is left as it was. A process killed at any instant leaves at worst a hidden `.coronet-*.tmp`.
#pragma once

#include <filesystem>
#include <functional>
#include <stdexcept>
#include <string>
#include <string_view>

namespace coronet::io {

/// Reading or writing a file failed. `what()` reads "cannot create 'a/b.nc': No such file or directory".
struct FileError : std::runtime_error {
  FileError(std::filesystem::path file, std::string verb, std::string why);
  /// The reason in the words of the system, for an `errno` value.
  FileError(std::filesystem::path file, std::string verb, int error_number);

  std::filesystem::path path;
  std::string operation;  ///< a verb: "create", "write", "sync", "rename", …
  std::string reason;
};

/// Calls `fill` with an open, empty file descriptor and makes what it wrote appear under `path` at once.
/// `path` may be a symbolic link, whose target is then replaced. Throws FileError, also when `path` is a folder or a
/// device; an exception from `fill` passes through after the temporary is gone.
void write_atomically(const std::filesystem::path& path, const std::function<void(int descriptor)>& fill);

/// The same for a library that insists on a name: `fill` writes to the file `temporary`, in the folder of `path`, and
/// has closed it when it returns.
void compose_atomically(const std::filesystem::path& path,
                        const std::function<void(const std::filesystem::path& temporary)>& fill);

/// Makes creation or renaming of `path` durable.
void sync_folder_of(const std::filesystem::path& path);

/// Writes all of `text` (any bytes) as the content of `path`, atomically. A path that is a device or a pipe
/// (/dev/stdout) cannot be renamed over and is written to directly. Throws FileError.
void write_text_atomically(const std::filesystem::path& path, std::string_view text);

}  // namespace coronet::io
