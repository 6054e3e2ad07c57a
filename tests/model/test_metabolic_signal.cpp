#include <cmath>

#include <catch2/catch.hpp>

#include "model/metabolic_signal.hpp"
#include "tests/model/sequence.hpp"

namespace coronet {
namespace {

using metabolic::venous_atp, metabolic::mvo2_flow, metabolic::feedback_feedforward;
using Input = metabolic::Input<double>;

constexpr metabolic::Parameters<double> law = {0.30, 0.3, 0.1};
constexpr metabolic::Parameters<double> steep = {0.30, 0.3, 0.037};  // e^(−0.97/S_0) = 4e-12: arterial blood is silent

/// Signal relative to rest, from the dilation it causes.
double signal(std::size_t which, const metabolic::Parameters<double>& c, const Input& u) {
  const double F = metabolic::dilation(which, c, u);
  return F / (1.0 - F) * (1.0 - c.dilation_at_rest) / c.dilation_at_rest;
}

constexpr std::size_t all[] = {venous_atp, mvo2_flow, feedback_feedforward};

}  // namespace

TEST_CASE("at rest every signal dilates as much as the patient's resting dilation says") {
  for (std::size_t which : all)
    for (double set_point : {0.2, 0.3, 0.4})
      for (double at_rest : {0.05, 0.3, 0.8})
        for (double scale : {0.037, 0.1, 0.3})
          for (double arterial : {0.8, 0.97, 1.0}) {
            CAPTURE(which, set_point, at_rest, scale, arterial);
            // rounding of a handful of operations
            CHECK(metabolic::dilation<double>(which, {set_point, at_rest, scale},
                                              {set_point, arterial, 1.0, 1.0, 1.0}) == Approx(at_rest).epsilon(1e-14));
          }
}

TEST_CASE("metabolic dilation stays between none and all") {
  for (std::size_t which : all)
    for (int i = 0; i < 5000; ++i) {
      // Venous saturation may pass the arterial one here, which only an error upstream could bring about
      const Input u = {spread(i, 0.0, 1.0), spread(i, 0.5, 1.0, 1), spread(i, 0.01, 8.0, 2), spread(i, 0.0, 10.0, 3),
                       spread(i, 0.01, 8.0, 2)};
      const double F = metabolic::dilation(which, law, u);
      CAPTURE(which, u.saturation, u.arterial_saturation, u.demand, u.flow);
      REQUIRE(F >= 0.0);
      REQUIRE(F <= 1.0);
    }
}

TEST_CASE("the ATP signal falls e-fold with each step of its saturation scale") {
  for (double S : {0.1, 0.2, 0.3, 0.4, 0.3}) {
    const double ratio = signal(venous_atp, steep, {S, 0.97, 1.0, 1.0, 1.0}) /
                         signal(venous_atp, steep, {S + steep.atp_saturation_scale, 0.97, 1.0, 1.0, 1.0});
    CAPTURE(S);
    CHECK(ratio == Approx(std::exp(1.0)).epsilon(1e-5));  // e^(−(0.97 − S − S_0)/S_0): 6e-7 at S = 0.44
  }
}

TEST_CASE("venous blood that lost no oxygen carries no ATP") {
  for (double S_a : {0.8, 0.97}) CHECK(metabolic::dilation(venous_atp, law, {S_a, S_a, 1.0, 1.0, 1.0}) == 0.0);
  // Desaturated arterial blood brings its own release with it, that of [2] is what the tissue adds
  CHECK(metabolic::atp(law, {0.30, 0.80, 1.0, 1.0, 1.0}) == Approx(1.0).epsilon(1e-14));
}

TEST_CASE("the ATP signal is inverse in consumption and does not see flow") {
  for (double S : {0.15, 0.3, 0.5})
    for (double m : {0.5, 1.0, 2.0, 4.0, 2.0}) {
      CAPTURE(S, m);
      // rounding, which 1 − F enlarges tenfold
      CHECK(signal(venous_atp, law, {S, 0.97, m, 1.0, m}) ==
            Approx(signal(venous_atp, law, {S, 0.97, 1.0, 1.0, 1.0}) / m).epsilon(1e-13));
      CHECK(metabolic::dilation(venous_atp, law, {S, 0.97, m, 1.0, m}) ==
            metabolic::dilation(venous_atp, law, {S, 0.97, m, 7.0, m}));
    }
}

TEST_CASE("the signal of consumption and flow sees their product and nothing else") {
  for (double product : {0.1, 1.0, 2.0, 9.0, 2.0}) {
    const double F = metabolic::dilation(mvo2_flow, law, {0.3, 0.97, product, 1.0, product});
    for (double m : {0.25, 0.5, 4.0})  // exact quotients
      for (double S : {0.1, 0.6}) CHECK(metabolic::dilation(mvo2_flow, law, {S, 0.9, m, product / m, m}) == F);
    // rounding of a power and of 1 − F
    CHECK(signal(mvo2_flow, law, {0.3, 0.97, product, 1.0, product}) == Approx(std::pow(product, 0.4)).epsilon(1e-13));
  }
  // ψ_rest = 3/7; four times the signal: 12/19 when the exponent were one, hand-computed 4^0.4 = 1.7411
  CHECK(metabolic::dilation(mvo2_flow, law, {0.3, 0.97, 2.0, 2.0, 2.0}) ==
        Approx(1.7411 * 3.0 / (7.0 + 1.7411 * 3.0)).epsilon(1e-5));  // last printed digit
}

TEST_CASE("without flow the signal of consumption and flow is silent, and finite") {
  const double F = metabolic::dilation(mvo2_flow, law, {0.3, 0.97, 1.0, 0.0, 1.0});
  CHECK(F >= 0.0);
  CHECK(F < 2e-3);  // the floor (1e-6)^0.4 times 3/7
}

TEST_CASE("feed-forward answers demand before saturation changes, feedback alone does not") {
  double forward = metabolic::dilation(feedback_feedforward, law, {0.3, 0.97, 1.0, 1.0, 1.0});
  double back = metabolic::dilation(venous_atp, law, {0.3, 0.97, 1.0, 1.0, 1.0});
  for (double m = 1.1; m < 6.0; m += 0.1) {
    const double f = metabolic::dilation(feedback_feedforward, law, {0.3, 0.97, m, 1.0, m});
    const double b = metabolic::dilation(venous_atp, law, {0.3, 0.97, m, 1.0, m});
    CAPTURE(m);
    CHECK(f > forward);
    CHECK(b < back);
    forward = f;
    back = b;
  }
  // By hand at twice the demand: 0.3/2 + 0.7 · 1.64/0.64 = 1.94375
  CHECK(signal(feedback_feedforward, law, {0.3, 0.97, 2.0, 1.0, 2.0}) == Approx(1.94375).epsilon(1e-14));
}

TEST_CASE("nerves are silent below their demand, and feedback goes on") {
  for (double S : {0.2, 0.3})
    for (double m : {0.1, 0.36})  // rounding of 1 − F
      CHECK(signal(feedback_feedforward, law, {S, 0.97, m, 1.0, m}) ==
            Approx(0.3 * metabolic::atp(law, {S, 0.97, m, 1.0, m})).epsilon(1e-13));
}

TEST_CASE("less venous oxygen dilates more where the signal looks at it") {
  for (std::size_t which : {venous_atp, feedback_feedforward}) {
    double before = 1.0;
    for (double S = 0.02; S < 0.97; S += 0.01) {
      const double F = metabolic::dilation(which, law, {S, 0.97, 1.0, 1.0, 1.0});
      CHECK(F < before);
      before = F;
    }
  }
}

TEST_CASE("dilation conducted upstream fades e-fold per millimetre") {
  // e^−0.7 and e^−0.2, half a unit of the printed digit
  CHECK(metabolic::conducted[bed::small_artery] == Approx(std::exp(-0.7)).epsilon(0).margin(0.005));
  CHECK(metabolic::conducted[bed::arteriole] == Approx(std::exp(-0.2)).epsilon(0).margin(0.005));
  CHECK(metabolic::conducted[bed::terminal_arteriole] == 1.0);
  CHECK(metabolic::conducted[bed::capillary] == 0.0);
  CHECK(metabolic::conducted[bed::vein] == 0.0);
}

}  // namespace coronet
