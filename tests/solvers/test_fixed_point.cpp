#include "solvers/fixed_point.hpp"

#include <cmath>
#include <limits>
#include <vector>

#include <catch2/catch.hpp>

namespace coronet {
namespace {

using Vector = std::vector<double>;

/// Multipliers of ten modes per iteration: slow ones as tone and veins have, fast ones as small vessels have.
const Vector multiplier = {0.99, 0.98, 0.95, 0.9, 0.7, 0.5, 0.2, 0.0, -0.3, 0.6};

double fixed_point_of(std::size_t i) { return 0.3 + 0.1 * static_cast<double>(i); }

/// x ↦ x* + M (x − x*) with M = Q diag(multiplier) Q, Q = 1 − 2 v vᵀ a reflection that mixes all components.
void contract(const Vector& x, Vector& gx) {
  const std::size_t n = x.size();
  const double v = 1.0 / std::sqrt(static_cast<double>(n));
  const auto reflect = [&](Vector y) {
    double s = 0.0;
    for (double e : y) s += v * e;
    for (double& e : y) e -= 2.0 * s * v;
    return y;
  };
  Vector d(n);
  for (std::size_t i = 0; i < n; ++i) d[i] = x[i] - fixed_point_of(i);
  d = reflect(d);
  for (std::size_t i = 0; i < n; ++i) d[i] *= multiplier[i];
  d = reflect(d);
  gx.resize(n);
  for (std::size_t i = 0; i < n; ++i) gx[i] = fixed_point_of(i) + d[i];
}

/// The same with a bend of its own in each component.
void contract_bent(const Vector& x, Vector& gx) {
  contract(x, gx);
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double d = gx[i] - fixed_point_of(i);
    gx[i] = fixed_point_of(i) + d / (1.0 + 0.3 * d * d);
  }
}

double distance(const Vector& x) {
  double largest = 0.0;
  for (std::size_t i = 0; i < x.size(); ++i) largest = std::fmax(largest, std::fabs(x[i] - fixed_point_of(i)));
  return largest;
}

Vector start() { return Vector(multiplier.size(), 0.0); }

}  // namespace

TEST_CASE("a rough answer never shows a fixed point") {
  FixedPointSearch search(start(), {});
  PlainIteration plain(Vector(multiplier.size(), 1.0), {});
  Vector g(multiplier.size());
  for (int i = 0; i < 60; ++i) {
    contract(search.point(), g);
    REQUIRE_FALSE(search.take(g, true));
  }
  CHECK(distance(search.point()) < 1e-9);
  contract(search.point(), g);
  CHECK(search.take(g));
  CHECK_FALSE(plain.take(plain.point(), true));
  CHECK(plain.take(plain.point()));
}

TEST_CASE("acceleration finds in forty iterations what plain iteration needs a thousand for") {
  Vector accelerated = start(), plain = start();
  FixedPointOptions patient;
  patient.max_iterations = 10'000;
  const auto fast = find_fixed_point(contract, accelerated);
  const auto slow = iterate_plainly(contract, plain, patient);
  CHECK(fast.converged);
  CHECK(fast.iterations <= 40);
  CHECK(distance(accelerated) < 1e-6);
  CHECK(slow.converged);
  CHECK(slow.iterations > 1000);
  // At its end plain iteration believes itself at 1e-7, and is 1/(1 − 0.99) times further away
  CHECK(distance(plain) > 50.0 * slow.change);
}

TEST_CASE("acceleration and plain iteration agree on the fixed point of a nonlinear map") {
  Vector accelerated = start(), plain = start();
  FixedPointOptions patient;
  patient.max_iterations = 10'000;
  patient.change_tolerance = 1e-12;
  const auto fast = find_fixed_point(contract_bent, accelerated);
  const auto slow = iterate_plainly(contract_bent, plain, patient);
  REQUIRE(fast.converged);
  REQUIRE(slow.converged);
  // Both are off by their own error: 1e-6 is what the acceleration was asked for, and plain iteration, stopping at a
  // change of 1e-12, is 1e-12/(1 − 0.99) away
  for (std::size_t i = 0; i < plain.size(); ++i) CHECK(std::fabs(accelerated[i] - plain[i]) < 1e-6);
  CHECK(distance(plain) < 1.01e-10);
}

