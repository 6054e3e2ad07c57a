/// Metabolites of ischaemic tissue (adenosine, ADP and what opens K_ATP channels): they dilate until they are cleared.
///
///   y   = max(b − u, 0)                     metabolites beyond those of a steady ischaemia of the same depth    [1]
///   F_i = y/(y + K)                         dilation by them, 0 … 1                                            [2]
///   F   = 1 − (1 − F_meta)(1 − F_i)         with the metabolic dilation of the moment                          [3]
///   t50 = t50,0/(1 + (R − 1) b²/(b² + K²))  half-time of muscle that dilates                                   [4]
///
/// b is the pool, the relative oxygen debt of oxygen_debt.hpp: db/dt = (u − b)/τ, filled by unmet demand u and cleared at
/// the rate 1/τ. In every steady state b = u: [3] is then the signal of metabolic_signal.hpp alone, in which the
/// metabolites of steady ischaemia are contained, and a limit cycle knows nothing of this header. After an occlusion
/// oxygen is back at once and the metabolites are not. [4] is K_ATP: channels that metabolites have opened let muscle
/// relax faster; where muscle goes is left alone.
///
/// | symbol | meaning                                            | unit | valid range, source                          |
/// |--------|----------------------------------------------------|------|----------------------------------------------|
/// | b      | pool, relative oxygen debt (input)                 | 1    | 0–1                                          |
/// | u      | unmet share of demand (input)                      | 1    | 0–1                                          |
/// | F_meta | metabolic dilation by the signal of the moment     | 1    | 0–1                                          |
/// | K      | pool of half effect                                | 1    | 0.35, calibrated on a half-decay of 20–30 s  |
/// | R      | how much faster muscle dilates, K_ATP open         | 1    | 6.4: 24.4 s blocked over 3.8 s, Dankelman 1994 |
/// | t50,0  | half-time of dilating muscle (arteriolar_tone.hpp) | s    | 16                                           |
///
/// Source: that reactive hyperaemia needs metabolites: K_ATP blockade takes 26 % of its peak, a third of its duration and
/// 40 % of its excess flow in awake dogs (Duncker 1993, Circulation, 20-s occlusion), antagonists and deaminase of
/// adenosine about 20 % (Radford 1984, doi:10.1093/cvr/18.6.377). R: doi:10.1152/ajpheart.1994.266.5.H1715 (goat, closed
/// loop; here it is given to muscle itself: assumption). Differs from the source: one pool for all metabolites, driven by
/// unmet demand. Peak 4–5 times rest, half-decay 20–30 s and a repayment of 2–4 do not go together: 15 s at a peak of 4
/// that decays along a straight line with 20 s repay 4 already. K is calibrated on the half-decay; peak and repayment
/// (4–5; conscious dogs beside ponies: 4.2-fold after 5 s, 2.3-fold after 2 min) are outcomes.
/// Not modelled: flow does not wash the pool out faster; stretch of vessels that were empty (the myogenic part of reactive
/// hyperaemia is that of arteriolar_tone.hpp).
#pragma once
#include "model/math.hpp"

namespace coronet::ischaemia {

inline constexpr double half_effect = 0.35;
inline constexpr double fastest_dilation = 6.4;

/// Equations [1] to [3].
template <class T> T dilation(const T& metabolic, const T& pool, const T& unmet) {
  const T y = max(pool - unmet, T(0.0));
  return T(1.0) - (T(1.0) - metabolic) * T(half_effect) / (y + T(half_effect));
}

/// t50,0/t50 of dilating muscle, equation [4].
template <class T> T dilating_speed(const T& pool) {
  const T b2 = pool * pool;
  return T(1.0) + T(fastest_dilation - 1.0) * b2 / (b2 + T(half_effect * half_effect));
}

}  // namespace coronet::ischaemia
