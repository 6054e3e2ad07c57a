#include "io/journal.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <bit>
#include <boost/crc.hpp>
#include <cerrno>
#include <cstring>
#include <utility>

namespace coronet::io {
namespace fs = std::filesystem;
namespace {

static_assert(std::endian::native == std::endian::little, "the journal is written as it lies in memory");

constexpr std::uint32_t head_kind = 0x64616568, work_kind = 0x6b726f77;  // "head", "work"
constexpr std::size_t frame_size = 24;
constexpr std::uint32_t largest_payload = 1u << 30;

struct Frame {
  std::uint32_t kind = 0, length = 0;
  std::uint64_t offset = 0;
  std::uint32_t payload_crc = 0, frame_crc = 0;
};
static_assert(sizeof(Frame) == frame_size);

std::uint32_t crc_of(const Frame& frame) {
  return crc32c({reinterpret_cast<const char*>(&frame), frame_size - sizeof frame.frame_crc});
}

void lock(int descriptor, const fs::path& path) {
  if (::flock(descriptor, LOCK_EX | LOCK_NB) == 0) return;
  if (errno == EWOULDBLOCK) throw FileError(path, "lock", "another process is working on this sweep");
  throw FileError(path, "lock", errno);
}

/// Reads up to `size` bytes at `offset`; fewer at the end of the file.
std::size_t read_at(int descriptor, char* into, std::size_t size, std::uint64_t offset, const fs::path& path) {
  std::size_t done = 0;
  while (done < size) {
    const ssize_t n = ::pread(descriptor, into + done, size - done, static_cast<off_t>(offset + done));
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) throw FileError(path, "read", errno);
    if (n == 0) break;
    done += static_cast<std::size_t>(n);
  }
  return done;
}

bool zeros_from(int descriptor, std::uint64_t offset, std::uint64_t end, const fs::path& path) {
  std::array<char, 65536> block;
  for (; offset < end; offset += block.size()) {
    const std::size_t n = read_at(descriptor, block.data(), block.size(), offset, path);
    if (std::any_of(block.begin(), block.begin() + static_cast<std::ptrdiff_t>(n), [](char c) { return c != 0; }))
      return false;
  }
  return true;
}

[[noreturn]] void damaged(const fs::path& path, std::uint64_t offset, const std::string& what) {
  if (offset == 0)
    throw FileError(
        path, "resume from",
        fmt::format("its head is damaged ({}), without which nothing can be read; remove it to begin anew", what));
  throw FileError(path, "resume from",
                  fmt::format("it is damaged at byte {} ({}); what stands before is intact. To give up everything from "
                              "there: truncate -s {} '{}', then --resume",
                              offset, what, offset, path.string()));
}

[[noreturn]] void not_ours(const fs::path& path) {
  throw FileError(path, "resume from", "it is not a journal of coronet, or damaged in its head");
}

/// Frame and payload at `offset`, or false for a torn tail. Throws on damage.
bool read_record(int descriptor, std::uint64_t offset, std::uint64_t end, Frame& frame, std::string& payload,
                 const fs::path& path) {
  if (end - offset < frame_size) {
    // A torn head begins as heads do; what begins otherwise is somebody's file
    std::uint32_t kind = 0;
    const std::size_t n = read_at(descriptor, reinterpret_cast<char*>(&kind), sizeof kind, offset, path);
    if (offset == 0 && std::memcmp(&kind, &head_kind, n) != 0 && !zeros_from(descriptor, 0, end, path)) not_ours(path);
    return false;
  }
  read_at(descriptor, reinterpret_cast<char*>(&frame), frame_size, offset, path);
  if (frame.frame_crc != crc_of(frame) || frame.offset != offset || frame.length > largest_payload ||
      frame.kind != (offset == 0 ? head_kind : work_kind)) {
    if (offset != 0 && zeros_from(descriptor, offset, end, path)) return false;
    if (offset == 0) not_ours(path);
    damaged(path, offset, "frame of a record");
  }
  if (end - offset - frame_size < frame.length) return false;
  payload.resize(frame.length);
  if (read_at(descriptor, payload.data(), payload.size(), offset + frame_size, path) != payload.size())
    throw FileError(path, "read", "it became shorter meanwhile");
  if (crc32c(payload) != frame.payload_crc) {
    if (zeros_from(descriptor, offset + frame_size, end, path)) return false;
    damaged(path, offset, "content of a record");
  }
  return true;
}

}  // namespace

