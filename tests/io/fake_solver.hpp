/// A solver for tests of the sweep: outputs are made of the sample's values in microseconds, some samples fail.
#pragma once
#include <limits>
#include <span>

#include "scenarios/study.hpp"

/// Fails where the first value lies in the lowest 3 % of its range 40 to 140.
inline void solve_fake(const coronet::study::Study& study, std::span<const coronet::study::Sample> samples,
                       std::span<coronet::study::SampleResult> results) {
  using namespace coronet;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    const std::vector<double>& v = samples[i].values;
    study::SampleResult& r = results[i];
    const bool fails = v[0] < 43.0;
    r.status = fails ? study::SampleStatus::no_convergence : study::SampleStatus::ok;
    if (fails) r.reason = "phase rest: no limit cycle in 600 beats";
    for (std::size_t k = 0; k < study.outputs.size(); ++k) {
      double sum = static_cast<double>(k);
      for (std::size_t j = 0; j < v.size(); ++j) sum += exp(0.01 * v[j]) * static_cast<double>(j + k + 1);
      r.outputs.push_back(fails ? std::numeric_limits<double>::quiet_NaN() : sum);
    }
  }
}
