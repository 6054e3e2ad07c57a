/// Means over a beat, for one patient (T = double) or a pack of them: sums over its steps with the weights of its mesh
/// (beat_mesh.hpp).
#pragma once
#include <array>
#include <cstddef>

#include "model/network_jacobian.hpp"

namespace coronet {

/// What regulation senses, SI.
template <class T> struct SensedMeans {
  std::array<std::array<T, bed::muscular>, network::beds> transmural{}, volume{};
  T aortic = T(0.0), right_atrial = T(0.0);

  void add(const network::Parameters<T>& parameters, const network::State<T>& x, const network::Snapshot<T>& s,
           const heart::Forcing<T>& f, const T& weight) {
    aortic = aortic + weight * f.aortic;
    right_atrial = right_atrial + weight * f.right_atrial;
    for (std::size_t b = 0; b < network::beds; ++b)
      for (std::size_t k = 0; k < bed::muscular; ++k) {
        transmural[b][k] =
            transmural[b][k] + weight * (s.bed[b].pressure[k] - parameters.walls.exposure[k] * s.intramyocardial[b]);
        volume[b][k] = volume[b][k] + weight * x[network::volume_index(b, k)];
      }
  }
  /// With the share of the slopes by time (`f` and `slope` those of the forcing), where steps are unequal.
  void add(const network::Parameters<T>& parameters, const network::State<T>& x, const network::Snapshot<T>& s,
           const network::Jacobian<T>& J, const heart::Forcing<T>& f, const heart::Forcing<T>& slope, const T& weight,
           const T& slope_weight) {
    aortic = aortic + (weight * f.aortic + slope_weight * slope.aortic);
    right_atrial = right_atrial + (weight * f.right_atrial + slope_weight * slope.right_atrial);
    for (std::size_t b = 0; b < network::beds; ++b)
      for (std::size_t k = 0; k < bed::muscular; ++k) {
        const T by_slope = slope_weight * s.rate[network::volume_index(b, k)];
        const T pressure = s.bed[b].pressure[k] - parameters.walls.exposure[k] * s.intramyocardial[b];
        transmural[b][k] = transmural[b][k] + (weight * pressure + J.elastance[b][k] * by_slope);
        volume[b][k] = volume[b][k] + (weight * x[network::volume_index(b, k)] + by_slope);
      }
  }
};

/// The arteries at a node of a recorded beat, SI.
template <class T> struct ArteryNode {
  std::array<T, network::segments> pressure, flow, pressure_rate;  // Pa, m³/s, Pa/s
  std::array<T, network::beds> inflow;                             // m³ since the beat began

  static ArteryNode of(const network::State<T>& x, const network::State<T>& rate) {
    ArteryNode node;
    for (std::size_t i = 0; i < network::segments; ++i) {
      node.pressure[i] = x[network::pressure_at + i];
      node.flow[i] = x[network::flow_at + i];
      node.pressure_rate[i] = rate[network::pressure_at + i];
    }
    for (std::size_t b = 0; b < network::beds; ++b) node.inflow[b] = x[network::inflow_at + b];
    return node;
  }
};

/// Means of a recorded beat, SI. `flow` and `segment_flow` are filled from the cumulated volumes.
template <class T> struct MeansOf {
  T aortic = T(0.0), right_atrial = T(0.0);
  std::array<T, network::segments> segment_pressure{}, segment_flow{};
  std::array<std::array<T, bed::compartments>, network::beds> pressure{}, volume{}, viscous_loss{};
  std::array<T, network::beds> flow{}, intramyocardial{};

  void add(const network::State<T>& x, const network::Snapshot<T>& s, const heart::Forcing<T>& f, const T& weight) {
    aortic = aortic + weight * f.aortic;
    right_atrial = right_atrial + weight * f.right_atrial;
    for (std::size_t i = 0; i < network::segments; ++i)
      segment_pressure[i] = segment_pressure[i] + weight * x[network::pressure_at + i];
    for (std::size_t b = 0; b < network::beds; ++b) {
      intramyocardial[b] = intramyocardial[b] + weight * s.intramyocardial[b];
      for (std::size_t k = 0; k < bed::compartments; ++k) {
        pressure[b][k] = pressure[b][k] + weight * s.bed[b].pressure[k];
        volume[b][k] = volume[b][k] + weight * x[network::volume_index(b, k)];
        viscous_loss[b][k] = viscous_loss[b][k] + weight * bed::viscous_loss(s.bed[b], k);
      }
    }
  }
  /// The share of the slopes by time, where steps are unequal; `slope` is that of the forcing, `by_time` what it does to
  /// the rates (network::linearize).
  void add_slopes(const network::Parameters<T>& parameters, const network::Snapshot<T>& s,
                  const network::Jacobian<T>& J, const network::State<T>& by_time, const heart::Forcing<T>& slope,
                  const T& weight) {
    aortic = aortic + weight * slope.aortic;
    right_atrial = right_atrial + weight * slope.right_atrial;
    for (std::size_t i = 0; i < network::segments; ++i)
      segment_pressure[i] = segment_pressure[i] + weight * s.rate[network::pressure_at + i];
    constexpr std::size_t n = bed::compartments;
    for (std::size_t b = 0; b < network::beds; ++b) {
      const std::size_t t = b / network::layers;
      const T squeeze = network::intramyocardial_pressure(parameters, slope, t, b % network::layers);
      intramyocardial[b] = intramyocardial[b] + weight * squeeze;
      const T* moved = &s.rate[network::volume_index(b, 0)];
      std::array<T, n + 1> rising;  // dQ/dt
      T forced = by_time[network::inflow_at + b];
      rising[0] = forced +
                  J.by_upstream[b][0] * s.rate[network::pressure_at + network::segment_of(t, network::distal)] +
                  J.by_downstream[b][0] * moved[0];
      for (std::size_t k = 0; k < n; ++k) {
        forced = forced - by_time[network::volume_index(b, k)];
        rising[k + 1] = forced + J.by_upstream[b][k + 1] * moved[k];
        if (k + 1 < n) rising[k + 1] = rising[k + 1] + J.by_downstream[b][k + 1] * moved[k + 1];
      }
      const bed::Reading<T>& r = s.bed[b];
      for (std::size_t k = 0; k < n; ++k) {
        pressure[b][k] =
            pressure[b][k] + weight * (parameters.walls.exposure[k] * squeeze + J.elastance[b][k] * moved[k]);
        volume[b][k] = volume[b][k] + weight * moved[k];
        viscous_loss[b][k] =
            viscous_loss[b][k] + weight * (J.half_slope[b][k] * moved[k] * (r.flow[k] + r.flow[k + 1]) +
                                           T(0.5) * r.resistance[k] * (rising[k] + rising[k + 1]));
      }
    }
  }
};

}  // namespace coronet
