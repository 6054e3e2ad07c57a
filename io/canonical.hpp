/// The serialisation behind `results_sha256` (io/netcdf.hpp).
#pragma once
#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <string_view>

#include "io/sha256.hpp"

namespace coronet::io {

struct Canonical {
  Sha256 digest;

  void integer(std::uint64_t value) {
    std::array<char, 8> bytes;
    for (std::size_t i = 0; i < 8; ++i) bytes[i] = static_cast<char>(value >> (8 * i));
    digest.update({bytes.data(), bytes.size()});
  }
  void string(std::string_view text) {
    integer(text.size());
    digest.update(text);
  }
  void number(double value) { integer(std::isnan(value) ? 0x7ff8000000000000u : std::bit_cast<std::uint64_t>(value)); }
};

}  // namespace coronet::io
