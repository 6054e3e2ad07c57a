/// Oxygen debt of ischaemic tissue: what was not consumed is consumed later, above demand.
///
///   db/dt = (u − b)/τ                   b = B/(M τ): debt relative to what loss at the rate 1/τ lets grow      [1]
///   u     = 1 − M_consumed/M            unmet share of the demand                                            [2]
///   M_now = M (1 + max(b − u, 0))       demand while a debt is repaid                                        [3]
///
/// By [3] the tissue consumes above its demand exactly what the debt falls, M τ (−db/dt): each millilitre owed is
/// repaid once. A debt is forgotten at the rate 1/τ while it grows (29 % of what 15 s without flow miss), so that it is
/// bounded. In every steady state b = u, and nothing is added: a limit cycle has no debt to repay.
///
/// | symbol | meaning                                             | unit | valid range, source |
/// |--------|-----------------------------------------------------|------|---------------------|
/// | b      | relative debt (state)                               | 1    | 0–1                 |
/// | u      | unmet share of demand (input)                       | 1    | 0–1                 |
/// | M      | oxygen demand                                       | m³/s |                     |
/// | τ      | time over which it is repaid                        | s    | 20, assumption      |
///
/// Source: after 5–120 s of occlusion the dog's heart consumes more than it missed (Coffman & Gregg 1960, Am J Physiol
/// 199:1143, recalled: flow debt repaid 2- to 4-fold, oxygen debt about 2-fold). Differs from the source: repaid once.
/// The debt is also the pool of metabolites that dilate after ischaemia (ischaemic_metabolites.hpp). Not modelled:
/// myoglobin's store.
#pragma once
#include "model/math.hpp"

namespace coronet::oxygen_debt {

inline constexpr double repayment_time = 20.0;  // s

/// Factor on demand, equation [3].
template <class T> T demand_factor(const T& debt, const T& unmet) { return T(1.0) + max(debt - unmet, T(0.0)); }

/// The debt after `time` at a constant unmet share, equation [1].
template <class T> T after(const T& debt, const T& unmet, const T& time) {
  return unmet + (debt - unmet) * exp(-time / T(repayment_time));
}

}  // namespace coronet::oxygen_debt
