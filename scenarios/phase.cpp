#include "scenarios/phase.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>

#include "scenarios/parameter_table.hpp"
#include "solvers/fixed_point.hpp"
#include "solvers/integrate.hpp"

namespace coronet {
namespace {

using network::bed_of, network::beds, network::segment_of, network::volume_index;
using FastState = network::State<double>;

constexpr std::size_t volumes = beds * bed::compartments;

std::size_t rounded_steps(double steps) {
  return samples_per_beat * static_cast<std::size_t>(std::ceil(std::max(steps, 1.0) / samples_per_beat));
}

/// Forcing at every half step of the fixed mesh: tabulated once per phase.
class ForcingTable {
 public:
  ForcingTable(const heart::Waves<double>& waves, std::size_t steps) : half_(waves.period / (2.0 * steps)) {
    rows_.reserve(2 * steps + 1);
    for (std::size_t j = 0; j <= 2 * steps; ++j)
      rows_.push_back(heart::forcing(waves, j == 2 * steps ? waves.period : half_ * static_cast<double>(j)));
  }
  const heart::Forcing<double>& at(double t) const { return rows_[static_cast<std::size_t>(t / half_ + 0.5)]; }

 private:
  double half_;
  std::vector<heart::Forcing<double>> rows_;
};

struct Blind {
  void start(std::size_t) {}
  void operator()(const FastState&, const network::Snapshot<double>&, const heart::Forcing<double>&) {}
};

/// Integrates single beats of one phase; keeps the number of steps that stability asks for.
class BeatIntegrator {
 public:
  BeatIntegrator(const heart::Waves<double>& waves, const Numerics& numerics) : waves_(waves), numerics_(numerics) {}

  std::size_t steps() const { return steps_; }

  /// Advances x by one beat; observe.start(steps) opens every attempt (a beat that proves too coarse is repeated), then
  /// observe(state, snapshot, forcing) is called at the start of each step.
  template <class Observer>
  void advance(const network::Parameters<double>& parameters, FastState& x, Observer& observe) {
    std::fill(x.begin() + network::dynamic_size, x.end(), 0.0);
    const FastState start = x;
    for (;;) {
      if (steps_ == 0) refine(parameters, x);
      if (!table_) table_ = std::make_unique<ForcingTable>(waves_, steps_);
      network::Snapshot<double> snapshot;
      double fastest = 0.0;
      auto system = [&](const FastState& y, FastState& dydt, double t) {
        network::evaluate(parameters, y, table_->at(t), snapshot);
        dydt = snapshot.rate;
      };
      std::size_t count = 0;
      observe.start(steps_);
      integrate_fixed(system, x, waves_.period, steps_, [&](const FastState& y, double t, double) {
        if (count++ % 16 == 0) fastest = std::max(fastest, network::fastest_rate(parameters, y, snapshot));
        observe(y, snapshot, table_->at(t));
      });
      if (fastest * waves_.period / static_cast<double>(unrefined()) <= rk4_stability_limit || !std::isfinite(fastest))
        return;
      grow(fastest);
      x = start;
    }
  }

  void advance(const network::Parameters<double>& parameters, FastState& x) {
    if (numerics_.stepper == Stepper::dormand_prince_5) {
      std::fill(x.begin() + network::dynamic_size, x.end(), 0.0);
      adaptive(parameters, x);
    } else {
      Blind blind;
      advance(parameters, x, blind);
    }
  }

 private:
  std::size_t unrefined() const {
    return static_cast<std::size_t>(static_cast<double>(steps_) / numerics_.step_refinement + 0.5);
  }
  void refine(const network::Parameters<double>& parameters, const FastState& x) {
    network::Snapshot<double> snapshot;
    network::evaluate(parameters, x, heart::forcing(waves_, 0.0), snapshot);
    grow(network::fastest_rate(parameters, x, snapshot));
  }
  void grow(double fastest) {
    // 25 % in reserve, because the fastest rate moves within the beat and from beat to beat
    const std::size_t wanted = rounded_steps(1.25 * fastest * waves_.period / rk4_stability_limit);
    steps_ = static_cast<std::size_t>(static_cast<double>(std::min<std::size_t>(wanted, 400000)) *
                                      numerics_.step_refinement);
    table_.reset();
  }
  void adaptive(const network::Parameters<double>& parameters, FastState& x) {
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
      network::evaluate(parameters, y, heart::forcing(waves_, std::min(t, waves_.period)), snapshot);
      for (std::size_t i = 0; i < network::state_size; ++i) dudt[i] = snapshot.rate[i] / scale[i];
    };
    integrate_adaptive(system, z, waves_.period, numerics_.tolerance);
    for (std::size_t i = 0; i < network::state_size; ++i) x[i] = z[i] * scale[i];
  }

