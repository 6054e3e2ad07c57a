/// One beat of the fast equations: forcing, integration with the steps that stability asks for, and what is sensed of
/// it. Used by phase.cpp alone.
#pragma once
#include <algorithm>
#include <cmath>
#include <memory>
#include <vector>

#include "scenarios/beat_kernel.hpp"
#include "scenarios/phase.hpp"
#include "scenarios/regulation.hpp"
#include "solvers/integrate.hpp"

namespace coronet {

using FastState = network::State<double>;

inline constexpr std::size_t transient_beats = 6;
inline constexpr std::size_t max_steps_per_beat = 400000;

/// Steps per beat of the implicit stepper. Mean flow of the worst layer differs from that of RK4 on a mesh of 16000
/// and more by 5e-6 (25 steps: 2e-4, 50: 3e-4, 200: 6e-7; a search that began on 25 or 50 was no faster: the beats it
/// takes after a change of mesh cost what the coarse ones saved, and 25 left some patients caught beside a fold).
inline constexpr std::size_t implicit_steps = 100;

/// A beat whose embedded estimate of a layer's flow exceeds this is repeated on a mesh twice as fine. The estimate is
/// that of order 3: some 50 times the error of the result.
inline constexpr double largest_beat_error = 0.005;

inline std::size_t rounded_steps(double steps) {
  constexpr double most = 1e9;  // far beyond any work limit, and still a number of steps if `steps` is not finite
  const double whole = steps < most ? std::ceil(std::max(steps, 1.0) / samples_per_beat) : most;
  return samples_per_beat * static_cast<std::size_t>(whole);
}

inline bool finite(const FastState& x) {
  return std::all_of(x.begin(), x.end(), [](double v) { return std::isfinite(v); });
}

/// What drives the beat: the heart's waves, and the factor on the pressure at the ostia.
struct Drive {
  heart::Waves<double> waves;
  double perfusion_factor = 1.0;
  heart::Forcing<double> at(double t) const {
    heart::Forcing<double> f = heart::forcing(waves, std::min(t, waves.period));
    f.aortic *= perfusion_factor;
    return f;
  }
  heart::Forcing<double> slope_at(double t) const {
    heart::Forcing<double> f = heart::forcing_by_time(waves, t);
    f.aortic *= perfusion_factor;
    return f;
  }
};

/// Forcing at the times of all stages of a mesh.
inline std::vector<ForcingRow<double>> stage_forcing(const Drive& drive, std::size_t steps) {
  std::vector<ForcingRow<double>> rows(steps);
  const double h = drive.waves.period / static_cast<double>(steps);
  for (std::size_t i = 0; i < steps; ++i) {
    const double t = h * static_cast<double>(i);
    for (std::size_t k = 0; k < BeatTableau::times.size(); ++k) rows[i].at[k] = drive.at(t + h * BeatTableau::times[k]);
    rows[i].by_time = drive.slope_at(t);
  }
  return rows;
}

/// Forcing at every half step of the fixed mesh: tabulated once per phase.
class ForcingTable {
 public:
  ForcingTable(const Drive& drive, std::size_t steps) : half_(drive.waves.period / (2.0 * steps)) {
    rows_.reserve(2 * steps + 1);
    for (std::size_t j = 0; j <= 2 * steps; ++j)
      rows_.push_back(drive.at(j == 2 * steps ? drive.waves.period : half_ * static_cast<double>(j)));
  }
  const heart::Forcing<double>& at(double t) const { return rows_[static_cast<std::size_t>(t / half_ + 0.5)]; }

 private:
  double half_;
  std::vector<heart::Forcing<double>> rows_;
};

/// Integrates single beats of one phase with the implicit stepper on a mesh of its own, or with RK4 and the number of
/// steps that stability asks for.
class BeatIntegrator {
 public:
  BeatIntegrator(const Drive& drive, const Numerics& numerics) : drive_(drive), numerics_(numerics) {}

  std::size_t steps() const { return steps_; }
  /// True once the work allowed for a phase is spent: from then on no beat is integrated.
  bool exhausted() const {
    return static_cast<double>(spent_) > numerics_.step_refinement * static_cast<double>(numerics_.max_steps);
  }

  /// Another drive from the next beat on. The work spent goes on counting.
  void change(const Drive& drive) {
    drive_ = drive;
    table_.reset();
    stage_table_.clear();
    steps_ = 0;
  }

