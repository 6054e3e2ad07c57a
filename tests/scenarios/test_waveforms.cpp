/// Waveforms of the recorded beat beside those of another stepper: Odeint's RK4, a mesh four times finer than its
/// stability asks for, its own limit cycle a thousand times more exact. Errors are relative to the wave's peak.
#include <algorithm>
#include <cmath>

#include "tests/scenarios/patients.hpp"

using namespace coronet;
using namespace coronet::testing;

namespace {

double error_of(const Traces::Wave& wave, const Traces::Wave& reference) {
  double difference = 0.0, peak = 0.0;
  for (std::size_t j = 0; j < wave.size(); ++j) {
    difference = std::max(difference, std::fabs(wave[j] - reference[j]));
    peak = std::max(peak, std::fabs(reference[j]));
  }
  return difference / peak;
}

struct Worst {
  double artery_pressure = 0.0, artery_flow = 0.0, layer_inflow = 0.0, bed_flow = 0.0, bed_pressure = 0.0, volume = 0.0;
};
Worst worst_of(const Traces& a, const Traces& b) {
  Worst w;
  const auto take = [](double& worst, const Traces::Wave& x, const Traces::Wave& y) {
    worst = std::max(worst, error_of(x, y));
  };
  for (std::size_t i = 0; i < network::segments; ++i) {
    take(w.artery_pressure, a.segment_pressure[i], b.segment_pressure[i]);
    take(w.artery_flow, a.segment_flow[i], b.segment_flow[i]);
  }
  for (std::size_t i = 0; i < network::beds; ++i) {
    take(w.layer_inflow, a.flow[i][0], b.flow[i][0]);
    for (std::size_t k = 1; k <= bed::compartments; ++k) take(w.bed_flow, a.flow[i][k], b.flow[i][k]);
    for (std::size_t k = 0; k < bed::compartments; ++k) {
      take(w.bed_pressure, a.pressure[i][k], b.pressure[i][k]);
      take(w.volume, a.volume[i][k], b.volume[i][k]);
    }
  }
  return w;
}

}  // namespace

TEST_CASE("waveforms of the recorded beat agree with RK4 on a fine mesh") {
  for (const char* name : {"healthy", "cmd_structural"}) {
    const Patient patient = make_patient(parameters_of(name));
    for (const Condition& condition : {rest, adenosine_iv}) {
      INFO(name << ", " << condition.name);
      const PhaseResult tight = solve_phase(
          patient, condition, {.stepper = Stepper::runge_kutta_4, .step_refinement = 4.0, .error_tolerance = 1e-9});
      REQUIRE(tight.status == Status::ok);
      // Wanted: 2e-4 of the peak of a layer's inflow. The arteries' own flows, in which waves run to and fro some 200
      // times a second, have more.
      const PhaseResult used = solve_phase(patient, condition);
      REQUIRE(used.status == Status::ok);
      const Worst w = worst_of(*used.trace, *tight.trace);
      CHECK(w.layer_inflow < 2e-4);
      CHECK(w.artery_flow < 5e-4);
      CHECK(w.artery_pressure < 2e-4);
      CHECK(w.bed_flow < 2e-4);
      CHECK(w.bed_pressure < 2e-4);
      CHECK(w.volume < 2e-4);
      // On a mesh that resolves them every wave has it: what is missed is the mesh's, not the stepper's.
      const PhaseResult fine = solve_phase(patient, condition, {.step_refinement = 2.0});
      REQUIRE(fine.status == Status::ok);
      const Worst f = worst_of(*fine.trace, *tight.trace);
      CHECK(f.artery_flow < 2e-4);
      CHECK(f.artery_pressure < 2e-4);
      CHECK(f.layer_inflow < 2e-4);
      CHECK(std::max({f.bed_flow, f.bed_pressure, f.volume}) < 1e-5);
    }
  }
}
