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
  NetworkSystem(const network::Parameters<T>& parameters, Table& table) : parameters_(parameters), table_(table) {}

  void start(const State& x, std::size_t step, const T& g) {
    const ForcingRow<T>& row = table_[step];
    network::evaluate(parameters_, x, row.at[0], snapshot_);
    network::linearize(parameters_, x, snapshot_, jacobian_);
    network::eliminate(jacobian_, g, elimination_);
    network::rate_by_time(parameters_, snapshot_, row.by_time, by_time_);
  }
  const State& rate() const { return snapshot_.rate; }
  const State& rate_by_time() const { return by_time_; }
  void evaluate(const State& y, std::size_t step, std::size_t time, State& f) {
    network::rates(parameters_, y, table_[step].at[time], f);
  }
  void solve(State& r) const { network::solve(jacobian_, elimination_, r); }
  // of the last start
  const network::Snapshot<T>& snapshot() const { return snapshot_; }
  const network::Jacobian<T>& jacobian() const { return jacobian_; }

 private:
  const network::Parameters<T>& parameters_;
  Table& table_;
  network::Snapshot<T> snapshot_;
  network::Jacobian<T> jacobian_;
  network::Elimination<T> elimination_;
  State by_time_;
};

/// What a beat says about its own exactness.
template <class T> struct BeatQuality {
  T error;     // Σ over steps of the embedded estimates of what flowed into a bed, worst bed, relative to that
  T in_range;  // 1 where all volumes stayed between 0 and V_max at every step, else 0
};

/// Advances x by one beat of `steps` steps; observe(x, snapshot, Jacobian, row, step) is called at the start of each.
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
    stepper.do_step(system, x, step, row.length, [&](const network::State<T>& start) {
      observe(start, system.snapshot(), system.jacobian(), row, step);
    });
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
