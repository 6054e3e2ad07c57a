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

constexpr std::size_t transient_beats = 6;
constexpr std::size_t max_steps_per_beat = 400000;
constexpr std::size_t volumes = beds * bed::compartments;

std::size_t rounded_steps(double steps) {
  constexpr double most = 1e9;  // far beyond any work limit, and still a number of steps if `steps` is not finite
  const double whole = steps < most ? std::ceil(std::max(steps, 1.0) / samples_per_beat) : most;
  return samples_per_beat * static_cast<std::size_t>(whole);
}

bool finite(const FastState& x) {
  return std::all_of(x.begin(), x.end(), [](double v) { return std::isfinite(v); });
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
  /// True once the work allowed for a phase is spent: from then on no beat is integrated.
  bool exhausted() const {
    return static_cast<double>(spent_) > numerics_.step_refinement * static_cast<double>(numerics_.max_steps);
  }

  /// Forgets a step that only the first, transient beats asked for; later only one that is twice too fine, because a
  /// change of mesh disturbs the search by its own error.
  void relax(bool transient) {
    const std::size_t wanted = wanted_steps(fastest_);
    if (steps_ != 0 && (transient ? 4 * wanted < 3 * unrefined() : 2 * wanted <= unrefined())) grow(fastest_);
  }

  /// Advances x by one beat; observe.start(steps) opens every attempt (a beat that proves too coarse is repeated), then
  /// observe(state, snapshot, forcing) is called at the start of each step. Returns false when the work is spent.
  template <class Observer>
  bool advance(const network::Parameters<double>& parameters, FastState& x, Observer& observe) {
    std::fill(x.begin() + network::dynamic_size, x.end(), 0.0);
    const FastState start = x;
    for (int finer = 0;;) {
      if (steps_ == 0) refine(parameters, x);
      if (static_cast<double>(steps_) > numerics_.step_refinement * max_steps_per_beat) return hopeless(x);
      spent_ += steps_;
      if (exhausted()) return false;
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
      if (!std::isfinite(fastest) || !finite(x)) {  // blown up by a step far too long, or hopeless from the start
        table_.reset();
        if (finer++ == 4) return hopeless(x);
        steps_ *= 2;
        x = start;
        continue;
      }
      fastest_ = fastest;
      if (fastest * waves_.period / static_cast<double>(unrefined()) <= rk4_stability_limit) return true;
      // at most 4 times finer at once: a beat that blew up shows rates that the true one never meets
      grow(std::min(fastest, 4.0 * rk4_stability_limit / 1.25 * static_cast<double>(unrefined()) / waves_.period));
      x = start;
    }
  }

  bool advance(const network::Parameters<double>& parameters, FastState& x) {
    if (numerics_.stepper == Stepper::dormand_prince_5) {
      std::fill(x.begin() + network::dynamic_size, x.end(), 0.0);
      adaptive(parameters, x);
      return true;
    }
    Blind blind;
    return advance(parameters, x, blind);
  }

 private:
  /// A state from which no beat can be integrated: the search sees a non-finite answer and steps back.
  bool hopeless(FastState& x) {
    x.fill(std::nan(""));
    steps_ = 0;
    table_.reset();
    return true;
  }
  std::size_t unrefined() const {
    return static_cast<std::size_t>(static_cast<double>(steps_) / numerics_.step_refinement + 0.5);
  }
  void refine(const network::Parameters<double>& parameters, const FastState& x) {
    network::Snapshot<double> snapshot;
    network::evaluate(parameters, x, heart::forcing(waves_, 0.0), snapshot);
    grow(network::fastest_rate(parameters, x, snapshot));
  }
  /// 25 % in reserve, because the fastest rate moves within the beat and from beat to beat.
  std::size_t wanted_steps(double fastest) const {
    return rounded_steps(1.25 * fastest * waves_.period / rk4_stability_limit);
  }
  void grow(double fastest) {
    steps_ = static_cast<std::size_t>(static_cast<double>(wanted_steps(fastest)) * numerics_.step_refinement);
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
  std::size_t steps_ = 0, spent_ = 0;
  double fastest_ = 0.0;  // of the last beat, 1/s
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

/// The answer of a map that could not be evaluated.
void give_up(std::vector<double>& gu) { std::fill(gu.begin(), gu.end(), std::nan("")); }

std::string work_limit(const Numerics& numerics) {
  return "stopped after " + std::to_string(numerics.max_steps / 1000) +
         " thousand integration steps; the values ask for very small steps";
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

/// The fast state of `start`, its volumes fitted to another network.
FastState started(const PatientState& start, const network::Parameters<double>& n) {
  FastState x = start.fast;
  for (std::size_t b = 0; b < beds; ++b)
    for (std::size_t k = 0; k < bed::compartments; ++k) x[volume_index(b, k)] *= n.bed[b].V_max[k] / start.V_max[b][k];
  return x;
}

/// |in − out − stored| of the beat between two states, worst over beds and the whole tree; relative to what flowed in,
/// or to 1 % of the bed's volume where hardly anything does (behind an occlusion).
double volume_residual(const network::Parameters<double>& n, const FastState& before, const FastState& after) {
  double worst = 0.0, in = 0.0, out = 0.0, stored = 0.0;
  for (std::size_t b = 0; b < beds; ++b) {
    double change = 0.0, held = 0.0;
    for (std::size_t k = 0; k < bed::compartments; ++k) {
      change += after[volume_index(b, k)] - before[volume_index(b, k)];
      held += before[volume_index(b, k)];
    }
    const double inflow = after[network::inflow_at + b], outflow = after[network::outflow_at + b];
    worst = std::max(worst, std::fabs(inflow - outflow - change) / std::max(std::fabs(inflow), 0.01 * held));
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
    case Status::ok:
      return "ok";
    case Status::no_convergence:
      return "no_convergence";
    case Status::not_finite:
      return "not_finite";
    case Status::invalid:
      return "invalid";
  }
  return "unknown";
}

Patient make_patient(const PatientParameters& parameters, const Numerics& numerics, const Patient* guess) {
  check_patient(parameters);
  Patient patient;
  patient.parameters = parameters;
  const auto waves = heart_waves(parameters, adenosine_iv);
  if (!heart::in_order(waves) || !heart::in_order(heart_waves(parameters, rest)))
    throw ParameterError(
        "'heart.heart_rate_bpm' = " + std::to_string(static_cast<int>(parameters.heart.heart_rate_bpm)) +
        " 1/min leaves no time for diastole under adenosine (rate + 17); lower it or raise "
        "'heart.contractility'");
  auto n = passive_network(parameters, guess ? guess->anchor : Anchor{}, Build::healthy_twin);
  for (std::size_t t = 0; t < network::territories; ++t) {
    const double loss = epicardial_resistance(parameters, n, t) * anchored_flow(parameters, t);
    const HeartParameters& h = parameters.heart;
    const double mean = (2.0 * h.aortic_diastolic_mmHg + h.aortic_systolic_mmHg) / 3.0 * unit::mmHg;
    if (loss > 0.6 * mean)
      throw ParameterError(std::string("the healthy ") + network::territory_names[t] + " alone would take " +
                           std::to_string(std::lround(loss / unit::mmHg)) + " of " +
                           std::to_string(std::lround(mean / unit::mmHg)) +
                           " mmHg at the hyperaemic flow; raise 'epicardial.size_ratio' or its diameters, or lower "
                           "'bed.hyperaemic_flow_mL_per_min_per_g'");
  }
  FastState x = guess ? started(guess->start, n) : first_state(n);
  // Unknowns: ln V of every compartment, ln of one resistance factor per territory.
  std::vector<double> unknown(volumes + network::territories);
  get_log_volumes(x, unknown);
  for (std::size_t t = 0; t < network::territories; ++t) unknown[volumes + t] = guess ? guess->anchor[t] : 0.0;
  const auto anchor_from = [](const std::vector<double>& u) {
    Anchor a;
    for (std::size_t t = 0; t < network::territories; ++t) a[t] = u[volumes + t];
    return a;
  };

  BeatIntegrator beat(waves, numerics);
  std::size_t beats = 0;
  const auto map = [&](const std::vector<double>& u, std::vector<double>& gu) {
    n = passive_network(parameters, anchor_from(u), Build::healthy_twin);
    set_log_volumes(x, u, n);
    beat.relax(++beats <= transient_beats);
    gu = u;
    if (!beat.advance(n, x)) return give_up(gu);
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
  for (std::size_t b = 0; b < beds; ++b) patient.start.V_max[b] = n.bed[b].V_max;
  patient.start.tone.fill(1.0);
  patient.start.venous_saturation.fill(parameters.oxygen.venous_saturation_set_point_percent * unit::percent);
  if (found.converged) {
    patient.status = Status::ok;
  } else if (beat.exhausted()) {
    patient.failure = "anchoring the bed on hyperaemic flow: " + work_limit(numerics);
  } else {
    patient.status = std::isfinite(found.change) ? Status::no_convergence : Status::not_finite;
    patient.failure =
        "anchoring the bed on hyperaemic flow did not converge (residual " + std::to_string(found.change) + ")";
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
                        PatientState* from, FlowTarget* target) {
  PhaseResult result;
  result.condition = condition;
  if (patient.status != Status::ok) {
    result.status = patient.status;
    result.failure = patient.failure;
    return result;
  }
  PatientParameters p = patient.parameters;
  const auto waves = heart_waves(p, condition);
  result.heart = waves;
  if (target) target->apply(p, target->knob);
  auto passive = passive_network(p, patient.anchor, Build::patient);
  auto n = passive;
  PatientState state = from ? *from : patient.start;
  apply_tone(n, passive, state.tone, condition);
  state.fast = started(state, n);
  FastState& x = state.fast;
  BeatIntegrator beat(waves, numerics);
  std::size_t beats = 0;

  const auto mean_flow = [&](std::size_t b) { return x[network::inflow_at + b] / waves.period; };
  const auto regulate = [&](std::size_t b) {  // slow targets after a beat
    const Stimulus s = stimulus(p, b, mean_flow(b));
    const double saturation = balanced_venous_saturation(s);
    return std::pair{tone_target(p, numerics, s, saturation), saturation};
  };

  // Unknowns: ln V, tone; then, in real time, the venous pools; then the knob of a flow target
  const std::size_t tone_at = volumes, pool_at = tone_at + beds;
  const std::size_t knob_at = numerics.accelerated ? pool_at : pool_at + beds;
  std::vector<double> unknown(knob_at + (target ? 1 : 0));
  const auto one_beat = [&](const std::vector<double>& u) {
    for (std::size_t b = 0; b < beds; ++b) state.tone[b] = u[tone_at + b];
    const double knob = target ? std::clamp(u[knob_at], target->lowest, target->highest) : 0.0;
    if (target && knob != target->knob) {
      target->knob = knob;
      target->apply(p, target->knob);
      n = passive = passive_network(p, patient.anchor, Build::patient);
    }
    apply_tone(n, passive, state.tone, condition);
    set_log_volumes(x, u, n);
    beat.relax(++beats <= transient_beats);
    return beat.advance(n, x);
  };
  const Map map = [&](const std::vector<double>& u, std::vector<double>& gu) {
    gu = u;
    if (!one_beat(u)) return give_up(gu);
    get_log_volumes(x, gu);
    for (std::size_t b = 0; b < beds; ++b) {
      const double tone = u[tone_at + b];
      if (numerics.accelerated) {
        // a fifth of the way per beat: the same fixed point, and stable although the loop gain is about 4
        const auto [wanted, saturation] = regulate(b);
        state.venous_saturation[b] = saturation;
        gu[tone_at + b] = tone + 0.2 * (wanted - tone);
      } else {
        const Stimulus s = stimulus(p, b, mean_flow(b));
        const double balanced = balanced_venous_saturation(s);
        const double pool = x[volume_index(b, bed::capillary)] + x[volume_index(b, bed::vein)];
        const double saturation = balanced + (u[pool_at + b] - balanced) * exp(-s.flow * waves.period / pool);
        const double wanted = tone_target(p, numerics, s, saturation);
        const double tau = metabolic_feedback::time_constant(wanted, tone);
        gu[tone_at + b] = wanted + (tone - wanted) * exp(-waves.period / tau);
        gu[pool_at + b] = saturation;
      }
    }
    if (target) {
      double flow = 0.0;
      for (std::size_t l = 0; l < network::layers; ++l) flow += mean_flow(bed_of(target->territory, l));
      const double off = flow > 0.0 ? std::clamp(log(target->flow / flow), -0.4, 0.4) : 0.4;
      gu[knob_at] = target->knob + 0.5 * target->sign * off;
    }
  };
  get_log_volumes(x, unknown);
  for (std::size_t b = 0; b < beds; ++b) {
    unknown[tone_at + b] = state.tone[b];
    if (!numerics.accelerated) unknown[pool_at + b] = state.venous_saturation[b];
  }
  if (target) unknown[knob_at] = target->knob;
  const FixedPointOptions options = options_of(numerics);
  const FixedPointResult found =
      numerics.accelerated ? find_fixed_point(map, unknown, options) : iterate_plainly(map, unknown, options);
  result.beats = found.iterations;
  result.period_error = found.error;
  if (beat.exhausted()) {
    result.failure = std::string("phase ") + condition.name + ": " + work_limit(numerics);
    return result;
  }
  if (!std::isfinite(found.change)) {
    result.status = Status::not_finite;
    result.failure = std::string("phase ") + condition.name + ": a state became non-finite";
    return result;
  }

  // One more plain beat on the fixed mesh, recorded
  for (std::size_t b = 0; b < beds; ++b) state.tone[b] = unknown[tone_at + b];
  apply_tone(n, passive, state.tone, condition);
  set_log_volumes(x, unknown, n);
  Numerics fixed = numerics;
  fixed.stepper = Stepper::runge_kutta_4;
  BeatIntegrator last_beat(waves, fixed);
  const FastState before = x;
  Recorder observer{result.trace};
  if (!last_beat.advance(n, x, observer)) {
    result.failure = std::string("phase ") + condition.name + ": " + work_limit(numerics);
    return result;
  }
  result.mean = observer.means.mean();
  for (std::size_t b = 0; b < beds; ++b) {
    result.mean.flow[b] = mean_flow(b);
    const auto [wanted, saturation] = regulate(b);
    result.tone[b] = state.tone[b];
    result.venous_saturation[b] = state.venous_saturation[b] = saturation;
    result.tissue_tension[b] = tissue_tension(stimulus(p, b, mean_flow(b)), saturation);
    result.regulation_residual = std::max(result.regulation_residual, std::fabs(wanted - state.tone[b]));
    for (std::size_t k = 0; k < bed::compartments; ++k)
      result.period_residual =
          std::max(result.period_residual, std::fabs(log(x[volume_index(b, k)] / before[volume_index(b, k)])));
    state.V_max[b] = n.bed[b].V_max;
  }
  result.volume_residual = volume_residual(n, before, x);
  result.steps_per_beat = last_beat.steps();
  result.network = n;
  if (from) *from = state;
  if (!finite(x)) {
    result.status = Status::not_finite;
    result.failure = std::string("phase ") + condition.name + ": a state became non-finite";
  } else if (found.converged) {
    result.status = Status::ok;
  } else {
    result.failure = std::string("phase ") + condition.name + ": no limit cycle after " +
                     std::to_string(found.iterations) + " beats (change " + std::to_string(found.change) + ")";
  }
  return result;
}

}  // namespace coronet
