#include "io/compare.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

#include "io/netcdf_reader.hpp"
#include "io/study_file.hpp"

namespace coronet::io {
namespace {

constexpr std::size_t block_elements = 8192;
constexpr std::uint64_t infinitely_far = std::numeric_limits<std::uint64_t>::max();

/// Doubles in order as whole numbers.
std::uint64_t ordered(double v) {
  const auto bits = std::bit_cast<std::uint64_t>(v);
  return bits >> 63 ? ~bits : bits | std::uint64_t{1} << 63;
}

std::string shape_text(const StoredVariable& v) {
  std::vector<std::string> parts;
  for (std::size_t i = 0; i < v.sizes.size(); ++i)
    parts.push_back(i < v.dims.size() ? fmt::format("{} {}", v.dims[i], v.sizes[i]) : std::to_string(v.sizes[i]));
  return fmt::format("({})", fmt::join(parts, ", "));
}

VariableDifference compare_variable(const NetcdfReader& a, const NetcdfReader& b, const StoredVariable& va,
                                    const StoredVariable& vb) {
  VariableDifference d;
  d.name = va.name;
  d.elements = va.rows() * va.width();
  if (va.sizes != vb.sizes || va.dims != vb.dims || va.is_text != vb.is_text) {
    d.note = fmt::format("other shape: {} and {}", shape_text(va), shape_text(vb));
    d.different = std::max<std::size_t>(1, d.elements);
    return d;
  }
  const std::size_t step = std::max<std::size_t>(1, block_elements / std::max<std::size_t>(1, va.width()));
  for (std::size_t first = 0; first < va.rows(); first += step) {
    const std::size_t count = std::min(step, va.rows() - first);
    if (va.is_text) {
      const auto x = a.texts(va, first, count), y = b.texts(vb, first, count);
      for (std::size_t i = 0; i < x.size(); ++i)
        if (x[i] != y[i] && d.different++ == 0) d.note = fmt::format("text, first at {}", first * va.width() + i);
      continue;
    }
    const auto x = a.numbers(va, first, count), y = b.numbers(vb, first, count);
    for (std::size_t i = 0; i < x.size(); ++i) {
      const std::uint64_t ulp = ulp_distance(x[i], y[i]);
      if (ulp == 0) continue;
      ++d.different;
      if (std::isfinite(x[i] - y[i])) d.largest_absolute = std::max(d.largest_absolute, std::fabs(x[i] - y[i]));
      if (ulp > d.largest_ulp) {
        d.largest_ulp = ulp;
        d.at = first * va.width() + i;
        d.a = x[i];
        d.b = y[i];
      }
    }
  }
  return d;
}

}  // namespace

std::uint64_t ulp_distance(double a, double b) {
  if (std::isnan(a) || std::isnan(b)) return std::isnan(a) && std::isnan(b) ? 0 : infinitely_far;
  const std::uint64_t x = ordered(a), y = ordered(b);
  return x > y ? x - y : y - x;
}

Comparison compare(const std::filesystem::path& path_a, const std::filesystem::path& path_b) {
  const NetcdfReader a(path_a), b(path_b);
  Comparison c;
  c.sha_a = a.attribute("results_sha256");
  c.sha_b = b.attribute("results_sha256");
  const std::string study_a = a.attribute("study_resolved"), study_b = b.attribute("study_resolved");
  if (!study_a.empty() && !study_b.empty() && study_a != study_b)
    c.study_changes = fmt::format("{}", fmt::join(differences(study_a, study_b), "; "));
  const auto only = [&](const StoredVariable& v, const char* where) {
    VariableDifference d;
    d.name = v.name;
    d.elements = v.rows() * v.width();
    d.different = std::max<std::size_t>(1, d.elements);
    d.note = where;
    c.variables.push_back(d);
  };
  for (const StoredVariable& v : a.variables()) {
    const StoredVariable* other = b.find(v.name);
    if (other)
      c.variables.push_back(compare_variable(a, b, v, *other));
    else
      only(v, "only in the first file");
  }
  for (const StoredVariable& v : b.variables())
    if (!a.find(v.name)) only(v, "only in the second file");
  for (const VariableDifference& d : c.variables) c.different += d.different != 0;
  return c;
}

}  // namespace coronet::io
