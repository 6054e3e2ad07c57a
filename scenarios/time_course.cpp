#include "scenarios/time_course.hpp"

#include <stdexcept>

#include "model/exercise.hpp"

namespace coronet {
namespace {

/// Half-time of the artery's conductance from the first beat at or after `from` until `to`.
double conductance_half_time(const Transient& t, std::size_t artery, double from, double to) {
  std::vector<double> time, value;
  for (const TransientBeat& b : t.beats)
    if (b.time >= from - 1e-9 && b.time < to - 1e-9) time.push_back(b.time), value.push_back(conductance(b, artery));
  return half_time(time, value);
}

/// Flow of the last beat that began before `time`.
double flow_before(const Transient& t, std::size_t artery, double time) {
  double flow = 0.0;
  for (const TransientBeat& b : t.beats)
    if (b.time < time - 1e-9) flow = b.flow[artery];
  return flow;
}

Condition condition_of(const std::string& name, const Patient& patient, std::size_t artery) {
  if (name == "pressure_step") return {.name = "lowered pressure", .perfusion_factor = pressure_step_factor};
  if (name == "pacing_step") return paced(patient, pacing_rise_per_min);
  if (name != "occlusion") throw std::logic_error("no time course '" + name + "'");
  Condition closed{.name = "occluded"};
  closed.occlusion[artery] = true;
  return closed;
}

}  // namespace

const std::vector<std::string>& time_course_names() {
  static const std::vector<std::string> names = {"pressure_step", "pacing_step", "occlusion"};
  return names;
}

Condition paced(const Patient& patient, double rise_per_min) {
  const HeartParameters& h = patient.parameters.heart;
  const exercise::Work<double> at_rest = {.rate_per_min = h.heart_rate_bpm,
                                          .systolic_mmHg = h.aortic_systolic_mmHg,
                                          .diastolic_mmHg = h.aortic_diastolic_mmHg,
                                          .stroke_mL_per_kg = 1.0};
  exercise::Work<double> work = at_rest;
  work.rate_per_min += rise_per_min;
  work.stroke_mL_per_kg *= at_rest.rate_per_min / work.rate_per_min;  // cardiac output stays
  return {.name = "paced",
          .heart_rate_rise = rise_per_min / 60.0,
          .demand_factor = exercise::oxygen_consumption(work) / exercise::oxygen_consumption(at_rest)};
}

TimeCourse live_time_course(const std::string& name, const Patient& patient, std::size_t artery,
                            const PatientState& settled, const Numerics& numerics) {
  TimeCourse course;
  course.name = name;
  course.artery = artery;
  course.changed = condition_of(name, patient, artery);
  const bool occlusion = name == "occlusion";
  course.start = step_start;
  course.release = step_start + (occlusion ? occlusion_length : step_length);
  const double end = occlusion ? occlusion_watched : course_length;
  course.transient = run_transient(patient, {{0.0, rest}, {course.start, course.changed}, {course.release, rest}}, end,
                                   numerics, &settled);
  if (course.transient.status != Status::ok) return course;
  const Transient& t = course.transient;
  if (occlusion)
    course.hyperaemia = reactive_hyperaemia(t, artery, course.start, course.release);
  else
    course.step = {.half_time_dilating = conductance_half_time(t, artery, course.start, course.release),
                   .half_time_constricting = conductance_half_time(t, artery, course.release, end),
                   .flow_before = flow_before(t, artery, course.start),
                   .flow_changed = flow_before(t, artery, course.release),
                   .flow_after = flow_before(t, artery, end)};
  return course;
}

}  // namespace coronet
