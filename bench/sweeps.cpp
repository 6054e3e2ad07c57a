/// Sweeps as `coronet sweep` runs them: journal, result file and all.
#include <unistd.h>

#include <cmath>
#include <filesystem>

#include "bench/cohort.hpp"
#include "bench/measure.hpp"
#include "bench/sections.hpp"
#include "io/sweep.hpp"
#include "solvers/parallel.hpp"

namespace coronet::bench {
namespace {

namespace fs = std::filesystem;

/// A place of its own for results, gone at the end.
struct Scratch {
  fs::path folder = fs::temp_directory_path() / ("coronet-bench-" + std::to_string(getpid()));
  Scratch() { fs::create_directories(folder); }
  ~Scratch() {
    std::error_code ignored;
    fs::remove_all(folder, ignored);
  }
};

/// About `count` patients over the ranges of the shipped study: on a grid, as it has them, which comes back to the same
/// healthy twins; or quasi-random, where no two patients have one in common.
io::StudyFile study_of(std::size_t count, bool on_grid = false) {
  std::vector<std::string> settings = {"parameter.hyperaemic_capillary_share.range=[0.1,0.75]",
                                       "parameter.arteriolar_lumen_ratio.range=[0.6,1]"};
  if (on_grid) {
    const auto side = static_cast<std::size_t>(std::cbrt(static_cast<double>(count)) + 1e-9);
    const auto steps = [&settings](const char* name, std::size_t n) {
      settings.push_back(std::string("parameter.") + name + ".steps=" + std::to_string(n));
    };
    steps("capillary_density_ratio", count / (side * side));
    steps("hyperaemic_capillary_share", side);
    steps("arteriolar_lumen_ratio", side);
  } else {
    settings.push_back("sampling.method=sobol");
    settings.push_back("sampling.count=" + std::to_string(count));
  }
  return io::load_study("capillary_density", settings);
}

void answer_at_once(const study::Study& study, const study::Work& work) {
  parallel_deal(
      work.count, work.threads,
      [&](const auto& next, const auto& done) {
        for (std::size_t i = next(); i < work.count; i = next(), done())
          work.solved(i, {.status = study::SampleStatus::ok,
                          .reason = {},
                          .outputs = std::vector<double>(study.outputs.size(), work.sample(i).values[0])});
      },
      {}, work.allowed);
}

struct Cost {
  double wall, process;
  std::size_t failed;
};
Cost sweep(const io::StudyFile& file, int threads, bool solved, bool aloud = false) {
  static const Scratch scratch;
  static int number = 0;
  io::SweepOptions options{.output = scratch.folder / ("result-" + std::to_string(number++) + ".nc"),
                           .threads = threads};
  if (!solved) options.evaluate = answer_at_once;
  double said = wall_time();
  if (aloud)
    options.progress = [&said](const io::SweepState& s) {
      if (wall_time() - said < 10.0) return;
      said = wall_time();
      say("sweep: " + std::to_string(s.done) + " of " + std::to_string(s.count));
    };
  const double wall = wall_time(), process = process_time();
  const io::SweepResult r = io::run_sweep(file, options);
  const Cost cost{wall_time() - wall, process_time() - process, r.state.count - r.state.by_status[0]};
  std::error_code ignored;
  fs::remove(options.output, ignored);
  return cost;
}

}  // namespace

void sweep_section(std::size_t count, int threads, const std::string& solver) {
  const bool solved = solver != "answered_at_once";
  if (solved) sweep(study_of(8), 1, true);  // the nominal patient, which every process solves once
  const io::StudyFile file = study_of(count, solver == "solved_on_a_grid");
  count = study::sample_count(file.study);
  const Cost c = sweep(file, threads, solved, true);
  std::printf("%zu,%d,%s,%.3f,%.3f,%.1f,%zu,%.1f\n", count, threads, solver.c_str(), c.wall, c.process,
              static_cast<double>(count) / c.wall, c.failed, peak_memory_MB());
}

void threads_section(const std::string& folder) {
  sweep(study_of(8), 1, true);
  const double probe = sweep(study_of(128), 1, true).wall / 128.0;
  // some nine seconds on one thread, so that beginning and end hardly count; in many a patient costs half of what he does here
  const auto count = quick ? std::size_t{128} : static_cast<std::size_t>(64.0 * std::ceil(16.0 / probe / 64.0));
  say("threads: " + std::to_string(count) + " patients with 1 and 2 threads in turn");
  Csv table(folder, "threads.csv", "round,patients,one_s,one_process_s,two_s,two_process_s,ratio");
  for (int round = 0; round < (quick ? 1 : 11); ++round) {
    const Cost one = sweep(study_of(count), 1, true), two = sweep(study_of(count), 2, true);
    table.row("%d,%zu,%.3f,%.3f,%.3f,%.3f,%.3f", round, count, one.wall, one.process, two.wall, two.process,
              one.wall / two.wall);
  }
  table.complete();
}

}  // namespace coronet::bench
