#include "scenarios/lanes_kernel.hpp"

namespace coronet::lanes {

struct Baseline {};

Way baseline_x4() { return way_of<Pack<4, Baseline>>("baseline_x4"); }

}  // namespace coronet::lanes
