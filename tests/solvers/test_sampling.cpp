/// Designs: known points, strata, structure, correlation; a point depends on nothing but its index.
#include "solvers/sampling.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <set>

#include "solvers/distribution.hpp"
#include "solvers/random.hpp"
#include "solvers/statistics.hpp"

using namespace coronet;
using namespace coronet::sampling;

namespace {
double as_fraction(std::uint64_t bits) { return std::ldexp(static_cast<double>(bits >> 11), -53); }
}  // namespace

TEST_CASE("Sobol points are those of Joe and Kuo") {
  // new-joe-kuo-6.21201, three dimensions, as in the authors' own example
  const double expected[8][3] = {{0, 0, 0},
                                 {0.5, 0.5, 0.5},
                                 {0.75, 0.25, 0.25},
                                 {0.25, 0.75, 0.75},
                                 {0.375, 0.375, 0.625},
                                 {0.875, 0.875, 0.125},
                                 {0.625, 0.125, 0.875},
                                 {0.125, 0.625, 0.375}};
  for (std::size_t i = 0; i < 8; ++i) {
    const auto bits = sobol_bits(3, i);
    for (std::size_t k = 0; k < 3; ++k) CHECK(as_fraction(bits[k]) == expected[i][k]);
  }
}

TEST_CASE("a shifted Sobol net still has one point in each elementary interval") {
  for (const std::uint64_t seed : {1u, 2u, 77u}) {
    const Design d{.method = Method::sobol, .count = 256, .dimensions = 2, .seed = seed};
    for (unsigned bits = 0; bits <= 8; ++bits) {  // 2^bits × 2^(8 − bits) boxes
      std::set<std::pair<int, int>> boxes;
      for (std::size_t i = 0; i < 256; ++i) {
        const auto u = point(d, i);
        boxes.insert({static_cast<int>(std::ldexp(u[0], static_cast<int>(bits))),
                      static_cast<int>(std::ldexp(u[1], 8 - static_cast<int>(bits)))});
      }
      CHECK(boxes.size() == 256);
    }
  }
}

TEST_CASE("a Latin hypercube has one sample in each stratum of each dimension") {
  for (const std::size_t count : {1u, 2u, 7u, 100u, 1000u}) {
    const Design d{.method = Method::latin_hypercube, .count = count, .dimensions = 3, .seed = 5};
    for (std::size_t k = 0; k < 3; ++k) {
      std::set<std::size_t> strata;
      for (std::size_t i = 0; i < count; ++i) {
        const double u = point(d, i)[k];
        CHECK((u > 0.0 && u < 1.0));
        strata.insert(static_cast<std::size_t>(u * static_cast<double>(count)));
      }
      CHECK(strata.size() == count);
    }
    // Dimensions are shuffled differently
    if (count >= 100) CHECK(point(d, 3)[0] != Approx(point(d, 3)[1]).margin(1.0 / static_cast<double>(count)));
  }
}

TEST_CASE("permutations are bijections and differ between seeds and streams") {
  for (const std::size_t n : {1u, 2u, 3u, 4u, 5u, 63u, 64u, 65u, 5000u}) {
    std::set<std::size_t> seen;
    for (std::size_t i = 0; i < n; ++i) seen.insert(permuted(i, n, 9, 1, 2));
    CHECK(seen.size() == n);
    CHECK(*seen.rbegin() == n - 1);
  }
  std::size_t same_seed = 0, same_stream = 0;
  for (std::size_t i = 0; i < 1000; ++i) {
    same_seed += permuted(i, 1000, 9, 1, 2) == permuted(i, 1000, 10, 1, 2);
    same_stream += permuted(i, 1000, 9, 1, 2) == permuted(i, 1000, 9, 1, 3);
  }
  CHECK(same_seed < 10);
  CHECK(same_stream < 10);
}

TEST_CASE("Saltelli rows share their columns as the estimators need it") {
  const Design d{.method = Method::saltelli, .count = 16, .dimensions = 3, .seed = 4};
  CHECK(samples(d) == 80);
  for (std::size_t row = 0; row < 16; ++row) {
    const auto a = point(d, 5 * row), b = point(d, 5 * row + 1);
    for (std::size_t k = 0; k < 3; ++k) {
      const auto mixed = point(d, 5 * row + 2 + k);
      for (std::size_t j = 0; j < 3; ++j) CHECK(mixed[j] == (j == k ? b[j] : a[j]));
      CHECK(a[k] != b[k]);
    }
  }
}

TEST_CASE("Morris trajectories move one parameter at a time, each once, within the levels") {
  const Design d{.method = Method::morris, .count = 40, .dimensions = 5, .seed = 3, .levels = 6};
  CHECK(samples(d) == 240);
  std::set<double> levels;
  std::set<std::size_t> first_moved;
  for (std::size_t t = 0; t < 40; ++t) {
    std::set<std::size_t> moved;
    for (std::size_t step = 1; step <= 5; ++step) {
      const auto before = point(d, 6 * t + step - 1), after = point(d, 6 * t + step);
      const MorrisMove move = morris_move(d, t, step);
      for (std::size_t k = 0; k < 5; ++k) {
        levels.insert(after[k]);
        CHECK(after[k] - before[k] == Approx(k == move.dimension ? move.change : 0.0).margin(1e-15));
      }
      moved.insert(move.dimension);
      if (step == 1) first_moved.insert(move.dimension);
    }
    CHECK(moved.size() == 5);
  }
  CHECK(levels.size() == 6);
  CHECK(first_moved.size() == 5);
}

TEST_CASE("a Gaussian copula gives the normal scores the asked correlation and leaves the margins uniform") {
  const std::vector<double> matrix = {1.0, 0.7, -0.4, 0.7, 1.0, 0.0, -0.4, 0.0, 1.0};
  const auto factor = cholesky(matrix, 3);
  REQUIRE_FALSE(factor.empty());
  const Design d{.method = Method::monte_carlo, .count = 40'000, .dimensions = 3, .seed = 8};
  std::vector<std::vector<double>> z(3), u(3);
  for (std::size_t i = 0; i < d.count; ++i) {
    const auto p = correlated(point(d, i), factor);
    for (std::size_t k = 0; k < 3; ++k) {
      u[k].push_back(p[k]);
      z[k].push_back(random::normal_quantile(p[k]));
    }
  }
  const double tolerance = 4.0 / std::sqrt(40'000.0);
  for (std::size_t i = 0; i < 3; ++i) {
    CHECK(statistics::mean(u[i]) == Approx(0.5).margin(tolerance * 0.29));
    CHECK(statistics::quantile(u[i], 0.1) == Approx(0.1).margin(0.01));
    for (std::size_t j = 0; j < i; ++j)
      CHECK(statistics::correlation(z[i], z[j]) == Approx(matrix[3 * i + j]).margin(tolerance));
  }
  CHECK(cholesky({1.0, 0.9, -0.9, 0.9, 1.0, 0.9, -0.9, 0.9, 1.0}, 3).empty());  // cannot exist
}