TEST_CASE("the reported error is the distance to the fixed point within a factor of five") {
  // Measured 0.5 to 4.4 times: the step may shrink by chance before the distance does. A tolerance of 1e-2 is too loose
  // for that: with ten modes and eight columns of history the step may be 0.004 while the slowest mode is still 0.26
  // away.
  for (auto map : {contract, contract_bent})
    for (double digits = 3.0; digits < 9.0; digits += 0.1) {
      const double tolerance = std::pow(10.0, -digits);
      Vector x = start();
      FixedPointOptions options;
      options.change_tolerance = options.error_tolerance = tolerance;
      const auto result = find_fixed_point(map, x, options);
      REQUIRE(result.converged);
      CAPTURE(tolerance, result.iterations, result.error, result.change);
      CHECK(result.error <= tolerance);
      CHECK(distance(x) < 5.0 * result.error);
    }
}

TEST_CASE("a map that fails ends the search without convergence and without an exception") {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  int calls = 0;
  const auto fails_at_once = [&](const Vector& x, Vector& gx) {
    ++calls;
    gx.assign(x.size(), nan);
  };
  Vector x = start();
  auto result = find_fixed_point(fails_at_once, x);
  CHECK_FALSE(result.converged);
  CHECK(calls == 1);
  CHECK(x == start());
  CHECK_FALSE(iterate_plainly(fails_at_once, x).converged);

  x = start();
  calls = 0;
  const auto fails_later = [&](const Vector& y, Vector& gy) {
    contract(y, gy);
    if (++calls > 5) gy[3] = nan;
  };
  result = find_fixed_point(fails_later, x);
  CHECK_FALSE(result.converged);
  CHECK(calls <= 8);
  for (double e : x) CHECK(std::isfinite(e));
}

TEST_CASE("a map that fails once is recovered from") {
  // One evaluation overflows; the search goes back to its best point and forgets its history
  int failures = 0;
  const auto fails_once = [&failures, calls = 0](const Vector& x, Vector& gx) mutable {
    contract(x, gx);
    if (++calls == 6) ++failures, gx[0] = std::numeric_limits<double>::infinity();
  };
  Vector x = start();
  const auto result = find_fixed_point(fails_once, x);
  CHECK(failures == 1);
  CHECK(result.converged);
  CHECK(distance(x) < 1e-6);
}

TEST_CASE("a map without fixed point uses up its iterations and says so") {
  FixedPointOptions options;
  options.max_iterations = 50;
  Vector x = {0.0};
  const auto moves_on = [](const Vector& y, Vector& gy) { gy = {y[0] + 0.5}; };
  const auto result = find_fixed_point(moves_on, x, options);
  CHECK_FALSE(result.converged);
  CHECK(result.iterations == 50);
  CHECK(result.change == 0.5);
}

TEST_CASE("the search leaves the place of a fixed point that is just lost for the one that is left") {
  // dx/dk = 0.9 (ε + x²)(1 − x): at ε = 0 there is a fixed point at 0, beyond it the map creeps through in π/(0.9 √ε)
  for (const double epsilon : {1e-2, 1e-3, 1e-4})
    for (const double from : {-0.5, -0.1}) {
      const auto map = [epsilon](const Vector& x, Vector& gx) {
        gx = {x[0] + 0.9 * (epsilon + x[0] * x[0]) * (1.0 - x[0]), 0.5 * x[0] + 0.6 * x[1] - 0.2 * x[2],
              0.3 * x[2] + 0.1 * x[0] * x[0]};
      };
      CAPTURE(epsilon, from);
      Vector x = {from, 0.0, 0.0}, plain = x;
      FixedPointOptions options;
      options.max_iterations = 1000;
      const auto result = find_fixed_point(map, x, options);
      const auto slow = iterate_plainly(map, plain, options);
      REQUIRE(result.converged);
      REQUIRE(slow.converged);
      CHECK(std::fabs(x[0] - 1.0) < 1e-6);
      CHECK(4 * result.iterations < 3 * slow.iterations);
    }
}

TEST_CASE("no accelerated step is longer than allowed") {
  FixedPointOptions options;
  options.max_step = 0.05;
  Vector before;
  double longest = 0.0;
  const auto watched = [&](const Vector& x, Vector& gx) {
    if (!before.empty())
      for (std::size_t i = 0; i < x.size(); ++i) longest = std::fmax(longest, std::fabs(x[i] - before[i]));
    before = x;
    contract(x, gx);
  };
  Vector x = start();
  CHECK(find_fixed_point(watched, x, options).converged);
  CHECK(longest <= 0.05 * (1.0 + 1e-12));
  CHECK(longest > 0.049);
}

}  // namespace coronet