  heart::Waves<double> waves_;
  Numerics numerics_;
  std::size_t steps_ = 0;
  std::unique_ptr<ForcingTable> table_;
};

/// Sums of a beat; divided by the number of steps they are the means of a periodic beat (trapezoid rule).
struct MeanObserver {
  Means sum;
  double count = 0.0;
  void start(std::size_t) { *this = {}; }
  void operator()(const FastState& x, const network::Snapshot<double>& s, const heart::Forcing<double>& f) {
    count += 1.0;
    sum.aortic += f.aortic;
    sum.right_atrial += f.right_atrial;
    for (std::size_t i = 0; i < network::segments; ++i) {
      sum.segment_pressure[i] += x[network::pressure_at + i];
      sum.segment_flow[i] += x[network::flow_at + i];
    }
    for (std::size_t b = 0; b < beds; ++b) {
      sum.intramyocardial[b] += s.intramyocardial[b];
      for (std::size_t k = 0; k < bed::compartments; ++k) {
        sum.pressure[b][k] += s.bed[b].pressure[k];
        sum.volume[b][k] += x[volume_index(b, k)];
        sum.viscous_loss[b][k] += bed::viscous_loss(s.bed[b], k);
      }
    }
  }
  Means mean() const {
    Means m = sum;
    m.aortic /= count;
    m.right_atrial /= count;
    for (auto* a : {&m.segment_pressure, &m.segment_flow})
      for (double& v : *a) v /= count;
    for (auto* a : {&m.pressure, &m.volume, &m.viscous_loss})
      for (auto& row : *a)
        for (double& v : row) v /= count;
    for (double& v : m.intramyocardial) v /= count;
    return m;
  }
};

void record(Traces& trace, std::size_t j, const FastState& x, const network::Snapshot<double>& s,
            const heart::Forcing<double>& f) {
  trace.aortic[j] = f.aortic;
  trace.left_ventricular[j] = f.left_ventricular;
  trace.right_ventricular[j] = f.right_ventricular;
  trace.right_atrial[j] = f.right_atrial;
  trace.activation[j] = f.activation;
  for (std::size_t i = 0; i < network::segments; ++i) {
    trace.segment_pressure[i][j] = x[network::pressure_at + i];
    trace.segment_flow[i][j] = x[network::flow_at + i];
  }
  for (std::size_t b = 0; b < beds; ++b) {
    trace.intramyocardial[b][j] = s.intramyocardial[b];
    for (std::size_t k = 0; k < bed::compartments; ++k) {
      trace.pressure[b][k][j] = s.bed[b].pressure[k];
      trace.volume[b][k][j] = x[volume_index(b, k)];
    }
    for (std::size_t k = 0; k <= bed::compartments; ++k) trace.flow[b][k][j] = s.bed[b].flow[k];
  }
}

/// Means and waveforms of one beat.
struct Recorder {
  Traces& trace;
  MeanObserver means{};
  std::size_t stride = 1, step = 0;
  void start(std::size_t steps) {
    means.start(steps);
    stride = steps / samples_per_beat;
    step = 0;
  }
  void operator()(const FastState& x, const network::Snapshot<double>& s, const heart::Forcing<double>& f) {
    means(x, s, f);
    if (step % stride == 0) record(trace, step / stride, x, s, f);
    ++step;
  }
};

void get_log_volumes(const FastState& x, std::vector<double>& v) {
  for (std::size_t i = 0; i < volumes; ++i) v[i] = log(x[network::volume_at + i]);
}
void set_log_volumes(FastState& x, const std::vector<double>& v, const network::Parameters<double>& n) {
  for (std::size_t b = 0; b < beds; ++b)
    for (std::size_t k = 0; k < bed::compartments; ++k) {
      // an extrapolated volume must not lie beyond what 180 mmHg would distend
      const double limit = wall::volume(n.bed[b].shape[k], n.bed[b].V_max[k], 180.0 * unit::mmHg);
      x[volume_index(b, k)] = std::min(exp(v[b * bed::compartments + k]), limit);
    }
}

Stimulus stimulus(const PatientParameters& p, std::size_t b, double flow) {
  return {.flow = flow,
          .demand = oxygen_demand(p, b),
          .capacity = oxygen_capacity(p),
          .arterial_saturation = p.blood.arterial_saturation_percent * unit::percent,
          .capillary_density = p.microvessels.capillary_density_ratio[b],
          .tissue_mass = layer_mass(p, b / network::layers)};
}

double tone_target(const PatientParameters& p, const Numerics& numerics, const Stimulus& s, double saturation) {
  return numerics.tone_law({p.oxygen.venous_saturation_set_point_percent * unit::percent, p.oxygen.feedback_gain},
                           signal_saturation(s, saturation));
}

FixedPointOptions options_of(const Numerics& numerics) {
  FixedPointOptions o;
  o.change_tolerance = numerics.period_tolerance;
  o.error_tolerance = numerics.error_tolerance;
  o.max_iterations = numerics.max_beats;
  return o;
}

/// Volumes of vessels at rest under no flow; a start for the very first beat.
FastState first_state(const network::Parameters<double>& n) {
  FastState x{};
  for (std::size_t i = 0; i < network::segments; ++i) x[network::pressure_at + i] = 85.0 * unit::mmHg;
  constexpr std::array<double, bed::compartments> transmural = {45.0, 30.0, 20.0, 10.0, 2.0};
  for (std::size_t b = 0; b < beds; ++b)
    for (std::size_t k = 0; k < bed::compartments; ++k)
      x[volume_index(b, k)] = wall::volume(n.bed[b].shape[k], n.bed[b].V_max[k], transmural[k] * unit::mmHg);
  return x;
}

/// |in − out − stored| / throughput of the beat between two states, worst over beds and the whole tree.
double volume_residual(const network::Parameters<double>& n, const FastState& before, const FastState& after) {
  double worst = 0.0, in = 0.0, out = 0.0, stored = 0.0;
  for (std::size_t b = 0; b < beds; ++b) {
    double change = 0.0;
    for (std::size_t k = 0; k < bed::compartments; ++k) change += after[volume_index(b, k)] - before[volume_index(b, k)];
    const double inflow = after[network::inflow_at + b], outflow = after[network::outflow_at + b];
    worst = std::max(worst, std::fabs(inflow - outflow - change) / std::fabs(inflow));
    out += outflow;
    stored += change;
  }
  for (std::size_t i = 0; i < network::segments; ++i)
    stored += n.segment[i].compliance * (after[network::pressure_at + i] - before[network::pressure_at + i]);
  in = after[network::ostial_at] + after[network::ostial_at + 1];
  return std::max(worst, std::fabs(in - out - stored) / std::fabs(in));
}

}  // namespace

