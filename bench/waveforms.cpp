/// Waveforms of the recorded beat against those of Odeint's RK4 on a mesh four times finer than its stability asks for,
/// brought to its own limit cycle 1000 times more exactly. Error: largest difference of 200 samples, relative to the
/// largest value of that waveform. Also on meshes finer than the product's (refinement 1), to tell what it would take.

#include "bench/measure.hpp"
#include "bench/sections.hpp"
#include "bench/waveform_error.hpp"
#include "io/patient_file.hpp"

namespace coronet::bench {

void waveforms_section(const std::string& folder) {
  std::vector<std::string> names = {
      "healthy",      "healthy_female",     "cmd_functional", "cmd_structural", "lad_stenosis_with_cmd",
      "hypertension", "swine_anaesthetised"};
  if (quick) names.resize(1);
  Csv table(folder, "waveforms.csv", "patient,phase,quantity,refinement,largest_error,steps_per_beat,reference_steps");
  for (const std::string& name : names) {
    say("waveforms: " + name);
    const Patient patient = make_patient(io::load_patient(name).parameters);
    for (const Condition& condition : {rest, adenosine_iv}) {
      const PhaseResult reference = solve_phase(patient, condition, tight_numerics());
      if (reference.status != Status::ok) say("waveforms: " + reference.failure);
      for (const double refinement : {1.0, 2.0, 4.0, 8.0}) {
        const PhaseResult ours = solve_phase(patient, condition, {.step_refinement = refinement});
        if (ours.status != Status::ok) say("waveforms: " + ours.failure);
        if (reference.status != Status::ok || ours.status != Status::ok) continue;
        for (const auto& [quantity, error] : waveform_errors(*ours.trace, *reference.trace))
          table.row("%s,%s,%s,%g,%.2e,%zu,%zu", name.c_str(), condition.name.c_str(), quantity, refinement, error,
                    ours.steps_per_beat, reference.steps_per_beat);
      }
    }
  }
  table.complete();
}

}  // namespace coronet::bench
