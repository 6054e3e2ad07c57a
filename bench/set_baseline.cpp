#include "bench/sets.hpp"

namespace coronet::bench {

struct BenchBaseline {};
typedef double Register __attribute__((vector_size(16)));
using Serial = Chains<double, BenchBaseline, 12>;
using Vector = Chains<Register, BenchBaseline, 12>;

ExplicitWay rk4_baseline_x4() { return explicit_way_of<Pack<4, BenchBaseline>>("baseline_x4"); }
PeakKernel peak_scalar() { return {"scalar", "scalar", false, Serial::operations_per_round, Serial::run}; }
PeakKernel peak_baseline() { return {"baseline", "baseline", false, Vector::operations_per_round, Vector::run}; }

}  // namespace coronet::bench
