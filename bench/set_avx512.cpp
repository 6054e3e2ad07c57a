#include "bench/sets.hpp"

namespace coronet::bench {

struct BenchAvx512 {};
using Vector = Chains<Lanes<8>::Numbers, BenchAvx512, 20>;

ExplicitWay rk4_avx512_x8() { return explicit_way_of<Pack<8, BenchAvx512>>("avx512_x8"); }
ExplicitWay rk4_avx512_x16() { return explicit_way_of<Pack<16, BenchAvx512>>("avx512_x16"); }
PeakKernel peak_avx512() { return {"avx512", "avx512", false, Vector::operations_per_round, Vector::run}; }

}  // namespace coronet::bench
