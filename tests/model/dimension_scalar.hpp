/// A number that knows its unit: m^length kg^mass s^time. Run an equation of the model on it, and a sum of unlike
/// quantities throws.
///
/// A literal of the equation, T(0.5), is a pure number; T(0.0) fits every unit, and so does what it is multiplied with.
/// An empirical formula whose coefficients hide units (the wave speed of a diameter) would throw: its test says which
/// unit comes out, by a specialization.
#pragma once
#include <array>
#include <stdexcept>
#include <string>

#include "model/math.hpp"

namespace coronet {

struct Dimension {
  double value = 0.0;
  std::array<double, 3> unit = {0.0, 0.0, 0.0};  // exponents of m, kg, s
  bool any_unit = true;                          // a literal zero

  Dimension() = default;
  explicit Dimension(double literal) : value(literal), any_unit(literal == 0.0) {}
  Dimension(double v, std::array<double, 3> exponents) : value(v), unit(exponents), any_unit(false) {}

  std::string text() const {
    return "m^" + std::to_string(unit[0]) + " kg^" + std::to_string(unit[1]) + " s^" + std::to_string(unit[2]);
  }
};

struct DimensionError : std::logic_error {
  using std::logic_error::logic_error;
};

/// `value` in the unit that a and b share.
inline Dimension alike(const Dimension& a, const Dimension& b, double value) {
  if (!a.any_unit && !b.any_unit && a.unit != b.unit) throw DimensionError(a.text() + " meets " + b.text());
  Dimension result(value, a.any_unit ? b.unit : a.unit);
  result.any_unit = a.any_unit && b.any_unit;
  return result;
}

/// `value` in the unit of a · b^power.
inline Dimension product(const Dimension& a, const Dimension& b, double power, double value) {
  Dimension result(value, a.unit);
  for (std::size_t i = 0; i < 3; ++i) result.unit[i] += power * b.unit[i];
  result.any_unit = a.any_unit || b.any_unit;
  return result;
}

inline Dimension operator-(const Dimension& a) { return alike(a, a, -a.value); }
inline Dimension operator+(const Dimension& a, const Dimension& b) { return alike(a, b, a.value + b.value); }
inline Dimension operator-(const Dimension& a, const Dimension& b) { return alike(a, b, a.value - b.value); }
inline Dimension operator*(const Dimension& a, const Dimension& b) { return product(a, b, 1.0, a.value * b.value); }
inline Dimension operator/(const Dimension& a, const Dimension& b) { return product(a, b, -1.0, a.value / b.value); }
inline bool operator<(const Dimension& a, const Dimension& b) { return alike(a, b, 0.0), a.value < b.value; }
inline bool operator>(const Dimension& a, const Dimension& b) { return b < a; }
inline Dimension select(bool mask, const Dimension& a, const Dimension& b) {
  return alike(a, b, mask ? a.value : b.value);
}
inline Dimension abs(const Dimension& a) { return alike(a, a, abs(a.value)); }
inline Dimension sqrt(const Dimension& a) { return product(Dimension(1.0), a, 0.5, sqrt(a.value)); }
inline Dimension exp(const Dimension& a) { return alike(a, Dimension(1.0), exp(a.value)); }
inline Dimension log(const Dimension& a) { return alike(a, Dimension(1.0), log(a.value)); }

}  // namespace coronet
