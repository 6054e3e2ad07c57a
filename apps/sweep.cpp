#include <csignal>

#include <algorithm>
#include <atomic>
#include <filesystem>

#include "apps/commands.hpp"
#include "apps/progress.hpp"
#include "apps/terminal.hpp"
#include "io/atomic_file.hpp"
#include "io/sweep.hpp"
#include "io/sweep_figure.hpp"
#include "solvers/parallel.hpp"

namespace coronet::app {

void add_sweep(CLI::App& app, SweepOptions& o) {
  CLI::App* c = app.add_subcommand("sweep",
                                   "Example: coronet sweep capillary_density -o density.nc --plot density.svg\n"
                                   "Simulate every sample of a study and write one labelled file. Killed? Repeat the\n"
                                   "command with --resume");
  c->add_option("study", o.study,
                "shipped study (capillary_density, stent_vs_microvessels, acetylcholine)\n"
                "or the path of a .toml file (docs/studies.md)")
      ->required();
  c->add_option("-o,--output", o.output, "the result, FILE.nc (netCDF-4); STUDY.nc if left out")->check(not_empty);
  c->add_option("--plot", o.plot, "write the study's figure to FILE.svg")->check(not_empty);
  c->add_option("--set", o.settings,
                "KEY=VALUE, may be repeated: a setting of the study (sampling.count=2000, outputs.indices=cfr,ffr,\n"
                "parameter.NAME.range=[0.5,2]) or any key of `coronet describe`, which is then held fixed")
      ->take_all()
      ->expected(1);
  c->add_option("--threads", o.threads, "threads; 0 uses all cores (0); the result does not depend on it")
      ->check(CLI::Range(0, 4096));
  c->add_option("--chunk", o.chunk, "samples recorded together; 0 chooses (0); the result does not depend on it")
      ->check(CLI::Range(0, 1000000));
  c->add_flag("--resume", o.resume,
              "go on where a killed sweep stopped; begins anew if there is nothing to go on with");
  c->add_flag("--dry-run", o.dry_run, "print the resolved study, the number of samples, expected time and disk");
}

namespace {

std::atomic<bool> stop_asked = false;
std::atomic<int> stop_signal = 0;

/// The first signal asks; a second one ends the program at once, as signals do.
extern "C" void on_signal(int signal) {
  stop_signal = signal;
  stop_asked = true;
}

struct SignalsAsk {
  SignalsAsk() {
    struct sigaction action {};
    action.sa_handler = on_signal;
    action.sa_flags = SA_RESETHAND | SA_RESTART;
    for (const int signal : {SIGINT, SIGTERM}) {
      struct sigaction before {};
      sigaction(signal, nullptr, &before);
      if (before.sa_handler != SIG_IGN) sigaction(signal, &action, nullptr);
    }
  }
};

/// An argument as a shell takes it.
std::string shell_word(const std::string& word) {
  const auto plain = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("_-./=,:+").find(c) != std::string_view::npos;
  };
  if (!word.empty() && std::all_of(word.begin(), word.end(), plain)) return word;
  std::string out = "'";
  for (const char c : word) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + "'";
}

std::string resume_command(const SweepOptions& o, const std::string& output) {
  std::string text = "coronet sweep " + shell_word(o.study) + " -o " + shell_word(output);
  if (!o.plot.empty()) text += " --plot " + shell_word(o.plot);
  for (const std::string& s : o.settings) text += " --set " + shell_word(s);
  if (o.threads) text += fmt::format(" --threads {}", o.threads);
  return text + " --resume";
}

std::string failures_note(const io::SweepState& s) {
  std::string note;
  for (std::size_t i = 1; i < s.by_status.size(); ++i)
    if (s.by_status[i])
      note += fmt::format("{} {} {}", note.empty() ? ";" : ",", s.by_status[i], study::sample_status_names[i]);
  return note;
}

std::string size_text(double bytes) {
  if (bytes < 1e6) return fmt::format("{:.0f} kB", std::max(1.0, bytes / 1e3));
  if (bytes < 1e9) return fmt::format("{:.1f} MB", bytes / 1e6);
  return fmt::format("{:.1f} GB", bytes / 1e9);
}

int dry_run(const io::StudyFile& file, const SweepOptions& o, const std::string& output) {
  const std::size_t count = study::sample_count(file.study);
  std::string text = file.resolved + "\n";
  text += fmt::format("# study {}\n# samples: {}\n", file.hash, count);
  const io::Probe probe = io::probe(file, o.threads, o.chunk);
  const int threads = o.threads > 0 ? o.threads : core_count();
  const double each = probe.seconds / static_cast<double>(probe.samples);
  const double row = 8.0 * static_cast<double>(file.study.factors.size() + file.study.outputs.size()) + 30.0;
  text += fmt::format("# expected time: {} on {} thread{} ({:.3g} samples/s, from {} samples{})\n",
                      duration_text(probe.before + each * static_cast<double>(count)), threads, threads == 1 ? "" : "s",
                      1.0 / each, probe.samples, probe.failed ? fmt::format(", {} of them failed", probe.failed) : "");
  text += fmt::format("# disk: up to {} for the journal and {} for the result while it is written\n",
                      size_text(row * static_cast<double>(count)), size_text(row * static_cast<double>(count) + 1e5));
  std::error_code ignored;
  const auto journal = io::journal_of(output);
  if (std::filesystem::exists(journal, ignored))
    text += fmt::format("# a journal of {} is there: --resume goes on with it\n",
                        size_text(static_cast<double>(std::filesystem::file_size(journal, ignored))));
  put(text);
  return exit_ok;
}

}  // namespace

