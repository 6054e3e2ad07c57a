#include <boost/math/distributions/normal.hpp>
#include <catch2/catch.hpp>
#include <vector>

#include "solvers/parallel.hpp"
#include "solvers/random.hpp"
#include "solvers/statistics.hpp"

using namespace coronet;

TEST_CASE("Philox 4x32-10 gives the published known answer") {
  // Random123's test vectors: counter 0, key 0
  const auto r = r123::Philox4x32{}(r123::Philox4x32::ctr_type{{0, 0, 0, 0}}, r123::Philox4x32::key_type{{0, 0}});
  CHECK(r[0] == 0x6627e8d5u);
  CHECK(r[1] == 0xe169c58du);
  CHECK(r[2] == 0xbc57ac4cu);
  CHECK(r[3] == 0x9b00dbd8u);
}

TEST_CASE("normal quantiles agree with Boost.Math") {
  const boost::math::normal standard;
  for (double p : {1e-15, 1e-9, 1e-4, 0.02, 0.0749, 0.0751, 0.3, 0.5, 0.6, 0.925, 0.99, 0.999999}) {
    const double expected = boost::math::quantile(standard, p);
    CHECK(std::abs(random::normal_quantile(p) - expected) <= 1e-14 * std::max(1.0, std::abs(expected)));
  }
}

TEST_CASE("uniform numbers are uniform, open at both ends, and independent of order") {
  std::vector<double> x;
  for (std::uint64_t i = 0; i < 100000; ++i) x.push_back(random::uniform(5, i, 1, 2));
  for (double v : x) REQUIRE((v > 0.0 && v < 1.0));
  CHECK(statistics::mean(x) == Approx(0.5).margin(4.0 * 0.2887 / std::sqrt(1e5)));
  CHECK(statistics::standard_deviation(x) == Approx(0.288675).epsilon(0.01));
  CHECK(random::uniform(5, 17, 1, 2) == x[17]);
  CHECK(random::uniform(6, 17, 1, 2) != x[17]);
  CHECK(random::uniform(5, 17, 2, 2) != x[17]);
  CHECK(random::uniform(5, 17, 1, 3) != x[17]);
}

TEST_CASE("statistics of a small sample by hand") {
  const std::vector<double> x = {1.0, 2.0, 3.0, 4.0, 10.0};
  CHECK(statistics::mean(x) == 4.0);
  CHECK(statistics::standard_deviation(x) == Approx(std::sqrt(50.0 / 4.0)));
  CHECK(statistics::quantile(x, 0.5) == 3.0);
  CHECK(statistics::quantile(x, 0.25) == 2.0);
  CHECK(statistics::percentile_of(x, 3.0) == 50.0);
  CHECK(statistics::correlation({1, 2, 3}, {2, 4, 6}) == Approx(1.0));
}

TEST_CASE("parallel work is done once each, and the first exception comes back") {
  std::vector<int> hits(1000, 0);
  std::size_t last = 0;
  parallel_for(
      1000, 2, [&](std::size_t i) { ++hits[i]; }, [&](std::size_t done) { last = done; });
  for (int h : hits) REQUIRE(h == 1);
  CHECK(last == 1000);
  CHECK_THROWS_AS(parallel_for(10, 2,
                               [](std::size_t i) {
                                 if (i == 3) throw std::runtime_error("three");
                               }),
                  std::runtime_error);
}
