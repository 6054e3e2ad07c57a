/// A lane has the bits that a double has, in every operation and elementary function, whatever its neighbours hold.
#include <cstring>
#include <limits>
#include <vector>

#include <catch2/catch.hpp>

#include "model/pack.hpp"

namespace coronet {
namespace {

template <class Number> bool same_bits(Number a, Number b) {
  return std::memcmp(&a, &b, sizeof a) == 0 || (a != a && b != b);
}

const std::vector<double> awkward = {0.0,
                                     -0.0,
                                     1.0,
                                     -1.0,
                                     0.1,
                                     -0.3,
                                     3.7,
                                     1e-300,
                                     1e300,
                                     5e-324,
                                     -708.5,
                                     709.3,
                                     0.5,
                                     1.4142,
                                     1.41421,
                                     2e-17,
                                     65.0,
                                     -17.25,
                                     2.414,
                                     0.4142,
                                     std::numeric_limits<double>::infinity(),
                                     std::numeric_limits<double>::quiet_NaN()};

template <class P, class OfPack, class OfNumber>
void check_unary(const char* name, const OfPack& of_pack, const OfNumber& of_number) {
  INFO(name);
  for (std::size_t first = 0; first < awkward.size(); ++first) {
    P x(0.0);
    for (int i = 0; i < P::width; ++i) x.set(i, awkward[(first + 3 * static_cast<std::size_t>(i)) % awkward.size()]);
    const P y = of_pack(x);
    for (int i = 0; i < P::width; ++i) {
      INFO("of " << x[i] << ": " << y[i] << " and " << of_number(x[i]));
      CHECK(same_bits(y[i], of_number(x[i])));
    }
  }
}

}  // namespace

/// The expression of a pack x of type P and of one number of it; T is the type of both.
#define CORONET_BOTH(expression)                            \
  check_unary<P>(                                           \
      #expression,                                          \
      [](const P& x) {                                      \
        using T [[maybe_unused]] = P;                       \
        return P(expression);                               \
      },                                                    \
      [](const typename P::Number& x) {                     \
        using T [[maybe_unused]] = typename P::Number;      \
        return static_cast<typename P::Number>(expression); \
      })

TEMPLATE_TEST_CASE("lanes have the bits of doubles", "", (Pack<1>), (Pack<4>), (Pack<8>), (Pack<16>)) {
  using P = TestType;
  CORONET_BOTH(x + T(0.1));
  CORONET_BOTH(x - T(3.0));
  CORONET_BOTH(x * x);
  CORONET_BOTH(T(1.0) / x);
  CORONET_BOTH(-x);
  CORONET_BOTH(abs(x));
  CORONET_BOTH(sqrt(abs(x)));
  CORONET_BOTH(min(x, T(0.3)));
  CORONET_BOTH(max(x, T(0.3)));
  CORONET_BOTH(select(x < T(0.5), x, T(2.0)));
  CORONET_BOTH(select(x != x, T(1.0), x));
  CORONET_BOTH(select(x >= T(0.5), T(1.0), T(-0.0)));
  CORONET_BOTH(exp(x));
  CORONET_BOTH(log(x));
  CORONET_BOTH(atan(x));
  CORONET_BOTH(pow(abs(x), T(1.7)));
  CHECK(any(P(1.0) < P(2.0)));
  CHECK_FALSE(any(P(2.0) < P(1.0)));
}

TEMPLATE_TEST_CASE("lanes of single precision have the bits of floats", "", (Pack<1>::Single), (Pack<4>::Single),
                   (Pack<8>::Single), (Pack<16>::Single)) {
  using P = TestType;
  CORONET_BOTH(x + T(0.1));
  CORONET_BOTH(x - T(3.0));
  CORONET_BOTH(x * x);
  CORONET_BOTH(T(1.0) / x);
  CORONET_BOTH(-x);
  CORONET_BOTH(abs(x));
  CORONET_BOTH(max(x, T(0.3)));
  CORONET_BOTH(select(x < T(0.5), x, T(2.0)));
#undef CORONET_BOTH
}

}  // namespace coronet
