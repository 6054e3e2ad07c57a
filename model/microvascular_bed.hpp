/// Microvascular bed of one layer of one territory: five elastic compartments in series inside the beating wall.
///
///   small arteries → arterioles → terminal arterioles → capillaries → venules and veins
///
///   dV_k/dt = Q_{k−1} − Q_k                                                              [1] mass
///   P_k     = φ_k P_im + P_tm,k(V_k)                                                     [2] vessel_wall.hpp
///   R_k     = R_ref,k · (V_ref,k/V_k)² · µ(D_k)/µ(D_ref,k),  D_k = D_ref,k √(V_k/V_ref,k)    [3] Poiseuille, fixed length
///   Q_k     = (P_k − P_{k+1})/(½ R_k + ½ R_{k+1});  inlet over ½ R_0, outlet over ½ R_4      [4]
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
inline constexpr std::size_t muscular = 3;  // the first of them: small arteries, arterioles, terminal arterioles

inline constexpr std::array<const char*, compartments> names = {"small_artery", "arteriole", "terminal_arteriole",
                                                                "capillary", "venule_vein"};

/// What the vessels of a class have in common in all beds of a patient.
template <class T> struct Walls {
  std::array<wall::Shape<T>, compartments> shape;
  std::array<T, compartments> exposure;
  std::array<viscosity::Ratio<T>, compartments> viscosity;
};

template <class T> struct Parameters { std::array<T, compartments> V_max, per_V_ref, R_ref; };  // per_V_ref = 1/V_ref

template <class T> struct Input { T p_in, p_out, p_im; };

template <class T> struct Reading {
  std::array<T, compartments + 1> flow;    // m³/s; flow[0] enters, flow[5] leaves
  std::array<T, compartments> pressure;    // Pa, at the middle of each compartment
  std::array<T, compartments> resistance;  // Pa·s/m³
};
template <class T> struct Rate : Reading<T> { std::array<T, compartments> volume_rate; };  // dV/dt, m³/s

/// What the volumes alone decide. Resistances stay fractions n/d, so that a bed costs six divisions.
template <class T> struct Mechanics {
  std::array<T, compartments> x, v;          // V/V_ref; viscosity.hpp
  std::array<T, compartments> room, per_VV;  // V_max − V, m³; 1/(V (V_max − V)), 1/m⁶
  std::array<T, compartments> n, d;          // R = n/d, Pa·s/m³ and 1
  std::array<T, compartments> transmural;    // Pa
  std::array<T, compartments + 1> G;         // of [4] between neighbours, m³/s/Pa
};

template <class T> [[gnu::always_inline]] inline Mechanics<T> mechanics(const Walls<T>& walls, const Parameters<T>& c,
                                                                        const std::array<T, compartments>& V) {
  Mechanics<T> m;
  for (std::size_t k = 0; k < compartments; ++k) {
    m.room[k] = c.V_max[k] - V[k];
    m.per_VV[k] = V[k] * m.room[k];
  }
  invert(m.per_VV, 0x1p60);  // 1e-17 m⁶ each in an adult; floats are to hold the product of two
  for (std::size_t k = 0; k < compartments; ++k)
    m.transmural[k] = wall::transmural_pressure(walls.shape[k], c.V_max[k], V[k], m.room[k], m.per_VV[k]);
  for (std::size_t k = 0; k < compartments; ++k) {
    m.x[k] = V[k] * c.per_V_ref[k];
    m.v[k] = viscosity::argument(m.x[k]);
    m.n[k] = c.R_ref[k] * viscosity::numerator(walls.viscosity[k], m.v[k]);
    m.d[k] = square(m.v[k] * m.x[k]) * m.v[k];
  }
  constexpr std::size_t last = compartments - 1;
  m.G[0] = m.n[0];
  for (std::size_t k = 1; k < compartments; ++k) m.G[k] = m.n[k - 1] * m.d[k] + m.n[k] * m.d[k - 1];
  m.G[last + 1] = m.n[last];
  invert(m.G);
  m.G[0] = T(2.0) * m.d[0] * m.G[0];
  for (std::size_t k = 1; k < compartments; ++k) m.G[k] = T(2.0) * m.d[k - 1] * m.d[k] * m.G[k];
  m.G[last + 1] = T(2.0) * m.d[last] * m.G[last + 1];
  return m;
}

/// Equations [2] and [4]: pressures at the middle of the compartments, and flows.
template <class T> struct Flows {
  std::array<T, compartments> pressure;
  std::array<T, compartments + 1> flow;
};