  /// Forgets a step that only the first, transient beats asked for; later only one that is twice too fine, because a
  /// change of mesh disturbs the search by its own error.
  void relax(bool transient) {
    if (numerics_.stepper == Stepper::rosenbrock) return;
    const std::size_t wanted = wanted_steps(fastest_);
    if (steps_ != 0 && (transient ? 4 * wanted < 3 * unrefined() : 2 * wanted <= unrefined())) grow(fastest_);
  }

  /// Advances x by one beat; observe.start(steps) opens every attempt (a beat that proves too coarse is repeated), then
  /// observe(state, snapshot, forcing) is called at the start of each step. Returns false when the work is spent.
  template <class Observer>
  bool advance(const network::Parameters<double>& parameters, FastState& x, Observer& observe) {
    return numerics_.stepper == Stepper::rosenbrock ? advance_implicitly(parameters, x, observe)
                                                    : advance_explicitly(parameters, x, observe);
  }

  /// Advances x by one beat with the stepper asked for; the error-controlled one is observed at `samples_per_beat`
  /// equally spaced times.
  template <class Observer>
  bool advance_as_asked(const network::Parameters<double>& parameters, FastState& x, Observer& observe) {
    if (numerics_.stepper != Stepper::dormand_prince_5) return advance(parameters, x, observe);
    std::fill(x.begin() + network::dynamic_size, x.end(), 0.0);
    observe.start(samples_per_beat);
    network::Snapshot<double> snapshot;
    for (std::size_t j = 0; j < samples_per_beat; ++j) {
      const double dt = drive_.waves.period / samples_per_beat, t = dt * static_cast<double>(j);
      const heart::Forcing<double> forcing = drive_.at(t);
      network::evaluate(parameters, x, forcing, snapshot);
      observe(x, snapshot, forcing);
      adaptive(parameters, x, t, t + dt);
    }
    return true;
  }

 private:
  template <class Observer>
  bool advance_implicitly(const network::Parameters<double>& parameters, FastState& x, Observer& observe) {
    const FastState start = x;
    for (;;) {
      steps_ = static_cast<std::size_t>(
          std::lround(static_cast<double>(implicit_steps << finer_) * numerics_.step_refinement));
      spent_ += steps_;
      if (exhausted()) return false;
      if (stage_table_.size() != steps_) stage_table_ = stage_forcing(drive_, steps_);
      observe.start(steps_);
      const BeatQuality<double> quality =
          pass_beat(parameters, stage_table_.data(), steps_, drive_.waves.period, x,
                    [&](const FastState& y, const network::Snapshot<double>& snapshot, std::size_t step) {
                      observe(y, snapshot, stage_table_[step].at[0]);
                    });
      const bool usable = quality.in_range > 0.5 && finite(x);
      if (usable && (quality.error <= largest_beat_error || finer_ >= most_finer)) {
        // a mesh half as fine has some 8 times this error
        if (finer_ > 0 && 20.0 * quality.error < largest_beat_error) --finer_;
        return true;
      }
      if (!usable && finer_ >= most_finer_at_all) return hopeless(x);
      ++finer_;
      x = start;
    }
  }

  template <class Observer>
  bool advance_explicitly(const network::Parameters<double>& parameters, FastState& x, Observer& observe) {
    std::fill(x.begin() + network::dynamic_size, x.end(), 0.0);
    const FastState start = x;
    for (int finer = 0;;) {
      if (steps_ == 0) refine(parameters, x);
      if (static_cast<double>(steps_) > numerics_.step_refinement * max_steps_per_beat) return hopeless(x);
      spent_ += steps_;
      if (exhausted()) return false;
      if (!table_) table_ = std::make_unique<ForcingTable>(drive_, steps_);
      network::Snapshot<double> snapshot;
      double fastest = 0.0;
      auto system = [&](const FastState& y, FastState& dydt, double t) {
        network::evaluate(parameters, y, table_->at(t), snapshot);
        dydt = snapshot.rate;
      };
      std::size_t count = 0;
      observe.start(steps_);
      integrate_fixed(system, x, drive_.waves.period, steps_, [&](const FastState& y, double t, double) {
        if (count++ % 16 == 0) fastest = std::max(fastest, network::fastest_rate(parameters, y, snapshot));
        observe(y, snapshot, table_->at(t));
      });
      if (!std::isfinite(fastest) || !finite(x)) {  // blown up by a step far too long, or hopeless from the start
        table_.reset();
        if (finer++ == 4) return hopeless(x);
        steps_ *= 2;
        x = start;
        continue;
      }
      fastest_ = fastest;
      if (fastest * drive_.waves.period / static_cast<double>(unrefined()) <= rk4_stability_limit) return true;
      // at most 4 times finer at once: a beat that blew up shows rates that the true one never meets
      grow(
          std::min(fastest, 4.0 * rk4_stability_limit / 1.25 * static_cast<double>(unrefined()) / drive_.waves.period));
      x = start;
    }
  }

