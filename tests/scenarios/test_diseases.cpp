/// Signatures of the patients with hypertension, diabetes and vasospasm.
#include "scenarios/drugs.hpp"
#include "tests/scenarios/patients.hpp"

using namespace coronet;
using namespace coronet::testing;

namespace {

const std::vector<std::string> both_tests = {"adenosine_iv", "acetylcholine"};

/// Aortic pressure per hyperaemic perfusion, mmHg·min·g/mL.
double minimal_resistance(const RunResult& r) {
  return r.readings[1].aortic_pressure_mmHg / r.readings[1].perfusion_mL_per_min_per_g[0];
}

}  // namespace

TEST_CASE("hypertension: half the reserve is gone because minimal resistance is high") {
  const RunResult healthy = run("healthy", {}, {}, both_tests), sick = run("hypertension", {}, {}, both_tests);
  // Schwartzkopff 1993: reserve 2.7 ± 2.3 against 4.6 ± 1.3 (calibrated), resistance 0.64 ± 0.30 against 0.24 ± 0.05
  CHECK(sick.indices.cfr == Approx(2.7).margin(0.15));
  const double ratio = minimal_resistance(sick) / minimal_resistance(healthy);
  INFO("minimal resistance × " << ratio);
  CHECK(ratio > 1.9);
  CHECK(ratio < 3.0);
  CHECK(sick.indices.imr >= thresholds::imr_high);
  CHECK(sick.indices.ffr > 0.9);
  CHECK(sick.indices.ach_cbf_change_percent < thresholds::ach_cbf_normal_percent);
  CHECK(sick.indices.ach_diameter_change_percent < healthy.indices.ach_diameter_change_percent - 10.0);
  CHECK(sick.indices.endotype == "endothelial");
  CHECK(sick.readings[0].aortic_pressure_mmHg > 120.0);
  CHECK(sick.readings[1].aortic_pressure_mmHg > healthy.readings[1].aortic_pressure_mmHg + 20.0);
}

TEST_CASE("diabetes: more flow at rest, less in hyperaemia, arteries that constrict") {
  const RunResult healthy = run("healthy", {}, {}, both_tests), sick = run("diabetes", {}, {}, both_tests);
  const auto change = [&](std::size_t phase) {
    return sick.readings[phase].flow_mL_per_min[0] / healthy.readings[phase].flow_mL_per_min[0];
  };
  // 193 patients against 20 controls: × 1.33 at rest, × 0.75 in hyperaemia (calibrated)
  CHECK(change(0) > 1.10);
  CHECK(change(0) < 1.40);
  CHECK(change(1) == Approx(0.75).margin(0.05));
  // Reserve against controls: × 0.56 there, × 0.78 by Doppler (Nitenberg 1993)
  CHECK(sick.indices.cfr / healthy.indices.cfr > 0.56);
  CHECK(sick.indices.cfr / healthy.indices.cfr < 0.78);
  // −8 % at 1 µM and −24 % at 10 µM in the blood (Nitenberg 1993); ours has about 1 µM at the highest dose
  CHECK(sick.indices.ach_diameter_change_percent == Approx(-8.0).margin(4.0));
  CHECK(sick.indices.endotype == "endothelial");
  CHECK(sick.indices.imr >= thresholds::imr_high);
}

TEST_CASE("vasospasm: acetylcholine closes a site to a tenth, adenosine finds nothing, nitroglycerin relieves it") {
  const RunResult r = run("vasospasm", {}, {}, both_tests);
  CHECK(r.indices.ach_spasm_diameter_change_percent <= -90.0);
  CHECK(r.indices.ach_spasm_diameter_change_percent > -95.0);
  CHECK(r.indices.ach_flow_change_percent < -80.0);
  CHECK(r.indices.endotype == "vasospastic");
  CHECK(r.indices.ffr > 0.95);
  CHECK(r.indices.cfr == Approx(run("healthy").indices.cfr).epsilon(0.05));
  CHECK(r.indices.imr < thresholds::imr_high);
  const std::size_t peak = r.acetylcholine_peak();
  CHECK(r.readings[peak].pd_pa < 0.2);
  // Neighbours keep their flow, and lower doses leave the site open
  CHECK(r.readings[peak].flow_mL_per_min[1] == Approx(r.readings[0].flow_mL_per_min[1]).epsilon(0.01));
  CHECK(r.readings[peak - 1].diameter_at_spasm_mm > 0.7 * r.readings[0].diameter_at_spasm_mm);
  CHECK(r.phases[peak].volume_residual < 1e-9);
  CHECK(r.phases[peak].regulation_residual < 1e-5);

  for (const char* drug : {"nitroglycerin", "nitroglycerin_sublingual", "calcium_channel_blocker"}) {
    INFO(drug);
    PatientParameters p = parameters_of("vasospasm");
    give_drug(p, drug);
    const RunResult treated = run_patient(p, both_tests, network::lad);
    REQUIRE(treated.status == Status::ok);
    CHECK(treated.indices.ach_spasm_diameter_change_percent > -50.0);
    CHECK(treated.indices.endotype != "vasospastic");
  }
}

TEST_CASE("a spastic site settles at any reactivity, place and endothelium, or says why") {
  for (const char* artery : {"LAD", "LCx", "RCA"})
    for (const char* position : {"proximal", "distal"})
      for (const char* reactivity : {"5", "7", "40"}) {
        INFO(artery << ' ' << position << ' ' << reactivity);
        const std::size_t t = artery[0] == 'R' ? network::rca : artery[1] == 'A' ? network::lad : network::lcx;
        const RunResult r = run_patient(parameters_of("vasospasm", {std::string("spasm.artery=") + artery,
                                                                    std::string("spasm.position=") + position,
                                                                    std::string("spasm.reactivity=") + reactivity}),
                                        {"rest", "acetylcholine"}, t);
        if (r.status == Status::ok)
          for (const PhaseResult& phase : r.phases) CHECK(phase.regulation_residual < 1e-5);
        else
          CHECK_FALSE(r.failure.empty());
        CHECK(r.status == Status::ok);
      }
}

TEST_CASE("a spastic site of no reactivity changes nothing, and one under a stent is refused") {
  const auto plain = all_numbers(run("healthy", {}, {}, both_tests));
  const auto named = all_numbers(run("healthy", {"spasm.artery=RCA", "spasm.length_mm=20"}, {}, both_tests));
  CHECK(plain == named);
  CHECK_THROWS_WITH(check_patient(parameters_of("vasospasm", {"lesion.position=mid", "lesion.stented=true"})),
                    Catch::Contains("spasm.position"));
  CHECK_THROWS_WITH(
      check_patient(parameters_of("vasospasm", {"spasm.position=mid", "spasm.length_mm=40", "lesion.position=mid",
                                                "lesion.diameter_reduction_percent=30"})),
      Catch::Contains("spasm.length_mm"));
}
