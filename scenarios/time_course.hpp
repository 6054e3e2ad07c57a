/// Time courses a laboratory knows by name, each a schedule of conditions and what is read of it.
///
///   pressure_step   10 s rest, 90 s at 0.75 of the pressure at the ostia, 90 s rest
///   pacing_step     10 s rest, 90 s at 35/min above the patient's rate, 90 s rest; demand follows the rate
///   occlusion       10 s rest, the artery closed for 15 s, 235 s rest: reactive hyperaemia
///
/// Half-times are those of the artery's conductance (scenarios/transient.hpp). Pacing leaves blood pressure and cardiac
/// output level, so that stroke volume falls as rate rises; demand by equation [6] of model/exercise.hpp.
/// Source: steps as in Dankelman 1989–92 (dog: 5.5 s dilating, 6.2–6.6 s constricting); occlusion of 15 s as in Coffman
/// & Gregg 1960 (dog: peak 4–5 times rest, half-decay 20–30 s, debt repaid 2- to 4-fold; recalled). The size of the
/// steps is an assumption: within the plateau of autoregulation.
/// Not modelled: the trace of pressure of a real step (here from one beat to the next), the heart's answer to ischaemia.
#pragma once
#include <string>
#include <vector>

#include "scenarios/transient.hpp"

namespace coronet {

inline constexpr double step_start = 10.0, step_length = 90.0, occlusion_length = 15.0, course_length = 190.0;  // s
inline constexpr double occlusion_watched = 260.0;                                                              // s
inline constexpr double pressure_step_factor = 0.75;
inline constexpr double pacing_rise_per_min = 35.0;

/// Half-times of conductance there and back, and the flow that is reached, of one artery.
struct StepResponse {
  double half_time_dilating = 0.0, half_time_constricting = 0.0;   // s
  double flow_before = 0.0, flow_changed = 0.0, flow_after = 0.0;  // m³/s, last beat of each part
};

struct TimeCourse {
  std::string name;
  std::size_t artery = network::lad;
  Condition changed = rest;
  double start = 0.0, release = 0.0;  // s: begin and end of the changed condition
  Transient transient;
  StepResponse step;              // of the two steps
  ReactiveHyperaemia hyperaemia;  // of the occlusion
};

/// pressure_step, pacing_step, occlusion.
const std::vector<std::string>& time_course_names();

/// The patient paced `rise_per_min` above the own rate.
Condition paced(const Patient& patient, double rise_per_min);

/// Lives through one of time_course_names(); `settled` is the patient's limit cycle at rest. Readings are 0 where the
/// transient did not come to its end.
TimeCourse live_time_course(const std::string& name, const Patient& patient, std::size_t artery,
                            const PatientState& settled, const Numerics& numerics = {});

}  // namespace coronet
