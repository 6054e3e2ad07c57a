/// Regulation of the beds, evaluated on means over a beat, outside the fast equations.
///
/// Each class of muscular vessels in each bed has one slow number: the relative loss of radius c by active tone.
///
///   c_target = 1 − (1 − A (s ΔR_m/R_p + N_k))(1 − κ),   A = (1 − F_NO)(1 − F_meta,k)(1 − relief_k)     [1]
///   V_max    = V_max,passive (1 − c)²                                                        [2]
///   τ_k      = τ_ref,k · (Q/Q_ref) · (r_ref/r)³                                              [3] wall shear stress
///
/// N is what nerves and hormones add to the myogenic loss at any pressure: isolated subendocardial vessels at their low
/// transmural pressure have hardly any tone, those in the body do (assumption, calibrated on resting flow).
/// Transmural pressure, flow and volume are means over the beat; the reference of [3] is the healthy bed at its
/// anchored hyperaemia, where τ_ref is 20 dyn/cm² in small arteries and 15 in arterioles (assumptions near the 10 and
/// 19 dyn/cm² at rest in dogs, Stepp 1999, recalled).
#pragma once
#include <algorithm>
#include <array>

#include "model/endothelium.hpp"
#include "model/metabolic_signal.hpp"
#include "model/oxygen.hpp"
#include "scenarios/circulation.hpp"

namespace coronet {

using bed::muscular;
inline constexpr std::array<double, muscular> reference_shear = {2.0, 1.5, 1.5};  // Pa

/// Neurohumoral tone relative to that of arterioles; 0.6 leaves 65–75 mmHg at 100 µm (calibrated, assumption).
inline constexpr std::array<double, muscular> neurohumoral_share = {0.6, 1.0, 1.0};

/// Relative loss of radius by tone, per bed and class of muscular vessels.
using Tone = std::array<std::array<double, muscular>, network::beds>;

/// What regulation senses of one beat, per bed.
struct BeatMeans {
  std::array<std::array<double, muscular>, network::beds> transmural{}, volume{};  // Pa, m³
  std::array<double, network::beds> flow{};                                        // m³/s
};

/// A class of muscular vessels in one bed, before any beat.
struct Muscle {
  double relieved;                // activation that dilators leave
  double reactivity;              // of muscle to acetylcholine
  double volume, flow;            // where wall shear stress is the reference's, m³ and m³/s
  double function, half_effect;   // of the endothelium, and of acetylcholine on it (mol/m³)
  double strength, neurohumoral;  // myogenic and neurohumoral tone
};

/// What regulation knows of one bed before any beat: everything that only patient and condition decide.
struct BedRegulation {
  double demand, demand_at_rest;  // m³ O2/s
  double capacity;                // m³ O2/m³ blood
  double arterial_saturation;
  double half_saturation;            // P50, Pa
  double corner_fall, healthy_fall;  // of tension to the farthest tissue, Pa; in the healthy bed
  double flow_at_rest;               // m³/s
  std::size_t signal;                // metabolic::Signal
  metabolic::Folded<double> metabolic;
  std::array<Muscle, muscular> muscle;
};
using Regulation = std::array<BedRegulation, network::beds>;
Regulation regulation(const PatientParameters& p, const Condition& condition);

/// Blood that leaves a bed: saturation, tension (Pa), and the share of its demand that tissue consumes there,
/// met = P/(P + P_m): it falls once the tension approaches the mitochondrial half-saturation P_m = 0.5 mmHg.
struct VenousBlood {
  double saturation, tension, met;
};
VenousBlood venous_blood(const BedRegulation& r, double saturation);

/// Venous blood where the bed's consumption equals what its flow delivers.
VenousBlood balanced_venous_blood(const BedRegulation& r, double flow);

/// Oxygen tension that the farthest tissue has left: venous tension minus the Krogh–Erlang fall, Pa (may be negative).
double tissue_tension(const BedRegulation& r, const VenousBlood& blood);

/// F_meta of a bed, and d F_meta/d ln Q with venous oxygen at its balance. The signal reads the saturation that tissue
/// would report: lowered by the additional diffusion distance of a rarefied bed.
struct MetabolicDilation {
  double value, by_flow;
};
MetabolicDilation metabolic_dilation(const BedRegulation& r, double flow, const VenousBlood& blood);

/// Target of one slow number, equation [1], and its slopes: per Pa, and by ln volume, ln flow (shear alone) and F_meta.
struct ToneTarget {
  double loss = 0.0, by_transmural = 0.0, by_volume = 0.0, by_flow = 0.0, by_metabolic = 0.0;
};
ToneTarget tone_target(const BedRegulation& r, const BeatMeans& means, std::size_t bed_index, std::size_t compartment,
                       double metabolic, double acetylcholine);

/// Target of a territory's epicardial diameter relative to rest.
double target_diameter(const PatientParameters& p, const Condition& condition, std::size_t territory,
                       double acetylcholine);

/// Target of the spastic site's diameter relative to rest; 1 without such a site.
double target_spasm(const PatientParameters& p, const Condition& condition, double acetylcholine);

/// Acetylcholine in the blood of a territory, mol/m³: infusion diluted by the flow it changes.
double acetylcholine(const Condition& condition, std::size_t territory, double territory_flow);

}  // namespace coronet
