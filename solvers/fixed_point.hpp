/// Fixed point of a map x ↦ G(x) by Anderson acceleration: the limit cycle is the fixed point of the map of one beat.
///
///   f_k = G(x_k) − x_k;   γ = argmin ‖f_k − ΔF γ‖;   x_{k+1} = x_k + f_k − (ΔX + ΔF) γ
///
/// Plain iteration needs as many beats as the slowest time constant asks; Anderson's cost hardly depends on it.
/// The size of the accelerated step estimates the distance to the fixed point; the plain change ‖f‖ underestimates it
/// by 1/(1 − ρ). Both must fall below their tolerance. Measured: for tolerances ≤ 1e-3 the true distance is 0.5 to 4.4
/// times the estimate; at 1e-2 the estimate can be far too small, so do not ask for less. Steps are limited, and
/// progress that gets lost restarts the history. Near a fold (a fixed point just lost) extrapolation bounces for ever, and
/// the map's own steps are short; then a march along them leads away, in strides that double while the direction is kept:
///
///   x_{k+1} = x_k + m_k f_k;   m_{k+1} = 2 m_k where cos(f_k, f_{k+1}) > 0.9, else 1;   1 ≤ m_k ≤ longest_stride/max|f_k|
///
/// Source: Walker & Ni 2011, doi:10.1137/10078356X. The small least-squares problem is solved here in a fixed order of
/// operations (modified Gram–Schmidt), so that the result has the same bits everywhere.
#pragma once
#include <cstddef>
#include <functional>
#include <utility>
#include <vector>

namespace coronet {

struct FixedPointOptions {
  std::size_t memory = 8;  // columns of history
  std::size_t max_iterations = 400;
  double change_tolerance = 1e-7;    // max |f|
  double error_tolerance = 1e-6;     // max |x_{k+1} − x_k|, estimate of the distance to the fixed point
  double max_step = 1.0;             // largest change of one component in one accelerated step
  std::size_t plain_iterations = 2;  // before acceleration starts
  std::size_t patience = 40;         // iterations without progress, or
  std::size_t losses = 2;            // changes that grew twentyfold, after which the map is followed for
  std::size_t march = 12;            // iterations, then for twice as many
  double longest_stride = 0.1;       // of a march, in one component
};

struct FixedPointResult {
  bool converged = false;
  std::size_t iterations = 0;
  double change = 0.0;  // max |G(x) − x| at the end
  double error = 0.0;   // estimated distance to the fixed point
};

/// The search as a partner in a conversation, so that many can wait for one pack of maps: evaluate the map at `point()`,
/// hand the answer to `take()`, until that returns true.
class FixedPointSearch {
 public:
  FixedPointSearch(std::vector<double> start, const FixedPointOptions& options);

  const std::vector<double>& point() const { return x_; }
  /// True when the search has ended: `result()` says how, `point()` is where. A `rough` answer never shows the fixed point.
  bool take(const std::vector<double>& gx, bool rough = false);
  const FixedPointResult& result() const { return result_; }
  /// The map's slopes are others from here on, its fixed point is not: what was learnt of them is forgotten.
  void forget();

 private:
  void give_up() { x_ = best_x_; }

  FixedPointOptions options_;
  FixedPointResult result_;
  std::vector<double> x_, f_, f_previous_, x_previous_, best_x_;
  std::vector<std::vector<double>> dx_, df_;
  double best_, stride_ = 1.0;
  std::size_t since_best_ = 0, losses_ = 0, plain_, march_, march_left_ = 0;
};

/// Plain iteration x ← G(x) until max |f| ≤ change_tolerance: the reference, in the same manner.
class PlainIteration {
 public:
  PlainIteration(std::vector<double> start, const FixedPointOptions& options)
      : options_(options), x_(std::move(start)) {}

  const std::vector<double>& point() const { return x_; }
  bool take(const std::vector<double>& gx, bool rough = false);
  const FixedPointResult& result() const { return result_; }
  void forget() {}

 private:
  FixedPointOptions options_;
  FixedPointResult result_;
  std::vector<double> x_;
};

using Map = std::function<void(const std::vector<double>& x, std::vector<double>& gx)>;

/// Replaces x by (an approximation of) the fixed point nearest along the iteration.
FixedPointResult find_fixed_point(const Map& map, std::vector<double>& x, const FixedPointOptions& options = {});

FixedPointResult iterate_plainly(const Map& map, std::vector<double>& x, const FixedPointOptions& options = {});

}  // namespace coronet
