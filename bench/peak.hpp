/// The most FP64 operations per second: independent chains of a · m + c, as many as hide the latency and fit into the
/// registers. Fused where the file is compiled with contraction, else a product and a sum.
#pragma once
#include <array>
#include <cstddef>
#include <utility>

namespace coronet::bench {

struct PeakKernel {
  const char* name;
  const char* set;  // scalar, baseline, avx2, avx512
  bool fused;
  double operations_per_round;
  double (*run)(std::size_t rounds);
};

/// V: the register's vector of doubles, or double itself. `Set` keeps the instruction sets' symbols apart.
template <class V, class Set, std::size_t chains> struct Chains {
  static double run(std::size_t rounds) { return run_all(rounds, std::make_index_sequence<chains>()); }
  static constexpr double operations_per_round = 2.0 * chains * sizeof(V) / sizeof(double);

 private:
  template <std::size_t... K> static double run_all(std::size_t rounds, std::index_sequence<K...>) {
    std::array<V, chains> a;
    V m = V{} + 0.999999, c = V{} + 1e-6;
    ((a[K] = V{} + 0.1 * static_cast<double>(K + 1)), ...);
    for (std::size_t r = 0; r < rounds; ++r) {
      ((a[K] = a[K] * m + c), ...);
      __asm__ volatile("" : "+x"(m));  // the rounds must not be rearranged
    }
    V sum = V{};
    ((sum = sum + a[K]), ...);
    double total = 0.0;
    for (std::size_t i = 0; i < sizeof(V) / sizeof(double); ++i) total += reinterpret_cast<const double*>(&sum)[i];
    return total;
  }
};

}  // namespace coronet::bench
