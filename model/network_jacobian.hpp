/// Jacobian of the coronary network and the solution of (g − J) u = r along the tree, from the leaves to the aorta.
///
///   flow_k = 2 (P_{k−1} − P_k)/(R_{k−1} + R_k)
///   ∂flow_k/∂V_{k−1} = ( 2 E_{k−1} − flow_k R′_{k−1})/(R_{k−1} + R_k)                            [1]
///   ∂flow_k/∂V_k     = (−2 E_k     − flow_k R′_k    )/(R_{k−1} + R_k)                            [2]
///   ∂(dQ/dt)/∂Q      = −(R + R_lesion + 2 K_lesion |Q|)/L                                        [3]
///
/// E = dP_tm/dV, R′ = dR/dV. Each volume sees only its neighbours in the chain, each chain only the pressure at the end
/// of its artery, each segment only its upstream neighbour: Gaussian elimination from the veins to the aorta fills in
/// nothing (65 pivots instead of a dense 65 × 65 matrix) and needs no pivoting, because g − J is dominated by its
/// diagonal for the steps that are used. The cumulated volumes hang on the flows and are solved last, exactly, so that
/// what flows in, flows out and is stored balances to rounding.
///
/// Tested against dual numbers and a dense solver (tests/model/test_network_jacobian.cpp).
#pragma once
#include "model/coronary_network.hpp"

