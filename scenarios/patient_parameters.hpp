/// Everything that makes one virtual patient, in the units of the clinic (each in its name).
/// The table in parameter_table.cpp gives every field its key, range, source and meaning.
#pragma once
#include <array>
#include <compare>
#include <cstddef>
#include <string>
#include <vector>

#include "model/coronary_network.hpp"
#include "model/metabolic_signal.hpp"

namespace coronet {

struct HeartParameters {
  double heart_rate_bpm = 65.0;
  double aortic_systolic_mmHg = 120.0, aortic_diastolic_mmHg = 80.0;
  double contractility = 1.0, ejection_time_ratio = 1.0;
  double lv_end_diastolic_mmHg = 8.0, rv_end_diastolic_mmHg = 4.0, rv_systolic_mmHg = 25.0, right_atrial_mmHg = 5.0;
  std::partial_ordering operator<=>(const HeartParameters&) const = default;
};

struct MyocardiumParameters {
  double lv_mass_g = 130.0, rv_mass_g = 45.0;
  std::array<double, network::territories> lv_share = {0.43, 0.28, 0.29};
  std::array<double, network::territories> rv_share = {0.20, 0.0, 0.80};
  std::partial_ordering operator<=>(const MyocardiumParameters&) const = default;
};

struct BloodParameters {
  double haematocrit = 0.45, plasma_viscosity_mPa_s = 1.2, density_kg_per_m3 = 1055.0;
  double haemoglobin_g_per_dL = 14.5, arterial_saturation_percent = 97.0;
  double half_saturation_mmHg = 26.8;
  std::partial_ordering operator<=>(const BloodParameters&) const = default;
};

struct EpicardialParameters {
  double size_ratio = 1.0;
  double left_main_diameter_mm = 4.5, left_main_length_mm = 12.0;
  // (territory × position)
  std::array<std::array<double, network::positions>, network::territories> diameter_mm = {
      {{3.7, 3.0, 1.9}, {3.4, 2.7, 1.8}, {3.9, 3.3, 2.4}}};
  std::array<std::array<double, network::positions>, network::territories> length_mm = {
      {{40.0, 40.0, 55.0}, {25.0, 25.0, 20.0}, {45.0, 45.0, 40.0}}};
  std::partial_ordering operator<=>(const EpicardialParameters&) const = default;
};

inline constexpr std::size_t lesion_in_left_main = network::territories;

struct LesionParameters {
  std::size_t artery = network::lad;  // or lesion_in_left_main, which has no position
  std::size_t position = network::proximal;
  double diameter_reduction_percent = 0.0, length_mm = 10.0, exit_loss = 1.52;
  bool stented = false;
  double stent_length_mm = 15.0, stent_residual_percent = 5.0;
  std::partial_ordering operator<=>(const LesionParameters&) const = default;
};

/// The healthy bed: measured hyperaemia and how it is shared.
struct BedParameters {
  double hyperaemic_flow_mL_per_min_per_g = 3.6;
  double hyperaemic_capillary_share = 0.30;
  /// Weights of the other compartments in what epicardial arteries and capillaries leave: small arteries, arterioles,
  /// terminal arterioles, venules and veins.
  double small_artery_weight = 0.27, arteriole_weight = 0.15, terminal_arteriole_weight = 0.10, vein_weight = 0.15;
  std::array<double, network::layers> layer_resistance = {1.0, 1.22, 1.5};
  std::array<double, bed::compartments> volume_mL_per_100g = {1.86, 0.20, 0.10, 4.12, 5.01};
  std::partial_ordering operator<=>(const BedParameters&) const = default;
};

struct OxygenParameters {
  double consumption_mL_per_min_per_100g = 11.0;
  double endo_epi_demand_ratio = 1.15;
  double venous_saturation_set_point_percent = 30.0;
  std::partial_ordering operator<=>(const OxygenParameters&) const = default;
};

/// Tone of small arteries and arterioles.
struct RegulationParameters {
  std::size_t metabolic_signal = metabolic::venous_atp;
  double metabolic_dilation_at_rest = 0.3, atp_saturation_scale = 0.1;
  double myogenic_strength = 1.0, neurohumoral_tone = 0.46;
  std::partial_ordering operator<=>(const RegulationParameters&) const = default;
};

/// Endothelium and muscle, per territory.
struct EndotheliumParameters {
  std::array<double, network::territories> function = {0.8, 0.8, 0.8}, muscle_reactivity = {1.0, 1.0, 1.0};
  std::partial_ordering operator<=>(const EndotheliumParameters&) const = default;
};

/// A focal epicardial segment that overreacts to acetylcholine (model/spasm.hpp).
struct SpasmParameters {
  std::size_t artery = network::lad, position = network::mid;
  double reactivity = 0.0, length_mm = 10.0;  // 0: no such segment
  std::partial_ordering operator<=>(const SpasmParameters&) const = default;
};

/// What drugs and acquired disease change after the bed has been anchored; neutral by default. The healthy twin has
/// none of it. Demand follows heart rate, pressure and stroke volume (modifiers.hpp).
struct ModifierParameters {
  double heart_rate_factor = 1.0, systolic_pressure_factor = 1.0, diastolic_pressure_factor = 1.0;
  double contractility_factor = 1.0, stroke_volume_factor = 1.0;
  double lv_filling_pressure_factor = 1.0, right_filling_pressure_factor = 1.0;
  double small_artery_tone_relief = 0.0, arteriolar_tone_relief = 0.0, constriction_relief = 0.0;
  double endothelial_repair = 0.0;
  double left_main_dilation_percent = 0.0, stenosis_dilation_percent = 0.0;
  std::array<double, network::positions> dilation_percent = {0.0, 0.0, 0.0};
  std::partial_ordering operator<=>(const ModifierParameters&) const = default;
};

/// Structure relative to the healthy bed, per bed (territory × layer).
struct StructureParameters {
  std::array<double, network::beds> capillary_density_ratio, arteriolar_density_ratio, arteriolar_lumen_ratio;
  StructureParameters() {
    capillary_density_ratio.fill(1.0);
    arteriolar_density_ratio.fill(1.0);
    arteriolar_lumen_ratio.fill(1.0);
  }
  std::partial_ordering operator<=>(const StructureParameters&) const = default;
};

struct PatientParameters {
  HeartParameters heart;
  MyocardiumParameters myocardium;
  BloodParameters blood;
  EpicardialParameters epicardial;
  LesionParameters lesion;
  SpasmParameters spasm;
  BedParameters bed;
  OxygenParameters oxygen;
  RegulationParameters regulation;
  EndotheliumParameters endothelium;
  StructureParameters microvessels;
  ModifierParameters modifiers;
  std::vector<std::string> drugs;  // names of those whose effects the modifiers hold (drugs.hpp)
  std::partial_ordering operator<=>(const PatientParameters&) const = default;
};

}  // namespace coronet
