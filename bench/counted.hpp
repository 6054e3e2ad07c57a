/// A number that counts what is done with it: + − × ÷ √, one each. Signs, comparisons, selections and conversions are
/// not counted. It goes through the same templates as a pack (a pack of one, to them).
#pragma once
#include <cstdint>

#include "model/math.hpp"

namespace coronet::bench {

struct Operations {
  std::uint64_t sums = 0, products = 0, quotients = 0, roots = 0;
  std::uint64_t all() const { return sums + products + quotients + roots; }
};

struct Counted {
  static constexpr int width = 1;
  static inline Operations done;

  double value;

  Counted() = default;
  explicit Counted(double x) : value(x) {}
  double operator[](int) const { return value; }
  void set(int, double x) { value = x; }

  friend Counted operator+(const Counted& a, const Counted& b) { return ++done.sums, Counted(a.value + b.value); }
  friend Counted operator-(const Counted& a, const Counted& b) { return ++done.sums, Counted(a.value - b.value); }
  friend Counted operator*(const Counted& a, const Counted& b) { return ++done.products, Counted(a.value * b.value); }
  friend Counted operator/(const Counted& a, const Counted& b) { return ++done.quotients, Counted(a.value / b.value); }
  friend Counted operator-(const Counted& a) { return Counted(-a.value); }
  friend bool operator<(const Counted& a, const Counted& b) { return a.value < b.value; }
  friend bool operator>(const Counted& a, const Counted& b) { return a.value > b.value; }
  friend bool operator<=(const Counted& a, const Counted& b) { return a.value <= b.value; }
  friend bool operator>=(const Counted& a, const Counted& b) { return a.value >= b.value; }
  friend bool operator!=(const Counted& a, const Counted& b) { return a.value != b.value; }
  friend Counted select(bool mask, const Counted& a, const Counted& b) { return mask ? a : b; }
  friend Counted sqrt(const Counted& x) { return ++done.roots, Counted(__builtin_sqrt(x.value)); }
  friend Counted abs(const Counted& x) { return Counted(__builtin_fabs(x.value)); }
};

}  // namespace coronet::bench
