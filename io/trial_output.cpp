#include "io/trial_output.hpp"

#include <fmt/format.h>
#include <toml++/toml.h>
#include <algorithm>
#include <cmath>
#include <limits>

#include "io/html.hpp"
#include "io/run_output.hpp"
#include "io/svg.hpp"
#include "io/toml_text.hpp"
#include "io/trial_parts.hpp"
#include "scenarios/parameter_table.hpp"

namespace coronet::io {
namespace {

using trial::Change, trial::Design, trial::InversePoint, trial::Result, trial::Summary;

std::string pm(const Summary& s) { return fmt::format("{:.2f} ± {:.2f}", s.mean, s.sd); }
std::string rise(const Change& c) {
  return std::isfinite(c.ci_low) ? fmt::format("{:+.2f} [{:+.2f}, {:+.2f}]", c.mean, c.ci_low, c.ci_high)
                                 : fmt::format("{:+.2f}", c.mean);
}
std::string density(const std::optional<double>& d) {
  return d ? fmt::format("x {:.2f}", *d) : std::string("impossible");
}

const trial::Reported* reported(const Design& d, const std::string& measure, const std::string& timepoint) {
  for (const trial::Reported& r : d.reported)
    if (r.measure == measure && r.timepoint == timepoint) return &r;
  return nullptr;
}

std::string reported_rise(const Design& d) {
  const auto* c = reported(d, "cfr_change", "6 months");
  return fmt::format("{:+.2f} [{:+.2f}, {:+.2f}]", c->mean, c->ci_low, c->ci_high);
}

/// The comparison as rows: who, baseline, follow-up, change, n.
std::vector<std::vector<std::string>> comparison(const Design& d, const Result& r) {
  const auto* base = reported(d, "cfr", "baseline");
  const auto* later = reported(d, "cfr", "6 months");
  return {{"reported", fmt::format("{:.2f} ± {:.2f}", base->mean, base->sd),
           fmt::format("{:.2f} ± {:.2f}", later->mean, later->sd), reported_rise(d),
           fmt::format("{:.0f}/{:.0f}", base->n, later->n)},
          {"virtual, cells", pm(r.arms[0].value), pm(r.arms[1].value), rise(r.change), std::to_string(r.enrolled)},
          {"null: enrolment and regression to the mean", pm(r.regression_to_mean.baseline),
           pm(r.regression_to_mean.follow_up), rise(r.regression_to_mean.change), std::to_string(r.enrolled)},
          {"null: no effect, nobody selected", pm(r.no_effect.baseline), pm(r.no_effect.follow_up),
           rise(r.no_effect.change), std::to_string(r.no_effect.baseline.n)}};
}

std::vector<std::vector<std::string>> inverse_rows(const Result& r) {
  std::vector<std::vector<std::string>> rows;
  for (const InversePoint& p : r.inverse) {
    if (!p.failure.empty()) {
      rows.push_back({fmt::format("{:.2f}", p.capillary_share), "not solved", "not solved", "not solved"});
      continue;
    }
    rows.push_back({fmt::format("{:.2f}", p.capillary_share), density(p.for_all), density(p.for_rest_after_regression),
                    fmt::format("{:+.2f}", p.highest_reachable_rise)});
  }
  return rows;
}

std::vector<std::vector<std::string>> free_parameters(const Design& d, const Result& r) {
  return {{"capillary density ratio after cells (potency)", fmt::format("{:g}", r.settings.potency), d.potency_source},
          {"hyperaemic capillary share", fmt::format("{:g}", r.capillary_share),
           "not fitted: unsettled between 0.10 and 0.75 (coronet describe bed.hyperaemic_capillary_share)"},
          {"test-retest correlation of CFR", fmt::format("{:g}", r.settings.test_retest_correlation),
           "assumption; thermodilution repeats 0.29 (EDIT-CMD)"},
          {"rarefaction: capillaries lost per flow lost", fmt::format("{:g}", r.settings.rarefaction),
           "assumption between 0 and 1; HFpEF autopsies -27 % (Mohammed 2015), dilated hearts near 1 (Tsagalou 2008)"}};
}

nlohmann::ordered_json json_of(const std::optional<double>& d) {
  return d ? nlohmann::ordered_json(*d) : nlohmann::ordered_json("impossible");
}

std::vector<double> column(const std::vector<InversePoint>& points, auto&& value) {
  std::vector<double> v;
  for (const InversePoint& p : points) v.push_back(value(p));
  return v;
}

}  // namespace

trial::Design load_trial(const std::string& name) {
  const auto [t, where] = trial_file(name);
  Design d;
  d.name = t["name"].value_or(name);
  d.title = t["title"].value_or(name);
  d.design = t["design"].value_or("");
  d.reported = reported_figures(t);
  if (!reported(d, "cfr", "baseline") || !reported(d, "cfr", "6 months") || !reported(d, "cfr_change", "6 months"))
    throw InputError(fmt::format("{}: needs figures for cfr at baseline and 6 months and for cfr_change", where));
  const toml::table* population = t["population"].as_table();
  const toml::table* settings = t["settings"].as_table();
  if (!population || !settings || !(*population)["women"].as_table() || !(*population)["men"].as_table())
    throw InputError(fmt::format("{}: needs [population.women], [population.men] and [settings]", where));
  d.population_source = (*population)["source"].value_or("");
  d.women = cohort(*(*population)["women"].as_table(), where + ": population.women");
  d.men = cohort(*(*population)["men"].as_table(), where + ": population.men");
  d.potency_source = (*settings)["potency_source"].value_or("");
  trial::Settings& s = d.settings;
  for (const char* key :
       {"potency", "test_retest_correlation", "rarefaction", "enrolment_cfr", "women_fraction", "completed"})
    trial::set_trial_setting(s, std::string("trial.") + key,
                             fmt::format("{}", required(*settings, key, where + ": settings")));
  d.base_man = load_patient("healthy").parameters;
  d.base_woman = load_patient("healthy_female").parameters;
  return d;
}

std::string trial_table(const Design& d, const Result& r) {
  std::string out = fmt::format("Virtual {}\n{}\n\n", d.title, d.design);
  out += fmt::format("{} virtual patients, {} enrolled at measured CFR <= {:g}{}; seed {}\n\n", r.patients, r.enrolled,
                     r.settings.enrolment_cfr, r.failed ? fmt::format(", {} failed", r.failed) : "", r.seed);
  out += fmt::format("{:<44} {:>13} {:>13} {:>22} {:>7}\n", "CFR, mean ± SD", "baseline", "6 months", "change [95 %]",
                     "n");
  for (const auto& row : comparison(d, r))
    out += fmt::format("{:<44} {:>13} {:>13} {:>22} {:>7}\n", row[0], row[1], row[2], row[3], row[4]);
  out += fmt::format(
      "The interval is the reported mean's own; for the virtual rows, where 95 % of trials of {} patients fall.\n\n",
      r.settings.completed);
  out += fmt::format(
      "Of the virtual change, {:+.2f} is regression to the mean and {:+.2f} the cells' (true CFR {:.2f} -> {:.2f}).\n",
      r.regression_to_mean.change.mean, r.change.mean - r.regression_to_mean.change.mean, r.true_baseline.mean,
      r.true_follow_up.mean);
  out += fmt::format(
      "The cells change LAD flow by {:+.1f} % at rest and {:+.1f} % in hyperaemia (the trial reported neither).\n",
      r.rest_flow_change_percent, r.hyperaemic_flow_change_percent);
  out += fmt::format("Above CFR 2.5 at 6 months: {:.0f} % of the virtual patients.\n", 100.0 * r.share_above_2_5);
  out += fmt::format("Against the reported change: cells z = {:+.1f}, regression to the mean alone z = {:+.1f}.\n", r.z,
                     r.z_null);
  if (!r.replicate_change_treated.empty())
    out += fmt::format(
        "In {} replicated trials the reported change lies at percentile {:.1f} with cells, {:.1f} without.\n",
        r.replicate_change_treated.size(), r.percentile_of_reported_treated, r.percentile_of_reported_null);
  out += "\nWhat capillaries alone would have to do (LAD density ratio needed)\n";
  out += fmt::format("{:>15} {:>16} {:>24} {:>26}\n", "capillary share", "whole +0.60", "left after regression",
                     "highest rise at x 20");
  for (const auto& row : inverse_rows(r))
    out += fmt::format("{:>15} {:>16} {:>24} {:>26}\n", row[0], row[1], row[2], row[3]);
  out += fmt::format(
      "\"whole\" starts from true CFR {:.2f}, \"left\" from {:.2f} with {:+.2f} to gain; impossible: not reached at "
      "20-fold density.\n\n",
      reported(d, "cfr", "baseline")->mean, reported(d, "cfr", "baseline")->mean + r.regression_to_mean.change.mean,
      std::max(0.0, reported(d, "cfr_change", "6 months")->mean - r.regression_to_mean.change.mean));
  out += "Free parameters and what fixed them\n";
  for (const auto& row : free_parameters(d, r)) out += fmt::format("  {:<46} {:>6}  {}\n", row[0], row[1], row[2]);
  out += fmt::format("\nPopulation before therapy against its cohort ({})\n", d.population_source);
  for (const trial::Check& c : r.population_checks)
    if (c.name.find("median") != std::string::npos)
      out += fmt::format("  {:<46} {:>8.1f} cohort {:>8.1f} virtual\n", c.name, c.target, c.found);
  out += "\nNo symptom, quality of life or outcome is modelled. Education and research; not for clinical decisions.\n";
  return out;
}

nlohmann::ordered_json trial_json(const Design& d, const Result& r) {
  nlohmann::ordered_json j = json_head(d, r);
  j["free_parameters"] = {{"potency", r.settings.potency},
                          {"hyperaemic_capillary_share", r.capillary_share},
                          {"test_retest_correlation", r.settings.test_retest_correlation},
                          {"rarefaction", r.settings.rarefaction}};
  j["free_parameters_fixed_by"] = {{"potency", d.potency_source},
                                   {"hyperaemic_capillary_share", "default, not fitted"},
                                   {"test_retest_correlation", "assumption"},
                                   {"rarefaction", "assumption"}};
  auto& arms = j["arms"] = nlohmann::ordered_json::array();
  for (const trial::Arm& a : r.arms) arms.push_back(json_arm(a.name, a.measure, a.timepoint, a.value));
  j["reported"] = json_of(d.reported);
  j["change"] = json_of(r.change);
  j["true_cfr"] = {{"baseline", json_of(r.true_baseline)}, {"follow_up", json_of(r.true_follow_up)}};
  j["flow_change_by_cells_percent"] = {{"rest", r.rest_flow_change_percent},
                                       {"hyperaemia", r.hyperaemic_flow_change_percent}};
  add_nulls_and_score(j, r);
  j["share_above_cfr_2_5"] = r.share_above_2_5;
  auto& inverse = j["inverse_map"] = nlohmann::ordered_json::array();
  for (const InversePoint& p : r.inverse) {
    if (!p.failure.empty()) {
      inverse.push_back({{"hyperaemic_capillary_share", p.capillary_share}, {"failure", p.failure}});
      continue;
    }
    inverse.push_back({{"hyperaemic_capillary_share", p.capillary_share},
                       {"density_ratio_for_whole_change", json_of(p.for_all)},
                       {"density_ratio_for_change_after_regression", json_of(p.for_rest_after_regression)},
                       {"highest_reachable_change", json_number(p.highest_reachable_rise)}});
  }
  auto& checks = j["population"] = nlohmann::ordered_json::array();
  for (const trial::Check& c : r.population_checks)
    checks.push_back({{"quantity", c.name}, {"cohort", c.target}, {"virtual", c.found}});
  if (!r.failures.empty()) j["failures"] = r.failures;
  return j;
}

std::string trial_report(const Design& d, const Result& r) {
  HtmlPage page{
      .title = "Virtual " + d.title,
      .lead =
          "What new capillaries would have to do to move coronary flow reserve as reported, beside two null models.",
      .footer =
          fmt::format("coronet {}, seed {}, {} virtual patients. Education and research; not for clinical decisions.",
                      program_version(), r.seed, r.patients)};
  page.note(d.design + ". Without a control group the reported change includes regression to the mean.");
  page.heading("The comparison");
  page.table(
      {.header = {"CFR, mean ± SD", "Baseline", "6 months", "Change [95 %]", "n"},
       .rows = comparison(d, r),
       .caption = fmt::format("Interval: reported, of the mean; virtual, where 95 % of trials of {} patients fall.",
                              r.settings.completed)});
  const auto* base = reported(d, "cfr", "baseline");
  const auto* later = reported(d, "cfr", "6 months");
  Panel means{.title = "CFR, mean ± SD",
              .x = {.categories = {"Baseline", "6 months"}},
              .y = {.label = "CFR", .from = 1.0, .to = 4.0}};
  means.series = {before_and_after("reported", 7, Shape::diamond, -0.16, base->mean, base->sd, later->mean, later->sd),
                  before_and_after("virtual, cells", 0, Shape::circle, 0.0, r.arms[0].value.mean, r.arms[0].value.sd,
                                   r.arms[1].value.mean, r.arms[1].value.sd),
                  before_and_after("regression to the mean only", 1, Shape::square, 0.16,
                                   r.regression_to_mean.baseline.mean, r.regression_to_mean.baseline.sd,
                                   r.regression_to_mean.follow_up.mean, r.regression_to_mean.follow_up.sd)};
  means.reference_lines = {{ReferenceLine::Direction::horizontal, 2.5, "2.5"}};
  std::vector<Panel> panels = {means};
  if (!r.replicate_change_treated.empty()) {
    Panel changes = histogram(
        fmt::format("Mean change in {} replicated trials", r.replicate_change_treated.size()), "Mean change of CFR",
        {{"cells", &r.replicate_change_treated}, {"no therapy", &r.replicate_change_null}}, -0.4, 1.2, 40);
    changes.reference_lines = {
        {ReferenceLine::Direction::vertical, reported(d, "cfr_change", "6 months")->mean, "reported"}};
    panels.push_back(std::move(changes));
  }
  page.figure(render_svg({.panels = panels, .columns = 2}),
              "Left: the trial beside its virtual copy and the null. Right: how such a small trial scatters.");
  page.paragraph(
      fmt::format("Of the virtual change of {:+.2f}, {:+.2f} is regression to the mean and {:+.2f} the effect of the "
                  "cells. Score of the cells: "
                  "z = {:+.1f}; of regression to the mean alone: z = {:+.1f}. The cells change LAD flow by {:+.1f} % "
                  "at rest and {:+.1f} % in "
                  "hyperaemia; the trial reported neither.",
                  r.change.mean, r.regression_to_mean.change.mean, r.change.mean - r.regression_to_mean.change.mean,
                  r.z, r.z_null, r.rest_flow_change_percent, r.hyperaemic_flow_change_percent));
  page.heading("What capillaries alone would have to do");
  Panel map{.title = "Density ratio needed",
            .x = {.label = "Hyperaemic capillary share of resistance", .from = 0.0, .to = 0.8},
            .y = {.label = "LAD capillary density ratio", .logarithmic = true, .from = 1.0, .to = 20.0}};
  const auto nan = std::numeric_limits<double>::quiet_NaN();
  const auto shares = column(r.inverse, [](const InversePoint& p) { return p.capillary_share; });
  map.series = {
      {.name = "whole change",
       .x = shares,
       .y = column(r.inverse, [&](const InversePoint& p) { return p.failure.empty() ? p.for_all.value_or(nan) : nan; }),
       .colour = 1,
       .mark = Mark::line_points},
      {.name = "left after regression to the mean",
       .x = shares,
       .y = column(
           r.inverse,
           [&](const InversePoint& p) { return p.failure.empty() ? p.for_rest_after_regression.value_or(nan) : nan; }),
       .colour = 0,
       .mark = Mark::line_points,
       .dash = Dash::dashed}};
  map.reference_lines = {{ReferenceLine::Direction::horizontal, r.settings.potency, "assumed potency"}};
  page.figure(render_svg({.panels = {map}, .columns = 1, .width = 700}),
              "Shares without a point cannot reach the change at 20-fold density.");
  page.table({.header = {"Capillary share", "Whole +0.60", "Left after regression", "Highest rise at × 20"},
              .rows = inverse_rows(r)});
  page.heading("Free parameters and what fixed them");
  page.table({.header = {"Parameter", "Value", "Fixed by"}, .rows = free_parameters(d, r)});
  page.heading("The population before therapy");
  std::vector<std::vector<std::string>> rows;
  for (const trial::Check& c : r.population_checks)
    rows.push_back({c.name, fmt::format("{:.2f}", c.target), fmt::format("{:.2f}", c.found)});
  page.table({.header = {"Quantity", "Cohort", "Virtual"}, .rows = rows, .caption = d.population_source});
  page.heading("Reported figures");
  rows.clear();
  for (const trial::Reported& f : d.reported) rows.push_back({f.id, fmt::format("{:.2f}", f.mean), f.use, f.source});
  page.table({.header = {"Figure", "Value", "Use", "Source"}, .rows = rows});
  page.note(
      "Holdout figures are scored, never fitted. Symptoms, quality of life, visits and mortality are not modelled.");
  return render_html(page);
}

}  // namespace coronet::io
