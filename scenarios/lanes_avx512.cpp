#include "scenarios/lanes_kernel.hpp"

#ifdef __x86_64__

namespace coronet::lanes {

struct Avx512 {};

Way avx512_x8() { return way_of<Pack<8, Avx512>>("avx512_x8"); }
Way avx512_x16() { return way_of<Pack<16, Avx512>>("avx512_x16"); }

}  // namespace coronet::lanes

#endif
