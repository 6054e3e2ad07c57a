/// Beats that a search for the limit cycle takes, in beats of the product's mesh: one on a mesh half as fine counts half,
/// one that is repeated counts again, one that carries tangents a quarter more. The recorded beat is counted apart.
#include <algorithm>
#include <cmath>

#include "bench/cohort.hpp"
#include "bench/measure.hpp"
#include "bench/product.hpp"
#include "bench/sections.hpp"
#include "scenarios/parameter_table.hpp"
#include "solvers/parallel.hpp"

namespace coronet::bench {
namespace {

struct Spent {
  double searching = 0.0, recorded = 0.0;
};
struct Told {
  std::vector<Spent> spent;  // the anchor's, then each phase's
  bool solved = false;
  std::vector<double> errors, changes;  // of the phases
};

/// A run, its beats counted as they are asked for. Only phases make waveforms, each at its end; the anchor is found under
/// adenosine, whose beats are shorter than those of rest, which comes next.
Told told(const PatientParameters& parameters) {
  Told t;
  RunResult run;
  t.spent.emplace_back();
  double period = 0.0;
  bool waves = false;
  lead(running_patient(parameters, {"adenosine_iv", "acetylcholine"}, network::lad, {}, run),
       [&](BeatRequest& request) {
         const bool anchored =
             t.spent.size() == 1 && period != 0.0 && std::fabs(period_of(request) / period - 1.0) > 1e-3;
         if (anchored || (waves && !makes_waveforms(request))) t.spent.emplace_back();
         period = period_of(request);
         waves = makes_waveforms(request);
         const double beat = static_cast<double>(request.steps) / static_cast<double>(product_steps) *
                             (request.tangents ? 1.0 + tangents_share
                              : request.means  ? 1.0 + recording_share
                                               : 1.0);
         (waves ? t.spent.back().recorded : t.spent.back().searching) += beat;
         pass_beat(request);
       });
  t.solved = run.status == Status::ok;
  for (const PhaseResult& r : run.phases) t.errors.push_back(r.period_error), t.changes.push_back(r.period_residual);
  return t;
}

}  // namespace

void searches_section(const std::string& folder) {
  const std::size_t count = quick ? 8 : 256;
  Csv table(folder, "searches.csv",
            "cohort,phase,patients,failed,mean,p95,largest,recorded_mean,largest_period_error,largest_change");
  run_patient({}, {"rest"}, network::lad);  // the first patient of a program solves the nominal one as well
  for (const bool regulated : {false, true}) {
    const char* cohort = regulated ? "regulated" : "capillary_density";
    say(std::string("searches: ") + cohort + ", " + std::to_string(count) + " patients");
    const study::Study study = regulated ? regulated_cohort() : capillary_cohort(count);
    std::vector<Told> all(count);
    parallel_for(count, 0, [&](std::size_t i) {
      try {
        all[i] = told(member_of(study, i));
      } catch (const ParameterError&) {  // values that contradict each other: counted as failed
      }
    });
    std::vector<std::string> phases = {"anchor", "rest", "adenosine_iv"};
    for (const double dose : acetylcholine_doses) phases.push_back(acetylcholine_ic(dose, network::lad).name);
    for (std::size_t p = 0; p < phases.size(); ++p) {
      std::vector<double> beats_of;
      double sum = 0.0, recorded = 0.0, error = 0.0, change = 0.0;
      std::size_t failed = 0;
      for (const Told& t : all) {
        if (!t.solved) {
          ++failed;
          continue;
        }
        beats_of.push_back(t.spent.at(p).searching);
        sum += t.spent[p].searching, recorded += t.spent[p].recorded;
        if (p == 0) continue;
        error = std::max(error, t.errors[p - 1]);
        change = std::max(change, t.changes[p - 1]);
      }
      if (beats_of.empty()) continue;
      std::sort(beats_of.begin(), beats_of.end());
      const double n = static_cast<double>(beats_of.size());
      table.row("%s,%s,%zu,%zu,%.2f,%.2f,%.2f,%.2f,%.1e,%.1e", cohort, phases[p].c_str(), count, failed, sum / n,
                beats_of[static_cast<std::size_t>(0.95 * (n - 1.0) + 0.5)], beats_of.back(), recorded / n, error,
                change);
    }
  }
  table.complete();
}

}  // namespace coronet::bench