std::uint32_t crc32c(std::string_view bytes) {
  boost::crc_optimal<32, 0x1EDC6F41, 0xFFFFFFFF, 0xFFFFFFFF, true, true> crc;
  crc.process_bytes(bytes.data(), bytes.size());
  return crc.checksum();
}

Journal::Journal(Journal&& other) noexcept
    : path_(std::move(other.path_)),
      descriptor_(std::exchange(other.descriptor_, -1)),
      end_(other.end_),
      torn_(other.torn_),
      head_(std::move(other.head_)) {}

Journal::~Journal() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

Journal Journal::begin(const fs::path& path, std::string_view head) {
  const int descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  if (descriptor < 0) throw FileError(path, "create", errno);
  Journal journal(path, descriptor);
  lock(descriptor, path);
  try {
    journal.restart(head);
  } catch (...) {
    ::unlink(path.c_str());  // nothing is in it
    throw;
  }
  sync_folder_of(path);
  return journal;
}

Journal Journal::resume(const fs::path& path, const std::function<void(std::uint64_t, std::string_view)>& record) {
  const int descriptor = ::open(path.c_str(), O_RDWR | O_CLOEXEC);
  if (descriptor < 0) throw FileError(path, "open", errno);
  Journal journal(path, descriptor);
  lock(descriptor, path);
  struct stat status {};
  if (::fstat(descriptor, &status) != 0) throw FileError(path, "read", errno);
  if (!S_ISREG(status.st_mode)) throw FileError(path, "resume from", "not a regular file");
  const auto end = static_cast<std::uint64_t>(status.st_size);
  Frame frame;
  std::string payload;
  while (journal.end_ < end && read_record(descriptor, journal.end_, end, frame, payload, path)) {
    if (journal.end_ == 0)
      journal.head_ = payload;
    else
      record(journal.end_, payload);
    journal.end_ += frame_size + payload.size();
  }
  journal.torn_ = end - journal.end_;
  if (journal.torn_ != 0 && ::ftruncate(descriptor, static_cast<off_t>(journal.end_)) != 0)
    throw FileError(path, "cut the torn tail of", errno);
  return journal;
}

std::uint64_t Journal::put(std::uint32_t kind, std::string_view payload) {
  if (payload.size() > largest_payload) throw FileError(path_, "write", "a record is too long");
  Frame frame{.kind = kind,
              .length = static_cast<std::uint32_t>(payload.size()),
              .offset = end_,
              .payload_crc = crc32c(payload),
              .frame_crc = 0};
  frame.frame_crc = crc_of(frame);
  std::string bytes(frame_size + payload.size(), '\0');
  std::memcpy(bytes.data(), &frame, frame_size);
  std::memcpy(bytes.data() + frame_size, payload.data(), payload.size());
  std::size_t done = 0;
  while (done < bytes.size()) {
    const ssize_t n = ::pwrite(descriptor_, bytes.data() + done, bytes.size() - done, static_cast<off_t>(end_ + done));
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) {
      const int why = errno;
      if (::ftruncate(descriptor_, static_cast<off_t>(end_)) != 0) {
      }  // else a torn tail, which is cut on resuming
      throw FileError(path_, "write", why);
    }
    done += static_cast<std::size_t>(n);
  }
  return std::exchange(end_, end_ + bytes.size());
}

void Journal::restart(std::string_view head) {
  put(head_kind, head);
  sync();
  head_ = head;
}

std::uint64_t Journal::append(std::string_view payload) { return put(work_kind, payload); }

void Journal::sync() {
  if (::fdatasync(descriptor_) != 0) throw FileError(path_, "sync", errno);
}

std::string Journal::read(std::uint64_t position) const {
  Frame frame;
  std::string payload;
  if (!read_record(descriptor_, position, end_, frame, payload, path_))
    throw FileError(path_, "read", "it became shorter meanwhile");
  return payload;
}

void Journal::remove() {
  if (::unlink(path_.c_str()) != 0) throw FileError(path_, "remove", errno);
}

}  // namespace coronet::io
