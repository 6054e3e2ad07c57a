/// The command line. Data on stdout, messages on stderr.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <fmt/format.h>
#include <unistd.h>

#include "apps/commands.hpp"
#include "io/atomic_file.hpp"
#include "io/patient_file.hpp"
#include "io/run_output.hpp"
#include "scenarios/parameter_table.hpp"

namespace {

using namespace coronet;
using namespace coronet::app;

int fail(int code, const std::string& message) {
  fmt::print(stderr, "coronet: {}\n", message);
  return code;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{
      "Examples:\n"
      "  coronet run healthy\n"
      "  coronet run lad_stenosis --set lesion.diameter_reduction_percent=70 --plot lesion.svg\n"
      "  coronet trial escape-cmd --report escape.html\n\n"
      "coronet simulates the coronary circulation from the aorta to the capillaries and back, and reads it as a\n"
      "catheter laboratory would. Education and research; not for clinical decisions.",
      "coronet"};
  app.set_version_flag("--version", io::program_version());
  app.require_subcommand(1);
  app.get_formatter()->column_width(36);
  app.footer(
      "Exit codes: 0 ok, 1 internal, 2 usage, 3 invalid input, 4 finished with failed samples, 5 no convergence,\n"
      "7 input/output, 130/143 interrupted.");

  RunOptions run;
  add_run(app, run);
  TrialOptions trial;
  add_trial(app, trial);
  DescribeOptions describe;
  add_describe(app, describe);

  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    if (e.get_exit_code() == 0) return app.exit(e);  // --help, --version
    return fail(exit_usage, fmt::format("{} (see coronet --help)", e.what()));
  }
  try {
    int code = exit_ok;
    if (app.got_subcommand("run")) code = do_run(run);
    else if (app.got_subcommand("trial")) code = do_trial(trial);
    else code = do_describe(describe);
    if (std::fflush(stdout) != 0 || std::ferror(stdout)) return fail(exit_io, "cannot write to standard output");
    return code;
  } catch (const io::InputError& e) {
    return fail(exit_input, e.what());
  } catch (const ParameterError& e) {
    return fail(exit_input, e.what());
  } catch (const io::FileError& e) {
    return fail(exit_io, e.what());
  } catch (const std::exception& e) {
    return fail(exit_internal, fmt::format("internal error: {}", e.what()));
  }
}
