#include "bench/sets.hpp"

namespace coronet::bench {

struct BenchAvx2 {};
using Vector = Chains<Lanes<4>::Numbers, BenchAvx2, 12>;

ExplicitWay rk4_avx2_x4() { return explicit_way_of<Pack<4, BenchAvx2>>("avx2_x4"); }
ExplicitWay rk4_avx2_x8() { return explicit_way_of<Pack<8, BenchAvx2>>("avx2_x8"); }
PeakKernel mix_implicit_avx2() {
  using Beat = Mix<Lanes<4>::Numbers, BenchAvx2, 12, 60, 3>;
  return {"avx2_mix_implicit", "", false, Beat::operations_per_round, Beat::run};
}
PeakKernel mix_rk4_avx2() {
  using Beat = Mix<Lanes<4>::Numbers, BenchAvx2, 12, 56, 4>;
  return {"avx2_mix_rk4", "", false, Beat::operations_per_round, Beat::run};
}
PeakKernel peak_avx2() { return {"avx2", "avx2", false, Vector::operations_per_round, Vector::run}; }

}  // namespace coronet::bench
