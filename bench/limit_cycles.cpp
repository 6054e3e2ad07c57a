/// Whole searches for the limit cycle on one core: ours, alone and in every way of lanes, and plain beats with Odeint's
/// RK4 until a beat changes nothing by more than 1e-6 (which leaves it further from the cycle than ours).
#include <algorithm>

#include "bench/cohort.hpp"
#include "bench/measure.hpp"
#include "bench/sections.hpp"
#include "scenarios/lanes.hpp"

namespace coronet::bench {
namespace {

const Numerics ours{.waveforms = false};

/// The searches of all patients in one phase, in lanes, on this thread.
std::size_t search(const std::vector<Patient>& patients, const Condition& condition, const lanes::Way& way) {
  std::vector<PatientState> states;
  for (const Patient& p : patients) states.push_back(start_of(p, condition));
  std::vector<PhaseResult> results(patients.size());
  lanes::lead_all(patients.size(), 1, way, [&](std::size_t i) {
    return solving_phase(patients[i], condition, ours, &states[i], nullptr, results[i]);
  });
  std::size_t spent = 0;
  for (const PhaseResult& r : results) spent += r.beats;
  return spent;
}

}  // namespace

void limit_cycles_section(const std::string& folder) {
  const std::size_t many = quick ? 16 : 96, few = quick ? 1 : 4;
  const double budget = quick ? 0.0 : 40.0;  // s for the plain beats of one phase
  say("limit cycles: anchoring " + std::to_string(many) + " patients");
  const study::Study study = regulated_cohort();
  std::vector<Patient> patients(many);
  std::vector<PatientParameters> parameters;
  for (std::size_t i = 0; i < many; ++i) parameters.push_back(member_of(study, i));
  lanes::lead_all(many, 0, lanes::chosen(),
                  [&](std::size_t i) { return making_patient(parameters[i], ours, nullptr, patients[i]); });

  Csv table(folder, "limit_cycles.csv",
            "phase,method,patients,beats_mean,ms_least,ms_median,noise_percent,largest_period_error");
  for (const Condition& condition : {rest, adenosine_iv}) {
    const std::string& phase = condition.name;
    say("limit cycles: " + phase + ": ours");
    const std::vector<lanes::Way>& ways = lanes::ways();
    std::vector<std::size_t> spent(ways.size());
    std::vector<std::function<void()>> pieces;
    for (std::size_t w = 0; w < ways.size(); ++w)
      pieces.push_back([&, w] { spent[w] = search(patients, condition, ways[w]); });
    const std::vector<Patient> first(patients.begin(), patients.begin() + static_cast<long>(few));
    std::size_t spent_few = 0;
    pieces.push_back([&] { spent_few = search(first, condition, ways[0]); });
    const std::vector<Spread> times = alternate(pieces, quick ? 1 : 5, 1, 15.0);
    const auto line = [&](const char* method, std::size_t count, std::size_t all_beats, const Spread& t, double error) {
      const double each = 1e3 / static_cast<double>(count);
      table.row("%s,%s,%zu,%.2f,%.5f,%.5f,%.1f,%.1e", phase.c_str(), method, count,
                static_cast<double>(all_beats) / static_cast<double>(count), each * t.least, each * t.median,
                t.noise_percent(), error);
    };
    for (std::size_t w = 0; w < ways.size(); ++w)
      line((std::string("coronet_") + ways[w].name).c_str(), many, spent[w], times[w], 0.0);
    line("coronet_scalar", few, spent_few, times.back(), 0.0);
    Numerics plain;
    plain.stepper = Stepper::runge_kutta_4;
    plain.accelerated = false;
    plain.waveforms = false;
    plain.max_beats = 5000;
    plain.max_steps = 40'000'000;
    plain.period_tolerance = 1e-6;
    double seconds = 0.0, error = 0.0;
    std::size_t done = 0, all_beats = 0;
    for (; done < few && (done == 0 || seconds < budget); ++done) {
      say("limit cycles: " + phase + ": plain beats of patient " + std::to_string(done));
      PatientState from = start_of(patients[done], condition);
      const double t = cpu_time();
      const PhaseResult r = solve_phase(patients[done], condition, plain, &from);
      seconds += cpu_time() - t;
      all_beats += r.beats;
      error = std::max(error, r.period_error);
      if (r.status != Status::ok) say("limit cycles: " + r.failure);
    }
    line("odeint_rk4_plain_beats", done, all_beats, {seconds, seconds}, error);
  }
  table.complete();
}

}  // namespace coronet::bench
