/// One beat of one patient as a question to whoever integrates: alone, or in lanes with the beats of others (lanes.hpp).
#pragma once
#include <cstddef>
#include <cstring>

#include "scenarios/beat_kernel.hpp"
#include "scenarios/beat_sums.hpp"
#include "scenarios/bed_tangents.hpp"

namespace coronet {

struct BeatRequest {
  const network::Parameters<double>* parameters = nullptr;
  const ForcingRow<double>* forcing = nullptr;  // a row per step
  std::size_t steps = 0;
  network::State<double>* state = nullptr;  // in: at the start of the beat, out: at its end
  bool single = false;  // in single precision, which changes volumes by 2e-6: enough while a beat changes them by more
  // The answer
  SensedMeans<double> sensed;
  BeatQuality<double> quality{};
  // More of it where it is wanted, else null; nodes and states at every `kept_every`-th step
  MeansOf<double>* means = nullptr;
  ArteryNode<double>* nodes = nullptr;  // of a beat with means
  network::State<double>* states = nullptr;
  std::size_t kept_every = 1;
  BedTangents<double>* tangents = nullptr;  // of a beat without means

  void forget() {
    sensed = {};
    if (means) *means = {};
    if (tangents) tangents->begin(*state);
  }
  /// What is wanted beside what is sensed.
  void keep(const network::State<double>& x, const network::Snapshot<double>& s, const heart::Forcing<double>& f,
            double weight, std::size_t step) {
    if (means) means->add(x, s, f, weight);
    if (step % kept_every != 0) return;
    if (nodes) nodes[step / kept_every] = ArteryNode<double>::of(x, s.rate);
    if (states) states[step / kept_every] = x;
  }
  /// For steppers that know no Jacobian.
  void carry(const network::State<double>& x, const heart::Forcing<double>& f, double length, double weight) {
    if (!tangents) return;
    network::Snapshot<double> s;
    network::Jacobian<double> J;
    network::State<double> by_time;
    network::linearize(*parameters, network::reciprocals(*parameters), x, f, {}, s, J, by_time);
    tangents->pass(x, s, J, {.at = {}, .by_time = {}, .length = length, .weight = weight, .slope_weight = 0.0});
  }
};

/// From one precision to another: structures that hold nothing but numbers.
template <class From, class To, class Froms, class Tos> void convert(const Froms& from, Tos& to) {
  constexpr std::size_t count = sizeof(Froms) / sizeof(From);
  static_assert(sizeof(Tos) == count * sizeof(To));
  for (std::size_t i = 0; i < count; ++i) {
    From number;
    std::memcpy(&number, reinterpret_cast<const char*>(&from) + i * sizeof(From), sizeof(From));
    const To other = static_cast<To>(number);
    std::memcpy(reinterpret_cast<char*>(&to) + i * sizeof(To), &other, sizeof(To));
  }
}

/// In single precision.
inline void pass_single_beat(BeatRequest& r) {
  struct {
    const ForcingRow<double>* rows;
    std::size_t at = static_cast<std::size_t>(-1);
    ForcingRow<float> row{};
    const ForcingRow<float>& operator[](std::size_t step) {
      if (step != at) convert<double, float>(rows[at = step], row);
      return row;
    }
  } table{r.forcing};
  network::Parameters<float> parameters;
  network::State<float> state;
  SensedMeans<float> sensed;
  BedTangents<float> tangents;
  convert<double, float>(*r.parameters, parameters);
  convert<double, float>(*r.state, state);
  if (r.tangents) tangents.begin(state);
  const BeatQuality<float> quality =
      pass_beat(parameters, table, r.steps, state,
                [&](const network::State<float>& x, const auto& system, const ForcingRow<float>& row, std::size_t) {
                  const network::Snapshot<float>& s = system.snapshot();
                  const network::Jacobian<float>& J = system.jacobian();
                  sensed.add(parameters, x, s, J, row.at[0], row.by_time, row.weight, row.slope_weight);
                  if (r.tangents) tangents.pass(x, s, J, row);
                });
  convert<float, double>(state, *r.state);
  convert<float, double>(sensed, r.sensed);
  convert<float, double>(quality, r.quality);
  if (r.tangents) convert<float, double>(tangents, *r.tangents);
}

/// Integrates one beat by itself.
inline void pass_beat(BeatRequest& r) {
  if (r.single) return pass_single_beat(r);
  r.forget();
  r.quality = pass_beat(
      *r.parameters, r.forcing, r.steps, *r.state,
      [&r](const network::State<double>& x, const auto& system, const ForcingRow<double>& row, std::size_t step) {
        const network::Snapshot<double>& s = system.snapshot();
        const network::Jacobian<double>& J = system.jacobian();
        r.sensed.add(*r.parameters, x, s, J, row.at[0], row.by_time, row.weight, row.slope_weight);
        r.keep(x, s, row.at[0], row.weight, step);
        if (r.means) r.means->add_slopes(*r.parameters, s, J, system.rate_by_time(), row.by_time, row.slope_weight);
        if (r.tangents) r.tangents->pass(x, s, J, row);
      });
}

}  // namespace coronet
