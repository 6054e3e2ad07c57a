/// The few things that the bench must know of how the product passes a beat; nothing else here depends on it.
#pragma once
#include <numeric>

#include "scenarios/beat.hpp"

namespace coronet::bench {

/// Steps of a beat of a search, as the product takes them.
inline const std::size_t product_steps = beat_mesh_size();

/// What carrying tangents adds to a beat (scenarios/bed_tangents.hpp): 0.22 to 0.28 scalar and in lanes of AVX-512.
inline constexpr double tangents_share = 0.25;

/// A beat's table of forcing on a mesh of some `steps`, which fall between the knots as the product's do.
inline std::vector<ForcingRow<double>> product_table(const Drive& drive, std::size_t steps) {
  return stage_forcing(drive, beat_mesh(drive.waves, static_cast<double>(steps) / static_cast<double>(product_steps)));
}

inline double period_of(const BeatRequest& request) {
  return std::accumulate(request.forcing, request.forcing + request.steps, 0.0,
                         [](double sum, const ForcingRow<double>& row) { return sum + row.length; });
}

/// The beat at the end of a phase that is kept.
inline bool is_recorded(const BeatRequest& request) { return request.means || request.states; }

}  // namespace coronet::bench