const char* status_name(Status status) {
  switch (status) {
    case Status::ok: return "ok";
    case Status::no_convergence: return "no_convergence";
    case Status::not_finite: return "not_finite";
  }
  return "unknown";
}

Patient make_patient(const PatientParameters& parameters, const Numerics& numerics, const Patient* guess) {
  check_patient(parameters);
  Patient patient;
  patient.parameters = parameters;
  const auto waves = heart_waves(parameters, adenosine_iv);
  if (!heart::in_order(waves) || !heart::in_order(heart_waves(parameters, rest)))
    throw ParameterError("'heart.heart_rate_bpm' = " + std::to_string(static_cast<int>(parameters.heart.heart_rate_bpm)) +
                         " 1/min leaves no time for diastole under adenosine (rate + 17); lower it or raise "
                         "'heart.contractility'");
  auto n = passive_network(parameters, guess ? guess->anchor : Anchor{}, Build::healthy_twin);
  FastState x = guess ? guess->start.fast : first_state(n);
  // Unknowns: ln V of every compartment, ln of one resistance factor per territory. A similar patient's volumes are scaled by mass.
  std::vector<double> unknown(volumes + network::territories);
  if (guess)
    for (std::size_t b = 0; b < beds; ++b) {
      const double ratio = layer_mass(parameters, b / network::layers) / layer_mass(guess->parameters, b / network::layers);
      for (std::size_t k = 0; k < bed::compartments; ++k) x[volume_index(b, k)] *= ratio;
    }
  get_log_volumes(x, unknown);
  for (std::size_t t = 0; t < network::territories; ++t) unknown[volumes + t] = guess ? guess->anchor[t] : 0.0;
  const auto anchor_from = [](const std::vector<double>& u) {
    Anchor a;
    for (std::size_t t = 0; t < network::territories; ++t) a[t] = u[volumes + t];
    return a;
  };

  BeatIntegrator beat(waves, numerics);
  const auto map = [&](const std::vector<double>& u, std::vector<double>& gu) {
    n = passive_network(parameters, anchor_from(u), Build::healthy_twin);
    set_log_volumes(x, u, n);
    beat.advance(n, x);
    gu = u;
    get_log_volumes(x, gu);
    for (std::size_t t = 0; t < network::territories; ++t) {
      double flow = 0.0;
      for (std::size_t l = 0; l < network::layers; ++l) flow += x[network::inflow_at + bed_of(t, l)] / waves.period;
      const double excess = flow / anchored_flow(parameters, t);
      gu[volumes + t] += excess > 0.0 ? std::clamp(0.7 * log(excess), -0.5, 0.5) : -0.5;
    }
  };
  FixedPointOptions options = options_of(numerics);
  options.plain_iterations = 6;
  options.max_step = 0.5;
  const FixedPointResult found = find_fixed_point(map, unknown, options);
  patient.anchor = anchor_from(unknown);
  patient.beats = found.iterations;
  patient.anchor_residual = found.error;
  patient.start.fast = x;
  patient.start.tone.fill(1.0);
  patient.start.venous_saturation.fill(parameters.oxygen.venous_saturation_set_point_percent * unit::percent);
  if (found.converged) {
    patient.status = Status::ok;
  } else {
    patient.status = std::isfinite(found.change) ? Status::no_convergence : Status::not_finite;
    patient.failure = "anchoring the bed on hyperaemic flow and capillary share did not converge (residual " +
                      std::to_string(found.change) + ")";
  }
  return patient;
}

