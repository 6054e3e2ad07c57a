#include <array>
#include <cmath>
#include <cstring>

#include <catch2/catch.hpp>

#include "model/dual.hpp"
#include "model/metabolic_feedback.hpp"
#include "model/oxygen.hpp"
#include "tests/model/example_bed.hpp"

namespace coronet {
namespace {

using D = Dual<double>;
D variable(double x) { return {x, 1.0}; }

bool same_bits(double a, double b) { return std::memcmp(&a, &b, sizeof a) == 0; }

heart::Waves<double> normal_heart() {
  return heart::waves<double>({.rate = 65.0 / 60.0,
                               .systolic = 120.0 * unit::mmHg,
                               .diastolic = 80.0 * unit::mmHg,
                               .contractility = 1.0,
                               .lv_end_diastolic = 8.0 * unit::mmHg,
                               .rv_end_diastolic = 4.0 * unit::mmHg,
                               .rv_systolic = 25.0 * unit::mmHg,
                               .right_atrial = 5.0 * unit::mmHg});
}

}  // namespace

TEST_CASE("elementary functions of a dual number carry the textbook derivatives") {
  // Derivatives of the approximating polynomials, one degree lower than the functions: a few ulp
  for (int i = 0; i < 1000; ++i) {
    const double x = spread(i, 0.05, 9.0);
    const D v = variable(x);
    CAPTURE(x);
    CHECK(exp(v).derivative == Approx(std::exp(x)).epsilon(1e-14));
    CHECK(log(v).derivative == Approx(1.0 / x).epsilon(1e-14));
    CHECK(pow(v, D(2.7)).derivative == Approx(2.7 * std::pow(x, 1.7)).epsilon(1e-14));
    CHECK(atan(v).derivative == Approx(1.0 / (1.0 + x * x)).epsilon(1e-13));  // 22 terms, the last ones are 1e-16
    CHECK(sqrt(v).derivative == Approx(0.5 / std::sqrt(x)).epsilon(1e-15));
    CHECK((D(3.0) / v).derivative == Approx(-3.0 / (x * x)).epsilon(1e-15));
    CHECK(abs(-v).derivative == 1.0);
    CHECK(same_bits(exp(v).value, exp(x)));
    CHECK(same_bits(log(v).value, log(x)));
    CHECK(same_bits(pow(v, D(2.7)).value, pow(x, 2.7)));
    CHECK(same_bits(atan(v).value, atan(x)));
  }
}

TEST_CASE("a dual number of dual numbers carries second derivatives") {
  using DD = Dual<D>;
  const double x = 1.7;
  const DD v(variable(x), D(1.0));
  CHECK((v * v * v).derivative.derivative == Approx(6.0 * x).epsilon(1e-15));
  CHECK((DD(D(1.0)) / v).derivative.derivative == Approx(2.0 / (x * x * x)).epsilon(1e-15));
}

TEST_CASE("the derivative of a bed with respect to a volume is the central difference") {
  const auto c = example_bed<double>();
  const auto dual = example_bed<D>();
  for (int state = 0; state < 50; ++state) {
    const bed::Input<double> u = {spread(state, 60.0, 110.0, 5) * unit::mmHg, 5.0 * unit::mmHg,
                                  spread(state, 0.0, 100.0, 6) * unit::mmHg};
    for (std::size_t k = 0; k < bed::compartments; ++k) {
      const auto V = example_volumes<double>(c, state);
      auto seeded = example_volumes<D>(c, state);
      seeded[k] = variable(V[k]);
      const auto exact = bed::rate(dual, seeded, {D(u.p_in), D(u.p_out), D(u.p_im)});
      const double h = 3e-6 * (c.V_max[k] - V[k]);
      auto low = V, high = V;
      low[k] -= h;
      high[k] += h;
      const auto a = bed::rate(c, low, u), b = bed::rate(c, high, u);
      double largest = 0.0;
      for (const auto& rate : exact.volume_rate) largest = std::fmax(largest, std::fabs(rate.derivative));
      for (std::size_t i = 0; i < bed::compartments; ++i) {
        const double difference = (b.volume_rate[i] - a.volume_rate[i]) / (high[k] - low[k]);
        CAPTURE(state, k, i);
        // Truncation (h/(V_max − V))² = 1e-11 times small numbers, rounding 1e-16/3e-6 times the size of the flows
        REQUIRE(std::fabs(exact.volume_rate[i].derivative - difference) < 1e-8 * largest);
      }
    }
  }
}

TEST_CASE("the derivative of the metabolic target is the central difference and nearly the gain") {
  namespace feedback = metabolic_feedback;
  for (double S : {0.05, 0.12, 0.2, 0.3, 0.6}) {
    const double exact = feedback::target<D>({D(0.3), D(6.0)}, variable(S)).derivative;
    const double h = 1e-5;
    const double difference =
        (feedback::target<double>({0.3, 6.0}, S + h) - feedback::target<double>({0.3, 6.0}, S - h)) / (2.0 * h);
    CAPTURE(S);
    // Truncation (k g h)²/6 = 9e-8 of the curvature's share; rounding 1e-16/h
    CHECK(exact == Approx(difference).epsilon(1e-7));
  }
}

TEST_CASE("the derivative of oxygen saturation with tension is Hill's") {
  for (double mmHg : {5.0, 20.0, 26.8, 40.0, 95.0}) {
    const D S = oxygen::saturation(variable(mmHg * unit::mmHg));
    const double exact = oxygen::hill_exponent * S.value * (1.0 - S.value) / (mmHg * unit::mmHg);
    CHECK(S.derivative == Approx(exact).epsilon(1e-13));  // 1 − S loses a digit at 95 mmHg
  }
}

TEST_CASE("the network on dual numbers has the bits of the plain network and its derivatives") {
  const auto c = example_network<double>();
  const auto dual = example_network<D>();
  const auto waves = normal_heart();
  for (int i = 0; i < 20; ++i) {
    const auto f = heart::forcing(waves, waves.period * i / 20.0);
    const heart::Forcing<D> g = {D(f.aortic),       D(f.left_ventricular), D(f.right_ventricular),
                                 D(f.right_atrial), D(f.activation),       D(f.peak_left_ventricular)};
    const auto x = example_state<double>(i);
    auto y = example_state<D>(i);
    const std::size_t seeded = network::flow_at + network::segment_of(network::lad, network::proximal);
    y[seeded] = variable(x[seeded]);
    network::Snapshot<double> plain;
    network::Snapshot<D> carried;
    network::evaluate(c, x, f, plain);
    network::evaluate(dual, y, g, carried);
    for (std::size_t k = 0; k < network::state_size; ++k) REQUIRE(same_bits(plain.rate[k], carried.rate[k].value));
    const auto& s = c.segment[network::segment_of(network::lad, network::proximal)];
    const double damping =
        -(s.resistance + s.lesion_viscous + 2.0 * s.lesion_turbulent * std::fabs(x[seeded])) / s.inertance;
    CHECK(carried.rate[seeded].derivative == Approx(damping).epsilon(1e-14));
    CHECK(carried.rate[network::ostial_at].derivative == 0.0);
  }
}

}  // namespace coronet
