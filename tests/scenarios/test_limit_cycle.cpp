/// The numbers do not depend on how they were computed.
#include "scenarios/beat.hpp"
#include "tests/scenarios/patients.hpp"

using namespace coronet;
using namespace coronet::testing;

namespace {
const std::vector<std::string> everybody = {"healthy",        "healthy_female", "cmd_structural",
                                            "cmd_functional", "lad_stenosis",   "lad_stenosis_with_cmd"};

void check_same(const RunResult& a, const RunResult& b, double tolerance) {
  const auto x = all_numbers(a), y = all_numbers(b);
  REQUIRE(x.size() == y.size());
  for (const auto& [name, value] : x) {
    INFO(name << ": " << value << " and " << y.at(name));
    CHECK(std::abs(value - y.at(name)) <= tolerance * std::max(1.0, std::abs(value)));
  }
}
/// One beat from x under the waves of `phase`; true if it was passed in single precision.
bool pass_one(const PhaseResult& phase, const Numerics& numerics, const network::Parameters<double>& n, FastState& x,
              bool single) {
  BeatIntegrator beat(Drive{phase.heart}, numerics);
  beat.begin(n, x, nullptr, nullptr, nullptr, single);
  while (beat.waits()) {
    pass_beat(beat.request());
    beat.proceed();
  }
  return beat.was_single();
}
}  // namespace

TEST_CASE("the accelerated limit cycle agrees with the plain transient in every index") {
  Numerics plain;
  plain.accelerated = false;
  plain.max_beats = 5000;
  plain.period_tolerance = 1e-8;
  for (const std::string& name : everybody) {
    INFO(name);
    check_same(run(name), run(name, {}, plain), 1e-4);
  }
}

TEST_CASE("beats in single precision on the way move no index by more than 2e-6, and the last beat is none") {
  Numerics doubles;
  doubles.single_precision = false;
  for (const std::string& name : everybody) {
    INFO(name);
    std::size_t singles = 0, recorded = 0;
    RunResult r;
    lead(running_patient(parameters_of(name), {"adenosine_iv"}, network::lad, {}, r), [&](BeatRequest& request) {
      singles += request.single;
      recorded += request.means && !request.single;
      pass_beat(request);
    });
    CHECK(singles >= 2);
    CHECK(recorded >= r.phases.size());
    check_same(run(name), run(name, {}, doubles), 2e-6);
  }
}

TEST_CASE("a beat that floats cannot hold is passed in doubles") {
  const RunResult healthy = run("healthy");
  const PhaseResult& phase = healthy.phases[0];
  for (const double resistance : {1e11, 1e39}) {  // floats end at 3.4e38
    network::Parameters<double> n = phase.network;
    FastState x = start_of_trace(phase);
    n.segment[network::segment_of(network::lad, network::distal)].resistance = resistance;
    CHECK(pass_one(phase, {}, n, x, true) == (resistance < 1e38));
    CHECK(finite(x));
  }
}

TEST_CASE("floats hold the beat of a heart with a twentieth of the volumes") {
  // of two compartments, which share a division, the product of V (V_max − V) is 1e-39 m¹² then; floats end at 1e-38
  Numerics fine;
  fine.step_refinement = 4;  // 44 steps are too few for such a heart, in doubles as well
  for (const std::string& name : everybody) {
    const PhaseResult phase = run(name).phases[0];
    network::Parameters<double> n = phase.network;
    FastState x = start_of_trace(phase);
    for (std::size_t b = 0; b < network::beds; ++b)
      for (std::size_t k = 0; k < bed::compartments; ++k) {
        n.bed[b].V_max[k] *= 0.05, n.bed[b].per_V_ref[k] *= 20.0;
        x[network::volume_index(b, k)] *= 0.05;
      }
    FastState y = x;
    INFO(name);
    CHECK_FALSE(pass_one(phase, fine, n, x, false));
    CHECK(pass_one(phase, fine, n, y, true));
    for (std::size_t b = 0; b < network::beds; ++b)
      for (std::size_t k = 0; k < bed::compartments; ++k) {
        const double V = x[network::volume_index(b, k)];
        CHECK(std::abs(y[network::volume_index(b, k)] - V) < 2e-5 * V);
      }
  }
}

TEST_CASE("halving the step moves no index by more than 1e-4") {
  Numerics fine;
  fine.step_refinement = 2.0;
  for (const std::string& name : everybody) {
    INFO(name);
    check_same(run(name), run(name, {}, fine), 1e-4);
  }
}

TEST_CASE("RK4 with the steps that stability asks for agrees with the implicit stepper") {
  Numerics explicit_steps;
  explicit_steps.stepper = Stepper::runge_kutta_4;
  for (const std::string& name : everybody) {
    INFO(name);
    check_same(run(name), run(name, {}, explicit_steps), 1e-4);
  }
}

