/// One beat of the fast equations: forcing, and integration with the steps that exactness and stability ask for.
#pragma once
#include <algorithm>
#include <array>
#include <cmath>
#include <memory>
#include <utility>
#include <vector>

#include "scenarios/beat_mesh.hpp"
#include "scenarios/beat_request.hpp"
#include "scenarios/phase.hpp"
#include "scenarios/regulation.hpp"
#include "solvers/integrate.hpp"

namespace coronet {

using FastState = network::State<double>;

inline constexpr std::size_t transient_beats = 6;
inline constexpr std::size_t max_steps_per_beat = 400000;

/// Equal steps of a beat that need not be periodic: mean pressures within 2e-3 mmHg of those of 4000 steps (the trapezoid
/// rule is as exact as the stepper where a periodic beat is divided equally).
inline constexpr std::size_t plain_steps = 100;

/// Equal steps of a beat whose waveforms are kept: flows within 2e-4 of their peaks, in the arteries and into the layers
/// (`./coronet bench waveforms`; 100 steps: 1e-2). It follows a beat of as many, see phase.cpp.
inline constexpr std::size_t waveform_steps = 5 * samples_per_beat;

/// A beat whose embedded estimate of a layer's flow exceeds this is repeated on a finer mesh. The estimate is
/// that of order 3: 30 to 1000 times the error of the result (6e-5 at most, in 28 states of 14 patients).
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
  bool operator==(const Drive&) const = default;
  double aortic_at(double t) const { return hermite::periodic_value(waves.aortic, waves.period, t) * perfusion_factor; }
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
inline std::vector<ForcingRow<double>> stage_forcing(const Drive& drive, const std::vector<MeshStep>& mesh) {
  std::vector<ForcingRow<double>> rows(mesh.size());
  for (std::size_t i = 0; i < mesh.size(); ++i) {
    const MeshStep& step = mesh[i];
    for (std::size_t k = 0; k < BeatTableau::times.size(); ++k)
      rows[i].at[k] = drive.at(step.time + step.length * BeatTableau::times[k]);
    rows[i].by_time = drive.slope_at(step.time);
    rows[i].length = step.length;
    rows[i].weight = step.weight;
    rows[i].slope_weight = step.slope_weight;
  }
  return rows;
}

/// The mesh of a beat, of equal steps or with those of a plan (beat_mesh.hpp), and its forcing.
struct StageTable {
  Drive drive;
  const MeshPlan* plan = nullptr;  // none: equal steps
  std::size_t steps = 0;
  double refinement = 1.0;
  std::vector<MeshStep> mesh = {};
  std::vector<ForcingRow<double>> rows = {};
  bool is_of(const StageTable& other) const {
    return drive == other.drive && plan == other.plan && steps == other.steps && refinement == other.refinement;
  }
};

/// The table of such a beat. A patient's phases, and often all patients of a sweep, share few hearts: each thread keeps
/// the last few tables.
inline std::shared_ptr<const StageTable> stage_table(StageTable wanted) {
  thread_local std::array<std::shared_ptr<const StageTable>, 8> kept;
  thread_local std::size_t oldest = 0;
  for (const auto& table : kept)
    if (table && table->is_of(wanted)) return table;
  const heart::Waves<double>& w = wanted.drive.waves;
  wanted.mesh = wanted.plan ? beat_mesh(w, wanted.refinement, *wanted.plan) : equal_steps(w.period, wanted.steps);
  wanted.rows = stage_forcing(wanted.drive, wanted.mesh);
  auto& place = kept[oldest++ % kept.size()];
  place = std::make_shared<const StageTable>(std::move(wanted));
  return place;
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

/// What a recorded beat leaves: means, and the arteries at the start of its steps.
struct Recording {
  MeansOf<double> means;
  std::vector<double> times;              // of the nodes, s
  std::vector<ArteryNode<double>> nodes;  // (node)
};

/// Integrates single beats of one phase: with the implicit stepper, in which case it asks for every attempt, or at once
/// with RK4 and the number of steps that stability asks for.
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
    stage_table_.reset();
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
  /// the beat is done, unless the work is `exhausted()`. One that is recorded, or whose `samples_per_beat` states are
  /// kept, is never error-controlled (RK4 instead). `single`: in single precision, if there is no reason against it.
  void begin(const network::Parameters<double>& parameters, FastState& x, Recording* recording = nullptr,
             FastState* states = nullptr, BedTangents<double>* tangents = nullptr, bool single = false) {
    request_.single = single && numerics_.stepper == Stepper::rosenbrock && !recording && !states;
    request_.tangents = tangents;
    request_.parameters = &parameters;
    request_.state = &x;
    recording_ = recording;
    request_.means = recording ? &recording->means : nullptr;
    request_.states = states;
    if (numerics_.stepper == Stepper::rosenbrock) {
      start_ = x;
      attempt();
    } else if (numerics_.stepper == Stepper::dormand_prince_5 && !recording && !states) {
      advance_with_error_control();
    } else {
      advance_explicitly();
    }
  }
  bool waits() const { return waits_; }
  bool was_single() const { return request_.single; }
  BeatRequest& request() { return request_; }
  void proceed() {
    FastState& x = *request_.state;
    const BeatQuality<double>& quality = request_.quality;
    waits_ = false;
    const bool usable = quality.in_range > 0.5 && finite(x);
    if (usable && request_.tangents && quality.error > largest_beat_error && finer_ < most_finer) {
      ++finer_;  // far from any cycle a beat need not be exact; the next one has the finer mesh
      return;
    }
    if (usable && (quality.error <= largest_beat_error || finer_ >= most_finer)) {
      // the usual mesh has 3 to 4 times the error of the finer one, up to 15 in some, the others some 8 times; who goes to
      // and fro between two meshes finds no limit cycle
      const double coarser = finer_ > 1 ? 10.0 : returned_ < 2 ? 3.5 : 20.0;
      if (finer_ > 0 && coarser * quality.error < largest_beat_error) --finer_, ++returned_;
      return;
    }
    if (!usable && finer_ >= most_finer_at_all) return hopeless();
    // what floats cannot hold doubles may
    if (usable || !request_.single) ++finer_;
    request_.single = request_.single && usable;
    x = start_;
    attempt();
  }

  /// What was sensed of the beat.
  const SensedMeans<double>& sensed() const { return request_.sensed; }
  BeatMeans means() const {
    BeatMeans m{.transmural = sensed().transmural, .volume = sensed().volume, .flow = {}};
    for (std::size_t b = 0; b < network::beds; ++b)
      m.flow[b] = (*request_.state)[network::inflow_at + b] / drive_.waves.period;
    return m;
  }

 private:
  void attempt() {
    // the mesh with weights for means of a periodic beat is for those who search one
    const MeshPlan* plan =
        request_.states || !numerics_.accelerated ? nullptr : &(finer_ == 0 ? usual_plan : finer_plan);
    const double refinement =
        static_cast<double>(1UL << (plan && finer_ > 0 ? finer_ - 1 : finer_)) * numerics_.step_refinement;
    steps_ = plan ? beat_mesh_size(refinement, *plan) : equal_steps_of(refinement);
    spent_ += steps_;
    if (exhausted()) return;
    if (!stage_table_ || stage_table_->steps != steps_ || stage_table_->plan != plan)
      stage_table_ = stage_table({.drive = drive_, .plan = plan, .steps = steps_, .refinement = refinement});
    start_request(stage_table_->mesh);
    request_.forcing = stage_table_->rows.data();
    waits_ = true;
  }
  /// In multiples of the states where these are kept.
  std::size_t equal_steps_of(double refinement) const {
    if (!request_.states) return static_cast<std::size_t>(std::lround(refinement * plain_steps));
    return samples_per_beat * static_cast<std::size_t>(std::ceil(refinement * waveform_steps / samples_per_beat));
  }
  /// Every attempt starts the sums again. `mesh` is that of the beat, or none where its steps are equal.
  void start_request(const std::vector<MeshStep>& mesh = {}) {
    request_.forget();
    request_.steps = steps_;
    request_.kept_every = request_.states ? steps_ / samples_per_beat : 1;
    request_.nodes = nullptr;
    if (!recording_) return;
    // RK4 takes more steps than anybody reads
    if (mesh.empty() && steps_ % samples_per_beat == 0) request_.kept_every = steps_ / samples_per_beat;
    recording_->times.resize(steps_ / request_.kept_every);
    recording_->nodes.resize(recording_->times.size());
    for (std::size_t j = 0; j < recording_->times.size(); ++j) {
      const std::size_t step = j * request_.kept_every;
      recording_->times[j] = mesh.empty()
                                 ? drive_.waves.period * static_cast<double>(step) / static_cast<double>(steps_)
                                 : mesh[step].time;
    }
    request_.nodes = recording_->nodes.data();
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
      const network::Reciprocals<double> per = network::reciprocals(parameters);
      network::Snapshot<double> snapshot;
      double fastest = 0.0;
      auto system = [&](const FastState& y, FastState& dydt, double t) {
        network::rates(parameters, per, y, table_->at(t), dydt);
      };
      std::size_t step = 0;
      start_request();
      const double weight = 1.0 / static_cast<double>(steps_);
      integrate_fixed(system, x, drive_.waves.period, steps_, [&](const FastState& y, double t, double) {
        network::evaluate(parameters, per, y, table_->at(t), snapshot);
        if (step % 16 == 0) fastest = std::max(fastest, network::fastest_rate(parameters, y, snapshot));
        request_.sensed.add(parameters, y, snapshot, table_->at(t), weight);
        request_.keep(y, snapshot, table_->at(t), weight, step++);
        request_.carry(y, table_->at(t), drive_.waves.period * weight, weight);
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
    steps_ = finer_ = 0;
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
    network::Snapshot<double> snapshot;
    for (std::size_t j = 0; j < samples_per_beat; ++j) {
      const double dt = drive_.waves.period / samples_per_beat, t = dt * static_cast<double>(j);
      const heart::Forcing<double> forcing = drive_.at(t);
      network::evaluate(parameters, x, forcing, snapshot);
      request_.sensed.add(parameters, x, snapshot, forcing, 1.0 / samples_per_beat);
      request_.carry(x, forcing, dt, 1.0 / samples_per_beat);
      adaptive(parameters, x, t, t + dt);
    }
  }
  void adaptive(const network::Parameters<double>& parameters, FastState& x, double from, double to) {
    const FastState scale = typical_state();
    FastState z, y;
    for (std::size_t i = 0; i < network::state_size; ++i) z[i] = x[i] / scale[i];
    const network::Reciprocals<double> per = network::reciprocals(parameters);
    auto system = [&](const FastState& u, FastState& dudt, double t) {
      for (std::size_t i = 0; i < network::state_size; ++i) y[i] = u[i] * scale[i];
      network::rates(parameters, per, y, drive_.at(t), dudt);
      for (std::size_t i = 0; i < network::state_size; ++i) dudt[i] /= scale[i];
    };
    integrate_adaptive(system, z, from, to, numerics_.tolerance);
    for (std::size_t i = 0; i < network::state_size; ++i) x[i] = z[i] * scale[i];
  }

  // Finer meshes for exactness, and to get through a beat at all (the first one may start far from any cycle)
  static constexpr std::size_t most_finer = 4, most_finer_at_all = 8;

  Drive drive_;
  Numerics numerics_;
  BeatRequest request_;
  Recording* recording_ = nullptr;
  bool waits_ = false;
  FastState start_{};
  std::shared_ptr<const StageTable> stage_table_;
  std::size_t finer_ = 0;     // 0: the usual mesh; 1: the finer one; then every step halved
  std::size_t returned_ = 0;  // how often from a finer one
  std::size_t steps_ = 0, spent_ = 0;
  double fastest_ = 0.0;  // of the last beat, 1/s
  std::unique_ptr<ForcingTable> table_;
};

}  // namespace coronet
