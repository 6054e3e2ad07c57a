/// Anchors that patients of a batch share: who differs from another only in what the healthy twin has not (structure,
/// lesion, endothelium, drugs) has the same twin, whose anchor need not be found twice.
///
/// An anchor is a function of the twin alone, so a patient has the bits that he has by himself, whoever was there before
/// him and on whatever thread. The last `most` are kept: a grid comes back to few twins, a random design hardly to any.
#pragma once
#include <cstddef>
#include <deque>
#include <map>
#include <memory>
#include <mutex>

#include "scenarios/phase.hpp"

namespace coronet {

class KnownAnchors {
 public:
  /// The anchored twin, or nothing.
  std::shared_ptr<const Patient> find(const PatientParameters& twin) const {
    const std::lock_guard<std::mutex> guard(mutex_);
    const auto known = known_.find(twin);
    return known == known_.end() ? nullptr : known->second;
  }
  void keep(const PatientParameters& twin, const Patient& anchored) {
    auto kept = std::make_shared<const Patient>(anchored);
    const std::lock_guard<std::mutex> guard(mutex_);
    const auto [place, is_new] = known_.emplace(twin, std::move(kept));
    if (!is_new) return;
    order_.push_back(place);
    if (order_.size() <= most) return;
    known_.erase(order_.front());
    order_.pop_front();
  }

 private:
  static constexpr std::size_t most = 256;  // some kilobytes each
  using Map = std::map<PatientParameters, std::shared_ptr<const Patient>>;
  mutable std::mutex mutex_;
  Map known_;
  std::deque<Map::iterator> order_;  // the oldest first
};

}  // namespace coronet
