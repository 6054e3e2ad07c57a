/// Starts for the searches of a large study: patients on a coarse lattice over its factors are solved first, and every
/// sample begins between them.
///
///   x(s) = Σ over corners of the cell of s:  w_corner x_corner,   w = Π over factors of (1 − t) or t       multilinear
///
/// x: artery pressures and flows, ln(V/V_max), tone, diameters where each phase ended, and how the beds answer there
/// (bed_response.hpp). A second lattice, over those factors alone that the healthy twin has, holds anchors. A start only
/// shortens the way: every sample is brought to the fixed point of its own map, within the same tolerance. It follows from
/// the study and the sample alone, so threads, kills and resumption do not show; but a sample has its last bits from its
/// study, and `coronet run` of the same patient agrees within that tolerance, not to the bit. A patient with two steady
/// states may be found in the other one.
///
/// Coordinates are values or, where a factor spans more than `log_from`, their logarithms. Outside the lattice (tails of a
/// distribution) the nearest side counts. Where a corner could not be solved, the samples of its cells begin as others do.
#pragma once
#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

#include "scenarios/study.hpp"

namespace coronet::study {

/// Numbers at the points of a lattice over the factors of a study.
class Lattice {
 public:
  static constexpr double log_from = 3.0;

  Lattice() = default;
  /// `sizes`: points per factor; as many or fewer.
  Lattice(const Study& study, const std::vector<std::size_t>& sizes);

  std::size_t points() const { return numbers_.size(); }
  Sample sample_at(std::size_t point) const;
  std::vector<double>& numbers(std::size_t point) { return numbers_[point]; }
  /// Between the corners of a sample's cell; nothing where one of them has none.
  std::vector<double> between(const Sample& sample) const;

 private:
  struct Axis {
    std::vector<double> values;  // rising
    bool logarithmic = false;
    std::size_t stride = 0;
  };
  std::vector<Axis> axes_;                    // (factor)
  std::vector<std::vector<double>> numbers_;  // (point), the last factor turns fastest
};

class StartLattice {
 public:
  static constexpr std::size_t most_points = 256;       // some 30 kilobytes each
  static constexpr std::size_t samples_per_point = 20;  // at least; below, a lattice costs more than it saves

  /// Solves the lattices of a study, or has none if that is not worth it.
  StartLattice(const Study& study, int threads);

  /// Where the sample is expected, or nothing.
  std::shared_ptr<const Expected> expected(const Sample& sample) const;

 private:
  Lattice twins_, patients_;
};

/// Points per factor, as equal as `most` and what a factor has allow; 1 for those that are not `used`.
std::vector<std::size_t> lattice_sizes(const Study& study, std::size_t most, const std::vector<bool>& used);

}  // namespace coronet::study
