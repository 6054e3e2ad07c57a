#include <array>
#include <string>

#include <catch2/catch.hpp>

#include "solvers/integrate.hpp"
#include "tests/determinism/hash.hpp"
#include "tests/model/example_bed.hpp"

// The same bits on every compiler, optimization level and instruction set. The constants below were printed by this
// very test (a failure shows the hash it found). They may change only when an equation or a constant behind them
// changes; if a compiler or a flag changes them, that is the bug. Checked by hand with g++ 12 and clang++ 14, each with
// -O1, -O3 and -O3 -march=x86-64-v3 (which has fused multiply-add), always with -ffp-contract=off:
//
//   clang++ -std=c++20 -O1 -ffp-contract=off -I. tests/determinism/test_bits.cpp tests/catch_main.cpp && ./a.out

namespace coronet {
namespace {

template <class F> std::string hash_of(F f, double low, double high) {
  Hash hash;
  for (int i = 0; i <= 100'000; ++i) hash.add(f(low + (high - low) * i / 100'000.0));
  return hash.text();
}

}  // namespace

TEST_CASE("the hash is FNV-1a") {
  CHECK(Hash().text() == "cbf29ce484222325");
  Hash hash;
  hash.add(0.0);  // eight zero bytes only multiply
  std::uint64_t expected = 0xcbf29ce484222325ULL;
  for (int i = 0; i < 8; ++i) expected *= 0x100000001b3ULL;
  CHECK(hash.state == expected);
  hash = {};
  hash.add(1.0);
  CHECK(hash.state != expected);
}

TEST_CASE("elementary functions have the bits they always had") {
  CHECK(hash_of([](double x) { return exp(x); }, -708.0, 709.0) == "acf666a470c376d1");
  CHECK(hash_of([](double x) { return exp(x); }, -2.0, 2.0) == "a4556150595f8912");
  CHECK(hash_of([](double x) { return log(x); }, 1e-3, 20.0) == "c2b2d73357632b4e");
  CHECK(hash_of([](double x) { return pow(x, 2.7); }, 1e-3, 20.0) == "992e933a84a759df");
  CHECK(hash_of([](double x) { return atan(x); }, -9.0, 9.0) == "ba0dff4258e51a79");
  CHECK(hash_of([](double x) { return viscosity::relative_in_vivo(x, 0.45); }, 4e-6, 4e-4) == "57e6243bf3edde70");
}

TEST_CASE("two hundred steps of a beating bed have the bits they always had") {
  const auto c = example_bed<double>();
  const double duration = 0.05;
  std::array<double, bed::compartments> V = c.V_ref();
  const auto system = [&](const auto& volumes, auto& rate, double t) {
    const double phase = t / duration;
    const double p_im = 110.0 * unit::mmHg * 4.0 * phase * (1.0 - phase);
    rate = bed::rate(c, c, volumes, {90.0 * unit::mmHg, 5.0 * unit::mmHg, p_im}).volume_rate;
  };
  Hash hash;
  integrate_fixed(system, V, duration, 200, [&](const auto& volumes, double, double) {
    for (double v : volumes) hash.add(v);
  });
  for (double v : V) hash.add(v);
  CHECK(hash.text() == "2aa306fde0d58ff0");
  for (std::size_t k = 0; k < bed::compartments; ++k)
    CHECK((V[k] > 0.2 * c.V_ref()[k] && V[k] < c.V_max[k]));  // no overflow
}

}  // namespace coronet
