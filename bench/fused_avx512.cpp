#include "bench/sets.hpp"
#include "scenarios/lanes_kernel.hpp"

namespace coronet::bench {

struct BenchAvx512Fused {};
using Vector = Chains<Lanes<8>::Numbers, BenchAvx512Fused, 20>;

PeakKernel peak_fused_avx512() { return {"avx512_fma", "avx512", true, Vector::operations_per_round, Vector::run}; }
Fused fused_avx512_x8() {
  return {lanes::way_of<Pack<8, BenchAvx512Fused>>("avx512_x8_fma"),
          explicit_way_of<Pack<8, BenchAvx512Fused>>("avx512_x8_fma")};
}
Fused fused_avx512_x16() {
  return {lanes::way_of<Pack<16, BenchAvx512Fused>>("avx512_x16_fma"),
          explicit_way_of<Pack<16, BenchAvx512Fused>>("avx512_x16_fma")};
}

}  // namespace coronet::bench
