#include "scenarios/limit_cycle.hpp"

#include <algorithm>
#include <cmath>

#include "model/arteriolar_tone.hpp"
#include "model/ischaemic_metabolites.hpp"
#include "model/oxygen_debt.hpp"
#include "scenarios/bed_readings.hpp"
#include "scenarios/lanes.hpp"

namespace coronet {

using network::bed_of, network::beds, network::volume_index;

namespace {

constexpr std::size_t diameter_at = beds * bed_unknowns;
constexpr std::size_t ln_volume_index(std::size_t b, std::size_t k) { return b * bed_unknowns + k; }
constexpr std::size_t tone_index(std::size_t b, std::size_t k) { return b * bed_unknowns + bed::compartments + k; }

/// Largest change of an unknown in a beat beyond which the next one takes the beds' response anew.
constexpr double far_away = 0.1;

/// While a beat changes more than this, the next one is passed in single precision, which is off by 2e-6.
constexpr double single_beyond = 3e-4;

/// Below this the next beat may be the last one, and is recorded: a beat of a search takes 10 to 100 times off.
constexpr double near_the_end = 1e-4;

constexpr double lowest_tone = -0.2, highest_tone = 0.97;

void set_log_volumes(FastState& x, const std::vector<double>& v, const network::Parameters<double>& n) {
  for (std::size_t k = 0; k < bed::compartments; ++k) {
    // an extrapolated volume must not lie beyond what 180 mmHg would distend; all beds have the same walls
    const double limit = wall::volume(n.walls.shape[k], 1.0, 180.0 * unit::mmHg);
    for (std::size_t b = 0; b < beds; ++b)
      x[volume_index(b, k)] = std::min(exp(v[ln_volume_index(b, k)]), n.bed[b].V_max[k] * limit);
  }
}

/// The fast state of `start`, its volumes fitted to another network.
FastState started(const PatientState& start, const network::Parameters<double>& n) {
  FastState x = start.fast;
  for (std::size_t b = 0; b < beds; ++b)
    for (std::size_t k = 0; k < bed::compartments; ++k) x[volume_index(b, k)] *= n.bed[b].V_max[k] / start.V_max[b][k];
  return x;
}

bool same_vessels(const std::array<bed::Parameters<double>, beds>& a,
                  const std::array<bed::Parameters<double>, beds>& c) {
  for (std::size_t b = 0; b < beds; ++b)
    if (a[b].V_max != c[b].V_max || a[b].R_ref != c[b].R_ref) return false;
  return true;
}

/// Where the law of tone is so steep that dc/dt = target − c runs away (an eigenvalue of A = 1 − ∂target/∂c is not
/// positive: Routh and Hurwitz), Newton's step would lead to a state that no patient stays in. A is shifted until the step
/// leads along dc/dt, away from there.
void settle(Matrix<muscular, muscular>& A) {
  static_assert(muscular == 3);
  const auto minor = [&A](std::size_t i, std::size_t j) { return A[i][i] * A[j][j] - A[i][j] * A[j][i]; };
  const double trace = A[0][0] + A[1][1] + A[2][2], minors = minor(0, 1) + minor(0, 2) + minor(1, 2);
  const double determinant = A[0][0] * minor(1, 2) - A[0][1] * (A[1][0] * A[2][2] - A[1][2] * A[2][0]) +
                             A[0][2] * (A[1][0] * A[2][1] - A[1][1] * A[2][0]);
  if (trace > 0.0 && determinant > 0.0 && trace * minors > determinant) return;
  double shift = 0.0;
  for (std::size_t i = 0; i < muscular; ++i) {
    double sum = 0.0;
    for (std::size_t k = 0; k < muscular; ++k) sum += std::fabs(A[i][k] - (i == k ? 1.0 : 0.0));
    shift = std::max(shift, sum);
  }
  for (std::size_t i = 0; i < muscular; ++i) A[i][i] += shift;
}

/// The venous pool after `time`: V dS/dt = Q (S_a − S) − M met(S)/c_max, with consumption also where nothing flows. Its
/// steady state is balanced_venous_blood. Implicit Euler in steps of a tenth of a second or less.
double venous_pool(const BedRegulation& r, double demand, double flow, double volume, double saturation, double time) {
  const int steps = static_cast<int>(std::ceil(10.0 * time));
  const double dt = time / steps, delivery = std::max(flow, 0.0) * r.capacity;
  for (int j = 0; j < steps; ++j) {
    const double before = saturation;
    double low = 1e-9, high = r.arterial_saturation;
    for (int i = 0; i < 40; ++i) {
      const double S = 0.5 * (low + high);
      const double gain = delivery * (r.arterial_saturation - S) - demand * venous_blood(r, S).met;
      (volume * r.capacity * (S - before) < dt * gain ? low : high) = S;
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
  return o;
}

PatientState first_state(const network::Parameters<double>& n) {
  PatientState start;
  FastState& x = start.fast;
  for (std::size_t i = 0; i < network::segments; ++i) x[network::pressure_at + i] = 85.0 * unit::mmHg;
  constexpr std::array<double, bed::compartments> transmural = {45.0, 30.0, 20.0, 10.0, 2.0};
  for (std::size_t b = 0; b < beds; ++b)
    for (std::size_t k = 0; k < bed::compartments; ++k)
      x[volume_index(b, k)] = wall::volume(n.walls.shape[k], n.bed[b].V_max[k], transmural[k] * unit::mmHg);
  for (std::size_t b = 0; b < beds; ++b) start.V_max[b] = n.bed[b].V_max;
  start.venous_saturation.fill(0.6);
  return start;
}

LimitCycle::LimitCycle(Setup setup, const Condition& condition, const Numerics& numerics, const PatientState& from,
                       std::vector<FlowTarget*> targets)
    : setup_(std::move(setup)),
      condition_(condition),
      numerics_(numerics),
      targets_(std::move(targets)),
      state_(from),
      drive_{heart_waves(setup_.parameters, condition), condition.perfusion_factor},
      beat_(drive_, numerics),
      leaps_(numerics.accelerated),
      epicardial_(epicardial_resistances(setup_.parameters)) {
  for (FlowTarget* t : targets_) t->apply(setup_, t->knob);
  build_walls(passive_, setup_.parameters.blood);
  rebuild();
  state_.fast = started(state_, network_);
  close(state_.fast, condition_);
  pools_at_ = diameter_at + epicardial_sites;
  debts_at_ = pools_at_ + beds;
  knobs_at_ = numerics.accelerated ? pools_at_ : debts_at_ + beds;
  unknown_.resize(knobs_at_ + targets_.size());
  for (std::size_t b = 0; b < beds; ++b) {
    for (std::size_t k = 0; k < bed::compartments; ++k)
      unknown_[ln_volume_index(b, k)] = log(state_.fast[volume_index(b, k)]);
    for (std::size_t k = 0; k < muscular; ++k) unknown_[tone_index(b, k)] = state_.tone[b][k];
    if (numerics.accelerated) continue;
    unknown_[pools_at_ + b] = state_.venous_saturation[b];
    unknown_[debts_at_ + b] = state_.oxygen_debt[b];
  }
  for (std::size_t i = 0; i < epicardial_sites; ++i) unknown_[diameter_at + i] = state_.epicardial_diameter[i];
  for (std::size_t i = 0; i < targets_.size(); ++i) unknown_[knobs_at_ + i] = targets_[i]->knob;
}

/// To where the next beat begins.
void LimitCycle::set_out(const std::vector<double>& u) {
  if (beat_.exhausted()) return;
  adopt(u);
  beat_.relax(++beats_ <= transient_beats);
}

/// One beat from where the state is.
Dialogue<void> LimitCycle::pass(Recording* recording, FastState* states, BedTangents<double>* tangents, bool single) {
  is_recorded_ = recording;
  began_ = state_.fast;
  beat_.begin(network_, state_.fast, recording, states, tangents, single);
  while (beat_.waits()) {
    co_await ask(beat_.request());
    beat_.proceed();
  }
}

void LimitCycle::hear() {
  for (std::size_t b = 0; b < beds; ++b)
    for (std::size_t k = 0; k < bed::compartments; ++k) heard_.ln_volume[b][k] = log(state_.fast[volume_index(b, k)]);
  heard_.means = beat_.means();
}

template <class Iteration> Dialogue<void> LimitCycle::follow(Iteration& iteration) {
  std::vector<double> gu(unknown_.size());
  BedTangents<double> tangents;
  do {
    const double change = iteration.result().iterations == 0 ? HUGE_VAL : iteration.result().change;
    const bool learns = leaps_ && !(change <= far_away) && !knows_, ends = leaps_ && change <= near_the_end;
    const bool single = leaps_ && numerics_.single_precision && change > single_beyond;
    set_out(iteration.point());
    if (!beat_.exhausted()) co_await pass(ends ? recorded_ : nullptr, nullptr, learns ? &tangents : nullptr, single);
    if (beat_.exhausted()) {
      std::fill(gu.begin(), gu.end(), std::nan(""));  // the map could not be evaluated
    } else {
      hear();
      knows_ = false;
      if (learns) {
        response_ = response_of(tangents, state_.fast, heard_.means, state_.tone);
        iteration.forget();
      }
      answer(iteration.point(), gu);
    }
  } while (!iteration.take(gu, beat_.was_single()));
  unknown_ = iteration.point();
}

Dialogue<FixedPointResult> LimitCycle::find(FixedPointOptions options, Recording* recorded) {
  FixedPointResult found;
  recorded_ = recorded;
  is_recorded_ = false;
  if (leaps_) {
    if (state_.settled) {
      response_ = state_.settled->response;
      knows_ = state_.settled->expected;
      if (!knows_ && same_vessels(state_.settled->vessels, network_.bed)) leap_ahead(0.5 * options.max_step);
    }
    FixedPointSearch search(unknown_, options);
    co_await follow(search);
    found = search.result();
  }
  if (!leaps_ || (!found.converged && numerics_.falls_back && std::isfinite(found.change) && !exhausted())) {
    const std::size_t spent = found.iterations;
    options.change_tolerance = numerics_.period_tolerance;  // from beat to beat: far below the distance
    leaps_ = false;
    PlainIteration plain(unknown_, options);
    co_await follow(plain);
    found = plain.result();
    found.iterations += spent;
  }
  const bool shown = found.converged && is_recorded_;  // then the state is that beat's end, and tone its own
  if (!exhausted() && !shown) adopt(unknown_);
  state_.settled = nullptr;
  if (found.converged && leaps_)
    state_.settled = std::make_shared<Settled>(Settled{network_.bed, heard_.means, response_});
  if (recorded && !shown && !exhausted() && std::isfinite(found.change) && (found.converged || numerics_.falls_back))
    co_await pass(recorded, nullptr, nullptr);
  co_return found;
}

/// To where this condition would lead the beds if they answered as in the limit cycle before; its beat is known already.
void LimitCycle::leap_ahead(double longest) {
  heard_.means = state_.settled->means;
  for (std::size_t b = 0; b < beds; ++b)
    for (std::size_t k = 0; k < bed::compartments; ++k) heard_.ln_volume[b][k] = unknown_[ln_volume_index(b, k)];
  std::vector<double> gu(unknown_.size());
  answer(unknown_, gu);
  double largest = 0.0;
  for (std::size_t i = 0; i < gu.size(); ++i) largest = std::max(largest, std::fabs(gu[i] - unknown_[i]));
  const double shorten = largest > longest ? longest / largest : 1.0;
  for (std::size_t i = 0; i < gu.size(); ++i) unknown_[i] += shorten * (gu[i] - unknown_[i]);
}

Dialogue<void> LimitCycle::one_more_beat(States& states) {
  states.reset(new FastState[samples_per_beat]);  // as they come: the beat fills them
  return pass(nullptr, states.get(), nullptr);
}

bool LimitCycle::beat_alone(const std::vector<double>& u) {
  set_out(u);
  if (beat_.exhausted()) return false;
  alone(pass(nullptr, nullptr, nullptr));
  if (beat_.exhausted()) return false;
  hear();
  return true;
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
  build_segments(passive_, setup_, state_.epicardial_diameter);
  occlude(passive_, condition_);
  close(state_.fast, condition_);
  rebuild_beds();
}
void LimitCycle::rebuild_beds() {
  regulation_ = coronet::regulation(setup_.parameters, condition_);
  build_beds(passive_, setup_, epicardial_);
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
      state_.tone[b][k] = std::clamp(u[tone_index(b, k)], lowest_tone, highest_tone);
  bool changed = false, turned = false;
  for (std::size_t i = 0; i < epicardial_sites; ++i) {
    const double diameter = std::clamp(u[diameter_at + i], 0.05, 1.5);
    changed = changed || diameter != state_.epicardial_diameter[i];
    state_.epicardial_diameter[i] = diameter;
  }
  for (std::size_t i = 0; i < targets_.size(); ++i) {
    FlowTarget& target = *targets_[i];
    const double knob = std::clamp(u[knobs_at_ + i], target.lowest, target.highest);
    if (knob == target.knob) continue;
    turned = true;
    target.knob = knob;
    target.apply(setup_, knob);
  }
  if (changed)
    rebuild();
  else if (turned)
    rebuild_beds();
  else
    narrow();
  set_log_volumes(state_.fast, u, network_);
  if (!numerics_.accelerated)
    for (std::size_t b = 0; b < beds; ++b) {
      state_.venous_saturation[b] = u[pools_at_ + b];
      state_.oxygen_debt[b] = u[debts_at_ + b];
    }
}

/// Where the unknowns are after the beat, or where they would settle.
void LimitCycle::answer(const std::vector<double>& u, std::vector<double>& gu) {
  const PatientParameters& p = setup_.parameters;
  const BeatMeans& m = heard_.means;
  sensed_.period = drive_.waves.period;
  sensed_.aortic = beat_.sensed().aortic;
  sensed_.right_atrial = beat_.sensed().right_atrial;
  sensed_.flow = m.flow;
  std::array<double, network::territories> resisting{};  // change of ln R of the beds by a knob
  for (std::size_t i = 0; i < targets_.size(); ++i) {
    const FlowTarget& target = *targets_[i];
    const double flow = territory_flow(m.flow, target.territory);
    const double off = flow > 0.0 ? std::clamp(log(target.flow / flow), -0.4, 0.4) : 0.4;
    gu[knobs_at_ + i] = target.knob + target.sign * off;
    resisting[target.territory] += target.resistance * target.sign * off;
  }
  gu[diameter_at + spastic_site] = u[diameter_at + spastic_site];
  for (std::size_t t = 0; t < network::territories; ++t) {
    const double drug = acetylcholine(condition_, t, territory_flow(m.flow, t));
    gu[diameter_at + t] = diameter_toward(u[diameter_at + t], target_diameter(p, condition_, t, drug));
    if (t == p.spasm.artery)
      gu[diameter_at + spastic_site] =
          diameter_toward(u[diameter_at + spastic_site], target_spasm(p, condition_, drug));
    for (std::size_t l = 0; l < network::layers; ++l)
      if (leaps_)
        leap(u, gu, bed_of(t, l), drug, resisting[t]);
      else
        regulate(u, gu, bed_of(t, l), drug);
  }
}

/// A bed as the beat leaves it.
void LimitCycle::regulate(const std::vector<double>& u, std::vector<double>& gu, std::size_t b, double drug) {
  const BeatMeans& m = heard_.means;
  for (std::size_t k = 0; k < bed::compartments; ++k) gu[ln_volume_index(b, k)] = heard_.ln_volume[b][k];
  const BedRegulation& r = regulation_[b];
  const VenousBlood blood =
      numerics_.accelerated ? balanced_venous_blood(r, m.flow[b]) : pass_oxygen(b, m.flow[b], u, gu);
  state_.venous_saturation[b] = blood.saturation;
  double metabolic = metabolic_dilation(r, m.flow[b], blood).value, speed = 1.0;
  if (!numerics_.accelerated) {
    metabolic = ischaemia::dilation(metabolic, gu[debts_at_ + b], 1.0 - blood.met);
    speed = ischaemia::dilating_speed(gu[debts_at_ + b]);
  }
  sensed_.metabolic_dilation[b] = metabolic;
  sensed_.tissue_tension[b] = tissue_tension(r, blood);
  sensed_.supply[b] = blood.met;
  for (std::size_t k = 0; k < muscular; ++k) {
    const std::size_t i = tone_index(b, k);
    gu[i] = toward(u[i], tone_target(r, m, b, k, metabolic, drug).loss, speed);
  }
}

/// A bed as it would settle if it went on answering like this ([2] of bed_response.hpp): Newton's method on the three
/// tones, whose law is far from linear, in short steps.
void LimitCycle::leap(const std::vector<double>& u, std::vector<double>& gu, std::size_t b, double drug,
                      double resisting) const {
  constexpr double near = 0.005;
  constexpr int most_steps = 12;
  const BedRegulation& law = regulation_[b];
  const BedResponse& r = response_[b];
  const auto most = [](const std::array<double, muscular>& x) {
    return std::max({std::fabs(x[0]), std::fabs(x[1]), std::fabs(x[2])});
  };
  std::array<double, bed::compartments> change;
  for (std::size_t k = 0; k < bed::compartments; ++k) change[k] = heard_.ln_volume[b][k] - u[ln_volume_index(b, k)];
  std::array<double, senses> settled{};
  for (std::size_t i = 0; i < senses; ++i) {
    settled[i] = r.sensed_by_resistance[i] * resisting;
    for (std::size_t k = 0; k < bed::compartments; ++k) settled[i] += r.sensed_by_change[i][k] * change[k];
  }
  BeatMeans m = heard_.means;
  std::array<double, muscular> start, moved{}, first{};
  for (std::size_t k = 0; k < muscular; ++k) start[k] = std::clamp(u[tone_index(b, k)], lowest_tone, highest_tone);
  std::array<double, muscular> last{};
  double largest = near, longest = 0.15;
  for (int step = 0; step < most_steps && largest >= near; ++step) {
    std::array<double, senses> y = settled;
    for (std::size_t i = 0; i < senses; ++i)
      for (std::size_t k = 0; k < muscular; ++k) y[i] += r.sensed_by_tone[i][k] * moved[k];
    for (std::size_t k = 0; k < muscular; ++k) {
      m.transmural[b][k] = heard_.means.transmural[b][k] + y[sensed_transmural + k];
      m.volume[b][k] = heard_.means.volume[b][k] * exp(y[sensed_volume + k]);
    }
    m.flow[b] = heard_.means.flow[b] * exp(y[sensed_flow]);
    const MetabolicDilation metabolic = metabolic_dilation(law, m.flow[b], balanced_venous_blood(law, m.flow[b]));
    Matrix<muscular, muscular> A;
    Matrix<muscular, 1> off;
    for (std::size_t i = 0; i < muscular; ++i) {
      const ToneTarget target = tone_target(law, m, b, i, metabolic.value, drug);
      off[i][0] = target.loss - (start[i] + moved[i]);
      for (std::size_t k = 0; k < muscular; ++k)
        A[i][k] = (i == k ? 1.0 : 0.0) -
                  (target.by_transmural * r.sensed_by_tone[sensed_transmural + i][k] +
                   target.by_volume * r.sensed_by_tone[sensed_volume + i][k] +
                   (target.by_flow + target.by_metabolic * metabolic.by_flow) * r.sensed_by_tone[sensed_flow][k]);
    }
    settle(A);
    solve(A, off);
    double along = 0.0;
    for (std::size_t k = 0; k < muscular; ++k) along += off[k][0] * last[k], last[k] = off[k][0];
    largest = most(last);
    if (along < 0.0) longest *= 0.5;  // to and fro across a bend
    const double shorten = largest > longest ? longest / largest : 1.0;
    for (std::size_t k = 0; k < muscular; ++k)
      moved[k] = std::clamp(start[k] + moved[k] + shorten * off[k][0], lowest_tone, highest_tone) - start[k];
    if (step == 0) first = moved;
  }
  // A way that leads back to where it began is no sign of rest
  if (most(moved) < 0.01 * most(first)) moved = first;
  for (std::size_t k = 0; k < muscular; ++k) gu[tone_index(b, k)] = u[tone_index(b, k)] + moved[k];
  for (std::size_t i = 0; i < bed::compartments; ++i) {
    double sum = u[ln_volume_index(b, i)] + r.by_resistance[i] * resisting;
    for (std::size_t k = 0; k < bed::compartments; ++k) sum += r.settled[i][k] * change[k];
    for (std::size_t k = 0; k < muscular; ++k) sum += r.by_tone[i][k] * moved[k];
    gu[ln_volume_index(b, i)] = sum;
  }
}

/// Venous saturation of a bed after one beat in real time, with its debt.
VenousBlood LimitCycle::pass_oxygen(std::size_t b, double flow, const std::vector<double>& u,
                                    std::vector<double>& gu) const {
  const BedRegulation& r = regulation_[b];
  const double period = drive_.waves.period, debt = u[debts_at_ + b];
  const double pool = state_.fast[volume_index(b, bed::capillary)] + state_.fast[volume_index(b, bed::vein)];
  const double before = u[pools_at_ + b];
  const double repaying = r.demand * oxygen_debt::demand_factor(debt, 1.0 - venous_blood(r, before).met);
  const VenousBlood blood = venous_blood(r, venous_pool(r, repaying, flow, pool, before, period));
  gu[pools_at_ + b] = blood.saturation;
  gu[debts_at_ + b] = oxygen_debt::after(debt, 1.0 - blood.met, period);
  return blood;
}

/// A slow number after one beat: in real time by its half-time; accelerated a fifth of the way, which has the same
/// fixed point and is stable although the loop gain is about 4.
double LimitCycle::toward(double now, double target, double dilating_speed) const {
  if (numerics_.accelerated) return now + 0.2 * (target - now);
  const double speed = target < now ? dilating_speed : 1.0;
  return target + (now - target) * exp(-drive_.waves.period * speed / tone::time_constant(target, now));
}

/// Diameters of epicardial arteries hardly act back on what they follow.
double LimitCycle::diameter_toward(double now, double target) const {
  return numerics_.accelerated ? target : toward(now, target);
}

}  // namespace coronet
