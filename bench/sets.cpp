#include "bench/sets.hpp"

namespace coronet::bench {

#ifdef __x86_64__
static bool has_avx2() { return __builtin_cpu_supports("avx2"); }
static bool has_avx512() {
  return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
         __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512bw");
}
static bool has_fma() { return __builtin_cpu_supports("fma"); }
#endif

std::vector<ExplicitWay> explicit_ways() {
  std::vector<ExplicitWay> all = {rk4_baseline_x4()};
#ifdef __x86_64__
  if (has_avx2()) all.push_back(rk4_avx2_x8()), all.push_back(rk4_avx2_x4());
  if (has_avx512()) all.push_back(rk4_avx512_x16()), all.push_back(rk4_avx512_x8());
#endif
  return all;
}

std::vector<PeakKernel> peak_kernels() {
  std::vector<PeakKernel> all = {peak_scalar(), peak_baseline()};
#ifdef __x86_64__
  if (has_avx2()) all.push_back(peak_avx2()), all.push_back(mix_implicit_avx2()), all.push_back(mix_rk4_avx2());
  if (has_avx2() && has_fma()) all.push_back(peak_fused_avx2());
  if (has_avx512()) {
    all.push_back(peak_avx512()), all.push_back(peak_fused_avx512());
    all.push_back(mix_implicit_avx512()), all.push_back(mix_rk4_avx512());
  }
#endif
  return all;
}

std::vector<Fused> fused_ways() {
  std::vector<Fused> all;
#ifdef __x86_64__
  if (has_avx2() && has_fma()) all.push_back(fused_avx2_x4());
  if (has_avx512()) all.push_back(fused_avx512_x16()), all.push_back(fused_avx512_x8());
#endif
  return all;
}

}  // namespace coronet::bench
