/// The few things that the bench must know of how the product passes a beat; nothing else here depends on it.
#pragma once
#include <numeric>

#include "scenarios/beat.hpp"

namespace coronet::bench {

/// Steps of a beat of a search, as the product takes them.
inline const std::size_t product_steps = beat_mesh_size();

/// What carrying tangents adds to a beat (scenarios/bed_tangents.hpp): 0.22 to 0.28 scalar and in lanes of AVX-512.
inline constexpr double tangents_share = 0.25;

/// What recording its means and its arteries adds: 0.06 scalar, 0.13 in lanes of AVX-512.
inline constexpr double recording_share = 0.12;

/// A mesh of a beat: how many steps between which knots, and how often each is divided.
struct Mesh {
  const MeshPlan* plan = &usual_plan;
  double refinement = 1.0;
  std::size_t steps() const { return beat_mesh_size(refinement, *plan); }
};

inline std::vector<ForcingRow<double>> product_table(const Drive& drive, const Mesh& mesh) {
  return stage_forcing(drive, beat_mesh(drive.waves, mesh.refinement, *mesh.plan));
}

inline double period_of(const BeatRequest& request) {
  return std::accumulate(request.forcing, request.forcing + request.steps, 0.0,
                         [](double sum, const ForcingRow<double>& row) { return sum + row.length; });
}

/// A beat after the search, for waveforms.
inline bool makes_waveforms(const BeatRequest& request) { return request.states; }

}  // namespace coronet::bench