namespace coronet::network {

/// Everything J needs beside the parameters. Time derivatives are those by the forcing alone.
template <class T> struct Jacobian {
  // (bed × flow k): by the volume before it (for k = 0 by the pressure at the artery's end), by the volume behind it
  std::array<std::array<T, bed::compartments + 1>, beds> by_upstream, by_downstream;
  std::array<std::array<T, bed::compartments>, beds> elastance;  // dP_tm/dV, Pa/m³
  std::array<T, segments> damping, per_inertance, per_compliance;
};

/// J at the state whose snapshot is `s`.
template <class T> void linearize(const Parameters<T>& c, const State<T>& x, const Snapshot<T>& s, Jacobian<T>& J) {
  for (std::size_t b = 0; b < beds; ++b) {
    const bed::Rate<T>& r = s.bed[b];
    std::array<T, bed::compartments> E, slope;
    for (std::size_t k = 0; k < bed::compartments; ++k) {
      const T& V = x[volume_index(b, k)];
      J.elastance[b][k] = wall::elastance(c.bed[b].shape[k], c.bed[b].V_max[k], V);
      E[k] = T(2.0) * J.elastance[b][k];
      slope[k] = bed::resistance_slope(c.bed[b], k, V, r.resistance[k]);
    }
    const T inlet = T(1.0) / r.resistance[0];
    J.by_upstream[b][0] = T(2.0) * inlet;
    J.by_downstream[b][0] = -(E[0] + r.flow[0] * slope[0]) * inlet;
    for (std::size_t k = 1; k < bed::compartments; ++k) {
      const T between = T(1.0) / (r.resistance[k - 1] + r.resistance[k]);
      J.by_upstream[b][k] = (E[k - 1] - r.flow[k] * slope[k - 1]) * between;
      J.by_downstream[b][k] = -(E[k] + r.flow[k] * slope[k]) * between;
    }
    constexpr std::size_t last = bed::compartments - 1;
    J.by_upstream[b][last + 1] = (E[last] - r.flow[last + 1] * slope[last]) / r.resistance[last];
  }
  for (std::size_t i = 0; i < segments; ++i) {
    J.per_inertance[i] = T(1.0) / c.segment[i].inertance;
    J.per_compliance[i] = T(1.0) / c.segment[i].compliance;
    J.damping[i] = epicardial::damping(c.segment[i], x[flow_at + i]) * J.per_inertance[i];
  }
}

/// Derivative of the rates by time, the state held: what the slope of the forcing (heart::forcing_by_time) does.
template <class T>
void rate_by_time(const Parameters<T>& c, const Snapshot<T>& s, const heart::Forcing<T>& slope, State<T>& by_time) {
  for (std::size_t i = 0; i < 2 * segments; ++i) by_time[i] = T(0.0);
  for (std::size_t b = 0; b < beds; ++b) {
    const bed::Rate<T>& r = s.bed[b];
    const T squeeze = T(2.0) * intramyocardial_pressure(c, slope, b / layers, b % layers);
    const auto& exposure = c.bed[b].exposure;
    std::array<T, bed::compartments + 1> flow;
    flow[0] = -exposure[0] * squeeze / r.resistance[0];
    for (std::size_t k = 1; k < bed::compartments; ++k)
      flow[k] = (exposure[k - 1] - exposure[k]) * squeeze / (r.resistance[k - 1] + r.resistance[k]);
    constexpr std::size_t last = bed::compartments - 1;
    flow[last + 1] = (exposure[last] * squeeze - T(2.0) * slope.right_atrial) / r.resistance[last];
    for (std::size_t k = 0; k < bed::compartments; ++k) by_time[volume_index(b, k)] = flow[k] - flow[k + 1];
    by_time[inflow_at + b] = flow[0];
    by_time[outflow_at + b] = flow[last + 1];
    const std::size_t end = segment_of(b / layers, distal);
    by_time[pressure_at + end] = by_time[pressure_at + end] - flow[0] / c.segment[end].compliance;
  }
  for (std::size_t i = 0; i < segments; ++i)
    if (upstream_of(i) == segments) by_time[flow_at + i] = slope.aortic / c.segment[i].inertance;
  by_time[ostial_at] = by_time[ostial_at + 1] = T(0.0);
}

/// g − J, eliminated.
template <class T> struct Elimination {
  std::array<std::array<T, bed::compartments>, beds> volume_pivot;  // inverse
  std::array<T, segments> pressure_pivot, flow_pivot;               // inverse
  T per_g;
};

template <class T> void eliminate(const Jacobian<T>& J, const T& g, Elimination<T>& e) {
  e.per_g = T(1.0) / g;
  std::array<T, segments> diagonal;  // of the pressure rows
  for (std::size_t i = 0; i < segments; ++i) diagonal[i] = g;
  for (std::size_t b = 0; b < beds; ++b) {
    const auto &up = J.by_upstream[b], &down = J.by_downstream[b];
    for (std::size_t k = bed::compartments; k-- > 0;) {
      T pivot = g - down[k] + up[k + 1];
      if (k + 1 < bed::compartments) pivot = pivot + down[k + 1] * up[k + 1] * e.volume_pivot[b][k + 1];
      e.volume_pivot[b][k] = T(1.0) / pivot;
    }
    const std::size_t last = segment_of(b / layers, distal);
    diagonal[last] = diagonal[last] + up[0] * (T(1.0) + down[0] * e.volume_pivot[b][0]) * J.per_compliance[last];
  }
  for (std::size_t i = segments; i-- > 0;) {
    e.pressure_pivot[i] = T(1.0) / diagonal[i];
    e.flow_pivot[i] = T(1.0) / (g + J.damping[i] + J.per_inertance[i] * J.per_compliance[i] * e.pressure_pivot[i]);
    const std::size_t parent = upstream_of(i);
    if (parent < segments)
      diagonal[parent] = diagonal[parent] + J.per_compliance[parent] * J.per_inertance[i] * e.flow_pivot[i];
  }
}

/// Replaces r by u, (g − J) u = r.
template <class T> void solve(const Jacobian<T>& J, const Elimination<T>& e, State<T>& r) {
  for (std::size_t b = 0; b < beds; ++b) {
    T* v = &r[volume_index(b, 0)];
    for (std::size_t k = bed::compartments - 1; k-- > 0;)
      v[k] = v[k] - J.by_downstream[b][k + 1] * e.volume_pivot[b][k + 1] * v[k + 1];
    const std::size_t last = segment_of(b / layers, distal);
    r[pressure_at + last] =
        r[pressure_at + last] - J.by_downstream[b][0] * J.per_compliance[last] * e.volume_pivot[b][0] * v[0];
  }
  for (std::size_t i = segments; i-- > 0;) {
    T& flow = r[flow_at + i];
    flow = flow - J.per_inertance[i] * e.pressure_pivot[i] * r[pressure_at + i];
    const std::size_t parent = upstream_of(i);
    if (parent < segments)
      r[pressure_at + parent] = r[pressure_at + parent] - J.per_compliance[parent] * e.flow_pivot[i] * flow;
  }
  for (std::size_t i = 0; i < segments; ++i) {
    const std::size_t parent = upstream_of(i);
    T flow = r[flow_at + i];
    if (parent < segments) flow = flow + J.per_inertance[i] * r[pressure_at + parent];
    r[flow_at + i] = flow * e.flow_pivot[i];
    r[pressure_at + i] = (r[pressure_at + i] + J.per_compliance[i] * r[flow_at + i]) * e.pressure_pivot[i];
  }
  for (std::size_t b = 0; b < beds; ++b) {
    const auto &up = J.by_upstream[b], &down = J.by_downstream[b];
    T* v = &r[volume_index(b, 0)];
    const T& p = r[pressure_at + segment_of(b / layers, distal)];
    v[0] = (v[0] + up[0] * p) * e.volume_pivot[b][0];
    for (std::size_t k = 1; k < bed::compartments; ++k) v[k] = (v[k] + up[k] * v[k - 1]) * e.volume_pivot[b][k];
    r[inflow_at + b] = (r[inflow_at + b] + up[0] * p + down[0] * v[0]) * e.per_g;
    r[outflow_at + b] = (r[outflow_at + b] + up[bed::compartments] * v[bed::compartments - 1]) * e.per_g;
  }
  r[ostial_at] = (r[ostial_at] + r[flow_at + left_main]) * e.per_g;
  r[ostial_at + 1] = (r[ostial_at + 1] + r[flow_at + segment_of(rca, proximal)]) * e.per_g;
}

}  // namespace coronet::network
