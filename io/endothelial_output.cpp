#include "io/endothelial_output.hpp"

#include <fmt/format.h>
#include <cmath>

#include "io/html.hpp"
#include "io/patient_file.hpp"
#include "io/run_output.hpp"
#include "io/trial_parts.hpp"

namespace coronet::io {
namespace {

using trial::EndothelialDesign, trial::EndothelialResult, trial::Summary;

const trial::Reported& reported(const EndothelialDesign& d, const std::string& timepoint) {
  for (const trial::Reported& r : d.reported)
    if (r.timepoint == timepoint) return r;
  throw InputError("the trial's file lacks the figure at " + timepoint);
}

/// Mean and its 95 % interval, as the paper gives them.
std::string with_interval(const Summary& s) {
  const double half = 1.96 * s.sd / std::sqrt(static_cast<double>(s.n));
  return fmt::format("{:.1f} [{:.1f}, {:.1f}]", s.mean, s.mean - half, s.mean + half);
}

std::string rise(const trial::Change& c) {
  return std::isfinite(c.ci_low) ? fmt::format("{:+.1f} [{:+.1f}, {:+.1f}]", c.mean, c.ci_low, c.ci_high)
                                 : fmt::format("{:+.1f}", c.mean);
}

/// The comparison as rows: who, baseline, follow-up, change, n.
std::vector<std::vector<std::string>> comparison(const EndothelialDesign& d, const EndothelialResult& r) {
  const auto &base = reported(d, "baseline"), &later = reported(d, "6 months");
  const auto of = [](const trial::Reported& f) {
    return fmt::format("{:.1f} [{:.1f}, {:.1f}]", f.mean, f.ci_low, f.ci_high);
  };
  const auto virtual_row = [](const std::string& who, const Summary& a, const Summary& b, const trial::Change& c) {
    return std::vector<std::string>{who, with_interval(a), with_interval(b), rise(c), std::to_string(a.n)};
  };
  return {
      {"reported", of(base), of(later), fmt::format("{:+.1f}", later.mean - base.mean), fmt::format("{:.0f}", base.n)},
      virtual_row("virtual, cells", r.baseline, r.follow_up, r.change),
      virtual_row("null: enrolment and regression to the mean", r.regression_to_mean.baseline,
                  r.regression_to_mean.follow_up, r.regression_to_mean.change),
      virtual_row("null: no effect, nobody selected", r.no_effect.baseline, r.no_effect.follow_up, r.no_effect.change)};
}

std::vector<std::vector<std::string>> group_rows(const EndothelialDesign& d, const EndothelialResult& r) {
  const auto row = [](const char* name, double cohort, double found) {
    return std::vector<std::string>{name, fmt::format("{:.1f}", cohort), fmt::format("{:.1f}", found)};
  };
  return {row("both reserves normal", d.groups.normal, r.groups.normal),
          row("adenosine alone impaired (CFR <= 2.5)", d.groups.adenosine_only, r.groups.adenosine_only),
          row("acetylcholine alone impaired (<= +50 %)", d.groups.acetylcholine_only, r.groups.acetylcholine_only),
          row("both impaired", d.groups.both, r.groups.both)};
}

std::vector<std::vector<std::string>> free_parameters(const EndothelialDesign& d, const EndothelialResult& r) {
  const trial::EndothelialSettings& s = r.settings;
  return {
      {"route", trial::route_names[static_cast<std::size_t>(s.route)], "chosen by --route"},
      {"endothelial function given back (repair)", fmt::format("{:g}", s.repair), "not fitted: an assumption"},
      {"capillary density ratio (potency)", fmt::format("{:g}", s.potency),
       s.route == trial::Route::endothelium ? "not used by this route" : d.potency_source},
      {"median and spread of endothelial function", fmt::format("{:g}, {:g}", s.function_median, s.function_spread),
       "calibrated on the four groups of Hasdai 1998"},
      {"spread of muscle reactivity", fmt::format("{:g}", s.reactivity_spread), "chosen with the four groups in view"},
      {"error of one measurement of the change, points", fmt::format("{:g}", s.cbf_error_percent), "assumption"},
      {"hyperaemic capillary share", fmt::format("{:g}", r.capillary_share), "not fitted: unsettled (0.10 to 0.75)"}};
}

}  // namespace

trial::EndothelialDesign load_endothelial_trial(const std::string& name) {
  const auto file = trial_file(name);
  const auto& t = file.first;
  const std::string& where = file.second;
  EndothelialDesign d;
  d.name = t["name"].value_or(name);
  d.title = t["title"].value_or(name);
  d.design = t["design"].value_or("");
  d.reported = reported_figures(t);
  reported(d, "baseline"), reported(d, "6 months");
  const toml::table* population = t["population"].as_table();
  const toml::table* settings = t["settings"].as_table();
  if (!population || !settings || !(*population)["women"].as_table() || !(*population)["men"].as_table() ||
      !(*population)["groups_percent"].as_table())
    throw InputError(fmt::format(
        "{}: needs [population.women], [population.men], [population.groups_percent] and [settings]", where));
  d.population_source = (*population)["source"].value_or("");
  d.women = cohort(*(*population)["women"].as_table(), where + ": population.women");
  d.men = cohort(*(*population)["men"].as_table(), where + ": population.men");
  const toml::table& groups = *(*population)["groups_percent"].as_table();
  const auto share = [&](const char* key) { return required(groups, key, where + ": population.groups_percent"); };
  d.groups = {share("normal"), share("adenosine_only"), share("acetylcholine_only"), share("both")};
  d.potency_source = (*settings)["potency_source"].value_or("");
  for (const trial::SettingInfo& info : trial::describe_settings(d.settings)) {
    const std::string key = info.key.substr(info.key.find('.') + 1);
    trial::set_trial_setting(d.settings, info.key,
                             fmt::format("{}", required(*settings, key.c_str(), where + ": settings")));
  }
  d.base_man = load_patient("healthy").parameters;
  d.base_woman = load_patient("healthy_female").parameters;
  return d;
}

std::string trial_table(const EndothelialDesign& d, const EndothelialResult& r) {
  std::string out = fmt::format("Virtual {}\n{}\n\n", d.title, d.design);
  out += fmt::format(
      "{} virtual patients, {} enrolled at a measured change of flow <= {:g} %{}; seed {}; route: {}\n\n", r.patients,
      r.enrolled, r.settings.enrolment_cbf_change_percent, r.failed ? fmt::format(", {} failed", r.failed) : "", r.seed,
      trial::route_names[static_cast<std::size_t>(r.settings.route)]);
  out += fmt::format("{:<44} {:>20} {:>20} {:>22} {:>5}\n", "change of flow by acetylcholine, %", "baseline",
                     "6 months", "difference [95 %]", "n");
  for (const auto& row : comparison(d, r))
    out += fmt::format("{:<44} {:>20} {:>20} {:>22} {:>5}\n", row[0], row[1], row[2], row[3], row[4]);
  out += fmt::format(
      "Means with their 95 % intervals; of the difference, where 95 % of virtual trials of {} patients fall.\n\n",
      r.settings.completed);
  out += fmt::format(
      "Of the virtual difference, {:+.1f} is regression to the mean and {:+.1f} the cells' (true change {:.1f} -> "
      "{:.1f} "
      "%).\n",
      r.regression_to_mean.change.mean, r.change.mean - r.regression_to_mean.change.mean, r.true_baseline.mean,
      r.true_follow_up.mean);
  out += fmt::format("CFR by adenosine of the enrolled: {:.2f} -> {:.2f} (true values).\n", r.cfr_before, r.cfr_after);
  out += fmt::format("Above +50 % at 6 months: {:.0f} % of the virtual patients.\n", 100.0 * r.share_above_50);
  out += fmt::format("Against the reported 6 months: cells z = {:+.1f}, regression to the mean alone z = {:+.1f}.\n",
                     r.z, r.z_null);
  if (!r.replicate_change_treated.empty())
    out += fmt::format(
        "In {} replicated trials the reported difference lies at percentile {:.1f} with cells, {:.1f} without.\n",
        r.replicate_change_treated.size(), r.percentile_of_reported_treated, r.percentile_of_reported_null);
  out += fmt::format("\nPopulation before therapy, % in each group ({})\n", d.population_source);
  out += fmt::format("  {:<46} {:>8} {:>8}\n", "", "cohort", "virtual");
  for (const auto& row : group_rows(d, r)) out += fmt::format("  {:<46} {:>8} {:>8}\n", row[0], row[1], row[2]);
  out += fmt::format("  {:<46} {:>8} {:>8.2f}\n", "r squared between the two reserves", "0.03", r.reserves_r_squared);
  out += "\nFree parameters and what fixed them\n";
  for (const auto& row : free_parameters(d, r)) out += fmt::format("  {:<50} {:>11}  {}\n", row[0], row[1], row[2]);
  out += "\nNo symptom, quality of life or outcome is modelled. Education and research; not for clinical decisions.\n";
  return out;
}

nlohmann::ordered_json trial_json(const EndothelialDesign& d, const EndothelialResult& r) {
  const trial::EndothelialSettings& s = r.settings;
  nlohmann::ordered_json j = json_head(d, r);
  j["route"] = trial::route_names[static_cast<std::size_t>(s.route)];
  j["free_parameters"] = {{"repair", s.repair},
                          {"potency", s.potency},
                          {"function_median", s.function_median},
                          {"function_spread", s.function_spread},
                          {"reactivity_spread", s.reactivity_spread},
                          {"cbf_error_percent", s.cbf_error_percent},
                          {"hyperaemic_capillary_share", r.capillary_share}};
  auto& arms = j["arms"] = nlohmann::ordered_json::array();
  for (const auto& [timepoint, value] : {std::pair{"baseline", r.baseline}, std::pair{"6 months", r.follow_up}})
    arms.push_back(json_arm("CD34+ cells (virtual)", "ach_cbf_change_percent", timepoint, value));
  j["reported"] = json_of(d.reported);
  j["change"] = json_of(r.change);
  j["true_change_percent"] = {{"baseline", json_of(r.true_baseline)}, {"follow_up", json_of(r.true_follow_up)}};
  j["true_cfr"] = {{"baseline", r.cfr_before}, {"follow_up", r.cfr_after}};
  add_nulls_and_score(j, r);
  j["share_above_50_percent"] = r.share_above_50;
  const auto groups = [](const trial::Groups& g) {
    return nlohmann::ordered_json{{"normal_percent", g.normal},
                                  {"adenosine_only_percent", g.adenosine_only},
                                  {"acetylcholine_only_percent", g.acetylcholine_only},
                                  {"both_percent", g.both}};
  };
  j["population"] = {
      {"cohort", groups(d.groups)}, {"virtual", groups(r.groups)}, {"reserves_r_squared", r.reserves_r_squared}};
  if (!r.failures.empty()) j["failures"] = r.failures;
  return j;
}

std::string trial_report(const EndothelialDesign& d, const EndothelialResult& r) {
  HtmlPage page{
      .title = "Virtual " + d.title,
      .lead = "The flow response to acetylcholine before and after cells, by the route chosen, beside two null models.",
      .footer =
          fmt::format("coronet {}, seed {}, {} virtual patients. Education and research; not for clinical decisions.",
                      program_version(), r.seed, r.patients)};
  page.note(d.design + ". Without a control group the reported change includes regression to the mean.");
  page.heading("The comparison");
  page.table(
      {.header = {"Change of flow, %", "Baseline", "6 months", "Difference [95 %]", "n"},
       .rows = comparison(d, r),
       .caption = fmt::format("Means with 95 % intervals; of the difference, where 95 % of trials of {} patients "
                              "fall. Route: {}.",
                              r.settings.completed, trial::route_names[static_cast<std::size_t>(r.settings.route)])});
  const auto &base = reported(d, "baseline"), &later = reported(d, "6 months");
  const auto half = [](const Summary& s) { return 1.96 * s.sd / std::sqrt(static_cast<double>(s.n)); };
  Panel means{.title = "Change of LAD flow by acetylcholine, mean and 95 % interval",
              .x = {.categories = {"Baseline", "6 months"}},
              .y = {.label = "Change of flow (%)"}};
  means.series = {before_and_after("reported", 7, Shape::diamond, -0.16, base.mean, 0.5 * (base.ci_high - base.ci_low),
                                   later.mean, 0.5 * (later.ci_high - later.ci_low)),
                  before_and_after("virtual, cells", 0, Shape::circle, 0.0, r.baseline.mean, half(r.baseline),
                                   r.follow_up.mean, half(r.follow_up)),
                  before_and_after("regression to the mean only", 1, Shape::square, 0.16,
                                   r.regression_to_mean.baseline.mean, half(r.regression_to_mean.baseline),
                                   r.regression_to_mean.follow_up.mean, half(r.regression_to_mean.follow_up))};
  means.reference_lines = {{ReferenceLine::Direction::horizontal, 50.0, "50"}};
  std::vector<Panel> panels = {means};
  if (!r.replicate_change_treated.empty()) {
    Panel changes =
        histogram(fmt::format("Mean difference in {} replicated trials", r.replicate_change_treated.size()),
                  "Mean difference (points)",
                  {{"cells", &r.replicate_change_treated}, {"no therapy", &r.replicate_change_null}}, -40.0, 140.0, 45);
    changes.reference_lines = {{ReferenceLine::Direction::vertical, later.mean - base.mean, "reported"}};
    panels.push_back(std::move(changes));
  }
  page.figure(render_svg({.panels = panels, .columns = 2}),
              "Left: the trial beside its virtual copy and the null. Right: how such a small trial scatters.");
  page.paragraph(fmt::format(
      "Of the virtual difference of {:+.1f} points, {:+.1f} is regression to the mean and {:+.1f} the effect of the "
      "cells. CFR by adenosine of the enrolled moves from {:.2f} to {:.2f}.",
      r.change.mean, r.regression_to_mean.change.mean, r.change.mean - r.regression_to_mean.change.mean, r.cfr_before,
      r.cfr_after));
  page.heading("The population before therapy");
  page.table(
      {.header = {"Group", "Cohort, %", "Virtual, %"}, .rows = group_rows(d, r), .caption = d.population_source});
  page.heading("Free parameters and what fixed them");
  page.table({.header = {"Parameter", "Value", "Fixed by"}, .rows = free_parameters(d, r)});
  page.note(
      "Holdout figures are scored, never fitted. Symptoms, quality of life, visits and mortality are not modelled.");
  return render_html(page);
}

}  // namespace coronet::io
