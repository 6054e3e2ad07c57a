#include "scenarios/lanes_kernel.hpp"

#ifdef __x86_64__

namespace coronet::lanes {

struct Avx2 {};

void pass_avx2_x4(BeatRequest* const* requests, std::size_t count) { Kernel<Pack<4, Avx2>>::pass(requests, count); }
void pass_avx2_x8(BeatRequest* const* requests, std::size_t count) { Kernel<Pack<8, Avx2>>::pass(requests, count); }

}  // namespace coronet::lanes

#endif
