#include <array>
#include <cmath>
#include <cstring>

#include <catch2/catch.hpp>

#include "model/arteriolar_tone.hpp"
#include "model/dual.hpp"
#include "model/endothelium.hpp"
#include "model/metabolic_signal.hpp"
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
  for (int i = 0; i < 1000; ++i) {
    const double x = spread(i, 0.05, 9.0);
    const D v = variable(x);
    CAPTURE(x);
    CHECK(exp(v).derivative == Approx(std::exp(x)).epsilon(1e-14));
    CHECK(log(v).derivative == Approx(1.0 / x).epsilon(1e-14));
    CHECK(pow(v, D(2.7)).derivative == Approx(2.7 * std::pow(x, 1.7)).epsilon(1e-14));
    CHECK(atan(v).derivative == Approx(1.0 / (1.0 + x * x)).epsilon(1e-15));
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
      const auto exact = bed::rate(dual, dual, seeded, {D(u.p_in), D(u.p_out), D(u.p_im)});
      const double h = 3e-6 * (c.V_max[k] - V[k]);
      auto low = V, high = V;
      low[k] -= h;
      high[k] += h;
      const auto a = bed::rate(c, c, low, u), b = bed::rate(c, c, high, u);
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

TEST_CASE("the derivative of a volume with respect to pressure is one over the elastance") {
  const auto c = example_bed<double>();
  const auto dual = example_bed<D>();
  for (std::size_t k = 0; k < bed::compartments; ++k)
    for (double mmHg = -90.0; mmHg <= 250.0; mmHg += 3.7) {
      const D V = wall::volume(dual.shape[k], dual.V_max[k], variable(mmHg * unit::mmHg));
      CAPTURE(k, mmHg);
      // Near full distension dV/dP is a difference of nearly equal numbers: V/(P dV/dP), at most 20 here.
      // Measured 5e-15
      CHECK(V.derivative * wall::elastance(c.shape[k], c.V_max[k], V.value) == Approx(1.0).epsilon(2e-14));
    }
}

TEST_CASE("the derivative of the relative loss of radius with respect to pressure is the central difference") {
  for (double radius_um : {8.5, 40.0, 60.0, 150.0})
    for (double mmHg = -20.0; mmHg <= 160.0; mmHg += 4.3) {
      const auto b = tone::blend(radius_um * unit::um);
      const double P = mmHg * unit::mmHg, h = 0.003 * unit::mmHg;
      const double exact = tone::relative_loss(b, variable(P)).derivative;
      const double difference = (tone::relative_loss(b, P + h) - tone::relative_loss(b, P - h)) / (2.0 * h);
      CAPTURE(radius_um, mmHg);
      // In 1/mmHg: truncation h²/6 times a third derivative near 1e-3/mmHg³ (10 mmHg wide
      // curves), rounding 1e-16/h. Measured 6e-9
      CHECK(exact * unit::mmHg == Approx(difference * unit::mmHg).epsilon(0).margin(2e-8));
    }
}

TEST_CASE("the derivative of metabolic dilation with respect to each input is the central difference") {
  const metabolic::Parameters<double> c = {0.30, 0.3, 0.1};
  const metabolic::Parameters<D> dual = {D(0.30), D(0.3), D(0.1)};
  for (std::size_t signal : {metabolic::venous_atp, metabolic::mvo2_flow, metabolic::feedback_feedforward})
    for (int i = 0; i < 100; ++i) {
      const std::array<double, 5> at = {spread(i, 0.1, 0.8), spread(i, 0.9, 1.0, 1), spread(i, 0.4, 4.0, 2),
                                        spread(i, 0.2, 5.0, 3), spread(i, 0.4, 4.0, 4)};
      const auto plain = [&](const std::array<double, 5>& u) {
        return metabolic::dilation<double>(signal, c, {u[0], u[1], u[2], u[3], u[4]});
      };
      for (std::size_t k = 0; k < 5; ++k) {
        std::array<D, 5> u = {D(at[0]), D(at[1]), D(at[2]), D(at[3]), D(at[4])};
        u[k] = variable(at[k]);
        const double exact = metabolic::dilation<D>(signal, dual, {u[0], u[1], u[2], u[3], u[4]}).derivative;
        constexpr double h = 1e-5;
        auto low = at, high = at;
        low[k] -= h;
        high[k] += h;
        CAPTURE(signal, i, k);
        // Truncation (h/S_0)²/6 = 2e-9 times a slope of at most 1/(4 S_0); rounding 1e-16/h. Measured
        // 2e-9
        CHECK(exact == Approx((plain(high) - plain(low)) / (2.0 * h)).epsilon(0).margin(1e-8));
      }
    }
}

TEST_CASE("the derivative of nitric oxide with respect to endothelial function is the central difference") {
  for (std::size_t k : {bed::small_artery, bed::arteriole, bed::terminal_arteriole})
    for (double e : {0.1, 0.5, 0.9})
      for (double acetylcholine : {0.0, 1e-5, 1e-4, 1e-3}) {
        const auto plain = [&](double f) { return endothelium::nitric_oxide(k, f, 0.2, acetylcholine); };
        const double h = 1e-5;
        const double exact = endothelium::nitric_oxide(k, variable(e), D(0.2), D(acetylcholine)).derivative;
        CAPTURE(k, e, acetylcholine);
        // Truncation (h ln 10)²/6 = 1e-10 of slopes near one, rounding 1e-16/h = 1e-11. Measured 4e-11
        CHECK(exact == Approx((plain(e + h) - plain(e - h)) / (2.0 * h)).epsilon(0).margin(2e-10));
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
