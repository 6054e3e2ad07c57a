#include "bench/sets.hpp"

namespace coronet::bench {

struct BenchAvx2 {};
using Vector = Chains<Lanes<4>::Numbers, BenchAvx2, 12>;

ExplicitWay rk4_avx2_x4() { return explicit_way_of<Pack<4, BenchAvx2>>("avx2_x4"); }
ExplicitWay rk4_avx2_x8() { return explicit_way_of<Pack<8, BenchAvx2>>("avx2_x8"); }
PeakKernel peak_avx2() { return {"avx2", "avx2", false, Vector::operations_per_round, Vector::run}; }

}  // namespace coronet::bench
