/// From a patient's parameters to the network's: geometry, anchored bed, disease. SI from here on.
#pragma once
#include <array>

#include "model/adenosine.hpp"
#include "model/coronary_network.hpp"
#include "model/metabolic_feedback.hpp"
#include "scenarios/patient_parameters.hpp"

namespace coronet {

/// A class of microvessels: shape of its wall (mmHg), transmural pressure at which its dilated volume is given,
/// diameter in the middle of the class, and the share of the intramyocardial pressure it feels.
struct VesselClass {
  double A, B, reference_transmural, diameter_um, exposure;
};
extern const std::array<VesselClass, bed::compartments> vessel_classes;

/// A protocol phase as a change of conditions.
struct Condition {
  const char* name;
  double pressure_factor;                             // on systolic and diastolic aortic pressure
  double heart_rate_rise;                             // beats per second
  std::array<double, bed::compartments> tone_relief;  // 0 … 1 per compartment
};

inline constexpr Condition rest = {"rest", 1.0, 0.0, {0.0, 0.0, 0.0, 0.0, 0.0}};
inline constexpr Condition adenosine_iv = {"adenosine_iv", adenosine::pressure_factor_iv, adenosine::heart_rate_rise_iv,
                                           adenosine::relief};
inline constexpr Condition adenosine_ic = {"adenosine_ic", 1.0, 0.0, adenosine::relief};

/// ln of the factor that anchoring puts on the first guess of each territory's bed resistance.
using Anchor = std::array<double, network::territories>;

/// Whether disease, lesion and stent act, or the healthy twin on which the bed is anchored is built.
enum class Build { healthy_twin, patient };

/// Mass of one layer of a territory, kg (layers are equal thirds).
double layer_mass(const PatientParameters& p, std::size_t territory);

/// Oxygen demand of one bed, m³ O2/s.
double oxygen_demand(const PatientParameters& p, std::size_t bed_index);

/// Oxygen capacity of the patient's blood, m³ O2/m³.
double oxygen_capacity(const PatientParameters& p);

/// Hyperaemic flow to which the territory's healthy bed is anchored, m³/s.
double anchored_flow(const PatientParameters& p, std::size_t territory);

/// Geometry of one epicardial segment, SI.
epicardial::Geometry<double> segment_geometry(const PatientParameters& p, std::size_t segment);

/// Segment that carries the lesion (or the stent).
std::size_t lesion_segment(const LesionParameters& l);

heart::Waves<double> heart_waves(const PatientParameters& p, const Condition& condition);

/// The network without tone.
network::Parameters<double> passive_network(const PatientParameters& p, const Anchor& anchor, Build build);

/// Poiseuille resistance of a territory's healthy path, per its own flow; the left main also carries its neighbour's.
double epicardial_resistance(const PatientParameters& p, const network::Parameters<double>& n, std::size_t territory);

/// Narrows the passive network by tone (per bed) under a condition.
void apply_tone(network::Parameters<double>& network, const network::Parameters<double>& passive,
                const std::array<double, network::beds>& tone, const Condition& condition);

}  // namespace coronet
