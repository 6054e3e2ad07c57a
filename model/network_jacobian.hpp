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
  std::array<std::array<T, bed::compartments>, beds> elastance;   // dP_tm/dV, Pa/m³
  std::array<std::array<T, bed::compartments>, beds> half_slope;  // ½ dR/dV, Pa·s/m⁶
  std::array<T, segments> damping;                                // 1/s
};

/// The network and J at a state, and the derivative of the rates by time with the state held: what the slope of the
/// forcing (heart::forcing_by_time) does.
template <class T> void linearize(const Parameters<T>& c, const Reciprocals<T>& per, const State<T>& x,
                                  const heart::Forcing<T>& f, const heart::Forcing<T>& slope, Snapshot<T>& s,
                                  Jacobian<T>& J, State<T>& by_time) {
  constexpr std::size_t last = bed::compartments - 1;
  std::array<T, territories> drawn, drawn_by_time;
  for (std::size_t t = 0; t < territories; ++t) {
    drawn[t] = drawn_by_time[t] = T(0.0);
    for (std::size_t l = 0; l < layers; ++l) {
      const std::size_t b = bed_of(t, l);
      const std::array<T, bed::compartments> V = volumes_of(x, b);
      const bed::Mechanics<T> m = bed::mechanics(c.walls, c.bed[b], V);
      const auto& G = m.G;
      std::array<T, bed::compartments> per_d = m.d;
      invert(per_d);
      s.intramyocardial[b] = intramyocardial_pressure(c, f, t, l);
      // into the snapshot number by number: a compiler copies a whole Reading by a slow loop of its own
      const bed::Flows<T> r =
          bed::flows(c.walls, m, {x[pressure_at + segment_of(t, distal)], f.right_atrial, s.intramyocardial[b]});
      std::array<T, bed::compartments> resistance;
      for (std::size_t k = 0; k < bed::compartments; ++k) {
        s.bed[b].pressure[k] = r.pressure[k];
        s.bed[b].resistance[k] = resistance[k] = m.n[k] * per_d[k];
        s.rate[volume_index(b, k)] = r.flow[k] - r.flow[k + 1];
      }
      for (std::size_t k = 0; k <= bed::compartments; ++k) s.bed[b].flow[k] = r.flow[k];
      s.rate[inflow_at + b] = r.flow[0];
      s.rate[outflow_at + b] = r.flow[last + 1];
      drawn[t] = drawn[t] + r.flow[0];

      auto& half_slope = J.half_slope[b];
      for (std::size_t k = 0; k < bed::compartments; ++k) {
        J.elastance[b][k] = bed::elastance(c.walls, c.bed[b], k, V[k], m);
        half_slope[k] = T(0.5) * bed::resistance_slope(c.walls, c.bed[b], k, m, resistance[k], per_d[k]);
      }
      J.by_upstream[b][0] = G[0];
      for (std::size_t k = 0; k < bed::compartments; ++k) {
        J.by_downstream[b][k] = -(J.elastance[b][k] + r.flow[k] * half_slope[k]) * G[k];
        J.by_upstream[b][k + 1] = (J.elastance[b][k] - r.flow[k + 1] * half_slope[k]) * G[k + 1];
      }

      const T squeeze = intramyocardial_pressure(c, slope, t, l);
      const auto& exposure = c.walls.exposure;
      std::array<T, bed::compartments + 1> flow;
      flow[0] = -exposure[0] * squeeze * G[0];
      for (std::size_t k = 1; k < bed::compartments; ++k) flow[k] = (exposure[k - 1] - exposure[k]) * squeeze * G[k];
      flow[last + 1] = (exposure[last] * squeeze - slope.right_atrial) * G[last + 1];
      for (std::size_t k = 0; k < bed::compartments; ++k) by_time[volume_index(b, k)] = flow[k] - flow[k + 1];
      by_time[inflow_at + b] = flow[0];
      by_time[outflow_at + b] = flow[last + 1];
      drawn_by_time[t] = drawn_by_time[t] + flow[0];
    }
  }
  artery_rates(c, per, x, f.aortic, drawn, s.rate);
  for (std::size_t i = 0; i < segments; ++i) {
    J.damping[i] = epicardial::damping(c.segment[i], x[flow_at + i]) * per.inertance[i];
    by_time[flow_at + i] = upstream_of(i) == segments ? slope.aortic * per.inertance[i] : T(0.0);
    by_time[pressure_at + i] = T(0.0);
  }
  for (std::size_t t = 0; t < territories; ++t) {
    const std::size_t end = segment_of(t, distal);
    by_time[pressure_at + end] = -drawn_by_time[t] * per.compliance[end];
  }
  by_time[ostial_at] = by_time[ostial_at + 1] = T(0.0);
}

