/// Sensitivity indices from a stream of samples, with confidence bounds, in memory that does not grow with the samples.
///
/// Saltelli rows A, B and AB_k (A with column k from B), N of them:
///
///   V   = variance of f over A and B
///   S_k = 1 − Σ (f(B) − f(AB_k))² / (2 N V)        first order          (Jansen 1999)
///   T_k =     Σ (f(A) − f(AB_k))² / (2 N V)        total                (Jansen 1999)
///
/// Morris trajectories: e_k = Δf/Δu_k over one step of parameter k, Δu in units of probability;
///
///   μ_k = mean e_k      μ*_k = mean |e_k|      σ_k = standard deviation of e_k
///
/// Bounds: percentiles 2.5 and 97.5 over bootstrap resamples of whole rows or trajectories. A resample gives each row a
/// Poisson(1) weight by Philox (Poisson bootstrap), so that no row is kept. A row with a failed or missing value is left
/// out whole.
///
/// Sources: Jansen 1999, doi:10.1016/S0010-4655(98)00154-4; Saltelli et al. 2010, doi:10.1016/j.cpc.2009.09.018; Morris
/// 1991, doi:10.2307/1269043; Campolongo et al. 2007, doi:10.1016/j.envsoft.2006.10.004 (μ*).
#pragma once
#include <cstddef>
#include <span>
#include <vector>

#include "solvers/sampling.hpp"

namespace coronet::sensitivity {

/// Estimate and bounds, (dimensions × outputs) each.
struct Estimate {
  std::vector<double> value, low, high;
};

/// Of Saltelli's design: `main` are first-order and `other` total indices. Of Morris's: `main` is μ*, `other` is μ.
struct Result {
  Estimate main, other;
  std::vector<double> sigma;      // Morris
  std::vector<std::size_t> rows;  // used, per output
  std::size_t all_rows = 0;
};

/// Takes the samples of a Saltelli or Morris design one by one in order.
class Accumulator {
 public:
  Accumulator(const sampling::Design& design, std::size_t outputs, std::size_t bootstrap);
  /// `outputs` of the next sample; NaN where missing.
  void add(std::span<const double> outputs);
  Result result() const;

 private:
  void add_row();

  sampling::Design design_;
  std::size_t outputs_, replicas_, width_;  // replica 0 is the estimate itself
  std::size_t samples_ = 0;
  std::vector<double> row_;    // (samples of a row × outputs)
  std::vector<double> shift_;  // per output: its first value, taken off before squaring
  std::vector<double> sums_;   // (replica × output × width)
  std::vector<std::size_t> used_;
};

}  // namespace coronet::sensitivity
