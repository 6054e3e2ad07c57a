#include "scenarios/course_readings.hpp"

#include <limits>
#include <utility>

namespace coronet {
namespace {

constexpr double missing = std::numeric_limits<double>::quiet_NaN();

double pressure_of(const LowerLimit& limit) {
  return limit.found == LowerLimit::Found::yes ? limit.pressure_mmHg : missing;
}

class Readings {
 public:
  std::vector<CourseReading> all;

  /// read(sweep, artery).
  template <class Read> void of_pressures(const char* name, const char* unit, const char* label, Read read) {
    all.push_back({"autoregulation", name, unit, label, {}, [read](const Courses& c, std::size_t artery) {
                     return c.autoregulation ? read(*c.autoregulation, artery) : missing;
                   }});
  }
  /// read(test), if it came to an end.
  template <class Read> void of_treadmill(const char* name, const char* unit, const char* label, Read read,
                                          std::vector<std::string> words = {}) {
    all.push_back({"exercise_ramp", name, unit, label, std::move(words), [read](const Courses& c, std::size_t) {
                     const auto& test = c.exercise_ramp;
                     return test && test->status == Status::ok ? read(*test) : missing;
                   }});
  }
  /// read(course), if it came to its end.
  template <class Read>
  void of_time(const std::string& course, const char* name, const char* unit, const char* label, Read read) {
    all.push_back({course, course + name, unit, label, {}, [course, read](const Courses& c, std::size_t) {
                     for (const TimeCourse& t : c.time_courses)
                       if (t.name == course && t.transient.status == Status::ok) return read(t);
                     return missing;
                   }});
  }
};

std::vector<CourseReading> all_readings() {
  Readings r;
  r.of_pressures("autoregulation_gain", "1", "gain of autoregulation, 70 to 120 mmHg",
                 [](const Autoregulation& sweep, std::size_t artery) { return sweep.gain(artery); });
  r.of_pressures(
      "autoregulation_lower_limit_mmHg", "mmHg", "lower limit of autoregulation, artery",
      [](const Autoregulation& sweep, std::size_t artery) { return pressure_of(sweep.lower_limit_of_artery(artery)); });
  r.of_pressures("autoregulation_lower_limit_subendocardium_mmHg", "mmHg",
                 "lower limit of autoregulation, subendocardium", [](const Autoregulation& sweep, std::size_t artery) {
                   return pressure_of(sweep.lower_limit_of_layer(artery, network::subendocardium));
                 });

  r.of_treadmill("exercise_end", "1", "what ended the treadmill test",
                 [](const ExerciseTest& t) { return static_cast<double>(t.end); },
                 {"ischaemia", "fatigue", "protocol_over", "failed"});
  r.of_treadmill("exercise_time_s", "s", "duration of the treadmill test",
                 [](const ExerciseTest& t) { return t.time; });
  r.of_treadmill("exercise_peak_METs", "1", "load at the end of the treadmill test, METs",
                 [](const ExerciseTest& t) { return t.METs; });
  r.of_treadmill("exercise_ischaemia_METs", "1", "load at which ischaemia began, METs",
                 [](const ExerciseTest& t) { return t.ischaemia ? t.ischaemia_METs : missing; });

  for (const char* course : {"pressure_step", "pacing_step"}) {
    r.of_time(course, "_half_time_dilating_s", "s", "half-time of dilation",
              [](const TimeCourse& t) { return t.step.half_time_dilating; });
    r.of_time(course, "_half_time_constricting_s", "s", "half-time of constriction",
              [](const TimeCourse& t) { return t.step.half_time_constricting; });
  }
  r.of_time("occlusion", "_peak", "1", "largest flow after occlusion relative to flow before",
            [](const TimeCourse& t) { return t.hyperaemia.peak; });
  r.of_time("occlusion", "_half_decay_s", "s", "half-decay of reactive hyperaemia",
            [](const TimeCourse& t) { return t.hyperaemia.half_decay; });
  r.of_time("occlusion", "_repayment", "1", "excess flow after occlusion relative to the flow missed",
            [](const TimeCourse& t) { return t.hyperaemia.repayment; });
  return r.all;
}

}  // namespace

const std::vector<CourseReading>& course_readings() {
  static const std::vector<CourseReading> all = all_readings();
  return all;
}

}  // namespace coronet
