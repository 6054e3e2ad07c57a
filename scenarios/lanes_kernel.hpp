/// The beat over packs of patients. Included by one source file per instruction set (lanes_avx512.cpp, …) with a pack
/// whose type carries the set's name: whatever the compiler emits for a template then has that name in its symbol, and
/// the linker never puts one set's code where another's is called (tests/scenarios/lane_symbols.py). Hence also: no
/// containers, no function that is not a template over the pack, in what these files compile.
#pragma once
#include <array>
#include <cstddef>

#include "model/pack.hpp"
#include "scenarios/lane_way.hpp"

namespace coronet::lanes {

/// The beat and, for waveforms, the network at many instants.
///
/// Up to `T::width` requests of equal `steps`, with a record all or none, as one pack. Places left over repeat the last.
template <class T> struct Kernel {
  static constexpr std::size_t width = T::width;
  using Members = std::array<BeatRequest*, width>;

  static void pass(BeatRequest* const* requests, std::size_t count) {
    Members members;
    for (std::size_t lane = 0; lane < width; ++lane) members[lane] = requests[lane < count ? lane : count - 1];
    network::Parameters<T> parameters;
    network::State<T> x;
    T period;
    for (std::size_t lane = 0; lane < width; ++lane) {
      gather(*members[lane]->parameters, lane, parameters);
      gather(*members[lane]->state, lane, x);
      period.set(static_cast<int>(lane), members[lane]->period);
    }
    Forcings forcings(members);
    SensorSums<T> sums{};
    BeatQuality<T> quality;
    if (members[0]->record) {
      MeansOf<T> means{};
      quality = pass_beat(parameters, forcings, members[0]->steps, period, x,
                          [&](const network::State<T>& y, const network::Snapshot<T>& s, std::size_t step) {
                            sums.add(parameters, y, s, forcings[step].at[0]);
                            means.add(y, s, forcings[step].at[0]);
                            for (std::size_t lane = 0; lane < count; ++lane) {
                              const BeatRecord& record = *members[lane]->record;
                              if (!record.states) continue;
                              scatter(y, lane, record.states[step]);
                              scatter(s.rate, lane, record.rates[step]);
                            }
                          });
      for (std::size_t lane = 0; lane < count; ++lane) scatter(means, lane, members[lane]->record->sum);
    } else {
      quality = pass_beat(parameters, forcings, members[0]->steps, period, x,
                          [&](const network::State<T>& y, const network::Snapshot<T>& s, std::size_t step) {
                            sums.add(parameters, y, s, forcings[step].at[0]);
                          });
    }
    for (std::size_t lane = 0; lane < count; ++lane) {
      scatter(x, lane, *members[lane]->state);
      scatter(sums, lane, members[lane]->sums);
      scatter(quality, lane, members[lane]->quality);
    }
  }

  /// The network of one patient at up to `T::width` instants.
  static void evaluate(const network::Parameters<double>& parameters, const network::State<double>* states,
                       const heart::Forcing<double>* forcings, network::Snapshot<double>* snapshots,
                       std::size_t count) {
    network::Parameters<T> same;
    network::State<T> x;
    heart::Forcing<T> f;
    for (std::size_t lane = 0; lane < width; ++lane) {
      const std::size_t i = lane < count ? lane : count - 1;
      gather(parameters, lane, same);
      gather(states[i], lane, x);
      gather(forcings[i], lane, f);
    }
    network::Snapshot<T> s;
    network::evaluate(same, x, f, s);
    for (std::size_t lane = 0; lane < count; ++lane) scatter(s, lane, snapshots[lane]);
  }

 private:
  /// One lane of a structure that holds nothing but numbers.
  template <class One, class Many> static void gather(const One& one, std::size_t lane, Many& many) {
    constexpr std::size_t count = sizeof(One) / sizeof(double);
    static_assert(sizeof(Many) == count * sizeof(T));
    const char* from = reinterpret_cast<const char*>(&one);
    char* to = reinterpret_cast<char*>(&many) + lane * sizeof(double);
    for (std::size_t i = 0; i < count; ++i)
      __builtin_memcpy(to + i * sizeof(T), from + i * sizeof(double), sizeof(double));
  }
  template <class Many, class One> static void scatter(const Many& many, std::size_t lane, One& one) {
    constexpr std::size_t count = sizeof(One) / sizeof(double);
    static_assert(sizeof(Many) == count * sizeof(T));
    const char* from = reinterpret_cast<const char*>(&many) + lane * sizeof(double);
    char* to = reinterpret_cast<char*>(&one);
    for (std::size_t i = 0; i < count; ++i)
      __builtin_memcpy(to + i * sizeof(double), from + i * sizeof(T), sizeof(double));
  }

  /// Every member's own table, gathered step by step.
  class Forcings {
   public:
    explicit Forcings(const Members& members) : members_(members) {}
    const ForcingRow<T>& operator[](std::size_t step) {
      if (step != step_) {
        step_ = step;
        for (std::size_t lane = 0; lane < width; ++lane) gather(members_[lane]->forcing[step], lane, row_);
      }
      return row_;
    }

   private:
    const Members& members_;
    std::size_t step_ = static_cast<std::size_t>(-1);
    ForcingRow<T> row_;
  };
};

template <class T> Way way_of(const char* name) { return {name, T::width, Kernel<T>::pass, Kernel<T>::evaluate}; }

}  // namespace coronet::lanes
