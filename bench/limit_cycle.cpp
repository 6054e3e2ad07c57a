/// Whole searches for the limit cycle: ours, and plain beats with Odeint's RK4 until nothing changes.
#include <cstdio>

#include "bench/problem.hpp"
#include "io/patient_file.hpp"

namespace coronet::bench {

void limit_cycles() {
  std::printf("patient,phase,method,beats,steps_per_beat,ms,ratio_to_coronet\n");
  for (const char* name : {"healthy", "cmd_structural", "lad_stenosis_with_cmd", "mixed_cmd"}) {
    const Patient patient = make_patient(io::load_patient(name).parameters);
    for (const Condition& condition : {rest, adenosine_iv}) {
      double ours = 0.0;
      const auto line = [&](const char* method, const Numerics& numerics, int times) {
        double best = 1e9;
        PhaseResult r;
        for (int i = 0; i < times; ++i) {
          PatientState from = start_of(patient, condition);
          const double t = cpu_time();
          r = solve_phase(patient, condition, numerics, &from);
          best = std::min(best, cpu_time() - t);
        }
        if (ours == 0.0) ours = best;
        std::printf("%s,%s,%s,%zu,%zu,%.3f,%.1f\n", name, condition.name.c_str(), method, r.beats, r.steps_per_beat,
                    1e3 * best, best / ours);
        std::fflush(stdout);
      };
      line("coronet", {}, 5);
      Numerics plain;
      plain.stepper = Stepper::runge_kutta_4;
      plain.accelerated = false;
      plain.max_beats = 5000;
      plain.period_tolerance = 1e-6;
      line("odeint_rk4_plain_beats", plain, 1);
    }
  }
}

}  // namespace coronet::bench
