/// Distributions of one number by their quantile function, so that any design in (0, 1) can be turned into values.
///
///   Φ(x)  = ½ + φ(x) (x + x³/3 + x⁵/(3·5) + …)                    |x| < 3      Marsaglia 2004, doi:10.18637/jss.v011.i04
///   Φ(−x) = φ(x)/(x + 1/(x + 2/(x + 3/(x + …))))                   x ≥ 3        Abramowitz & Stegun 26.2.14
///   I_x(a, b): continued fraction of Abramowitz & Stegun 26.5.8; its inverse by bisection
///   truncation to [l, u]: q(F(l) + p (F(u) − F(l)))
///
/// | kind       | parameters                        | support                |
/// |------------|-----------------------------------|------------------------|
/// | uniform    | minimum, maximum                  | both                   |
/// | loguniform | minimum, maximum > 0              | both                   |
/// | normal     | mean, sd; truncated if limits set | all, or the limits     |
/// | lognormal  | median, geometric_sd; as above    | positive               |
/// | triangular | minimum, mode, maximum            | both                   |
/// | beta       | alpha, beta; scaled to the limits | both                   |
///
/// Own functions instead of the C library's or Boost's, whose last bits differ between machines (model/math.hpp).
#pragma once
#include <limits>

namespace coronet::random {

enum class Kind { uniform, loguniform, normal, lognormal, triangular, beta };
inline constexpr const char* kind_names[] = {"uniform", "loguniform", "normal", "lognormal", "triangular", "beta"};

struct Distribution {
  Kind kind = Kind::uniform;
  double a = 0.0, b = 1.0;  // mean and sd, median and geometric sd, alpha and beta; triangular: a is the mode
  double minimum = -std::numeric_limits<double>::infinity();
  double maximum = std::numeric_limits<double>::infinity();
};

/// Φ(x) of the standard normal distribution; relative error below 2e-14 in both tails.
double normal_cdf(double x);

/// Regularised incomplete beta function I_x(a, b), 0 ≤ x ≤ 1, a and b > 0; absolute error below 1e-13.
double incomplete_beta(double x, double a, double b);

/// Quantile, 0 < p < 1.
double quantile(const Distribution& distribution, double p);

}  // namespace coronet::random
