#include "io/atomic_file.hpp"

#include <cerrno>
#include <cstring>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <unistd.h>

#include <fmt/format.h>

namespace coronet::io {
namespace fs = std::filesystem;
namespace {

/// Owns a descriptor; `close` reports, the destructor does not.
struct Descriptor {
  int number;
  explicit Descriptor(int opened) : number(opened) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (number >= 0) ::close(number);
  }
  int close() { return ::close(std::exchange(number, -1)); }
};

/// Removes the temporary unless it has been renamed.
struct Temporary {
  fs::path path;
  bool renamed = false;
  ~Temporary() {
    if (!renamed) ::unlink(path.c_str());
  }
};

int open_retrying(const char* path, int flags, mode_t mode = 0) {
  int descriptor;
  do descriptor = ::open(path, flags | O_CLOEXEC, mode);
  while (descriptor < 0 && errno == EINTR);
  return descriptor;
}

void write_all(int descriptor, std::string_view bytes, const fs::path& path) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(descriptor, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) throw FileError(path, "write", errno);
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
}

/// A new file in `folder` that nobody else has; O_EXCL settles it, also between machines that share the folder.
std::pair<fs::path, int> create_temporary(const fs::path& folder, const fs::path& final_path) {
  for (unsigned attempt = 0; attempt < 10'000; ++attempt) {
    fs::path path = folder / fmt::format(".coronet-{}-{}.tmp", ::getpid(), attempt);
    const int descriptor = open_retrying(path.c_str(), O_RDWR | O_CREAT | O_EXCL, 0666);
    if (descriptor >= 0) return {std::move(path), descriptor};
    if (errno != EEXIST) throw FileError(final_path, "create", errno);
  }
  throw FileError(final_path, "create", "too many abandoned .coronet-*.tmp files in its folder");
}

/// Makes the rename itself durable. Some file systems cannot sync a folder and say so with EINVAL; that is no failure.
void sync_folder(const fs::path& folder, const fs::path& final_path) {
  Descriptor descriptor(open_retrying(folder.c_str(), O_RDONLY | O_DIRECTORY));
  if (descriptor.number < 0) {
    if (errno == EACCES) return;  // a folder may be writable and yet not readable
    throw FileError(final_path, "open the folder of", errno);
  }
  if (::fsync(descriptor.number) != 0 && errno != EINVAL && errno != ENOTSUP)
    throw FileError(final_path, "sync the folder of", errno);
}

/// Where the bytes will really stand: the end of a chain of symbolic links, even if nothing is there yet.
fs::path end_of_links(fs::path path) {
  std::error_code ignored;
  for (int depth = 0; depth < 40 && fs::is_symlink(path, ignored); ++depth) {
    const fs::path target = fs::read_symlink(path, ignored);
    if (ignored) break;
    path = target.is_absolute() ? target : path.parent_path() / target;
  }
  return path;
}

}  // namespace

FileError::FileError(fs::path file, std::string verb, std::string why)
    : std::runtime_error(fmt::format("cannot {} '{}': {}", verb, file.string(), why)),
      path(std::move(file)),
      operation(std::move(verb)),
      reason(std::move(why)) {}

FileError::FileError(fs::path file, std::string verb, int error_number)
    : FileError(std::move(file), std::move(verb), std::generic_category().message(error_number)) {}

namespace {

/// `fill` gets the open temporary and its name.
void appear_at_once(const fs::path& path, const std::function<void(int, const fs::path&)>& fill) {
  if (path.empty()) throw FileError(path, "create", "the file name is empty");
  if (!path.has_filename()) throw FileError(path, "create", EISDIR);

  std::error_code trouble;
  const fs::file_status status = fs::status(path, trouble);
  if (fs::is_directory(status)) throw FileError(path, "create", EISDIR);
  if (fs::exists(status) && !fs::is_regular_file(status)) throw FileError(path, "replace", "not a regular file");

  const fs::path target = end_of_links(path);
  const fs::path folder = target.has_parent_path() ? target.parent_path() : fs::path(".");
  const auto [temporary_path, number] = create_temporary(folder, path);
  Temporary temporary{temporary_path};
  Descriptor descriptor(number);

  fill(descriptor.number, temporary.path);
  if (::fsync(descriptor.number) != 0) throw FileError(path, "sync", errno);
  if (descriptor.close() != 0) throw FileError(path, "close", errno);
  if (::rename(temporary.path.c_str(), target.c_str()) != 0)
    throw FileError(path, "rename the finished file to", errno);
  temporary.renamed = true;
  sync_folder(folder, path);
}

}  // namespace

void write_atomically(const fs::path& path, const std::function<void(int)>& fill) {
  appear_at_once(path, [&](int descriptor, const fs::path&) { fill(descriptor); });
}

void compose_atomically(const fs::path& path, const std::function<void(const fs::path&)>& fill) {
  appear_at_once(path, [&](int, const fs::path& temporary) { fill(temporary); });
}

void sync_folder_of(const fs::path& path) {
  sync_folder(path.has_parent_path() ? path.parent_path() : fs::path("."), path);
}

void write_text_atomically(const fs::path& path, std::string_view text) {
  std::error_code trouble;
  if (fs::is_other(fs::status(path, trouble))) {  // device, pipe or socket
    Descriptor descriptor(open_retrying(path.c_str(), O_WRONLY));
    if (descriptor.number < 0) throw FileError(path, "open", errno);
    write_all(descriptor.number, text, path);
    if (descriptor.close() != 0) throw FileError(path, "close", errno);
    return;
  }
  write_atomically(path, [&](int descriptor) { write_all(descriptor, text, path); });
}

}  // namespace coronet::io
