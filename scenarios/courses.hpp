/// Protocols that are more than one limit cycle: a sweep of perfusion pressure, a treadmill test, time courses.
#pragma once
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "scenarios/autoregulation.hpp"
#include "scenarios/exercise.hpp"
#include "scenarios/time_course.hpp"

namespace coronet {

struct Courses {
  std::optional<Autoregulation> autoregulation;
  std::optional<ExerciseTest> exercise_ramp;
  std::vector<TimeCourse> time_courses;  // in the order asked, each once

  bool any() const { return autoregulation || exercise_ramp || !time_courses.empty(); }
  /// One line per pressure or course that could not be solved.
  std::vector<std::string> failures() const;
  /// The first of them in the course of that name, and its status; ok if there is none.
  std::pair<Status, std::string> trouble(const std::string& course) const;
};

/// autoregulation, exercise_ramp and time_course_names().
const std::vector<std::string>& course_names();
bool is_course(const std::string& name);

/// Adds the course of that name; `settled` is the patient's limit cycle at rest. Numerical trouble stays inside it.
void add_course(Courses& courses, const std::string& name, const Patient& patient, std::size_t artery,
                const PatientState& settled, const Numerics& numerics = {});

}  // namespace coronet
