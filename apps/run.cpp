#include <algorithm>
#include <cctype>
#include <cmath>
#include <filesystem>

#include "apps/commands.hpp"
#include "apps/terminal.hpp"
#include "io/atomic_file.hpp"
#include "io/netcdf.hpp"
#include "io/run_output.hpp"
#include "scenarios/drugs.hpp"
#include "scenarios/parameter_table.hpp"

namespace coronet::app {

namespace {

bool same_letters(const std::string& a, const std::string& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](unsigned char x, unsigned char y) { return std::tolower(x) == std::tolower(y); });
}

bool all_known(const std::vector<std::string>& protocols) {
  const auto& names = protocol_names();
  return std::all_of(protocols.begin(), protocols.end(),
                     [&](const std::string& p) { return std::find(names.begin(), names.end(), p) != names.end(); });
}

}  // namespace

void add_run(CLI::App& app, RunOptions& o) {
  CLI::App* c =
      app.add_subcommand("run",
                         "Example: coronet run lad_stenosis --protocol pullback -o lesion.nc --plot lesion.svg\n"
                         "Simulate one patient and print its indices");
  c->add_option("patient", o.patient,
                "shipped patient (healthy, healthy_female, cmd_structural, cmd_functional,\n"
                "endothelial_dysfunction, mixed_cmd, lad_stenosis, lad_stenosis_with_cmd,\n"
                "hypertension, diabetes, vasospasm)\n"
                "or the path of a .toml file")
      ->required();
  c->add_option("--protocol", o.protocols,
                "rest, adenosine_iv, adenosine_ic, pullback, acetylcholine, nos_blockade,\n"
                "nitroglycerin, autoregulation, exercise_ramp, pressure_step, pacing_step, occlusion;\n"
                "comma-separated (adenosine_iv)")
      ->delimiter(',');
  c->add_option("--drug", o.drugs,
                "drugs given throughout, comma-separated; `coronet describe drugs` lists them\n"
                "(example: coronet run healthy --drug beta_blocker,nitroglycerin)")
      ->delimiter(',');
  c->add_option("--set", o.settings, "KEY=VALUE, any key of `coronet describe`; may be repeated")
      ->take_all()
      ->expected(1);
  c->add_option("--artery", o.artery, "LAD, LCx or RCA (LAD)");
  c->add_flag("--json", o.json, "one JSON object on stdout instead of the table");
  c->add_option("-o,--output", o.output, "write one beat of every pressure, flow and volume to FILE.nc (netCDF-4)")
      ->check(not_empty);
  c->add_option("--plot", o.plot, "write a figure to FILE.svg")->check(not_empty);
  c->add_option("--stepper", o.stepper,
                "rosenbrock (implicit), or a witness: rk4 (fixed steps), dopri5 (error-controlled) (rosenbrock)");
  c->add_option("--refine", o.refine, "divide the fixed step by this (1)")
      ->check([](const std::string& text) {  // CLI::Range lets NaN pass
        double value = 0.0;
        const bool fits = CLI::detail::lexical_cast(text, value) && value >= 1.0 && value <= 64.0;
        return fits ? std::string() : "'" + text + "' is no number from 1 to 64";
      });
  c->footer(
      "Flow against pressure, in exercise, in time:\n"
      "  coronet run healthy --protocol autoregulation --plot sweep.svg\n"
      "  coronet run cmd_structural --protocol exercise_ramp\n"
      "  coronet run healthy --protocol pressure_step,pacing_step --json\n"
      "  coronet run healthy --protocol occlusion --artery RCA -o occlusion.nc");
  c->add_flag("--plain", o.plain, "no acceleration: let beats pass until nothing changes");
}

int do_run(const RunOptions& o) {
  io::PatientFile file = io::load_patient(o.patient);
  for (const std::string& drug : o.drugs) give_drug(file.parameters, drug);
  for (const std::string& setting : o.settings) set_parameter_from_text(file.parameters, setting);
  std::size_t artery = network::territories;
  for (std::size_t t = 0; t < network::territories; ++t)
    if (same_letters(o.artery, network::territory_names[t])) artery = t;
  if (artery == network::territories) throw ParameterError("--artery '" + o.artery + "': allowed LAD, LCx, RCA");
  Numerics numerics;
  if (o.stepper == "dopri5")
    numerics.stepper = Stepper::dormand_prince_5;
  else if (o.stepper == "rk4")
    numerics.stepper = Stepper::runge_kutta_4;
  else if (o.stepper != "rosenbrock")
    throw ParameterError("--stepper '" + o.stepper + "': allowed rosenbrock, rk4, dopri5");
  numerics.step_refinement = o.refine;
  numerics.accelerated = !o.plain;
  if (o.plain) numerics.max_beats = 5000;

  const auto protocols = o.protocols.empty() ? std::vector<std::string>{"adenosine_iv"} : o.protocols;
  if (!o.output.empty() && o.output == o.plot) throw CLI::ValidationError("--plot", "names the same file as --output");
  for (const std::string& path : {o.output, o.plot})
    if (!path.empty()) check_output(path);

  RunResult run;
  try {
    run = run_patient(file.parameters, protocols, artery, numerics);
  } catch (const ParameterError& e) {  // values that contradict each other
    throw all_known(protocols) ? ParameterError(o.patient + ": " + e.what()) : e;
  }
  if (run.status != Status::ok) {
    if (o.json) put(io::run_json(file, run).dump(2) + "\n");
    complain(file.name + ": " + run.failure);
    return exit_no_convergence;
  }
  if (!o.output.empty()) io::write_netcdf(o.output, io::run_dataset(file, run));
  if (!o.plot.empty()) io::write_text_atomically(o.plot, io::render_svg(io::run_figure(file, run)));
  put(o.json ? io::run_json(file, run).dump(2) + "\n" : io::run_table(file, run));
  const std::vector<std::string> failures = run.courses.failures();
  for (const std::string& failure : failures) complain(file.name + ": " + failure);
  return failures.empty() ? exit_ok : exit_failed_samples;
}

}  // namespace coronet::app
