/// A labelled data set: named dimensions with coordinates, and variables that lie along them. Nothing here knows a
/// file format; `io/netcdf.hpp` writes it.
///
///   Dataset results{.attributes = {{"title", "healthy"}}};
///   results.dimensions.push_back(labelled("phase", {"rest", "adenosine_iv"}, "Phase of the protocol"));
///   results.dimensions.push_back(valued("beat_phase", phases, "1", "Fraction of the cardiac cycle"));
///   results.variables.push_back({.name = "aortic_pressure", .units = "mmHg", .long_name = "Aortic pressure",
///                                .dims = {"phase", "beat_phase"}, .data = pressures});  // (2 × 200), row-major
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <limits>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

namespace coronet::io {

/// Name and value of each attribute, in the order in which it will be written; all text is UTF-8.
using Attributes = std::vector<std::pair<std::string, std::string>>;

/// An axis. Its coordinate is either `labels` or `values`, `size` of them.
struct Dimension {
  std::string name;
  std::size_t size = 0;
  std::vector<std::string> labels = {};
  std::vector<double> values = {};
  std::string units = {};  ///< of `values`; "1" for a pure number
  std::string long_name = {};
};

/// An array of numbers (`data`) or of strings (`text`) over `dims`; without `dims`, a single element.
struct Variable {
  std::string name;
  std::string units = {};  ///< of `data`, as UDUNITS and pint write them ("mmHg", "mL/min", "1"); empty for `text`
  std::string long_name = {};
  std::vector<std::string> dims = {};
  std::vector<double> data = {};       ///< row-major, shape = sizes of `dims`; NaN means missing
  std::vector<std::string> text = {};  ///< instead of `data`
  Attributes attributes = {};
};

struct Dataset {
  Attributes attributes = {};
  std::vector<Dimension> dimensions = {};
  std::vector<Variable> variables = {};
};

/// The data set contradicts itself; `what()` names the dimension, variable or attribute.
struct DatasetError : std::invalid_argument {
  using std::invalid_argument::invalid_argument;
};

/// Dimension whose positions carry names.
inline Dimension labelled(std::string name, std::vector<std::string> labels, std::string long_name = {}) {
  const std::size_t size = labels.size();
  return {.name = std::move(name), .size = size, .labels = std::move(labels), .long_name = std::move(long_name)};
}

/// Dimension whose positions carry numbers in `units`.
inline Dimension valued(std::string name, std::vector<double> values, std::string units, std::string long_name = {}) {
  const std::size_t size = values.size();
  return {.name = std::move(name),
          .size = size,
          .values = std::move(values),
          .units = std::move(units),
          .long_name = std::move(long_name)};
}

/// Dimension that only counts: 0, 1, … size − 1.
inline Dimension numbered(std::string name, std::size_t size, std::string long_name = {}) {
  std::vector<double> values(size);
  for (std::size_t i = 0; i < size; ++i) values[i] = static_cast<double>(i);
  return valued(std::move(name), std::move(values), "1", std::move(long_name));
}

/// The dimension called `name`; throws DatasetError if there is none.
inline const Dimension& dimension(const Dataset& dataset, std::string_view name) {
  for (const Dimension& candidate : dataset.dimensions)
    if (candidate.name == name) return candidate;
  throw DatasetError(fmt::format("there is no dimension '{}'", name));
}

/// Sizes of the variable's dimensions, slowest first; empty for a scalar.
inline std::vector<std::size_t> shape(const Dataset& dataset, const Variable& variable) {
  std::vector<std::size_t> sizes;
  for (const std::string& name : variable.dims) sizes.push_back(dimension(dataset, name).size);
  return sizes;
}

namespace dataset_rules {

/// A letter or underscore, then letters, digits and underscores: a name in Python, R, MATLAB and Julia alike.
inline bool is_name(std::string_view name) {
  const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
  const auto digit = [](char c) { return c >= '0' && c <= '9'; };
  return !name.empty() && letter(name.front()) &&
         std::all_of(name.begin(), name.end(), [&](char c) { return letter(c) || digit(c); });
}

/// Valid UTF-8 without a zero byte, which would end the string early in the file.
inline bool is_text(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const auto byte = [&](std::size_t k) -> unsigned { return static_cast<unsigned char>(text[k]); };
    const unsigned lead = byte(i);
    const std::size_t length = lead < 0x80 ? 1 : lead >> 5 == 6 ? 2 : lead >> 4 == 14 ? 3 : lead >> 3 == 30 ? 4 : 0;
    if (lead == 0 || length == 0 || i + length > text.size()) return false;
    unsigned code = length == 1 ? lead : lead & (0x7fu >> length);
    for (std::size_t k = 1; k < length; ++k) {
      if (byte(i + k) >> 6 != 2) return false;
      code = code << 6 | (byte(i + k) & 63u);
    }
    constexpr std::array<unsigned, 5> smallest{0, 0, 0x80, 0x800, 0x10000};  // shorter forms exist below these
    if (code < smallest[length] || code > 0x10ffff || (code >= 0xd800 && code < 0xe000)) return false;
    i += length;
  }
  return true;
}

inline void require_name(std::string_view kind, std::string_view name) {
  if (!is_name(name))
    throw DatasetError(
        fmt::format("{} '{}': a name is a letter or '_' followed by letters, digits or '_'", kind, name));
}

inline void require_text(std::string_view where, std::string_view text) {
  if (!is_text(text)) throw DatasetError(fmt::format("{}: text must be UTF-8 without zero bytes", where));
}

/// xarray turns numbers with these units into time deltas on reading, silently.
inline void require_units(std::string_view where, std::string_view units) {
  require_text(where, units);
  if (units.empty()) throw DatasetError(fmt::format("{}: numbers need units; use \"1\" for a pure number", where));
  for (const std::string_view word :
       {"days", "hours", "minutes", "seconds", "milliseconds", "microseconds", "nanoseconds"})
    if (units == word)
      throw DatasetError(
          fmt::format("{}: units '{}' are read as a time delta; use d, h, min, s, ms, us or ns", where, word));
}

inline void require_attributes(std::string_view where, const Attributes& attributes,
                               const std::set<std::string>& reserved) {
  std::set<std::string> seen;
  for (const auto& [name, value] : attributes) {
    require_name(fmt::format("{}: attribute", where), name);
    require_text(fmt::format("{}: attribute '{}'", where, name), value);
    if (reserved.contains(name))
      throw DatasetError(fmt::format("{}: attribute '{}' is set by the writer", where, name));
    if (!seen.insert(name).second) throw DatasetError(fmt::format("{}: attribute '{}' occurs twice", where, name));
  }
}

}  // namespace dataset_rules

