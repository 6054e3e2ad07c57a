/// Samples of a stored sweep solved again and compared bit by bit.
#pragma once
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace coronet::io {

struct VerifyMismatch {
  std::size_t sample;
  std::string variable;
  double stored, again;
};

struct Verification {
  std::size_t samples = 0, count = 0;  // solved again, stored
  std::vector<VerifyMismatch> mismatches;
  bool hash_fits = true;  // of the whole file
  std::string program;    // that wrote it
};

/// Solves `samples` different samples of the file again, chosen by Philox from `seed`. Throws FileError or InputError.
Verification verify(const std::filesystem::path& path, std::size_t samples, std::uint64_t seed, int threads,
                    const std::function<void(std::size_t done, std::size_t all)>& progress = {});

}  // namespace coronet::io
