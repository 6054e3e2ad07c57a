/// The subcommands: their options and what they do. Each returns an exit code.
#pragma once
#include <CLI/CLI.hpp>
#include <cstdint>
#include <string>
#include <vector>

namespace coronet::app {

enum ExitCode {
  exit_ok = 0,
  exit_internal = 1,
  exit_usage = 2,
  exit_input = 3,
  exit_failed_samples = 4,
  exit_no_convergence = 5,
  exit_tolerance = 6,
  exit_io = 7
};

/// Check of an option: refuses the empty text.
inline std::string not_empty(const std::string& text) { return text.empty() ? "the file name is empty" : ""; }

struct RunOptions {
  std::string patient, artery = "LAD", output, plot, stepper = "rosenbrock";
  std::vector<std::string> protocols, settings, drugs;
  bool json = false, plain = false;
  double refine = 1.0;
};
void add_run(CLI::App& app, RunOptions& options);
int do_run(const RunOptions& options);

struct TrialOptions {
  std::string name, report, route = "endothelium";
  std::size_t patients = 1000, replicates = 1000;
  std::uint64_t seed = 1;
  int threads = 0;
  bool json = false;
  std::vector<std::string> settings;
};
void add_trial(CLI::App& app, TrialOptions& options);
int do_trial(const TrialOptions& options);

struct ValidateOptions {
  std::string only;
  bool json = false, markdown = false, strict = false, signals = false;
};
void add_validate(CLI::App& app, ValidateOptions& options);
int do_validate(const ValidateOptions& options);

struct DescribeOptions {
  std::string key;
  bool json = false;
};
void add_describe(CLI::App& app, DescribeOptions& options);
int do_describe(const DescribeOptions& options);

}  // namespace coronet::app
