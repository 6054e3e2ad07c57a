/// Pack: W numbers that go through the same operations, one lane per virtual patient.
///
/// Each lane has the bits that a double would have: all operations are elementwise and correctly rounded (+ − × ÷ √), or
/// bit operations; no lane sees another. Made of the vector extension of GCC and Clang, which splits a pack into what
/// the instruction set holds. `Isa` only gives each instruction set names of its own, so that the linker never puts one
/// set's code where another's is called.
///
/// The primitives are those of math.hpp; the functions made of them need nothing here.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>

#include "model/math.hpp"

namespace coronet {

struct Baseline {};

template <int W> struct LanesOf;
template <> struct LanesOf<1> { typedef double Type __attribute__((vector_size(8))); typedef std::int64_t Bits __attribute__((vector_size(8))); };
template <> struct LanesOf<4> { typedef double Type __attribute__((vector_size(32))); typedef std::int64_t Bits __attribute__((vector_size(32))); };
template <> struct LanesOf<8> { typedef double Type __attribute__((vector_size(64))); typedef std::int64_t Bits __attribute__((vector_size(64))); };
template <> struct LanesOf<16> { typedef double Type __attribute__((vector_size(128))); typedef std::int64_t Bits __attribute__((vector_size(128))); };

template <int W, class Isa = Baseline> struct Pack {
  using Lanes = typename LanesOf<W>::Type;
  using Bits = typename LanesOf<W>::Bits;
  static constexpr int width = W;

  struct Mask { Bits bits; };  // all bits of a lane set, or none

  Lanes lanes;

  Pack() = default;
  explicit Pack(double x) : lanes(x - Lanes{}) {}
  Pack(const Lanes& l, int) : lanes(l) {}

  double operator[](int lane) const { return lanes[lane]; }
  void set(int lane, double x) { lanes[lane] = x; }

  friend Pack operator+(const Pack& a, const Pack& b) { return {a.lanes + b.lanes, 0}; }
  friend Pack operator-(const Pack& a, const Pack& b) { return {a.lanes - b.lanes, 0}; }
  friend Pack operator*(const Pack& a, const Pack& b) { return {a.lanes * b.lanes, 0}; }
  friend Pack operator/(const Pack& a, const Pack& b) { return {a.lanes / b.lanes, 0}; }
  friend Pack operator-(const Pack& a) { return {-a.lanes, 0}; }

  friend Mask operator<(const Pack& a, const Pack& b) { return {(Bits)(a.lanes < b.lanes)}; }
  friend Mask operator>(const Pack& a, const Pack& b) { return {(Bits)(a.lanes > b.lanes)}; }
  friend Mask operator<=(const Pack& a, const Pack& b) { return {(Bits)(a.lanes <= b.lanes)}; }
  friend Mask operator>=(const Pack& a, const Pack& b) { return {(Bits)(a.lanes >= b.lanes)}; }
  friend Mask operator!=(const Pack& a, const Pack& b) { return {(Bits)(a.lanes != b.lanes)}; }
  friend Mask operator&&(const Mask& a, const Mask& b) { return {a.bits & b.bits}; }

  friend Pack select(const Mask& mask, const Pack& a, const Pack& b) {
    return {(Lanes)((mask.bits & (Bits)a.lanes) | (~mask.bits & (Bits)b.lanes)), 0};
  }
  friend bool any(const Mask& mask) {
    std::int64_t all = 0;
    for (int i = 0; i < W; ++i) all |= mask.bits[i];
    return all != 0;
  }
  friend Pack sqrt(const Pack& x) {
    Pack y;
    for (int i = 0; i < W; ++i) y.lanes[i] = __builtin_sqrt(x.lanes[i]);
    return y;
  }
  friend Pack abs(const Pack& x) { return {(Lanes)((Bits)x.lanes & (Bits{} + INT64_MAX)), 0}; }
  friend Pack round_nearest(const Pack& x) {
    const Pack shift(6755399441055744.0);
    return (x + shift) - shift;
  }
  /// The exponent's bits come from adding 2^52 + 1023: n + 1023 then stands in the lowest bits of the mantissa.
  friend Pack scale_by_power_of_two(const Pack& x, const Pack& n) {
    const Bits power = (Bits)(n.lanes + (4503599627370496.0 + 1023.0)) << 52;
    return {x.lanes * (Lanes)power, 0};
  }
  friend Pack split_exponent(const Pack& x, Pack& exponent) {
    const Bits bits = (Bits)x.lanes;
    const Bits biased = (bits >> 52) & 0x7ff;
    // the integer under a 2^52, as a double, less that 2^52
    exponent.lanes = (Lanes)(biased | 0x4330000000000000LL) - 4503599627370496.0 - 1023.0;
    return {(Lanes)((bits & 0x000fffffffffffffLL) | 0x3ff0000000000000LL), 0};
  }
  friend Pack not_a_number(const Pack&) { return Pack(std::numeric_limits<double>::quiet_NaN()); }
};

}  // namespace coronet
