#include "solvers/fixed_point.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace coronet {
namespace {

using Vector = std::vector<double>;

double max_abs(const Vector& v) {
  double m = 0.0;
  for (double e : v) m = std::isfinite(e) ? std::max(m, std::fabs(e)) : std::numeric_limits<double>::infinity();
  return m;
}

double dot(const Vector& a, const Vector& b) {
  double s = 0.0;
  for (std::size_t i = 0; i < a.size(); ++i) s += a[i] * b[i];
  return s;
}

/// Coefficients γ of the least-squares problem ‖f − ΔF γ‖, modified Gram–Schmidt; nearly dependent columns get 0.
Vector least_squares(const std::vector<Vector>& columns, const Vector& f) {
  const std::size_t m = columns.size();
  std::vector<Vector> q = columns;
  std::vector<Vector> r(m, Vector(m, 0.0));
  Vector rhs(m, 0.0), rest = f;
  std::vector<bool> kept(m, true);
  for (std::size_t j = 0; j < m; ++j) {
    const double before = std::sqrt(dot(q[j], q[j]));
    for (std::size_t i = 0; i < j; ++i) {
      if (!kept[i]) continue;
      r[i][j] = dot(q[i], q[j]);
      for (std::size_t e = 0; e < f.size(); ++e) q[j][e] -= r[i][j] * q[i][e];
    }
    r[j][j] = std::sqrt(dot(q[j], q[j]));
    kept[j] = before > 0.0 && r[j][j] > 1e-8 * before;
    if (!kept[j]) continue;
    for (double& e : q[j]) e /= r[j][j];
    rhs[j] = dot(q[j], rest);
    for (std::size_t e = 0; e < f.size(); ++e) rest[e] -= rhs[j] * q[j][e];
  }
  Vector gamma(m, 0.0);
  for (std::size_t j = m; j-- > 0;) {
    if (!kept[j]) continue;
    double s = rhs[j];
    for (std::size_t k = j + 1; k < m; ++k) s -= r[j][k] * gamma[k];
    gamma[j] = s / r[j][j];
  }
  return gamma;
}

}  // namespace

FixedPointResult find_fixed_point(const Map& map, Vector& x, const FixedPointOptions& options) {
  const std::size_t n = x.size();
  FixedPointResult result;
  Vector g(n), f(n), f_previous, x_previous, best_x = x;
  std::vector<Vector> dx, df;
  double best = std::numeric_limits<double>::infinity();
  std::size_t since_best = 0, plain = options.plain_iterations, patience = options.patience;
  const auto forget = [&] { dx.clear(), df.clear(), f_previous.clear(); };
  for (; result.iterations < options.max_iterations; ++result.iterations) {
    map(x, g);
    for (std::size_t i = 0; i < n; ++i) f[i] = g[i] - x[i];
    result.change = max_abs(f);
    if (!std::isfinite(result.change)) {
      if (!std::isfinite(best)) return result;  // the very first map failed
      x = best_x;
      forget();
      best = std::numeric_limits<double>::infinity();
      continue;
    }
    if (result.change < best) {
      best = result.change;
      best_x = g;
      since_best = 0;
    } else if (++since_best > patience) {  // caught beside a fold: let the map itself lead away
      plain = patience;
      patience *= 2;
      since_best = 0;
      forget();
      best = std::numeric_limits<double>::infinity();
    } else if (result.change > 20.0 * best) {  // progress lost: back to the best point, history forgotten
      x = best_x;
      forget();
      best = 2.0 * result.change;
      continue;
    }
    if (!f_previous.empty()) {
      Vector a(n), b(n);
      for (std::size_t i = 0; i < n; ++i) a[i] = x[i] - x_previous[i], b[i] = f[i] - f_previous[i];
      dx.push_back(std::move(a)), df.push_back(std::move(b));
      if (dx.size() > options.memory) dx.erase(dx.begin()), df.erase(df.begin());
    }
    x_previous = x;
    f_previous = f;
    Vector step = f;
    if (plain > 0) {
      --plain;
    } else if (!df.empty()) {
      const Vector gamma = least_squares(df, f);
      for (std::size_t j = 0; j < gamma.size(); ++j)
        for (std::size_t i = 0; i < n; ++i) step[i] -= gamma[j] * (dx[j][i] + df[j][i]);
    }
    result.error = max_abs(step);
    if (result.change <= options.change_tolerance && result.error <= options.error_tolerance && !df.empty()) {
      x = g;
      result.converged = true;
      ++result.iterations;
      return result;
    }
    const double shorten = result.error > options.max_step ? options.max_step / result.error : 1.0;
    for (std::size_t i = 0; i < n; ++i) x[i] += shorten * step[i];
  }
  x = best_x;
  return result;
}

FixedPointResult iterate_plainly(const Map& map, Vector& x, const FixedPointOptions& options) {
  FixedPointResult result;
  Vector g(x.size());
  while (result.iterations < options.max_iterations) {
    map(x, g);
    for (std::size_t i = 0; i < x.size(); ++i) x[i] = g[i] - x[i];
    result.change = result.error = max_abs(x);
    x = g;
    ++result.iterations;
    if (!std::isfinite(result.change)) return result;
    if (result.change <= options.change_tolerance) {
      result.converged = true;
      return result;
    }
  }
  return result;
}

}  // namespace coronet
