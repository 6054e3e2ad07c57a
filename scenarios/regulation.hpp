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

/// What the oxygen side of one bed can sense.
struct Stimulus {
  double flow;      // m³/s, mean
  double demand;    // m³ O2/s
  double capacity;  // m³ O2/m³ blood
  double arterial_saturation;
  double capillary_density;  // relative to the healthy bed
  double tissue_mass;        // kg
  double half_saturation;    // P50, Pa
};
Stimulus stimulus(const PatientParameters& p, const Condition& condition, std::size_t bed_index, double flow);

/// Share of its demand that tissue consumes, P/(P + P_m): it falls once venous oxygen tension approaches the
/// mitochondrial half-saturation P_m = 0.5 mmHg.
double met_share(const Stimulus& s, double venous_saturation);

/// Venous saturation at which the bed's consumption equals what its flow delivers.
double balanced_venous_saturation(const Stimulus& s);

/// Oxygen tension that the farthest tissue has left: venous tension minus the Krogh–Erlang fall, Pa (may be negative).
double tissue_tension(const Stimulus& s, double venous_saturation);

/// Venous saturation as the tissue would report it: lowered by the additional diffusion distance of a rarefied bed.
double signal_saturation(const Stimulus& s, double venous_saturation);

/// F_meta of a bed.
double metabolic_dilation(const PatientParameters& p, const Condition& condition, std::size_t bed_index, double flow,
                          double venous_saturation);

/// d F_meta/d ln Q of a bed with this F_meta, its venous oxygen at its balance.
double metabolic_slope(const PatientParameters& p, const Condition& condition, std::size_t bed_index, double flow,
                       double venous_saturation, double dilation);

/// Target of one slow number, equation [1], and its slopes: per Pa, and by ln volume, ln flow (shear alone) and F_meta.
struct ToneTarget {
  double loss = 0.0, by_transmural = 0.0, by_volume = 0.0, by_flow = 0.0, by_metabolic = 0.0;
};
ToneTarget tone_target(const PatientParameters& p, const Condition& condition, const BeatMeans& means,
                       std::size_t bed_index, std::size_t compartment, double metabolic, double acetylcholine);

/// Target of one slow number, equation [1].
double target_loss(const PatientParameters& p, const Condition& condition, const BeatMeans& means,
                   std::size_t bed_index, std::size_t compartment, double metabolic, double acetylcholine);

/// Target of a territory's epicardial diameter relative to rest.
double target_diameter(const PatientParameters& p, const Condition& condition, std::size_t territory,
                       double acetylcholine);

/// Target of the spastic site's diameter relative to rest; 1 without such a site.
double target_spasm(const PatientParameters& p, const Condition& condition, double acetylcholine);

/// Acetylcholine in the blood of a territory, mol/m³: infusion diluted by the flow it changes.
double acetylcholine(const Condition& condition, std::size_t territory, double territory_flow);

}  // namespace coronet
