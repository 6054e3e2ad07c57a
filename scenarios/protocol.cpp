#include "scenarios/protocol.hpp"

#include <algorithm>
#include <cmath>

#include "model/units.hpp"
#include "scenarios/drugs.hpp"
#include "scenarios/known_anchors.hpp"
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
  static const std::vector<std::string> names = [] {
    std::vector<std::string> all = {"rest",          "adenosine_iv", "adenosine_ic", "pullback",
                                    "acetylcholine", "nos_blockade", "nitroglycerin"};
    all.insert(all.end(), course_names().begin(), course_names().end());
    return all;
  }();
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

std::size_t RunResult::acetylcholine_peak() const {
  return find(acetylcholine_ic(acetylcholine_doses.back(), artery).name);
}

Condition acetylcholine_ic(double molar, std::size_t territory) {
  Condition c{.name = "acetylcholine_" + std::to_string(std::lround(molar * 1e6)) + "uM"};
  c.acetylcholine_infusion[territory] = molar * 1000.0 * 1.0 * unit::mL_per_min;  // mol/s
  return c;
}

std::vector<Condition> conditions_of(const std::vector<std::string>& protocols, std::size_t artery) {
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
    } else if (name == "acetylcholine") {
      add(rest);
      for (double dose : acetylcholine_doses) add(acetylcholine_ic(dose, artery));
    } else if (name == "nos_blockade") {
      add(rest), add(nos_blockade);
    } else if (name == "nitroglycerin") {
      add(rest), add(nitroglycerin_ic);
    } else if (is_course(name)) {
      add(rest);
    } else {
      const std::string near = nearest_word(name, protocol_names());
      std::string known;
      for (const std::string& n : protocol_names()) known += (known.empty() ? "" : ", ") + n;
      throw ParameterError("unknown protocol '" + name + "'" + (near.empty() ? "" : "; did you mean '" + near + "'?") +
                           " (known: " + known + ")");
    }
  }
  return conditions;
}

namespace {

/// For a search from where a patient is expected. One that has not ended by then began beside a fold, between patients of
/// different branches: from the usual start the way is shorter.
Numerics tentative(Numerics numerics) {
  numerics.max_beats = 20;
  numerics.falls_back = false;
  return numerics;
}

/// The phases and courses of `result.patient`, who has been anchored.
Dialogue<void> running_phases(const std::vector<std::string>& protocols, std::size_t artery, const Numerics& numerics,
                              RunResult& result, const Expected* expected = nullptr) {
  result.artery = artery;
  const std::vector<Condition> conditions = conditions_of(protocols, artery);
  result.pullback_wanted = std::find(protocols.begin(), protocols.end(), "pullback") != protocols.end();
  Patient dilated = result.patient;  // during the phase of nitroglycerin
  for (const Condition& c : conditions)
    if (c.name == nitroglycerin_ic.name) {
      PatientParameters given = result.patient.parameters;
      give_drug(given, "nitroglycerin");
      dilated = with_parameters(result.patient, given);
    }
  PatientState settled;  // where the last phase with tone ended
  PatientState resting;  // where rest ended
  result.phases.reserve(conditions.size());
  result.ends.reserve(conditions.size());
  for (const Condition& c : conditions) {
    const bool dilates = c.name == nitroglycerin_ic.name;
    const bool goes_on = c.acetylcholine_infusion[artery] > 0.0 || c.nitric_oxide_blockade > 0.0;
    const Patient& subject = dilates ? dilated : result.patient;
    PatientState& state = result.ends.emplace_back();
    PhaseResult& phase = result.phases.emplace_back();
    if (expected && !goes_on && !dilates) {
      state = expected->phases[result.phases.size() - 1];
      co_await solving_phase(subject, c, tentative(numerics), &state, nullptr, phase);
    }
    if (phase.status != Status::ok) {
      const std::size_t spent = phase.beats;
      phase = {};
      state = goes_on || dilates ? settled : start_of(subject, c, numerics);
      co_await solving_phase(subject, c, numerics, &state, nullptr, phase);
      phase.beats += spent;
    }
    if (goes_on || c.name == rest.name) settled = state;
    if (c.name == rest.name) resting = state;
    if (phase.status != Status::ok) {
      result.status = phase.status;
      result.failure = phase.failure;
      co_return;
    }
    result.readings.push_back(read_phase(subject, phase, artery));
    if (!finite(result.readings.back())) {
      result.status = Status::not_finite;
      result.failure = std::string("phase ") + c.name + ": a reading is not finite (flow next to nothing?)";
      co_return;
    }
  }
  for (const std::string& name : protocols)
    if (is_course(name)) add_course(result.courses, name, result.patient, artery, resting, numerics);
  const std::size_t at_rest = result.find("rest"), hyper = result.hyperaemia(), ach = result.acetylcholine_peak();
  if (at_rest != RunResult::npos && hyper != RunResult::npos) {
    result.has_indices = true;
    result.indices = make_indices(result.readings[at_rest], result.readings[hyper]);
    if (ach != RunResult::npos)
      add_acetylcholine(result.indices, result.readings[at_rest], result.readings[ach], artery);
    for (const double v : {result.indices.cfr, result.indices.ffr, result.indices.ifr, result.indices.imr,
                           result.indices.hmr_mmHg_s_per_cm, result.indices.mrr, result.indices.rrr})
      if (!std::isfinite(v)) {
        result.status = Status::not_finite;
        result.failure = "an index is not finite (flow next to nothing?)";
        co_return;
      }
    result.table = index_table(result.indices, result.readings[at_rest], result.readings[hyper], artery);
  }
}

}  // namespace

