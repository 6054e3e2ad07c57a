#include <array>
#include <cmath>

#include <catch2/catch.hpp>

#include "model/arteriolar_tone.hpp"

namespace coronet {
namespace {

constexpr double strength_range = 1.5;  // largest s of the header

/// Radius at full activation and unit strength, relative to the passive radius at the same pressure.
double active_ratio(const tone::Order& o, double mmHg) {
  return 1.0 - tone::myogenic_loss(o, mmHg * unit::mmHg) / tone::passive_radius(o, mmHg * unit::mmHg);
}

double position(const tone::Blend& b) { return static_cast<double>(b.lower) + b.share; }

/// Liao & Kuo 1997, D/D at 100 mmHg of the passive vessel; `order` is the one whose constants were fitted to the class.
constexpr std::array<double, 7> measured_at_mmHg = {14.9, 29.4, 44.1, 58.8, 73.3, 88.3, 103.0};
struct Class {
  double diameter_um;
  std::size_t order;
  std::array<double, 7> relative_diameter;
};
constexpr std::array<Class, 4> myogenic = {{{37.0, 2, {0.683, 0.657, 0.643, 0.633, 0.636, 0.664, 0.691}},
                                            {62.0, 3, {0.746, 0.740, 0.652, 0.603, 0.566, 0.546, 0.541}},
                                            {95.0, 4, {0.676, 0.677, 0.651, 0.601, 0.566, 0.548, 0.541}},
                                            {180.0, 5, {0.760, 0.762, 0.713, 0.703, 0.710, 0.733, 0.755}}}};

/// Largest deviation from a curve of seven measurements, of the passive diameter at 100 mmHg.
double worst_deviation(const tone::Order& o, double strength, const std::array<double, 7>& measured) {
  double worst = 0.0;
  for (std::size_t i = 0; i < 7; ++i) {
    const double P = measured_at_mmHg[i] * unit::mmHg;
    const double R = tone::passive_radius(o, P) - strength * tone::myogenic_loss(o, P);
    worst = std::fmax(worst, std::fabs(R / tone::passive_radius(o, 100.0 * unit::mmHg) - measured[i]));
  }
  return worst;
}

}  // namespace

TEST_CASE("full tone narrows each order as computed by hand from the published constants") {
  struct Row {
    std::size_t order;
    std::array<double, 4> ratio;  // at 40, 60, 80, 100 mmHg
  };
  for (const Row& r : {Row{2, {0.60, 0.59, 0.60, 0.63}}, Row{3, {0.72, 0.58, 0.51, 0.49}},
                       Row{4, {0.62, 0.57, 0.54, 0.53}}, Row{5, {0.74, 0.70, 0.71, 0.72}}})
    for (std::size_t i = 0; i < 4; ++i) {
      const double mmHg = 40.0 + 20.0 * static_cast<double>(i);
      CAPTURE(r.order, mmHg);
      // half a unit of the printed digit
      CHECK(active_ratio(tone::orders[r.order], mmHg) == Approx(r.ratio[i]).epsilon(0).margin(0.005));
    }
}

TEST_CASE("the fitted orders have their stated radius at 80 mmHg") {
  for (std::size_t i : {0, 2, 3, 4, 5}) {
    const auto& o = tone::orders[i];
    CAPTURE(o.radius_um);
    // half a unit of the printed digit
    CHECK(tone::passive_radius(o, 80.0 * unit::mmHg) / unit::um == Approx(o.radius_um).epsilon(0).margin(0.05));
  }
  // Two rows of the table do not: their constants give 4.45 and 820 µm. Only the relative loss is used of them.
  CHECK(tone::passive_radius(tone::orders[1], 80.0 * unit::mmHg) / unit::um == Approx(4.45).epsilon(0).margin(0.005));
  CHECK(tone::passive_radius(tone::orders[6], 80.0 * unit::mmHg) / unit::um == Approx(820.4).epsilon(0).margin(0.05));
}

TEST_CASE("the orders are the vessels of Liao and Kuo, whose diameters are named with tone") {
  // Passive radius = half the diameter with tone over the measured ratio near 60 mmHg
  for (const Class& c : myogenic) {
    CAPTURE(c.diameter_um);
    CHECK(0.5 * c.diameter_um / c.relative_diameter[3] == Approx(tone::orders[c.order].radius_um).epsilon(0.13));
  }
}

TEST_CASE("vessels with tone are as wide as Liao and Kuo measured, within 0.09 of the passive diameter") {
  // Worst of seven pressures. The published constants make these, not the arithmetic: they give too much tone nearly
  // everywhere, most at low pressure in the classes of 37 and 95 µm
  constexpr std::array<double, 4> bound = {0.088, 0.052, 0.086, 0.033};
  for (std::size_t i = 0; i < 4; ++i) {
    const auto& o = tone::orders[myogenic[i].order];
    const double worst = worst_deviation(o, 1.0, myogenic[i].relative_diameter);
    CAPTURE(myogenic[i].diameter_um);
    CHECK(worst < bound[i]);
    CHECK(worst > bound[i] - 0.001);  // or the figures above are stale
    // The factor 1.2 of the published code is farther from these vessels than unit strength: 0.09 to 0.16
    CHECK(worst_deviation(o, 1.2, myogenic[i].relative_diameter) > worst + 0.05);
  }
}

TEST_CASE("passive vessels of the four fitted orders widen as Liao and Kuo measured, within 0.034") {
  constexpr std::array<double, 7> arterioles = {0.836, 0.897, 0.926, 0.953, 0.972, 0.987, 1.002};
  constexpr std::array<double, 7> small_artery = {0.850, 0.910, 0.936, 0.962, 0.978, 0.990, 1.003};
  // Measured 0.020, 0.034, 0.022 and 0.014 of the diameter at 100 mmHg
  CHECK(worst_deviation(tone::orders[2], 0.0, arterioles) < 0.021);
  CHECK(worst_deviation(tone::orders[3], 0.0, arterioles) < 0.034);
  CHECK(worst_deviation(tone::orders[4], 0.0, arterioles) < 0.022);
  CHECK(worst_deviation(tone::orders[5], 0.0, small_artery) < 0.015);
}

TEST_CASE("capillaries and the largest arteries have no tone") {
  for (double mmHg : {-20.0, 0.0, 20.0, 80.0, 160.0})
    for (double radius_um : {0.5, 3.1, 730.0, 2000.0})
      CHECK(tone::relative_loss(tone::blend(radius_um * unit::um), mmHg * unit::mmHg) == 0.0);
}

TEST_CASE("a vessel of an order has the constants of that order") {
  for (const auto& o : tone::orders)
    for (double mmHg : {-20.0, 20.0, 60.0, 100.0, 160.0}) {
      const double P = mmHg * unit::mmHg;
      const auto b = tone::blend(o.radius_um * unit::um);
      CAPTURE(o.radius_um, mmHg);
      // Rounding of the radius and of two logarithms; an absolute bound where a neighbour has tone and the order none
      CHECK(tone::relative_loss(b, P) ==
            Approx(tone::myogenic_loss(o, P) / tone::passive_radius(o, P)).epsilon(0).margin(1e-15));
      CHECK(tone::shear_factor(b, 2.0) == Approx(tone::shear_factor(o, 2.0)).epsilon(0).margin(1e-15));
    }
}

TEST_CASE("the blend moves evenly with the logarithm of the radius and stops at the ends of the table") {
  CHECK(position(tone::blend(0.1 * unit::um)) == 0.0);
  CHECK(position(tone::blend(1e4 * unit::um)) == 6.0);
  for (std::size_t i = 0; i + 1 < tone::orders.size(); ++i) {
    const double low = tone::orders[i].radius_um, high = tone::orders[i + 1].radius_um;
    for (double share : {0.25, 0.5, 0.75})
      // rounding of two logarithms
      CHECK(position(tone::blend(low * std::pow(high / low, share) * unit::um)) ==
            Approx(static_cast<double>(i) + share).epsilon(1e-14));
  }
  double before = -1.0;
  for (double radius_um = 3.2; radius_um < 730.0; radius_um *= 1.003) {
    const double now = position(tone::blend(radius_um * unit::um));
    REQUIRE(now > before);
    before = now;
  }
}

TEST_CASE("between two orders tone lies between theirs") {
  for (double mmHg : {20.0, 60.0, 100.0})
    for (std::size_t i = 0; i + 1 < tone::orders.size(); ++i) {
      const double P = mmHg * unit::mmHg;
      const double low = 1.0 - active_ratio(tone::orders[i], mmHg),
                   high = 1.0 - active_ratio(tone::orders[i + 1], mmHg);
      const double middle = std::sqrt(tone::orders[i].radius_um * tone::orders[i + 1].radius_um) * unit::um;
      // rounding: 1 − (1 − x)
      CHECK(tone::relative_loss(tone::blend(middle), P) == Approx(0.5 * (low + high)).epsilon(0).margin(1e-14));
    }
}

TEST_CASE("flow takes away at most F_max of tone, half of it at K") {
  for (const auto& o : tone::orders) {
    CAPTURE(o.radius_um);
    CHECK(tone::shear_factor(o, 0.0) == 0.0);
    CHECK(tone::shear_factor(o, 0.1 * o.K_tau_dyn_per_cm2) == Approx(0.5 * o.F_max).epsilon(1e-15));
    CHECK(tone::shear_factor(o, 1e9) == Approx(o.F_max).epsilon(3e-8));  // K/τ: 20 Pa of 1e9
    double before = -1.0;
    for (double shear = 0.0; shear < 1e4; shear = 1.1 * shear + 0.01) {
      const double F = tone::shear_factor(o, shear);
      if (o.F_max > 0.0) REQUIRE(F > before);
      REQUIRE(F <= o.F_max);
      before = F;
    }
  }
  // 15 dyn/cm² in the order of 81 µm: 1.0 · 15/82.5
  CHECK(tone::shear_factor(tone::blend(81.0 * unit::um), 1.5) == Approx(15.0 / 82.5).epsilon(1e-14));
}

TEST_CASE("tone never closes a vessel from -20 to 160 mmHg, at any strength of the stated range") {
  double largest = 0.0;
  for (double radius_um = 3.1; radius_um < 730.0; radius_um *= 1.02)
    for (double mmHg = -20.0; mmHg <= 160.0; mmHg += 0.5) {
      const double loss = tone::relative_loss(tone::blend(radius_um * unit::um), mmHg * unit::mmHg);
      REQUIRE(loss >= 0.0);
      largest = std::fmax(largest, loss);
    }
  CHECK(strength_range * largest < 0.77);  // measured 0.51 at unit strength, 49 µm at 105 mmHg
  CHECK(largest > 0.50);
}

TEST_CASE("myogenic loss is largest and flat at its pressure, and its width has half the loss of its top") {
  for (std::size_t i = 1; i < 6; ++i) {
    const auto& o = tone::orders[i];
    const double top = tone::myogenic_loss(o, o.phi_m_mmHg * unit::mmHg);
    CAPTURE(o.radius_um);
    CHECK(top == Approx(0.5 * o.rho_m_um * unit::um).epsilon(1e-15));
    for (double side : {-1.0, 1.0})  // atan 1 = π/4; rounding of mmHg to the fourth power
      CHECK(tone::myogenic_loss(o, (o.phi_m_mmHg + side * o.C_m_mmHg) * unit::mmHg) ==
            Approx(0.5 * top).epsilon(1e-14));
    CHECK(tone::myogenic_loss(o, (o.phi_m_mmHg + 0.1 * o.C_m_mmHg) * unit::mmHg) ==
          Approx(top).epsilon(1e-4));  // 2/π · 0.1⁴
  }
}

TEST_CASE("tone halves its distance to the target in Dankelman's half-times") {
  CHECK(std::exp(-16.0 / tone::time_constant(0.2, 0.4)) == Approx(0.5).epsilon(1e-15));
  CHECK(std::exp(-18.5 / tone::time_constant(0.4, 0.2)) == Approx(0.5).epsilon(1e-15));
}

}  // namespace coronet
