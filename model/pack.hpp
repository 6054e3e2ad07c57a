/// Pack: W numbers that go through the same operations, one lane per virtual patient.
///
/// Each lane has the bits that a double (or float) alone would have: all operations are elementwise and correctly rounded (+ − × ÷ √), or
/// bit operations; no lane sees another (tests/model/test_pack.cpp). Made of the vector extension of GCC and Clang, which
/// splits a pack into what the instruction set holds. `Set` only gives each instruction set names of its own, so that
/// the linker never puts one set's code where another's is called.
///
/// The primitives are those of math.hpp; the functions made of them need nothing here. Elementary functions are for
/// doubles alone.
#pragma once
#include <cstddef>
#include <cstdint>
#include <limits>

#include "model/math.hpp"

namespace coronet {

/// W numbers and W integers of their size. (GCC 12 mishandles a vector_size that depends on a template parameter.)
template <int W, class Number = double> struct Lanes;
template <> struct Lanes<1> {
  typedef double Numbers __attribute__((vector_size(8)));
  typedef std::int64_t Bits __attribute__((vector_size(8)));
};
template <> struct Lanes<4> {
  typedef double Numbers __attribute__((vector_size(32)));
  typedef std::int64_t Bits __attribute__((vector_size(32)));
};
template <> struct Lanes<8> {
  typedef double Numbers __attribute__((vector_size(64)));
  typedef std::int64_t Bits __attribute__((vector_size(64)));
};
template <> struct Lanes<16> {
  typedef double Numbers __attribute__((vector_size(128)));
  typedef std::int64_t Bits __attribute__((vector_size(128)));
};
template <> struct Lanes<1, float> {
  typedef float Numbers __attribute__((vector_size(4)));
  typedef std::int32_t Bits __attribute__((vector_size(4)));
};
template <> struct Lanes<8, float> {
  typedef float Numbers __attribute__((vector_size(32)));
  typedef std::int32_t Bits __attribute__((vector_size(32)));
};
template <> struct Lanes<16, float> {
  typedef float Numbers __attribute__((vector_size(64)));
  typedef std::int32_t Bits __attribute__((vector_size(64)));
};
template <> struct Lanes<32, float> {
  typedef float Numbers __attribute__((vector_size(128)));
  typedef std::int32_t Bits __attribute__((vector_size(128)));
};

struct AnyInstructionSet {};

template <int W, class Set = AnyInstructionSet, class Number_ = double> struct Pack {
  using Number = Number_;
  using Numbers = typename Lanes<W, Number>::Numbers;
  using Bits = typename Lanes<W, Number>::Bits;
  static constexpr int width = W;
  using Single = Pack<W == 1 ? 1 : 2 * W, Set, float>;  // as many bytes

  struct Mask {
    Bits bits;  // all bits of a lane set, or none
    friend Mask operator&&(const Mask& a, const Mask& b) { return {a.bits & b.bits}; }
  };

  Numbers lanes;

  Pack() = default;
  explicit Pack(double x) : lanes(static_cast<Number>(x) - Numbers{}) {}
  static Pack of(const Numbers& numbers) {
    Pack p;
    p.lanes = numbers;
    return p;
  }
  Number operator[](int lane) const { return lanes[lane]; }
  void set(int lane, double x) { lanes[lane] = static_cast<Number>(x); }

  friend Pack operator+(const Pack& a, const Pack& b) { return of(a.lanes + b.lanes); }
  friend Pack operator-(const Pack& a, const Pack& b) { return of(a.lanes - b.lanes); }
  friend Pack operator*(const Pack& a, const Pack& b) { return of(a.lanes * b.lanes); }
  friend Pack operator/(const Pack& a, const Pack& b) { return of(a.lanes / b.lanes); }
  friend Pack operator-(const Pack& a) { return of(-a.lanes); }

  friend Mask operator<(const Pack& a, const Pack& b) { return {(Bits)(a.lanes < b.lanes)}; }
  friend Mask operator>(const Pack& a, const Pack& b) { return {(Bits)(a.lanes > b.lanes)}; }
  friend Mask operator<=(const Pack& a, const Pack& b) { return {(Bits)(a.lanes <= b.lanes)}; }
  friend Mask operator>=(const Pack& a, const Pack& b) { return {(Bits)(a.lanes >= b.lanes)}; }
  friend Mask operator!=(const Pack& a, const Pack& b) { return {(Bits)(a.lanes != b.lanes)}; }

  friend Pack select(const Mask& mask, const Pack& a, const Pack& b) {
    return of((Numbers)((mask.bits & (Bits)a.lanes) | (~mask.bits & (Bits)b.lanes)));
  }
  /// The one of math.hpp, in the form that is one instruction on x86. With AVX-512 g++ sees that only where it does not see
  /// that b is a constant.
  friend Pack max(const Pack& a, const Pack& b) {
    Numbers other = b.lanes;
#if defined(__AVX512F__) && !defined(__clang__)
    if constexpr (sizeof(Numbers) == 64) __asm__("" : "+v"(other));
#endif
    return of(a.lanes < other ? other : a.lanes);
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
  friend Pack abs(const Pack& x) { return of((Numbers)((Bits)x.lanes & ~((Bits)(-Numbers{})))); }
  friend Pack round_nearest(const Pack& x) {
    const Pack shift(6755399441055744.0);
    return (x + shift) - shift;
  }
  /// n + 1023 stands in the lowest bits of the mantissa of 2^52 + 1023 + n.
  friend Pack scale_by_power_of_two(const Pack& x, const Pack& n) {
    const Bits power = (Bits)(n.lanes + (4503599627370496.0 + 1023.0)) << 52;
    return of(x.lanes * (Numbers)power);
  }
  friend Pack split_exponent(const Pack& x, Pack& exponent) {
    const Bits bits = (Bits)x.lanes;
    // an integer below 2^52 under the exponent of 2^52 is the double 2^52 + integer
    const Numbers biased = (Numbers)(((bits >> 52) & 0x7ff) | 0x4330000000000000LL);
    exponent.lanes = biased - (4503599627370496.0 + 1023.0);
    return of((Numbers)((bits & 0x000fffffffffffffLL) | 0x3ff0000000000000LL));
  }
  friend Pack not_a_number(const Pack&) { return Pack(std::numeric_limits<double>::quiet_NaN()); }
};

template <int W, class Set> inline constexpr bool is_single<Pack<W, Set, float>> = true;

}  // namespace coronet
