#include "solvers/sensitivity.hpp"

#include <cmath>
#include <limits>

#include "solvers/random.hpp"
#include "solvers/statistics.hpp"

namespace coronet::sensitivity {
namespace {

constexpr std::uint32_t bootstrap_purpose = 1100;

/// Poisson(1) by inversion.
double poisson_weight(std::uint64_t seed, std::size_t row, std::size_t replica) {
  if (replica == 0) return 1.0;
  const double u = random::uniform(seed, row, bootstrap_purpose, static_cast<std::uint32_t>(replica));
  double probability = 0.36787944117144232160, cumulative = probability;
  int k = 0;
  while (u > cumulative && k < 30) {
    ++k;
    probability /= k;
    cumulative += probability;
  }
  return k;
}

std::size_t row_size(const sampling::Design& d) {
  return d.dimensions + (d.method == sampling::Method::morris ? 1 : 2);
}

}  // namespace

// Sums of a replica and output, Saltelli: n, Σf, Σf² over A and B, then per parameter Σ(f(B) − f(AB_k))² and
// Σ(f(A) − f(AB_k))². Morris: n, then per parameter Σe, Σ|e|, Σe².
Accumulator::Accumulator(const sampling::Design& design, std::size_t outputs, std::size_t bootstrap)
    : design_(design),
      outputs_(outputs),
      replicas_(bootstrap + 1),
      width_(design.method == sampling::Method::morris ? 1 + 3 * design.dimensions : 3 + 2 * design.dimensions),
      row_(row_size(design) * outputs),
      shift_(outputs),
      sums_(replicas_ * outputs * width_),
      used_(outputs) {}

void Accumulator::add(std::span<const double> outputs) {
  const std::size_t at = samples_ % row_size(design_);
  for (std::size_t o = 0; o < outputs_; ++o) row_[at * outputs_ + o] = outputs[o];
  ++samples_;
  if (at + 1 == row_size(design_)) add_row();
}

void Accumulator::add_row() {
  const std::size_t d = design_.dimensions, size = row_size(design_), row = samples_ / size - 1;
  std::vector<double> weight(replicas_), terms(width_ - 1);
  for (std::size_t b = 0; b < replicas_; ++b) weight[b] = poisson_weight(design_.seed, row, b);
  for (std::size_t o = 0; o < outputs_; ++o) {
    const auto f = [&](std::size_t i) { return row_[i * outputs_ + o] - shift_[o]; };
    bool complete = true;
    for (std::size_t i = 0; i < size; ++i) complete = complete && std::isfinite(row_[i * outputs_ + o]);
    if (!complete) continue;
    if (used_[o]++ == 0) shift_[o] = row_[o];
    if (design_.method == sampling::Method::morris) {
      for (std::size_t step = 1; step <= d; ++step) {
        const sampling::MorrisMove move = sampling::morris_move(design_, row, step);
        const double effect = (f(step) - f(step - 1)) / move.change;
        terms[3 * move.dimension] = effect;
        terms[3 * move.dimension + 1] = abs(effect);
        terms[3 * move.dimension + 2] = effect * effect;
      }
    } else {
      terms[0] = f(0) + f(1);
      terms[1] = f(0) * f(0) + f(1) * f(1);
      for (std::size_t k = 0; k < d; ++k) {
        terms[2 + 2 * k] = square(f(1) - f(2 + k));
        terms[3 + 2 * k] = square(f(0) - f(2 + k));
      }
    }
    for (std::size_t b = 0; b < replicas_; ++b) {
      if (weight[b] == 0.0) continue;
      double* sum = &sums_[(b * outputs_ + o) * width_];
      sum[0] += weight[b];
      for (std::size_t t = 0; t < terms.size(); ++t) sum[1 + t] += weight[b] * terms[t];
    }
  }
}

Result Accumulator::result() const {
  const std::size_t d = design_.dimensions;
  const bool morris = design_.method == sampling::Method::morris;
  const double missing = std::numeric_limits<double>::quiet_NaN();
  Result r;
  r.rows = used_;
  r.all_rows = samples_ / row_size(design_);
  for (Estimate* e : {&r.main, &r.other})
    for (std::vector<double>* v : {&e->value, &e->low, &e->high}) v->assign(d * outputs_, missing);
  r.sigma.assign(d * outputs_, missing);
  // main and other of one replica
  const auto pair_of = [&](const double* sum, std::size_t k, double& main, double& other) {
    if (morris) {
      main = sum[1 + 3 * k + 1] / sum[0];
      other = sum[1 + 3 * k] / sum[0];
      return;
    }
    const double n = sum[0], variance = (sum[2] - sum[1] * sum[1] / (2.0 * n)) / (2.0 * n - 1.0);
    main = 1.0 - sum[3 + 2 * k] / (2.0 * n) / variance;
    other = sum[4 + 2 * k] / (2.0 * n) / variance;
  };
  for (std::size_t o = 0; o < outputs_; ++o) {
    if (used_[o] < 2) continue;
    for (std::size_t k = 0; k < d; ++k) {
      const std::size_t at = k * outputs_ + o;
      std::vector<double> mains, others;
      for (std::size_t b = 0; b < replicas_; ++b) {
        const double* sum = &sums_[(b * outputs_ + o) * width_];
        if (sum[0] < 2.0) continue;
        double main = missing, other = missing;
        pair_of(sum, k, main, other);
        if (b == 0) {
          r.main.value[at] = main;
          r.other.value[at] = other;
          if (morris) {
            const double n = sum[0], mean = sum[1 + 3 * k] / n;
            r.sigma[at] = sqrt(max(0.0, (sum[1 + 3 * k + 2] - n * mean * mean) / (n - 1.0)));
          }
        } else if (std::isfinite(main) && std::isfinite(other)) {
          mains.push_back(main);
          others.push_back(other);
        }
      }
      if (mains.size() < 40) continue;  // no percentile to speak of
      r.main.low[at] = statistics::quantile(mains, 0.025);
      r.main.high[at] = statistics::quantile(mains, 0.975);
      r.other.low[at] = statistics::quantile(others, 0.025);
      r.other.high[at] = statistics::quantile(others, 0.975);
    }
  }
  return r;
}

}  // namespace coronet::sensitivity
