/// Sensitivity indices of functions whose indices are known.
#include "solvers/sensitivity.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <functional>
#include <limits>

using namespace coronet;
using namespace coronet::sampling;
using sensitivity::Accumulator;
using sensitivity::Result;

namespace {

constexpr double pi = 3.14159265358979323846;

Result indices_of(const Design& d, const std::function<double(const std::vector<double>&)>& f, std::size_t bootstrap) {
  Accumulator a(d, 1, bootstrap);
  for (std::size_t i = 0; i < samples(d); ++i) {
    const double y = f(point(d, i));
    a.add({&y, 1});
  }
  return a.result();
}

/// Ishigami & Homma 1990 with a = 7, b = 0.1.
double ishigami(const std::vector<double>& u) {
  const double x = pi * (2 * u[0] - 1), y = pi * (2 * u[1] - 1), z = pi * (2 * u[2] - 1);
  return std::sin(x) + 7.0 * std::sin(y) * std::sin(y) + 0.1 * z * z * z * z * std::sin(x);
}

}  // namespace

TEST_CASE("Jansen's estimators find the indices of the Ishigami function, inside their bounds") {
  const double v1 = 0.5 * std::pow(1.0 + 0.1 * std::pow(pi, 4) / 5.0, 2), v2 = 49.0 / 8.0;
  const double v13 = 0.01 * std::pow(pi, 8) * (1.0 / 18.0 - 1.0 / 50.0), v = v1 + v2 + v13;
  const double first[3] = {v1 / v, v2 / v, 0.0}, total[3] = {(v1 + v13) / v, v2 / v, v13 / v};
  CHECK(first[0] == Approx(0.3139).margin(1e-4));  // the published values
  CHECK(total[2] == Approx(0.2437).margin(1e-4));
  const Result r = indices_of({.method = Method::saltelli, .count = 4096, .dimensions = 3, .seed = 1}, ishigami, 200);
  CHECK(r.all_rows == 4096);
  CHECK(r.rows[0] == 4096);
  for (std::size_t k = 0; k < 3; ++k) {
    INFO("parameter " << k);
    CHECK(r.main.value[k] == Approx(first[k]).margin(0.02));
    CHECK(r.other.value[k] == Approx(total[k]).margin(0.02));
    CHECK((r.main.low[k] < first[k] && first[k] < r.main.high[k]));
    CHECK((r.other.low[k] < total[k] && total[k] < r.other.high[k]));
    CHECK(r.other.high[k] - r.other.low[k] < 0.1);
  }
}

TEST_CASE("the bounds narrow with the square root of the rows and do not depend on an offset of the output") {
  const Design small{.method = Method::saltelli, .count = 512, .dimensions = 3, .seed = 2};
  Design large = small;
  large.count = 8192;
  const auto width = [](const Result& r) { return r.main.high[0] - r.main.low[0]; };
  CHECK(width(indices_of(small, ishigami, 200)) / width(indices_of(large, ishigami, 200)) == Approx(4.0).margin(1.2));
  const Result plain = indices_of(small, ishigami, 0);
  const Result shifted = indices_of(
      small, [](const auto& u) { return 1e6 + ishigami(u); }, 0);
  CHECK(shifted.main.value[0] == Approx(plain.main.value[0]).margin(1e-6));
  CHECK(std::isnan(plain.main.low[0]));  // no resample, no bound
}

TEST_CASE("a row with a missing value is left out whole and counted") {
  const Design d{.method = Method::saltelli, .count = 1024, .dimensions = 3, .seed = 1};
  Accumulator a(d, 2, 0);
  for (std::size_t i = 0; i < samples(d); ++i) {
    const double y = ishigami(point(d, i));
    const double both[2] = {y, i % 50 == 0 ? std::numeric_limits<double>::quiet_NaN() : y};  // every tenth row
    a.add(both);
  }
  const Result r = a.result();
  CHECK(r.rows[0] == 1024);
  CHECK(r.rows[1] == 1024 - 103);
  CHECK(r.main.value[1] == Approx(r.main.value[0]).margin(0.05));  // (3 parameters × 2 outputs)
}

TEST_CASE("Morris finds slopes, ignores what does nothing, and sees curvature in sigma") {
  const Design d{.method = Method::morris, .count = 500, .dimensions = 4, .seed = 6, .levels = 8};
  const Result r = indices_of(
      d, [](const auto& u) { return 3.0 * u[0] - 2.0 * u[1] + 8.0 * u[3] * u[3]; }, 200);
  CHECK(r.main.value[0] == Approx(3.0));
  CHECK(r.other.value[0] == Approx(3.0));
  CHECK(r.sigma[0] == Approx(0.0).margin(1e-6));
  CHECK(r.main.value[1] == Approx(2.0));
  CHECK(r.other.value[1] == Approx(-2.0));
  CHECK(r.main.value[2] == 0.0);
  // Between u and u + ½ the slope of 8 u² is 16 u + 4, u over 1/16, 3/16, 5/16, 7/16
  CHECK(r.main.value[3] == Approx(8.0).margin(0.3));
  CHECK(r.sigma[3] == Approx(16.0 * std::sqrt(5.0) / 16.0).margin(0.15));
  CHECK((r.main.low[3] < 8.0 && 8.0 < r.main.high[3]));
}
