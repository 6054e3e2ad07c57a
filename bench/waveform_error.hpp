/// How far two recorded beats lie apart, waveform by waveform.
#pragma once
#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "scenarios/phase.hpp"

namespace coronet::bench {

/// Odeint's RK4 on a mesh four times finer than stability asks for, to a limit cycle 1000 times more exact.
inline Numerics tight_numerics() {
  Numerics n;
  n.stepper = Stepper::runge_kutta_4;
  n.step_refinement = 4.0;
  n.error_tolerance = 1e-9;
  return n;
}

/// Largest difference of two waves relative to the largest value of the second.
inline double wave_error(const Traces::Wave& wave, const Traces::Wave& reference) {
  double difference = 0.0, peak = 0.0;
  for (std::size_t j = 0; j < wave.size(); ++j) {
    difference = std::max(difference, std::fabs(wave[j] - reference[j]));
    peak = std::max(peak, std::fabs(reference[j]));
  }
  return difference / peak;
}

/// The worst wave of each quantity.
inline std::vector<std::pair<const char*, double>> waveform_errors(const Traces& a, const Traces& b) {
  double pressure = 0.0, flow = 0.0, inflow = 0.0, bed_flow = 0.0, bed_pressure = 0.0, volume = 0.0;
  for (std::size_t i = 0; i < network::segments; ++i) {
    pressure = std::max(pressure, wave_error(a.segment_pressure[i], b.segment_pressure[i]));
    flow = std::max(flow, wave_error(a.segment_flow[i], b.segment_flow[i]));
  }
  for (std::size_t i = 0; i < network::beds; ++i) {
    inflow = std::max(inflow, wave_error(a.flow[i][0], b.flow[i][0]));
    for (std::size_t k = 1; k <= bed::compartments; ++k)
      bed_flow = std::max(bed_flow, wave_error(a.flow[i][k], b.flow[i][k]));
    for (std::size_t k = 0; k < bed::compartments; ++k) {
      bed_pressure = std::max(bed_pressure, wave_error(a.pressure[i][k], b.pressure[i][k]));
      volume = std::max(volume, wave_error(a.volume[i][k], b.volume[i][k]));
    }
  }
  return {{"artery_pressure", pressure}, {"artery_flow", flow},          {"layer_inflow", inflow},
          {"bed_flow", bed_flow},        {"bed_pressure", bed_pressure}, {"volume", volume}};
}

}  // namespace coronet::bench
