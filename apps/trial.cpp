#include "apps/commands.hpp"
namespace coronet::app {
void add_trial(CLI::App& app, TrialOptions& o) {
  CLI::App* c = app.add_subcommand("trial", "x");
  c->add_option("name", o.name, "x");
}
int do_trial(const TrialOptions&) { return 0; }
}  // namespace coronet::app
