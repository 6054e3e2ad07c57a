#include <cmath>

#include <catch2/catch.hpp>

#include "model/units.hpp"
#include "model/viscosity.hpp"

namespace coronet {

TEST_CASE("relative viscosity has the values of Pries at haematocrit 0.45") {
  struct Point {
    double diameter_um, relative;
  };
  // half a unit of the last printed digit
  for (Point p : {Point{5.0, 12.6},
                  {6.0, 10.0},
                  {8.0, 7.3},
                  {10.0, 5.9},
                  {20.0, 3.2},
                  {30.0, 2.5},
                  {50.0, 2.3},
                  {100.0, 2.5},
                  {200.0, 2.9},
                  {500.0, 3.1}}) {
    CAPTURE(p.diameter_um);
    CHECK(viscosity::relative_in_vivo(p.diameter_um * unit::um, 0.45) == Approx(p.relative).epsilon(0).margin(0.05));
  }
}

TEST_CASE("blood without cells is only as viscous as its wall layer makes plasma") {
  for (double diameter_um : {6.0, 20.0, 300.0}) {
    const double s = std::pow(diameter_um / (diameter_um - 1.1), 2);
    // (1 − 0)^C is exactly 1, so that no error is left but that of a few products
    CHECK(viscosity::relative_in_vivo(diameter_um * unit::um, 0.0) == Approx(s).epsilon(1e-14));
  }
}

TEST_CASE("viscosity rises with haematocrit in every vessel") {
  for (double diameter_um : {5.0, 6.0, 8.0, 17.0, 40.0, 80.0, 300.0, 3000.0})
    for (int i = 0; i < 50; ++i) {
      const double H = 0.1 + 0.01 * i;
      CAPTURE(diameter_um, H);
      CHECK(viscosity::relative_in_vivo(diameter_um * unit::um, H + 0.01) >
            viscosity::relative_in_vivo(diameter_um * unit::um, H));
    }
}

TEST_CASE("the cubic for the change of viscosity with volume stays within 3.3 % of the law") {
  double worst = 0.0;
  for (double diameter_um : {6.0, 17.0, 40.0, 80.0, 300.0})
    for (double H : {0.3, 0.45, 0.55}) {
      const auto cubic = viscosity::fit_ratio(diameter_um * unit::um, H);
      const double reference = viscosity::relative_in_vivo(diameter_um * unit::um, H);
      for (int i = 0; i <= 1000; ++i) {
        const double d = 0.45 + 0.001 * i;  // D/D_ref over the stated range
        const double law = viscosity::relative_in_vivo(d * diameter_um * unit::um, H) / reference;
        worst = std::fmax(worst, std::fabs(viscosity::ratio(cubic, d * d) / law - 1.0));
      }
    }
  CHECK(worst < 0.033);
  CHECK(worst > 0.031);  // or the header claims too little
}

TEST_CASE("the cubic for viscosity is positive and finite from a closed vessel to a threefold volume") {
  double smallest = 1e300, largest = 0.0;
  for (double diameter_um : {6.0, 8.0, 10.0, 12.0, 17.0, 20.0, 30.0, 40.0, 80.0, 120.0, 300.0})
    for (double H : {0.2, 0.3, 0.45, 0.55, 0.6}) {
      const auto cubic = viscosity::fit_ratio(diameter_um * unit::um, H);
      for (int i = 0; i <= 600; ++i) {
        const double ratio = viscosity::ratio(cubic, 0.005 * i);
        smallest = std::fmin(smallest, ratio);
        largest = std::fmax(largest, ratio);
      }
    }
  CHECK(smallest > 0.44);  // 6 µm at threefold volume, the largest fall of the set
  CHECK(largest < 9.1);    // 6 µm, held at a tenth of its volume
}

TEST_CASE("the cubic for viscosity goes through the law where it was fitted") {
  const auto cubic = viscosity::fit_ratio(17.0 * unit::um, 0.45);
  const double reference = viscosity::relative_in_vivo(17.0 * unit::um, 0.45);
  for (double d : {0.45, 0.65, 0.95, 1.4})
    // Powers of w up to 40 cancel: a hundredfold of the rounding of one operation
    CHECK(viscosity::ratio(cubic, d * d) ==
          Approx(viscosity::relative_in_vivo(d * 17.0 * unit::um, 0.45) / reference).epsilon(1e-13));
}

}  // namespace coronet
