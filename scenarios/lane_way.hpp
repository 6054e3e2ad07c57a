/// One way to compute in lanes, as the file of an instruction set offers it.
#pragma once
#include <cstddef>

#include "scenarios/beat_request.hpp"

namespace coronet::lanes {

struct Way {
  const char* name;          // scalar, baseline_x4, avx2_x4, avx512_x8, …
  std::size_t width;         // of packs of doubles
  std::size_t single_width;  // of floats
  /// Answers up to `width_for(*requests[0])` requests that agree in their steps, their precision and in what is wanted.
  void (*pass)(BeatRequest* const* requests, std::size_t count);
  /// The network of one patient at up to `width` instants.
  void (*evaluate)(const network::Parameters<double>& parameters, const network::State<double>* states,
                   const heart::Forcing<double>* forcings, network::Snapshot<double>* snapshots, std::size_t count);

  std::size_t width_for(const BeatRequest& request) const { return request.single ? single_width : width; }
};

}  // namespace coronet::lanes
