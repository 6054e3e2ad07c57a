#include "scenarios/limit_cycle.hpp"

#include <algorithm>
#include <cmath>

#include "model/arteriolar_tone.hpp"
#include "model/ischaemic_metabolites.hpp"
#include "model/oxygen_debt.hpp"
#include "scenarios/bed_readings.hpp"

namespace coronet {

using network::bed_of, network::beds, network::volume_index;

namespace {

constexpr std::size_t volumes = beds * bed::compartments;
constexpr std::size_t tone_at = volumes, diameter_at = tone_at + beds * muscular;

std::size_t local_index(std::size_t b, std::size_t i) {
  return i < bed::compartments ? b * bed::compartments + i : tone_at + b * muscular + i - bed::compartments;
}

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

}  // namespace

std::string work_limit(const Numerics& numerics) {
  return "stopped after " + std::to_string(numerics.max_steps / 1000) +
         " thousand integration steps; the values ask for very small steps";
}

FixedPointOptions options_of(const Numerics& numerics) {
  FixedPointOptions o;
  // the preconditioned change estimates the distance as well
  o.change_tolerance = o.error_tolerance = numerics.error_tolerance;
  o.max_iterations = numerics.max_beats;
  o.memory = 12;
  return o;
}

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

LimitCycle::LimitCycle(Setup setup, const Condition& condition, const Numerics& numerics, const PatientState& from,
                       std::vector<FlowTarget*> targets, const Preconditioner* preconditioner)
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

void LimitCycle::begin_beat(const std::vector<double>& u) {
  if (beat_.exhausted()) return;
  adopt(u);
  beat_.relax(++beats_ <= transient_beats);
  beat_.begin(network_, state_.fast);
}

template <class Iteration>
Dialogue<void> LimitCycle::follow(Iteration& iteration, const Preconditioner* preconditioner) {
  std::vector<double> gu(unknown_.size());
  do {
    const std::vector<double>& u = iteration.point();
    begin_beat(u);
    while (beat_.waits()) {
      co_await ask(beat_.request());
      beat_.proceed();
    }
    gu = u;
    if (beat_.exhausted())
      std::fill(gu.begin(), gu.end(), std::nan(""));  // the map could not be evaluated
    else
      answer(u, gu);
    if (preconditioner) preconditioner->apply(u, gu, local_index);
  } while (!iteration.take(gu));
  unknown_ = iteration.point();
}

Dialogue<FixedPointResult> LimitCycle::find(FixedPointOptions options) {
  FixedPointResult found;
  if (numerics_.accelerated) {
    FixedPointSearch search(unknown_, options);
    co_await follow(search, preconditioner_);
    found = search.result();
  }
  if (!numerics_.accelerated || (!found.converged && std::isfinite(found.change) && !exhausted())) {
    const std::size_t spent = found.iterations;
    options.change_tolerance = numerics_.period_tolerance;  // from beat to beat: far below the distance
    PlainIteration plain(unknown_, options);
    co_await follow(plain, nullptr);
    found = plain.result();
    found.iterations += spent;
  }
  if (!exhausted()) adopt(unknown_);
  co_return found;
}

Dialogue<void> LimitCycle::one_more_beat(MeansOf<double>* means, FastState* states) {
  beat_.begin(network_, state_.fast, means, states);
  while (beat_.waits()) {
    co_await ask(beat_.request());
    beat_.proceed();
  }
}

bool LimitCycle::beat_alone(const std::vector<double>& u) {
  begin_beat(u);
  while (beat_.waits()) {
    pass_beat(beat_.request());
    beat_.proceed();
  }
  return !beat_.exhausted();
}

Preconditioner LimitCycle::measured_preconditioner() {
  const FastState here = state_.fast;
  const Preconditioner measured(
      [&](const std::vector<double>& u, std::vector<double>& gu) {
        gu = u;
        state_.fast = here;
        if (beat_alone(u)) answer(u, gu);
      },
      unknown_, local_index);
  adopt(unknown_);
  state_.fast = here;
  return measured;
}

void LimitCycle::change(const Condition& condition) {
  condition_ = condition;
  drive_ = {heart_waves(setup_.parameters, condition), condition.perfusion_factor};
  beat_.change(drive_);
  rebuild();
}

bool LimitCycle::pass_one_beat() {
  answered_.resize(unknown_.size());
  if (!beat_alone(unknown_)) return false;
  answer(unknown_, answered_);
  unknown_.swap(answered_);
  return true;
}

void LimitCycle::rebuild() {
  passive_ = passive_network(setup_, state_.epicardial_diameter);
  occlude(passive_, condition_);
  close(state_.fast, condition_);
  narrow();
}
void LimitCycle::narrow() {
  network_ = passive_;
  for (std::size_t b = 0; b < beds; ++b)
    for (std::size_t k = 0; k < muscular; ++k) network_.bed[b].V_max[k] *= square(1.0 - state_.tone[b][k]);
}

/// Puts the unknowns where the beat takes them from.
void LimitCycle::adopt(const std::vector<double>& u) {
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

/// Where the unknowns are after the beat.
void LimitCycle::answer(const std::vector<double>& u, std::vector<double>& gu) {
  const PatientParameters& p = setup_.parameters;
  const double period = drive_.waves.period;
  const FastState& x = state_.fast;
  get_log_volumes(x, gu);
  const BeatMeans m = beat_.means();
  sensed_.period = period;
  sensed_.aortic = beat_.sensed().aortic;
  sensed_.right_atrial = beat_.sensed().right_atrial;
  sensed_.flow = m.flow;
  for (std::size_t t = 0; t < network::territories; ++t) {
    const double drug = acetylcholine(condition_, t, territory_flow(m.flow, t));
    gu[diameter_at + t] = toward(u[diameter_at + t], target_diameter(p, condition_, t, drug), period);
    if (t == p.spasm.artery)
      gu[diameter_at + spastic_site] = toward(u[diameter_at + spastic_site], target_spasm(p, condition_, drug), period);
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
    const double flow = territory_flow(m.flow, target.territory);
    const double off = flow > 0.0 ? std::clamp(log(target.flow / flow), -0.4, 0.4) : 0.4;
    gu[knobs_at_ + i] = target.knob + 0.5 * target.sign * off;
  }
}

/// Venous saturation of a bed after one beat in real time, with its debt.
double LimitCycle::pass_oxygen(const Stimulus& s, std::size_t b, const std::vector<double>& u,
                               std::vector<double>& gu) const {
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
double LimitCycle::toward(double now, double target, double period, double dilating_speed) const {
  if (numerics_.accelerated) return now + 0.2 * (target - now);
  const double speed = target < now ? dilating_speed : 1.0;
  return target + (now - target) * exp(-period * speed / tone::time_constant(target, now));
}

}  // namespace coronet
