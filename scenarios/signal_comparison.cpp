#include "scenarios/signal_comparison.hpp"

#include "scenarios/bed_readings.hpp"
#include "scenarios/protocol.hpp"
#include "solvers/parallel.hpp"

namespace coronet {
namespace {

constexpr std::size_t artery = network::lad;

double heart_flow(const ExercisePoint& p) {
  double flow = 0.0;
  for (double q : p.flow) flow += q;
  return flow;
}

double coronary_sinus(const ExercisePoint& p) {
  double oxygen = 0.0;
  for (std::size_t b = 0; b < network::beds; ++b) oxygen += p.bed_flow[b] * p.venous_saturation[b];
  return oxygen / heart_flow(p);
}

void read_exercise(SignalAnswers& a, const Patient& patient) {
  ExerciseOptions options;
  options.stop_at_ischaemia = false;
  const ExerciseTest test = exercise_ramp(patient, options);
  if (test.status != Status::ok) {
    a.failures.push_back("exercise_ramp: " + test.failure);
    return;
  }
  const ExercisePoint &at_rest = test.points.front(), &peak = test.points.back();
  a.exercised = true;
  a.peak_METs = peak.METs;
  a.slope = (heart_flow(peak) / heart_flow(at_rest) - 1.0) / (peak.demand_factor - 1.0);
  a.peak_venous_saturation_percent = coronary_sinus(peak) / unit::percent;
  a.peak_endo_epi = peak.endo_epi[artery];
  a.ischaemia = test.ischaemia;
  if (!test.ischaemia) return;
  a.ischaemia_METs = test.ischaemia_METs;
  a.ischaemic_bed = std::string(network::territory_names[test.ischaemic_territory()]) + " " +
                    network::layer_names[test.ischaemic_layer()];
}

void read_run(SignalAnswers& a, const PatientParameters& parameters) {
  const RunResult run =
      run_patient(parameters, {"rest", "autoregulation", "pressure_step", "pacing_step", "occlusion"}, artery);
  if (run.status != Status::ok) {
    a.failures.push_back(run.failure);
    return;
  }
  const PhaseReadings& r = run.readings[run.find("rest")];
  a.perfusion_mL_per_min_per_g = r.perfusion_mL_per_min_per_g[artery];
  a.endo_epi = r.endo_epi_ratio[artery];
  a.venous_saturation_percent = r.venous_saturation_percent;
  for (const std::string& failure : run.courses.failures()) a.failures.push_back(failure);
  if (run.courses.autoregulation->status == Status::ok) {
    a.swept = true;
    a.gain = run.courses.autoregulation->gain(artery);
    for (std::size_t l = 0; l < network::layers; ++l)
      a.lower_limit[l] = run.courses.autoregulation->lower_limit_of_layer(artery, l);
  }
  for (const TimeCourse& c : run.courses.time_courses) {
    if (c.transient.status != Status::ok) continue;
    if (c.name == "pressure_step") a.pressure_step = c.step;
    if (c.name == "pacing_step") a.pacing_step = c.step;
    if (c.name == "occlusion") a.hyperaemia = c.hyperaemia;
  }
  read_exercise(a, run.patient);
}

SignalAnswers ask(const validation::Catalogue& catalogue, std::size_t signal) {
  SignalAnswers a;
  a.signal = signal;
  validation::Catalogue with = catalogue;
  for (validation::Subject& s : with.subjects) {
    s.parameters.regulation.metabolic_signal = signal;
    if (s.name == "healthy") read_run(a, s.parameters);
  }
  a.validation = validation::run(with);
  return a;
}

}  // namespace

std::vector<SignalAnswers> compare_signals(const validation::Catalogue& catalogue, int threads,
                                           const std::function<void(std::size_t, std::size_t)>& progress) {
  std::vector<SignalAnswers> all(metabolic::signal_names.size());
  parallel_for(
      all.size(), threads, [&](std::size_t i) { all[i] = ask(catalogue, i); },
      [&](std::size_t done) {
        if (progress) progress(done, all.size());
      });
  return all;
}

}  // namespace coronet
