/// The bed is anchored on measured hyperaemia; the capillary share is explicit.
#include "tests/scenarios/patients.hpp"

using namespace coronet;
using namespace coronet::testing;

TEST_CASE("hyperaemic flow is the anchored flow in every territory, for any capillary share") {
  for (const char* share : {"0.10", "0.30", "0.50", "0.75"}) {
    const RunResult r = run("healthy", {std::string("bed.hyperaemic_capillary_share=") + share});
    for (std::size_t t = 0; t < network::territories; ++t) {
      const double anchor = anchored_flow(r.patient.parameters, t) / unit::mL_per_min;
      CHECK(r.readings[1].flow_mL_per_min[t] == Approx(anchor).epsilon(1e-5));
    }
  }
}

TEST_CASE("the capillary share is how much capillaries weigh in hyperaemic flow") {
  // Doubling every capillary's number at share f must save up to f/2 of the resistance; the pump and the distension of
  // the other vessels take a part of it. The gain must rise with f, stay below the rigid limit and above half of it.
  double before = 0.0;
  for (double f : {0.10, 0.30, 0.50, 0.75}) {
    const std::string share = "bed.hyperaemic_capillary_share=" + std::to_string(f);
    const double one = run("healthy", {share}).readings[1].flow_mL_per_min[0];
    const double two = run("healthy", {share, "microvessels.capillary_density_ratio=2"}).readings[1].flow_mL_per_min[0];
    const double saved = 1.0 - one / two;
    CHECK(saved < f / 2.0);
    CHECK(saved > f / 4.0);
    CHECK(saved > before);
    before = saved;
  }
}

TEST_CASE("a healthy territory keeps its flow when another one is diseased") {
  const RunResult r = run("healthy", {"microvessels.lad.capillary_density_ratio=0.5"});
  CHECK(r.readings[1].flow_mL_per_min[network::lad] < 0.95 * 233.6);
  // LAD and LCx share the left main: less LAD flow leaves the LCx a little more pressure, no more than 1 %
  CHECK(r.readings[1].flow_mL_per_min[network::lcx] == Approx(131.0).epsilon(0.01));
  CHECK(r.readings[1].flow_mL_per_min[network::rca] == Approx(265.3).epsilon(1e-3));
}

TEST_CASE("rarefied tissue signals hypoxia earlier") {
  // Same vessels, half the capillaries: resting flow rises to keep the tissue's oxygen, and tissue tension falls
  const RunResult full = run("healthy"), half = run("healthy", {"microvessels.capillary_density_ratio=0.5"});
  CHECK(half.readings[0].flow_mL_per_min[0] > full.readings[0].flow_mL_per_min[0]);
  CHECK(half.readings[0].lowest_tissue_tension_mmHg < full.readings[0].lowest_tissue_tension_mmHg);
}
