/// Virtual IMPROvE-CED: patients with endothelial dysfunction, the flow response to acetylcholine before and after
/// cells.
///
/// Population (population.hpp) with an endothelium: function e = 1/(1 + exp(−(ln(m/(1−m)) + σ_e z))), reactivity of
/// muscle g = exp(σ_g z'), both independent of structure and demand. m and σ_e give the four groups of Hasdai 1998.
///
///   %ΔCBF_measured = %ΔCBF_true + η,   η normal with standard deviation `cbf_error_percent`
///
/// Enrolment: measured %ΔCBF ≤ 50. Routes: `endothelium` e → e + repair (1 − e); `capillaries` LAD density × potency;
/// `both`. Nulls: no_effect, everybody re-measured; regression_to_mean, enrolled and re-measured without therapy.
#pragma once
#include <functional>

#include "scenarios/virtual_trial.hpp"

namespace coronet::trial {

enum class Route { endothelium, capillaries, both };
inline constexpr std::array<const char*, 3> route_names = {"endothelium", "capillaries", "both"};

/// Shares of a cohort by the two reserves, %.
struct Groups {
  double normal = 0.0, adenosine_only = 0.0, acetylcholine_only = 0.0, both = 0.0;
};

struct EndothelialSettings {
  double women_fraction = 0.75, enrolment_cbf_change_percent = 50.0, test_retest_correlation = 0.7, rarefaction = 0.5;
  double function_median = 0.98, function_spread = 2.6, reactivity_spread = 0.3, cbf_error_percent = 30.0;
  double repair = 0.5, potency = 1.5;
  std::size_t completed = 20;
  Route route = Route::endothelium;
};

struct EndothelialDesign {
  std::string name, title, design, population_source, potency_source;
  std::vector<Reported> reported;
  Cohort women, men;
  PatientParameters base_man, base_woman;
  Groups groups;  // of the cohort
  EndothelialSettings settings;
};

/// As set_trial_setting: "trial.repair=0.7".
bool set_trial_setting(EndothelialSettings& settings, const std::string& key, const std::string& value);
std::vector<SettingInfo> describe_settings(const EndothelialSettings& settings);

/// One virtual patient; true values, without measurement error.
struct EndothelialPatient : VirtualPatient {
  double function = 1.0, reactivity = 1.0;
  double ach_percent = 0.0, ach_treated_percent = 0.0;  // change of CBF at the highest dose
};

struct EndothelialResult {
  EndothelialSettings settings;
  std::uint64_t seed = 0;
  double capillary_share = 0.0;
  std::size_t patients = 0, failed = 0, enrolled = 0;
  std::vector<EndothelialPatient> population;
  Groups groups;                    // measured, of the population before therapy
  double reserves_r_squared = 0.0;  // between measured CFR and measured %ΔCBF
  Summary baseline, follow_up;      // measured, enrolled and treated
  std::vector<double> baseline_measured, follow_up_measured, untreated_measured;  // of the enrolled, one by one
  Change change;
  Summary true_baseline, true_follow_up;
  Null no_effect, regression_to_mean;
  double cfr_before = 0.0, cfr_after = 0.0;  // true, mean of the enrolled: what the route does to adenosine CFR
  std::vector<double> replicate_change_treated, replicate_change_null;
  double percentile_of_reported_treated = 0.0, percentile_of_reported_null = 0.0;
  double z = 0.0, z_null = 0.0;
  double share_above_50 = 0.0;  // of the enrolled, at follow-up
  std::vector<std::string> failures;
};

/// Simulates the trial. The same seed gives the same bits on any number of threads.
EndothelialResult run(const EndothelialDesign& design, const Options& options,
                      const std::function<void(std::size_t, std::size_t)>& progress = {});

}  // namespace coronet::trial
