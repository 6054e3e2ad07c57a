/// Tables of samples: CSV whose first line names parameters and whose every other line is a sample.
#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "scenarios/study.hpp"

namespace coronet::io {

struct SampleTable {
  std::vector<study::Factor> factors;
  std::vector<double> values;  // (samples × factors)
  std::string sha256;          // of the file
};

/// Columns are keys of the parameter table, or names of `known` factors. Each value is checked against the table.
/// Throws InputError with the line, or FileError.
SampleTable load_samples(const std::filesystem::path& path, const std::vector<study::Factor>& known);

}  // namespace coronet::io
