/// Elasticity of a vessel class inside the wall: a monotone pressure–volume law that saturates and never closes.
///
///   v = V/V_max,   P_tm = B v/(1 − v) − D/v − A
///   (P_tm + A + B) v² − (P_tm + A − D) v − D = 0                       its inverse
///
/// V stays between 0 and V_max: muscle and collagen stop distension (B), the fibres that tether a vessel to the
/// surrounding muscle stop collapse (D). dP_tm/dV > 0 everywhere, so the law has no snap-through. Without D a squeezed
/// vessel empties, its resistance ∝ V⁻² grows without bound, and it hardly opens again within a diastole.
///
/// | symbol | meaning                                   | unit | valid range   |
/// |--------|-------------------------------------------|------|---------------|
/// | V      | volume (state)                            | m³   | 0 < V < V_max |
/// | P_tm   | transmural pressure, P − P_im             | Pa   | any           |
/// | V_max  | volume at full distension; tone scales it | m³   |               |
/// | A, B, D | shape                                    | Pa   | B, D > 0      |
///
/// Source: A, B of arterioles and small arteries fit the passive pig data of Liao & Kuo 1997,
/// doi:10.1152/ajpheart.1997.272.4.h1571 (area ratio 0.70 at 15 mmHg, 0.91 at 59, 1.00 at 103; residual < 0.02), which
/// any D from 0 to 8 mmHg fits equally well (largest misfit 0.007): D is an assumption for pressures below 15 mmHg.
/// Capillaries and veins: see scenarios/circulation.cpp.
#pragma once
#include "model/math.hpp"

namespace coronet::wall {

template <class T> struct Shape { T A, B, D; };

/// P_tm, given room = V_max − V and 1/(V room) as well.
template <class T>
T transmural_pressure(const Shape<T>& w, const T& V_max, const T& V, const T& room, const T& per_VV) {
  return (w.B * square(V) - w.D * V_max * room) * per_VV - w.A;
}
template <class T> T transmural_pressure(const Shape<T>& w, const T& V_max, const T& V) {
  const T room = V_max - V;
  return transmural_pressure(w, V_max, V, room, T(1.0) / (V * room));
}

template <class T> T volume(const Shape<T>& w, const T& V_max, const T& P_tm) {
  const T q = P_tm + w.A - w.D;
  const T root = sqrt(square(P_tm + w.A + w.D) + T(4.0) * w.D * w.B);  // = √(q² + 4 D (P_tm + A + B))
  // The two forms are equal; each avoids the difference of nearly equal numbers on its side
  return V_max * select(T(0.0) * q < q, (q + root) / (T(2.0) * (P_tm + w.A + w.B)), T(2.0) * w.D / (root - q));
}

/// dP_tm/dV, given the same.
template <class T> T elastance(const Shape<T>& w, const T& V_max, const T& V, const T& room, const T& per_VV) {
  return (V_max * per_VV) * ((w.B * square(V) + w.D * square(room)) * per_VV);  // per_VV² overflows in floats
}
template <class T> T elastance(const Shape<T>& w, const T& V_max, const T& V) {
  return w.B * V_max / square(V_max - V) + w.D * V_max / square(V);
}

}  // namespace coronet::wall
