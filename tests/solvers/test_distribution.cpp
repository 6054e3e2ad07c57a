/// Own distribution functions against the C library and Boost, whose bits may differ but whose digits may not.
#include "solvers/distribution.hpp"

#include <boost/math/special_functions/beta.hpp>
#include <catch2/catch.hpp>
#include <cmath>

using namespace coronet::random;

TEST_CASE("the normal distribution function agrees with erfc in both tails") {
  for (double x = -37.0; x <= 8.0; x += 0.0625) {
    INFO(x);
    const double expected = 0.5 * std::erfc(-x / std::sqrt(2.0));
    CHECK(normal_cdf(x) == Approx(expected).epsilon(3e-13).margin(0.0));
  }
  CHECK(normal_cdf(0.0) == 0.5);
  CHECK(normal_cdf(-1.5) + normal_cdf(1.5) == Approx(1.0).epsilon(1e-15));
}

TEST_CASE("the incomplete beta function agrees with Boost") {
  for (const double a : {0.3, 1.0, 2.5, 40.0, 3000.0})
    for (const double b : {0.4, 1.0, 7.0, 900.0})
      for (double x = 0.01; x < 1.0; x += 0.07) {
        INFO(a << " " << b << " " << x);
        CHECK(incomplete_beta(x, a, b) == Approx(boost::math::ibeta(a, b, x)).margin(2e-12));
      }
}

TEST_CASE("quantiles invert their distribution functions") {
  for (double p = 0.01; p < 1.0; p += 0.07) {
    INFO(p);
    CHECK(quantile({Kind::uniform, 0, 0, 2.0, 6.0}, p) == Approx(2.0 + 4.0 * p));
    CHECK(std::log(quantile({Kind::loguniform, 0, 0, 0.1, 10.0}, p)) == Approx(std::log(0.1) + p * std::log(100.0)));
    CHECK(normal_cdf((quantile({Kind::normal, 65.0, 10.0}, p) - 65.0) / 10.0) == Approx(p));
    CHECK(normal_cdf(std::log(quantile({Kind::lognormal, 2.0, 1.5}, p) / 2.0) / std::log(1.5)) == Approx(p));
    const double beta = quantile({Kind::beta, 2.0, 5.0, 10.0, 20.0}, p);
    CHECK(boost::math::ibeta(2.0, 5.0, (beta - 10.0) / 10.0) == Approx(p));
    const double t = quantile({Kind::triangular, 3.0, 0, 1.0, 7.0}, p);  // mode 3
    const double below = t < 3.0 ? (t - 1.0) * (t - 1.0) / (6.0 * 2.0) : 1.0 - (7.0 - t) * (7.0 - t) / (6.0 * 4.0);
    CHECK(below == Approx(p));
  }
}

TEST_CASE("truncation keeps the shape between its limits, in far tails too") {
  const Distribution d{Kind::normal, 0.0, 1.0, 0.5, 1.5};
  const double low = 0.5 * std::erfc(-0.5 / std::sqrt(2.0)), high = 0.5 * std::erfc(-1.5 / std::sqrt(2.0));
  for (double p = 0.05; p < 1.0; p += 0.1)
    CHECK(normal_cdf(quantile(d, p)) == Approx(low + p * (high - low)).epsilon(1e-13));
  const Distribution tail{Kind::normal, 0.0, 1.0, 6.0, 8.0};
  const double q6 = 0.5 * std::erfc(6.0 / std::sqrt(2.0)), q8 = 0.5 * std::erfc(8.0 / std::sqrt(2.0));
  double before = 6.0;
  for (double p = 0.05; p < 1.0; p += 0.1) {
    const double x = quantile(tail, p);
    CHECK(x > before);
    CHECK(0.5 * std::erfc(x / std::sqrt(2.0)) == Approx(q6 - p * (q6 - q8)).epsilon(1e-11).margin(0.0));
    before = x;
  }
  const Distribution positive{Kind::lognormal, 1.0, 2.0, 0.5, 4.0};
  for (const double p : {1e-12, 0.3, 1.0 - 1e-12})
    CHECK((quantile(positive, p) >= 0.5 && quantile(positive, p) <= 4.0));
}
