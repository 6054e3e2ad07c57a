/// What the change over one beat says about the distance to the limit cycle, bed by bed.
///
///   x* − x ≈ M (G(x) − x),   M_b = (1 − 0.9 G′_b)⁻¹
///
/// Within a bed the five volumes and three slow losses of radius act on each other strongly; beds act on one another
/// only through the pressure at the end of their artery. So one 8 × 8 block per bed says most of what Newton's method
/// would need, and it can be measured for all beds at once: eight beats, in each of which one unknown of every bed is
/// moved a little. The blocks of one reference patient serve all others: they only shorten the search, what it finds is
/// the fixed point of the patient's own map. The 0.9 keeps a block harmless where the reference responds far more
/// strongly than the patient does (measured, beats of 30 phases of six patients: 8.5 with 0.8, 8.1 with 0.9, 10.3 with
/// 1, 20 without blocks).
#pragma once
#include <array>
#include <cmath>
#include <cstddef>
#include <functional>
#include <vector>

namespace coronet {

template <std::size_t blocks, std::size_t size> class BlockPreconditioner {
 public:
  /// Index of unknown `i` of block `b` in the vector of unknowns.
  using Index = std::function<std::size_t(std::size_t b, std::size_t i)>;
  using Map = std::function<void(const std::vector<double>& x, std::vector<double>& gx)>;

  static constexpr double caution = 0.9;

  BlockPreconditioner() = default;

  /// Measured at x, with steps of `step`; size + 1 evaluations of the map.
  BlockPreconditioner(const Map& map, const std::vector<double>& x, const Index& index, double step = 1e-4) {
    std::vector<double> g(x.size()), moved(x.size()), g_moved(x.size());
    map(x, g);
    std::array<std::array<std::array<double, size>, size>, blocks> A{};  // 1 − G′
    for (std::size_t j = 0; j < size; ++j) {
      moved = x;
      for (std::size_t b = 0; b < blocks; ++b) moved[index(b, j)] += step;
      map(moved, g_moved);
      for (std::size_t b = 0; b < blocks; ++b)
        for (std::size_t i = 0; i < size; ++i)
          A[b][i][j] = (i == j ? 1.0 : 0.0) - caution * (g_moved[index(b, i)] - g[index(b, i)]) / step;
    }
    for (std::size_t b = 0; b < blocks; ++b) invert(A[b], inverse_[b]);
    measured_ = true;
  }

  /// gx becomes x + M (gx − x); unknowns outside the blocks stay. Nothing happens before blocks were measured.
  void apply(const std::vector<double>& x, std::vector<double>& gx, const Index& index) const {
    if (!measured_) return;
    for (std::size_t b = 0; b < blocks; ++b) {
      std::array<double, size> f;
      for (std::size_t i = 0; i < size; ++i) f[i] = gx[index(b, i)] - x[index(b, i)];
      for (std::size_t i = 0; i < size; ++i) {
        double sum = 0.0;
        for (std::size_t j = 0; j < size; ++j) sum += inverse_[b][i][j] * f[j];
        gx[index(b, i)] = x[index(b, i)] + sum;
      }
    }
  }

 private:
  using Block = std::array<std::array<double, size>, size>;

  /// Gauss–Jordan with partial pivoting, in a fixed order of operations.
  static void invert(Block A, Block& inverse) {
    inverse = {};
    for (std::size_t i = 0; i < size; ++i) inverse[i][i] = 1.0;
    for (std::size_t c = 0; c < size; ++c) {
      std::size_t p = c;
      for (std::size_t r = c + 1; r < size; ++r)
        if (std::fabs(A[r][c]) > std::fabs(A[p][c])) p = r;
      std::swap(A[c], A[p]), std::swap(inverse[c], inverse[p]);
      const double per = 1.0 / A[c][c];
      for (std::size_t k = 0; k < size; ++k) A[c][k] *= per, inverse[c][k] *= per;
      for (std::size_t r = 0; r < size; ++r) {
        const double factor = r == c ? 0.0 : A[r][c];
        for (std::size_t k = 0; k < size; ++k) A[r][k] -= factor * A[c][k], inverse[r][k] -= factor * inverse[c][k];
      }
    }
  }

  std::array<Block, blocks> inverse_{};
  bool measured_ = false;
};

}  // namespace coronet
