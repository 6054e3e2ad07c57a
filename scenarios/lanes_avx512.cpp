#include "scenarios/lanes_kernel.hpp"

#ifdef __x86_64__

namespace coronet::lanes {

struct Avx512 {};

void pass_avx512_x8(BeatRequest* const* requests, std::size_t count) { Kernel<Pack<8, Avx512>>::pass(requests, count); }
void pass_avx512_x16(BeatRequest* const* requests, std::size_t count) { Kernel<Pack<16, Avx512>>::pass(requests, count); }

}  // namespace coronet::lanes

#endif
