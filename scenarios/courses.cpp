#include "scenarios/courses.hpp"

#include <algorithm>

#include "scenarios/parameter_table.hpp"

namespace coronet {

namespace {

/// tell(course, status, line) for everything that could not be solved.
template <class Tell> void each_trouble(const Courses& c, Tell&& tell) {
  if (c.autoregulation) {
    const Autoregulation& sweep = *c.autoregulation;
    if (sweep.status != Status::ok) tell("autoregulation", sweep.status, "autoregulation: " + sweep.failure);
    for (const AutoregulationPoint& p : sweep.points)
      if (p.status != Status::ok)
        tell("autoregulation", p.status, "autoregulation at " + number_text(p.pressure_mmHg) + " mmHg: " + p.failure);
  }
  if (c.exercise_ramp && c.exercise_ramp->status != Status::ok)
    tell("exercise_ramp", c.exercise_ramp->status, "exercise_ramp: " + c.exercise_ramp->failure);
  for (const TimeCourse& t : c.time_courses)
    if (t.transient.status != Status::ok) tell(t.name, t.transient.status, t.name + ": " + t.transient.failure);
}

}  // namespace

std::vector<std::string> Courses::failures() const {
  std::vector<std::string> all;
  each_trouble(*this, [&](const std::string&, Status, std::string line) { all.push_back(std::move(line)); });
  return all;
}

std::pair<Status, std::string> Courses::trouble(const std::string& course) const {
  std::pair<Status, std::string> first = {Status::ok, ""};
  each_trouble(*this, [&](const std::string& name, Status status, std::string line) {
    if (name == course && first.first == Status::ok) first = {status, std::move(line)};
  });
  return first;
}

const std::vector<std::string>& course_names() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> all = {"autoregulation", "exercise_ramp"};
    all.insert(all.end(), time_course_names().begin(), time_course_names().end());
    return all;
  }();
  return names;
}

bool is_course(const std::string& name) {
  return std::find(course_names().begin(), course_names().end(), name) != course_names().end();
}

void add_course(Courses& courses, const std::string& name, const Patient& patient, std::size_t artery,
                const PatientState& settled, const Numerics& numerics) {
  if (name == "autoregulation") {
    if (!courses.autoregulation) courses.autoregulation = sweep_perfusion_pressure(patient, {}, numerics, &settled);
  } else if (name == "exercise_ramp") {
    if (!courses.exercise_ramp) courses.exercise_ramp = exercise_ramp(patient, {}, numerics);
  } else {
    for (const TimeCourse& known : courses.time_courses)
      if (known.name == name) return;
    courses.time_courses.push_back(live_time_course(name, patient, artery, settled, numerics));
  }
}

}  // namespace coronet
