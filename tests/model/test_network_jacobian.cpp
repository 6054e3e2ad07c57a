/// Jacobian and elimination of the network against dual numbers and a dense solver.
#include <random>

#include <Eigen/LU>
#include <catch2/catch.hpp>

#include "model/dual.hpp"
#include "model/network_jacobian.hpp"
#include "scenarios/circulation.hpp"
#include "scenarios/parameter_table.hpp"

using namespace coronet;
namespace {

using State = network::State<double>;
constexpr std::size_t size = network::state_size;

/// A stenosed patient somewhere in the beat.
struct Example {
  network::Parameters<double> parameters;
  heart::Waves<double> waves;
  State x{};
  double time;
};

Example example(unsigned seed) {
  std::mt19937 random(seed);
  std::uniform_real_distribution<double> any(0.0, 1.0);
  Example e;
  PatientParameters p;
  p.lesion.diameter_reduction_percent = 60.0;
  e.parameters = passive_network({.parameters = p});
  e.waves = heart_waves(p, rest);
  e.time = e.waves.period * any(random);
  for (std::size_t i = 0; i < network::segments; ++i) {
    e.x[network::pressure_at + i] = (60.0 + 50.0 * any(random)) * unit::mmHg;
    e.x[network::flow_at + i] = (any(random) - 0.2) * 4e-6;
  }
  for (std::size_t b = 0; b < network::beds; ++b)
    for (std::size_t k = 0; k < bed::compartments; ++k)
      e.x[network::volume_index(b, k)] = e.parameters.bed[b].V_max[k] * (0.1 + 0.8 * any(random));
  return e;
}

template <class T, class From> network::Parameters<T> lifted(const network::Parameters<From>& c) {
  network::Parameters<T> n;
  for (std::size_t i = 0; i < network::segments; ++i) {
    const auto& s = c.segment[i];
    n.segment[i] = {T(s.resistance),       T(s.inertance), T(s.compliance), T(s.lesion_viscous),
                    T(s.lesion_turbulent), T(s.area),      T(s.branches),   T(s.length)};
  }
  const auto& w = c.walls;
  for (std::size_t k = 0; k < bed::compartments; ++k) {
    n.walls.shape[k] = {T(w.shape[k].A), T(w.shape[k].B), T(w.shape[k].D)};
    n.walls.exposure[k] = T(w.exposure[k]);
    for (std::size_t i = 0; i < 4; ++i) n.walls.viscosity[k].c[i] = T(w.viscosity[k].c[i]);
    for (std::size_t b = 0; b < network::beds; ++b) {
      const auto& q = c.bed[b];
      n.bed[b].V_max[k] = T(q.V_max[k]), n.bed[b].per_V_ref[k] = T(q.per_V_ref[k]), n.bed[b].R_ref[k] = T(q.R_ref[k]);
    }
  }
  for (std::size_t t = 0; t < network::territories; ++t) n.right_ventricular_share[t] = T(c.right_ventricular_share[t]);
  return n;
}

/// Dense Jacobian, one dual direction per column.
Eigen::MatrixXd dense_jacobian(const Example& e) {
  using D = Dual<double>;
  const auto parameters = lifted<D>(e.parameters);
  const heart::Forcing<double> f = heart::forcing(e.waves, e.time);
  const heart::Forcing<D> forcing{D(f.aortic),       D(f.left_ventricular), D(f.right_ventricular),
                                  D(f.right_atrial), D(f.activation),       D(f.peak_left_ventricular)};
  Eigen::MatrixXd J(size, size);
  for (std::size_t column = 0; column < size; ++column) {
    network::State<D> x;
    for (std::size_t i = 0; i < size; ++i) x[i] = D(e.x[i], i == column ? 1.0 : 0.0);
    network::Snapshot<D> s;
    network::evaluate(parameters, x, forcing, s);
    for (std::size_t row = 0; row < size; ++row)
      J(static_cast<Eigen::Index>(row), static_cast<Eigen::Index>(column)) = s.rate[row].derivative;
  }
  return J;
}

struct Linearized {
  network::Snapshot<double> s;
  network::Jacobian<double> J;
  State by_time;
  network::Reciprocals<double> per;
};
Linearized linearized(const Example& e) {
  Linearized l;
  l.per = network::reciprocals(e.parameters);
  network::linearize(e.parameters, l.per, e.x, heart::forcing(e.waves, e.time), heart::forcing_by_time(e.waves, e.time),
                     l.s, l.J, l.by_time);
  return l;
}

/// Replaces r by u, (g − J) u = r, in the order in which a stage does it (NetworkSystem::solve).
void solve(const network::Reciprocals<double>& per, const network::Jacobian<double>& J,
           const network::Elimination<double>& e, State& r) {
  std::array<double, network::territories> drawn{};
  for (std::size_t b = 0; b < network::beds; ++b) {
    std::array<double, bed::compartments> v = network::volumes_of(r, b);
    drawn[b / network::layers] += network::solve_to_artery(e, b, v);
    for (std::size_t k = 0; k < bed::compartments; ++k) r[network::volume_index(b, k)] = v[k];
  }
  network::solve_arteries(per, e, drawn, r);
  for (std::size_t b = 0; b < network::beds; ++b) network::solve_from_artery(J, e, b, r);
}

}  // namespace

