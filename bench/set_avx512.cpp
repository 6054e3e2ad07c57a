#include "bench/sets.hpp"

namespace coronet::bench {

struct BenchAvx512 {};
using Vector = Chains<Lanes<8>::Numbers, BenchAvx512, 20>;

ExplicitWay rk4_avx512_x8() { return explicit_way_of<Pack<8, BenchAvx512>>("avx512_x8"); }
ExplicitWay rk4_avx512_x16() { return explicit_way_of<Pack<16, BenchAvx512>>("avx512_x16"); }
PeakKernel mix_implicit_avx512() {
  using Beat = Mix<Lanes<8>::Numbers, BenchAvx512, 20, 60, 3>;
  return {"avx512_mix_implicit", "", false, Beat::operations_per_round, Beat::run};
}
PeakKernel mix_rk4_avx512() {
  using Beat = Mix<Lanes<8>::Numbers, BenchAvx512, 20, 56, 4>;
  return {"avx512_mix_rk4", "", false, Beat::operations_per_round, Beat::run};
}
PeakKernel peak_avx512() { return {"avx512", "avx512", false, Vector::operations_per_round, Vector::run}; }

}  // namespace coronet::bench
