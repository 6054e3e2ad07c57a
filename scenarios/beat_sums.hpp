/// Sums over the steps of a beat, for one patient (T = double) or a pack of them; divided by the number of steps they
/// are the means of a periodic beat (trapezoid rule).
#pragma once
#include <array>
#include <cstddef>

#include "model/coronary_network.hpp"

namespace coronet {

/// What regulation senses, SI.
template <class T> struct SensorSums {
  std::array<std::array<T, bed::muscular>, network::beds> transmural{}, volume{};
  T aortic = T(0.0), right_atrial = T(0.0);

  void add(const network::Parameters<T>& parameters, const network::State<T>& x, const network::Snapshot<T>& s,
           const heart::Forcing<T>& f) {
    aortic = aortic + f.aortic;
    right_atrial = right_atrial + f.right_atrial;
    for (std::size_t b = 0; b < network::beds; ++b)
      for (std::size_t k = 0; k < bed::muscular; ++k) {
        transmural[b][k] =
            transmural[b][k] + (s.bed[b].pressure[k] - parameters.bed[b].exposure[k] * s.intramyocardial[b]);
        volume[b][k] = volume[b][k] + x[network::volume_index(b, k)];
      }
  }
};

/// What a recorded beat keeps, SI: sums while it passes, then means. `flow` is filled from the cumulated volumes.
template <class T> struct MeansOf {
  T aortic = T(0.0), right_atrial = T(0.0);
  std::array<T, network::segments> segment_pressure{}, segment_flow{};
  std::array<std::array<T, bed::compartments>, network::beds> pressure{}, volume{}, viscous_loss{};
  std::array<T, network::beds> flow{}, intramyocardial{};

  void add(const network::State<T>& x, const network::Snapshot<T>& s, const heart::Forcing<T>& f) {
    aortic = aortic + f.aortic;
    right_atrial = right_atrial + f.right_atrial;
    for (std::size_t i = 0; i < network::segments; ++i) {
      segment_pressure[i] = segment_pressure[i] + x[network::pressure_at + i];
      segment_flow[i] = segment_flow[i] + x[network::flow_at + i];
    }
    for (std::size_t b = 0; b < network::beds; ++b) {
      intramyocardial[b] = intramyocardial[b] + s.intramyocardial[b];
      for (std::size_t k = 0; k < bed::compartments; ++k) {
        pressure[b][k] = pressure[b][k] + s.bed[b].pressure[k];
        volume[b][k] = volume[b][k] + x[network::volume_index(b, k)];
        viscous_loss[b][k] = viscous_loss[b][k] + bed::viscous_loss(s.bed[b], k);
      }
    }
  }
};

}  // namespace coronet
