/// Virtual ESCaPE-CMD: population (population.hpp) → measurement with error → enrolment by the measured value → therapy
/// → measurement.
///
/// Therapy. Capillary density of the LAD territory × potency, nothing else.
///
/// Nulls. no_effect: everybody re-measured, nobody selected, nobody treated. regression_to_mean: enrolled by the
/// measured value, re-measured, nobody treated.
#pragma once
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "scenarios/population.hpp"

namespace coronet::trial {

/// A figure as reported. Absent numbers are NaN.
struct Reported {
  std::string id, measure, timepoint, use, source;
  double mean, sd, ci_low, ci_high, n;
};

struct Settings {
  double women_fraction = 0.85, enrolment_cfr = 2.5, test_retest_correlation = 0.7, rarefaction = 0.5;
  double potency = 1.5;
  std::size_t completed = 19;  // patients re-measured in one replicated trial
};

struct Design {
  std::string name, title, design, population_source, potency_source;
  std::vector<Reported> reported;
  Cohort women, men;
  Settings settings;
  PatientParameters base_man, base_woman;  // what every drawn patient starts from
};

/// Name, meaning, source, allowed range and value of each setting, for `coronet describe`.
struct SettingInfo {
  std::string key, meaning, source;
  double minimum, maximum, value;
  bool whole = false;
};
/// "trial.potency=2" and the like; returns false if the key is no trial setting. Throws ParameterError on a bad value.
bool set_trial_setting(Settings& settings, const std::string& key, const std::string& value);
std::vector<SettingInfo> describe_settings(const Settings& settings);
/// The value of one setting, checked; throws ParameterError with the allowed range or the nearest known key.
double checked_setting(const std::vector<SettingInfo>& known, const std::string& key, const std::string& value);

/// A setting of one kind of trial, and how it is set.
template <class Kind> struct SettingRow {
  SettingInfo info;
  std::function<void(Kind&, double)> set;
};
template <class Kind> std::vector<SettingInfo> infos_of(const std::vector<SettingRow<Kind>>& rows) {
  std::vector<SettingInfo> infos;
  for (const SettingRow<Kind>& r : rows) infos.push_back(r.info);
  return infos;
}
template <class Kind> bool set_one(const std::vector<SettingRow<Kind>>& rows, Kind& settings, const std::string& key,
                                   const std::string& value) {
  if (key.rfind("trial.", 0) != 0) return false;
  const double number = checked_setting(infos_of(rows), key, value);
  for (const SettingRow<Kind>& r : rows)
    if (r.info.key == key) r.set(settings, number);
  return true;
}

/// Mean and spread of one measure.
struct Summary {
  double mean = 0.0, sd = 0.0;
  std::size_t n = 0;
};
struct Arm {
  std::string name, measure, timepoint;
  Summary value;
};
struct Change {
  double mean = 0.0, sd = 0.0, ci_low = 0.0, ci_high = 0.0;
};  // interval: 95 % of trials of this size
struct Null {
  Summary baseline, follow_up;
  Change change;
};

Summary summarise(const std::vector<double>& x);
/// Mean change with the interval in which 95 % of replicated trials fall (none below 40 replicates).
Change summarise_change(const std::vector<double>& changes, const std::vector<double>& replicates);
/// The healthy patient that a population starts from; throws NoSolution.
Patient base_patient(const PatientParameters& parameters);
/// What a failed patient says in the list of failures.
std::string failure_text(std::size_t sample, std::uint64_t seed, const VirtualPatient& patient);

/// Density needed for a rise of CFR, as a function of the capillary share; nullopt: not reached at 20-fold density.
struct InversePoint {
  double capillary_share;
  std::optional<double> for_all, for_rest_after_regression;
  double highest_reachable_rise;  // at 20-fold density, from the reported baseline
  std::string failure;            // not empty: why the point could not be solved
};

struct Check {
  std::string name;
  double target, found;
};

struct Result {
  Settings settings;
  std::uint64_t seed = 0;
  double capillary_share = 0.0;
  std::size_t patients = 0, failed = 0, enrolled = 0;
  std::vector<VirtualPatient> population;
  std::vector<Check> population_checks;  // medians against the cohort's
  std::vector<Arm> arms;
  Change change;                          // treated
  Summary true_baseline, true_follow_up;  // of the enrolled, without measurement error
  Null no_effect, regression_to_mean;
  std::vector<double> baseline_measured, follow_up_measured;  // of the enrolled
  std::vector<double> untreated_measured;                     // the same patients at follow-up without cells
  // Replicated trials of `completed` patients
  std::vector<double> replicate_change_treated, replicate_change_null, replicate_follow_up;
  double percentile_of_reported_treated = 0.0, percentile_of_reported_null = 0.0;
  double z = 0.0, z_null = 0.0;  // (model − reported)/√(SE² of the reported change + SE² of the simulated mean)
  double share_above_2_5 = 0.0;  // of the enrolled, at follow-up
  double rest_flow_change_percent = 0.0, hyperaemic_flow_change_percent = 0.0;  // by the cells, mean of the enrolled
  std::vector<InversePoint> inverse;
  std::vector<std::string> failures;
};

struct Options {
  std::size_t patients = 1000, replicates = 1000;
  std::uint64_t seed = 1;
  int threads = 0;
  bool inverse_map = true;
};

/// Whom the trial draws from.
Population population_of(const Design& design);

/// Simulates the trial. The same seed gives the same bits on any number of threads.
Result run(const Design& design, const Options& options,
           const std::function<void(std::size_t, std::size_t)>& progress = {});

}  // namespace coronet::trial
