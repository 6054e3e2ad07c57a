#include "scenarios/lanes_kernel.hpp"

namespace coronet::lanes {

struct Baseline {};

void pass_baseline_x4(BeatRequest* const* requests, std::size_t count) {
  Kernel<Pack<4, Baseline>>::pass(requests, count);
}

}  // namespace coronet::lanes
