#include "scenarios/exercise.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "scenarios/autoregulation.hpp"

namespace coronet {
namespace {

constexpr double uptake_time = 35.0;  // s

ExercisePoint read(const PhaseResult& phase, double time, double METs) {
  ExercisePoint point;
  point.time = time;
  point.METs = METs;
  point.rate = 1.0 / phase.heart.period;
  point.demand_factor = phase.condition.demand_factor;
  point.aortic = phase.mean.aortic;
  for (std::size_t t = 0; t < network::territories; ++t) {
    point.flow[t] = territory_flow(phase.mean.flow, t);
    point.endo_epi[t] = phase.mean.flow[network::bed_of(t, network::subendocardium)] /
                        phase.mean.flow[network::bed_of(t, network::subepicardium)];
  }
  point.bed_flow = phase.mean.flow;
  point.venous_saturation = phase.venous_saturation;
  point.tissue_tension = phase.tissue_tension;
  return point;
}

/// When the protocol's load reaches the subject's peak; the protocol's end if it never does.
double time_of_fatigue(double peak_METs, double length) {
  if (bruce_load(length) <= peak_METs) return length;
  double early = 0.0, late = length;
  for (int i = 0; i < 40; ++i) {
    const double middle = 0.5 * (early + late);
    (bruce_load(middle) <= peak_METs ? early : late) = middle;
  }
  return early;
}

/// Whether a bed is large enough for its ischaemia to count: 5 % of the left ventricle.
bool counts(const PatientParameters& p, std::size_t b) {
  return p.myocardium.lv_share[b / network::layers] / network::layers >= 0.05;
}

}  // namespace

double bruce_load(double time) {
  double load = 1.0;
  for (std::size_t stage = 0; stage < bruce_METs.size(); ++stage) {
    const double begin = stage_length * static_cast<double>(stage);
    if (time <= begin) break;
    const double spent = stage + 1 < bruce_METs.size() ? std::min(time - begin, stage_length) : time - begin;
    load = bruce_METs[stage] + (load - bruce_METs[stage]) * std::exp(-spent / uptake_time);
  }
  return load;
}

Condition exercise_at(const Patient& patient, double METs, const ExerciseOptions& options) {
  const HeartParameters& h = patient.parameters.heart;
  const exercise::Work<double> at_rest = {.rate_per_min = h.heart_rate_bpm,
                                          .systolic_mmHg = h.aortic_systolic_mmHg,
                                          .diastolic_mmHg = h.aortic_diastolic_mmHg,
                                          .stroke_mL_per_kg = options.stroke_mL_per_kg};
  const exercise::Work<double> work = exercise::work(options.subject, at_rest, METs);
  Condition condition = rest;
  condition.name = "exercise";
  condition.heart_rate_rise = (work.rate_per_min - at_rest.rate_per_min) / 60.0;
  condition.systolic_factor = work.systolic_mmHg / at_rest.systolic_mmHg;
  condition.contractility_factor = exercise::contractility_factor(options.subject, METs);
  condition.ejection_lengthening = exercise::ejection_lengthening(60.0 * condition.heart_rate_rise);
  condition.relaxation_factor = exercise::relaxation_factor(options.subject, METs);
  condition.half_saturation_factor = exercise::half_saturation_factor(options.subject, METs);
  const std::size_t signal = options.signal.value_or(patient.parameters.regulation.metabolic_signal);
  if (signal != metabolic::feedback_feedforward)  // which announces demand itself
    for (std::size_t k : {bed::arteriole, bed::terminal_arteriole})
      condition.tone_relief[k] = exercise::adrenergic_dilation(options.subject, METs);
  condition.demand_factor = exercise::oxygen_consumption(work) / exercise::oxygen_consumption(at_rest);
  return condition;
}

double rate_pressure_product_mmHg_per_min(const Patient& patient, double METs, const ExerciseOptions& options) {
  const HeartParameters& h = patient.parameters.heart;
  const Condition c = exercise_at(patient, METs, options);
  return h.aortic_systolic_mmHg * c.systolic_factor * (h.heart_rate_bpm + 60.0 * c.heart_rate_rise);
}

Patient exercising(const Patient& patient, const ExerciseOptions& options) {
  Patient changed = patient;
  changed.parameters.regulation.metabolic_signal =
      options.signal.value_or(patient.parameters.regulation.metabolic_signal);
  return changed;
}

std::vector<ScheduledCondition> bruce_schedule(const Patient& patient, double from, double to, double interval,
                                               const ExerciseOptions& options) {
  std::vector<ScheduledCondition> schedule;
  for (double time = from; time < to; time += interval)
    schedule.push_back({time - from, exercise_at(patient, bruce_load(time), options)});
  return schedule;
}

double lowest_tension(const PatientParameters& p, const ExercisePoint& point) {
  double lowest = std::numeric_limits<double>::infinity();
  for (std::size_t b = 0; b < network::beds; ++b)
    if (counts(p, b)) lowest = std::min(lowest, point.tissue_tension[b]);
  return lowest;
}

ExerciseTest exercise_ramp(const Patient& patient, const ExerciseOptions& options, const Numerics& numerics) {
  ExerciseTest test;
  const Patient subject = exercising(patient, options);
  PatientState state = start_of(subject, rest, numerics);
  const double protocol = stage_length * bruce_METs.size();
  const double length = time_of_fatigue(options.subject.peak_METs, protocol);
  for (std::size_t i = 0;; ++i) {
    const double time = std::min(options.interval * static_cast<double>(i), length);
    const double METs = bruce_load(time);
    const PhaseResult phase = solve_from(subject, exercise_at(subject, METs, options), numerics, state);
    if (phase.status != Status::ok) {
      test.status = phase.status;
      test.failure = "at " + std::to_string(METs) + " METs: " + phase.failure;
      return test;
    }
    const ExercisePoint point = read(phase, time, METs);
    test.time = time;
    test.METs = METs;
    if (!test.ischaemia) {
      // first crossing since the last point, by a straight line
      double first = 2.0;
      for (std::size_t b = 0; b < network::beds; ++b) {
        const double now = point.tissue_tension[b] - options.ischaemic_tension;
        if (!counts(subject.parameters, b) || now >= 0.0) continue;
        const double before =
            test.points.empty() ? 0.0 : test.points.back().tissue_tension[b] - options.ischaemic_tension;
        const double share = before / (before - now);
        if (share < first) first = share, test.ischaemic_bed = b;
      }
      if (first <= 1.0) {
        test.ischaemia = true;
        const double since = test.points.empty() ? time : test.points.back().time;
        test.ischaemia_time = since + first * (time - since) + options.ischaemic_time;
        test.ischaemia_METs = bruce_load(test.ischaemia_time);
      }
    }
    test.points.push_back(point);
    if (test.ischaemia && options.stop_at_ischaemia) {
      test.end = ExerciseEnd::ischaemia;
      test.time = test.ischaemia_time;
      test.METs = test.ischaemia_METs;
      break;
    }
    if (time >= length) {
      test.end = length < protocol ? ExerciseEnd::fatigue : ExerciseEnd::protocol_over;
      break;
    }
  }
  test.status = Status::ok;
  return test;
}

}  // namespace coronet
