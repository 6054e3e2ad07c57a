#include "scenarios/course_readings.hpp"

#include <limits>

namespace coronet {
namespace {

constexpr double missing = std::numeric_limits<double>::quiet_NaN();

double pressure_of(const LowerLimit& limit) {
  return limit.found == LowerLimit::Found::yes ? limit.pressure_mmHg : missing;
}

/// Of the time course of that name, if it came to its end.
template <class Read> double of(const Courses& courses, const char* name, Read&& read) {
  for (const TimeCourse& c : courses.time_courses)
    if (c.name == name && c.transient.status == Status::ok) return read(c);
  return missing;
}

/// Of the treadmill test, if it came to an end.
template <class Read> double of_test(const Courses& courses, Read&& read) {
  const auto& test = courses.exercise_ramp;
  return test && test->status == Status::ok ? read(*test) : missing;
}

std::vector<CourseReading> all_readings() {
  std::vector<CourseReading> all;
  const auto add = [&all](const char* course, std::string name, const char* unit, std::string label, auto value,
                          std::vector<std::string> words = {}) {
    all.push_back({course, std::move(name), unit, std::move(label), std::move(words), value});
  };
  const char* sweep = "autoregulation";
  add(sweep, "autoregulation_gain", "1", "gain of autoregulation, 70 to 120 mmHg",
      [](const Courses& c, std::size_t artery) { return c.autoregulation ? c.autoregulation->gain(artery) : missing; });
  add(sweep, "autoregulation_lower_limit_mmHg", "mmHg", "lower limit of autoregulation, artery",
      [](const Courses& c, std::size_t artery) {
        return c.autoregulation ? pressure_of(c.autoregulation->lower_limit_of_artery(artery)) : missing;
      });
  add(sweep, "autoregulation_lower_limit_subendocardium_mmHg", "mmHg", "lower limit of autoregulation, subendocardium",
      [](const Courses& c, std::size_t artery) {
        return c.autoregulation ? pressure_of(c.autoregulation->lower_limit_of_layer(artery, network::subendocardium))
                                : missing;
      });

  const char* ramp = "exercise_ramp";
  add(ramp, "exercise_end", "1", "what ended the treadmill test",
      [](const Courses& c, std::size_t) {
        return of_test(c, [](const ExerciseTest& t) { return static_cast<double>(t.end); });
      },
      {"ischaemia", "fatigue", "protocol_over", "failed"});
  add(ramp, "exercise_time_s", "s", "duration of the treadmill test",
      [](const Courses& c, std::size_t) { return of_test(c, [](const ExerciseTest& t) { return t.time; }); });
  add(ramp, "exercise_peak_METs", "1", "load at the end of the treadmill test, METs",
      [](const Courses& c, std::size_t) { return of_test(c, [](const ExerciseTest& t) { return t.METs; }); });
  add(ramp, "exercise_ischaemia_METs", "1", "load at which ischaemia began, METs", [](const Courses& c, std::size_t) {
    return of_test(c, [](const ExerciseTest& t) { return t.ischaemia ? t.ischaemia_METs : missing; });
  });

  add("pressure_step", "pressure_step_half_time_dilating_s", "s", "half-time of dilation after a fall of pressure",
      [](const Courses& c, std::size_t) {
        return of(c, "pressure_step", [](const TimeCourse& t) { return t.step.half_time_dilating; });
      });
  add("pressure_step", "pressure_step_half_time_constricting_s", "s",
      "half-time of constriction after pressure is restored", [](const Courses& c, std::size_t) {
        return of(c, "pressure_step", [](const TimeCourse& t) { return t.step.half_time_constricting; });
      });
  add("pacing_step", "pacing_step_half_time_dilating_s", "s", "half-time of dilation after a step of heart rate",
      [](const Courses& c, std::size_t) {
        return of(c, "pacing_step", [](const TimeCourse& t) { return t.step.half_time_dilating; });
      });
  add("pacing_step", "pacing_step_half_time_constricting_s", "s", "half-time of constriction after pacing",
      [](const Courses& c, std::size_t) {
        return of(c, "pacing_step", [](const TimeCourse& t) { return t.step.half_time_constricting; });
      });

  add("occlusion", "occlusion_peak", "1", "largest flow after occlusion relative to flow before",
      [](const Courses& c, std::size_t) {
        return of(c, "occlusion", [](const TimeCourse& t) { return t.hyperaemia.peak; });
      });
  add("occlusion", "occlusion_half_decay_s", "s", "half-decay of reactive hyperaemia",
      [](const Courses& c, std::size_t) {
        return of(c, "occlusion", [](const TimeCourse& t) { return t.hyperaemia.half_decay; });
      });
  add("occlusion", "occlusion_repayment", "1", "excess flow after occlusion relative to the flow missed",
      [](const Courses& c, std::size_t) {
        return of(c, "occlusion", [](const TimeCourse& t) { return t.hyperaemia.repayment; });
      });
  return all;
}

}  // namespace

const std::vector<CourseReading>& course_readings() {
  static const std::vector<CourseReading> all = all_readings();
  return all;
}

}  // namespace coronet
