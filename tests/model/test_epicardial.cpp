#include <array>
#include <cmath>

#include <catch2/catch.hpp>

#include "model/epicardial_segment.hpp"
#include "model/units.hpp"
#include "solvers/integrate.hpp"

namespace coronet {
namespace {

constexpr double viscosity = 3.5 * unit::mPa_s;
constexpr double density = 1055.0;
constexpr double rounding = 1e-14;  // of a dozen products

epicardial::Segment<double> artery(double length_mm, double diameter_mm, double branches = 1.0) {
  return epicardial::segment<double>({length_mm * unit::mm, diameter_mm * unit::mm, branches}, viscosity, density);
}

}  // namespace

TEST_CASE("the resistance of an open segment is Poiseuille's") {
  const double radius = 1.5 * unit::mm;
  const double poiseuille = 8.0 * viscosity * 0.040 / (stenosis::pi * std::pow(radius, 4));
  CHECK(artery(40.0, 3.0).resistance == Approx(poiseuille).epsilon(rounding));
}

TEST_CASE("the wave speed follows the coronary tree it was fitted to") {
  // m/s, printed with one digit; the fit of two coefficients is off by less than one unit of it
  CHECK(epicardial::wave_speed(4.5 * unit::mm) == Approx(7.9).margin(0.1));
  CHECK(epicardial::wave_speed(3.7 * unit::mm) == Approx(8.3).margin(0.1));
  CHECK(epicardial::wave_speed(0.9 * unit::mm) == Approx(15.6).margin(0.1));
}

TEST_CASE("a pulse travels a segment in length over wave speed, however many branches there are") {
  for (double diameter_mm : {1.0, 1.9, 3.7, 4.5, 6.0})
    for (double branches : {1.0, 2.7, 9.0}) {
      const auto s = artery(40.0, diameter_mm, branches);
      const double travel = 0.040 / epicardial::wave_speed(diameter_mm * unit::mm);
      CAPTURE(diameter_mm, branches);
      CHECK(std::sqrt(s.inertance * s.compliance) == Approx(travel).epsilon(rounding));
    }
}

TEST_CASE("branches of one generation share the flow that the parent carries") {
  // Huo and Kassab: the flow of a vessel goes with D^(7/3)
  for (double diameter_mm : {3.7, 3.0, 1.9, 0.5}) {
    const double n = epicardial::branch_number(3.7 * unit::mm, diameter_mm * unit::mm);
    CAPTURE(diameter_mm);
    CHECK(n * std::pow(diameter_mm, 7.0 / 3.0) == Approx(std::pow(3.7, 7.0 / 3.0)).epsilon(1e-13));
  }
  CHECK(epicardial::branch_number(0.003, 0.003) == 1.0);
}

TEST_CASE("n equal branches conduct and store n times as much as one") {
  const auto one = artery(55.0, 1.9);
  const auto n = artery(55.0, 1.9, 4.7);
  CHECK(1.0 / n.resistance == Approx(4.7 / one.resistance).epsilon(rounding));
  CHECK(1.0 / n.inertance == Approx(4.7 / one.inertance).epsilon(rounding));
  CHECK(n.compliance == Approx(4.7 * one.compliance).epsilon(rounding));
}

TEST_CASE("a lesion feels only the flow of the main vessel") {
  const stenosis::Loss<double> loss = {3e8, 4e14, 2e6};
  auto one = artery(55.0, 1.9), n = artery(55.0, 1.9, 4.7);
  const double open = n.resistance;
  epicardial::add_lesion(one, loss);
  epicardial::add_lesion(n, loss);
  const double flow = 1e-6;  // of the territory
  const double main = flow / 4.7;
  const double drop = (n.resistance + n.lesion_viscous) * flow + n.lesion_turbulent * flow * flow;
  CHECK(drop == Approx(open * flow + loss.viscous * main + loss.turbulent * main * main).epsilon(rounding));
  CHECK(n.inertance * flow == Approx(one.inertance * main).epsilon(rounding));
}

TEST_CASE("the loss always opposes the flow") {
  auto s = artery(40.0, 3.0);
  epicardial::add_lesion(s, stenosis::loss<double>({3.0 * unit::mm, 0.6, 10.0 * unit::mm, 1.52}, viscosity, density));
  const double flow = 2.0 * unit::mL;
  CHECK(epicardial::flow_rate_of_change(s, 0.0, 0.0, flow, 1.0) < 0.0);
  CHECK(epicardial::flow_rate_of_change(s, 0.0, 0.0, -flow, 1.0) ==
        -epicardial::flow_rate_of_change(s, 0.0, 0.0, flow, 1.0));
}

TEST_CASE("flow between fixed pressures settles where friction and exit loss take all the pressure") {
  for (double reduction : {0.0, 0.5, 0.8}) {
    auto s = artery(40.0, 3.0);
    epicardial::add_lesion(
        s, stenosis::loss<double>({3.0 * unit::mm, reduction, 10.0 * unit::mm, 1.52}, viscosity, density));
    for (double drop : {30.0 * unit::mmHg, -30.0 * unit::mmHg}) {
      const double a = s.resistance + s.lesion_viscous, b = s.lesion_turbulent, size = std::fabs(drop);
      // root of b Q² + a Q = |ΔP|, in the form that also holds for b = 0
      const double steady = std::copysign(2.0 * size / (a + std::sqrt(a * a + 4.0 * b * size)), drop);
      std::array<double, 1> flow = {0.0};
      const auto momentum = [&](const auto& x, auto& rate, double) {
        rate[0] = epicardial::flow_rate_of_change(s, drop, 0.0, x[0], 1.0 / s.inertance);
      };
      // The slowest relaxation is R/L; after 40 time constants e^−40 is left, so only rounding
      integrate_fixed(momentum, flow, 40.0 * s.inertance / s.resistance, 20'000, NoObserver{});
      CAPTURE(reduction, drop);
      CHECK(flow[0] == Approx(steady).epsilon(1e-12));
    }
  }
}

TEST_CASE("a stent takes nine tenths of the compliance over its length and no more than that") {
  const auto bare = artery(40.0, 3.0);
  auto half = bare, whole = bare, longer = bare;
  epicardial::stiffen(half, 0.020);
  epicardial::stiffen(whole, 0.040);
  epicardial::stiffen(longer, 0.080);
  CHECK(half.compliance == Approx(0.55 * bare.compliance).epsilon(rounding));
  CHECK(whole.compliance == Approx(0.1 * bare.compliance).epsilon(rounding));
  CHECK(longer.compliance == whole.compliance);
}

}  // namespace coronet
