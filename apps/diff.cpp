#include <fmt/format.h>
#include <limits>
#include <nlohmann/json.hpp>

#include "apps/commands.hpp"
#include "apps/terminal.hpp"
#include "io/compare.hpp"
#include "io/one_line.hpp"

namespace coronet::app {

void add_diff(CLI::App& app, DiffOptions& o) {
  CLI::App* c =
      app.add_subcommand("diff",
                         "Example: coronet diff before.nc after.nc\n"
                         "Compare two result files in units in the last place; exit code 0 equal, 6 different");
  c->add_option("a", o.a, "a result file")->required()->check(not_empty);
  c->add_option("b", o.b, "another one")->required()->check(not_empty);
  c->add_option("--ulp", o.ulp, "differences of numbers up to this many units in the last place are none (0)");
  c->add_flag("--json", o.json, "one JSON object on stdout instead of the table");
}

int do_diff(const DiffOptions& o) {
  const io::Comparison c = io::compare(o.a, o.b);
  constexpr std::uint64_t missing = std::numeric_limits<std::uint64_t>::max();
  nlohmann::ordered_json json = {{"variables", nlohmann::ordered_json::array()}};
  std::string text;
  std::size_t different = 0;
  for (const io::VariableDifference& d : c.variables) {
    const bool counts = d.different != 0 && (!d.note.empty() || d.largest_ulp > o.ulp);
    different += counts;
    json["variables"].push_back({{"name", d.name},
                                 {"elements", d.elements},
                                 {"different", d.different},
                                 {"largest_ulp", d.largest_ulp},
                                 {"largest_absolute", d.largest_absolute},
                                 {"note", d.note}});
    if (d.different == 0) continue;
    if (text.empty()) text = fmt::format("{:<40} {:>12} {:>12} {:>14}\n", "variable", "different", "ulp", "absolute");
    const std::string ulp = !d.note.empty() ? "" : d.largest_ulp == missing ? "missing" : std::to_string(d.largest_ulp);
    text +=
        fmt::format("{:<40} {:>12} {:>12} {:>14.3g}  {}\n", d.name, fmt::format("{}/{}", d.different, d.elements), ulp,
                    d.largest_absolute, d.note.empty() ? fmt::format("at {}: {} and {}", d.at, d.a, d.b) : d.note);
  }
  if (!c.study_changes.empty()) text += "study: " + io::one_line(c.study_changes, 3000) + "\n";
  text += different == 0 ? fmt::format("equal: {} variables\n", c.variables.size())
                         : fmt::format("different: {} of {} variables\n", different, c.variables.size());
  json["equal"] = different == 0;
  json["results_sha256"] = {c.sha_a, c.sha_b};
  json["study_changes"] = c.study_changes;
  put(o.json ? json.dump(2) + "\n" : text);
  return different == 0 ? exit_ok : exit_tolerance;
}

}  // namespace coronet::app
