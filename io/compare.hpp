/// Two result files side by side, in units in the last place.
#pragma once
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace coronet::io {

struct VariableDifference {
  std::string name;
  std::size_t elements = 0, different = 0;
  std::uint64_t largest_ulp = 0;  // 2^64 − 1 where one value is missing and the other is not
  double largest_absolute = 0.0;
  std::size_t at = 0;       // element of the largest difference in ulp
  double a = 0.0, b = 0.0;  // there
  std::string note;         // "only in A", other shape, text; otherwise empty
};

struct Comparison {
  std::vector<VariableDifference> variables;  // every variable and coordinate of either file
  std::size_t different = 0;                  // of them
  std::string sha_a, sha_b, study_changes;
};

/// How many doubles lie between two; 0 if they are equal or both are missing. −0 and 0 are one apart.
std::uint64_t ulp_distance(double a, double b);

/// Throws FileError.
Comparison compare(const std::filesystem::path& a, const std::filesystem::path& b);

}  // namespace coronet::io
