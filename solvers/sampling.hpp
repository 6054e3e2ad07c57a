/// Designs of experiments: where in the unit cube sample i lies. A point is a pure function of (design, seed, i), so
/// that nothing is stored, and order, threads and resumption cannot change it.
///
/// | method          | samples          | point i                                                                   |
/// |-----------------|------------------|---------------------------------------------------------------------------|
/// | monte_carlo     | count            | Philox numbers                                                            |
/// | latin_hypercube | count            | stratum π_k(i) of dimension k, at a Philox number within                  |
/// | sobol           | count            | Sobol point i xor a Philox number per dimension (digital shift)           |
/// | saltelli        | count · (d + 2)  | rows A, B, A with column k from B, on one Sobol design of 2 d dimensions  |
/// | morris          | count · (d + 1)  | trajectories of Morris on `levels` levels                                 |
///
/// Sobol: direction numbers of Joe & Kuo as in Boost (≤ 3667 dimensions); the point 0 comes first, so that 2^m samples
/// are a net. Permutations π are Feistel networks over Philox with cycle walking: bijections without a table.
///
/// Sources: McKay, Beckman & Conover 1979, doi:10.2307/1268522; Joe & Kuo 2008, doi:10.1137/070709359; Saltelli et al.
/// 2010, doi:10.1016/j.cpc.2009.09.018; Morris 1991, doi:10.2307/1269043.
#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

namespace coronet::sampling {

enum class Method { monte_carlo, latin_hypercube, sobol, saltelli, morris };

struct Design {
  Method method = Method::sobol;
  std::size_t count = 0;       // of points, of Saltelli's rows or of Morris's trajectories
  std::size_t dimensions = 1;  // d
  std::uint64_t seed = 1;
  std::size_t levels = 4;  // of Morris's grid, even
};

/// How many samples the design asks for.
std::size_t samples(const Design& design);

/// Point of sample `index`, d coordinates: inside (0, 1), for Morris the middles of its levels' cells.
std::vector<double> point(const Design& design, std::size_t index);

/// What step 1 … d of a Morris trajectory moves, and by how much (in units of probability).
struct MorrisMove {
  std::size_t dimension;
  double change;
};
MorrisMove morris_move(const Design& design, std::size_t trajectory, std::size_t step);

/// 64-bit Sobol point `index`, unshifted; index 0 is the origin.
std::vector<std::uint64_t> sobol_bits(std::size_t dimensions, std::size_t index);

/// Position of `index` in a permutation of 0 … count − 1 that (seed, purpose, stream) names.
std::size_t permuted(std::size_t index, std::size_t count, std::uint64_t seed, std::uint32_t purpose,
                     std::uint32_t stream);

/// Lower Cholesky factor of a correlation matrix (row-major, n × n); empty if it is not positive definite.
std::vector<double> cholesky(const std::vector<double>& matrix, std::size_t n);

/// Gaussian copula: the point with its coordinates correlated as the factor says (of their normal scores).
std::vector<double> correlated(const std::vector<double>& point, const std::vector<double>& factor);

}  // namespace coronet::sampling