Patient with_parameters(const Patient& patient, const PatientParameters& parameters) {
  check_patient(parameters);
  Patient changed = patient;
  changed.parameters = parameters;
  return changed;
}

PhaseResult solve_phase(const Patient& patient, const Condition& condition, const Numerics& numerics,
                        PatientState* from) {
  PhaseResult result;
  result.condition = condition;
  if (patient.status != Status::ok) {
    result.status = patient.status;
    result.failure = patient.failure;
    return result;
  }
  const PatientParameters& p = patient.parameters;
  const auto waves = heart_waves(p, condition);
  result.heart = waves;
  const auto passive = passive_network(p, patient.anchor, Build::patient);
  const auto healthy = passive_network(p, patient.anchor, Build::healthy_twin);
  auto n = passive;
  PatientState state = from ? *from : patient.start;
  if (!from)  // volumes of the healthy twin, fitted to the patient's structure and tone
    for (std::size_t b = 0; b < beds; ++b)
      for (std::size_t k = 0; k < bed::compartments; ++k)
        state.fast[volume_index(b, k)] *=
            passive.bed[b].V_max[k] / healthy.bed[b].V_max[k] *
            metabolic_feedback::area_factor(k, state.tone[b] * (1.0 - condition.tone_relief[k]));
  FastState& x = state.fast;
  BeatIntegrator beat(waves, numerics);

  // Slow targets after a beat
  const auto regulate = [&](std::size_t b) {
    const Stimulus s = stimulus(p, b, x[network::inflow_at + b] / waves.period);
    const double saturation = balanced_venous_saturation(s);
    return std::pair{tone_target(p, numerics, s, saturation), saturation};
  };

  std::vector<double> unknown;
  Map map;
  if (numerics.accelerated) {
    // ln V and tone; tone moves a fifth of the way per beat (its fixed point is the same, its loop gain is about 4)
    unknown.resize(volumes + beds);
    map = [&](const std::vector<double>& u, std::vector<double>& gu) {
      for (std::size_t b = 0; b < beds; ++b) state.tone[b] = u[volumes + b];
      apply_tone(n, passive, state.tone, condition);
      set_log_volumes(x, u, n);
      beat.advance(n, x);
      get_log_volumes(x, gu);
      for (std::size_t b = 0; b < beds; ++b) {
        const auto [target, saturation] = regulate(b);
        state.venous_saturation[b] = saturation;
        gu[volumes + b] = u[volumes + b] + 0.2 * (target - u[volumes + b]);
      }
    };
  } else {
    // Real time: tone and the venous pool follow with their own time constants
    unknown.resize(volumes + 2 * beds);
    map = [&](const std::vector<double>& u, std::vector<double>& gu) {
      for (std::size_t b = 0; b < beds; ++b) state.tone[b] = u[volumes + b];
      apply_tone(n, passive, state.tone, condition);
      set_log_volumes(x, u, n);
      beat.advance(n, x);
      get_log_volumes(x, gu);
      for (std::size_t b = 0; b < beds; ++b) {
        const Stimulus s = stimulus(p, b, x[network::inflow_at + b] / waves.period);
        const double balanced = balanced_venous_saturation(s);
        const double pool = x[volume_index(b, bed::capillary)] + x[volume_index(b, bed::vein)];
        const double before = u[volumes + beds + b];
        const double saturation = balanced + (before - balanced) * exp(-s.flow * waves.period / pool);
        const double target = tone_target(p, numerics, s, saturation);
        const double tau = metabolic_feedback::time_constant(target, u[volumes + b]);
        gu[volumes + b] = target + (u[volumes + b] - target) * exp(-waves.period / tau);
        gu[volumes + beds + b] = saturation;
      }
    };
  }
  get_log_volumes(x, unknown);
  for (std::size_t b = 0; b < beds; ++b) {
    unknown[volumes + b] = state.tone[b];
    if (!numerics.accelerated) unknown[volumes + beds + b] = state.venous_saturation[b];
  }
  // Volumes of a start may exceed what this tone allows: let set_log_volumes bring them in before the search
  const FixedPointOptions options = options_of(numerics);
  FixedPointResult found =
      numerics.accelerated ? find_fixed_point(map, unknown, options) : iterate_plainly(map, unknown, options);
  result.beats = found.iterations;
  result.period_error = found.error;
  if (!std::isfinite(found.change)) {
    result.status = Status::not_finite;
    result.failure = std::string("phase ") + condition.name + ": a state became non-finite";
    return result;
  }
  // One more plain beat on the fixed mesh, recorded
  for (std::size_t b = 0; b < beds; ++b) state.tone[b] = unknown[volumes + b];
  apply_tone(n, passive, state.tone, condition);
  set_log_volumes(x, unknown, n);
  Numerics fixed = numerics;
  fixed.stepper = Stepper::runge_kutta_4;
  BeatIntegrator last_beat(waves, fixed);
  const FastState before = x;
  Recorder observer{result.trace};
  last_beat.advance(n, x, observer);
  result.mean = observer.means.mean();
  for (std::size_t b = 0; b < beds; ++b) {
    result.mean.flow[b] = x[network::inflow_at + b] / waves.period;
    const auto [target, saturation] = regulate(b);
    result.tone[b] = state.tone[b];
    result.venous_saturation[b] = saturation;
    result.tissue_tension[b] = tissue_tension(stimulus(p, b, result.mean.flow[b]), saturation);
    result.regulation_residual = std::max(result.regulation_residual, std::fabs(target - state.tone[b]));
    for (std::size_t k = 0; k < bed::compartments; ++k)
      result.period_residual = std::max(
          result.period_residual, std::fabs(log(x[volume_index(b, k)] / before[volume_index(b, k)])));
  }
  result.volume_residual = volume_residual(n, before, x);
  result.steps_per_beat = last_beat.steps();
  result.network = n;
  if (from) *from = state;
  if (found.converged) {
    result.status = Status::ok;
  } else {
    result.failure = std::string("phase ") + condition.name + ": no limit cycle after " +
                     std::to_string(found.iterations) + " beats (change " + std::to_string(found.change) + ")";
  }
  return result;
}

}  // namespace coronet
