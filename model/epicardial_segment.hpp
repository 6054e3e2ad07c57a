/// Epicardial artery segment: Poiseuille resistance, inertance and compliance from geometry and wall.
///
///   L dQ/dt = P_in − P_out − R Q − ΔP_lesion(Q)       [1] momentum
///   C dP_out/dt = Q − Q_out                           [2] mass
///   R = 128 µ l/(π D⁴),  L = ρ l/A,  C = A l/(ρ c²),  c = 6.05 m/s + 8.6e-3 m²/s / D
///
/// A main artery gives off branches. From one generation to the next the territory's flow is carried by n equal
/// branches of diameter D, n = (D_up/D)^(7/3); the main vessel carries Q/n. R, L per n; C times n. A lesion sits in the
/// main vessel and feels Q/n.
///
/// | symbol  | meaning                                    | unit | valid range |
/// |---------|--------------------------------------------|------|-------------|
/// | Q       | flow of the whole territory (state)        | m³/s |             |
/// | P_out   | pressure at the segment's end (state)      | Pa   |             |
/// | l, D    | length, lumen diameter                     | m    | 5–100 mm, 1–6 mm |
/// | n       | number of equal parallel branches          | 1    | 1 – 10      |
/// | c       | pulse wave speed                           | m/s  | 7 – 16      |
///
/// Source: c(D) fits the left coronary tree of Mynard & Smolich as published with Carlson's code (7.9 m/s at 4.5 mm,
/// 8.3 at 3.7, 15.6 at 0.9); the 7/3 branching exponent is Huo & Kassab's, doi:10.1098/rsif.2011.0270.
/// Assumption: side branches see the pressure of the main vessel's next border, also beyond a lesion.
#pragma once
#include "model/math.hpp"
#include "model/stenosis.hpp"

namespace coronet::epicardial {

template <class T> struct Geometry { T length, diameter, branches; };

template <class T> struct Segment {
  T resistance;        // Pa·s/m³, of all branches in parallel
  T inertance;         // Pa·s²/m³, lesion included
  T compliance;        // m³/Pa
  T lesion_viscous;    // Pa·s/m³, on the territory's flow
  T lesion_turbulent;  // Pa·s²/m⁶, on the territory's flow
  T area;              // m², of the main vessel at rest length
  T branches;
  T length;  // m
};

template <class T> T wave_speed(const T& diameter) { return T(6.05) + T(8.6e-3) / diameter; }

/// Number of branches that carry the flow of one vessel of `upstream` diameter.
template <class T> T branch_number(const T& upstream, const T& diameter) {
  return pow(upstream / diameter, T(7.0 / 3.0));
}

/// A segment without lesion.
template <class T> Segment<T> segment(const Geometry<T>& g, const T& viscosity, const T& density) {
  const T area = T(0.25 * stenosis::pi) * g.diameter * g.diameter;
  const T D2 = g.diameter * g.diameter;
  Segment<T> s;
  s.resistance = T(128.0 / stenosis::pi) * viscosity * g.length / (D2 * D2) / g.branches;
  s.inertance = density * g.length / area / g.branches;
  s.compliance = area * g.length / (density * square(wave_speed(g.diameter))) * g.branches;
  s.lesion_viscous = T(0.0);
  s.lesion_turbulent = T(0.0);
  s.area = area;
  s.branches = g.branches;
  s.length = g.length;
  return s;
}

/// Adds a lesion (or the residual narrowing of a stent) to the main vessel.
template <class T> void add_lesion(Segment<T>& s, const stenosis::Loss<T>& loss) {
  s.lesion_viscous = s.lesion_viscous + loss.viscous / s.branches;
  s.lesion_turbulent = s.lesion_turbulent + loss.turbulent / (s.branches * s.branches);
  s.inertance = s.inertance + loss.inertial / s.branches;
}

/// Stiffens the wall over a stented length: compliance × 0.1 there (assumption: a metal cage hardly gives).
template <class T> void stiffen(Segment<T>& s, const T& stented_length) {
  s.compliance = s.compliance * (T(1.0) - T(0.9) * min(stented_length / s.length, T(1.0)));
}

/// dQ/dt, equation [1], given 1/L.
template <class T>
T flow_rate_of_change(const Segment<T>& s, const T& p_in, const T& p_out, const T& flow, const T& per_inertance) {
  const T loss = flow * (s.resistance + s.lesion_viscous + s.lesion_turbulent * abs(flow));
  return (p_in - p_out - loss) * per_inertance;
}

/// −∂(L dQ/dt)/∂Q, Pa·s/m³.
template <class T> T damping(const Segment<T>& s, const T& flow) {
  return s.resistance + s.lesion_viscous + T(2.0) * s.lesion_turbulent * abs(flow);
}

}  // namespace coronet::epicardial
