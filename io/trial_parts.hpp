/// Parts that the files and outputs of all virtual trials share.
#pragma once
#include <toml++/toml.h>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "io/run_output.hpp"
#include "io/svg.hpp"
#include "scenarios/virtual_trial.hpp"

namespace coronet::io {

/// A number, or NaN where it is absent.
double number(const toml::table& table, const char* key);
/// A number that must be there; throws InputError naming `where`.
double required(const toml::table& table, const char* key, const std::string& where);
/// [lower, median, upper] of CFR and flows; throws InputError.
trial::Cohort cohort(const toml::table& table, const std::string& where);
/// The [[figure]] entries.
std::vector<trial::Reported> reported_figures(const toml::table& file);
/// The parsed file of a shipped trial, and its path for messages; throws InputError with the nearest name.
std::pair<toml::table, std::string> trial_file(const std::string& name);

nlohmann::ordered_json json_number(double v);  // null where not finite
nlohmann::ordered_json json_of(const trial::Summary& s);
nlohmann::ordered_json json_of(const trial::Change& c);
nlohmann::ordered_json json_of(const trial::Null& n);
nlohmann::ordered_json json_of(const std::vector<trial::Reported>& figures);
/// One arm at one time.
nlohmann::ordered_json json_arm(const std::string& name, const std::string& measure, const std::string& timepoint,
                                const trial::Summary& value);

/// What the JSON of every trial begins with.
template <class Design, class Result> nlohmann::ordered_json json_head(const Design& d, const Result& r) {
  return {{"trial", d.name},   {"title", d.title},       {"version", program_version()},
          {"seed", r.seed},    {"patients", r.patients}, {"enrolled", r.enrolled},
          {"failed", r.failed}};
}

/// Nulls, the enrolled as they were measured, score and replicated trials.
template <class Result> void add_nulls_and_score(nlohmann::ordered_json& j, const Result& r) {
  j["nulls"] = {{"no_effect", json_of(r.no_effect)}, {"regression_to_mean", json_of(r.regression_to_mean)}};
  j["enrolled_as_measured"] = {
      {"baseline", r.baseline_measured}, {"with_cells", r.follow_up_measured}, {"without_cells", r.untreated_measured}};
  j["score"] = {{"z", json_number(r.z)}, {"z_regression_to_mean", json_number(r.z_null)}};
  if (!r.replicate_change_treated.empty())
    j["replicates"] = {{"n", r.replicate_change_treated.size()},
                       {"patients_each", r.settings.completed},
                       {"percentile_of_reported", r.percentile_of_reported_treated},
                       {"percentile_of_reported_without_therapy", r.percentile_of_reported_null}};
}

/// Two points with their spreads, at "Baseline" and "6 months" of a category axis, moved sideways by `shift`.
Series before_and_after(const std::string& name, int colour, Shape shape, double shift, double before, double spread,
                        double after, double spread_after);

/// Shares of values per bin, as outlines; one colour per set.
Panel histogram(const std::string& title, const std::string& label,
                const std::vector<std::pair<std::string, const std::vector<double>*>>& sets, double from, double to,
                int bins);

}  // namespace coronet::io