TEST_CASE("error-controlled Dormand-Prince agrees with the implicit stepper") {
  Numerics adaptive;
  adaptive.stepper = Stepper::dormand_prince_5;
  adaptive.period_tolerance = 1e-6;  // step control makes the map of one beat rough at 1e-9 per step
  adaptive.error_tolerance = 1e-5;
  for (const char* name : {"healthy", "lad_stenosis_with_cmd"}) {
    INFO(name);
    check_same(run(name), run(name, {}, adaptive), 1e-4);
  }
}

TEST_CASE("volume is conserved and the beat is periodic in every patient, protocol and severe lesion") {
  std::vector<RunResult> runs;
  for (const std::string& name : everybody) runs.push_back(run(name, {}, {}, {"rest", "adenosine_iv", "adenosine_ic"}));
  runs.push_back(run("healthy", {"lesion.diameter_reduction_percent=90"}));
  runs.push_back(run("cmd_structural", {"heart.heart_rate_bpm=95", "heart.aortic_systolic_mmHg=180"}));
  double worst_volume = 0.0;
  for (const RunResult& r : runs)
    for (const PhaseResult& p : r.phases) {
      worst_volume = std::max(worst_volume, p.volume_residual);
      CHECK(p.period_error <= 1e-6);
      CHECK(p.period_residual <= 2e-6);
      CHECK(p.regulation_residual <= 2e-5);
    }
  CHECK(worst_volume <= 1e-9);
}

TEST_CASE("plain iteration needs an order of magnitude more beats than the accelerated search") {
  Numerics plain;
  plain.accelerated = false;
  plain.max_beats = 5000;
  CHECK(run("healthy", {}, plain).phases[0].beats > 4 * run("healthy").phases[0].beats);
}

TEST_CASE("searches of the shipped patients take a handful of beats") {
  std::size_t beats = 0, searches = 0;
  for (const std::string& name : everybody)
    for (const PhaseResult& p : run(name, {}, {}, {"adenosine_iv", "acetylcholine"}).phases) {
      INFO(name << ", " << p.condition.name);
      CHECK(p.beats <= 11);
      beats += p.beats;
      ++searches;
    }
  CHECK(beats <= 7 * searches);
}

TEST_CASE("a search that goes on from a limit cycle arrives where one from its bare state does, and sooner") {
  const Patient patient = make_patient(parameters_of("cmd_structural"));
  PatientState resting = start_of(patient, rest);
  solve_phase(patient, rest, {}, &resting);
  REQUIRE(resting.settled);
  const Condition dose = acetylcholine_ic(1e-5, network::lad);
  const auto from = [&dose](const Patient& subject, PatientState state, bool bare) {
    if (bare) state.settled = nullptr;
    return solve_phase(subject, dose, {}, &state);
  };
  const PhaseResult ahead = from(patient, resting, false), anew = from(patient, resting, true);
  CHECK(ahead.beats < anew.beats);
  for (std::size_t b = 0; b < network::beds; ++b)
    for (std::size_t k = 0; k < bed::muscular; ++k) CHECK(ahead.tone[b][k] == Approx(anew.tone[b][k]).margin(5e-6));
  // what other vessels told is not for these
  PatientParameters p = patient.parameters;
  for (double& density : p.microvessels.capillary_density_ratio) density *= 0.7;
  const Patient other = with_parameters(patient, p);
  CHECK((from(other, resting, false).tone == from(other, resting, true).tone));
}

TEST_CASE("the metabolic signal can be swapped, and each gives a rest near the measured one") {
  // Band: PET, 0.72 ± 0.17 mL/min/g
  const RunResult usual = run("healthy");
  for (const char* signal : {"mvo2_flow", "feedback_feedforward"}) {
    const RunResult other = run("healthy", {std::string("regulation.metabolic_signal=") + signal});
    INFO(signal << ": " << other.readings[0].perfusion_mL_per_min_per_g[0]);
    CHECK(other.readings[0].perfusion_mL_per_min_per_g[0] == Approx(0.72).margin(0.17));
    CHECK(other.readings[0].flow_mL_per_min[0] != usual.readings[0].flow_mL_per_min[0]);
    // in hyperaemia tone is off, whatever the signal
    CHECK(other.readings[1].flow_mL_per_min[0] == Approx(usual.readings[1].flow_mL_per_min[0]).epsilon(0.01));
  }
}

TEST_CASE("work has a limit, in anchoring and in a phase") {
  Numerics frugal;
  frugal.max_steps = 40;
  const Patient patient = make_patient(parameters_of("healthy"), frugal);
  CHECK(patient.status == Status::no_convergence);
  CHECK(patient.failure.find("integration steps") != std::string::npos);
  const PhaseResult phase = solve_phase(make_patient(parameters_of("healthy")), rest, frugal);
  CHECK(phase.status == Status::no_convergence);
  CHECK(phase.failure.find("integration steps") != std::string::npos);
}

TEST_CASE("a phase that cannot converge says so and throws nothing") {
  Numerics hasty;
  hasty.max_beats = 3;
  const RunResult r = run_patient(parameters_of("cmd_structural"), {"rest"}, network::lad, hasty);
  CHECK(r.status == Status::no_convergence);
  CHECK_FALSE(r.failure.empty());
}
