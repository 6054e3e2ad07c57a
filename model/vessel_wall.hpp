/// Elasticity of a vessel class inside the wall: a monotone pressure–volume law that saturates.
///
///   P_tm = B V/(V_max − V) − A          V = V_max (P_tm + A)/(P_tm + A + B)
///
/// V stays between 0 (reached at P_tm = −A: tethered vessels resist collapse) and V_max; dP_tm/dV > 0 everywhere, so
/// the law has no snap-through.
///
/// | symbol | meaning                                   | unit | valid range   |
/// |--------|-------------------------------------------|------|---------------|
/// | V      | volume (state)                            | m³   | 0 < V < V_max |
/// | P_tm   | transmural pressure, P − P_im             | Pa   | > −A          |
/// | V_max  | volume at full distension; tone scales it | m³   |               |
/// | A, B   | shape                                     | Pa   | > 0           |
///
/// Source: A, B of arterioles and small arteries fit the passive pig data of Liao & Kuo 1997,
/// doi:10.1152/ajpheart.1997.272.4.h1571 (area ratio 0.70 at 15 mmHg, 0.91 at 59, 1.00 at 103; residual < 0.02).
/// Capillaries and veins: see microvascular_bed.hpp.
#pragma once
#include "model/math.hpp"

namespace coronet::wall {

template <class T> struct Shape { T A, B; };

template <class T> T transmural_pressure(const Shape<T>& w, const T& V_max, const T& V) {
  return w.B * V / (V_max - V) - w.A;
}

template <class T> T volume(const Shape<T>& w, const T& V_max, const T& P_tm) {
  return V_max * (P_tm + w.A) / (P_tm + w.A + w.B);
}

/// dP_tm/dV
template <class T> T elastance(const Shape<T>& w, const T& V_max, const T& V) {
  return w.B * V_max / square(V_max - V);
}

}  // namespace coronet::wall
