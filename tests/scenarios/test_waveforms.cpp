/// Waveforms of the recorded beat beside those of another stepper: Odeint's RK4, a mesh four times finer than its
/// stability asks for, its own limit cycle a thousand times more exact. Errors are relative to the wave's peak.
#include <algorithm>
#include <map>
#include <string>

#include "bench/waveform_error.hpp"
#include "tests/scenarios/patients.hpp"

using namespace coronet;
using namespace coronet::testing;

namespace {

std::map<std::string, double> worst_of(const Traces& a, const Traces& b) {
  std::map<std::string, double> worst;
  for (const auto& [quantity, error] : bench::waveform_errors(a, b)) worst[quantity] = error;
  return worst;
}

}  // namespace

TEST_CASE("waveforms of the recorded beat agree with RK4 on a fine mesh") {
  for (const char* name : {"healthy", "cmd_structural"}) {
    const Patient patient = make_patient(parameters_of(name));
    for (const Condition& condition : {rest, adenosine_iv}) {
      INFO(name << ", " << condition.name);
      const PhaseResult tight = solve_phase(patient, condition, bench::tight_numerics());
      REQUIRE(tight.status == Status::ok);
      // Wanted: 2e-4 of the peak of a layer's inflow. The arteries' own flows, in which waves run to and fro some 200
      // times a second, have more.
      const PhaseResult used = solve_phase(patient, condition);
      REQUIRE(used.status == Status::ok);
      const auto w = worst_of(used.trace, tight.trace);
      CHECK(w.at("layer_inflow") < 2e-4);
      CHECK(w.at("artery_flow") < 5e-4);
      CHECK(w.at("artery_pressure") < 2e-4);
      CHECK(w.at("bed_flow") < 2e-4);
      CHECK(w.at("bed_pressure") < 2e-4);
      CHECK(w.at("volume") < 2e-4);
      // On a mesh that resolves them every wave has it: what is missed is the mesh's, not the stepper's.
      const PhaseResult fine = solve_phase(patient, condition, {.step_refinement = 2.0});
      REQUIRE(fine.status == Status::ok);
      const auto f = worst_of(fine.trace, tight.trace);
      CHECK(f.at("artery_flow") < 2e-4);
      CHECK(f.at("artery_pressure") < 2e-4);
      CHECK(f.at("layer_inflow") < 2e-4);
      CHECK(std::max({f.at("bed_flow"), f.at("bed_pressure"), f.at("volume")}) < 1e-5);
    }
  }
}
