/// Curves of the heart's waves: integrals of their pieces.
#include "model/hermite.hpp"

#include <catch2/catch.hpp>

using namespace coronet;

TEST_CASE("the area under a part of a piece is that of the cubic through its ends and slopes") {
  const auto p = [](double t) { return 2.0 - 3.0 * t + 0.7 * t * t + 1.3 * t * t * t; };
  const auto slope = [](double t) { return -3.0 + 1.4 * t + 3.9 * t * t; };
  const auto primitive = [](double t) { return t * (2.0 + t * (-1.5 + t * (0.7 / 3.0 + t * 1.3 / 4.0))); };
  const double from = 0.4, width = 1.7;
  for (const double x : {0.0, 0.3, 0.5, 1.0})
    CHECK(hermite::area(width, p(from), slope(from), p(from + width), slope(from + width), x) ==
          Approx(primitive(from + x * width) - primitive(from)).margin(1e-13));
}
