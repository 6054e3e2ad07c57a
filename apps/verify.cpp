#include <fmt/format.h>

#include "apps/commands.hpp"
#include "apps/progress.hpp"
#include "apps/terminal.hpp"
#include "io/run_output.hpp"
#include "io/verify.hpp"

namespace coronet::app {

void add_verify(CLI::App& app, VerifyOptions& o) {
  CLI::App* c =
      app.add_subcommand("verify",
                         "Example: coronet verify density.nc --samples 20\n"
                         "Solve some samples of a sweep again and compare bits; exit code 0 same, 6 different");
  c->add_option("file", o.file, "result of coronet sweep")->required()->check(not_empty);
  c->add_option("--samples", o.samples, "how many samples, chosen at random (10)")->check(CLI::Range(1, 1000000000));
  c->add_option("--seed", o.seed, "seed of the choice (1)");
  c->add_option("--threads", o.threads, "threads; 0 uses all cores (0)")->check(CLI::Range(0, 4096));
}

int do_verify(const VerifyOptions& o) {
  const io::Verification v = [&] {
    Progress progress("samples");
    const bool terminal = isatty(2) == 1;
    return io::verify(o.file, o.samples, o.seed, o.threads, [&](std::size_t done, std::size_t all) {
      if (terminal) progress(done, all);
    });
  }();
  std::string text;
  for (const io::VerifyMismatch& m : v.mismatches)
    text += fmt::format("sample {}: {} is {} in the file and {} now\n", m.sample, m.variable, m.stored, m.again);
  if (!v.hash_fits) text += "results_sha256 does not fit the file's content\n";
  const std::string now = "coronet " + io::program_version();
  if (!text.empty() && v.program != now) text += fmt::format("written by {}; this is {}\n", v.program, now);
  const bool same = v.mismatches.empty() && v.hash_fits;
  text += same ? fmt::format("same bits: {} of {} samples solved again\n", v.samples, v.count)
               : fmt::format("different: {} values in {} samples solved again\n", v.mismatches.size(), v.samples);
  put(text);
  return same ? exit_ok : exit_tolerance;
}

}  // namespace coronet::app