  /// A state from which no beat can be integrated: the search sees a non-finite answer and steps back.
  bool hopeless(FastState& x) {
    x.fill(std::nan(""));
    steps_ = finer_ = 0;
    table_.reset();
    return true;
  }
  std::size_t unrefined() const {
    return static_cast<std::size_t>(static_cast<double>(steps_) / numerics_.step_refinement + 0.5);
  }
  void refine(const network::Parameters<double>& parameters, const FastState& x) {
    network::Snapshot<double> snapshot;
    network::evaluate(parameters, x, drive_.at(0.0), snapshot);
    grow(network::fastest_rate(parameters, x, snapshot));
  }
  /// 25 % in reserve, because the fastest rate moves within the beat and from beat to beat.
  std::size_t wanted_steps(double fastest) const {
    return rounded_steps(1.25 * fastest * drive_.waves.period / rk4_stability_limit);
  }
  void grow(double fastest) {
    steps_ = static_cast<std::size_t>(static_cast<double>(wanted_steps(fastest)) * numerics_.step_refinement);
    table_.reset();
  }
  void adaptive(const network::Parameters<double>& parameters, FastState& x, double from, double to) {
    // Scaled to order 1, so that one tolerance serves pressures, flows and volumes
    FastState scale;
    for (std::size_t i = 0; i < network::state_size; ++i) scale[i] = 1e-6;
    for (std::size_t i = 0; i < network::segments; ++i) scale[i] = 1e4;
    for (std::size_t i = network::volume_at; i < network::dynamic_size; ++i) scale[i] = 1e-7;
    FastState z, y;
    for (std::size_t i = 0; i < network::state_size; ++i) z[i] = x[i] / scale[i];
    network::Snapshot<double> snapshot;
    auto system = [&](const FastState& u, FastState& dudt, double t) {
      for (std::size_t i = 0; i < network::state_size; ++i) y[i] = u[i] * scale[i];
      network::evaluate(parameters, y, drive_.at(t), snapshot);
      for (std::size_t i = 0; i < network::state_size; ++i) dudt[i] = snapshot.rate[i] / scale[i];
    };
    integrate_adaptive(system, z, from, to, numerics_.tolerance);
    for (std::size_t i = 0; i < network::state_size; ++i) x[i] = z[i] * scale[i];
  }

  // Doublings of the mesh for exactness, and to get through a beat at all (the first one may start far from any cycle)
  static constexpr std::size_t most_finer = 4, most_finer_at_all = 8;

  Drive drive_;
  Numerics numerics_;
  std::vector<ForcingRow<double>> stage_table_;
  std::size_t finer_ = 0;  // doublings of the mesh
  std::size_t steps_ = 0, spent_ = 0;
  double fastest_ = 0.0;  // of the last beat, 1/s
  std::unique_ptr<ForcingTable> table_;
};

/// Means over a beat that regulation senses; divided by the number of steps they are those of a periodic beat
/// (trapezoid rule).
struct Sensor {
  const network::Parameters<double>& parameters;
  BeatMeans sum{};
  double count = 0.0, aortic = 0.0, right_atrial = 0.0;
  void start(std::size_t) {
    sum = {};
    count = aortic = right_atrial = 0.0;
  }
  void operator()(const FastState& x, const network::Snapshot<double>& s, const heart::Forcing<double>& f) {
    count += 1.0;
    aortic += f.aortic;
    right_atrial += f.right_atrial;
    for (std::size_t b = 0; b < network::beds; ++b)
      for (std::size_t k = 0; k < muscular; ++k) {
        sum.transmural[b][k] += s.bed[b].pressure[k] - parameters.bed[b].exposure[k] * s.intramyocardial[b];
        sum.volume[b][k] += x[network::volume_index(b, k)];
      }
  }
  /// Means of the beat that ended in state x, whose flows are cumulated there.
  BeatMeans means(const FastState& x, double period) const {
    BeatMeans m = sum;
    for (std::size_t b = 0; b < network::beds; ++b) {
      for (std::size_t k = 0; k < muscular; ++k) m.transmural[b][k] /= count, m.volume[b][k] /= count;
      m.flow[b] = x[network::inflow_at + b] / period;
    }
    return m;
  }
};

}  // namespace coronet