/// g − J, eliminated.
template <class T> struct Elimination {
  std::array<std::array<T, bed::compartments>, beds> volume_pivot, by_downstream;  // inverse; by_downstream · inverse
  std::array<T, segments> pressure_pivot, flow_pivot;                              // inverse
  std::array<T, segments> by_pressure, by_flow;  // of a segment's own flow, of the pressure upstream; · inverse
  T per_g;
};

template <class T> void eliminate(const Reciprocals<T>& per, const Jacobian<T>& J, const T& g, Elimination<T>& e) {
  e.per_g = T(1.0) / g;
  std::array<T, segments> diagonal;  // of the pressure rows
  for (std::size_t i = 0; i < segments; ++i) diagonal[i] = g;
  for (std::size_t b = 0; b < beds; ++b) {
    const auto &up = J.by_upstream[b], &down = J.by_downstream[b];
    for (std::size_t k = bed::compartments; k-- > 0;) {
      T pivot = g - down[k] + up[k + 1];
      if (k + 1 < bed::compartments) pivot = pivot + e.by_downstream[b][k + 1] * up[k + 1];
      e.volume_pivot[b][k] = T(1.0) / pivot;
      e.by_downstream[b][k] = down[k] * e.volume_pivot[b][k];
    }
    const std::size_t last = segment_of(b / layers, distal);
    diagonal[last] = diagonal[last] + up[0] * (T(1.0) + e.by_downstream[b][0]) * per.compliance[last];
  }
  for (std::size_t i = segments; i-- > 0;) {
    e.pressure_pivot[i] = T(1.0) / diagonal[i];
    e.by_pressure[i] = per.inertance[i] * e.pressure_pivot[i];
    e.flow_pivot[i] = T(1.0) / (g + J.damping[i] + per.compliance[i] * e.by_pressure[i]);
    const std::size_t parent = upstream_of(i);
    if (parent == segments) continue;
    e.by_flow[i] = per.compliance[parent] * e.flow_pivot[i];
    diagonal[parent] = diagonal[parent] + per.inertance[i] * e.by_flow[i];
  }
}

/// The solution of (g − J) u = r: first each bed from its veins to its artery. Returns what the bed adds to the flow that
/// leaves the artery.
template <class T> T solve_to_artery(const Elimination<T>& e, std::size_t b, std::array<T, bed::compartments>& v) {
  const auto& down = e.by_downstream[b];
  for (std::size_t k = bed::compartments - 1; k-- > 0;) v[k] = v[k] - down[k + 1] * v[k + 1];
  return down[0] * v[0];
}

/// Then the arteries to the aorta and back,
template <class T> void solve_arteries(const Reciprocals<T>& per, const Elimination<T>& e,
                                       const std::array<T, territories>& drawn, State<T>& r) {
  for (std::size_t t = 0; t < territories; ++t) {
    const std::size_t last = segment_of(t, distal);
    r[pressure_at + last] = r[pressure_at + last] - per.compliance[last] * drawn[t];
  }
  for (std::size_t i = segments; i-- > 0;) {
    T& flow = r[flow_at + i];
    flow = flow - e.by_pressure[i] * r[pressure_at + i];
    const std::size_t parent = upstream_of(i);
    if (parent < segments) r[pressure_at + parent] = r[pressure_at + parent] - e.by_flow[i] * flow;
  }
  for (std::size_t i = 0; i < segments; ++i) {
    const std::size_t parent = upstream_of(i);
    T flow = r[flow_at + i];
    if (parent < segments) flow = flow + per.inertance[i] * r[pressure_at + parent];
    r[flow_at + i] = flow * e.flow_pivot[i];
    r[pressure_at + i] = (r[pressure_at + i] + per.compliance[i] * r[flow_at + i]) * e.pressure_pivot[i];
  }
  r[ostial_at] = (r[ostial_at] + r[flow_at + left_main]) * e.per_g;
  r[ostial_at + 1] = (r[ostial_at + 1] + r[flow_at + segment_of(rca, proximal)]) * e.per_g;
}

/// and each bed back to its veins.
template <class T> void solve_from_artery(const Jacobian<T>& J, const Elimination<T>& e, std::size_t b, State<T>& r) {
  const auto& up = J.by_upstream[b];
  T* v = &r[volume_index(b, 0)];
  const T drawn = up[0] * r[pressure_at + segment_of(b / layers, distal)];
  v[0] = (v[0] + drawn) * e.volume_pivot[b][0];
  for (std::size_t k = 1; k < bed::compartments; ++k) v[k] = (v[k] + up[k] * v[k - 1]) * e.volume_pivot[b][k];
  r[inflow_at + b] = (r[inflow_at + b] + drawn + J.by_downstream[b][0] * v[0]) * e.per_g;
  r[outflow_at + b] = (r[outflow_at + b] + up[bed::compartments] * v[bed::compartments - 1]) * e.per_g;
}

}  // namespace coronet::network
