#include <algorithm>
#include <array>
#include <cmath>

#include <Eigen/Dense>
#include <catch2/catch.hpp>

#include "tests/model/example_bed.hpp"

namespace coronet {
namespace {

using Volumes = std::array<double, bed::compartments>;

constexpr bed::Input<double> diastole = {85.0 * unit::mmHg, 5.0 * unit::mmHg, 10.0 * unit::mmHg};

bed::Input<double> random_input(int i) {
  return {spread(i, 20.0, 160.0, 5) * unit::mmHg, spread(i, 0.0, 20.0, 6) * unit::mmHg,
          spread(i, 0.0, 140.0, 7) * unit::mmHg};
}

/// Follows the bed under constant input until nothing changes, in steps the fastest relaxation allows.
bed::Rate<double> settle(const ExampleBed<double>& c, Volumes& V, const bed::Input<double>& u, int steps) {
  auto r = bed::rate(c, c, V, u);
  for (int i = 0; i < steps; ++i) {
    const double dt = 1.0 / bed::fastest_rate(c, c, V, r);
    for (std::size_t k = 0; k < bed::compartments; ++k) V[k] += dt * r.volume_rate[k];
    r = bed::rate(c, c, V, u);
  }
  return r;
}

/// The same bed, seen from its vein.
ExampleBed<double> mirrored(ExampleBed<double> c) {
  std::reverse(c.shape.begin(), c.shape.end());
  std::reverse(c.V_max.begin(), c.V_max.end());
  std::reverse(c.per_V_ref.begin(), c.per_V_ref.end());
  std::reverse(c.R_ref.begin(), c.R_ref.end());
  std::reverse(c.exposure.begin(), c.exposure.end());
  std::reverse(c.viscosity.begin(), c.viscosity.end());
  return c;
}

/// Fastest relaxation of the whole nonlinear bed around V: largest |eigenvalue| of ∂(dV/dt)/∂V by central differences.
double fastest_eigenvalue(const ExampleBed<double>& c, const Volumes& V, const bed::Input<double>& u) {
  Eigen::Matrix<double, 5, 5> J;
  for (std::size_t k = 0; k < 5; ++k) {
    const double h = 1e-5 * std::min(V[k], c.V_max[k] - V[k]);
    Volumes low = V, high = V;
    low[k] -= h;
    high[k] += h;
    const auto a = bed::rate(c, c, low, u), b = bed::rate(c, c, high, u);
    for (std::size_t i = 0; i < 5; ++i)
      J(static_cast<int>(i), static_cast<int>(k)) = (b.volume_rate[i] - a.volume_rate[i]) / (high[k] - low[k]);
  }
  return J.eigenvalues().cwiseAbs().maxCoeff();
}

constexpr int states = 2000;

}  // namespace

TEST_CASE("what enters a bed leaves it or is stored") {
  const auto c = example_bed<double>();
  for (int i = 0; i < states; ++i) {
    const auto r = bed::rate(c, c, example_volumes<double>(c, i), random_input(i));
    double largest = 0.0;
    for (double q : r.flow) largest = std::fmax(largest, std::fabs(q));
    // ten additions of flows, half an ulp each
    REQUIRE(std::fabs(bed::volume_imbalance(r)) <= 10.0 * 1.2e-16 * largest);
  }
}

TEST_CASE("viscous losses add up to the pressure between the ends at every instant, however hard the wall squeezes") {
  const auto c = example_bed<double>();
  for (int i = 0; i < states; ++i) {
    const auto u = random_input(i);
    const auto V = example_volumes<double>(c, i);
    const auto r = bed::rate(c, c, V, u);
    double sum = 0.0, largest = std::fabs(u.p_in);
    for (std::size_t k = 0; k < bed::compartments; ++k) {
      sum += bed::viscous_loss(r, k);
      largest = std::fmax(largest, std::fabs(r.pressure[k]));
    }
    REQUIRE(std::fabs(sum - (u.p_in - u.p_out)) < 1e-14 * largest);  // rounding of some forty operations
  }
}

TEST_CASE("a settled bed carries one flow, the pressure over the sum of its resistances") {
  const auto c = example_bed<double>();
  Volumes V = c.V_ref();
  const auto r = settle(c, V, diastole, 20'000);
  double resistance = 0.0;
  for (std::size_t k = 0; k < bed::compartments; ++k) resistance += r.resistance[k];
  // Volumes settle to their last bit, 1e-16 of 1 mL within the fastest relaxation of 3 ms
  for (double q : r.flow) CHECK(q == Approx((diastole.p_in - diastole.p_out) / resistance).epsilon(1e-11));
}

TEST_CASE("a bed of rigid vessels is five resistors in series") {
  auto c = example_bed<double>();
  double resistance = 0.0;
  for (std::size_t k = 0; k < bed::compartments; ++k) {
    const double stiffer = 1e7;
    c.shape[k] = {c.shape[k].A * stiffer, c.shape[k].B * stiffer, c.shape[k].D * stiffer};
    c.V_max[k] = c.V_ref()[k] / wall::volume(c.shape[k], 1.0, 0.0);  // V_ref at transmural pressure 0
    resistance += c.R_ref[k] * viscosity::ratio(c.viscosity[k], 1.0);
  }
  Volumes V = c.V_ref();
  for (double p_im : {0.0, 100.0 * unit::mmHg}) {
    const auto r = settle(c, V, {diastole.p_in, diastole.p_out, p_im}, 20'000);
    // Volume changes by P/(V dP/dV): at most 85 mmHg over 15 mmHg · 1e7 (the vein), 6e-7; resistance by its square,
    // with viscosity up to six times that. Measured 6e-7
    for (double q : r.flow) CHECK(q == Approx((diastole.p_in - diastole.p_out) / resistance).epsilon(4e-6));
  }
}

TEST_CASE("resistance goes with the inverse square of volume, but for viscosity") {
  const auto c = example_bed<double>();
  for (std::size_t k = 0; k < bed::compartments; ++k) {
    const auto resistance = [&c, k](double x) {
      Volumes V = c.V_ref();
      V[k] *= x;
      return bed::rate(c, c, V, diastole).resistance[k];
    };
    CHECK(resistance(1.0) == Approx(c.R_ref[k]).epsilon(0.01));  // µ(1)/µ(1) of the fitted cubic
    for (double x : {0.3, 0.5, 0.8, 1.3}) {
      const double poiseuille = c.R_ref[k] / (x * x) * viscosity::ratio(c.viscosity[k], x);
      CHECK(resistance(x) == Approx(poiseuille).epsilon(1e-14));
    }
  }
}

TEST_CASE("a sudden squeeze throws blood back into the artery and out of the vein") {
  const auto c = example_bed<double>();
  Volumes V = c.V_ref();
  settle(c, V, diastole, 20'000);
  const auto squeezed = bed::rate(c, c, V, {diastole.p_in, diastole.p_out, 110.0 * unit::mmHg});
  const auto relaxed = bed::rate(c, c, V, diastole);
  CHECK(relaxed.flow.front() > 0.0);
  CHECK(squeezed.flow.front() < 0.0);
  CHECK(squeezed.flow.back() > relaxed.flow.back());
  double stored = 0.0;
  for (double q : squeezed.volume_rate) stored += q;
  CHECK(stored < 0.0);
}

TEST_CASE("a bed that is squeezed for good carries less") {
  const auto c = example_bed<double>();
  double before = 1.0;
  for (double p_im : {0.0, 20.0, 40.0, 60.0}) {
    Volumes V = c.V_ref();
    const auto r = settle(c, V, {diastole.p_in, diastole.p_out, p_im * unit::mmHg}, 20'000);
    CHECK(r.flow.front() < before);
    CHECK(r.flow.front() > 0.0);
    before = r.flow.front();
  }
}

TEST_CASE("a bed that was squeezed shut for good opens again") {
  const auto c = example_bed<double>();
  Volumes V = c.V_ref();
  const double before = settle(c, V, diastole, 20'000).flow.front();
  const auto squeezed = settle(c, V, {diastole.p_in, diastole.p_out, 200.0 * unit::mmHg}, 20'000);
  CHECK(squeezed.flow.front() < 1e-4 * before);  // measured 7e-5
  for (std::size_t k : {bed::arteriole, bed::terminal_arteriole, bed::capillary}) {
    CHECK(V[k] > 0.015 * c.V_ref()[k]);  // measured 0.0156 to 0.0192; tethering holds what is left
    CHECK(V[k] < 0.02 * c.V_ref()[k]);
  }
  // It takes about ten seconds, in steps that the open artery before the closed vessels keeps near 0.1 ms; then the bed
  // settles to its last bit
  CHECK(settle(c, V, diastole, 200'000).flow.front() == Approx(before).epsilon(1e-11));
}

TEST_CASE("a bed seen from its vein is the same bed") {
  const auto c = example_bed<double>();
  const auto m = mirrored(c);
  for (int i = 0; i < states; ++i) {
    const auto u = random_input(i);
    const auto V = example_volumes<double>(c, i);
    Volumes W = V;
    std::reverse(W.begin(), W.end());
    const auto a = bed::rate(c, c, V, u);
    const auto b = bed::rate(m, m, W, {u.p_out, u.p_in, u.p_im});
    for (std::size_t k = 0; k <= bed::compartments; ++k) REQUIRE(a.flow[k] == -b.flow[bed::compartments - k]);
  }
}

TEST_CASE("nothing moves where all pressures agree") {
  const auto c = example_bed<double>();
  Volumes V;
  for (std::size_t k = 0; k < bed::compartments; ++k)
    V[k] = wall::volume(c.shape[k], c.V_max[k], (30.0 - c.exposure[k] * 12.0) * unit::mmHg);
  const auto r = bed::rate(c, c, V, {30.0 * unit::mmHg, 30.0 * unit::mmHg, 12.0 * unit::mmHg});
  const double usual = 75.0 * unit::mmHg / (c.R_ref[0] + c.R_ref[1] + c.R_ref[2] + c.R_ref[3] + c.R_ref[4]);
  for (double q : r.flow) CHECK(std::fabs(q) < 1e-13 * usual);  // rounding of pressures between 30 mmHg and A + B
}

TEST_CASE("the fastest bound of a beat covers the true fastest relaxation of that beat") {
  // The bound freezes the resistances; in truth they move with the volumes. Where a compartment is nearly empty beside
  // a full one, that makes the true rate larger than the bound of the same instant: 5.5 times in arbitrary states
  // (compartments filled to 0.3–0.95), 1.7 times at the end of twenty beats that squeeze an almost occluded bed hard.
  // Such moments of a beat are slow (20/s). The moments that set the step are the fast ones, and there the bound holds.
  constexpr int steps = 10'000;
  // Loss of radius: none; full myogenic tone of 300, 80 and 17 µm; the same and the strongest acetylcholine
  constexpr std::array<std::array<double, bed::compartments>, 3> losses = {
      {{0.0, 0.0, 0.0, 0.0, 0.0}, {0.27, 0.45, 0.33, 0.0, 0.0}, {0.60, 0.70, 0.46, 0.0, 0.0}}};
  double highest = 0.0, lowest = 1e9;
  for (const auto& loss : losses)
    for (double p_in : {30.0, 90.0, 150.0})
      for (double squeeze : {0.0, 60.0, 120.0, 180.0}) {
        auto c = example_bed<double>();
        Volumes V = c.V_ref();
        for (std::size_t k = 0; k < bed::compartments; ++k) {
          const double area = square(1.0 - loss[k]);
          c.V_max[k] *= area;
          V[k] *= area;
        }
        double bound = 0.0, true_rate = 0.0;
        for (int i = 0; i < 2 * steps; ++i) {
          const double phase = static_cast<double>(i % steps) / steps;
          const double pulse = phase < 0.4 ? std::pow(std::sin(stenosis::pi * phase / 0.4), 2) : 0.0;
          const bed::Input<double> u = {p_in * unit::mmHg, 5.0 * unit::mmHg, squeeze * pulse * unit::mmHg};
          const auto r = bed::rate(c, c, V, u);
          if (i >= steps && i % 20 == 0) {
            bound = std::fmax(bound, bed::fastest_rate(c, c, V, r));
            true_rate = std::fmax(true_rate, fastest_eigenvalue(c, V, u));
          }
          const double dt = 0.9 / steps;
          for (std::size_t k = 0; k < bed::compartments; ++k) V[k] += dt * r.volume_rate[k];
        }
        highest = std::fmax(highest, true_rate / bound);
        lowest = std::fmin(lowest, true_rate / bound);
      }
  CHECK(highest < 1.0);
  // Measured 0.54 to 0.73 in the second beat (0.50 to 0.73 in the twentieth); a looser bound would make every run
  // slower
  CHECK(lowest > 0.5);
}

}  // namespace coronet
