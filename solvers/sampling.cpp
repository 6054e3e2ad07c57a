#include "solvers/sampling.hpp"

#include <boost/random/sobol.hpp>
#include <utility>

#include "model/math.hpp"
#include "solvers/distribution.hpp"
#include "solvers/random.hpp"

namespace coronet::sampling {
namespace {

// Purposes: what a random number is for. Those of the virtual trials are small; these cannot meet them.
enum Purpose : std::uint32_t { monte_carlo = 1000, stratum, within_stratum, shift, base, direction, order };

std::uint64_t random_bits(std::uint64_t seed, std::uint64_t a, std::uint32_t purpose, std::uint32_t b) {
  const r123::Philox4x32::key_type key = {{static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32)}};
  const r123::Philox4x32::ctr_type counter = {
      {static_cast<std::uint32_t>(a), static_cast<std::uint32_t>(a >> 32), purpose, b}};
  const auto r = r123::Philox4x32{}(counter, key);
  return static_cast<std::uint64_t>(r[0]) << 32 | r[1];
}

/// In (0, 1), never an end.
double fraction(std::uint64_t bits) { return (static_cast<double>(bits >> 12) + 0.5) * (1.0 / 4503599627370496.0); }

std::vector<double> shifted_sobol(std::size_t dimensions, std::size_t index, std::uint64_t seed) {
  const std::vector<std::uint64_t> bits = sobol_bits(dimensions, index);
  std::vector<double> u(dimensions);
  for (std::size_t k = 0; k < dimensions; ++k)
    u[k] = fraction(bits[k] ^ random_bits(seed, 0, shift, static_cast<std::uint32_t>(k)));
  return u;
}

/// Rows A, B, then A with column k from B.
std::vector<double> saltelli_point(const Design& d, std::size_t index) {
  const std::size_t row = index / (d.dimensions + 2), which = index % (d.dimensions + 2);
  const std::vector<double> u = shifted_sobol(2 * d.dimensions, row, d.seed);
  const auto half = static_cast<std::ptrdiff_t>(d.dimensions);
  std::vector<double> a(u.begin(), u.begin() + half), b(u.begin() + half, u.end());
  if (which == 1) return b;
  if (which >= 2) a[which - 2] = b[which - 2];
  return a;
}

// A Morris trajectory: from a base point every coordinate jumps once by half the levels, in an order of its own.

/// Which step moves dimension `k`, 0 … d − 1.
std::size_t turn_of(const Design& d, std::size_t trajectory, std::size_t k) {
  return permuted(k, d.dimensions, d.seed, order, static_cast<std::uint32_t>(trajectory));
}

bool goes_down(const Design& d, std::size_t trajectory, std::size_t k) {
  return random_bits(d.seed, trajectory, direction, static_cast<std::uint32_t>(k)) & 1u;
}

std::vector<double> morris_point(const Design& d, std::size_t index) {
  const std::size_t trajectory = index / (d.dimensions + 1), step = index % (d.dimensions + 1);
  const std::size_t half = d.levels / 2;
  std::vector<double> u(d.dimensions);
  for (std::size_t k = 0; k < d.dimensions; ++k) {
    std::size_t level = random_bits(d.seed, trajectory, base, static_cast<std::uint32_t>(k)) % half;
    const bool moved = turn_of(d, trajectory, k) < step;
    if (goes_down(d, trajectory, k) != moved) level += half;
    u[k] = (static_cast<double>(level) + 0.5) / static_cast<double>(d.levels);
  }
  return u;
}

}  // namespace

std::size_t samples(const Design& d) {
  if (d.method == Method::saltelli) return d.count * (d.dimensions + 2);
  if (d.method == Method::morris) return d.count * (d.dimensions + 1);
  return d.count;
}

std::vector<double> point(const Design& d, std::size_t index) {
  if (d.method == Method::sobol) return shifted_sobol(d.dimensions, index, d.seed);
  if (d.method == Method::saltelli) return saltelli_point(d, index);
  if (d.method == Method::morris) return morris_point(d, index);
  std::vector<double> u(d.dimensions);
  for (std::size_t k = 0; k < d.dimensions; ++k) {
    const auto dim = static_cast<std::uint32_t>(k);
    if (d.method == Method::monte_carlo) {
      u[k] = random::uniform(d.seed, index, monte_carlo, dim);
    } else {
      const std::size_t cell = permuted(index, d.count, d.seed, stratum, dim);
      u[k] = (static_cast<double>(cell) + random::uniform(d.seed, index, within_stratum, dim)) /
             static_cast<double>(d.count);
      u[k] = min(u[k], 1.0 - 1.0 / 9007199254740992.0);  // rounding up to 1 in the last of very many strata
    }
  }
  return u;
}

MorrisMove morris_move(const Design& d, std::size_t trajectory, std::size_t step) {
  for (std::size_t k = 0; k < d.dimensions; ++k)
    if (turn_of(d, trajectory, k) + 1 == step) return {k, goes_down(d, trajectory, k) ? -0.5 : 0.5};
  return {0, not_a_number(0.0)};
}

std::vector<std::uint64_t> sobol_bits(std::size_t dimensions, std::size_t index) {
  std::vector<std::uint64_t> bits(dimensions, 0);
  if (index == 0) return bits;  // Boost's sequence begins after the origin
  boost::random::sobol engine(dimensions);
  engine.discard(static_cast<std::uint64_t>(index - 1) * dimensions);
  for (std::uint64_t& b : bits) b = engine();
  return bits;
}

std::size_t permuted(std::size_t index, std::size_t count, std::uint64_t seed, std::uint32_t purpose,
                     std::uint32_t stream) {
  unsigned half = 1;  // bits of each side of the network
  while (half < 31 && (std::size_t{1} << (2 * half)) < count) ++half;
  const std::uint64_t mask = (std::uint64_t{1} << half) - 1;
  std::uint64_t at = index;
  do {
    std::uint64_t left = at >> half, right = at & mask;
    for (std::uint64_t round = 0; round < 6; ++round) {
      const std::uint64_t mixed = left ^ (random_bits(seed, right | round << 32, purpose, stream) & mask);
      left = right;
      right = mixed;
    }
    at = left << half | right;
  } while (at >= count);
  return static_cast<std::size_t>(at);
}

std::vector<double> cholesky(const std::vector<double>& matrix, std::size_t n) {
  std::vector<double> l(n * n, 0.0);
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j <= i; ++j) {
      double sum = matrix[i * n + j];
      for (std::size_t k = 0; k < j; ++k) sum -= l[i * n + k] * l[j * n + k];
      if (i == j) {
        if (!(sum > 1e-12)) return {};
        l[i * n + i] = sqrt(sum);
      } else {
        l[i * n + j] = sum / l[j * n + j];
      }
    }
  return l;
}

std::vector<double> correlated(const std::vector<double>& u, const std::vector<double>& factor) {
  const std::size_t n = u.size();
  std::vector<double> z(n), out(n);
  for (std::size_t i = 0; i < n; ++i) z[i] = random::normal_quantile(u[i]);
  for (std::size_t i = 0; i < n; ++i) {
    double sum = 0.0;
    for (std::size_t j = 0; j <= i; ++j) sum += factor[i * n + j] * z[j];
    out[i] = i == 0 ? u[0] : random::normal_cdf(sum);  // the first coordinate keeps its bits
    out[i] = min(max(out[i], 1e-300), 1.0 - 1.0 / 9007199254740992.0);
  }
  return out;
}

}  // namespace coronet::sampling
