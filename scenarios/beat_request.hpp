/// One beat of one patient as a question to whoever integrates: alone, or in lanes with the beats of others (lanes.hpp).
#pragma once
#include <cstddef>

#include "scenarios/beat_kernel.hpp"
#include "scenarios/beat_sums.hpp"

namespace coronet {

/// What a recorded beat leaves beside its sums: state and rate at the start of every step, where they are wanted.
struct BeatRecord {
  MeansOf<double> sum;
  network::State<double>*states = nullptr, *rates = nullptr;  // as many as the beat has steps, or null
};

struct BeatRequest {
  const network::Parameters<double>* parameters = nullptr;
  const ForcingRow<double>* forcing = nullptr;  // a row per step
  std::size_t steps = 0;
  double period = 0.0;                      // s
  network::State<double>* state = nullptr;  // in: at the start of the beat, out: at its end
  BeatRecord* record = nullptr;             // only for a recorded beat
  // The answer
  SensorSums<double> sums;
  BeatQuality<double> quality{};

  void forget() {
    sums = {};
    if (record) record->sum = {};
  }
  void observe(const network::State<double>& x, const network::Snapshot<double>& s, const heart::Forcing<double>& f,
               std::size_t step) {
    sums.add(*parameters, x, s, f);
    if (!record) return;
    record->sum.add(x, s, f);
    if (!record->states) return;
    record->states[step] = x;
    record->rates[step] = s.rate;
  }
};

/// Integrates one beat by itself.
inline void pass_beat(BeatRequest& r) {
  r.forget();
  r.quality = pass_beat(*r.parameters, r.forcing, r.steps, r.period, *r.state,
                        [&r](const network::State<double>& x, const network::Snapshot<double>& s, std::size_t step) {
                          r.observe(x, s, r.forcing[step].at[0], step);
                        });
}

}  // namespace coronet
