#include "scenarios/modifiers.hpp"

#include <algorithm>

#include "model/exercise.hpp"
#include "model/units.hpp"

namespace coronet {
namespace {

double dilation(const ModifierParameters& m, std::size_t segment) {
  const double percent = segment == network::left_main ? m.left_main_dilation_percent
                                                       : m.dilation_percent[(segment - 1) % network::positions];
  return 1.0 + percent * unit::percent;
}

exercise::Work<double> work(const HeartParameters& h, double stroke) {
  return {.rate_per_min = h.heart_rate_bpm,
          .systolic_mmHg = h.aortic_systolic_mmHg,
          .diastolic_mmHg = h.aortic_diastolic_mmHg,
          .stroke_mL_per_kg = stroke};
}

}  // namespace

HeartParameters modified_heart(const PatientParameters& p) {
  const ModifierParameters& m = p.modifiers;
  HeartParameters h = p.heart;
  h.heart_rate_bpm *= m.heart_rate_factor;
  h.aortic_systolic_mmHg *= m.systolic_pressure_factor;
  h.aortic_diastolic_mmHg *= m.diastolic_pressure_factor;
  h.contractility *= m.contractility_factor;
  h.lv_end_diastolic_mmHg *= m.lv_filling_pressure_factor;
  h.rv_end_diastolic_mmHg *= m.right_filling_pressure_factor;
  h.right_atrial_mmHg *= m.right_filling_pressure_factor;
  return h;
}

double modified_demand(const PatientParameters& p) {
  const double stroke = resting_stroke_mL_per_kg * p.modifiers.stroke_volume_factor;
  return exercise::oxygen_consumption(work(modified_heart(p), stroke)) /
         exercise::oxygen_consumption(work(p.heart, resting_stroke_mL_per_kg));
}

double tone_relief(const ModifierParameters& m, std::size_t compartment) {
  if (compartment == bed::small_artery) return m.small_artery_tone_relief;
  return compartment <= bed::terminal_arteriole ? m.arteriolar_tone_relief : 0.0;
}

double repaired_endothelium(const PatientParameters& p, std::size_t territory) {
  const double function = p.endothelium.function[territory];
  return function + p.modifiers.endothelial_repair * (1.0 - function);
}

epicardial::Geometry<double> dilated_geometry(const PatientParameters& p, std::size_t segment) {
  auto geometry = segment_geometry(p, segment);
  geometry.diameter *= dilation(p.modifiers, segment);
  return geometry;
}

double dilated_reduction(const ModifierParameters& m, std::size_t segment, double reduction_percent) {
  const double given = reduction_percent * unit::percent;
  if (given == 0.0 || (m.stenosis_dilation_percent == 0.0 && dilation(m, segment) == 1.0)) return given;
  const double throat = (1.0 - given) * (1.0 + m.stenosis_dilation_percent * unit::percent) / dilation(m, segment);
  return std::clamp(1.0 - throat, 0.0, stenosis::max_reduction);
}

}  // namespace coronet
