#include <algorithm>
#include <charconv>

#include "apps/commands.hpp"
#include "apps/progress.hpp"
#include "apps/terminal.hpp"
#include "io/atomic_file.hpp"
#include "io/endothelial_output.hpp"
#include "io/trial_output.hpp"
#include "scenarios/parameter_table.hpp"

namespace coronet::app {

void add_trial(CLI::App& app, TrialOptions& o) {
  CLI::App* c = app.add_subcommand("trial",
                                   "Example: coronet trial escape-cmd --patients 200 --report escape.html\n"
                                   "Simulate a clinical trial and set it beside its figures and its null models");
  c->add_option("name", o.name, "escape-cmd or improve-ced")->required();
  c->add_option("--route", o.route, "improve-ced: what the cells do: endothelium, capillaries or both (endothelium)");
  c->add_option("--patients", o.patients, "virtual patients to draw before enrolment (1000)")
      ->check(CLI::Range(10, 1000000));
  c->add_option("--replicates", o.replicates, "how often to repeat the trial at its own size (1000)")
      ->check(CLI::Range(0, 1000000));
  c->add_option_function<std::string>(  // CLI11 alone takes -1 for 2^64 - 1
       "--seed",
       [&o](const std::string& text) {
         const char* end = text.data() + text.size();
         const auto [stop, error] = std::from_chars(text.data(), end, o.seed);
         if (text.empty() || error != std::errc() || stop != end)
           throw CLI::ValidationError("--seed", "'" + text + "' is no whole number from 0 to 18446744073709551615");
       },
       "seed of all random numbers (1)")
      ->type_name("UINT");
  c->add_option("--threads", o.threads, "threads; 0 uses all cores (0); the result does not depend on it")
      ->check(CLI::Range(0, 4096));
  c->add_option("--set", o.settings,
                "KEY=VALUE: a setting of the trial (coronet describe trial), or any key of `coronet describe` for\n"
                "every patient's healthy twin")
      ->take_all()
      ->expected(1);
  c->add_flag("--json", o.json, "one JSON object on stdout instead of the table");
  c->add_option("--report", o.report, "write a self-contained page with the figures to FILE.html")->check(not_empty);
}

namespace {

/// Everything that a trial does, for either kind.
template <class Design> int simulate_trial(Design& design, const TrialOptions& o) {
  for (const std::string& setting : o.settings) {
    const std::size_t equals = setting.find('=');
    if (equals == std::string::npos || equals == 0) throw ParameterError("'" + setting + "' is not KEY=VALUE");
    if (trial::set_trial_setting(design.settings, setting.substr(0, equals), setting.substr(equals + 1))) continue;
    set_parameter_from_text(design.base_man, setting);
    set_parameter_from_text(design.base_woman, setting);
  }
  if (!o.report.empty()) check_output(o.report);
  const auto result = [&] {
    Progress progress("virtual patients");
    return trial::run(design,
                      {.patients = o.patients, .replicates = o.replicates, .seed = o.seed, .threads = o.threads},
                      [&](std::size_t done, std::size_t all) { progress(done, all); });
  }();
  if (!o.report.empty()) io::write_text_atomically(o.report, io::trial_report(design, result));
  put(o.json ? io::trial_json(design, result).dump(2) + "\n" : io::trial_table(design, result));
  for (const std::string& failure : result.failures) complain(failure);
  return result.failed ? exit_failed_samples : exit_ok;
}

}  // namespace

int do_trial(const TrialOptions& o) {
  const auto& routes = trial::route_names;
  const auto route = std::find(routes.begin(), routes.end(), o.route);
  if (route == routes.end()) throw ParameterError("--route '" + o.route + "': allowed endothelium, capillaries, both");
  if (o.name == "improve-ced") {
    trial::EndothelialDesign design = io::load_endothelial_trial(o.name);
    design.settings.route = static_cast<trial::Route>(route - routes.begin());
    return simulate_trial(design, o);
  }
  trial::Design design = io::load_trial(o.name);
  return simulate_trial(design, o);
}

}  // namespace coronet::app
