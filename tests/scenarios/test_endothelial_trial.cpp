/// Virtual IMPROvE-CED: groups, enrolment, routes, nulls, determinism.
#include "io/endothelial_output.hpp"
#include "tests/scenarios/patients.hpp"

using namespace coronet;

namespace {

trial::EndothelialResult simulate(trial::Route route, std::size_t patients, std::uint64_t seed = 7, int threads = 2) {
  trial::EndothelialDesign d = io::load_endothelial_trial("improve-ced");
  d.settings.route = route;
  return trial::run(d, {.patients = patients, .replicates = 60, .seed = seed, .threads = threads});
}
const trial::EndothelialResult& repaired() {
  static const trial::EndothelialResult r = simulate(trial::Route::endothelium, 40);
  return r;
}

}  // namespace

TEST_CASE("every patient of virtual IMPROvE-CED is simulated") {
  for (const std::string& failure : repaired().failures) UNSCOPED_INFO(failure);
  CHECK(repaired().failed == 0);
  const trial::Groups& g = repaired().groups;
  CHECK(g.normal + g.adenosine_only + g.acetylcholine_only + g.both == Approx(100.0));
  CHECK(repaired().enrolled >= 10);
}

TEST_CASE("repair of the endothelium raises the response of nearly everybody and leaves adenosine alone") {
  std::size_t raised = 0;
  for (const trial::EndothelialPatient& v : repaired().population) raised += v.ach_treated_percent > v.ach_percent;
  CHECK(raised >= 38);  // of 40: a patient without anything to repair may stay
  CHECK(repaired().change.mean > repaired().regression_to_mean.change.mean);
  CHECK(repaired().cfr_after == Approx(repaired().cfr_before).epsilon(0.05));
}

TEST_CASE("capillaries alone move adenosine reserve and hardly the response to acetylcholine") {
  const trial::EndothelialResult r = simulate(trial::Route::capillaries, 16);
  CHECK(r.cfr_after > 1.03 * r.cfr_before);
  CHECK(std::abs(r.true_follow_up.mean - r.true_baseline.mean) < 15.0);
}

TEST_CASE("enrolment by a noisy value brings regression to the mean, perfect measurement none") {
  CHECK(repaired().regression_to_mean.change.mean > 0.0);
  CHECK(repaired().baseline.mean <= 50.0);
  trial::EndothelialDesign d = io::load_endothelial_trial("improve-ced");
  d.settings.cbf_error_percent = 0.0;
  const trial::EndothelialResult r = trial::run(d, {.patients = 12, .replicates = 0, .seed = 7, .threads = 2});
  CHECK(r.regression_to_mean.change.mean == 0.0);
}

TEST_CASE("virtual IMPROvE-CED has the same bits on one thread and on two") {
  const trial::EndothelialResult a = simulate(trial::Route::both, 10, 3, 1), b = simulate(trial::Route::both, 10, 3, 2);
  for (std::size_t i = 0; i < a.population.size(); ++i) {
    CHECK(a.population[i].ach_percent == b.population[i].ach_percent);
    CHECK(a.population[i].ach_treated_percent == b.population[i].ach_treated_percent);
  }
  CHECK(a.change.mean == b.change.mean);
}
