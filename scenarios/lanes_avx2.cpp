#include "scenarios/lanes_kernel.hpp"

#ifdef __x86_64__

namespace coronet::lanes {

struct Avx2 {};

Way avx2_x4() { return way_of<Pack<4, Avx2>>("avx2_x4"); }
Way avx2_x8() { return way_of<Pack<8, Avx2>>("avx2_x8"); }

}  // namespace coronet::lanes

#endif
