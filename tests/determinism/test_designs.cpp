/// Samples have the same bits on every compiler, as the model has (test_bits.cpp): a design is part of the result.
#include <catch2/catch.hpp>
#include <string>

#include "solvers/distribution.hpp"
#include "solvers/sampling.hpp"
#include "tests/determinism/hash.hpp"

using namespace coronet;

namespace {

std::string hash_of(sampling::Method method, bool copula) {
  const sampling::Design d{.method = method, .count = 40, .dimensions = 4, .seed = 2026};
  const auto factor = sampling::cholesky({1, 0.5, 0, 0, 0.5, 1, 0.2, 0, 0, 0.2, 1, -0.3, 0, 0, -0.3, 1}, 4);
  Hash hash;
  for (std::size_t i = 0; i < sampling::samples(d); ++i) {
    const auto u = sampling::point(d, i);
    for (const double v : copula ? sampling::correlated(u, factor) : u) hash.add(v);
  }
  return hash.text();
}

std::string hash_of(const random::Distribution& d) {
  Hash hash;
  for (int i = 1; i < 2000; ++i) hash.add(random::quantile(d, i / 2000.0));
  return hash.text();
}

}  // namespace

TEST_CASE("designs have the bits they always had") {
  using sampling::Method;
  CHECK(hash_of(Method::monte_carlo, false) == "3d86064adc4d9776");
  CHECK(hash_of(Method::monte_carlo, true) == "9115ddd31858dc66");
  CHECK(hash_of(Method::latin_hypercube, false) == "0957a61f19cba504");
  CHECK(hash_of(Method::sobol, true) == "1e9ecdf7d10749a4");
  CHECK(hash_of(Method::saltelli, false) == "dc532d6af5fe7d89");
  CHECK(hash_of(Method::morris, false) == "b09a7219b0747585");
}

TEST_CASE("quantiles have the bits they always had") {
  using random::Kind;
  CHECK(hash_of(random::Distribution{Kind::loguniform, 0, 0, 0.1, 10}) == "d3972268eba3fcdc");
  CHECK(hash_of(random::Distribution{Kind::normal, 65, 10, 40, 140}) == "3a9b48be8d630f6d");
  CHECK(hash_of(random::Distribution{Kind::lognormal, 2, 1.5}) == "4b14197245668a0e");
  CHECK(hash_of(random::Distribution{Kind::triangular, 2, 0, 1, 7}) == "4db96642b6d0fcfa");
  CHECK(hash_of(random::Distribution{Kind::beta, 2, 3, 0, 1}) == "26b9935db78a959d");
}
