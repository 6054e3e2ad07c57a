/// Figures from the CSVs that are there.
#include <algorithm>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include "bench/measure.hpp"
#include "bench/sections.hpp"
#include "io/atomic_file.hpp"
#include "io/svg.hpp"

namespace coronet::bench {
namespace {

using Row = std::map<std::string, std::string>;

std::vector<std::string> cells(const std::string& line) {
  std::vector<std::string> all;
  std::stringstream text(line);
  for (std::string cell; std::getline(text, cell, ',');) all.push_back(cell);
  return all;
}

/// No rows where there is no file.
std::vector<Row> read(const std::string& path) {
  std::ifstream file(path);
  std::string line;
  std::vector<Row> rows;
  if (!std::getline(file, line)) return rows;
  const std::vector<std::string> names = cells(line);
  while (std::getline(file, line)) {
    const std::vector<std::string> values = cells(line);
    if (values.size() != names.size()) continue;
    Row& row = rows.emplace_back();
    for (std::size_t i = 0; i < names.size(); ++i) row[names[i]] = values[i];
  }
  return rows;
}

double number(const Row& row, const std::string& name) { return std::stod(row.at(name)); }
bool begins(const std::string& text, const std::string& with) { return text.rfind(with, 0) == 0; }

/// Error over time, one panel per case.
void work_precision(const std::string& folder) {
  std::vector<Row> rows = read(folder + "/beats.csv");
  for (Row& r : read(folder + "/scipy.csv")) rows.push_back(std::move(r));
  if (rows.empty()) return;
  // The fastest lanes, by their cheapest beat on the product's mesh
  const auto fastest = [&](const std::string& prefix) {
    std::string name;
    double least = 1e300;
    for (const Row& r : rows)
      if (begins(r.at("method"), prefix) && r.at("method") != "coronet_scalar" && number(r, "error") < 1e-3 &&
          number(r, "us_least") / number(r, "error") < 1e300 && number(r, "us_least") < least)
        least = number(r, "us_least"), name = r.at("method");
    return name;
  };
  struct Line {
    std::string method, label;
    int colour;
    io::Shape shape;
  };
  const std::vector<Line> lines = {{fastest("coronet_"), "coronet, lanes", 1, io::Shape::circle},
                                   {"coronet_scalar", "coronet, scalar", 4, io::Shape::circle},
                                   {fastest("rk4_"), "RK4, lanes", 2, io::Shape::square},
                                   {"odeint_rk4", "Odeint RK4", 0, io::Shape::square},
                                   {"odeint_dopri5", "Odeint dopri5", 5, io::Shape::square},
                                   {"cvode_bdf", "CVODE BDF", 3, io::Shape::triangle},
                                   {"scipy_Radau", "SciPy Radau", 6, io::Shape::diamond},
                                   {"scipy_LSODA", "SciPy LSODA", 7, io::Shape::diamond}};
  io::Figure figure{.title = "Work and precision of one beat",
                    .subtitle = "error of mean layer flow, worst of nine layers and of all members, after five beats",
                    .columns = 3,
                    .width = 1100,
                    .note = "stiffness: all inertances, compliances and volumes divided by it; one core"};
  for (const char* phase : {"rest", "adenosine_iv"})
    for (const char* stiffness : {"0.1", "1", "10"}) {
      io::Panel panel{.title = std::string(phase) + ", stiffness × " + stiffness,
                      .x = {.label = "Time of a beat (µs)", .logarithmic = true, .from = 1.0, .to = 1e6},
                      .y = {.label = "Error", .logarithmic = true, .from = 1e-9, .to = 1e-1},
                      .reference_lines = {{io::ReferenceLine::Direction::horizontal, 1e-4, "1e-4"}},
                      .legend = figure.panels.empty() ? io::Legend::above : io::Legend::none};
      for (const Line& line : lines) {
        std::vector<std::pair<double, double>> points;
        for (const Row& r : rows)
          if (r.at("phase") == phase && r.at("stiffness") == stiffness && r.at("method") == line.method)
            points.emplace_back(number(r, "us_least"), number(r, "error"));
        std::sort(points.begin(), points.end());
        io::Series series{
            .name = line.label, .colour = line.colour, .mark = io::Mark::line_points, .shape = line.shape};
        for (const auto& [x, y] : points) series.x.push_back(x), series.y.push_back(y);
        if (!points.empty() || figure.panels.empty()) panel.series.push_back(series);
      }
      figure.panels.push_back(panel);
    }
  io::write_text_atomically(folder + "/work_precision.svg", io::render_svg(figure));
}

/// Time and memory over the number of samples.
void sweeps(const std::string& folder) {
  const std::vector<Row> rows = read(folder + "/sweeps.csv");
  if (rows.empty()) return;
  io::Panel time{
      .title = "Time", .x = {.label = "Samples", .logarithmic = true}, .y = {.label = "Time (s)", .logarithmic = true}};
  io::Panel memory{.title = "Memory",
                   .x = {.label = "Samples", .logarithmic = true},
                   .y = {.label = "Largest resident memory (MB)", .include_zero = true}};
  const struct {
    const char *solver, *name;
    int colour;
  } all[] = {{"solved", "solved, quasi-random", 1},
             {"solved_on_a_grid", "solved, on a grid", 2},
             {"answered_at_once", "answered at once (files alone)", 0}};
  for (const auto& [solver, name, colour] : all) {
    io::Series t{.name = name, .colour = colour, .mark = io::Mark::line_points};
    io::Series m = t;
    for (const Row& r : rows)
      if (r.at("solver") == solver) {
        t.x.push_back(number(r, "samples")), t.y.push_back(number(r, "wall_s"));
        m.x.push_back(number(r, "samples")), m.y.push_back(number(r, "peak_memory_MB"));
      }
    time.series.push_back(t), memory.series.push_back(m);
  }
  io::write_text_atomically(
      folder + "/sweeps.svg",
      io::render_svg({.title = "A sweep of capillary_density, two threads", .panels = {time, memory}}));
}

/// Share of the peak, every way.
void roofline(const std::string& folder) {
  const std::vector<Row> rows = read(folder + "/roofline.csv");
  if (rows.empty()) return;
  io::Panel panel{.title = "Share of the machine's FP64 FMA peak, one core", .y = {.label = "% of peak"}};
  io::Series implicit{.name = "implicit beat", .colour = 1, .mark = io::Mark::bars};
  io::Series rk4{.name = "RK4 in lanes", .colour = 0, .mark = io::Mark::bars};
  for (const Row& r : rows) {
    if (r.at("kernel") == "forcing_table") continue;
    std::vector<std::string>& ways = panel.x.categories;
    auto at = std::find(ways.begin(), ways.end(), r.at("way"));
    if (at == ways.end()) at = ways.insert(ways.end(), r.at("way"));
    io::Series& s = r.at("kernel") == "rk4" ? rk4 : implicit;
    s.x.push_back(static_cast<double>(at - ways.begin()));
    s.y.push_back(number(r, "percent_of_machine_peak"));
  }
  panel.series = {implicit, rk4};
  io::write_text_atomically(folder + "/roofline.svg",
                            io::render_svg({.title = "Roofline", .panels = {panel}, .columns = 1}));
}

}  // namespace

void figures_section(const std::string& folder) {
  work_precision(folder);
  sweeps(folder);
  roofline(folder);
}

}  // namespace coronet::bench
