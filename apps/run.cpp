#include <fmt/format.h>

#include "apps/commands.hpp"
#include "io/atomic_file.hpp"
#include "io/netcdf.hpp"
#include "io/run_output.hpp"
#include "scenarios/parameter_table.hpp"

namespace coronet::app {

void add_run(CLI::App& app, RunOptions& o) {
  CLI::App* c = app.add_subcommand("run",
                                   "Example: coronet run lad_stenosis --protocol pullback -o lesion.nc --plot lesion.svg\n"
                                   "Simulate one patient and print its indices");
  c->add_option("patient", o.patient, "shipped patient (healthy, healthy_female, cmd_structural, cmd_functional,\n"
                                      "lad_stenosis, lad_stenosis_with_cmd) or the path of a .toml file")->required();
  c->add_option("--protocol", o.protocols, "rest, adenosine_iv, adenosine_ic, pullback; comma-separated (adenosine_iv)")
      ->delimiter(',');
  c->add_option("--set", o.settings, "KEY=VALUE, any key of `coronet describe`; may be repeated")->take_all()->expected(1);
  c->add_option("--artery", o.artery, "LAD, LCx or RCA (LAD)");
  c->add_flag("--json", o.json, "one JSON object on stdout instead of the table");
  c->add_option("-o,--output", o.output, "write one beat of every pressure, flow and volume to FILE.nc (netCDF-4)");
  c->add_option("--plot", o.plot, "write a figure to FILE.svg");
  c->add_option("--stepper", o.stepper, "rk4 (fixed steps) or dopri5 (error-controlled) (rk4)");
  c->add_option("--refine", o.refine, "divide the fixed step by this (1)")->check(CLI::Range(1.0, 64.0));
  c->add_flag("--plain", o.plain, "no acceleration: let beats pass until nothing changes");
}

int do_run(const RunOptions& o) {
  io::PatientFile file = io::load_patient(o.patient);
  for (const std::string& setting : o.settings) set_parameter_from_text(file.parameters, setting);
  std::size_t artery = network::territories;
  for (std::size_t t = 0; t < network::territories; ++t)
    if (o.artery == network::territory_names[t]) artery = t;
  if (artery == network::territories) throw ParameterError("--artery '" + o.artery + "': allowed LAD, LCx, RCA");
  Numerics numerics;
  if (o.stepper == "dopri5")
    numerics.stepper = Stepper::dormand_prince_5;
  else if (o.stepper != "rk4")
    throw ParameterError("--stepper '" + o.stepper + "': allowed rk4, dopri5");
  numerics.step_refinement = o.refine;
  numerics.accelerated = !o.plain;
  if (o.plain) numerics.max_beats = 5000;

  const auto protocols = o.protocols.empty() ? std::vector<std::string>{"adenosine_iv"} : o.protocols;
  const RunResult run = run_patient(file.parameters, protocols, artery, numerics);
  if (run.status != Status::ok) {
    if (o.json) fmt::print("{}\n", io::run_json(file, run).dump(2));
    fmt::print(stderr, "coronet: {}: {}\n", file.name, run.failure);
    return exit_no_convergence;
  }
  if (!o.output.empty()) io::write_netcdf(o.output, io::run_dataset(file, run));
  if (!o.plot.empty()) io::write_text_atomically(o.plot, io::render_svg(io::run_figure(file, run)));
  if (o.json)
    fmt::print("{}\n", io::run_json(file, run).dump(2));
  else
    fmt::print("{}", io::run_table(file, run));
  return exit_ok;
}

}  // namespace coronet::app
