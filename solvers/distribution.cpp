#include "solvers/distribution.hpp"

#include "model/math.hpp"
#include "solvers/random.hpp"

namespace coronet::random {
namespace {

double density(double x) { return exp(-0.5 * x * x) * 0.39894228040143267794; }

/// Φ(−x) for x ≥ 3.
double upper_tail(double x) {
  double fraction = x;
  for (int k = 120; k >= 1; --k) fraction = x + k / fraction;
  return density(x) / fraction;
}

/// ln Γ(x), x > 0: Stirling's series from 12 upwards, recurrence below.
double log_gamma(double x) {
  double product = 1.0;
  for (; x < 12.0; x += 1.0) product *= x;
  const double r = 1.0 / (x * x);
  const double series =
      (1.0 / 12.0 - r * (1.0 / 360.0 - r * (1.0 / 1260.0 - r * (1.0 / 1680.0 - r * (1.0 / 1188.0))))) / x;
  return (x - 0.5) * log(x) - x + 0.91893853320467274178 + series - log(product);
}

/// Continued fraction of I_x(a, b), by Lentz's method; converges fast for x < (a + 1)/(a + b + 2).
double beta_fraction(double x, double a, double b) {
  constexpr double tiny = 1e-300;
  const auto guarded = [](double v) { return abs(v) < tiny ? tiny : v; };
  double c = 1.0, d = 1.0 / guarded(1.0 - (a + b) * x / (a + 1.0)), f = d;
  for (int m = 1; m < 2000; ++m) {
    const double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1.0 / guarded(1.0 + even * d);
    c = guarded(1.0 + even / c);
    f *= c * d;
    const double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1.0 / guarded(1.0 + odd * d);
    c = guarded(1.0 + odd / c);
    f *= c * d;
    if (abs(c * d - 1.0) < 1e-15) break;
  }
  return f;
}

double beta_quantile(double p, double a, double b) {
  double low = 0.0, high = 1.0;
  for (int i = 0; i < 1100 && low < high; ++i) {  // 1100: down to the smallest normal number
    const double middle = 0.5 * (low + high);
    if (middle <= low || middle >= high) break;
    (incomplete_beta(middle, a, b) < p ? low : high) = middle;
  }
  return 0.5 * (low + high);
}

/// Quantile of the standard normal distribution truncated to [from, to], in the tail where digits survive.
double truncated_normal(double p, double from, double to) {
  if (from > 0.0) return -truncated_normal(1.0 - p, -to, -from);
  const double low = normal_cdf(from), high = normal_cdf(to);
  const double z = normal_quantile(low + p * (high - low));
  return min(max(z, from), to);  // rounding at the ends
}

}  // namespace

double normal_cdf(double x) {
  if (x <= -3.0) return x < -37.0 ? 0.0 : upper_tail(-x);
  if (x >= 3.0) return x > 37.0 ? 1.0 : 1.0 - upper_tail(x);
  double term = x, sum = x;
  for (int k = 3; k < 200 && sum + term != sum; k += 2) {
    term *= x * x / k;
    sum += term;
  }
  return 0.5 + density(x) * sum;
}

double incomplete_beta(double x, double a, double b) {
  if (!(x > 0.0)) return 0.0;
  if (!(x < 1.0)) return 1.0;
  const double front = exp(log_gamma(a + b) - log_gamma(a) - log_gamma(b) + a * log(x) + b * log(1.0 - x));
  return x < (a + 1.0) / (a + b + 2.0) ? front * beta_fraction(x, a, b) / a
                                       : 1.0 - front * beta_fraction(1.0 - x, b, a) / b;
}

double quantile(const Distribution& d, double p) {
  switch (d.kind) {
    case Kind::uniform:
      return d.minimum + p * (d.maximum - d.minimum);
    case Kind::loguniform:
      return min(max(exp(log(d.minimum) + p * (log(d.maximum) - log(d.minimum))), d.minimum), d.maximum);
    case Kind::normal: {
      const double z = truncated_normal(p, (d.minimum - d.a) / d.b, (d.maximum - d.a) / d.b);
      return min(max(d.a + d.b * z, d.minimum), d.maximum);
    }
    case Kind::lognormal: {
      const double scale = log(d.b);
      const double from = d.minimum > 0.0 ? log(d.minimum / d.a) / scale : -40.0;
      const double to = d.maximum < std::numeric_limits<double>::infinity() ? log(d.maximum / d.a) / scale : 40.0;
      return min(max(d.a * exp(scale * truncated_normal(p, from, to)), d.minimum), d.maximum);
    }
    case Kind::triangular: {
      const double width = d.maximum - d.minimum, rise = d.a - d.minimum, fall = d.maximum - d.a;
      return p * width < rise ? d.minimum + sqrt(p * width * rise) : d.maximum - sqrt((1.0 - p) * width * fall);
    }
    case Kind::beta:
      return d.minimum + beta_quantile(p, d.a, d.b) * (d.maximum - d.minimum);
  }
  return not_a_number(p);
}

}  // namespace coronet::random
