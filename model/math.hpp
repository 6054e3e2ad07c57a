/// Elementary functions over a scalar type T, the same bits on every compiler and instruction set.
///
/// The C library is not used: its exp, log and pow differ between processors and between glibc and WebAssembly.
/// Built from + − × ÷ and sqrt (IEEE: correctly rounded everywhere), without fused multiply-add
/// (compile with -ffp-contract=off).
///
/// | function  | range                 | measured maximal error (tests/model/test_math.cpp) |
/// |-----------|-----------------------|-----------------------------------------------------|
/// | exp(x)    | −708 … 709            | 1.0 ulp                                             |
/// | log(x)    | 1e-300 … 1e300        | 1.0 ulp                                             |
/// | pow(x, y) | x > 0, |y ln x| < 700 | (2 + 2 |y ln x|) ulp                                |
/// | atan(x)   | all finite            | 1.8 ulp                                             |
///
/// Outside its range a function returns the nearest end of its range (exp) or NaN (log, pow of x ≤ 0).
/// A new scalar type needs the primitives of the first block, nothing else.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>

namespace coronet {

// --- primitives for double -------------------------------------------------------------------------------------
inline double select(bool mask, double a, double b) { return mask ? a : b; }
inline bool any(bool mask) { return mask; }
inline double sqrt(double x) { return __builtin_sqrt(x); }
inline double abs(double x) { return __builtin_fabs(x); }

// of float: what a beat needs
inline float select(bool mask, float a, float b) { return mask ? a : b; }
inline float abs(float x) { return __builtin_fabsf(x); }

/// Nearest integer, ties to even; |x| < 2^51.
inline double round_nearest(double x) {
  constexpr double shift = 6755399441055744.0;  // 1.5 · 2^52
  return (x + shift) - shift;
}

/// x · 2^n for an integer-valued n in −1022 … 1023.
inline double scale_by_power_of_two(double x, double n) {
  const std::uint64_t bits = static_cast<std::uint64_t>(static_cast<std::int64_t>(n) + 1023) << 52;
  double power;
  std::memcpy(&power, &bits, sizeof power);
  return x * power;
}

/// Splits a normal x > 0 into mantissa in [1, 2) and integer-valued exponent.
inline double split_exponent(double x, double& exponent) {
  std::uint64_t bits;
  std::memcpy(&bits, &x, sizeof bits);
  exponent = static_cast<double>(static_cast<std::int64_t>((bits >> 52) & 0x7ff) - 1023);
  bits = (bits & 0x000fffffffffffffULL) | 0x3ff0000000000000ULL;
  double mantissa;
  std::memcpy(&mantissa, &bits, sizeof mantissa);
  return mantissa;
}

inline double not_a_number(double) { return std::numeric_limits<double>::quiet_NaN(); }

// --- functions over T ---------------------------------------------------------------------------------------------
template <class T> T min(const T& a, const T& b) { return select(b < a, b, a); }
template <class T> T max(const T& a, const T& b) { return select(a < b, b, a); }
template <class T> T square(const T& x) { return x * x; }

/// Whether a scalar is of single precision, whose range ends at 1e-38.
template <class T> inline constexpr bool is_single = false;
template <> inline constexpr bool is_single<float> = true;

/// Replaces numbers by their reciprocals, one division for two of them: first with last, so that order does not matter.
/// A product of two must be a normal number; in single precision that of two and `scale`, a power of two, which changes no
/// bit.
template <class T, std::size_t n> void invert(std::array<T, n>& x, double scale = 1.0) {
  for (std::size_t i = 0; i < n / 2; ++i) {
    T &a = x[i], &b = x[n - 1 - i];
    if constexpr (is_single<T>) a = T(scale) * a;
    const T both = T(1.0) / (a * b), per_b = both * a;
    a = both * b;
    if constexpr (is_single<T>) a = T(scale) * a;
    b = per_b;
  }
  if constexpr (n % 2 == 1) x[n / 2] = T(1.0) / x[n / 2];
}

/// c[0] + c[1] x + c[2] x² + …: odd powers beside the even ones, which halves the chain of operations that wait for one
/// another.
template <class T, std::size_t n> T polynomial(const double (&c)[n], const T& x) {
  const T x2 = x * x;
  T even = T(c[(n - 1) / 2 * 2]), odd = T(c[n / 2 * 2 - 1]);
  for (std::size_t k = (n - 1) / 2 * 2; k >= 2; k -= 2) even = even * x2 + T(c[k - 2]);
  for (std::size_t k = n / 2 * 2 - 1; k >= 3; k -= 2) odd = odd * x2 + T(c[k - 2]);
  return even + odd * x;
}

template <class T> T exp(const T& x) {
  const T bounded = min(max(T(-708.0), x), T(709.0));  // in this order NaN becomes −708 here, and an integer below
  const T n = round_nearest(bounded * T(1.4426950408889634074));
  // ln 2 in two parts, so that the remainder keeps its last bits
  const T r = (bounded - n * T(6.93147180369123816490e-01)) - n * T(1.90821492927058770002e-10);
  const T p = polynomial({0.5, 1.0 / 6.0, 1.0 / 24.0, 1.0 / 120.0, 1.0 / 720.0, 1.0 / 5040.0, 1.0 / 40320.0,
                          1.0 / 362880.0, 1.0 / 3628800.0, 1.0 / 39916800.0, 1.0 / 479001600.0, 1.0 / 6227020800.0},
                         r);
  const T value = T(1.0) + (r + r * r * p);
  return select(x != x, x, scale_by_power_of_two(value, n));
}

template <class T> T log(const T& x) {
  T e;
  const T m0 = split_exponent(x, e);
  const auto upper = m0 > T(1.41421356237309504880);
  const T m = select(upper, m0 * T(0.5), m0);
  e = select(upper, e + T(1.0), e);
  const T s = (m - T(1.0)) / (m + T(1.0));
  const T q = s * s;
  const T p = polynomial({1.0 / 3.0, 1.0 / 5.0, 1.0 / 7.0, 1.0 / 9.0, 1.0 / 11.0, 1.0 / 13.0, 1.0 / 15.0, 1.0 / 17.0,
                          1.0 / 19.0, 1.0 / 21.0},
                         q);
  // log m = 2 s + 2 s³ p; written around f = m − 1, which is exact: 2 s = f − s f
  const T f = m - T(1.0);
  const T tail = s * (T(2.0) * q * p - f);
  const T value = e * T(6.93147180369123816490e-01) + (f + (tail + e * T(1.90821492927058770002e-10)));
  return select(x > T(0.0), value, not_a_number(x));
}

template <class T> T pow(const T& x, const T& y) { return exp(y * log(x)); }

template <class T> T atan(const T& x) {
  const T a = abs(x);
  const auto steep = a > T(2.41421356237309504880);   // tan(3π/8)
  const auto middle = a > T(0.41421356237309504880);  // tan(π/8)
  const T reduced = select(steep, T(-1.0) / a, select(middle, (a - T(1.0)) / (a + T(1.0)), a));
  const T offset = select(steep, T(1.57079632679489661923), select(middle, T(0.78539816339744830962), T(0.0)));
  const T q = reduced * reduced;
  // (atan x − x)/x³ by x² up to tan²(π/8), through its values at Chebyshev's nodes: off by 7e-18
  const T p = polynomial({-0.3333333333333333, 0.1999999999999552, -0.14285714284666542, 0.11111111015256292,
                          -0.09090904578121085, 0.07692183190760651, -0.0666451144646022, 0.05858148904795124,
                          -0.050854496960392584, 0.039231657085083686, -0.019176885636589053},
                         q);
  const T value = offset + (reduced + reduced * (q * p));
  return select(x < T(0.0), -value, value);
}

}  // namespace coronet
