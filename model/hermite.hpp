/// Smooth (C¹) periodic curve through knots: cubic Hermite interpolation.
///
///   p(τ) = h00 y0 + h10 Δ m0 + h01 y1 + h11 Δ m1,   τ = (t − t0)/Δ
///
/// A piece is monotone when both slopes lie between 0 and 3 times the secant (Fritsch & Carlson 1980,
/// doi:10.1137/0717021).
#pragma once
#include <array>
#include <cstddef>

#include "model/math.hpp"

namespace coronet::hermite {

/// Knots in rising time; the last knot repeats the first one period later. Before the first knot t is out of range.
template <class T, std::size_t n> struct Curve {
  std::array<T, n> time;   // s
  std::array<T, n> value;  // unit of the curve
  std::array<T, n> slope;  // unit of the curve per s
  bool operator==(const Curve&) const = default;
};

template <class T, std::size_t n> T value_on_piece(const Curve<T, n>& c, std::size_t i, const T& t) {
  const T width = c.time[i + 1] - c.time[i];
  const T x = (t - c.time[i]) / width;
  const T x2 = x * x;
  const T x3 = x2 * x;
  return c.value[i] * (T(2.0) * x3 - T(3.0) * x2 + T(1.0)) + width * c.slope[i] * (x3 - T(2.0) * x2 + x) +
         c.value[i + 1] * (T(3.0) * x2 - T(2.0) * x3) + width * c.slope[i + 1] * (x3 - x2);
}

/// The piece that begins last before t, for a scalar; packs take all pieces and select.
template <std::size_t n> std::size_t piece_at(const Curve<double, n>& c, double t) {
  std::size_t i = n - 2;
  while (i > 0 && !(t >= c.time[i])) --i;
  return i;
}

/// ∫ p dt over the part 0 … x of a piece of this width, x from 0 to 1.
template <class T> T area(const T& width, const T& y0, const T& m0, const T& y1, const T& m1, const T& x) {
  const T x2 = x * x, x3 = x2 * x, x4 = x2 * x2;
  return width *
         (y0 * (x - x3 + T(0.5) * x4) + y1 * (x3 - T(0.5) * x4) +
          width * (m0 * (T(0.5) * x2 - T(2.0 / 3.0) * x3 + T(0.25) * x4) + m1 * (T(0.25) * x4 - T(1.0 / 3.0) * x3)));
}

/// Value at t, c.time.front() ≤ t ≤ c.time.back().
template <std::size_t n> double value(const Curve<double, n>& c, double t) {
  return value_on_piece(c, piece_at(c, t), t);
}
template <class T, std::size_t n> T value(const Curve<T, n>& c, const T& t) {
  T result = value_on_piece(c, 0, t);
  for (std::size_t i = 1; i + 1 < n; ++i) result = select(t >= c.time[i], value_on_piece(c, i, t), result);
  return result;
}

/// Slope on piece i at t.
template <class T, std::size_t n> T slope_on_piece(const Curve<T, n>& c, std::size_t i, const T& t) {
  const T width = c.time[i + 1] - c.time[i];
  const T x = (t - c.time[i]) / width;
  const T secant = (c.value[i + 1] - c.value[i]) / width;
  return T(6.0) * x * (T(1.0) - x) * secant + c.slope[i] * (T(3.0) * x * x - T(4.0) * x + T(1.0)) +
         c.slope[i + 1] * (T(3.0) * x * x - T(2.0) * x);
}

/// Slope at t, c.time.front() ≤ t ≤ c.time.back(); at a knot that of the piece behind it.
template <std::size_t n> double slope(const Curve<double, n>& c, double t) {
  return slope_on_piece(c, piece_at(c, t), t);
}
template <class T, std::size_t n> T slope(const Curve<T, n>& c, const T& t) {
  T result = slope_on_piece(c, 0, t);
  for (std::size_t i = 1; i + 1 < n; ++i) result = select(t >= c.time[i], slope_on_piece(c, i, t), result);
  return result;
}

/// Value of a curve of period `period` at any t ≥ time.front() − period.
template <class T, std::size_t n> T periodic_value(const Curve<T, n>& c, const T& period, const T& t) {
  return value(c, select(t < c.time[0], t + period, t));
}

template <class T, std::size_t n> T periodic_slope(const Curve<T, n>& c, const T& period, const T& t) {
  return slope(c, select(t < c.time[0], t + period, t));
}

}  // namespace coronet::hermite
