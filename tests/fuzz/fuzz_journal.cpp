/// libFuzzer: any bytes as a record, as a journal, and as damage to a sound journal. Built by tools/fuzz.
#include <unistd.h>

#include <cstdint>
#include <filesystem>
#include <fstream>

#include "io/journal.hpp"
#include "io/sweep_record.hpp"

using namespace coronet;

namespace {

const std::string path = "/dev/shm/coronet-fuzz-" + std::to_string(::getpid());

/// Resumes, appends, resumes again; records found at first, or −1 if refused.
long resume_twice() {
  try {
    long records = 0;
    {
      io::Journal j = io::Journal::resume(path, [&](std::uint64_t, std::string_view) { ++records; });
      if (j.head().empty()) j.restart("head");
      j.append("one more");
    }
    long now = 0;
    io::Journal::resume(path, [&](std::uint64_t, std::string_view) { ++now; });
    if (now != records + 1) __builtin_trap();
    return records;
  } catch (const io::FileError&) {
    return -1;
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string bytes(reinterpret_cast<const char*>(data), size);
  try {
    const io::Chunk chunk = io::decode(bytes, 2, 3);
    if (io::encode(chunk).size() > bytes.size()) __builtin_trap();
  } catch (const std::invalid_argument&) {
  }
  std::ofstream(path, std::ios::binary) << bytes;
  resume_twice();
  if (size >= 4) {  // a sound journal of three records, one byte of it changed or its tail cut
    ::unlink(path.c_str());
    {
      io::Journal j = io::Journal::begin(path, "the head");
      for (std::size_t k = 0; k < 3; ++k) j.append("record " + bytes.substr(4 + k * (size - 4) / 3, (size - 4) / 3));
    }
    std::fstream file(path, std::ios::binary | std::ios::in | std::ios::out);
    const auto length = std::filesystem::file_size(path);
    const auto at = (data[0] | std::size_t{data[1]} << 8) % length;
    if (data[2] != 0) {
      file.seekg(static_cast<std::streamoff>(at));
      const char changed = static_cast<char>(file.get() ^ data[2]);
      file.seekp(static_cast<std::streamoff>(at));
      file.put(changed);
      file.close();
      if (resume_twice() != -1) __builtin_trap();  // every changed byte is damage
    } else {
      file.close();
      std::filesystem::resize_file(path, at);
      if (resume_twice() == -1) __builtin_trap();  // every cut is recovered
    }
  }
  ::unlink(path.c_str());
  return 0;
}
