/// What tools/kill-test kills: the sweep as `coronet sweep --resume` runs it, on the solver of the tests, which is fast
/// enough for thousands of kills. Each time the journal has been synced it says on stdout how many samples are safe.
///
///   kill_target OUTPUT SAMPLES THREADS [PAUSE]    PAUSE: microseconds that 32 samples take
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <string>
#include <thread>

#include "io/sweep.hpp"
#include "tests/io/fake_solver.hpp"

int main(int argc, char** argv) {
  using namespace coronet;
  if (argc < 4) return 2;
  const io::StudyFile file = io::parse_study(R"(title = "to be killed"
[sampling]
method = "sobol"
count = 1
[[parameter]]
key = "heart.heart_rate_bpm"
range = [40, 140]
[[parameter]]
key = "heart.contractility"
range = [0.5, 2]
[outputs]
indices = ["cfr", "ffr", "imr"]
)",
                                             "kill.toml", {std::string("sampling.count=") + argv[2]});
  const int pause = argc > 4 ? std::stoi(argv[4]) : 0;
  io::SweepOptions options;
  options.output = argv[1];
  options.threads = std::stoi(argv[3]);
  options.resume = true;
  options.sync_seconds = 0.002;
  options.evaluate = [pause](const study::Study& s, study::Work work) {
    work.solved = [pause, solved = work.solved](std::size_t i, study::SampleResult r) {
      if (pause && i % 32 == 0) std::this_thread::sleep_for(std::chrono::microseconds(pause));
      solved(i, std::move(r));
    };
    solve_fake(s, work);
  };
  std::size_t told = 0;
  bool begun = false;  // the first state is what the journal held
  options.progress = [&](const io::SweepState& s) {
    if (begun && s.synced == told) return;
    told = s.synced;
    const std::string line = (begun ? "synced " : "found ") + std::to_string(told) + "\n";
    begun = true;
    if (::write(1, line.data(), line.size()) < 0) ::_exit(3);
  };
  try {
    const io::SweepResult r = io::run_sweep(file, options);
    std::printf("complete %s\n", r.results_sha256.c_str());
  } catch (const std::exception& e) {
    std::fprintf(stderr, "%s\n", e.what());
    return 7;
  }
  return 0;
}
