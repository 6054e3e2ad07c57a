/// What share of the processor's FP64 peak the beat reaches. Operations are counted by a scalar that counts, sent through
/// the same templates as a pack; the peak is measured in the same rounds. Forcing tables are outside, the gathering of
/// members into packs is inside.
#include <algorithm>
#include <cstring>

#include "bench/counted.hpp"
#include "bench/measure.hpp"
#include "bench/methods.hpp"
#include "bench/product.hpp"
#include "bench/sections.hpp"
#include "scenarios/lanes.hpp"
#include "scenarios/lanes_kernel.hpp"

namespace coronet::bench {
namespace {

/// Operations of one beat of one member.
template <class Way, class Mesh> Operations operations_of(const Case& problem, const Way& way, const Mesh& mesh) {
  const auto pass = packs_of(problem, 1, way, mesh);
  Counted::done = {};
  pass();
  Operations all = Counted::done;
  for (std::uint64_t* n : {&all.sums, &all.products, &all.quotients, &all.roots}) *n /= beats;
  return all;
}

/// avx512_x8_fma → avx512
std::string set_of(const std::string& way) { return way.substr(0, way.find('_')); }

volatile double consumed;  // so that no chain of the peak is left out

}  // namespace

void roofline_section(const std::string& folder) {
  say("roofline: operations");
  const Case problem = make_case("adenosine_iv", 1.0, 16);
  const std::size_t members = problem.members.size(), steps = product_steps;
  const std::size_t explicit_steps = problem.stable_steps + problem.stable_steps / 10;
  const lanes::Way counted_beat = lanes::way_of<Counted, Counted>("counted");
  const ExplicitWay counted_rk4 = explicit_way_of<Counted>("counted");
  const Operations beat = operations_of(problem, counted_beat, Mesh{});
  const Operations rk4 = operations_of(problem, counted_rk4, explicit_steps);
  Csv operations(folder, "operations.csv", "kernel,steps,sums,products,quotients,roots,all,per_step");
  const auto count_row = [&](const char* kernel, std::size_t n, const Operations& o) {
    operations.row("%s,%zu,%llu,%llu,%llu,%llu,%llu,%.1f", kernel, n, static_cast<unsigned long long>(o.sums),
                   static_cast<unsigned long long>(o.products), static_cast<unsigned long long>(o.quotients),
                   static_cast<unsigned long long>(o.roots), static_cast<unsigned long long>(o.all()),
                   static_cast<double>(o.all()) / static_cast<double>(n));
  };
  count_row("implicit", steps, beat);
  count_row("rk4", explicit_steps, rk4);
  operations.complete();

  say("roofline: peak and beats in turn");
  struct Piece {
    std::string kernel, name;
    double operations = 0.0;  // of one call
    std::size_t lane_beats = 0;
  };
  std::vector<Piece> described;
  std::vector<std::function<void()>> pieces;
  const std::vector<PeakKernel> peaks = peak_kernels();
  for (const PeakKernel& p : peaks) {
    const std::size_t rounds = quick ? 10'000 : 2'000'000;
    described.push_back({"peak", p.name, p.operations_per_round * static_cast<double>(rounds), 0});
    pieces.push_back([p, rounds] { consumed = p.run(rounds); });
  }
  const auto add = [&](const char* kernel, const auto& way, const auto& mesh, const Operations& o) {
    const auto pass = packs_of(problem, members, way, mesh);
    described.push_back({kernel, way.name, static_cast<double>(o.all() * members * beats), members * beats});
    pieces.push_back([pass] { pass(); });
  };
  for (const lanes::Way& way : lanes::ways()) add("implicit", way, Mesh{}, beat);
  for (const ExplicitWay& way : explicit_ways()) add("rk4", way, explicit_steps, rk4);
  for (const Fused& way : fused_ways()) {
    add("implicit", way.beat, Mesh{}, beat);
    add("rk4", way.rk4, explicit_steps, rk4);
  }
  described.push_back({"forcing_table", "scalar", 0.0, members});
  pieces.push_back([&problem] {
    for (const Member& m : problem.members) consumed = product_table(m.drive, {}).back().at[0].aortic;
  });
  const std::vector<Spread> times = alternate(pieces, quick ? 1 : 15, 3, 20.0);

  Csv peak(folder, "peak.csv", "kernel,set,fused,GFLOPS,median_GFLOPS,noise_percent");
  double machine = 0.0;
  for (std::size_t i = 0; i < peaks.size(); ++i) {
    const double reached = 1e-9 * described[i].operations / times[i].least;
    machine = std::max(machine, reached);
    peak.row("%s,%s,%s,%.2f,%.2f,%.1f", peaks[i].name, peaks[i].set, peaks[i].fused ? "yes" : "no", reached,
             1e-9 * described[i].operations / times[i].median, times[i].noise_percent());
  }
  peak.complete();
  const auto own_peak = [&](const std::string& set) {
    double most = 0.0;
    for (std::size_t i = 0; i < peaks.size(); ++i)
      if (set == peaks[i].set) most = std::max(most, 1e-9 * described[i].operations / times[i].least);
    return most;
  };
  Csv table(folder, "roofline.csv",
            "kernel,way,us_least,us_median,noise_percent,GFLOPS,percent_of_machine_peak,percent_of_own_peak");
  for (std::size_t i = peaks.size(); i < pieces.size(); ++i) {
    const Piece& p = described[i];
    const double reached = 1e-9 * p.operations / times[i].least, own = own_peak(set_of(p.name));
    const double each = 1e6 / static_cast<double>(p.lane_beats);
    table.row("%s,%s,%.3f,%.3f,%.1f,%.2f,%.1f,%.1f", p.kernel.c_str(), p.name.c_str(), each * times[i].least,
              each * times[i].median, times[i].noise_percent(), reached, 100.0 * reached / machine,
              100.0 * reached / own);
  }
  table.complete();
}

}  // namespace coronet::bench
