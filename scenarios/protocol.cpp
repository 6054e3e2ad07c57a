#include "scenarios/protocol.hpp"

#include <algorithm>
#include <cmath>

#include "scenarios/parameter_table.hpp"

namespace coronet {

namespace {

bool finite(const PhaseReadings& r) {
  bool all = std::isfinite(r.pd_pa + r.mean_transit_time_s + r.microvascular_resistance_WU + r.diastolic_pd_pa +
                           r.venous_saturation_percent + r.pressure_100um_mmHg + r.average_peak_velocity_cm_per_s);
  for (std::size_t t = 0; t < network::territories; ++t)
    all = all && std::isfinite(r.flow_mL_per_min[t] + r.endo_epi_ratio[t] + r.dsvr[t]);
  return all;
}

}  // namespace

const std::vector<std::string>& protocol_names() {
  static const std::vector<std::string> names = {"rest", "adenosine_iv", "adenosine_ic", "pullback"};
  return names;
}

std::size_t RunResult::find(const std::string& phase) const {
  for (std::size_t i = 0; i < phases.size(); ++i)
    if (phases[i].condition.name == phase) return i;
  return npos;
}

std::size_t RunResult::hyperaemia() const {
  const std::size_t iv = find("adenosine_iv");
  return iv != npos ? iv : find("adenosine_ic");
}

RunResult run_patient(const PatientParameters& parameters, const std::vector<std::string>& protocols,
                      std::size_t artery, const Numerics& numerics) {
  RunResult result;
  result.artery = artery;
  std::vector<Condition> conditions;
  const auto add = [&](const Condition& c) {
    for (const Condition& known : conditions)
      if (known.name == c.name) return;
    conditions.push_back(c);
  };
  for (const std::string& name : protocols) {
    if (name == "rest") {
      add(rest);
    } else if (name == "adenosine_iv") {
      add(rest), add(adenosine_iv);
    } else if (name == "adenosine_ic") {
      add(rest), add(adenosine_ic);
    } else if (name == "pullback") {
      add(rest), add(adenosine_iv);
      result.pullback_wanted = true;
    } else {
      const std::string near = nearest_word(name, protocol_names());
      std::string known;
      for (const std::string& n : protocol_names()) known += (known.empty() ? "" : ", ") + n;
      throw ParameterError("unknown protocol '" + name + "'" + (near.empty() ? "" : "; did you mean '" + near + "'?") +
                           " (known: " + known + ")");
    }
  }
  result.patient = make_patient(parameters, numerics);
  for (const Condition& c : conditions) {
    result.phases.push_back(solve_phase(result.patient, c, numerics));
    const PhaseResult& phase = result.phases.back();
    if (phase.status != Status::ok) {
      result.status = phase.status;
      result.failure = phase.failure;
      return result;
    }
    result.readings.push_back(read_phase(result.patient, phase, artery));
    if (!finite(result.readings.back())) {
      result.status = Status::not_finite;
      result.failure = std::string("phase ") + c.name + ": a reading is not finite (flow next to nothing?)";
      return result;
    }
  }
  const std::size_t at_rest = result.find("rest"), hyper = result.hyperaemia();
  if (at_rest != RunResult::npos && hyper != RunResult::npos) {
    result.has_indices = true;
    result.indices = make_indices(result.readings[at_rest], result.readings[hyper]);
    for (const double v : {result.indices.cfr, result.indices.ffr, result.indices.ifr, result.indices.imr,
                           result.indices.hmr_mmHg_s_per_cm, result.indices.mrr, result.indices.rrr})
      if (!std::isfinite(v)) {
        result.status = Status::not_finite;
        result.failure = "an index is not finite (flow next to nothing?)";
        return result;
      }
    result.table = index_table(result.indices, result.readings[at_rest], result.readings[hyper], artery);
  }
  return result;
}

}  // namespace coronet
