#include <cmath>

#include <catch2/catch.hpp>

#include "model/metabolic_feedback.hpp"

namespace coronet {
namespace {

namespace feedback = metabolic_feedback;
constexpr feedback::Parameters<double> law = {0.30, 6.0};

}  // namespace

TEST_CASE("tone is one at the set point, but for the bend at zero") {
  const double bend = std::exp(-feedback::sharpness) / feedback::sharpness;  // 5e-7: ln(1 + e^−k)/k
  CHECK(feedback::target(law, 0.30) == Approx(1.0 + bend).epsilon(1e-11));   // next term of the logarithm: e^−2k/2k
}

TEST_CASE("tone rises with the oxygen left over by the gain") {
  for (double S : {0.28, 0.30, 0.40, 0.60}) {
    const double h = 1e-4;
    const double slope = (feedback::target(law, S + h) - feedback::target(law, S - h)) / (2.0 * h);
    const double x = 1.0 + law.gain * (S - law.set_point);
    CAPTURE(S);
    // gain × logistic(k x); truncation (k g h)²/6 = 9e-6 times what the bend leaves there, e^−k x < 3e-5
    CHECK(slope == Approx(law.gain / (1.0 + std::exp(-feedback::sharpness * x))).epsilon(1e-8));
    CHECK(slope == Approx(law.gain).epsilon(1e-4));  // far above the bend: e^−k x at S = 0.28
  }
}

TEST_CASE("tone fades smoothly to zero and never below") {
  double before = 0.0, slope_before = 0.0;
  const double h = 1e-4;
  for (double S = 0.0; S < 0.3; S += h) {
    const double u = feedback::target(law, S);
    REQUIRE(u >= 0.0);
    REQUIRE(u >= before);
    const double slope = (feedback::target(law, S + h) - u) / h;
    // Curvature is at most k g²/4 (the logistic's steepest slope): no corner
    if (S > 0.0) REQUIRE(slope - slope_before < 1.001 * h * feedback::sharpness * law.gain * law.gain / 4.0);
    REQUIRE(slope >= slope_before - 1e-9);  // convex, up to rounding of u over h
    before = u;
    slope_before = slope;
  }
  CHECK(feedback::target(law, 0.0) < 1e-4);     // tone is empty before oxygen is: e^−k·0.8/k
  CHECK(feedback::target(law, -100.0) == 0.0);  // no overflow far outside
  CHECK(std::isfinite(feedback::target(law, 100.0)));
}

TEST_CASE("normal tone raises resistance 3, 12 and 6 times where vessels have muscle") {
  const auto resistance = [](std::size_t k) { return std::pow(feedback::area_factor(k, 1.0), -2); };
  CHECK(resistance(bed::small_artery) == Approx(3.0).epsilon(1e-14));  // rounding of exp and a square
  CHECK(resistance(bed::arteriole) == Approx(12.0).epsilon(1e-14));
  CHECK(resistance(bed::terminal_arteriole) == Approx(6.0).epsilon(1e-14));
  CHECK(resistance(bed::capillary) == 1.0);
  CHECK(resistance(bed::vein) == 1.0);
  for (std::size_t k = 0; k < bed::compartments; ++k) CHECK(feedback::area_factor(k, 0.0) == 1.0);
}

TEST_CASE("tone halves its distance to the target in Dankelman's half-times") {
  CHECK(std::exp(-5.5 / feedback::time_constant(0.2, 1.0)) == Approx(0.5).epsilon(1e-15));
  CHECK(std::exp(-6.4 / feedback::time_constant(1.0, 0.2)) == Approx(0.5).epsilon(1e-15));
}

}  // namespace coronet
