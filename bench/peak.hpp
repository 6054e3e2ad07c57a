/// The most FP64 operations per second: independent chains of a · m + c, as many as hide the latency and fit into the
/// registers. Fused where the file is compiled with contraction, else a product and a sum.
#pragma once
#include <array>
#include <cstddef>
#include <utility>

namespace coronet::bench {

struct PeakKernel {
  const char* name;
  const char* set;  // scalar, baseline, avx2, avx512; of the mixes none, they are no peak
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

/// The same with sums, products and quotients in the proportions of a kernel, 100 products a round: what any order of its
/// operations can reach if they have no contraction, its numbers never leave the registers and nothing waits.
template <class V, class Set, std::size_t chains, std::size_t sums, std::size_t quotients> struct Mix {
  static constexpr std::size_t products = 100;
  static constexpr double operations_per_round =
      static_cast<double>(sums + products + quotients) * sizeof(V) / sizeof(double);
  static double run(std::size_t rounds) {
    return run_all(rounds, std::make_index_sequence<products>(), std::make_index_sequence<chains>());
  }

 private:
  /// Operation K of the round: a product, and where its turn comes a sum or a quotient on the chain beside it.
  template <std::size_t K> static void operate(std::array<V, chains>& a, const V& m, const V& c) {
    V& x = a[K % chains];
    V& other = a[(K + chains / 2) % chains];
    x = x * m;
    if constexpr ((K + 1) * sums / products != K * sums / products) other = other + c;
    if constexpr ((K + 1) * quotients / products != K * quotients / products) other = c / other;
  }
  template <std::size_t... K, std::size_t... I>
  static double run_all(std::size_t rounds, std::index_sequence<K...>, std::index_sequence<I...>) {
    std::array<V, chains> a;
    V m = V{} + 0.999999, c = V{} + 0.5;
    ((a[I] = V{} + 0.1 * static_cast<double>(I + 5)), ...);
    for (std::size_t r = 0; r < rounds; ++r) {
      (operate<K>(a, m, c), ...);
      __asm__ volatile("" : "+x"(m));
    }
    V sum = V{};
    ((sum = sum + a[I]), ...);
    double total = 0.0;
    for (std::size_t i = 0; i < sizeof(V) / sizeof(double); ++i) total += reinterpret_cast<const double*>(&sum)[i];
    return total;
  }
};

}  // namespace coronet::bench
