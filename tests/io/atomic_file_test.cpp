#include "io/atomic_file.hpp"

#include <cerrno>
#include <csignal>
#include <cstring>

#include <sys/resource.h>
#include <unistd.h>
#include <catch2/catch.hpp>

#include "tests/io/full_disk.hpp"
#include "tests/io/scratch_folder.hpp"

using namespace coronet::io;
using Catch::Contains;
namespace fs = std::filesystem;

namespace {

std::string failure(const fs::path& path, std::string_view text = "text") {
  try {
    write_text_atomically(path, text);
  } catch (const FileError& error) {
    CHECK(error.path == path);
    return error.what();
  }
  return "no failure";
}

}  // namespace

TEST_CASE("a file appears whole, replaces the one before and leaves nothing beside it") {
  const ScratchFolder folder;
  const fs::path path = folder.path / "result.txt";
  write_text_atomically(path, "first");
  CHECK(content_of(path) == "first");
  const std::string large(3'000'000, 'x');
  write_text_atomically(path, large);
  CHECK(content_of(path) == large);
  write_text_atomically(path, "");
  CHECK(content_of(path).empty());
  CHECK(folder.count() == 1);
}

TEST_CASE("a symbolic link keeps pointing and its target is replaced") {
  const ScratchFolder folder;
  fs::create_directory(folder.path / "runs");
  fs::create_symlink("runs/today.txt", folder.path / "latest.txt");
  write_text_atomically(folder.path / "latest.txt", "new");
  CHECK(fs::is_symlink(folder.path / "latest.txt"));
  CHECK(content_of(folder.path / "runs/today.txt") == "new");
}

TEST_CASE("a file that cannot be written is refused with path, operation and reason") {
  const ScratchFolder folder;
  write_text_atomically(folder.path / "plain", "");
  CHECK_THAT(failure(folder.path / "missing" / "a.nc"),
             Contains("cannot create") && Contains("No such file or directory"));
  CHECK_THAT(failure(folder.path / "plain" / "a.nc"), Contains("Not a directory"));
  CHECK_THAT(failure(folder.path), Contains("Is a directory"));
  CHECK_THAT(failure(folder.path / ""), Contains("Is a directory"));
  CHECK_THAT(failure(""), Contains("empty"));
  CHECK_THAT(failure(folder.path / std::string(300, 'n')), Contains("File name too long"));
  if (::geteuid() != 0) {  // root may write anywhere
    fs::permissions(folder.path, fs::perms::owner_read | fs::perms::owner_exec);
    CHECK_THAT(failure(folder.path / "a.nc"), Contains("Permission denied"));
    fs::permissions(folder.path, fs::perms::owner_all);
  }
  CHECK(folder.count() == 1);
}

TEST_CASE("a failure half-way leaves what was there before, and no temporary") {
  const ScratchFolder folder;
  const fs::path path = folder.path / "result.txt";
  write_text_atomically(path, "old");
  CHECK_THROWS_WITH(write_atomically(path,
                                     [](int descriptor) {
                                       CHECK(::write(descriptor, "half", 4) == 4);
                                       throw std::runtime_error("interrupted");
                                     }),
                    "interrupted");
  CHECK(content_of(path) == "old");
  CHECK(folder.count() == 1);
}

TEST_CASE("a file that may not grow further is reported and removed") {
  const ScratchFolder folder;
  rlimit before{};
  REQUIRE(::getrlimit(RLIMIT_FSIZE, &before) == 0);
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  rlimit small = before;
  small.rlim_cur = 10'000;
  REQUIRE(::setrlimit(RLIMIT_FSIZE, &small) == 0);
  std::string message;
  try {
    write_text_atomically(folder.path / "a.txt", std::string(20'000, 'x'));
  } catch (const FileError& error) {
    message = error.what();
  }
  ::setrlimit(RLIMIT_FSIZE, &before);
  std::signal(SIGXFSZ, handler);
  CHECK_THAT(message, Contains("cannot write") && Contains("File too large"));
  CHECK(folder.count() == 0);
}

TEST_CASE("a full disk is reported and left without a partial file") {
  const ScratchFolder folder;
  const FullDisk outcome = on_full_disk(folder.path, [&] {
    write_text_atomically(folder.path / "fits.txt", "fits");
    try {
      write_text_atomically(folder.path / "fits.txt", std::string(200'000, 'x'));
    } catch (const FileError& error) {
      return error.reason == std::strerror(ENOSPC) && content_of(folder.path / "fits.txt") == "fits" &&
             folder.count() == 1;
    }
    return false;
  });
  if (outcome == FullDisk::not_permitted) WARN("skipped: this machine does not let a test mount a small tmpfs");
  CHECK(outcome != FullDisk::not_as_expected);
}

TEST_CASE("a device is written to, never replaced") {
  CHECK_THAT(failure("/dev/full"), Contains("cannot write '/dev/full': No space left on device"));
  CHECK(failure("/dev/null") == "no failure");
  CHECK(fs::is_character_file("/dev/null"));
  CHECK_THROWS_WITH(write_atomically("/dev/null", [](int) {}), Contains("not a regular file"));
}
