#include "scenarios/phase.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

#include "model/arteriolar_tone.hpp"
#include "model/ischaemic_metabolites.hpp"
#include "model/oxygen_debt.hpp"
#include "scenarios/beat.hpp"
#include "scenarios/parameter_table.hpp"
#include "scenarios/preconditioner.hpp"
#include "solvers/fixed_point.hpp"

namespace coronet {
namespace {

using network::bed_of, network::beds, network::volume_index;
constexpr std::size_t volumes = beds * bed::compartments;

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

/// Means and waveforms of one beat. Waveforms are sampled at equal distances whatever the mesh, between two mesh points
/// on the cubic through both states and rates.
class Recorder {
 public:
  explicit Recorder(const network::Parameters<double>& n) : sensor{n}, network_(n) {}
  MeanObserver means;
  Sensor sensor;
  void start(std::size_t steps) {
    means.start(steps);
    sensor.start(steps);
    states_.clear(), rates_.clear();
  }
  void operator()(const FastState& x, const network::Snapshot<double>& s, const heart::Forcing<double>& f) {
    means(x, s, f);
    sensor(x, s, f);
    states_.push_back(x), rates_.push_back(s.rate);
  }
  /// The waveforms of the beat that ended in `end`.
  void sample(const Drive& drive, const FastState& end, Traces& trace) {
    const double period = drive.waves.period;
    const std::size_t steps = states_.size();
    network::Snapshot<double> s;
    network::evaluate(network_, end, drive.at(period), s);
    states_.push_back(end), rates_.push_back(s.rate);
    const double h = period / static_cast<double>(steps);
    for (std::size_t j = 0; j < samples_per_beat; ++j) {
      const std::size_t i = j * steps / samples_per_beat;
      const double share = static_cast<double>(j * steps % samples_per_beat) / samples_per_beat;
      const double a = share * share * (3.0 - 2.0 * share), b = share * (1.0 - share) * (1.0 - share) * h,
                   c = share * share * (share - 1.0) * h;
      FastState x;
      for (std::size_t e = 0; e < x.size(); ++e)
        x[e] = states_[i][e] + a * (states_[i + 1][e] - states_[i][e]) + b * rates_[i][e] + c * rates_[i + 1][e];
      const heart::Forcing<double> f = drive.at(period * static_cast<double>(j) / samples_per_beat);
      network::evaluate(network_, x, f, s);
      record(trace, j, x, s, f);
    }
  }

