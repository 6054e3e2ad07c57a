/// From a patient's parameters to the network's: geometry, anchored bed, disease. SI from here on.
#pragma once
#include <array>
#include <string>

#include "model/adenosine.hpp"
#include "model/coronary_network.hpp"
#include "scenarios/patient_parameters.hpp"

namespace coronet {

/// A class of microvessels: shape A, B, D of its wall (mmHg), transmural pressure at which its dilated volume is given,
/// diameter in the middle of the class, and the share of the intramyocardial pressure it feels.
struct VesselClass {
  double A, B, D, reference_transmural, diameter_um, exposure;
};
extern const std::array<VesselClass, bed::compartments> vessel_classes;

/// A protocol phase as a change of conditions; the default is rest.
struct Condition {
  std::string name = "rest";
  double pressure_factor = 1.0;  // on systolic and diastolic aortic pressure
  double heart_rate_rise = 0.0;  // beats per second
  double contractility_factor = 1.0;
  double perfusion_factor = 1.0;  // on the pressure at the coronary ostia alone, as a cannula would
  double demand_factor = 1.0;     // on oxygen demand
  std::array<double, bed::compartments> tone_relief{};  // 0 … 1 per compartment, whatever the endothelium does
  double nitric_oxide_blockade = 0.0;                   // 0 … 1
  std::array<double, network::territories> acetylcholine_infusion{};  // mol/s into the artery
  double systolic_factor = 1.0;                                       // on systolic aortic pressure alone
  double ejection_lengthening = 0.0;                   // s, beyond the regression of ejection time at rest
  double relaxation_factor = 1.0;                      // on the time of relaxation after the aortic valve has closed
  double half_saturation_factor = 1.0;                 // on P50 of haemoglobin
  std::array<bool, network::territories> occlusion{};  // of the artery's proximal segment
};

inline const Condition rest{};
inline const Condition adenosine_iv{.name = "adenosine_iv",
                                    .pressure_factor = adenosine::pressure_factor_iv,
                                    .heart_rate_rise = adenosine::heart_rate_rise_iv,
                                    .tone_relief = adenosine::relief};
inline const Condition adenosine_ic{.name = "adenosine_ic", .tone_relief = adenosine::relief};

/// ln of the factor that anchoring puts on the first guess of each territory's bed resistance.
using Anchor = std::array<double, network::territories>;

/// Whether disease, lesion and stent act, or the healthy twin on which the bed is anchored is built.
enum class Build { healthy_twin, patient };

/// What a network is built from.
struct Setup {
  PatientParameters parameters;
  Anchor anchor{};
  Build build = Build::patient;
};

/// Diameter of the epicardial arteries of each territory, then of the spastic site, relative to rest under the same
/// drugs (left main unchanged).
inline constexpr std::size_t spastic_site = network::territories, epicardial_sites = network::territories + 1;
using EpicardialDiameter = std::array<double, epicardial_sites>;
inline constexpr EpicardialDiameter resting_diameter = {1.0, 1.0, 1.0, 1.0};

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
network::Parameters<double> passive_network(const Setup& setup, const EpicardialDiameter& diameter = resting_diameter);

/// Poiseuille resistances of the territories' healthy paths, Pa·s/m³.
using EpicardialResistances = std::array<double, network::territories>;
EpicardialResistances epicardial_resistances(const PatientParameters& p);

/// The arteries of passive_network, `diameter` relative to rest.
void build_segments(network::Parameters<double>& n, const Setup& setup, const EpicardialDiameter& diameter);

/// What the beds of passive_network have in common.
void build_walls(network::Parameters<double>& n, const BloodParameters& blood);

/// The beds of passive_network, whose walls are there, and right_ventricular_share.
void build_beds(network::Parameters<double>& n, const Setup& setup, const EpicardialResistances& epicardial);

/// Closes the proximal segments of occluded arteries: resistance and inertance × 10⁹, so that flow stops and no rate of
/// the equations grows (a resistance alone would ask for steps as small as it is large). `close` stops what still
/// flows.
void occlude(network::Parameters<double>& n, const Condition& condition);
void close(network::State<double>& x, const Condition& condition);

/// Poiseuille resistance of a territory's healthy path, per its own flow; the left main also carries its neighbour's.
double epicardial_resistance(const PatientParameters& p, std::size_t territory);

/// Volume of a compartment of the healthy bed at its reference pressure, m³.
double healthy_volume(const PatientParameters& p, std::size_t bed_index, std::size_t compartment);

/// Share of a territory's passive conductance that a layer of the healthy bed has.
double layer_flow_share(const PatientParameters& p, std::size_t layer);

}  // namespace coronet
