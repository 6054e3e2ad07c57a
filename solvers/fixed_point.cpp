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

bool same_direction(const Vector& a, const Vector& b) { return dot(a, b) > 0.9 * std::sqrt(dot(a, a) * dot(b, b)); }

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

FixedPointSearch::FixedPointSearch(Vector start, const FixedPointOptions& options)
    : options_(options),
      x_(std::move(start)),
      f_(x_.size()),
      best_x_(x_),
      best_(std::numeric_limits<double>::infinity()),
      plain_(options.plain_iterations),
      march_(options.march) {}

void FixedPointSearch::forget() { dx_.clear(), df_.clear(), f_previous_.clear(); }

bool FixedPointSearch::take(const Vector& g, bool rough) {
  const std::size_t n = x_.size();
  ++result_.iterations;
  const bool last = result_.iterations >= options_.max_iterations;
  for (std::size_t i = 0; i < n; ++i) f_[i] = g[i] - x_[i];
  result_.change = max_abs(f_);
  const auto restart = [&](double best) {
    x_ = best_x_;
    forget();
    best_ = best;
    return last;
  };
  if (!std::isfinite(result_.change)) {
    if (!std::isfinite(best_)) return give_up(), true;  // the very first map, or the best point again, failed
    return restart(std::numeric_limits<double>::infinity());
  }
  const bool marches = march_left_ > 0, lost = !marches && result_.change > 20.0 * best_;
  losses_ += lost;
  if (marches || result_.change < best_) {
    best_ = result_.change;
    best_x_ = g;
    since_best_ = 0;
  } else if (++since_best_ > options_.patience || losses_ == options_.losses) {
    losses_ = since_best_ = 0;  // caught beside a fold: the map itself leads away
    march_left_ = march_, march_ *= 2;
    return restart(std::numeric_limits<double>::infinity());
  } else if (lost) {  // back to the best point, history forgotten
    return restart(2.0 * result_.change);
  }
  if (marches)
    stride_ = !f_previous_.empty() && same_direction(f_, f_previous_)
                  ? std::min(2.0 * stride_, std::max(1.0, options_.longest_stride / result_.change))
                  : 1.0;
  if (!f_previous_.empty()) {
    Vector a(n), b(n);
    for (std::size_t i = 0; i < n; ++i) a[i] = x_[i] - x_previous_[i], b[i] = f_[i] - f_previous_[i];
    dx_.push_back(std::move(a)), df_.push_back(std::move(b));
    if (dx_.size() > options_.memory) dx_.erase(dx_.begin()), df_.erase(df_.begin());
  }
  x_previous_ = x_;
  f_previous_ = f_;
  Vector step = f_;
  if (marches) {
    for (double& s : step) s *= stride_;
    if (--march_left_ == 0) dx_.clear(), df_.clear();  // slopes of where it came through
  } else if (plain_ > 0) {
    --plain_;
  } else if (!df_.empty()) {
    const Vector gamma = least_squares(df_, f_);
    for (std::size_t j = 0; j < gamma.size(); ++j)
      for (std::size_t i = 0; i < n; ++i) step[i] -= gamma[j] * (dx_[j][i] + df_[j][i]);
  }
  result_.error = max_abs(step);
  if (!rough && !df_.empty() && result_.change <= options_.change_tolerance &&
      result_.error <= options_.error_tolerance) {
    x_ = g;
    return result_.converged = true;
  }
  if (last) return give_up(), true;
  const double shorten = result_.error > options_.max_step ? options_.max_step / result_.error : 1.0;
  for (std::size_t i = 0; i < n; ++i) x_[i] += shorten * step[i];
  return false;
}

bool PlainIteration::take(const Vector& g, bool rough) {
  for (std::size_t i = 0; i < x_.size(); ++i) x_[i] = g[i] - x_[i];
  result_.change = result_.error = max_abs(x_);
  x_ = g;
  ++result_.iterations;
  result_.converged = !rough && result_.change <= options_.change_tolerance;
  return result_.converged || !std::isfinite(result_.change) || result_.iterations >= options_.max_iterations;
}

namespace {

template <class Iteration> FixedPointResult finish(Iteration iteration, const Map& map, Vector& x) {
  Vector g(x.size());
  do map(iteration.point(), g);
  while (!iteration.take(g));
  x = iteration.point();
  return iteration.result();
}

}  // namespace

FixedPointResult find_fixed_point(const Map& map, Vector& x, const FixedPointOptions& options) {
  return finish(FixedPointSearch(x, options), map, x);
}

FixedPointResult iterate_plainly(const Map& map, Vector& x, const FixedPointOptions& options) {
  return finish(PlainIteration(x, options), map, x);
}

}  // namespace coronet
