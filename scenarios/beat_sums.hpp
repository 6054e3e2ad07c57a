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

/// What a recorded beat of equal steps keeps, SI. `flow` is filled from the cumulated volumes.
template <class T> struct MeansOf {
  T aortic = T(0.0), right_atrial = T(0.0);
  std::array<T, network::segments> segment_pressure{}, segment_flow{};
  std::array<std::array<T, bed::compartments>, network::beds> pressure{}, volume{}, viscous_loss{};
  std::array<T, network::beds> flow{}, intramyocardial{};

  void add(const network::State<T>& x, const network::Snapshot<T>& s, const heart::Forcing<T>& f, const T& weight) {
    aortic = aortic + weight * f.aortic;
    right_atrial = right_atrial + weight * f.right_atrial;
    for (std::size_t i = 0; i < network::segments; ++i) {
      segment_pressure[i] = segment_pressure[i] + weight * x[network::pressure_at + i];
      segment_flow[i] = segment_flow[i] + weight * x[network::flow_at + i];
    }
    for (std::size_t b = 0; b < network::beds; ++b) {
      intramyocardial[b] = intramyocardial[b] + weight * s.intramyocardial[b];
      for (std::size_t k = 0; k < bed::compartments; ++k) {
        pressure[b][k] = pressure[b][k] + weight * s.bed[b].pressure[k];
        volume[b][k] = volume[b][k] + weight * x[network::volume_index(b, k)];
        viscous_loss[b][k] = viscous_loss[b][k] + weight * bed::viscous_loss(s.bed[b], k);
      }
    }
  }
};

}  // namespace coronet
