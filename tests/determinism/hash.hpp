/// A hash of numbers, for tests that compare bits with stored ones.
#pragma once
#include <cstdint>
#include <cstring>
#include <string>

namespace coronet {

/// FNV-1a, 64 bits, over the bytes of numbers, lowest byte first.
struct Hash {
  std::uint64_t state = 0xcbf29ce484222325ULL;
  void add(double x) {
    std::uint64_t bits;
    std::memcpy(&bits, &x, sizeof bits);
    for (int i = 0; i < 8; ++i) state = (state ^ ((bits >> (8 * i)) & 0xff)) * 0x100000001b3ULL;
  }
  std::string text() const {
    std::string digits;
    for (int i = 15; i >= 0; --i) digits += "0123456789abcdef"[(state >> (4 * i)) & 0xf];
    return digits;
  }
};

}  // namespace coronet