TEST_CASE("the network and what its Jacobian is taken of are the same") {
  const Example e = example(6);
  network::Snapshot<double> s;
  network::evaluate(e.parameters, e.x, heart::forcing(e.waves, e.time), s);
  const network::Snapshot<double> own = linearized(e).s;
  for (std::size_t i = 0; i < size; ++i) CHECK(own.rate[i] == s.rate[i]);
  for (std::size_t b = 0; b < network::beds; ++b) {
    CHECK(own.bed[b].pressure == s.bed[b].pressure);
    CHECK(own.bed[b].resistance == s.bed[b].resistance);
    CHECK(own.intramyocardial[b] == s.intramyocardial[b]);
  }
}

TEST_CASE("elimination along the tree solves what a dense solver solves with the Jacobian of dual numbers") {
  for (unsigned seed : {1u, 2u, 3u, 4u}) {
    const Example e = example(seed);
    const Eigen::MatrixXd dense = dense_jacobian(e);
    const auto [s, J, by_time, per] = linearized(e);
    for (double steps : {25.0, 100.0, 1000.0}) {
      const double g = 4.0 * steps / e.waves.period;
      network::Elimination<double> elimination;
      network::eliminate(per, J, g, elimination);
      State u = s.rate;
      solve(per, J, elimination, u);
      // scaled to order 1, because a dense solver needs that
      const auto n = static_cast<Eigen::Index>(size);
      Eigen::VectorXd scale(n), r(n);
      for (Eigen::Index i = 0; i < n; ++i) {
        const auto row = static_cast<std::size_t>(i);
        scale[i] = row < network::flow_at ? 1e4 : row < network::volume_at ? 1e-6 : 1e-7;
        r[i] = s.rate[row];
      }
      const Eigen::MatrixXd A =
          scale.asDiagonal().inverse() * (g * Eigen::MatrixXd::Identity(n, n) - dense) * scale.asDiagonal();
      const Eigen::VectorXd wanted = A.fullPivLu().solve(r.cwiseQuotient(scale));
      for (Eigen::Index i = 0; i < n; ++i) {
        INFO("row " << i << " at g = " << g);
        CHECK(u[static_cast<std::size_t>(i)] / scale[i] == Approx(wanted[i]).epsilon(1e-9).margin(1e-10));
      }
    }
  }
}

TEST_CASE("what the solution lets in, lets out and stores balances to rounding") {
  const Example e = example(5);
  const auto [s, J, by_time, per] = linearized(e);
  network::Elimination<double> elimination;
  network::eliminate(per, J, 400.0, elimination);
  State u = s.rate;
  solve(per, J, elimination, u);
  for (std::size_t b = 0; b < network::beds; ++b) {
    double stored = 0.0;
    for (std::size_t k = 0; k < bed::compartments; ++k) stored += u[network::volume_index(b, k)];
    CHECK(std::abs(u[network::inflow_at + b] - u[network::outflow_at + b] - stored) <
          1e-12 * (std::abs(u[network::inflow_at + b]) + std::abs(stored)));
  }
}

TEST_CASE("the derivative of the rates by time is that of dual numbers") {
  using D = Dual<double>;
  for (unsigned seed : {1u, 2u, 3u, 4u}) {
    const Example e = example(seed);
    heart::Waves<D> waves;
    const auto lift = [](auto& to, const auto& from) {
      for (std::size_t i = 0; i < from.time.size(); ++i)
        to.time[i] = D(from.time[i]), to.value[i] = D(from.value[i]), to.slope[i] = D(from.slope[i]);
    };
    waves.period = D(e.waves.period);
    waves.lv_systolic = D(e.waves.lv_systolic), waves.lv_end_diastolic = D(e.waves.lv_end_diastolic);
    waves.rv_end_diastolic = D(e.waves.rv_end_diastolic), waves.rv_per_lv = D(e.waves.rv_per_lv);
    lift(waves.left_ventricular, e.waves.left_ventricular), lift(waves.aortic, e.waves.aortic);
    lift(waves.activation, e.waves.activation), lift(waves.right_atrial, e.waves.right_atrial);
    network::State<D> x;
    for (std::size_t i = 0; i < size; ++i) x[i] = D(e.x[i]);
    network::Snapshot<D> dual;
    network::evaluate(lifted<D>(e.parameters), x, heart::forcing(waves, D(e.time, 1.0)), dual);
    const State by_time = linearized(e).by_time;
    for (std::size_t i = 0; i < size; ++i) {
      INFO("row " << i);
      // relative to the largest of its kind: rows where the terms cancel keep an absolute rounding error
      const double scale = i < network::flow_at ? 1e6 : i < network::volume_at ? 1e-3 : 1e-5;
      CHECK(std::abs(by_time[i] - dual.rate[i].derivative) <= 1e-10 * (std::abs(by_time[i]) + scale));
    }
  }
}
