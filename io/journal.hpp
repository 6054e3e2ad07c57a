/// Append-only journal of a sweep: a process killed at any instant loses nothing that was synced before.
///
///   file    = record of kind `head`, then records of kind `work`
///   record  = kind u32 · length u32 · offset u64 · CRC of payload u32 · CRC of these 20 bytes u32 · payload
///
/// Numbers are little-endian; CRC is CRC-32C (Castagnoli); `offset` is where the record begins in its file, so that no
/// block of a disk can pass for another. What a check finds:
///
///   - the file ends inside a record, or in nothing but zeros: a torn tail. Such a record was never acknowledged; it is
///     cut off.
///   - anything else that does not fit: damage. Nothing is cut; FileError names the byte.
///
/// One process at a time holds the journal (flock), until it ends, however it ends.
#pragma once
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

#include "io/atomic_file.hpp"

namespace coronet::io {

class Journal {
 public:
  /// Begins a journal where there is none; the head is synced, and so is its folder. Throws FileError.
  static Journal begin(const std::filesystem::path& path, std::string_view head);

  /// Goes on with a journal: checks all of it, calls `record(position, payload)` for each record of work, cuts a torn
  /// tail. An empty `head()` means that not even the head was complete: `restart` before use. Throws FileError.
  static Journal resume(const std::filesystem::path& path,
                        const std::function<void(std::uint64_t position, std::string_view payload)>& record);

  Journal(Journal&& other) noexcept;
  Journal& operator=(Journal&&) = delete;
  ~Journal();

  const std::string& head() const { return head_; }
  std::uint64_t torn_bytes() const { return torn_; }

  /// Writes the head of a journal that has none.
  void restart(std::string_view head);

  /// Appends one record and returns its position. If that fails the file ends where it ended before.
  std::uint64_t append(std::string_view payload);

  /// What was appended before is on the disk when this returns.
  void sync();

  /// Payload of the record at `position`, checked again.
  std::string read(std::uint64_t position) const;

  /// Removes the file: its work is done.
  void remove();

 private:
  Journal(std::filesystem::path path, int descriptor) : path_(std::move(path)), descriptor_(descriptor) {}
  std::uint64_t put(std::uint32_t kind, std::string_view payload);

  std::filesystem::path path_;
  int descriptor_;
  std::uint64_t end_ = 0, torn_ = 0;
  std::string head_;
};

/// CRC-32C of the bytes.
std::uint32_t crc32c(std::string_view bytes);

}  // namespace coronet::io
