/// Batches of patients in lanes: throughput per core for every way that this processor knows.
#include <algorithm>
#include <cstdio>

#include "bench/problem.hpp"
#include "io/patient_file.hpp"
#include "scenarios/protocol.hpp"

namespace coronet::bench {

void lanes_table() {
  constexpr std::size_t count = 96;
  const PatientParameters base = io::load_patient("cmd_structural").parameters;
  const auto patient = [&base](std::size_t i) {
    const auto part = [i](std::size_t which) { return static_cast<double>((i * 37 + which * 53) % 101) / 100.0; };
    PatientParameters p = base;
    p.heart.heart_rate_bpm = 55.0 + 30.0 * part(1);
    p.heart.aortic_systolic_mmHg = 110.0 + 40.0 * part(2);
    p.microvessels.capillary_density_ratio.fill(0.4 + 0.6 * part(3));
    p.bed.hyperaemic_capillary_share = 0.2 + 0.3 * part(4);
    return p;
  };
  run_patient(base, {"rest"}, network::lad);  // the first patient of a program solves the nominal one as well
  const std::vector<lanes::Way>& ways = lanes::ways();
  std::vector<double> best(ways.size(), 1e9);
  std::vector<double> passed(ways.size());
  for (int repeat = 0; repeat < 5; ++repeat)
    for (std::size_t w = 0; w < ways.size(); ++w) {
      passed[w] = 0.0;
      const double t = cpu_time();
      run_patients(
          count, patient, {"adenosine_iv"}, network::lad, {},
          [&](std::size_t, RunResult& r) {
            passed[w] += r.patient.work;
            for (const PhaseResult& phase : r.phases) passed[w] += phase.work;
          },
          1, ways[w]);
      best[w] = std::min(best[w], cpu_time() - t);
    }
  std::printf("way,lanes,patients_per_s,limit_cycles_per_s,beats_per_limit_cycle,us_per_beat\n");
  for (std::size_t w = 0; w < ways.size(); ++w)
    std::printf("%s,%zu,%.1f,%.1f,%.2f,%.1f\n", ways[w].name, ways[w].width, count / best[w], 3.0 * count / best[w],
                passed[w] / (3.0 * count), 1e6 * best[w] / passed[w]);
}

}  // namespace coronet::bench
