#include "apps/commands.hpp"
#include "apps/progress.hpp"
#include "apps/terminal.hpp"
#include "io/signal_output.hpp"
#include "io/validation_output.hpp"

namespace coronet::app {

void add_validate(CLI::App& app, ValidateOptions& o) {
  CLI::App* c = app.add_subcommand("validate",
                                   "Example: coronet validate --only endo_epi\n"
                                   "Set the model beside published figures: ours, z, pass or miss");
  auto* only = c->add_option("--only", o.only, "one row, or the beginning of ids (endo_epi, endo_epi.rest)")
                   ->check([](const std::string& text) { return text.empty() ? "the id is empty" : ""; });
  auto* json = c->add_flag("--json", o.json, "one JSON object on stdout instead of the table");
  c->add_flag("--markdown", o.markdown, "the page docs/validation.md instead of the table")->excludes(json);
  auto* strict = c->add_flag("--strict", o.strict, "exit code 6 if a validation row is missed");
  c->add_flag("--signals", o.signals, "the three metabolic signals side by side (--markdown: docs/signals.md)")
      ->excludes(only)
      ->excludes(strict);
}

namespace {

int do_signals(const ValidateOptions& o, const validation::Catalogue& catalogue) {
  std::vector<SignalAnswers> answers;
  if (isatty(2) == 1) {
    Progress progress("signals");
    answers = compare_signals(catalogue, 0, [&](std::size_t done, std::size_t all) { progress(done, all); });
  } else {
    answers = compare_signals(catalogue);
  }
  put(o.json       ? io::signals_json(answers).dump(2) + "\n"
      : o.markdown ? io::signals_markdown(answers)
                   : io::signals_table(answers));
  return exit_ok;
}

}  // namespace

int do_validate(const ValidateOptions& o) {
  const validation::Catalogue catalogue = io::load_validation();
  if (o.signals) return do_signals(o, catalogue);
  if (!o.only.empty()) io::check_validation_id(catalogue, o.only);
  validation::Result result;
  if (isatty(2) == 1) {
    Progress progress("rows");
    result = validation::run(catalogue, o.only, [&](std::size_t done, std::size_t all) { progress(done, all); });
  } else {
    result = validation::run(catalogue, o.only);
  }
  put(o.json       ? io::validation_json(result, catalogue).dump(2) + "\n"
      : o.markdown ? io::validation_markdown(result, catalogue)
                   : io::validation_table(result, catalogue));
  bool failed = false;
  for (const validation::Row& row : result.rows)
    if (!row.failure.empty()) {
      complain(row.benchmark.id + ": " + row.failure);
      failed = true;
    }
  if (failed) return exit_failed_samples;
  return o.strict && result.all.passed < result.all.computed ? exit_tolerance : exit_ok;
}

}  // namespace coronet::app
