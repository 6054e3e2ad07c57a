/// The beat over packs of patients. Included by one source file per instruction set (lanes_avx512.cpp, …) with a pack
/// whose type carries the set's name: whatever the compiler emits for a template then has that name in its symbol, and
/// the linker never puts one set's code where another's is called (tests/scenarios/lane_symbols.py). Hence also: no
/// containers, no function that is not a template over the pack, in what these files compile.
#pragma once
#include <array>
#include <cstddef>
#include <type_traits>
#include <utility>

#include "model/pack.hpp"
#include "scenarios/lane_way.hpp"

namespace coronet::lanes {

/// The beat and, for waveforms, the network at many instants.
///
/// Up to `T::width` requests that agree in `steps` and in what is wanted, as one pack. Places left over repeat the last.
template <class T> struct Kernel {
  static constexpr std::size_t width = T::width;
  using Number = std::remove_cvref_t<decltype(std::declval<const T&>()[0])>;
  using Members = std::array<BeatRequest*, width>;

  static void pass(BeatRequest* const* requests, std::size_t count) {
    Members members;
    for (std::size_t lane = 0; lane < width; ++lane) members[lane] = requests[lane < count ? lane : count - 1];
    network::Parameters<T> parameters;
    network::State<T> x;
    for (std::size_t lane = 0; lane < width; ++lane) {
      gather(*members[lane]->parameters, lane, parameters);
      gather(*members[lane]->state, lane, x);
    }
    Forcings forcings(members);
    SensedMeans<T> sensed{};
    BeatQuality<T> quality;
    const std::size_t every = members[0]->kept_every;
    const auto sense = [&](const network::State<T>& y, const auto& system, const ForcingRow<T>& row) {
      sensed.add(parameters, y, system.snapshot(), system.jacobian(), row.at[0], row.by_time, row.weight,
                 row.slope_weight);
    };
    const auto keep = [&](const network::State<T>& y, std::size_t step) {
      if (!members[0]->states || step % every != 0) return;
      for (std::size_t lane = 0; lane < count; ++lane) scatter(y, lane, members[lane]->states[step / every]);
    };
    if (members[0]->means) {
      MeansOf<T> means{};
      quality =
          pass_beat(parameters, forcings, members[0]->steps, x,
                    [&](const network::State<T>& y, const auto& system, const ForcingRow<T>& row, std::size_t step) {
                      sense(y, system, row);
                      means.add(y, system.snapshot(), row.at[0], row.weight);
                      means.add_slopes(parameters, system.snapshot(), system.jacobian(), system.rate_by_time(),
                                       row.by_time, row.slope_weight);
                      if (step % every != 0) return;
                      const ArteryNode<T> node = ArteryNode<T>::of(y, system.snapshot().rate);
                      for (std::size_t lane = 0; lane < count; ++lane)
                        scatter(node, lane, members[lane]->nodes[step / every]);
                    });
      for (std::size_t lane = 0; lane < count; ++lane) scatter(means, lane, *members[lane]->means);
    } else {
      BedTangents<T> tangents;
      const bool carried = members[0]->tangents;
      if (carried) tangents.begin(x);
      quality =
          pass_beat(parameters, forcings, members[0]->steps, x,
                    [&](const network::State<T>& y, const auto& system, const ForcingRow<T>& row, std::size_t step) {
                      sense(y, system, row);
                      if (carried) tangents.pass(y, system.snapshot(), system.jacobian(), row);
                      keep(y, step);
                    });
      for (std::size_t lane = 0; carried && lane < count; ++lane) scatter(tangents, lane, *members[lane]->tangents);
    }
    for (std::size_t lane = 0; lane < count; ++lane) {
      scatter(x, lane, *members[lane]->state);
      scatter(sensed, lane, members[lane]->sensed);
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
    char* to = reinterpret_cast<char*>(&many);
    if constexpr (width == 1 && std::is_same_v<Number, double>) {
      __builtin_memcpy(to, from, sizeof(One));
      return;
    }
    for (std::size_t i = 0; i < count; ++i) {
      const auto number = static_cast<Number>(number_at<double>(from, i));
      __builtin_memcpy(to + (i * width + lane) * sizeof(Number), &number, sizeof(Number));
    }
  }
  /// The same in all lanes.
  template <class One, class Many> static void spread(const One& one, Many& many) {
    constexpr std::size_t count = sizeof(One) / sizeof(double);
    static_assert(sizeof(Many) == count * sizeof(T));
    const char* from = reinterpret_cast<const char*>(&one);
    char* to = reinterpret_cast<char*>(&many);
    for (std::size_t i = 0; i < count; ++i) {
      const T everywhere(number_at<double>(from, i));
      __builtin_memcpy(to + i * sizeof(T), &everywhere, sizeof(T));
    }
  }
  template <class Many, class One> static void scatter(const Many& many, std::size_t lane, One& one) {
    constexpr std::size_t count = sizeof(One) / sizeof(double);
    static_assert(sizeof(Many) == count * sizeof(T));
    const char* from = reinterpret_cast<const char*>(&many);
    char* to = reinterpret_cast<char*>(&one);
    if constexpr (width == 1 && std::is_same_v<Number, double>) {
      __builtin_memcpy(to, from, sizeof(One));
      return;
    }
    for (std::size_t i = 0; i < count; ++i) {
      const double number = number_at<Number>(from, i * width + lane);
      __builtin_memcpy(to + i * sizeof(double), &number, sizeof(double));
    }
  }
  template <class N> static N number_at(const char* from, std::size_t i) {
    N number;
    __builtin_memcpy(&number, from + i * sizeof(N), sizeof(N));
    return number;
  }

  /// Every member's own table, gathered step by step; members with the same heart have one table in common.
  class Forcings {
   public:
    explicit Forcings(const Members& members) : members_(members) {
      for (const BeatRequest* member : members) shared_ = shared_ && member->forcing == members[0]->forcing;
    }
    const ForcingRow<T>& operator[](std::size_t step) {
      if (step != step_) {
        step_ = step;
        if (shared_)
          spread(members_[0]->forcing[step], row_);
        else
          for (std::size_t lane = 0; lane < width; ++lane) gather(members_[lane]->forcing[step], lane, row_);
      }
      return row_;
    }

   private:
    const Members& members_;
    bool shared_ = true;
    std::size_t step_ = static_cast<std::size_t>(-1);
    ForcingRow<T> row_;
  };
};

/// T for beats in double precision, `Single` for those in single.
template <class T, class Single = typename T::Single> Way way_of(const char* name) {
  return {name, T::width, Single::width,
          [](BeatRequest* const* requests, std::size_t count) {
            (requests[0]->single ? Kernel<Single>::pass : Kernel<T>::pass)(requests, count);
          },
          Kernel<T>::evaluate};
}

}  // namespace coronet::lanes
