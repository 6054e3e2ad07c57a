/// Apparent viscosity of blood in a tube of diameter D: the in vivo law of Pries.
///
///   µ = µ_plasma · µ_rel
///   µ_rel = [1 + (µ_45 − 1) · ((1 − H)^C − 1)/((1 − 0.45)^C − 1) · s] · s,   s = (D/(D − 1.1))²
///   µ_45  = 6 exp(−0.085 D) + 3.2 − 2.44 exp(−0.06 D^0.645)                    D in µm
///   C     = (0.8 + exp(−0.075 D)) (−1 + 1/(1 + 1e-11 D^12)) + 1/(1 + 1e-11 D^12)
///
/// | symbol   | meaning                | unit | valid range  |
/// |----------|------------------------|------|--------------|
/// | D        | lumen diameter         | m    | 3e-6 – 5e-3  |
/// | H        | discharge haematocrit  | 1    | 0.1 – 0.6    |
/// | µ_plasma | plasma viscosity       | Pa·s | 1.0e-3 – 1.3e-3 |
///
/// Source: Pries et al. 1994, doi:10.1161/01.res.75.5.904 (rat mesentery).
/// Coronary capillaries may lie up to 3 × lower (in vitro law); only the change of µ with D enters the bed, because
/// every bed is anchored on measured hyperaemic flow.
#pragma once
#include <array>

#include "model/math.hpp"

namespace coronet::viscosity {

template <class T> T relative_in_vivo(const T& diameter, const T& haematocrit) {
  const T D = diameter * T(1e6);
  const T D2 = D * D;
  const T D4 = D2 * D2;
  const T wide = T(1.0) / (T(1.0) + T(1e-11) * D4 * D4 * D4);
  const T C = (T(0.8) + exp(T(-0.075) * D)) * (wide - T(1.0)) + wide;
  const T mu_45 = T(6.0) * exp(T(-0.085) * D) + T(3.2) - T(2.44) * exp(T(-0.06) * pow(D, T(0.645)));
  const T s = square(D / (D - T(1.1)));
  const T cells = (pow(T(1.0) - haematocrit, C) - T(1.0)) / (pow(T(0.55), C) - T(1.0));
  return (T(1.0) + (mu_45 - T(1.0)) * cells * s) * s;
}

/// µ(D)/µ(D_ref) of a vessel of fixed length as a function of its volume ratio x = V/V_ref, D = D_ref √x:
/// a cubic in w = 1/(x + 0.2) through the law at four diameters; cheap, and, being held below x = 0.1 (where the cubic
/// of 17 µm would turn negative at H = 0.6), positive and bounded for every x ≥ 0 and H 0.2 – 0.6.
/// Error against the law for 0.45 ≤ D/D_ref ≤ 1.45 at the bed's diameters (6, 17, 40, 80, 300 µm) and H 0.3 – 0.55:
/// below 3.3 %, reached at 6 µm; 5 % at 8 – 12 µm, where the law itself bends (tests/model/test_viscosity.cpp).
template <class T> struct Ratio { std::array<T, 4> c; };

inline constexpr double ratio_offset = 0.2;
inline constexpr double ratio_held_below = 0.1;

/// v = 1/w, the ratio as numerator(v)/denominator(v), and their slopes by x and v.
template <class T> T argument(const T& x) { return max(x, T(ratio_held_below)) + T(ratio_offset); }
template <class T> T argument_slope(const T& x) { return select(x < T(ratio_held_below), T(0.0), T(1.0)); }
template <class T> T numerator(const Ratio<T>& r, const T& v) {
  return ((r.c[0] * v + r.c[1]) * v + r.c[2]) * v + r.c[3];
}
template <class T> T numerator_slope(const Ratio<T>& r, const T& v) {
  return (T(3.0) * r.c[0] * v + T(2.0) * r.c[1]) * v + r.c[2];
}
template <class T> T denominator(const T& v) { return v * v * v; }
template <class T> T denominator_slope(const T& v) { return T(3.0) * v * v; }

template <class T> T ratio(const Ratio<T>& r, const T& x) {
  const T v = argument(x);
  return numerator(r, v) / denominator(v);
}

template <class T> Ratio<T> fit_ratio(const T& reference_diameter, const T& haematocrit) {
  constexpr std::array<double, 4> d = {0.45, 0.65, 0.95, 1.4};
  const T mu_ref = relative_in_vivo(reference_diameter, haematocrit);
  std::array<double, 4> w{};
  std::array<T, 4> f{};
  for (int i = 0; i < 4; ++i) {
    w[i] = 1.0 / (d[i] * d[i] + ratio_offset);
    f[i] = relative_in_vivo(reference_diameter * T(d[i]), haematocrit) / mu_ref;
  }
  // Newton's divided differences, then expanded to powers of w
  for (int order = 1; order < 4; ++order)
    for (int i = 3; i >= order; --i) f[i] = (f[i] - f[i - 1]) / T(w[i] - w[i - order]);
  Ratio<T> r{{f[3], T(0.0), T(0.0), T(0.0)}};
  for (int i = 2; i >= 0; --i) {
    for (int k = 3; k >= 1; --k) r.c[k] = r.c[k - 1] - T(w[i]) * r.c[k];
    r.c[0] = f[i] - T(w[i]) * r.c[0];
  }
  return r;
}

}  // namespace coronet::viscosity
