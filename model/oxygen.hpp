/// Oxygen: content, dissociation, venous saturation and the diffusion distance around a capillary.
///
///   S(P)  = P^n/(P^n + P50^n)                                        [1] Hill
///   C     = c_max S                                                  [2] content, dissolved oxygen neglected (< 2 %)
///   V_b dS_v/dt = Q (S_a − S_v) − M/c_max                            [3] venous pool of volume V_b
///   ΔP    = (m/K) [ (R²/2) ln(R/r_c) − (R² − r_c²)/4 ],  R = 1/√(π N)    [4] Krogh–Erlang, fall to the lethal corner
///
/// | symbol | meaning                                       | unit        | default, source                        |
/// |--------|-----------------------------------------------|-------------|----------------------------------------|
/// | n, P50 | Hill exponent, half saturation                | 1, Pa       | 2.7, 26.8 mmHg (human; dog 28.8, pig 35.7) |
/// | c_max  | oxygen capacity of blood (1.34 mL/g · Hb)     | m³ O2/m³    |                                        |
/// | Q      | perfusion of the layer (input)                | m³/s        |                                        |
/// | M      | oxygen consumption of the layer (input)       | m³ O2/s     |                                        |
/// | m      | consumption per tissue volume                 | 1/s         |                                        |
/// | N      | capillaries per area                          | 1/m²        | 3000/mm² (Rakusan 1992)                |
/// | r_c    | capillary radius                              | m           | 2.8 µm                                 |
/// | K      | Krogh diffusion coefficient                   | m²/(s·Pa)   | 5e-10 mL O2/(cm·s·mmHg), range 4–7     |
///
/// Source: Hill parameters and K: textbook values (physiology handbooks, recalled); P50 of man and dog Clerbaux 1993, of
/// the pig Respir Physiol 1986;64:113; one exponent for all species (assumption); Krogh 1919 for [4].
/// Not modelled: myoglobin, capillary transit-time heterogeneity, counter-current exchange.
#pragma once
#include "model/math.hpp"
#include "model/units.hpp"

namespace coronet::oxygen {

inline constexpr double hill_exponent = 2.7;
inline constexpr double half_saturation = 26.8 * unit::mmHg;            // Pa
inline constexpr double mL_O2_per_gram_haemoglobin = 1.34;              // Hüfner
inline constexpr double krogh_coefficient = 5e-10 * 1e-4 / unit::mmHg;  // m²/(s·Pa)
inline constexpr double capillary_radius = 2.8e-6;                      // m
inline constexpr double reference_capillary_density = 3000.0 * 1e6;     // 1/m²
inline constexpr double tissue_density = 1050.0;                        // kg/m³

template <class T> T saturation(const T& pressure, const T& P50 = T(half_saturation)) {
  const T x = pow(pressure / P50, T(hill_exponent));
  return x / (x + T(1.0));
}

/// Oxygen tension at a saturation in (0, 1), Pa.
template <class T> T tension(const T& saturation, const T& P50 = T(half_saturation)) {
  return P50 * pow(saturation / (T(1.0) - saturation), T(1.0 / hill_exponent));
}

/// Fall of oxygen tension from the capillary to the farthest tissue, equation [4], Pa.
template <class T> T krogh_fall(const T& consumption_per_volume, const T& capillary_density) {
  const T r2 = T(capillary_radius * capillary_radius);
  const T R2 = T(1.0) / (T(3.14159265358979323846) * capillary_density);
  return consumption_per_volume / T(krogh_coefficient) * (T(0.25) * R2 * log(R2 / r2) - T(0.25) * (R2 - r2));
}

/// Saturation at which supply equals consumption at constant flow: steady state of [3].
template <class T> T venous_saturation(const T& arterial, const T& flow, const T& consumption, const T& capacity) {
  return arterial - consumption / (flow * capacity);
}

}  // namespace coronet::oxygen