Dialogue<void> running_patient(const PatientParameters& parameters, const std::vector<std::string>& protocols,
                               std::size_t artery, const Numerics& numerics, RunResult& result, KnownAnchors* known,
                               const Expected* expected) {
  conditions_of(protocols, artery);  // an unknown name is an error before the bed is anchored
  if (expected) {
    Patient near;
    near.anchor = expected->anchor;
    near.start = expected->anchored;
    co_await making_patient(parameters, tentative(numerics), &near, result.patient, known);
  }
  if (result.patient.status != Status::ok)
    co_await making_patient(parameters, numerics, nullptr, result.patient, known);
  co_await running_phases(protocols, artery, numerics, result, expected);
}

RunResult run_anchored(const Patient& patient, const std::vector<std::string>& protocols, std::size_t artery,
                       const Numerics& numerics) {
  RunResult result;
  result.patient = patient;
  alone(running_phases(protocols, artery, numerics, result));
  return result;
}

RunResult run_patient(const PatientParameters& parameters, const std::vector<std::string>& protocols,
                      std::size_t artery, const Numerics& numerics) {
  RunResult result;
  alone(running_patient(parameters, protocols, artery, numerics, result));
  return result;
}

namespace {

/// One patient of a batch.
struct Batch {
  const std::function<Member(std::size_t)>& patient;
  const std::vector<std::string>& protocols;
  std::size_t artery;
  const Numerics& numerics;
  const std::function<void(std::size_t, RunResult&)>& ended;
  KnownAnchors anchors = {};
};
Dialogue<void> running_member(Batch& batch, std::size_t i) {
  RunResult result;
  try {
    const Member member = batch.patient(i);
    co_await running_patient(member.parameters, batch.protocols, batch.artery, batch.numerics, result, &batch.anchors,
                             member.expected.get());
  } catch (const ParameterError& e) {  // values that contradict each other in this patient only
    result.status = Status::invalid;
    result.failure = e.what();
  }
  batch.ended(i, result);
}

}  // namespace

void run_patients(std::size_t count, const std::function<Member(std::size_t)>& patient,
                  const std::vector<std::string>& protocols, std::size_t artery, const Numerics& numerics,
                  const std::function<void(std::size_t, RunResult&)>& ended, int threads, const lanes::Way& way,
                  const std::function<bool(std::size_t)>& allowed) {
  conditions_of(protocols, artery);  // a name that nobody knows is nobody's own failure
  Batch batch{patient, protocols, artery, numerics, ended};
  lanes::lead_all(
      count, threads, way, [&batch](std::size_t i) { return running_member(batch, i); }, {}, allowed);
}

std::vector<RunResult> run_patients(std::span<const PatientParameters> patients,
                                    const std::vector<std::string>& protocols, std::size_t artery,
                                    const Numerics& numerics, int threads, const lanes::Way& way) {
  std::vector<RunResult> results(patients.size());
  run_patients(
      patients.size(), [&](std::size_t i) { return patients[i]; }, protocols, artery, numerics,
      [&](std::size_t i, RunResult& result) { results[i] = std::move(result); }, threads, way);
  return results;
}

}  // namespace coronet
