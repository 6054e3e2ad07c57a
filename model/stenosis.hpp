/// Stenosis: pressure loss across a narrowing (Young & Tsai): viscous, turbulent and inertial.
///
///   ΔP = K_v µ/D0 · U + ½ K_t ρ (A0/As − 1)² |U| U + K_u ρ L dU/dt,   U = Q/A0
///   K_v = 32 (L_a/D0)(A0/As)²,  L_a = 0.83 L + 1.64 Ds,  K_t = 1.52,  K_u = 1.2
///
/// Written as ΔP = viscous · Q + turbulent · |Q| Q + inertial · dQ/dt, each in excess of the same length of open
/// artery, so that 0 % gives exactly nothing.
///
/// | symbol        | meaning                                    | unit     | valid range |
/// |---------------|--------------------------------------------|----------|-------------|
/// | D0, A0        | reference diameter and area                | m, m²    | 1.5–6 mm    |
/// | Ds, As        | diameter and area of the throat            | m, m²    |             |
/// | reduction     | 1 − Ds/D0                                  | 1        | 0 – 0.90    |
/// | L             | length of the lesion                       | m        | 1–40 mm     |
/// | K_t           | exit loss; 1.0–1.2 for a tapered exit      | 1        | 0.5–1.6     |
/// | µ, ρ          | viscosity, density of blood                | Pa·s, kg/m³ |          |
///
/// Source: Young & Tsai 1973, doi:10.1016/0021-9290(73)90099-7; Seeley & Young 1976, doi:10.1016/0021-9290(76)90086-5.
/// Not modelled: compliance of the lesion, pressure recovery beyond the choice of K_t, bends.
#pragma once
#include "model/math.hpp"

namespace coronet::stenosis {

template <class T> struct Parameters { T reference_diameter, reduction, length, exit_loss; };
template <class T> struct Loss { T viscous, turbulent, inertial; };  // Pa·s/m³, Pa·s²/m⁶, Pa·s²/m³

inline constexpr double pi = 3.14159265358979323846;
inline constexpr double max_reduction = 0.90;

template <class T> Loss<T> loss(const Parameters<T>& c, const T& viscosity, const T& density) {
  const T D0 = c.reference_diameter;
  const T A0 = T(0.25 * pi) * D0 * D0;
  const T open = T(1.0) - c.reduction;
  const T area_ratio = T(1.0) / (open * open);  // A0/As
  const T length_active = T(0.83) * c.length + T(1.64) * D0 * open;
  const T length_active_open = T(0.83) * c.length + T(1.64) * D0;
  Loss<T> l;
  l.viscous = T(32.0) * viscosity / (D0 * D0 * A0) * (length_active * area_ratio * area_ratio - length_active_open);
  l.turbulent = T(0.5) * c.exit_loss * density * square(area_ratio - T(1.0)) / (A0 * A0);
  // K_u ρ L/A0 replaces the open artery's ρ L/A0 where there is a lesion
  l.inertial = select(c.reduction > T(0.0), T(1.2 - 1.0), T(0.0)) * density * c.length / A0;
  return l;
}

}  // namespace coronet::stenosis
