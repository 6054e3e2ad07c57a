/// What the files compiled for one instruction set each offer (set_*.cpp; fused_*.cpp with contraction to fma, which the
/// product never has).
#pragma once
#include <vector>

#include "bench/explicit_lanes.hpp"
#include "bench/peak.hpp"
#include "scenarios/lane_way.hpp"

namespace coronet::bench {

struct Fused {
  lanes::Way beat;
  ExplicitWay rk4;
};

// Only those that this processor can run
std::vector<ExplicitWay> explicit_ways();
std::vector<PeakKernel> peak_kernels();
std::vector<Fused> fused_ways();

// One per file
ExplicitWay rk4_baseline_x4();
ExplicitWay rk4_avx2_x4();
ExplicitWay rk4_avx2_x8();
ExplicitWay rk4_avx512_x8();
ExplicitWay rk4_avx512_x16();
PeakKernel peak_scalar();
PeakKernel peak_baseline();
PeakKernel peak_avx2();
PeakKernel peak_avx512();
PeakKernel peak_fused_avx2();
// Sums, products and quotients as in operations.csv: 60 : 100 : 3 and 56 : 100 : 4
PeakKernel mix_implicit_avx2();
PeakKernel mix_rk4_avx2();
PeakKernel mix_implicit_avx512();
PeakKernel mix_rk4_avx512();
PeakKernel peak_fused_avx512();
Fused fused_avx2_x4();
Fused fused_avx512_x8();
Fused fused_avx512_x16();

}  // namespace coronet::bench
