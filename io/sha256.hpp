/// SHA-256 (FIPS 180-4), so that a result can be named by its content. For fingerprints, not for secrets.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace coronet::io {

/// Running digest: `update` any number of times, then `hex` once.
class Sha256 {
 public:
  void update(std::string_view bytes);
  /// The digest as 64 lower-case hexadecimal digits; ends the computation.
  std::string hex();

 private:
  void absorb(const unsigned char* block);  // 64 bytes

  std::array<std::uint32_t, 8> state_{0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                      0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
  std::array<unsigned char, 64> pending_{};
  std::size_t pending_size_ = 0;
  std::uint64_t total_bytes_ = 0;
};

/// Digest of one string of bytes, 64 hexadecimal digits.
std::string sha256_hex(std::string_view bytes);

}  // namespace coronet::io
