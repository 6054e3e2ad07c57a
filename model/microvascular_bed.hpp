/// Microvascular bed of one layer of one territory: five elastic compartments in series inside the beating wall.
///
///   small arteries → arterioles → terminal arterioles → capillaries → venules and veins
///
///   dV_k/dt = Q_{k−1} − Q_k                                                              [1] mass
///   P_k     = φ_k P_im + P_tm,k(V_k)                                                     [2] vessel_wall.hpp
///   R_k     = R_ref,k · (V_ref,k/V_k)² · µ(D_k)/µ(D_ref,k),   D_k = D_ref,k √(V_k/V_ref,k)  [3] Poiseuille at fixed
///   length Q_k     = (P_k − P_{k+1})/(½ R_k + ½ R_{k+1});  inlet over ½ R_0, outlet over ½ R_4   [4]
///
/// Flow may reverse. Resistance is never fixed: each compartment is squeezed by the wall around it, and tone narrows it
/// by shrinking V_max (area × s ⇒ resistance × s⁻²).
///
/// | symbol  | meaning                                             | unit    | valid range |
/// |---------|-----------------------------------------------------|---------|-------------|
/// | V_k     | blood volume of compartment k (state)               | m³      | 0 < V < V_max |
/// | V_max,k | volume at full distension, tone included            | m³      |             |
/// | V_ref,k | passive volume at the class's reference pressure    | m³      |             |
/// | R_ref,k | resistance at V_ref,k                               | Pa·s/m³ |             |
/// | P_im    | intramyocardial pressure (input)                    | Pa      |             |
/// | φ_k     | share of P_im the class feels (1 inside the wall)   | 1       | 0 – 1       |
///
/// Source: lineage of Spaan 1981, Bruinsma 1988 and Mynard, Penny & Smolich 2014, doi:10.1152/ajpheart.00759.2013 (two
/// volumes per layer, R ∝ V⁻²), extended to five compartments with own elasticity and viscosity.
/// Not modelled: inertia of microvascular flow, plasma skimming, lymph, exchange of fluid with the tissue.
#pragma once
#include <array>
#include <cstddef>

#include "model/vessel_wall.hpp"
#include "model/viscosity.hpp"

namespace coronet::bed {

enum Compartment : std::size_t { small_artery, arteriole, terminal_arteriole, capillary, vein };
inline constexpr std::size_t compartments = 5;

inline constexpr std::array<const char*, compartments> names = {"small_artery", "arteriole", "terminal_arteriole",
                                                                "capillary", "venule_vein"};

template <class T> struct Parameters {
  std::array<wall::Shape<T>, compartments> shape;
  std::array<T, compartments> V_max, V_ref, R_ref, exposure;
  std::array<viscosity::Ratio<T>, compartments> viscosity;
};

template <class T> struct Input { T p_in, p_out, p_im; };

template <class T> struct Rate {
  std::array<T, compartments> volume_rate;  // dV/dt, m³/s
  std::array<T, compartments + 1> flow;     // m³/s; flow[0] enters, flow[5] leaves
  std::array<T, compartments> pressure;     // Pa, at the middle of each compartment
  std::array<T, compartments> resistance;   // Pa·s/m³
};

/// Resistance of one compartment, equation [3], given 1/V.
template <class T> T resistance(const Parameters<T>& c, std::size_t k, const T& V, const T& per_V) {
  return c.R_ref[k] * viscosity::ratio(c.viscosity[k], V, c.V_ref[k]) * square(c.V_ref[k] * per_V);
}

/// dR_k/dV, given R_k.
template <class T> T resistance_slope(const Parameters<T>& c, std::size_t k, const T& V, const T& R) {
  return c.R_ref[k] * viscosity::ratio_slope(c.viscosity[k], V, c.V_ref[k]) * square(c.V_ref[k] / V) - T(2.0) * R / V;
}

/// Equations [1] to [4]. The quotient 1/V is shared by [2] and [3]. (Tried: one combined division for the three that are
/// left; 10 % faster, not worth its algebra.)
template <class T> Rate<T> rate(const Parameters<T>& c, const std::array<T, compartments>& V, const Input<T>& u) {
  Rate<T> r;
  for (std::size_t k = 0; k < compartments; ++k) {
    const T per_V = T(1.0) / V[k];
    r.pressure[k] = c.exposure[k] * u.p_im + wall::transmural_pressure(c.shape[k], c.V_max[k], V[k], per_V);
    r.resistance[k] = resistance(c, k, V[k], per_V);
  }
  r.flow[0] = T(2.0) * (u.p_in - r.pressure[0]) / r.resistance[0];
  for (std::size_t k = 1; k < compartments; ++k)
    r.flow[k] = T(2.0) * (r.pressure[k - 1] - r.pressure[k]) / (r.resistance[k - 1] + r.resistance[k]);
  r.flow[compartments] = T(2.0) * (r.pressure[compartments - 1] - u.p_out) / r.resistance[compartments - 1];
  for (std::size_t k = 0; k < compartments; ++k) r.volume_rate[k] = r.flow[k] - r.flow[k + 1];
  return r;
}

/// Net inflow minus stored volume per second: zero by construction, exported for the tests.
template <class T> T volume_imbalance(const Rate<T>& r) {
  T stored = r.volume_rate[0];
  for (std::size_t k = 1; k < compartments; ++k) stored = stored + r.volume_rate[k];
  return r.flow[0] - r.flow[compartments] - stored;
}

/// Viscous pressure loss inside compartment k; the five losses add up to p_in − p_out at every instant.
template <class T> T viscous_loss(const Rate<T>& r, std::size_t k) {
  return T(0.5) * r.resistance[k] * (r.flow[k] + r.flow[k + 1]);
}

/// Estimate of the fastest relaxation rate (1/s) of equations [1]–[4]: Gershgorin's bound with resistances held still.
/// Its largest value over a beat covers the largest eigenvalue (tests/model/test_bed.cpp: 0.50–0.73 of it), which is
/// what a fixed step must resolve; at a single instant of a hard-squeezed bed the eigenvalue may exceed it.
template <class T> T fastest_rate(const Parameters<T>& c, const std::array<T, compartments>& V, const Rate<T>& r) {
  T fastest = T(0.0);
  for (std::size_t k = 0; k < compartments; ++k) {
    const T upstream = k == 0 ? T(2.0) / r.resistance[0] : T(2.0) / (r.resistance[k - 1] + r.resistance[k]);
    const T downstream =
        k + 1 == compartments ? T(2.0) / r.resistance[k] : T(2.0) / (r.resistance[k] + r.resistance[k + 1]);
    const T E = wall::elastance(c.shape[k], c.V_max[k], V[k]);
    fastest = max(fastest, T(2.0) * E * (upstream + downstream));
  }
  return fastest;
}

}  // namespace coronet::bed
