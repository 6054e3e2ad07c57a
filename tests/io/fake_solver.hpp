/// A solver for tests of the sweep: outputs are made of the sample's values in microseconds, some samples fail.
#pragma once
#include <limits>

#include "scenarios/study.hpp"
#include "solvers/parallel.hpp"

/// Fails where the first value lies in the lowest 3 % of its range 40 to 140.
inline coronet::study::SampleResult fake_result(const coronet::study::Study& study,
                                                const coronet::study::Sample& sample) {
  using namespace coronet;
  const std::vector<double>& v = sample.values;
  study::SampleResult r;
  const bool fails = v[0] < 43.0;
  r.status = fails ? study::SampleStatus::no_convergence : study::SampleStatus::ok;
  if (fails) r.reason = "phase rest: no limit cycle in 600 beats";
  for (std::size_t k = 0; k < study.outputs.size(); ++k) {
    double sum = static_cast<double>(k);
    for (std::size_t j = 0; j < v.size(); ++j) sum += exp(0.01 * v[j]) * static_cast<double>(j + k + 1);
    r.outputs.push_back(fails ? std::numeric_limits<double>::quiet_NaN() : sum);
  }
  return r;
}

/// As study::evaluate deals them out.
inline void solve_fake(const coronet::study::Study& study, const coronet::study::Work& work) {
  coronet::parallel_deal(
      work.count, work.threads,
      [&](const auto& next, const auto& done) {
        for (std::size_t i = next(); i < work.count; i = next()) {
          work.solved(i, fake_result(study, work.sample(i)));
          done();
        }
      },
      {}, work.allowed);
}
