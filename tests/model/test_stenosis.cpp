#include <cmath>

#include <catch2/catch.hpp>

#include "model/stenosis.hpp"
#include "model/units.hpp"

namespace coronet {
namespace {

constexpr double viscosity = 3.5 * unit::mPa_s;
constexpr double density = 1060.0;

stenosis::Loss<double> loss(double reduction_percent, double length_mm = 10.0) {
  return stenosis::loss<double>({3.0 * unit::mm, reduction_percent * unit::percent, length_mm * unit::mm, 1.52},
                                viscosity, density);
}

}  // namespace

TEST_CASE("a lesion of 10 mm in an artery of 3 mm has the curve of Young and Tsai") {
  // ΔP = a Q + b Q², computed by hand from the equations of the source, which do not subtract the open artery.
  struct Point {
    double reduction_percent, a, b, half_digit_a, half_digit_b;
  };
  const double D0 = 3.0 * unit::mm;
  const double A0 = 0.25 * stenosis::pi * D0 * D0;
  const double open = 32.0 * viscosity * (0.83 * 10.0 * unit::mm + 1.64 * D0) / (D0 * D0 * A0);
  CHECK(open * unit::mL / unit::mmHg == Approx(0.175).margin(0.0005));
  for (Point p : {Point{30, 0.65, 0.13, 0.005, 0.005},
                  {40, 1.15, 0.38, 0.005, 0.005},
                  {50, 2.27, 1.09, 0.005, 0.005},
                  {55, 3.39, 1.88, 0.005, 0.005},
                  {60, 5.30, 3.33, 0.005, 0.005},
                  {65, 8.82, 6.21, 0.005, 0.005},
                  {70, 15.9, 12.4, 0.05, 0.05},
                  {75, 32.2, 27.2, 0.05, 0.05},
                  {80, 76.6, 69.7, 0.05, 0.05}}) {
    const auto l = loss(p.reduction_percent);
    CAPTURE(p.reduction_percent);
    // half a unit of the last printed digit
    CHECK((l.viscous + open) * unit::mL / unit::mmHg == Approx(p.a).epsilon(0).margin(p.half_digit_a));
    CHECK(l.turbulent * unit::mL * unit::mL / unit::mmHg == Approx(p.b).epsilon(0).margin(p.half_digit_b));
  }
}

TEST_CASE("no narrowing loses exactly nothing") {
  const auto l = loss(0.0);
  CHECK(l.viscous == 0.0);
  CHECK(l.turbulent == 0.0);
  CHECK(l.inertial == 0.0);
}

TEST_CASE("a tighter lesion loses more") {
  for (double reduction = 0.0; reduction < 90.0; reduction += 1.0) {
    CAPTURE(reduction);
    CHECK(loss(reduction + 1.0).viscous > loss(reduction).viscous);
    CHECK(loss(reduction + 1.0).turbulent > loss(reduction).turbulent);
  }
}

TEST_CASE("a longer lesion loses more to friction and the same at its exit") {
  for (double reduction : {20.0, 50.0, 80.0})
    for (double length = 1.0; length < 40.0; length += 1.0) {
      CAPTURE(reduction, length);
      CHECK(loss(reduction, length + 1.0).viscous > loss(reduction, length).viscous);
      CHECK(loss(reduction, length + 1.0).inertial > loss(reduction, length).inertial);
      CHECK(loss(reduction, length + 1.0).turbulent == loss(reduction, length).turbulent);
    }
}

}  // namespace coronet
