#include "scenarios/phase.hpp"

#include <algorithm>
#include <cmath>

#include "model/hermite.hpp"
#include "scenarios/bed_readings.hpp"
#include "scenarios/known_anchors.hpp"
#include "scenarios/lanes.hpp"
#include "scenarios/limit_cycle.hpp"
#include "scenarios/parameter_table.hpp"

namespace coronet {

using network::bed_of, network::beds, network::volume_index;

namespace {

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

/// Waveforms from the states at equal distances in a beat.
std::shared_ptr<const Traces> sample(const network::Parameters<double>& n, const Drive& drive, const States& states) {
  const auto trace = std::make_shared<Traces>();
  const lanes::Way& way = lanes::chosen();
  std::vector<heart::Forcing<double>> forcings(way.width);
  std::vector<network::Snapshot<double>> snapshots(way.width);
  for (std::size_t first = 0; first < samples_per_beat; first += way.width) {
    const std::size_t count = std::min(way.width, samples_per_beat - first);
    for (std::size_t l = 0; l < count; ++l)
      forcings[l] = drive.at(drive.waves.period * static_cast<double>(first + l) / samples_per_beat);
    way.evaluate(n, states.get() + first, forcings.data(), snapshots.data(), count);
    for (std::size_t l = 0; l < count; ++l) record(*trace, first + l, states[first + l], snapshots[l], forcings[l]);
  }
  return trace;
}

/// What passed each segment between two states of a beat: into the beds behind it, or into its walls.
std::array<double, network::segments> passed(const network::Parameters<double>& n, const ArteryNode<double>& from,
                                             const ArteryNode<double>& to) {
  std::array<double, network::segments> volume{};
  for (std::size_t b = 0; b < beds; ++b)
    volume[network::segment_of(b / network::layers, network::distal)] += to.inflow[b] - from.inflow[b];
  for (std::size_t i = network::segments; i-- > 0;) {
    volume[i] += n.segment[i].compliance * (to.pressure[i] - from.pressure[i]);
    const std::size_t up = network::upstream_of(i);
    if (up < network::segments) volume[up] += volume[i];
  }
  return volume;
}

ArteryReadings read_arteries(const network::Parameters<double>& n, const Drive& drive, const Recording& recording,
                             const FastState& end) {
  ArteryReadings r;
  const std::size_t count = recording.nodes.size() + 1;
  r.time.reserve(count), r.aortic.reserve(count);
  for (std::size_t i = 0; i < network::segments; ++i) r.pressure[i].reserve(count), r.volume[i].reserve(count);
  const auto add = [&](double t, const ArteryNode<double>& node) {
    r.time.push_back(t);
    r.aortic.push_back({drive.aortic_at(t), drive.slope_at(t).aortic});
    const auto volume = passed(n, recording.nodes.front(), node);
    for (std::size_t i = 0; i < network::segments; ++i) {
      r.pressure[i].push_back({node.pressure[i], node.pressure_rate[i]});
      r.volume[i].push_back({volume[i], node.flow[i]});
    }
  };
  for (std::size_t j = 0; j < recording.nodes.size(); ++j) add(recording.times[j], recording.nodes[j]);
  ArteryNode<double> last = ArteryNode<double>::of(end, {});
  last.pressure_rate = recording.nodes.front().pressure_rate;  // the beat is periodic
  add(drive.waves.period, last);
  return r;
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

}  // namespace

namespace {

/// The step in which t lies, and how far into it, 0 to 1.
std::pair<std::size_t, double> place_of(const std::vector<double>& time, double t) {
  const auto next = std::upper_bound(time.begin() + 1, time.end() - 1, t);
  const auto i = static_cast<std::size_t>(next - time.begin()) - 1;
  return {i, (t - time[i]) / (time[i + 1] - time[i])};
}

}  // namespace

double ArteryReadings::pressure_until(const Wave& wave, double t) const {
  const auto [last, part] = place_of(time, t);
  double area = 0.0;
  for (std::size_t i = 0; i <= last; ++i)
    area += hermite::area(time[i + 1] - time[i], wave[i].value, wave[i].slope, wave[i + 1].value, wave[i + 1].slope,
                          i < last ? 1.0 : part);
  return area;
}

double ArteryReadings::volume_until(std::size_t segment, double t) const {
  const auto [i, part] = place_of(time, t);
  const Curve &from = volume[segment][i], &to = volume[segment][i + 1];
  return hermite::value_on_piece(
      hermite::Curve<double, 2>{{time[i], time[i + 1]}, {from.value, to.value}, {from.slope, to.slope}}, 0, t);
}

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

/// The healthy adult of the defaults: where others start from.
struct Nominal {
  Patient patient;
  PatientState at_rest;
};
static const Nominal& nominal();

/// Throws ParameterError where the bed cannot be anchored.
static void check_anchor(const PatientParameters& parameters) {
  check_patient(parameters);
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
}

PatientParameters healthy_twin(PatientParameters p) {
  // Healthy in every respect: its regulation also reads structure (regulation.cpp), which must not move the anchor
  p.endothelium = {};
  p.modifiers = {};
  p.microvessels = {};
  p.lesion = {};
  p.drugs = {};
  return p;
}

/// `patient` becomes the twin.
static Dialogue<void> anchoring(const PatientParameters& parameters, const Numerics& numerics,
                                const PatientState* start, const Anchor& guess, Patient& patient) {
  patient.parameters = parameters;
  // The healthy twin under adenosine i.v., with one factor on the bed's resistance per territory as the knob
  const Setup twin{.parameters = parameters, .anchor = guess, .build = Build::healthy_twin};
  std::array<FlowTarget, network::territories> anchors;
  std::vector<FlowTarget*> targets;
  for (std::size_t t = 0; t < network::territories; ++t) {
    anchors[t] = {.territory = t,
                  .flow = anchored_flow(parameters, t),
                  .sign = -1.0,
                  .apply = [t](Setup& s, double ln_factor) { s.anchor[t] = ln_factor; },
                  .knob = twin.anchor[t],
                  .resistance = 1.0};
    targets.push_back(&anchors[t]);
  }
  LimitCycle search(twin, adenosine_iv, numerics, start ? *start : first_state(passive_network(twin)), targets);
  FixedPointOptions options = options_of(numerics);
  options.max_step = 0.5;
  const FixedPointResult found = co_await search.find(options);
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
}

Dialogue<void> making_patient(const PatientParameters& parameters, const Numerics& numerics, const Patient* guess,
                              Patient& made, KnownAnchors* known) {
  check_anchor(parameters);
  made = {};
  const PatientParameters twin = healthy_twin(parameters);
  if (const auto same = known ? known->find(twin) : nullptr) {
    made = *same;
  } else {
    const Patient& near = guess ? *guess : nominal().patient;
    co_await anchoring(twin, numerics, &near.start, near.anchor, made);
    if (known && (made.status == Status::ok || !guess)) known->keep(twin, made);
  }
  made.parameters = parameters;
}

Patient make_patient(const PatientParameters& parameters, const Numerics& numerics, const Patient* guess) {
  Patient made;
  alone(making_patient(parameters, numerics, guess, made));
  return made;
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

PatientState start_of(const Patient& patient, const Condition& condition, const Numerics& numerics) {
  if (numerics.accelerated && !dilated(condition)) return nominal().at_rest;
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

Dialogue<void> solving_phase(const Patient& patient, const Condition& condition, const Numerics& numerics,
                             PatientState* from, FlowTarget* target, PhaseResult& result) {
  result.condition = condition;
  const auto fail = [&](Status status, const std::string& why) {
    result.status = status;
    result.failure = "phase " + condition.name + ": " + why;
  };
  if (patient.status != Status::ok) {
    result.status = patient.status;
    result.failure = patient.failure;
    co_return;
  }
  if (const std::string late = no_time_for_diastole(patient.parameters, condition); !late.empty())
    co_return fail(Status::invalid, late);
  std::vector<FlowTarget*> targets;
  if (target) targets.push_back(target);
  Setup setup{.parameters = patient.parameters, .anchor = patient.anchor};
  LimitCycle search(std::move(setup), condition, numerics, from ? *from : start_of(patient, condition, numerics),
                    targets);
  result.heart = search.drive().waves;
  Recording recording;
  const FixedPointResult found = co_await search.find(options_of(numerics), &recording);
  result.beats = found.iterations;
  result.steps_per_beat = search.beat().steps();
  result.period_error = found.error;
  if (search.exhausted()) co_return fail(Status::no_convergence, work_limit(numerics));
  if (!std::isfinite(found.change)) co_return fail(Status::not_finite, "a state became non-finite");
  if (!found.converged && !numerics.falls_back)
    co_return fail(Status::no_convergence, "the search from an expected start was given up");

  PatientState& state = search.state();
  const FastState &before = search.began(), &x = state.fast;
  if (!finite(x)) co_return fail(Status::not_finite, "a state became non-finite");
  const PatientParameters& p = search.setup().parameters;
  const network::Parameters<double>& n = search.network();
  result.arteries = read_arteries(n, search.drive(), recording, x);
  result.mean = recording.means;
  for (std::size_t i = 0; i < network::segments; ++i)
    result.mean.segment_flow[i] = result.arteries.volume[i].back().value / result.heart.period;
  const BeatMeans sensed = search.beat().means();
  result.mean.flow = sensed.flow;
  result.tone = state.tone;
  result.epicardial_diameter = state.epicardial_diameter;
  const auto residual = [&](double now, double wanted) {
    result.regulation_residual = std::max(result.regulation_residual, std::fabs(wanted - now));
  };
  for (std::size_t t = 0; t < network::territories; ++t) {
    result.acetylcholine[t] = acetylcholine(condition, t, territory_flow(sensed.flow, t));
    residual(state.epicardial_diameter[t], target_diameter(p, condition, t, result.acetylcholine[t]));
  }
  residual(state.epicardial_diameter[spastic_site], target_spasm(p, condition, result.acetylcholine[p.spasm.artery]));
  for (std::size_t b = 0; b < beds; ++b) {
    const BedRegulation& r = search.regulation()[b];
    const VenousBlood blood = balanced_venous_blood(r, sensed.flow[b]);
    result.venous_saturation[b] = state.venous_saturation[b] = blood.saturation;
    state.oxygen_debt[b] = 1.0 - blood.met;
    result.tissue_tension[b] = tissue_tension(r, blood);
    result.metabolic_dilation[b] = metabolic_dilation(r, sensed.flow[b], blood).value;
    for (std::size_t k = 0; k < muscular; ++k)
      residual(
          state.tone[b][k],
          tone_target(r, sensed, b, k, result.metabolic_dilation[b], result.acetylcholine[b / network::layers]).loss);
    for (std::size_t k = 0; k < bed::compartments; ++k)
      result.period_residual =
          std::max(result.period_residual, std::fabs(log(x[volume_index(b, k)] / before[volume_index(b, k)])));
    state.V_max[b] = n.bed[b].V_max;
  }
  result.volume_residual = volume_residual(n, before, x);
  result.network = n;
  if (from) *from = state;
  if (numerics.waveforms) {
    // twice: the first leaves the waves in the arteries as fine steps do, where the search's damped them
    States states;
    co_await search.one_more_beat(states);
    co_await search.one_more_beat(states);
    if (search.exhausted()) co_return fail(Status::no_convergence, work_limit(numerics));
    result.trace = sample(n, search.drive(), states);
  }
  if (!found.converged)
    co_return fail(Status::no_convergence, "no limit cycle after " + std::to_string(found.iterations) +
                                               " beats (change " + std::to_string(found.change) + ")");
  result.status = Status::ok;
}

PhaseResult solve_phase(const Patient& patient, const Condition& condition, const Numerics& numerics,
                        PatientState* from, FlowTarget* target) {
  PhaseResult result;
  alone(solving_phase(patient, condition, numerics, from, target, result));
  return result;
}

static const Nominal& nominal() {
  static const Nominal known = [] {
    Nominal n;
    const PatientParameters parameters;
    const Numerics numerics{.waveforms = false};
    alone(anchoring(parameters, numerics, nullptr, {}, n.patient));
    n.at_rest = n.patient.start;
    n.at_rest.tone = resting_tone();
    solve_phase(n.patient, rest, numerics, &n.at_rest);
    return n;
  }();
  return known;
}

static Numerics real_time(Numerics numerics) {
  numerics.accelerated = false;
  return numerics;
}

struct Course::Inside {
  LimitCycle search;
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
      Inside{LimitCycle({.parameters = patient.parameters, .anchor = patient.anchor}, condition, timed, from, {}),
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
  LimitCycle& search = inside_->search;
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
