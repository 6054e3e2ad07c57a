#include "scenarios/courses.hpp"

#include <algorithm>

#include "scenarios/parameter_table.hpp"

namespace coronet {

std::vector<std::string> Courses::failures() const {
  std::vector<std::string> all;
  if (autoregulation) {
    if (autoregulation->status != Status::ok) all.push_back("autoregulation: " + autoregulation->failure);
    for (const AutoregulationPoint& p : autoregulation->points)
      if (p.status != Status::ok)
        all.push_back("autoregulation at " + number_text(p.pressure_mmHg) + " mmHg: " + p.failure);
  }
  if (exercise_ramp && exercise_ramp->status != Status::ok) all.push_back("exercise_ramp: " + exercise_ramp->failure);
  for (const TimeCourse& c : time_courses)
    if (c.transient.status != Status::ok) all.push_back(c.name + ": " + c.transient.failure);
  return all;
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