int do_sweep(const SweepOptions& o) {
  const io::StudyFile file = io::load_study(o.study, o.settings);
  const std::string output = o.output.empty() ? file.name + ".nc" : o.output;
  if (output == o.plot) throw CLI::ValidationError("--plot", "names the same file as --output");
  for (const std::string& path : {output, o.plot})
    if (!path.empty()) check_output(path);
  // A journal beside a device or pipe helps nobody, and the result replaces the file at once
  std::error_code ignored;
  if (std::filesystem::is_other(std::filesystem::status(output, ignored)))
    throw io::FileError(output, "write a sweep to", "not a regular file");
  if (o.dry_run) return dry_run(file, o, output);

  const SignalsAsk ask;
  io::SweepResult result;
  {
    Progress progress(file.name);
    io::SweepOptions options{
        .output = output, .threads = o.threads, .chunk = o.chunk, .resume = o.resume, .stop = &stop_asked};
    options.progress = [&](const io::SweepState& s) { progress(s.done, s.count, s.resumed, failures_note(s)); };
    result = io::run_sweep(file, options);
  }
  const io::SweepState& s = result.state;
  if (s.torn_bytes) complain(fmt::format("cut {} bytes of an unfinished record off the journal", s.torn_bytes));
  if (result.end == io::SweepEnd::stopped) {
    complain(fmt::format("interrupted; {} of {} samples are safe in '{}'. To go on: {}", s.synced, s.count,
                         io::journal_of(output).string(), resume_command(o, output)));
    return 128 + stop_signal;
  }
  if (result.end == io::SweepEnd::was_complete) complain(fmt::format("'{}' is complete already", output));
  if (!o.plot.empty()) io::write_text_atomically(o.plot, io::render_svg(io::sweep_figure(file, output)));
  put(fmt::format("{}: {} samples{}\nresults_sha256 {}\n", output, s.count, failures_note(s), result.results_sha256));
  for (std::size_t i = 1; i < s.by_status.size(); ++i)
    if (s.by_status[i])
      complain(fmt::format("{} samples {}; the first: {}", s.by_status[i], study::sample_status_names[i],
                           s.first_reason[i]));
  for (const std::string& refusal : result.refusals) complain(refusal);
  return s.by_status[0] + (result.end == io::SweepEnd::was_complete ? s.count : 0) < s.count ? exit_failed_samples
                                                                                             : exit_ok;
}

}  // namespace coronet::app
