/// Dual number: a value and its derivative along one direction, for exact Jacobians (forward-mode differentiation).
///
///   (a + a′ε)(b + b′ε) = ab + (a′b + ab′)ε,   ε² = 0;   f(a + a′ε) = f(a) + f′(a) a′ε
///
/// Every equation of the model runs on Dual<double> as it stands: start one input with derivative 1, all others with 0,
/// and each result carries its derivative with respect to that input. Value parts have the bits of the plain run.
/// pow needs nothing here: it is made of exp and log.
///
/// | kink                      | derivative taken         |
/// |---------------------------|--------------------------|
/// | |x| at 0                  | +1                       |
/// | select, min, max at a tie | that of the branch taken |
/// | round, exponent           | 0                        |
///
/// T may itself be a pack, or a dual number (second derivatives).
#pragma once
#include "model/math.hpp"

namespace coronet {

template <class T> struct Dual {
  T value, derivative;
  Dual() = default;
  explicit Dual(const T& v) : value(v), derivative(T(0.0)) {}
  Dual(const T& v, const T& d) : value(v), derivative(d) {}
};

template <class T> Dual<T> operator-(const Dual<T>& a) { return {-a.value, -a.derivative}; }
template <class T> Dual<T> operator+(const Dual<T>& a, const Dual<T>& b) {
  return {a.value + b.value, a.derivative + b.derivative};
}
template <class T> Dual<T> operator-(const Dual<T>& a, const Dual<T>& b) {
  return {a.value - b.value, a.derivative - b.derivative};
}
template <class T> Dual<T> operator*(const Dual<T>& a, const Dual<T>& b) {
  return {a.value * b.value, a.derivative * b.value + a.value * b.derivative};
}
template <class T> Dual<T> operator/(const Dual<T>& a, const Dual<T>& b) {
  const T quotient = a.value / b.value;
  return {quotient, (a.derivative - quotient * b.derivative) / b.value};
}

// Comparisons look at values only; their result is T's mask.
template <class T> auto operator<(const Dual<T>& a, const Dual<T>& b) { return a.value < b.value; }
template <class T> auto operator>(const Dual<T>& a, const Dual<T>& b) { return a.value > b.value; }
template <class T> auto operator<=(const Dual<T>& a, const Dual<T>& b) { return a.value <= b.value; }
template <class T> auto operator>=(const Dual<T>& a, const Dual<T>& b) { return a.value >= b.value; }
template <class T> auto operator!=(const Dual<T>& a, const Dual<T>& b) { return a.value != b.value; }

template <class T, class Mask> Dual<T> select(const Mask& mask, const Dual<T>& a, const Dual<T>& b) {
  return {select(mask, a.value, b.value), select(mask, a.derivative, b.derivative)};
}
template <class T> Dual<T> sqrt(const Dual<T>& x) {
  const T root = sqrt(x.value);
  return {root, T(0.5) * x.derivative / root};
}
template <class T> Dual<T> atan(const Dual<T>& x) {
  return {atan(x.value), x.derivative / (T(1.0) + x.value * x.value)};
}
template <class T> Dual<T> exp(const Dual<T>& x) {
  const T value = exp(x.value);
  return {value, x.derivative * value};
}
template <class T> Dual<T> log(const Dual<T>& x) { return {log(x.value), x.derivative / x.value}; }
template <class T> Dual<T> abs(const Dual<T>& x) {
  return {abs(x.value), select(x.value < T(0.0), -x.derivative, x.derivative)};
}
template <class T> Dual<T> round_nearest(const Dual<T>& x) { return Dual<T>(round_nearest(x.value)); }
template <class T> Dual<T> scale_by_power_of_two(const Dual<T>& x, const Dual<T>& n) {
  return {scale_by_power_of_two(x.value, n.value), scale_by_power_of_two(x.derivative, n.value)};
}
template <class T> Dual<T> split_exponent(const Dual<T>& x, Dual<T>& exponent) {
  T e;
  const T mantissa = split_exponent(x.value, e);
  exponent = Dual<T>(e);
  return {mantissa, x.derivative * (mantissa / x.value)};  // mantissa/x is an exact power of two
}
template <class T> Dual<T> not_a_number(const Dual<T>& x) { return {not_a_number(x.value), not_a_number(x.value)}; }

}  // namespace coronet
