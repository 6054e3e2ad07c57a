#include "io/sweep_figure.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

#include "io/netcdf_reader.hpp"
#include "io/run_output.hpp"
#include "scenarios/parameter_table.hpp"

namespace coronet::io {
namespace {

constexpr std::size_t most_points = 20'000;

const study::Factor* factor(const study::Study& s, const std::string& name) {
  for (const study::Factor& f : s.factors)
    if (f.name == name) return &f;
  return nullptr;
}

std::string spaced(std::string text) {
  std::replace(text.begin(), text.end(), '_', ' ');
  return text;
}

std::string unit_text(const std::string& unit) { return unit.empty() || unit == "1" ? "" : " (" + unit + ")"; }

std::string value_words(const study::Factor& f, double v) {
  const ParameterValue value = parameter_value(f.key, v);
  if (const auto* flag = std::get_if<bool>(&value)) return *flag ? "yes" : "no";
  if (const auto* word = std::get_if<std::string>(&value)) return *word;
  return fmt::format("{:.3g}", v);
}

const study::Output* output(const study::Study& s, const std::string& name) {
  for (const study::Output& o : s.outputs)
    if (o.name == name) return &o;
  return nullptr;
}

/// Rows of a variable from the first samples.
std::vector<double> column(const NetcdfReader& file, const std::string& name, std::size_t rows) {
  const StoredVariable* v = file.find(name);
  return v ? file.numbers(*v, 0, std::min(rows, v->rows())) : std::vector<double>();
}

bool spaced_by_factors(const study::Factor& f) {
  return f.distribution.kind == random::Kind::loguniform && f.values.empty();
}

/// The different values of a factor, in the order of the samples; of very many the first eight.
std::vector<double> values_of(const NetcdfReader& file, const study::Factor& f, std::size_t rows) {
  std::vector<double> values;
  for (const double v : column(file, "p_" + f.name, rows))
    if (values.size() < 8 && std::find(values.begin(), values.end(), v) == values.end()) values.push_back(v);
  return values;
}

/// Lines over x, one per value of `series` and `dash`; the mean where several samples share a place.
Panel lines(const StudyFile& file, const NetcdfReader& data, const std::string& y, std::size_t rows,
            const study::Factor* by_panel, double panel_value) {
  const study::Study& s = file.study;
  const study::Output& o = *output(s, y);
  const study::Factor* series = factor(s, file.plot.series);
  const study::Factor* dash = factor(s, file.plot.dash);
  const std::vector<double> by_series =
      series ? column(data, "p_" + series->name, rows) : std::vector<double>(rows, 0.0);
  const std::vector<double> by_dash = dash ? column(data, "p_" + dash->name, rows) : std::vector<double>(rows, 0.0);
  const std::vector<double> values = column(data, y, rows);
  const bool over_phases = file.plot.x == "phase";
  const std::size_t width = o.phase.empty() ? 1 : s.phases.size();
  const std::vector<double> at = over_phases ? std::vector<double>() : column(data, "p_" + file.plot.x, rows);

  const std::vector<double> panels = by_panel ? column(data, "p_" + by_panel->name, rows) : std::vector<double>();
  Panel panel{.title = o.label, .y = {.label = o.label + unit_text(o.unit)}};
  if (by_panel) panel.title = spaced(by_panel->name) + " " + value_words(*by_panel, panel_value);
  if (over_phases) {
    panel.x = {.label = "phase"};
    for (const std::string& phase : s.phases)
      panel.x.categories.push_back(
          spaced(phase.rfind("acetylcholine_", 0) == 0 ? "ACh_" + phase.substr(sizeof "acetylcholine_" - 1) : phase));
  } else {
    const study::Factor& f = *factor(s, file.plot.x);
    const Parameter& p = find_parameter(f.key);
    panel.x = {.label = spaced(f.name) + unit_text(p.unit), .logarithmic = spaced_by_factors(f)};
    if (!p.choices.empty()) panel.x.categories = p.choices;
    if (p.is_switch) panel.x.categories = {"no", "yes"};
  }
  struct Mean {
    double sum = 0.0;
    std::size_t n = 0;
  };
  std::map<std::pair<double, double>, std::map<double, Mean>> groups;
  for (std::size_t i = 0; i < rows; ++i)
    for (std::size_t k = 0; k < width; ++k) {
      const double v = values[i * width + k];
      if (by_panel && panels[i] != panel_value) continue;
      if (!std::isfinite(v) || (!over_phases && k + 1 != width)) continue;
      Mean& m = groups[{by_series[i], by_dash[i]}][over_phases ? static_cast<double>(k) : at[i]];
      m.sum += v;
      ++m.n;
    }
  std::vector<double> colours, dashes;
  for (const auto& group : groups) {
    if (std::find(colours.begin(), colours.end(), group.first.first) == colours.end())
      colours.push_back(group.first.first);
    if (std::find(dashes.begin(), dashes.end(), group.first.second) == dashes.end())
      dashes.push_back(group.first.second);
  }
  for (const auto& group : groups) {
    Series line{.name = {}, .mark = Mark::line_points};
    const auto colour = std::find(colours.begin(), colours.end(), group.first.first) - colours.begin();
    const auto style = std::find(dashes.begin(), dashes.end(), group.first.second) - dashes.begin();
    line.colour = static_cast<int>(colour % 8);
    line.dash = static_cast<Dash>(style % 3);
    line.shape = static_cast<Shape>(style % 4);
    line.radius = 3.0;
    if (series) line.name = spaced(series->name) + " " + value_words(*series, group.first.first);
    if (dash)
      line.name += (line.name.empty() ? "" : ", ") + spaced(dash->name) + " " + value_words(*dash, group.first.second);
    for (const auto& point : group.second) {
      line.x.push_back(point.first);
      line.y.push_back(point.second.sum / static_cast<double>(point.second.n));
    }
    panel.series.push_back(std::move(line));
  }
  return panel;
}

/// Points of one output over one parameter.
Panel cloud(const study::Study& s, const NetcdfReader& data, const study::Factor& f, const std::string& y,
            std::size_t rows) {
  const study::Output& o = *output(s, y);
  const std::size_t width = o.phase.empty() ? 1 : s.phases.size();
  const std::vector<double> values = column(data, y, rows);
  Panel panel{
      .title = o.label,
      .x = {.label = spaced(f.name) + unit_text(find_parameter(f.key).unit), .logarithmic = spaced_by_factors(f)},
      .y = {.label = o.label + unit_text(o.unit)},
      .legend = Legend::none};
  Series points{
      .name = {}, .x = column(data, "p_" + f.name, rows), .mark = Mark::points, .radius = 2.0, .opacity = 0.5};
  for (std::size_t i = 0; i < points.x.size(); ++i) points.y.push_back(values[i * width + width - 1]);
  panel.series.push_back(std::move(points));
  return panel;
}

/// Which of the outputs of the sensitivity variables has this name (in its last phase).
std::size_t output_at(const study::Study& s, const std::string& name) {
  std::size_t at = 0;
  for (std::size_t i = 0; i < s.outputs.size(); ++i)
    if (s.outputs[i].name == name) at = i;
  return at;
}

Panel indices(const study::Study& s, const NetcdfReader& data, const std::string& y) {
  const std::size_t outputs = s.outputs.size(), o = output_at(s, y);
  const bool morris = s.sampling.method == study::Method::morris;
  const auto all = [&](const char* name) {
    const StoredVariable* v = data.find(name);
    return v ? data.numbers(*v, 0, v->rows()) : std::vector<double>();
  };
  Panel panel{.title = output(s, y)->label};
  if (morris) {
    panel.x.label = "mean size of effect (mu*)" + unit_text(output(s, y)->unit);
    panel.y.label = "standard deviation (sigma)" + unit_text(output(s, y)->unit);
    panel.y.include_zero = panel.x.include_zero = true;
    const std::vector<double> mu = all("morris_mu_star"), sigma = all("morris_sigma");
    for (std::size_t k = 0; k < s.factors.size(); ++k)
      panel.series.push_back({.name = spaced(s.factors[k].name),
                              .x = {mu[k * outputs + o]},
                              .y = {sigma[k * outputs + o]},
                              .colour = static_cast<int>(k % 8),
                              .mark = Mark::points,
                              .shape = static_cast<Shape>(k / 8 % 4)});
    return panel;
  }
  for (const study::Factor& f : s.factors) panel.x.categories.push_back(spaced(f.name));
  panel.y.label = "share of the variance";
  for (const bool total : {false, true}) {
    const std::vector<double> value = all(total ? "sobol_total" : "sobol_first");
    const std::vector<double> ci = all(total ? "sobol_total_ci" : "sobol_first_ci");
    Series bars{.name = total ? "total" : "first order", .colour = total ? 1 : 0, .mark = Mark::bars};
    for (std::size_t k = 0; k < s.factors.size(); ++k) {
      const std::size_t at = k * outputs + o;
      bars.x.push_back(static_cast<double>(k));
      bars.y.push_back(value[at]);
      bars.lower.push_back(ci[2 * at]);
      bars.upper.push_back(ci[2 * at + 1]);
    }
    panel.series.push_back(std::move(bars));
  }
  return panel;
}

/// Panels of one output get one scale.
void share_axis(std::vector<Panel>& panels, std::size_t first) {
  double low = std::numeric_limits<double>::infinity(), high = -low;
  for (std::size_t i = first; i < panels.size(); ++i)
    for (const Series& line : panels[i].series)
      for (const double y : line.y) low = std::min(low, y), high = std::max(high, y);
  if (!(low < high)) return;
  const double step = std::pow(10.0, std::floor(std::log10(high - low)));
  for (std::size_t i = first; i < panels.size(); ++i) {
    panels[i].y.from = step * std::floor(low / step);
    panels[i].y.to = step * std::ceil(high / step);
  }
}

}  // namespace

Figure sweep_figure(const StudyFile& file, const std::filesystem::path& result) {
  const study::Study& s = file.study;
  const NetcdfReader data(result);
  const std::size_t count = data.find("status") ? data.find("status")->rows() : 0, rows = std::min(count, most_points);
  Figure figure{.title = s.title, .columns = 1};
  figure.note = fmt::format("coronet {}. {} samples{}, seed {}, {}. Simulated; not for clinical decisions.",
                            program_version(), count, rows < count ? fmt::format(" ({} drawn)", rows) : "",
                            s.sampling.seed, network::territory_names[s.artery]);
  std::vector<std::string> y = file.plot.y;
  if (y.empty()) y.push_back(s.outputs.front().name);
  const bool sensitivity = s.sampling.method == study::Method::saltelli || s.sampling.method == study::Method::morris;
  const study::Factor* x = factor(s, file.plot.x);
  const study::Factor* split = factor(s, file.plot.panel);
  for (const std::string& name : y) {
    if (sensitivity)
      figure.panels.push_back(indices(s, data, name));
    else if ((x || file.plot.x == "phase") && split) {
      const std::size_t first = figure.panels.size();
      for (const double value : values_of(data, *split, rows))
        figure.panels.push_back(lines(file, data, name, rows, split, value));
      share_axis(figure.panels, first);
    } else if (x || file.plot.x == "phase")
      figure.panels.push_back(lines(file, data, name, rows, nullptr, 0.0));
    else
      for (const study::Factor& f : s.factors) figure.panels.push_back(cloud(s, data, f, name, rows));
  }
  figure.columns = figure.panels.size() == 1 ? 1 : 2;
  for (std::size_t i = 1; i < figure.panels.size(); ++i)  // the same colours mean the same in all panels
    if (!sensitivity || s.sampling.method == study::Method::morris) figure.panels[i].legend = Legend::none;
  return figure;
}

}  // namespace coronet::io
