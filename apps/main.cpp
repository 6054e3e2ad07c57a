/// The command line. Data on stdout, messages on stderr.
#include <fmt/format.h>
#include <CLI/CLI.hpp>
#include <sstream>

#include "apps/commands.hpp"
#include "apps/terminal.hpp"
#include "io/atomic_file.hpp"
#include "io/patient_file.hpp"
#include "io/run_output.hpp"
#include "scenarios/parameter_table.hpp"
#include "scenarios/phase.hpp"

namespace {

using namespace coronet;
using namespace coronet::app;

int fail(int code, const std::string& message) {
  complain(message);
  return code;
}

int fail_usage(const CLI::App& app, const CLI::ParseError& error) {
  std::string message = error.what();
  const auto chosen = app.get_subcommands();
  const CLI::App& asked = chosen.empty() ? app : *chosen.front();
  const auto left = asked.remaining();
  if (chosen.empty() && !left.empty() && left.front()[0] != '-') {
    std::vector<std::string> names;
    for (const CLI::App* c : app.get_subcommands({})) names.push_back(c->get_name());
    const std::string near = nearest_word(left.front(), names);
    message = fmt::format("unknown subcommand '{}'{} (known: {})", left.front(),
                          near.empty() ? "" : fmt::format("; did you mean '{}'?", near), fmt::join(names, ", "));
  } else if (!left.empty() && left.front().rfind("--", 0) == 0) {
    std::vector<std::string> names;
    for (const CLI::Option* o : asked.get_options())
      for (const std::string& name : o->get_lnames()) names.push_back("--" + name);
    const std::string option = left.front().substr(0, left.front().find('=')), near = nearest_word(option, names);
    message =
        fmt::format("unknown option '{}'{}", option, near.empty() ? "" : fmt::format("; did you mean '{}'?", near));
  }
  return fail(exit_usage,
              fmt::format("{} (see coronet {}--help)", message, chosen.empty() ? "" : asked.get_name() + " "));
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{
      "Examples:\n"
      "  coronet run healthy\n"
      "  coronet run lad_stenosis --set lesion.diameter_reduction_percent=70 --plot lesion.svg\n"
      "  coronet run healthy --protocol autoregulation --plot sweep.svg\n"
      "  coronet trial escape-cmd --report escape.html\n\n"
      "coronet simulates the coronary circulation from the aorta to the capillaries and back, and reads it as a\n"
      "catheter laboratory would. Education and research; not for clinical decisions.",
      "coronet"};
  app.set_version_flag("--version", io::program_version());
  app.require_subcommand(1);
  app.get_formatter()->column_width(36);
  app.footer(
      "Exit codes: 0 ok, 1 internal, 2 usage, 3 invalid input, 4 finished with failed samples, 5 no convergence,\n"
      "6 outside a benchmark's tolerance (validate --strict), 7 input/output, 130/143 interrupted.");

  RunOptions run;
  add_run(app, run);
  TrialOptions trial;
  add_trial(app, trial);
  ValidateOptions validate;
  add_validate(app, validate);
  DescribeOptions describe;
  add_describe(app, describe);

  try {
    try {
      app.parse(argc, argv);
    } catch (const CLI::Success& e) {  // --help, --version
      std::ostringstream text;
      app.exit(e, text, text);
      put(text.str());
      return exit_ok;
    }
    if (app.got_subcommand("run")) return do_run(run);
    if (app.got_subcommand("trial")) return do_trial(trial);
    if (app.got_subcommand("validate")) return do_validate(validate);
    return do_describe(describe);
  } catch (const CLI::ParseError& e) {
    return fail_usage(app, e);
  } catch (const io::InputError& e) {
    return fail(exit_input, e.what());
  } catch (const ParameterError& e) {
    return fail(exit_input, e.what());
  } catch (const NoSolution& e) {
    return fail(exit_no_convergence, e.what());
  } catch (const io::FileError& e) {
    return fail(exit_io, e.what());
  } catch (const std::exception& e) {
    return fail(exit_internal, fmt::format("internal error: {}", e.what()));
  }
}
