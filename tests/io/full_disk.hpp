/// A disk of 64 KiB that only the caller's child process sees.
#pragma once

#include <filesystem>

#include <sched.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

enum class FullDisk { as_expected, not_as_expected, not_permitted };

/// Runs `holds` (which returns whether all was as expected) in a child that has a tmpfs of 64 KiB at `folder`, in a
/// mount namespace of its own, so that nothing outside notices and nothing has to be cleaned up.
template <class Property> FullDisk on_full_disk(const std::filesystem::path& folder, Property holds) {
  const pid_t child = ::fork();
  if (child < 0) return FullDisk::not_permitted;
  if (child == 0) {
    const int namespaces = ::geteuid() == 0 ? CLONE_NEWNS : CLONE_NEWNS | CLONE_NEWUSER;
    if (::unshare(namespaces) != 0 || ::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0 ||
        ::mount("tmpfs", folder.c_str(), "tmpfs", 0, "size=64k") != 0)
      ::_exit(2);
    bool good = false;
    try {
      good = holds();
    } catch (...) {
    }
    ::_exit(good ? 0 : 1);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  if (!WIFEXITED(status)) return FullDisk::not_as_expected;
  return static_cast<FullDisk>(WEXITSTATUS(status));
}
