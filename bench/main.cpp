/// coronet_bench beats|limit-cycles|dump: CSV (or JSON) on stdout. Times are processor time of one thread, the least of five runs, all
/// methods in turn within each.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstring>

#include "bench/problem.hpp"
#include "io/patient_file.hpp"

namespace coronet::bench {
namespace {

Problem problem(const char* patient, const Condition& condition, double stiffness) {
  const Patient who = make_patient(io::load_patient(patient).parameters);
  const PhaseResult phase = solve_phase(who, condition);
  Problem p{.patient = patient,
            .phase = condition.name,
            .stiffness = stiffness,
            .network = phase.network,
            .drive = {phase.heart, condition.perfusion_factor},
            .start = {},
            .reference = {}};
  for (std::size_t i = 0; i < network::segments; ++i) {
    p.start[network::pressure_at + i] = phase.trace.segment_pressure[i][0];
    p.start[network::flow_at + i] = phase.trace.segment_flow[i][0];
    p.network.segment[i].inertance /= stiffness;
    p.network.segment[i].compliance /= stiffness;
  }
  for (std::size_t b = 0; b < network::beds; ++b)
    for (std::size_t k = 0; k < bed::compartments; ++k)
      p.start[network::volume_index(b, k)] = phase.trace.volume[b][k][0];
  const double steps = stiffness > 5.0 ? 300000.0 : 40000.0;
  p.reference = explicit_methods()[0].run(p, steps);
  return p;
}

void beat_table() {
  std::vector<Method> methods = {implicit_method()};
  for (const Method& m : explicit_methods()) methods.push_back(m);
  methods.push_back(cvode_method());
  std::printf("patient,phase,stiffness,method,setting,error,us_per_beat\n");
  for (const auto& [patient, condition] : {std::pair{"healthy", rest}, {"cmd_structural", adenosine_iv}})
    for (double stiffness : {0.1, 1.0, 10.0}) {
      const Problem p = problem(patient, condition, stiffness);
      struct Row {
        const Method* method;
        double setting, error, time;
      };
      std::vector<Row> rows;
      for (const Method& m : methods)
        for (double setting : m.settings) rows.push_back({&m, setting, error_of(p, m.run(p, setting)), 1e9});
      for (int repeat = 0; repeat < 5; ++repeat)
        for (Row& row : rows) {
          if (!(row.error < 0.1)) continue;
          const double t = cpu_time();
          row.method->run(p, row.setting);
          row.time = std::min(row.time, (cpu_time() - t) / beats);
        }
      for (const Row& row : rows)
        if (row.error < 0.1)
          std::printf("%s,%s,%g,%s,%g,%.2e,%.1f\n", patient, condition.name.c_str(), stiffness,
                      row.method->name.c_str(), row.setting, row.error, 1e6 * row.time);
      std::fflush(stdout);
    }
}

void numbers(const char* name, const double* x, std::size_t count, bool last = false) {
  std::printf("\"%s\": [", name);
  for (std::size_t i = 0; i < count; ++i) std::printf("%s%.17g", i ? ", " : "", x[i]);
  std::printf("]%s\n", last ? "" : ",");
}

/// The problem as JSON, for scipy_beats.py: parameters in the order of their structs, forcing and slopes at 400 times.
void dump() {
  const Problem p = problem("healthy", rest, 1.0);
  std::printf("{\n");
  numbers("segments", &p.network.segment[0].resistance, sizeof p.network.segment / sizeof(double));
  numbers("beds", &p.network.bed[0].shape[0].A, sizeof p.network.bed / sizeof(double));
  numbers("right_ventricular_share", p.network.right_ventricular_share.data(), network::territories);
  numbers("start", p.start.data(), network::state_size);
  numbers("reference", p.reference.data(), network::state_size);
  numbers("period", &p.drive.waves.period, 1);
  std::vector<double> value, slope;
  for (int j = 0; j <= 400; ++j) {
    const double t = p.drive.waves.period * j / 400.0;
    for (const auto& [f, to] :
         {std::pair{p.drive.at(t), &value}, {p.drive.slope_at(std::min(t, p.drive.waves.period)), &slope}})
      for (double x : {f.aortic, f.left_ventricular, f.right_ventricular, f.right_atrial, f.activation})
        to->push_back(x);
  }
  numbers("forcing", value.data(), value.size());
  numbers("forcing_slope", slope.data(), slope.size());
  numbers("peak_left_ventricular", &p.drive.waves.lv_systolic, 1, true);
  std::printf("}\n");
}

}  // namespace

double error_of(const Problem& p, const FastState& end) {
  double worst = 0.0;
  for (std::size_t b = 0; b < network::beds; ++b) {
    const double error = std::fabs(end[network::inflow_at + b] / p.reference[network::inflow_at + b] - 1.0);
    if (!std::isfinite(error)) return HUGE_VAL;
    worst = std::max(worst, error);
  }
  return worst;
}

}  // namespace coronet::bench

int main(int count, char** words) {
  if (count == 2 && std::strcmp(words[1], "beats") == 0) return coronet::bench::beat_table(), 0;
  if (count == 2 && std::strcmp(words[1], "limit-cycles") == 0) return coronet::bench::limit_cycles(), 0;
  if (count == 2 && std::strcmp(words[1], "dump") == 0) return coronet::bench::dump(), 0;
  std::fprintf(stderr,
               "coronet_bench beats         error and time of a beat, every stepper\n"
               "coronet_bench limit-cycles  time of a whole search\n"
               "coronet_bench dump          the problem of `healthy` at rest as JSON, for scipy_beats.py\n");
  return 2;
}
