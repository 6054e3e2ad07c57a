/// Regulation of one bed, evaluated on beat averages, outside the fast equations.
///
/// The law that turns the oxygen signal into a target tone is a value of type ToneLaw: another law (myogenic, shear,
/// ATP) is another function of the same signature; nothing else changes.
#pragma once
#include <algorithm>

#include "model/metabolic_feedback.hpp"
#include "model/oxygen.hpp"

namespace coronet {

/// What the vessels of one bed can sense over a beat.
struct Stimulus {
  double flow;      // m³/s, mean
  double demand;    // m³ O2/s
  double capacity;  // m³ O2/m³ blood
  double arterial_saturation;
  double capillary_density;  // relative to the healthy bed
  double tissue_mass;        // kg
};

/// Venous saturation at which the bed's consumption equals what its flow delivers. Consumption falls once venous oxygen
/// tension approaches the mitochondrial half-saturation (0.5 mmHg): M = demand · P/(P + P_m).
inline double balanced_venous_saturation(const Stimulus& s) {
  constexpr double mitochondrial = 0.5 * unit::mmHg;
  double low = 1e-9, high = s.arterial_saturation;
  if (!(s.flow > 0.0)) return low;
  for (int i = 0; i < 52; ++i) {
    const double middle = 0.5 * (low + high);
    const double tension = oxygen::tension(middle);
    const double consumed = s.demand * tension / (tension + mitochondrial);
    const bool surplus = s.flow * s.capacity * (s.arterial_saturation - middle) > consumed;
    (surplus ? low : high) = middle;
  }
  return 0.5 * (low + high);
}

/// Oxygen tension that the farthest tissue has left: venous tension minus the Krogh–Erlang fall, Pa (may be negative).
inline double tissue_tension(const Stimulus& s, double venous_saturation) {
  const double per_volume = s.demand / s.tissue_mass * oxygen::tissue_density;
  const double density = oxygen::reference_capillary_density * s.capillary_density;
  return oxygen::tension(venous_saturation) - oxygen::krogh_fall(per_volume, density);
}

/// Venous saturation as the tissue would report it: lowered by the additional diffusion distance of a rarefied bed.
inline double signal_saturation(const Stimulus& s, double venous_saturation) {
  const double per_volume = s.demand / s.tissue_mass * oxygen::tissue_density;
  const double healthy = oxygen::krogh_fall(per_volume, oxygen::reference_capillary_density);
  const double felt = tissue_tension(s, venous_saturation) + healthy;
  return oxygen::saturation(std::max(felt, 1e-3 * unit::mmHg));
}

using ToneLaw = double (*)(const metabolic_feedback::Parameters<double>&, const double& signal_saturation);
inline constexpr ToneLaw default_tone_law = &metabolic_feedback::target<double>;

}  // namespace coronet
