/// One beat of the fast equations: forcing, and integration with the steps that exactness and stability ask for.
#pragma once
#include <algorithm>
#include <array>
#include <cmath>
#include <memory>
#include <vector>

#include "scenarios/beat_request.hpp"
#include "scenarios/phase.hpp"
#include "scenarios/regulation.hpp"
#include "solvers/integrate.hpp"

namespace coronet {

using FastState = network::State<double>;

inline constexpr std::size_t transient_beats = 6;
inline constexpr std::size_t max_steps_per_beat = 400000;

/// Steps per beat of the implicit stepper. Mean flow of the worst layer differs from that of RK4 on a mesh of 16000
/// and more by 5e-6 (25 steps: 2e-4, 50: 3e-4, 200: 6e-7).
inline constexpr std::size_t implicit_steps = 100;

/// Steps of a coarse beat, with which a search looks for what a fine one then confirms: the first with which no volume
/// leaves 0 … V_max (with 40 steps some does in a third of the patients of `capillary_density`).
inline constexpr std::array<std::size_t, 11> coarse_steps = {50, 75, 100, 150, 200, 400, 800, 1600, 3200, 6400, 12800};

/// A beat whose embedded estimate of a layer's flow exceeds this is repeated on a mesh twice as fine. The estimate is
/// that of order 3: some 50 times the error of the result.
inline constexpr double largest_beat_error = 0.005;

inline std::size_t rounded_steps(double steps) {
  constexpr double most = 1e9;  // far beyond any work limit, and still a number of steps if `steps` is not finite
  const double whole = steps < most ? std::ceil(std::max(steps, 1.0) / samples_per_beat) : most;
  return samples_per_beat * static_cast<std::size_t>(whole);
}

/// Typical sizes of the states, so that one tolerance serves pressures, flows and volumes: Pa, m³/s, m³, m³.
inline FastState typical_state() {
  FastState scale;
  for (std::size_t i = 0; i < network::state_size; ++i)
    scale[i] = i < network::flow_at ? 1e4 : i < network::volume_at ? 1e-6 : i < network::dynamic_size ? 1e-7 : 1e-6;
  return scale;
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

/// Integrates single beats of one phase: with the implicit stepper, in which case it asks for every attempt, or at once
/// with RK4 and the number of steps that stability asks for.
class BeatIntegrator {
 public:
  BeatIntegrator(const Drive& drive, const Numerics& numerics) : drive_(drive), numerics_(numerics) {}

  std::size_t steps() const { return steps_; }
  /// All steps so far, in beats of the fine mesh.
  double work() const { return static_cast<double>(spent_) / implicit_steps; }
  /// True once the work allowed for a phase is spent: from then on no beat is integrated.
  bool exhausted() const {
    return static_cast<double>(spent_) > numerics_.step_refinement * static_cast<double>(numerics_.max_steps);
  }

  /// Another drive from the next beat on. The work spent goes on counting.
  void change(const Drive& drive) {
    drive_ = drive;
    table_.reset();
    fine_table_.clear();
    coarse_table_.clear();
    steps_ = 0;
  }

  /// Forgets a step that only the first, transient beats asked for; later only one that is twice too fine, because a
  /// change of mesh disturbs the search by its own error.
  void relax(bool transient) {
    if (numerics_.stepper == Stepper::rosenbrock) return;
    const std::size_t wanted = wanted_steps(fastest_);
    if (steps_ != 0 && (transient ? 4 * wanted < 3 * unrefined() : 2 * wanted <= unrefined())) grow(fastest_);
  }

  /// Begins a beat that advances x. While it `waits()`, somebody has to answer `request()`, then `proceed()`; afterwards
  /// the beat is done, unless the work is `exhausted()`. A recorded beat is never error-controlled (RK4 instead). Only
  /// the implicit stepper knows coarse beats.
  void begin(const network::Parameters<double>& parameters, FastState& x, BeatRecord* record = nullptr,
             bool coarse = false) {
    coarse_ = coarse;
    transient_ = transient_ && coarse;
    request_.parameters = &parameters;
    request_.state = &x;
    request_.record = record;
    if (numerics_.stepper == Stepper::rosenbrock) {
      start_ = x;
      attempt();
    } else if (numerics_.stepper == Stepper::dormand_prince_5 && !record) {
      advance_with_error_control();
    } else {
      advance_explicitly();
    }
  }
  bool waits() const { return waits_; }
  BeatRequest& request() { return request_; }
  void proceed() {
    FastState& x = *request_.state;
    const BeatQuality<double>& quality = request_.quality;
    waits_ = false;
    const bool usable = quality.in_range > 0.5 && finite(x);
    if (coarse_) {
      if (usable) {
        // the mesh stays as it is once fine beats have been compared with it
        if (transient_ && coarse_at_ > 0 && quality.error < 10.0 * largest_beat_error) --coarse_at_;
        return;
      }
      if (coarse_at_ + 1 >= coarse_steps.size()) return hopeless();
      ++coarse_at_;
      x = start_;
      return attempt();
    }
    if (usable && (quality.error <= largest_beat_error || finer_ >= most_finer)) {
      // a mesh half as fine has some 8 times this error
      if (finer_ > 0 && 20.0 * quality.error < largest_beat_error) --finer_;
      return;
    }
    if (!usable && finer_ >= most_finer_at_all) return hopeless();
    ++finer_;
    x = start_;
    attempt();
  }

  /// What was sensed of the beat.
  const SensorSums<double>& sums() const { return request_.sums; }
  double count() const { return static_cast<double>(request_.steps); }  // of what was summed
  BeatMeans means() const {
    BeatMeans m{.transmural = sums().transmural, .volume = sums().volume, .flow = {}};
    for (std::size_t b = 0; b < network::beds; ++b) {
      for (std::size_t k = 0; k < muscular; ++k) m.transmural[b][k] /= count(), m.volume[b][k] /= count();
      m.flow[b] = (*request_.state)[network::inflow_at + b] / drive_.waves.period;
    }
    return m;
  }

 private:
  void attempt() {
    const std::size_t steps = coarse_ ? coarse_steps[coarse_at_] : implicit_steps << finer_;
    steps_ = static_cast<std::size_t>(std::lround(static_cast<double>(steps) * numerics_.step_refinement));
    spent_ += steps_;
    if (exhausted()) return;
    std::vector<ForcingRow<double>>& table = coarse_ ? coarse_table_ : fine_table_;
    if (table.size() != steps_) table = stage_forcing(drive_, steps_);
    room_for_record();
    request_.forcing = table.data();
    request_.period = drive_.waves.period;
    waits_ = true;
  }
  /// Every attempt starts the sums again.
  void room_for_record() {
    request_.forget();
    request_.steps = steps_;
    if (!request_.record || !numerics_.waveforms) return;
    recorded_.resize(2 * steps_);
    request_.record->states = recorded_.data();
    request_.record->rates = recorded_.data() + steps_;
  }

  void advance_explicitly() {
    const network::Parameters<double>& parameters = *request_.parameters;
    FastState& x = *request_.state;
    std::fill(x.begin() + network::dynamic_size, x.end(), 0.0);
    const FastState start = x;
    for (int finer = 0;;) {
      if (steps_ == 0) refine(parameters, x);
      if (static_cast<double>(steps_) > numerics_.step_refinement * max_steps_per_beat) return hopeless();
      spent_ += steps_;
      if (exhausted()) return;
      if (!table_) table_ = std::make_unique<ForcingTable>(drive_, steps_);
      network::Snapshot<double> snapshot;
      double fastest = 0.0;
      auto system = [&](const FastState& y, FastState& dydt, double t) {
        network::evaluate(parameters, y, table_->at(t), snapshot);
        dydt = snapshot.rate;
      };
      std::size_t step = 0;
      room_for_record();
      integrate_fixed(system, x, drive_.waves.period, steps_, [&](const FastState& y, double t, double) {
        if (step % 16 == 0) fastest = std::max(fastest, network::fastest_rate(parameters, y, snapshot));
        request_.observe(y, snapshot, table_->at(t), step++);
      });
      if (!std::isfinite(fastest) || !finite(x)) {  // blown up by a step far too long, or hopeless from the start
        table_.reset();
        if (finer++ == 4) return hopeless();
        steps_ *= 2;
        x = start;
        continue;
      }
      fastest_ = fastest;
      if (fastest * drive_.waves.period / static_cast<double>(unrefined()) <= rk4_stability_limit) return;
      // at most 4 times finer at once: a beat that blew up shows rates that the true one never meets
      grow(
          std::min(fastest, 4.0 * rk4_stability_limit / 1.25 * static_cast<double>(unrefined()) / drive_.waves.period));
      x = start;
    }
  }

  /// A state from which no beat can be integrated: the search sees a non-finite answer and steps back.
  void hopeless() {
    request_.state->fill(std::nan(""));
    steps_ = finer_ = coarse_at_ = 0;
    table_.reset();
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
  /// Observed at `samples_per_beat` equally spaced times.
  void advance_with_error_control() {
    const network::Parameters<double>& parameters = *request_.parameters;
    FastState& x = *request_.state;
    std::fill(x.begin() + network::dynamic_size, x.end(), 0.0);
    request_.forget();
    request_.steps = samples_per_beat;
    network::Snapshot<double> snapshot;
    for (std::size_t j = 0; j < samples_per_beat; ++j) {
      const double dt = drive_.waves.period / samples_per_beat, t = dt * static_cast<double>(j);
      const heart::Forcing<double> forcing = drive_.at(t);
      network::evaluate(parameters, x, forcing, snapshot);
      request_.sums.add(parameters, x, snapshot, forcing);
      adaptive(parameters, x, t, t + dt);
    }
  }
  void adaptive(const network::Parameters<double>& parameters, FastState& x, double from, double to) {
    const FastState scale = typical_state();
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
  BeatRequest request_;
  bool waits_ = false;
  FastState start_{};
  std::vector<ForcingRow<double>> fine_table_, coarse_table_;
  std::vector<FastState> recorded_;
  bool coarse_ = false, transient_ = true;
  std::size_t finer_ = 0, coarse_at_ = 0;  // doublings of the mesh; place among coarse_steps
  std::size_t steps_ = 0, spent_ = 0;
  double fastest_ = 0.0;  // of the last beat, 1/s
  std::unique_ptr<ForcingTable> table_;
};

}  // namespace coronet
