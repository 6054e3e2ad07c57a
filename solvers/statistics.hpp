/// Descriptive statistics, summed in index order (same bits on any number of threads).
#pragma once
#include <algorithm>
#include <cstddef>
#include <vector>

#include "model/math.hpp"

namespace coronet::statistics {

inline double mean(const std::vector<double>& x) {
  double s = 0.0;
  for (double v : x) s += v;
  return s / static_cast<double>(x.size());
}

/// Sample standard deviation (n − 1).
inline double standard_deviation(const std::vector<double>& x) {
  const double m = mean(x);
  double s = 0.0;
  for (double v : x) s += (v - m) * (v - m);
  return sqrt(s / static_cast<double>(x.size() - 1));
}

/// Quantile by linear interpolation of the order statistics (Hyndman & Fan type 7), 0 ≤ p ≤ 1.
inline double quantile(std::vector<double> x, double p) {
  std::sort(x.begin(), x.end());
  const double at = p * static_cast<double>(x.size() - 1);
  const std::size_t i = static_cast<std::size_t>(at);
  if (i + 1 >= x.size()) return x.back();
  return x[i] + (at - static_cast<double>(i)) * (x[i + 1] - x[i]);
}

/// Percent of x below v, ties counted half.
inline double percentile_of(const std::vector<double>& x, double v) {
  double below = 0.0;
  for (double e : x) below += e < v ? 1.0 : e == v ? 0.5 : 0.0;
  return 100.0 * below / static_cast<double>(x.size());
}

/// Pearson's correlation.
inline double correlation(const std::vector<double>& x, const std::vector<double>& y) {
  const double mx = mean(x), my = mean(y);
  double xy = 0.0, xx = 0.0, yy = 0.0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    xy += (x[i] - mx) * (y[i] - my);
    xx += (x[i] - mx) * (x[i] - mx);
    yy += (y[i] - my) * (y[i] - my);
  }
  return xy / sqrt(xx * yy);
}

}  // namespace coronet::statistics