 private:
  const network::Parameters<double>& network_;
  std::vector<FastState> states_, rates_;
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

FixedPointOptions options_of(const Numerics& numerics) {
  FixedPointOptions o;
  // the preconditioned change estimates the distance as well
  o.change_tolerance = numerics.accelerated ? numerics.error_tolerance : numerics.period_tolerance;
  o.error_tolerance = numerics.error_tolerance;
  o.max_iterations = numerics.max_beats;
  o.memory = 12;
  return o;
}

/// Volumes of vessels without tone and flow; a start for the very first beat.
PatientState first_state(const network::Parameters<double>& n) {
  PatientState start;
  FastState& x = start.fast;
  for (std::size_t i = 0; i < network::segments; ++i) x[network::pressure_at + i] = 85.0 * unit::mmHg;
  constexpr std::array<double, bed::compartments> transmural = {45.0, 30.0, 20.0, 10.0, 2.0};
  for (std::size_t b = 0; b < beds; ++b)
    for (std::size_t k = 0; k < bed::compartments; ++k)
      x[volume_index(b, k)] = wall::volume(n.bed[b].shape[k], n.bed[b].V_max[k], transmural[k] * unit::mmHg);
  for (std::size_t b = 0; b < beds; ++b) start.V_max[b] = n.bed[b].V_max;
  start.venous_saturation.fill(0.6);
  return start;
}

/// The fast state of `start`, its volumes fitted to another network.
FastState started(const PatientState& start, const network::Parameters<double>& n) {
  FastState x = start.fast;
  for (std::size_t b = 0; b < beds; ++b)
    for (std::size_t k = 0; k < bed::compartments; ++k) x[volume_index(b, k)] *= n.bed[b].V_max[k] / start.V_max[b][k];
  return x;
}

/// The venous pool after `time`: V dS/dt = Q (S_a − S) − M met(S)/c_max, with consumption also where nothing flows. Its
/// steady state is balanced_venous_saturation. Implicit Euler in steps of a tenth of a second or less.
double venous_pool(const Stimulus& s, double volume, double saturation, double time) {
  const int steps = static_cast<int>(std::ceil(10.0 * time));
  const double dt = time / steps, flow = std::max(s.flow, 0.0);
  for (int j = 0; j < steps; ++j) {
    const double before = saturation;
    double low = 1e-9, high = s.arterial_saturation;
    for (int i = 0; i < 40; ++i) {
      const double S = 0.5 * (low + high);
      const double gain = flow * s.capacity * (s.arterial_saturation - S) - s.demand * met_share(s, S);
      (volume * s.capacity * (S - before) < dt * gain ? low : high) = S;
    }
    saturation = 0.5 * (low + high);
  }
  return saturation;
}

/// |in − out − stored| of the beat between two states, worst over beds and the whole tree; relative to what flowed in,
/// or to 1 % of the bed's volume where hardly anything does (behind an occlusion).
double volume_residual(const network::Parameters<double>& n, const FastState& before, const FastState& after) {
  double worst = 0.0, in = 0.0, out = 0.0, stored = 0.0, volume = 0.0;
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
    volume += held;
  }
  for (std::size_t i = 0; i < network::segments; ++i)
    stored += n.segment[i].compliance * (after[network::pressure_at + i] - before[network::pressure_at + i]);
  in = after[network::ostial_at] + after[network::ostial_at + 1];
  return std::max(worst, std::fabs(in - out - stored) / std::max(std::fabs(in), 1e-4 * volume));
}

constexpr std::size_t locals = bed::compartments + muscular;  // unknowns of one bed
using Preconditioner = BlockPreconditioner<beds, locals>;

/// The limit cycle of one phase as a fixed point. Unknowns: ln V of 45 compartments; 27 relative losses of radius;
/// four epicardial diameters; in real time nine venous pools and oxygen debts; one knob per flow target.
class Search {
 public:
  Search(Setup setup, const Condition& condition, const Numerics& numerics, const PatientState& from,
         std::vector<FlowTarget*> targets, const Preconditioner* preconditioner = nullptr)
      : setup_(std::move(setup)),
        condition_(condition),
        numerics_(numerics),
        targets_(std::move(targets)),
        state_(from),
        drive_{heart_waves(setup_.parameters, condition), condition.perfusion_factor},
        beat_(drive_, numerics),
        preconditioner_(preconditioner) {
    for (FlowTarget* t : targets_) t->apply(setup_, t->knob);
    rebuild();
    state_.fast = started(state_, network_);
    close(state_.fast, condition_);
    pools_at_ = diameter_at + epicardial_sites;
    debts_at_ = pools_at_ + beds;
    knobs_at_ = numerics.accelerated ? pools_at_ : debts_at_ + beds;
    unknown_.resize(knobs_at_ + targets_.size());
    get_log_volumes(state_.fast, unknown_);
    for (std::size_t b = 0; b < beds; ++b) {
      for (std::size_t k = 0; k < muscular; ++k) unknown_[tone_at + b * muscular + k] = state_.tone[b][k];
      if (numerics.accelerated) continue;
      unknown_[pools_at_ + b] = state_.venous_saturation[b];
      unknown_[debts_at_ + b] = state_.oxygen_debt[b];
    }
    for (std::size_t i = 0; i < epicardial_sites; ++i) unknown_[diameter_at + i] = state_.epicardial_diameter[i];
    for (std::size_t i = 0; i < targets_.size(); ++i) unknown_[knobs_at_ + i] = targets_[i]->knob;
  }

  FixedPointResult find(const FixedPointOptions& options) {
    const Map map = [this](const std::vector<double>& u, std::vector<double>& gu) {
      gu = u;
      if (beat_.exhausted() || !one_beat(u)) return give_up(gu);
      answer(u, gu);
    };
    const Map preconditioned = [&](const std::vector<double>& u, std::vector<double>& gu) {
      map(u, gu);
      if (preconditioner_) preconditioner_->apply(u, gu, local_index);
    };
    FixedPointResult found = numerics_.accelerated ? find_fixed_point(preconditioned, unknown_, options)
                                                   : iterate_plainly(map, unknown_, options);
    if (numerics_.accelerated && !found.converged && std::isfinite(found.change) && !exhausted()) {
      const std::size_t spent = found.iterations;
      found = iterate_plainly(map, unknown_, options);
      found.iterations += spent;
    }
    if (!beat_.exhausted()) adopt(unknown_);
    return found;
  }

