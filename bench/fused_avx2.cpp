#include "bench/sets.hpp"
#include "scenarios/lanes_kernel.hpp"

namespace coronet::bench {

struct BenchAvx2Fused {};
using Vector = Chains<Lanes<4>::Numbers, BenchAvx2Fused, 12>;

PeakKernel peak_fused_avx2() { return {"avx2_fma", "avx2", true, Vector::operations_per_round, Vector::run}; }
Fused fused_avx2_x4() {
  return {lanes::way_of<Pack<4, BenchAvx2Fused>>("avx2_x4_fma"),
          explicit_way_of<Pack<4, BenchAvx2Fused>>("avx2_x4_fma")};
}

}  // namespace coronet::bench
