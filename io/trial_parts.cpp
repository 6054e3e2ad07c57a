#include "io/trial_parts.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <cmath>
#include <limits>

#include "io/patient_file.hpp"
#include "io/toml_text.hpp"
#include "io/trial_output.hpp"
#include "scenarios/parameter_table.hpp"

namespace coronet::io {
namespace {

trial::Quartiles quartiles(const toml::table& t, const char* key, const std::string& where) {
  const toml::array* a = t[key].as_array();
  if (!a || a->size() != 3) throw InputError(fmt::format("{}: '{}' must be [lower, median, upper]", where, key));
  trial::Quartiles q{a->get(0)->value_or(0.0), a->get(1)->value_or(0.0), a->get(2)->value_or(0.0)};
  if (!(0.0 < q.lower && q.lower < q.median && q.median < q.upper))
    throw InputError(fmt::format("{}: '{}' must be three rising positive numbers", where, key));
  return q;
}

}  // namespace

double number(const toml::table& t, const char* key) {
  return t[key].value<double>().value_or(std::numeric_limits<double>::quiet_NaN());
}

double required(const toml::table& t, const char* key, const std::string& where) {
  const double v = number(t, key);
  if (!std::isfinite(v)) throw InputError(fmt::format("{}: '{}' is missing or no number", where, key));
  return v;
}

trial::Cohort cohort(const toml::table& t, const std::string& where) {
  return {required(t, "n", where), quartiles(t, "cfr", where), quartiles(t, "flow_rest_mL_per_min", where),
          quartiles(t, "flow_hyperaemia_mL_per_min", where)};
}

std::vector<std::string> shipped_trials() {
  std::vector<std::string> names;
  std::error_code ignored;
  for (const auto& entry : std::filesystem::directory_iterator(shipped("trials", ""), ignored))
    if (entry.path().extension() == ".toml") {
      std::string name = entry.path().stem().string();
      std::replace(name.begin(), name.end(), '_', '-');
      names.push_back(name);
    }
  std::sort(names.begin(), names.end());
  return names;
}

std::pair<toml::table, std::string> trial_file(const std::string& name) {
  const auto names = shipped_trials();
  if (std::find(names.begin(), names.end(), name) == names.end()) {
    const std::string near = nearest_word(name, names);
    throw InputError(fmt::format("no trial '{}'{}; shipped: {}", name,
                                 near.empty() ? "" : fmt::format("; did you mean '{}'?", near),
                                 fmt::join(names, ", ")));
  }
  std::string file_name = name;
  std::replace(file_name.begin(), file_name.end(), '-', '_');
  const auto path = shipped("trials", file_name + ".toml");
  return {parse_toml(read_text(path), path), path.string()};
}

std::vector<trial::Reported> reported_figures(const toml::table& file) {
  std::vector<trial::Reported> all;
  const auto text = [](const toml::table& row, const char* key) { return std::string(row[key].value_or("")); };
  if (const toml::array* figures = file["figure"].as_array())
    for (const toml::node& node : *figures) {
      const toml::table& f = *node.as_table();
      all.push_back({text(f, "id"), text(f, "measure"), text(f, "timepoint"), text(f, "use"), text(f, "source"),
                     number(f, "mean"), number(f, "sd"), number(f, "ci_low"), number(f, "ci_high"), number(f, "n")});
    }
  return all;
}

nlohmann::ordered_json json_number(double v) {
  return std::isfinite(v) ? nlohmann::ordered_json(v) : nlohmann::ordered_json();
}
nlohmann::ordered_json json_of(const trial::Summary& s) {
  return {{"mean", json_number(s.mean)}, {"sd", json_number(s.sd)}, {"n", s.n}};
}
nlohmann::ordered_json json_of(const trial::Change& c) {
  return {{"mean", json_number(c.mean)},
          {"sd", json_number(c.sd)},
          {"ci_low", json_number(c.ci_low)},
          {"ci_high", json_number(c.ci_high)}};
}
nlohmann::ordered_json json_of(const trial::Null& n) {
  return {{"baseline", json_of(n.baseline)}, {"follow_up", json_of(n.follow_up)}, {"change", json_of(n.change)}};
}
nlohmann::ordered_json json_of(const std::vector<trial::Reported>& figures) {
  nlohmann::ordered_json array = nlohmann::ordered_json::array();
  for (const trial::Reported& f : figures) {
    nlohmann::ordered_json row = {{"id", f.id}, {"measure", f.measure}, {"timepoint", f.timepoint}};
    for (const auto& [key, value] :
         {std::pair{"mean", f.mean}, {"sd", f.sd}, {"ci_low", f.ci_low}, {"ci_high", f.ci_high}, {"n", f.n}})
      if (std::isfinite(value)) row[key] = value;
    row["use"] = f.use;
    row["source"] = f.source;
    array.push_back(row);
  }
  return array;
}

nlohmann::ordered_json json_arm(const std::string& name, const std::string& measure, const std::string& timepoint,
                                const trial::Summary& value) {
  return {{"name", name},       {"measure", measure}, {"timepoint", timepoint},
          {"mean", value.mean}, {"sd", value.sd},     {"n", value.n}};
}

Series before_and_after(const std::string& name, int colour, Shape shape, double shift, double before, double spread,
                        double after, double spread_after) {
  return {.name = name,
          .x = {0 + shift, 1 + shift},
          .y = {before, after},
          .lower = {before - spread, after - spread_after},
          .upper = {before + spread, after + spread_after},
          .colour = colour,
          .mark = Mark::points,
          .shape = shape,
          .radius = 5};
}

Panel histogram(const std::string& title, const std::string& label,
                const std::vector<std::pair<std::string, const std::vector<double>*>>& sets, double from, double to,
                int bins) {
  Panel panel{
      .title = title, .x = {.label = label, .from = from, .to = to}, .y = {.label = "Share (%)", .include_zero = true}};
  int colour = 0;
  for (const auto& [name, values] : sets) {
    Series s{.name = name, .colour = colour++};
    std::vector<double> count(static_cast<std::size_t>(bins), 0.0);
    for (double v : *values)
      if (v >= from && v < to) count[static_cast<std::size_t>((v - from) / (to - from) * bins)] += 1.0;
    for (int b = 0; b < bins; ++b) {  // outline of the bars
      const double left = from + (to - from) * b / bins, right = from + (to - from) * (b + 1) / bins;
      const double share =
          values->empty() ? 0.0 : 100.0 * count[static_cast<std::size_t>(b)] / static_cast<double>(values->size());
      s.x.push_back(left), s.y.push_back(share);
      s.x.push_back(right), s.y.push_back(share);
    }
    panel.series.push_back(std::move(s));
  }
  return panel;
}

}  // namespace coronet::io
