/// Counter-based random numbers: a number is a pure function of (seed, sample, purpose, index), so that order, threads
/// and resumption cannot change it.
///
/// Philox 4×32-10 (Salmon et al. 2011, doi:10.1145/2063384.2063405) from Random123; normal deviates by inversion
/// (Wichura 1988, algorithm AS 241, doi:10.2307/2347330; relative error 1e-15).
#pragma once
#include <Random123/philox.h>

#include <cstdint>

#include "model/math.hpp"

namespace coronet::random {

/// Uniform in (0, 1), 52 bits, never 0 or 1.
inline double uniform(std::uint64_t seed, std::uint64_t sample, std::uint32_t purpose, std::uint32_t index) {
  const r123::Philox4x32::key_type key = {{static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32)}};
  const r123::Philox4x32::ctr_type counter = {
      {static_cast<std::uint32_t>(sample), static_cast<std::uint32_t>(sample >> 32), purpose, index}};
  const auto r = r123::Philox4x32{}(counter, key);
  const std::uint64_t bits = (static_cast<std::uint64_t>(r[0]) << 32 | r[1]) >> 12;
  return (static_cast<double>(bits) + 0.5) * (1.0 / 4503599627370496.0);
}

/// Quantile of the standard normal distribution, 0 < p < 1.
inline double normal_quantile(double p) {
  const auto ratio = [](const double(&a)[8], const double(&b)[8], double r) {
    double num = a[7], den = b[7];
    for (int i = 6; i >= 0; --i) num = num * r + a[i], den = den * r + b[i];
    return num / den;
  };
  static constexpr double a[8] = {3.3871328727963666080e0,  1.3314166789178437745e+2, 1.9715909503065514427e+3,
                                  1.3731693765509461125e+4, 4.5921953931549871457e+4, 6.7265770927008700853e+4,
                                  3.3430575583588128105e+4, 2.5090809287301226727e+3};
  static constexpr double b[8] = {1.0,
                                  4.2313330701600911252e+1,
                                  6.8718700749205790830e+2,
                                  5.3941960214247511077e+3,
                                  2.1213794301586595867e+4,
                                  3.9307895800092710610e+4,
                                  2.8729085735721942674e+4,
                                  5.2264952788528545610e+3};
  static constexpr double c[8] = {1.42343711074968357734e0,  4.63033784615654529590e0, 5.76949722146069140550e0,
                                  3.64784832476320460504e0,  1.27045825245236838258e0, 2.41780725177450611770e-1,
                                  2.27238449892691845833e-2, 7.74545014278341407640e-4};
  static constexpr double d[8] = {1.0,
                                  2.05319162663775882187e0,
                                  1.67638483018380384940e0,
                                  6.89767334985100004550e-1,
                                  1.48103976427480074590e-1,
                                  1.51986665636164571966e-2,
                                  5.47593808499534494600e-4,
                                  1.05075007164441684324e-9};
  static constexpr double e[8] = {6.65790464350110377720e0,  5.46378491116411436990e0,  1.78482653991729133580e0,
                                  2.96560571828504891230e-1, 2.65321895265761230930e-2, 1.24266094738807843860e-3,
                                  2.71155556874348757815e-5, 2.01033439929228813265e-7};
  static constexpr double f[8] = {1.0,
                                  5.99832206555887937690e-1,
                                  1.36929880922735805310e-1,
                                  1.48753612908506148525e-2,
                                  7.86869131145613259100e-4,
                                  1.84631831751005468180e-5,
                                  1.42151175831644588870e-7,
                                  2.04426310338993978564e-15};
  const double q = p - 0.5;
  if (abs(q) <= 0.425) return q * ratio(a, b, 0.180625 - q * q);
  double r = sqrt(-log(q < 0.0 ? p : 1.0 - p));
  r = r <= 5.0 ? ratio(c, d, r - 1.6) : ratio(e, f, r - 5.0);
  return q < 0.0 ? -r : r;
}

inline double normal(std::uint64_t seed, std::uint64_t sample, std::uint32_t purpose, std::uint32_t index) {
  return normal_quantile(uniform(seed, sample, purpose, index));
}

}  // namespace coronet::random
