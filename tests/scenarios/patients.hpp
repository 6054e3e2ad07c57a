/// Shipped patients, run as the command line runs them.
#pragma once
#include <catch2/catch.hpp>
#include <map>
#include <string>
#include <vector>

#include "io/patient_file.hpp"
#include "model/units.hpp"
#include "scenarios/parameter_table.hpp"
#include "scenarios/protocol.hpp"

namespace coronet::testing {

inline PatientParameters parameters_of(const std::string& name, const std::vector<std::string>& settings = {}) {
  PatientParameters p = io::load_patient(name).parameters;
  for (const std::string& s : settings) set_parameter_from_text(p, s);
  return p;
}

inline RunResult run(const std::string& name, const std::vector<std::string>& settings = {},
                     const Numerics& numerics = {}, const std::vector<std::string>& protocols = {"adenosine_iv"},
                     std::size_t artery = network::lad) {
  RunResult r = run_patient(parameters_of(name, settings), protocols, artery, numerics);
  INFO(name << ": " << r.failure);
  REQUIRE(r.status == Status::ok);
  return r;
}

/// The network where the waveforms of a phase begin, cumulated volumes at 0.
inline network::State<double> start_of_trace(const PhaseResult& phase) {
  network::State<double> x{};
  for (std::size_t i = 0; i < network::segments; ++i) {
    x[network::pressure_at + i] = phase.trace->segment_pressure[i][0];
    x[network::flow_at + i] = phase.trace->segment_flow[i][0];
  }
  for (std::size_t b = 0; b < network::beds; ++b)
    for (std::size_t k = 0; k < bed::compartments; ++k) x[network::volume_index(b, k)] = phase.trace->volume[b][k][0];
  return x;
}

/// Every index and the phases' main readings, by name.
inline std::map<std::string, double> all_numbers(const RunResult& r) {
  std::map<std::string, double> m;
  for (const Index& i : r.table) m[i.key] = i.value;
  for (std::size_t p = 0; p < r.phases.size(); ++p) {
    const std::string at = std::string(r.phases[p].condition.name) + ".";
    const PhaseReadings& q = r.readings[p];
    m[at + "distal_pressure"] = q.distal_pressure_mmHg;
    m[at + "pressure_100um"] = q.pressure_100um_mmHg;
    m[at + "pressure_capillary"] = q.pressure_capillary_mmHg;
    m[at + "venous_saturation"] = q.venous_saturation_percent;
    m[at + "blood_volume"] = q.blood_volume_mL_per_100g;
    for (std::size_t t = 0; t < network::territories; ++t) {
      const std::string name = network::territory_names[t];
      m[at + "flow." + name] = q.flow_mL_per_min[t];
      m[at + "endo_epi." + name] = q.endo_epi_ratio[t];
      m[at + "dsvr." + name] = q.dsvr[t];
    }
    for (std::size_t k = 0; k < bed::compartments; ++k) m[at + "share." + bed::names[k]] = q.share[k];
  }
  return m;
}

}  // namespace coronet::testing
