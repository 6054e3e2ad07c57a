/// One beat of the fast equations on a fixed mesh, for one patient (T = double) or a pack of them: Rosenbrock steps, the
/// forcing tabulated at the times of their stages.
#pragma once
#include <array>
#include <cstddef>
#include <type_traits>

#include "model/network_jacobian.hpp"
#include "solvers/rosenbrock.hpp"

namespace coronet {

using BeatTableau = Rodas4;

/// One step: forcing at the tableau's times, its slope at the start, its length, and what its start contributes to means.
template <class T> struct ForcingRow {
  std::array<heart::Forcing<T>, BeatTableau::times.size()> at;
  heart::Forcing<T> by_time;
  T length;                // s
  T weight, slope_weight;  // of a value (1) and of its slope (s) in the mean over the beat, beat_mesh.hpp
};

/// The network as the system of a Rosenbrock stepper. `Table` gives the forcing of a step: table[step].
template <class T, class Table> class NetworkSystem {
 public:
  using State = network::State<T>;
  NetworkSystem(const network::Parameters<T>& parameters, Table& table)
      : parameters_(parameters), per_(network::reciprocals(parameters)), table_(table) {}

  void start(const State& x, std::size_t step, const T& g) {
    const ForcingRow<T>& row = table_[step];
    network::linearize(parameters_, per_, x, row.at[0], row.by_time, snapshot_, jacobian_, by_time_);
    network::eliminate(per_, jacobian_, g, elimination_);
  }
  const State& rate_by_time() const { return by_time_; }
  /// Bed by bed, so that what belongs to one bed stays in the first cache.
  template <class Stage> void solve(Stage& stage, std::size_t step) {
    const heart::Forcing<T>& f = table_[step].at[Stage::time];
    State& u = stage.u();
    const auto each_of_arteries = [](auto&& visit) {
      for (std::size_t i = 0; i < network::volume_at; ++i) visit(i);
      visit(network::ostial_at), visit(network::ostial_at + 1);
    };
    each_of_arteries([&](std::size_t i) { at_[i] = stage.point(i); });
    // the arteries as if the beds drew nothing, so that they need not wait; what beds draw comes with `taken`
    if constexpr (Stage::evaluates) network::artery_rates(parameters_, per_, at_, f.aortic, {}, rate_);
    each_of_arteries(
        [&](std::size_t i) { u[i] = stage.right_hand_side(i, Stage::evaluates ? rate_[i] : snapshot_.rate[i]); });
    std::array<T, network::territories> taken{};
    for (std::size_t t = 0; t < network::territories; ++t) {
      const T& p_in = at_[network::pressure_at + network::segment_of(t, network::distal)];
      for (std::size_t l = 0; l < network::layers; ++l) {
        const std::size_t b = network::bed_of(t, l);
        std::array<T, bed::compartments> V;
        for (std::size_t k = 0; k < bed::compartments; ++k) V[k] = stage.point(network::volume_index(b, k));
        stage.point(network::inflow_at + b), stage.point(network::outflow_at + b);
        std::array<T, bed::compartments + 1> flow;
        if constexpr (Stage::evaluates)
          flow = bed::flows(parameters_.walls, bed::mechanics(parameters_.walls, parameters_.bed[b], V),
                            {p_in, f.right_atrial, network::intramyocardial_pressure(parameters_, f, t, l)})
                     .flow;
        else
          flow = snapshot_.bed[b].flow;
        std::array<T, bed::compartments> v;
        for (std::size_t k = 0; k < bed::compartments; ++k)
          v[k] = stage.right_hand_side(network::volume_index(b, k), flow[k] - flow[k + 1]);
        taken[t] = taken[t] + network::solve_to_artery(elimination_, b, v);
        if constexpr (Stage::evaluates) taken[t] = taken[t] + flow[0];
        for (std::size_t k = 0; k < bed::compartments; ++k) u[network::volume_index(b, k)] = v[k];
        u[network::inflow_at + b] = stage.right_hand_side(network::inflow_at + b, flow[0]);
        u[network::outflow_at + b] = stage.right_hand_side(network::outflow_at + b, flow[bed::compartments]);
      }
    }
    network::solve_arteries(per_, elimination_, taken, u);
    for (std::size_t b = 0; b < network::beds; ++b) network::solve_from_artery(jacobian_, elimination_, b, u);
  }
  // of the last start
  const network::Snapshot<T>& snapshot() const { return snapshot_; }
  const network::Jacobian<T>& jacobian() const { return jacobian_; }

 private:
  const network::Parameters<T>& parameters_;
  const network::Reciprocals<T> per_;
  Table& table_;
  network::Snapshot<T> snapshot_;
  network::Jacobian<T> jacobian_;
  network::Elimination<T> elimination_;
  State by_time_, at_, rate_;
};

/// What a beat says about its own exactness.
template <class T> struct BeatQuality {
  T error;     // Σ over steps of the embedded estimates of what flowed into a bed, worst bed, relative to that
  T in_range;  // 1 where all volumes stayed between 0 and V_max at every step, else 0
};

/// Advances x by one beat of `steps` steps; observe(x, system, row, step) is called at the start of each, where the system
/// has been linearized.
template <class T, class Table, class Observer> BeatQuality<T> pass_beat(const network::Parameters<T>& parameters,
                                                                         Table&& table, std::size_t steps,
                                                                         network::State<T>& x, Observer&& observe) {
  NetworkSystem<T, std::remove_reference_t<Table>> system(parameters, table);
  Rosenbrock<BeatTableau, T, network::state_size> stepper;
  for (std::size_t i = network::dynamic_size; i < network::state_size; ++i) x[i] = T(0.0);
  std::array<T, network::beds> error;
  error.fill(T(0.0));
  BeatQuality<T> quality{T(0.0), T(1.0)};
  for (std::size_t step = 0; step < steps; ++step) {
    const ForcingRow<T>& row = table[step];
    stepper.do_step(system, x, step, row.length,
                    [&](const network::State<T>& start) { observe(start, system, row, step); });
    for (std::size_t b = 0; b < network::beds; ++b) {
      error[b] = error[b] + abs(stepper.error()[network::inflow_at + b]);
      for (std::size_t k = 0; k < bed::compartments; ++k) {
        const T& V = x[network::volume_index(b, k)];
        // an "inside" written so that it is false for NaN
        quality.in_range = select(V > T(0.0), select(V < parameters.bed[b].V_max[k], quality.in_range, T(0.0)), T(0.0));
      }
    }
  }
  for (std::size_t b = 0; b < network::beds; ++b) {
    T held = T(0.0);
    for (std::size_t k = 0; k < bed::compartments; ++k) held = held + x[network::volume_index(b, k)];
    quality.error = max(quality.error, error[b] / max(abs(x[network::inflow_at + b]), T(0.01) * held));
  }
  return quality;
}

}  // namespace coronet
