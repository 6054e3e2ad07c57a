/// The case `sweep` of bits/cases.hpp through study file, journal and result file: stopped twice on the way and resumed on
/// other numbers of threads, then read back.   through_file FOLDER THREADS
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <filesystem>

#include "io/netcdf_reader.hpp"
#include "io/sweep.hpp"
#include "tests/bits/cases.hpp"

int main(int argc, char** argv) {
  using namespace coronet;
  if (argc != 3) return 2;
  const io::StudyFile file = io::parse_study(bits::sweep_text, "bits.toml", {});
  io::SweepOptions options;
  options.output = std::filesystem::path(argv[1]) / "bits.nc";
  options.chunk = 3;
  options.resume = true;
  int stops = 0;
  for (const std::size_t until : {9u, 50u, 1000u}) {  // some forty are under way on each thread when the stop comes
    std::atomic<bool> stop = false;
    options.threads = stops < 2 ? 1 : std::atoi(argv[2]);
    options.stop = &stop;
    options.progress = [&](const io::SweepState& s) { stop = s.done >= until; };
    const io::SweepResult result = io::run_sweep(file, options);
    stops += result.end == io::SweepEnd::stopped;
  }
  if (stops != 2) return 1;
  const io::NetcdfReader nc(options.output);
  const auto column = [&](const std::string& name) {
    const io::StoredVariable* v = nc.find(name);
    return nc.numbers(*v, 0, v->rows());
  };
  const study::Study& s = file.study;
  const std::size_t phases = s.phases.size();
  const std::vector<double> status = column("status");
  Hash hash;
  for (std::size_t i = 0; i < status.size(); ++i) {
    std::vector<double> values, outputs;
    for (const study::Factor& f : s.factors) values.push_back(column("p_" + f.name)[i]);
    std::size_t phase = 0;
    for (const study::Output& o : s.outputs) {
      outputs.push_back(o.phase.empty() ? column(o.name)[i] : column(o.name)[i * phases + phase++ % phases]);
    }
    bits::add_sample(hash, values, status[i], outputs);
  }
  std::filesystem::remove(options.output);
  std::printf("%s\n", hash.text().c_str());
}