template <class T>
[[gnu::always_inline]] inline Flows<T> flows(const Walls<T>& walls, const Mechanics<T>& m, const Input<T>& u) {
  Flows<T> f;
  for (std::size_t k = 0; k < compartments; ++k) f.pressure[k] = walls.exposure[k] * u.p_im + m.transmural[k];
  f.flow[0] = m.G[0] * (u.p_in - f.pressure[0]);
  for (std::size_t k = 1; k < compartments; ++k) f.flow[k] = m.G[k] * (f.pressure[k - 1] - f.pressure[k]);
  f.flow[compartments] = m.G[compartments] * (f.pressure[compartments - 1] - u.p_out);
  return f;
}

/// Equations [1] to [4].
template <class T>
[[gnu::always_inline]] inline Rate<T> rate(const Walls<T>& walls, const Mechanics<T>& m, const Input<T>& u) {
  const Flows<T> f = flows(walls, m, u);
  std::array<T, compartments> per_d = m.d;
  invert(per_d);
  Rate<T> r;
  for (std::size_t k = 0; k < compartments; ++k) {
    r.pressure[k] = f.pressure[k];
    r.resistance[k] = m.n[k] * per_d[k];
    r.volume_rate[k] = f.flow[k] - f.flow[k + 1];
  }
  for (std::size_t k = 0; k <= compartments; ++k) r.flow[k] = f.flow[k];
  return r;
}
template <class T>
Rate<T> rate(const Walls<T>& walls, const Parameters<T>& c, const std::array<T, compartments>& V, const Input<T>& u) {
  return rate(walls, mechanics(walls, c, V), u);
}

/// dP_tm/dV and dR/dV of compartment k.
template <class T>
T elastance(const Walls<T>& walls, const Parameters<T>& c, std::size_t k, const T& V, const Mechanics<T>& m) {
  return wall::elastance(walls.shape[k], c.V_max[k], V, m.room[k], m.per_VV[k]);
}
template <class T> T resistance_slope(const Walls<T>& walls, const Parameters<T>& c, std::size_t k,
                                      const Mechanics<T>& m, const T& resistance, const T& per_d) {
  const T &x = m.x[k], &v = m.v[k];
  const T moves = viscosity::argument_slope(x);
  const T n = c.R_ref[k] * viscosity::numerator_slope(walls.viscosity[k], v) * moves;
  const T d = x * (viscosity::denominator_slope(v) * moves * x + T(2.0) * viscosity::denominator(v));
  return c.per_V_ref[k] * (n - resistance * d) * per_d;
}

/// Net inflow minus stored volume per second: zero by construction, exported for the tests.
template <class T> T volume_imbalance(const Rate<T>& r) {
  T stored = r.volume_rate[0];
  for (std::size_t k = 1; k < compartments; ++k) stored = stored + r.volume_rate[k];
  return r.flow[0] - r.flow[compartments] - stored;
}

/// Viscous pressure loss inside compartment k; the five losses add up to p_in − p_out at every instant.
template <class T> T viscous_loss(const Reading<T>& r, std::size_t k) {
  return T(0.5) * r.resistance[k] * (r.flow[k] + r.flow[k + 1]);
}

/// Estimate of the fastest relaxation rate (1/s) of equations [1]–[4]: Gershgorin's bound with resistances held still.
/// Its largest value over a beat covers the largest eigenvalue (tests/model/test_bed.cpp: 0.50–0.73 of it), which is
/// what a fixed step must resolve; at a single instant of a hard-squeezed bed the eigenvalue may exceed it.
template <class T> T fastest_rate(const Walls<T>& walls, const Parameters<T>& c, const std::array<T, compartments>& V,
                                  const Reading<T>& r) {
  T fastest = T(0.0);
  for (std::size_t k = 0; k < compartments; ++k) {
    const T upstream = k == 0 ? T(2.0) / r.resistance[0] : T(2.0) / (r.resistance[k - 1] + r.resistance[k]);
    const T downstream =
        k + 1 == compartments ? T(2.0) / r.resistance[k] : T(2.0) / (r.resistance[k] + r.resistance[k + 1]);
    const T E = wall::elastance(walls.shape[k], c.V_max[k], V[k]);
    fastest = max(fastest, T(2.0) * E * (upstream + downstream));
  }
  return fastest;
}

}  // namespace coronet::bed