  /// Measured where the search stands.
  Preconditioner measured_preconditioner() {
    const FastState here = state_.fast;
    const Preconditioner measured(
        [&](const std::vector<double>& u, std::vector<double>& gu) {
          gu = u;
          state_.fast = here;
          if (one_beat(u)) answer(u, gu);
        },
        unknown_, local_index);
    adopt(unknown_);
    state_.fast = here;
    return measured;
  }

  /// Another condition from here on; only for a search without flow targets.
  void change(const Condition& condition) {
    condition_ = condition;
    drive_ = {heart_waves(setup_.parameters, condition), condition.perfusion_factor};
    beat_.change(drive_);
    rebuild();
  }

  /// One beat of the map itself, without a search. False when the work is spent.
  bool pass_one_beat() {
    answered_.resize(unknown_.size());
    if (beat_.exhausted() || !one_beat(unknown_)) return false;
    answer(unknown_, answered_);
    unknown_.swap(answered_);
    return true;
  }
  /// The slow numbers where pass_one_beat() left them.
  void adopt_slow() { adopt(unknown_); }
  const CourseBeat& sensed() const { return sensed_; }

  /// One more beat on the fixed mesh from the state found, observed.
  template <class Observer> bool last_beat(Observer& observe, std::size_t& steps) {
    if (numerics_.stepper != Stepper::dormand_prince_5) {
      const bool done = beat_.advance(network_, state_.fast, observe);
      steps = beat_.steps();
      return done;
    }
    Numerics fixed = numerics_;
    fixed.stepper = Stepper::runge_kutta_4;
    BeatIntegrator last(drive_, fixed);
    const bool done = last.advance(network_, state_.fast, observe);
    steps = last.steps();
    return done;
  }

  bool exhausted() const { return beat_.exhausted(); }
  const Setup& setup() const { return setup_; }
  const Drive& drive() const { return drive_; }
  const network::Parameters<double>& network() const { return network_; }
  PatientState& state() { return state_; }

 private:
  static constexpr std::size_t tone_at = volumes, diameter_at = tone_at + beds * muscular;

  static std::size_t local_index(std::size_t b, std::size_t i) {
    return i < bed::compartments ? b * bed::compartments + i : tone_at + b * muscular + i - bed::compartments;
  }

  void rebuild() {
    passive_ = passive_network(setup_, state_.epicardial_diameter);
    occlude(passive_, condition_);
    close(state_.fast, condition_);
    narrow();
  }
  void narrow() {
    network_ = passive_;
    for (std::size_t b = 0; b < beds; ++b)
      for (std::size_t k = 0; k < muscular; ++k) network_.bed[b].V_max[k] *= square(1.0 - state_.tone[b][k]);
  }

  /// Puts the unknowns where the beat takes them from.
  void adopt(const std::vector<double>& u) {
    for (std::size_t b = 0; b < beds; ++b)
      for (std::size_t k = 0; k < muscular; ++k)
        state_.tone[b][k] = std::clamp(u[tone_at + b * muscular + k], -0.2, 0.97);
    bool changed = false;
    for (std::size_t i = 0; i < epicardial_sites; ++i) {
      const double diameter = std::clamp(u[diameter_at + i], 0.05, 1.5);
      changed = changed || diameter != state_.epicardial_diameter[i];
      state_.epicardial_diameter[i] = diameter;
    }
    for (std::size_t i = 0; i < targets_.size(); ++i) {
      FlowTarget& target = *targets_[i];
      const double knob = std::clamp(u[knobs_at_ + i], target.lowest, target.highest);
      if (knob == target.knob) continue;
      changed = true;
      target.knob = knob;
      target.apply(setup_, knob);
    }
    if (changed)
      rebuild();
    else
      narrow();
    set_log_volumes(state_.fast, u, network_);
    if (!numerics_.accelerated)
      for (std::size_t b = 0; b < beds; ++b) {
        state_.venous_saturation[b] = u[pools_at_ + b];
        state_.oxygen_debt[b] = u[debts_at_ + b];
      }
  }

