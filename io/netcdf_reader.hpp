/// Reading result files piece by piece: names, dimensions, numbers, text. Whatever is no file of ours ends in FileError.
#pragma once
#include <cstddef>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "io/atomic_file.hpp"

namespace coronet::io {

/// A variable or coordinate of a file.
struct StoredVariable {
  std::string name;
  std::vector<std::string> dims;
  std::vector<std::size_t> sizes;  // slowest first
  bool is_text = false, is_coordinate = false;
  std::string units;

  std::size_t rows() const { return sizes.empty() ? 1 : sizes.front(); }
  /// Elements of one row.
  std::size_t width() const;
};

class NetcdfReader {
 public:
  explicit NetcdfReader(const std::filesystem::path& path);
  ~NetcdfReader();
  NetcdfReader(NetcdfReader&&) noexcept;

  /// In the order in which they were written.
  const std::vector<StoredVariable>& variables() const;
  /// nullptr if there is none.
  const StoredVariable* find(const std::string& name) const;
  /// Text of a root attribute; empty if there is none.
  std::string attribute(const std::string& name) const;

  /// Rows first … first + count − 1 of a variable of numbers or of text.
  std::vector<double> numbers(const StoredVariable& variable, std::size_t first, std::size_t count) const;
  std::vector<std::string> texts(const StoredVariable& variable, std::size_t first, std::size_t count) const;

 private:
  struct Inside;
  std::unique_ptr<Inside> inside_;
};

/// `results_sha256` as io/netcdf.hpp defines it, computed from what the file holds.
std::string stored_sha256(const NetcdfReader& file);

}  // namespace coronet::io
