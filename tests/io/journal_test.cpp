/// The journal: every flipped byte is noticed, every truncation recovered, one process at a time.
#include "io/journal.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <vector>

#include "tests/io/full_disk.hpp"
#include "tests/io/scratch_folder.hpp"

using namespace coronet::io;

namespace {

const std::vector<std::string> records = {"first record", std::string(300, 'x') + "second", "third\n\0ends here"};

void write_sample(const std::filesystem::path& path) {
  Journal j = Journal::begin(path, "the head");
  for (const std::string& r : records) j.append(r);
  j.sync();
}

std::vector<std::string> read_all(const std::filesystem::path& path, std::string* head = nullptr) {
  std::vector<std::string> found;
  const Journal j = Journal::resume(path, [&](std::uint64_t, std::string_view r) { found.emplace_back(r); });
  if (head) *head = j.head();
  return found;
}

void write_bytes(const std::filesystem::path& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary) << bytes;
}

}  // namespace

TEST_CASE("CRC-32C gives its published check value") { CHECK(crc32c("123456789") == 0xE3069283u); }

TEST_CASE("what was appended comes back, and more can follow") {
  const ScratchFolder folder;
  const auto path = folder.path / "a.journal";
  write_sample(path);
  std::string head;
  CHECK(read_all(path, &head) == records);
  CHECK(head == "the head");
  {
    std::vector<std::uint64_t> positions;
    Journal j = Journal::resume(path, [&](std::uint64_t at, std::string_view) { positions.push_back(at); });
    CHECK(j.torn_bytes() == 0);
    positions.push_back(j.append("fourth"));
    CHECK(j.read(positions[3]) == "fourth");
    CHECK(j.read(positions[1]) == records[1]);
  }
  CHECK(read_all(path).size() == 4);
  CHECK_THROWS_AS(Journal::begin(path, "another"), FileError);
}

TEST_CASE("every flipped bit of a journal is noticed and nothing is cut") {
  const ScratchFolder folder;
  const auto path = folder.path / "a.journal";
  write_sample(path);
  const std::string good = content_of(path);
  for (std::size_t i = 0; i < good.size(); ++i)
    for (int bit = 0; bit < 8; ++bit) {
      std::string bad = good;
      bad[i] = static_cast<char>(bad[i] ^ (1 << bit));
      write_bytes(path, bad);
      bool noticed = false;
      try {
        read_all(path);
      } catch (const FileError& e) {
        noticed = std::string(e.what()).find("damaged") != std::string::npos;
      }
      if (!noticed || content_of(path) != bad) FAIL("byte " << i << ", bit " << bit << " goes unnoticed");
    }
}

TEST_CASE("every truncation leaves the whole records before it, and the journal goes on") {
  const ScratchFolder folder;
  const auto path = folder.path / "a.journal";
  write_sample(path);
  const std::string good = content_of(path);
  std::vector<std::size_t> ends = {24 + 8};  // of head and records
  for (const std::string& r : records) ends.push_back(ends.back() + 24 + r.size());
  REQUIRE(ends.back() == good.size());
  for (std::size_t size = 0; size <= good.size(); ++size) {
    write_bytes(path, good.substr(0, size));
    std::size_t whole = 0;
    while (whole < ends.size() && ends[whole] <= size) ++whole;
    std::vector<std::string> found;
    {
      Journal j = Journal::resume(path, [&](std::uint64_t, std::string_view r) { found.emplace_back(r); });
      if (found.size() != (whole == 0 ? 0 : whole - 1) || j.head() != (whole == 0 ? "" : "the head"))
        FAIL("cut to " << size << " bytes: " << found.size() << " records");
      if (whole == 0) j.restart("the head");
      j.append("more");
    }
    const auto now = read_all(path);
    if (now.size() != found.size() + 1 || now.back() != "more") FAIL("cut to " << size << " bytes, does not go on");
  }
}

TEST_CASE("a tail of zeros, as a power cut may leave, is cut like a torn record") {
  const ScratchFolder folder;
  const auto path = folder.path / "a.journal";
  write_sample(path);
  const std::string good = content_of(path);
  write_bytes(path, good + std::string(5000, '\0'));
  CHECK(read_all(path) == records);
  CHECK(content_of(path) == good);
  write_bytes(path, good + "garbage that is longer than a frame of twenty-four bytes");
  CHECK_THROWS_WITH(read_all(path), Catch::Contains("damaged at byte " + std::to_string(good.size())));
  write_bytes(path, "this is some other file, and no journal at all");
  CHECK_THROWS_WITH(read_all(path), Catch::Contains("not a journal"));
}

TEST_CASE("a second process is refused while the first one works, and not after it died") {
  const ScratchFolder folder;
  const auto path = folder.path / "a.journal";
  write_sample(path);
  int to_child[2], to_parent[2];
  REQUIRE(::pipe(to_child) == 0);
  REQUIRE(::pipe(to_parent) == 0);
  const pid_t child = ::fork();
  if (child == 0) {
    const Journal j = Journal::resume(path, [](std::uint64_t, std::string_view) {});
    char byte = 'x';
    if (::write(to_parent[1], &byte, 1) != 1 || ::read(to_child[0], &byte, 1) != 1) ::_exit(1);
    ::_exit(0);  // no destructor: as if killed
  }
  char byte;
  REQUIRE(::read(to_parent[0], &byte, 1) == 1);
  CHECK_THROWS_WITH(read_all(path), Catch::Contains("another process"));
  REQUIRE(::write(to_child[1], "x", 1) == 1);
  int status = 0;
  ::waitpid(child, &status, 0);
  CHECK(status == 0);
  CHECK(read_all(path) == records);
}

TEST_CASE("on a full disk an append is an error, what was synced stays, and space makes it go on") {
  const ScratchFolder folder;
  const FullDisk disk = on_full_disk(folder.path, [&] {
    const auto path = folder.path / "a.journal";
    std::size_t synced = 0;
    bool reported = false;
    {
      Journal j = Journal::begin(path, "the head");
      try {
        for (int i = 0; i < 1000; ++i) {
          j.append(std::string(1000, 'y'));
          j.sync();
          ++synced;
        }
      } catch (const FileError& e) {
        reported = std::string(e.what()).find("No space left") != std::string::npos;
      }
    }
    return reported && synced > 10 && read_all(path).size() == synced;
  });
  if (disk == FullDisk::not_permitted) WARN("skipped: no mount namespace is permitted here");
  CHECK(disk != FullDisk::not_as_expected);
}