  bool one_beat(const std::vector<double>& u) {
    adopt(u);
    beat_.relax(++beats_ <= transient_beats);
    sensor_.emplace(Sensor{network_});
    return beat_.advance_as_asked(network_, state_.fast, *sensor_);
  }

  double flow_of(const BeatMeans& m, std::size_t territory) const {
    double flow = 0.0;
    for (std::size_t l = 0; l < network::layers; ++l) flow += m.flow[bed_of(territory, l)];
    return flow;
  }

  /// Where the unknowns are after the beat.
  void answer(const std::vector<double>& u, std::vector<double>& gu) {
    const PatientParameters& p = setup_.parameters;
    const double period = drive_.waves.period;
    const FastState& x = state_.fast;
    get_log_volumes(x, gu);
    const BeatMeans m = sensor_->means(x, period);
    sensed_.period = period;
    sensed_.aortic = sensor_->aortic / sensor_->count;
    sensed_.right_atrial = sensor_->right_atrial / sensor_->count;
    sensed_.flow = m.flow;
    for (std::size_t t = 0; t < network::territories; ++t) {
      const double drug = acetylcholine(condition_, t, flow_of(m, t));
      gu[diameter_at + t] = toward(u[diameter_at + t], target_diameter(p, condition_, t, drug), period);
      if (t == p.spasm.artery)
        gu[diameter_at + spastic_site] =
            toward(u[diameter_at + spastic_site], target_spasm(p, condition_, drug), period);
      for (std::size_t l = 0; l < network::layers; ++l) {
        const std::size_t b = bed_of(t, l);
        const Stimulus s = stimulus(p, condition_, b, m.flow[b]);
        const double saturation = numerics_.accelerated ? balanced_venous_saturation(s) : pass_oxygen(s, b, u, gu);
        state_.venous_saturation[b] = saturation;
        double metabolic = metabolic_dilation(p, condition_, b, m.flow[b], saturation), speed = 1.0;
        if (!numerics_.accelerated) {
          metabolic = ischaemia::dilation(metabolic, gu[debts_at_ + b], 1.0 - met_share(s, saturation));
          speed = ischaemia::dilating_speed(gu[debts_at_ + b]);
        }
        sensed_.metabolic_dilation[b] = metabolic;
        sensed_.tissue_tension[b] = tissue_tension(s, saturation);
        sensed_.supply[b] = met_share(s, saturation);
        for (std::size_t k = 0; k < muscular; ++k) {
          const std::size_t i = tone_at + b * muscular + k;
          gu[i] = toward(u[i], target_loss(p, condition_, m, b, k, metabolic, drug), period, speed);
        }
      }
    }
    for (std::size_t i = 0; i < targets_.size(); ++i) {
      const FlowTarget& target = *targets_[i];
      const double flow = flow_of(m, target.territory);
      const double off = flow > 0.0 ? std::clamp(log(target.flow / flow), -0.4, 0.4) : 0.4;
      gu[knobs_at_ + i] = target.knob + 0.5 * target.sign * off;
    }
  }

  /// Venous saturation of a bed after one beat in real time, with its debt.
  double pass_oxygen(const Stimulus& s, std::size_t b, const std::vector<double>& u, std::vector<double>& gu) const {
    const double period = drive_.waves.period, debt = u[debts_at_ + b];
    const double pool = state_.fast[volume_index(b, bed::capillary)] + state_.fast[volume_index(b, bed::vein)];
    Stimulus repaying = s;
    repaying.demand *= oxygen_debt::demand_factor(debt, 1.0 - met_share(s, u[pools_at_ + b]));
    const double saturation = venous_pool(repaying, pool, u[pools_at_ + b], period);
    gu[pools_at_ + b] = saturation;
    gu[debts_at_ + b] = oxygen_debt::after(debt, 1.0 - met_share(s, saturation), period);
    return saturation;
  }

  /// A slow number after one beat: in real time by its half-time; accelerated a fifth of the way, which has the same
  /// fixed point and is stable although the loop gain is about 4.
  double toward(double now, double target, double period, double dilating_speed = 1.0) const {
    if (numerics_.accelerated) return now + 0.2 * (target - now);
    const double speed = target < now ? dilating_speed : 1.0;
    return target + (now - target) * exp(-period * speed / tone::time_constant(target, now));
  }

