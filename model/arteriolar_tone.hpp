/// Active tone of a resistance vessel: how far muscle narrows it below its passive radius.
///
///   R     = R_p − A ΔR_m                                                                   [1]
///   R_p   = B_p + (A_p − B_p)/π · (π/2 + atan((P − φ_p)/C_p))        passive                [2]
///   ΔR_m  = s ρ_m/π · (π/2 − atan(((P − φ_m)/C_m)⁴))                 full myogenic loss     [3]
///   A     = (1 − F_NO)(1 − F_meta)(1 − F_drug)                       activation, 0 … 1      [4]
///   F_tau = F_max τ/(K_τ + τ)                                        shear factor           [5]
///
/// What the beds need is the relative loss ΔR_m/R_p at a transmural pressure, and F_tau at a wall shear stress. Both
/// are blended between the two neighbouring orders in proportion to ln R. All stimuli are means over a beat; on the
/// scale of a beat the vessel is passive-elastic (vessel_wall.hpp), so nothing here can snap through.
///
/// | symbol        | meaning                                              | unit | valid range   |
/// |---------------|------------------------------------------------------|------|---------------|
/// | P             | transmural pressure, mean over the beat              | Pa   | −20–160 mmHg  |
/// | τ             | wall shear stress, mean over the beat                | Pa   | ≥ 0           |
/// | s             | myogenic strength                                    | 1    | 0–1.5         |
/// | A_p … φ_m, C_m | radii and pressures of an order (table below)       | m, Pa |              |
///
/// Source: Namani, Kassab & Lanir 2018, doi:10.1085/jgp.201711795 (laws [1]–[5], fitted to Liao & Kuo 1997); values of
/// the orders as in the published code of Fan et al. (recalled from a transcript; the two smallest orders with their
/// original B_p). That code multiplies ρ_m by 1.2: here the parameter s, whose default 1 agrees
/// better with Liao & Kuo (worst deviation of D/D_passive 0.09 against 0.16, tests/model/test_arteriolar_tone.cpp).
/// Differs from the source: the source gives every vessel its own radius and splines the constants; here a class of
/// vessels has one radius and the curves are blended.
#pragma once
#include <array>
#include <cstddef>

#include "model/math.hpp"
#include "model/units.hpp"

namespace coronet::tone {

/// One order: nominal radius at 80 mmHg (it names the order; [2] gives 4.45 for 4.7 and 820 for 730) and constants of
/// [2], [3], [5].
struct Order {
  double radius_um, A_p_um, B_p_um, phi_p_mmHg, C_p_mmHg, rho_m_um, phi_m_mmHg, C_m_mmHg, F_max, K_tau_dyn_per_cm2;
};

inline constexpr std::array<Order, 7> orders = {{{3.1, 3.20, 2.43, 0.0, 19.28, 0.0, 0.0, 10.0, 0.0, 200.0},
                                                 {4.7, 4.51, 3.59, 0.0, 17.24, 2.75, 20.0, 10.0, 0.28, 150.0},
                                                 {33.1, 35.02, 10.9, 0.612, 20.11, 26.47, 69.39, 57.21, 0.43, 156.0},
                                                 {49.4, 51.38, 16.41, 1.88, 14.23, 50.96, 125.4, 87.33, 0.83, 199.5},
                                                 {81.0, 85.53, 32.17, 1.64, 21.24, 77.86, 148.87, 135.4, 1.0, 67.5},
                                                 {126.0, 133.52, 51.6, 0.96, 23.54, 74.14, 77.26, 51.31, 0.62, 117.0},
                                                 {730.0, 829.6, 401.52, 30.39, 3.35, 0.0, 0.0, 20.0, 0.0, 200.0}}};

inline constexpr double half_pi = 1.57079632679489661923;

template <class T> T passive_radius(const Order& o, const T& P) {
  const T x = (P - T(o.phi_p_mmHg * unit::mmHg)) / T(o.C_p_mmHg * unit::mmHg);
  return T(unit::um) * (T(o.B_p_um) + T((o.A_p_um - o.B_p_um) / (2.0 * half_pi)) * (T(half_pi) + atan(x)));
}

template <class T> T myogenic_loss(const Order& o, const T& P) {
  const T x = square((P - T(o.phi_m_mmHg * unit::mmHg)) / T(o.C_m_mmHg * unit::mmHg));
  return T(o.rho_m_um * unit::um / (2.0 * half_pi)) * (T(half_pi) - atan(x * x));
}

template <class T> T shear_factor(const Order& o, const T& shear) {
  constexpr double dyn_per_cm2 = 0.1;  // Pa
  return T(o.F_max) * shear / (T(o.K_tau_dyn_per_cm2 * dyn_per_cm2) + shear);
}

/// Where a radius lies between two orders.
struct Blend {
  std::size_t lower;
  double share;  // of order lower + 1
};

/// Blend for a class of vessels, by ln R; radii beyond the table take its ends.
inline Blend blend(double radius) {
  const double r = radius / unit::um;
  std::size_t i = 0;
  while (i + 2 < orders.size() && r > orders[i + 1].radius_um) ++i;
  const double x = log(r / orders[i].radius_um) / log(orders[i + 1].radius_um / orders[i].radius_um);
  return {i, min(max(x, 0.0), 1.0)};
}

/// ΔR_m/R_p of full activation at unit strength.
template <class T> T relative_loss(const Blend& b, const T& P) {
  const auto of = [&](std::size_t i) {
    if (orders[i].rho_m_um == 0.0) return T(0.0);  // no muscle
    return myogenic_loss(orders[i], P) / passive_radius(orders[i], P);
  };
  const T low = of(b.lower);
  return low + T(b.share) * (of(b.lower + 1) - low);
}

template <class T> T shear_factor(const Blend& b, const T& shear) {
  const T low = shear_factor(orders[b.lower], shear);
  return low + T(b.share) * (shear_factor(orders[b.lower + 1], shear) - low);
}

// --- dynamics ----------------------------------------------------------------------------------------------------
// The relative loss of radius moves to its target like dc/dt = (c_target − c)/τ, τ = t50/ln 2. Measured half-times, 5.5
// s dilating and 6.2–6.6 s constricting (Dankelman 1989–92, dog), are those of coronary flow: of muscle inside a loop
// that corrects it, which answers 2.9 times faster than the muscle alone (tests/scenarios/test_transient.cpp). The
// muscle's own are calibrated so that the loop has the measured ones. After ischaemia muscle dilates faster
// (ischaemic_metabolites.hpp).
inline constexpr double half_time_dilating = 16.0;      // s
inline constexpr double half_time_constricting = 18.5;  // s

template <class T> T time_constant(const T& target, const T& loss) {
  return select(target < loss, T(half_time_dilating), T(half_time_constricting)) / T(0.69314718055994530942);
}

}  // namespace coronet::tone
