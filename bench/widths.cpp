/// Whole patients (anchor, rest, adenosine i.v.; waveforms and indices) per second and core, for every way of lanes.
#include "bench/cohort.hpp"
#include "bench/measure.hpp"
#include "bench/sections.hpp"

namespace coronet::bench {

void widths_section(const std::string& folder) {
  const std::size_t count = quick ? 16 : 96;
  const study::Study study = capillary_cohort(count);
  const std::vector<lanes::Way>& ways = lanes::ways();
  Csv table(folder, "widths.csv", "way,lanes,patients,patients_per_s,limit_cycles_per_s,noise_percent,beats");
  say("widths: " + std::to_string(count) + " patients in every way of lanes");
  std::vector<std::size_t> passed(ways.size());
  std::vector<std::function<void()>> pieces;
  for (std::size_t w = 0; w < ways.size(); ++w)
    pieces.push_back([&, w] {
      passed[w] = 0;
      run_patients(
          count, [&](std::size_t i) { return member_of(study, i); }, {"adenosine_iv"}, network::lad, {},
          [&](std::size_t, RunResult& r) {
            passed[w] += r.patient.beats;
            for (const PhaseResult& phase : r.phases) passed[w] += phase.beats + 1;
          },
          1, ways[w]);
    });
  const std::vector<Spread> times = alternate(pieces, quick ? 1 : 7, 1, 20.0);
  for (std::size_t w = 0; w < ways.size(); ++w) {
    const double per_s = static_cast<double>(count) / times[w].least;
    table.row("%s,%zu,%zu,%.1f,%.1f,%.1f,%.2f", ways[w].name, ways[w].width, count, per_s, 3.0 * per_s,
              times[w].noise_percent(), static_cast<double>(passed[w]) / static_cast<double>(3 * count));
  }
  table.complete();
}

}  // namespace coronet::bench
