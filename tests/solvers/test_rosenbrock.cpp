/// Order and stability of the Rosenbrock steppers on problems with known solutions.
#include <cmath>

#include <catch2/catch.hpp>

#include "solvers/rosenbrock.hpp"

using namespace coronet;
namespace {

/// y′ = −λ (y − cos t) − sin t, y(0) = 1.5: solution cos t + e^{−λt}/2. Time enters twice.
struct Prothero {
  using State = std::array<double, 1>;
  double lambda, h;
  const double* times;
  State f, by_time;
  double g;
  void start(const State& x, std::size_t step, double diagonal) {
    const double t = h * static_cast<double>(step);
    f = {-lambda * (x[0] - std::cos(t)) - std::sin(t)};
    by_time = {-lambda * std::sin(t) - std::cos(t)};
    g = diagonal;
  }
  const State& rate_by_time() const { return by_time; }
  template <class Stage> void solve(Stage& stage, std::size_t step) const {
    const double t = h * (static_cast<double>(step) + times[Stage::time]), y = stage.point(0);
    const double rate = Stage::evaluates ? -lambda * (y - std::cos(t)) - std::sin(t) : f[0];
    stage.u()[0] = stage.right_hand_side(0, rate) / (g + lambda);
  }
};

/// Van der Pol, ε = 0.2, with a forcing: nonlinear, 2 × 2.
struct ForcedVanDerPol {
  using State = std::array<double, 2>;
  double h;
  const double* times;
  State f, by_time, x0;
  double g;
  static State right_hand_side(const State& y, double t) {
    return {y[1], 5.0 * ((1.0 - y[0] * y[0]) * y[1] - y[0]) + std::sin(3.0 * t)};
  }
  void start(const State& x, std::size_t step, double diagonal) {
    const double t = h * static_cast<double>(step);
    x0 = x, g = diagonal;
    f = right_hand_side(x, t);
    by_time = {0.0, 3.0 * std::cos(3.0 * t)};
  }
  const State& rate_by_time() const { return by_time; }
  template <class Stage> void solve(Stage& stage, std::size_t step) const {
    const State y = {stage.point(0), stage.point(1)};
    const State rate = Stage::evaluates ? right_hand_side(y, h * (static_cast<double>(step) + times[Stage::time])) : f;
    const State r = {stage.right_hand_side(0, rate[0]), stage.right_hand_side(1, rate[1])};
    const double c = 5.0 * (-2.0 * x0[0] * x0[1] - 1.0), d = 5.0 * (1.0 - x0[0] * x0[0]);
    const double determinant = g * (g - d) - c;
    stage.u() = {((g - d) * r[0] + r[1]) / determinant, (c * r[0] + g * r[1]) / determinant};
  }
};

template <class Tableau, class System>
typename System::State passed(System system, typename System::State x, double to, std::size_t steps) {
  Rosenbrock<Tableau, double, std::tuple_size<typename System::State>::value> stepper;
  system.h = to / static_cast<double>(steps);
  system.times = Tableau::times.data();
  for (std::size_t i = 0; i < steps; ++i) stepper.do_step(system, x, i, system.h, [](const auto&) {});
  return x;
}

double observed_order(double coarse, double fine) { return std::log2(coarse / fine); }

}  // namespace

TEMPLATE_TEST_CASE("a Rosenbrock stepper has its order, with forcing", "", Rodas3, Rodas4) {
  const auto prothero = [](std::size_t n) {
    Prothero problem{};
    problem.lambda = 1.0;
    return std::abs(passed<TestType>(problem, {1.5}, 2.0, n)[0] - (std::cos(2.0) + 0.5 * std::exp(-2.0)));
  };
  const double order = observed_order(prothero(40), prothero(80));
  INFO(order);
  CHECK(order > TestType::order - 0.2);
  const auto exact = passed<Rodas4>(ForcedVanDerPol{}, {2.0, 0.0}, 1.0, 20000);
  const auto van_der_pol = [&](std::size_t n) {
    return std::abs(passed<TestType>(ForcedVanDerPol{}, {2.0, 0.0}, 1.0, n)[1] - exact[1]);
  };
  const double nonlinear = observed_order(van_der_pol(160), van_der_pol(320));
  INFO(nonlinear);
  CHECK(nonlinear > TestType::order - 0.3);
}

TEMPLATE_TEST_CASE("a Rosenbrock stepper damps what is far too fast for its step", "", Rodas3, Rodas4) {
  Prothero problem{};
  problem.lambda = 1e8;
  CHECK(std::abs(passed<TestType>(problem, {1.5}, 2.0, 20)[0] - std::cos(2.0)) < 1e-6);
}
