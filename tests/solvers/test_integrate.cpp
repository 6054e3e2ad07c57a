#include "solvers/integrate.hpp"

#include <array>
#include <cmath>
#include <iterator>
#include <string>

#include <catch2/catch.hpp>

namespace coronet {
namespace {

using State = std::array<double, 2>;

/// A circle walked at a speed that is a function of time: φ' = 10 + 8 cos t, (x, y) = (sin φ, cos φ).
struct Forced {
  void operator()(const State& x, State& rate, double t) const {
    const double speed = 10.0 + 8.0 * std::cos(t);
    rate[0] = speed * x[1];
    rate[1] = -speed * x[0];
  }
  static State solution(double t) {
    const double angle = 10.0 * t + 8.0 * std::sin(t);
    return {std::sin(angle), std::cos(angle)};
  }
};

constexpr double period = 1.5;

double distance(const State& a, const State& b) { return std::fmax(std::fabs(a[0] - b[0]), std::fabs(a[1] - b[1])); }

double error_of_fixed_steps(std::size_t steps) {
  Forced system;
  State x = Forced::solution(0.0);
  integrate_fixed(system, x, period, steps, NoObserver{});
  return distance(x, Forced::solution(period));
}

double error_of_dormand_prince(std::size_t steps) {
  DormandPrince5<State> stepper;
  State x = Forced::solution(0.0);
  const double dt = period / static_cast<double>(steps);
  for (std::size_t i = 0; i < steps; ++i) stepper.do_step(Forced{}, x, dt * static_cast<double>(i), dt);
  return distance(x, Forced::solution(period));
}

}  // namespace

// Orders are observed where the error is still far above rounding (1e-15 per step) and its next term, one power of the
// step further, is small.

TEST_CASE("fixed Runge-Kutta steps are of order four also where time acts directly") {
  for (std::size_t steps : {80, 160, 320, 640}) {
    const double order = std::log2(error_of_fixed_steps(steps) / error_of_fixed_steps(2 * steps));
    CAPTURE(steps);
    CHECK(order == Approx(4.0).epsilon(0).margin(0.1));
  }
}

TEST_CASE("Dormand-Prince steps are of order five also where time acts directly") {
  for (std::size_t steps : {160, 320, 640}) {
    const double order = std::log2(error_of_dormand_prince(steps) / error_of_dormand_prince(2 * steps));
    CAPTURE(steps);
    CHECK(order == Approx(5.0).epsilon(0).margin(0.2));
  }
}

TEST_CASE("adaptive steps are as accurate as the tolerance asks") {
  // The tolerance bounds the error of one step, eps (1 + |x|) ≤ 2 eps; on a circle the errors of all steps add up.
  std::size_t before = 0;
  for (double tolerance : {1e-4, 1e-6, 1e-8, 1e-10}) {
    Forced system;
    State x = Forced::solution(0.0);
    const std::size_t steps = integrate_adaptive(system, x, 0.0, period, tolerance);
    CAPTURE(tolerance, steps);
    CHECK(distance(x, Forced::solution(period)) < 2.0 * tolerance * static_cast<double>(steps));
    CHECK(steps > before);
    before = steps;
  }
}

TEST_CASE("adaptive steps run from any time to any later time and end there") {
  // Time acts directly: a clock that starts at zero, or overshoots, would be seen
  for (double from : {0.0, 0.4, 7.0})
    for (double length : {0.01, 0.7, 3.0}) {
      constexpr double tolerance = 1e-9;
      Forced system;
      State x = Forced::solution(from);
      const std::size_t steps = integrate_adaptive(system, x, from, from + length, tolerance);
      CAPTURE(from, length, steps);
      CHECK(steps >= 1);
      CHECK(distance(x, Forced::solution(from + length)) < 2.0 * tolerance * static_cast<double>(steps));
    }
}

TEST_CASE("two adaptive spans are one") {
  constexpr double tolerance = 1e-9;
  Forced system;
  State whole = Forced::solution(0.0), parts = whole;
  std::size_t steps = integrate_adaptive(system, whole, 0.0, period, tolerance);
  steps += integrate_adaptive(system, parts, 0.0, 0.4 * period, tolerance);
  steps += integrate_adaptive(system, parts, 0.4 * period, period, tolerance);
  CHECK(distance(whole, parts) < 2.0 * tolerance * static_cast<double>(steps));  // the errors of both ways
}

TEST_CASE("the observer sees every fixed step from its start, with the system evaluated there") {
  Forced forced;
  State at_evaluation{};
  double time_of_evaluation = -1.0;
  const auto system = [&](const State& x, State& rate, double t) {
    at_evaluation = x;
    time_of_evaluation = t;
    forced(x, rate, t);
  };
  std::size_t seen = 0;
  double covered = 0.0;
  State x = Forced::solution(0.0);
  integrate_fixed(system, x, period, 100, [&](const State& y, double t, double dt) {
    CHECK(y == at_evaluation);
    CHECK(t == time_of_evaluation);
    CHECK(t == Approx(period * static_cast<double>(seen) / 100.0).epsilon(1e-14));
    ++seen;
    covered += dt;
  });
  CHECK(seen == 100);
  CHECK(covered == Approx(period).epsilon(1e-14));
}

TEST_CASE("the stated limit of stable steps is inside the true one") {
  // x' = −λ x: RK4 multiplies by 1 − z + z²/2 − z³/6 + z⁴/24, which reaches 1 at z = 2.785
  const auto decays = [](double z) {
    std::array<double, 1> x = {1.0};
    const auto decay = [z](const auto& y, auto& rate, double) { rate[0] = -z * y[0]; };
    integrate_fixed(decay, x, 200.0, 200, NoObserver{});
    return std::fabs(x[0]) < 1.0;
  };
  CHECK(decays(rk4_stability_limit));
  CHECK(decays(2.78));
  CHECK_FALSE(decays(2.79));
}

}  // namespace coronet
