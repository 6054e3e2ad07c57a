/// One way to compute in lanes, as the file of an instruction set offers it.
#pragma once
#include <cstddef>

#include "scenarios/beat_request.hpp"

namespace coronet::lanes {

struct Way {
  const char* name;  // scalar, baseline_x4, avx2_x4, avx512_x8, …
  std::size_t width;
  /// Answers up to `width` requests that agree in their steps and in what is wanted.
  void (*pass)(BeatRequest* const* requests, std::size_t count);
  /// The network of one patient at up to `width` instants.
  void (*evaluate)(const network::Parameters<double>& parameters, const network::State<double>* states,
                   const heart::Forcing<double>* forcings, network::Snapshot<double>* snapshots, std::size_t count);
};

}  // namespace coronet::lanes
