/// Published figures beside the model's own: every benchmark row asks one measure of one subject under one condition.
///
/// A row passes when ours lies in the band low … high that its file states. z = (ours − published)/SD where the source
/// gives an SD. Rows whose figure the model was calibrated on are marked and never counted. All human rows share the
/// parameter set `healthy`; a diseased subject differs from it by its disease alone.
#pragma once
#include <functional>
#include <limits>
#include <string>
#include <vector>

#include "scenarios/patient_parameters.hpp"

namespace coronet::validation {

inline constexpr double absent = std::numeric_limits<double>::quiet_NaN();

enum class Role { validation, calibration };

/// Who is asked: a shipped patient with some parameters changed.
struct Subject {
  std::string name, basis;  // basis: what the changed parameters rest on
  PatientParameters parameters;
};

/// What is asked. A measure looks at the fields it needs.
struct Question {
  std::string measure;                // one of measure_names()
  std::string subject = "healthy";    // name of a Subject
  std::string condition = "rest";     // one of condition_names()
  double perfusion_mmHg = absent;     // mean pressure at the ostia, as a cannula would set it; absent: the aorta's
  double perfusion_to_mmHg = absent;  // second pressure of a slope
  double demand_factor = 1.0, heart_rate_bpm = absent;
  double METs = absent;  // dynamic exercise (exercise.hpp), instead of the condition
  std::size_t artery = 0, layer = 0, compartment = 0;
  double diameter_um = absent;
  std::size_t order = 0;                                 // of model/arteriolar_tone.hpp
  std::vector<double> pressure_mmHg, relative_diameter;  // a measured curve
};

struct Benchmark {
  std::string id, topic, quantity, unit, species, source, confidence, tolerance, note, why_missed;
  double published = absent, sd = absent, low = absent, high = absent;  // low or high may be infinite
  Role role = Role::validation;
  Question question;
};

/// A published figure that the model cannot answer yet, and why.
struct NotComputed {
  std::string id, quantity, source, reason;
};

struct Catalogue {
  std::vector<Subject> subjects;
  std::vector<Benchmark> benchmarks;
  std::vector<NotComputed> not_computed;
};

const std::vector<std::string>& measure_names();
const std::vector<std::string>& condition_names();

struct Row {
  Benchmark benchmark;
  double ours = absent, z = absent;
  bool pass = false;
  std::string failure;  // not empty: could not be solved, and why
};

struct Count {
  std::size_t passed = 0, computed = 0;
};

struct Result {
  std::vector<Row> rows;
  Count all, human, calibration;  // `all` and `human` hold the validation rows only
};

/// Computes the rows whose id is `only` or begins with `only` and a dot; all rows if it is empty.
Result run(const Catalogue& catalogue, const std::string& only = "",
           const std::function<void(std::size_t, std::size_t)>& progress = {});

}  // namespace coronet::validation