  Setup setup_;
  Condition condition_;
  Numerics numerics_;
  std::vector<FlowTarget*> targets_;
  PatientState state_;
  Drive drive_;
  BeatIntegrator beat_;
  const Preconditioner* preconditioner_;
  network::Parameters<double> passive_{}, network_{};
  std::optional<Sensor> sensor_;
  std::vector<double> unknown_, answered_;
  CourseBeat sensed_;
  std::size_t pools_at_ = 0, debts_at_ = 0, knobs_at_ = 0, beats_ = 0;
};

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

/// The healthy adult of the defaults: where others start from, and what shortens their searches.
struct Nominal {
  Patient patient;
  PatientState rest;
  Preconditioner dilated, regulated;
};
static const Nominal& nominal();

static Patient anchored(const PatientParameters& parameters, const Numerics& numerics, const PatientState* start,
                        const Anchor& guess, const Preconditioner* preconditioner) {
  check_patient(parameters);
  Patient patient;
  patient.parameters = parameters;
  const auto waves = heart_waves(parameters, adenosine_iv);
  if (!heart::in_order(waves) || !heart::in_order(heart_waves(parameters, rest)))
    throw ParameterError(
        "'heart.heart_rate_bpm' = " + std::to_string(static_cast<int>(parameters.heart.heart_rate_bpm)) +
        " 1/min leaves no time for diastole under adenosine (rate + 17); lower it or raise "
        "'heart.contractility'");
  for (std::size_t t = 0; t < network::territories; ++t) {
    const double loss = epicardial_resistance(parameters, t) * anchored_flow(parameters, t);
    const HeartParameters& h = parameters.heart;
    const double mean = (2.0 * h.aortic_diastolic_mmHg + h.aortic_systolic_mmHg) / 3.0 * unit::mmHg;
    if (loss > 0.6 * mean)
      throw ParameterError(std::string("the healthy ") + network::territory_names[t] + " alone would take " +
                           std::to_string(std::lround(loss / unit::mmHg)) + " of " +
                           std::to_string(std::lround(mean / unit::mmHg)) +
                           " mmHg at the hyperaemic flow; raise 'epicardial.size_ratio' or its diameters, or lower "
                           "'bed.hyperaemic_flow_mL_per_min_per_g'");
  }
  // The healthy twin under adenosine i.v., with one factor on the bed's resistance per territory as the knob
  Setup twin{.parameters = parameters, .anchor = guess, .build = Build::healthy_twin};
  // Healthy in every respect: its regulation also reads structure (regulation.cpp), which must not move the anchor
  twin.parameters.endothelium = {};
  twin.parameters.modifiers = {};
  twin.parameters.microvessels = {};
  twin.parameters.lesion = {};
  std::array<FlowTarget, network::territories> anchors;
  std::vector<FlowTarget*> targets;
  for (std::size_t t = 0; t < network::territories; ++t) {
    anchors[t] = {.territory = t,
                  .flow = anchored_flow(parameters, t),
                  .sign = -1.0,
                  .apply = [t](Setup& s, double ln_factor) { s.anchor[t] = ln_factor; },
                  .knob = twin.anchor[t]};
    targets.push_back(&anchors[t]);
  }
  Search search(twin, adenosine_iv, numerics, start ? *start : first_state(passive_network(twin)), targets,
                preconditioner);
  FixedPointOptions options = options_of(numerics);
  options.plain_iterations = 6;
  options.max_step = 0.5;
  const FixedPointResult found = search.find(options);
  patient.anchor = search.setup().anchor;
  patient.beats = found.iterations;
  patient.anchor_residual = found.error;
  patient.start = search.state();
  for (std::size_t b = 0; b < beds; ++b) patient.start.V_max[b] = search.network().bed[b].V_max;
  if (found.converged) {
    patient.status = Status::ok;
  } else if (search.exhausted()) {
    patient.failure = "anchoring the bed on hyperaemic flow: " + work_limit(numerics);
  } else {
    patient.status = std::isfinite(found.change) ? Status::no_convergence : Status::not_finite;
    patient.failure =
        "anchoring the bed on hyperaemic flow did not converge (residual " + std::to_string(found.change) + ")";
  }
  return patient;
}

Patient make_patient(const PatientParameters& parameters, const Numerics& numerics, const Patient* guess) {
  const Patient& known = guess ? *guess : nominal().patient;
  return anchored(parameters, numerics, &known.start, known.anchor, &nominal().dilated);
}

Tone resting_tone() {
  Tone tone;
  tone.fill({0.2, 0.3, 0.2});
  return tone;
}

/// Why the heart's waves cannot be used, or nothing. Ejection shorter than 100 ms (above 184/min) is far beyond the
/// regression of prescribed_heart.hpp, whose knots fall out of order where it becomes negative.
static std::string no_time_for_diastole(const PatientParameters& p, const Condition& condition) {
  const heart::Waves<double> waves = heart_waves(p, condition);
  if (heart::in_order(waves) && waves.closure - waves.opening >= 0.100) return "";
  return "a heart rate of " + std::to_string(std::lround(60.0 / waves.period)) +
         "/min leaves no time for diastole or ejection";
}

static bool dilated(const Condition& condition) { return condition.tone_relief[bed::arteriole] >= 0.5; }

PatientState start_of(const Patient& patient, const Condition& condition) {
  PatientState start = patient.start;
  if (!dilated(condition)) start.tone = resting_tone();
  return start;
}

Patient with_parameters(const Patient& patient, const PatientParameters& parameters) {
  check_patient(parameters);
  Patient changed = patient;
  changed.parameters = parameters;
  return changed;
}

static PhaseResult solve(const Patient& patient, const Condition& condition, const Numerics& numerics,
                         PatientState* from, FlowTarget* target, const Preconditioner* preconditioner,
                         Preconditioner* measure = nullptr) {
  PhaseResult result;
  result.condition = condition;
  const auto fail = [&](Status status, const std::string& why) {
    result.status = status;
    result.failure = "phase " + condition.name + ": " + why;
    return result;
  };
  if (patient.status != Status::ok) {
    result.status = patient.status;
    result.failure = patient.failure;
    return result;
  }
  if (const std::string late = no_time_for_diastole(patient.parameters, condition); !late.empty())
    return fail(Status::invalid, late);
  std::vector<FlowTarget*> targets;
  if (target) targets.push_back(target);
  Search search({.parameters = patient.parameters, .anchor = patient.anchor}, condition, numerics,
                from ? *from : start_of(patient, condition), targets, preconditioner);
  result.heart = search.drive().waves;
  const FixedPointResult found = search.find(options_of(numerics));
  result.beats = found.iterations;
  result.period_error = found.error;
  if (measure) *measure = search.measured_preconditioner();
  if (search.exhausted()) return fail(Status::no_convergence, work_limit(numerics));
  if (!std::isfinite(found.change)) return fail(Status::not_finite, "a state became non-finite");

  PatientState& state = search.state();
  const FastState before = state.fast;
  Recorder observer(search.network());
  if (!search.last_beat(observer, result.steps_per_beat)) return fail(Status::no_convergence, work_limit(numerics));
  const FastState& x = state.fast;
  if (!finite(x)) return fail(Status::not_finite, "a state became non-finite");
  const PatientParameters& p = search.setup().parameters;
  const network::Parameters<double>& n = search.network();
  observer.sample(search.drive(), x, result.trace);
  result.mean = observer.means.mean();
  const BeatMeans sensed = observer.sensor.means(x, result.heart.period);
  result.mean.flow = sensed.flow;
  result.tone = state.tone;
  result.epicardial_diameter = state.epicardial_diameter;
  const auto residual = [&](double now, double wanted) {
    result.regulation_residual = std::max(result.regulation_residual, std::fabs(wanted - now));
  };
  for (std::size_t t = 0; t < network::territories; ++t) {
    double flow = 0.0;
    for (std::size_t l = 0; l < network::layers; ++l) flow += sensed.flow[bed_of(t, l)];
    result.acetylcholine[t] = acetylcholine(condition, t, flow);
    residual(state.epicardial_diameter[t], target_diameter(p, condition, t, result.acetylcholine[t]));
  }
  residual(state.epicardial_diameter[spastic_site], target_spasm(p, condition, result.acetylcholine[p.spasm.artery]));
  for (std::size_t b = 0; b < beds; ++b) {
    const Stimulus s = stimulus(p, condition, b, sensed.flow[b]);
    const double saturation = balanced_venous_saturation(s);
    result.venous_saturation[b] = state.venous_saturation[b] = saturation;
    state.oxygen_debt[b] = 1.0 - met_share(s, saturation);
    result.tissue_tension[b] = tissue_tension(s, saturation);
    result.metabolic_dilation[b] = metabolic_dilation(p, condition, b, sensed.flow[b], saturation);
    for (std::size_t k = 0; k < muscular; ++k)
      residual(state.tone[b][k], target_loss(p, condition, sensed, b, k, result.metabolic_dilation[b],
                                             result.acetylcholine[b / network::layers]));
    for (std::size_t k = 0; k < bed::compartments; ++k)
      result.period_residual =
          std::max(result.period_residual, std::fabs(log(x[volume_index(b, k)] / before[volume_index(b, k)])));
    state.V_max[b] = n.bed[b].V_max;
  }
  result.volume_residual = volume_residual(n, before, x);
  result.network = n;
  if (from) *from = state;
  if (!found.converged)
    return fail(Status::no_convergence, "no limit cycle after " + std::to_string(found.iterations) + " beats (change " +
                                            std::to_string(found.change) + ")");
  result.status = Status::ok;
  return result;
}

PhaseResult solve_phase(const Patient& patient, const Condition& condition, const Numerics& numerics,
                        PatientState* from, FlowTarget* target) {
  const Nominal& n = nominal();
  return solve(patient, condition, numerics, from, target, dilated(condition) ? &n.dilated : &n.regulated);
}

static const Nominal& nominal() {
  static const Nominal known = [] {
    Nominal n;
    n.patient = anchored({}, {}, nullptr, {}, nullptr);
    PatientState state = n.patient.start;
    solve(n.patient, adenosine_iv, {}, &state, nullptr, nullptr, &n.dilated);
    n.rest = n.patient.start;
    n.rest.tone = resting_tone();
    solve(n.patient, rest, {}, &n.rest, nullptr, nullptr, &n.regulated);
    return n;
  }();
  return known;
}

static Numerics real_time(Numerics numerics) {
  numerics.accelerated = false;
  return numerics;
}

struct Course::Inside {
  Search search;
  PatientParameters parameters;
  Numerics numerics;
};

Course::Course(const Patient& patient, const Condition& condition, const PatientState& from, const Numerics& numerics)
    : status(patient.status), failure(patient.failure) {
  if (status != Status::ok) return;
  failure = no_time_for_diastole(patient.parameters, condition);
  if (!failure.empty()) {
    status = Status::invalid;
    return;
  }
  const Numerics timed = real_time(numerics);
  inside_ = std::make_unique<Inside>(
      Inside{Search({.parameters = patient.parameters, .anchor = patient.anchor}, condition, timed, from, {}),
             patient.parameters, timed});
}
Course::~Course() = default;
Course::Course(Course&&) noexcept = default;

void Course::change(const Condition& condition) {
  if (status != Status::ok) return;
  failure = no_time_for_diastole(inside_->parameters, condition);
  if (failure.empty()) return inside_->search.change(condition);
  status = Status::invalid;
}

bool Course::advance(CourseBeat& beat) {
  if (status != Status::ok) return false;
  Search& search = inside_->search;
  if (!search.pass_one_beat()) {
    status = Status::no_convergence;
    failure = work_limit(inside_->numerics);
    return false;
  }
  if (!finite(search.state().fast)) {
    status = Status::not_finite;
    failure = "a state became non-finite";
    return false;
  }
  search.adopt_slow();
  beat = search.sensed();
  const PatientState& state = search.state();
  beat.venous_saturation = state.venous_saturation;
  beat.oxygen_debt = state.oxygen_debt;
  beat.tone = state.tone;
  beat.epicardial_diameter = state.epicardial_diameter;
  return true;
}

PatientState Course::state() const {
  if (!inside_) return {};
  PatientState state = inside_->search.state();
  for (std::size_t b = 0; b < beds; ++b) state.V_max[b] = inside_->search.network().bed[b].V_max;
  return state;
}

}  // namespace coronet
