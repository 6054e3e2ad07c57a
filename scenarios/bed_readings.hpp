/// What the beds of one artery say together: perfusion per gram, ENDO/EPI, mixed venous oxygen, the farthest tissue.
///
/// Arguments are per bed (territory × layer), SI, means over a beat or a limit cycle; suffixes carry other units.
#pragma once
#include <algorithm>
#include <array>
#include <limits>

#include "model/units.hpp"
#include "scenarios/circulation.hpp"

namespace coronet {

using PerBed = std::array<double, network::beds>;

/// Flow of a territory, m³/s.
inline double territory_flow(const PerBed& flow, std::size_t territory) {
  double sum = 0.0;
  for (std::size_t l = 0; l < network::layers; ++l) sum += flow[network::bed_of(territory, l)];
  return sum;
}

inline double layer_perfusion_mL_per_min_per_g(const PatientParameters& p, const PerBed& flow, std::size_t bed_index) {
  return flow[bed_index] / layer_mass(p, bed_index / network::layers) / unit::mL_per_min_per_g;
}

inline double perfusion_mL_per_min_per_g(const PatientParameters& p, const PerBed& flow, std::size_t territory) {
  return territory_flow(flow, territory) / (3.0 * layer_mass(p, territory)) / unit::mL_per_min_per_g;
}

/// 0 where nothing flows in the subepicardium.
inline double endo_epi_ratio(const PerBed& flow, std::size_t territory) {
  const double endo = flow[network::bed_of(territory, network::subendocardium)];
  const double epi = flow[network::bed_of(territory, network::subepicardium)];
  return epi > 0.0 ? std::max(endo, 0.0) / epi : 0.0;
}

/// Mean of a quantity of the blood that leaves the beds, weighted by their flow; without flow the plain mean.
inline double mixed(const PerBed& value, const PerBed& flow, std::size_t territory) {
  double weighted = 0.0, plain = 0.0, weights = 0.0;
  for (std::size_t l = 0; l < network::layers; ++l) {
    const std::size_t b = network::bed_of(territory, l);
    const double weight = std::max(flow[b], 0.0);
    weighted += weight * value[b];
    plain += value[b] / network::layers;
    weights += weight;
  }
  return weights > 0.0 ? weighted / weights : plain;
}

inline double lowest(const PerBed& value, std::size_t territory) {
  double least = std::numeric_limits<double>::infinity();
  for (std::size_t l = 0; l < network::layers; ++l) least = std::min(least, value[network::bed_of(territory, l)]);
  return least;
}

}  // namespace coronet
