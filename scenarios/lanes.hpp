/// Many conversations at once: the beats that patients ask for share packs, one lane each (lanes_kernel.hpp).
///
/// A lane has the bits that a patient alone would have, whatever the pack's width, its other members and their order;
/// so a patient's result depends on nothing but himself. Who has ended leaves his lane to the next.
#pragma once
#include <cstddef>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "scenarios/lane_way.hpp"
#include "scenarios/phase.hpp"

namespace coronet::lanes {

/// What was compiled and this processor can run, the fastest last.
const std::vector<Way>& ways();

/// The fastest of them, or the one that the environment variable CORONET_LANES names; ParameterError if none does.
const Way& chosen();

/// "avx512x8 (of scalar, sse2x4, …)", for `coronet doctor`.
std::string instruction_set();

/// Leads the conversations begin(0) … begin(count − 1) to their ends, on `threads` threads (0: all cores); an exception
/// of one ends all. A few times the width are held at once on each thread. `begin` may be called on any of them; `allowed`
/// is that of parallel_deal.
void lead_all(std::size_t count, int threads, const Way& way, const std::function<Dialogue<void>(std::size_t)>& begin,
              const std::function<void(std::size_t)>& progress = {},
              const std::function<bool(std::size_t)>& allowed = {});

}  // namespace coronet::lanes

namespace coronet {

/// Leads one by itself.
template <class T> T alone(Dialogue<T> dialogue) {
  return lead(std::move(dialogue), [](BeatRequest& request) { pass_beat(request); });
}

}  // namespace coronet
