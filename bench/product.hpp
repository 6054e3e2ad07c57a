/// The few things that the bench must know of how the product passes a beat; nothing else here depends on it.
#pragma once
#include "scenarios/beat.hpp"

namespace coronet::bench {

/// Steps of a beat of a search, as the product takes them.
inline constexpr std::size_t product_steps = implicit_steps;

/// A beat's table of forcing on a mesh of `steps`.
inline std::vector<ForcingRow<double>> product_table(const Drive& drive, std::size_t steps) {
  return stage_forcing(drive, steps);
}

inline void set_period(BeatRequest& request, double period) { request.period = period; }
inline double period_of(const BeatRequest& request) { return request.period; }

/// The beat at the end of a phase that is kept.
inline bool is_recorded(const BeatRequest& request) { return request.record != nullptr; }

}  // namespace coronet::bench