/// Checks names, shapes, units and text, and that dimensions and variables share no name. Throws DatasetError.
inline void validate(const Dataset& dataset) {
  using namespace dataset_rules;
  require_attributes("data set", dataset.attributes, {"results_sha256", "_NCProperties"});

  std::set<std::string> names;
  const auto require_new = [&](std::string_view kind, const std::string& name) {
    if (!names.insert(name).second) throw DatasetError(fmt::format("{} '{}': the name is already in use", kind, name));
  };

  for (const Dimension& d : dataset.dimensions) {
    const std::string where = fmt::format("dimension '{}'", d.name);
    require_name("dimension", d.name);
    require_new("dimension", d.name);
    require_text(where, d.long_name);
    if (d.size == 0) throw DatasetError(fmt::format("{}: size is 0", where));
    if (d.labels.empty() == d.values.empty())
      throw DatasetError(fmt::format("{}: needs either labels or values as its coordinate", where));
    const std::size_t coordinates = d.labels.size() + d.values.size();
    if (coordinates != d.size)
      throw DatasetError(fmt::format("{}: size is {}, but it has {} coordinates", where, d.size, coordinates));
    std::set<std::string_view> seen;
    for (const std::string& label : d.labels) {
      require_text(where, label);
      if (!seen.insert(label).second) throw DatasetError(fmt::format("{}: label '{}' occurs twice", where, label));
    }
    for (const double value : d.values)
      if (!std::isfinite(value)) throw DatasetError(fmt::format("{}: coordinate {} is not finite", where, value));
    if (!d.values.empty()) require_units(where, d.units);
    if (!d.labels.empty() && !d.units.empty()) throw DatasetError(fmt::format("{}: labels have no units", where));
  }

  for (const Variable& v : dataset.variables) {
    const std::string where = fmt::format("variable '{}'", v.name);
    require_name("variable", v.name);
    require_new("variable", v.name);
    require_text(where, v.long_name);
    require_attributes(where, v.attributes,
                       {"units", "long_name", "_FillValue", "CLASS", "NAME", "DIMENSION_LIST", "REFERENCE_LIST"});
    std::size_t expected = 1;
    std::set<std::string> seen;
    for (const std::string& name : v.dims) {
      const auto found = std::find_if(dataset.dimensions.begin(), dataset.dimensions.end(),
                                      [&](const Dimension& d) { return d.name == name; });
      if (found == dataset.dimensions.end())
        throw DatasetError(fmt::format("{}: there is no dimension '{}'", where, name));
      if (!seen.insert(name).second) throw DatasetError(fmt::format("{}: dimension '{}' occurs twice", where, name));
      if (expected > std::numeric_limits<std::size_t>::max() / found->size)
        throw DatasetError(fmt::format("{}: too many elements", where));
      expected *= found->size;
    }
    if (!v.data.empty() && !v.text.empty()) throw DatasetError(fmt::format("{}: has both data and text", where));
    const std::size_t actual = v.data.size() + v.text.size();
    if (actual != expected)
      throw DatasetError(fmt::format("{}: dims ({}) ask for {} elements, there are {}", where, fmt::join(v.dims, ", "),
                                     expected, actual));
    for (const std::string& element : v.text) require_text(where, element);
    if (!v.data.empty()) require_units(where, v.units);
    if (!v.text.empty() && !v.units.empty()) throw DatasetError(fmt::format("{}: text has no units", where));
  }
}

}  // namespace coronet::io
