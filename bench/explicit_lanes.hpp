/// RK4 of the same equations over packs: what an explicit stepper can do with the same lanes. A peer, a tight reference
/// for many patients at once, and the explicit row of the fraction of peak. Classical tableau, forcing tabulated at half
/// steps. Included by one source file per instruction set, as scenarios/lanes_kernel.hpp is, with the same precautions.
#pragma once
#include <array>
#include <cstddef>

#include "model/coronary_network.hpp"
#include "model/pack.hpp"

namespace coronet::bench {

struct ExplicitRequest {
  const network::Parameters<double>* parameters = nullptr;
  const heart::Forcing<double>* forcing = nullptr;  // at every half step, 2 · steps + 1
  std::size_t steps = 0;
  double period = 0.0;
  network::State<double>* state = nullptr;  // in and out
};

struct ExplicitWay {
  const char* name;
  std::size_t width;
  void (*pass)(ExplicitRequest* const* requests, std::size_t count);
};

template <class T> struct ExplicitKernel {
  static constexpr std::size_t width = T::width;
  using State = network::State<T>;

  /// Up to `width` beats of equal `steps`; places left over repeat the last.
  static void pass(ExplicitRequest* const* requests, std::size_t count) {
    std::array<const ExplicitRequest*, width> members;
    for (std::size_t lane = 0; lane < width; ++lane) members[lane] = requests[lane < count ? lane : count - 1];
    network::Parameters<T> c;
    State x;
    T period;
    for (std::size_t lane = 0; lane < width; ++lane) {
      gather(*members[lane]->parameters, lane, c);
      gather(*members[lane]->state, lane, x);
      period.set(static_cast<int>(lane), members[lane]->period);
    }
    const auto forcing = [&members](std::size_t half_step) {
      heart::Forcing<T> f;
      for (std::size_t lane = 0; lane < width; ++lane) gather(members[lane]->forcing[half_step], lane, f);
      return f;
    };
    for (std::size_t i = network::dynamic_size; i < network::state_size; ++i) x[i] = T(0.0);
    const std::size_t steps = members[0]->steps;
    const T h = period / T(static_cast<double>(steps)), half = T(0.5) * h, third = h / T(3.0), sixth = h / T(6.0);
    const network::Reciprocals<T> per = network::reciprocals(c);
    // With y_1 … y_3 where the second to fourth rate are taken: x_new = (y_1 + 2 y_2 + y_3 − x)/3 + h/6 k_4, which has fewer
    // products than the sum of the rates. What is cumulated enters no rate and is summed in x.
    State y, sum;
    heart::Forcing<T> begin = forcing(0);
    for (std::size_t step = 0; step < steps; ++step) {
      const heart::Forcing<T> middle = forcing(2 * step + 1), end = forcing(2 * step + 2);
      const auto cumulate = [&x](const T& share) {
        return [&x, share](std::size_t i, const T& k) { x[i] = x[i] + share * k; };
      };
      stage(c, per, x, begin, cumulate(sixth), [&](std::size_t i, const T& k) { y[i] = x[i] + half * k; });
      stage(c, per, y, middle, cumulate(third), [&](std::size_t i, const T& k) {
        const T first = y[i];
        y[i] = x[i] + half * k;
        sum[i] = first + (y[i] + y[i]);
      });
      stage(c, per, y, middle, cumulate(third),
            [&](std::size_t i, const T& k) { y[i] = x[i] + h * k, sum[i] = sum[i] + y[i]; });
      stage(c, per, y, end, cumulate(sixth),
            [&](std::size_t i, const T& k) { x[i] = T(1.0 / 3.0) * (sum[i] - x[i]) + sixth * k; });
      begin = end;
    }
    for (std::size_t lane = 0; lane < count; ++lane) scatter(x, lane, *requests[lane]->state);
  }

 private:
  /// take(i, rate of state i) for the states with a memory and cumulate(i, rate) for the others, at y, while the numbers of
  /// a bed are in registers. `take` may change y[i]. Beside each bed stands an artery: alone, arteries wait for memory.
  template <class Cumulate, class Take>
  static void stage(const network::Parameters<T>& c, const network::Reciprocals<T>& per, const State& y,
                    const heart::Forcing<T>& f, const Cumulate& cumulate, const Take& take) {
    using namespace network;
    // Returns the pressure at its end, which the next artery needs as it was
    const auto artery = [&](std::size_t i, const T& p_in, const T& leaving) {
      const T p = y[pressure_at + i], flow = y[flow_at + i];
      take(flow_at + i, epicardial::flow_rate_of_change(c.segment[i], p_in, p, flow, per.inertance[i]));
      take(pressure_at + i, (flow - leaving) * per.compliance[i]);
      return p;
    };
    cumulate(ostial_at, y[flow_at + left_main]);
    cumulate(ostial_at + 1, y[flow_at + segment_of(rca, proximal)]);
    const T into_branches = y[flow_at + segment_of(lad, proximal)] + y[flow_at + segment_of(lcx, proximal)];
    const T p_left_main = artery(left_main, f.aortic, into_branches);
    for (std::size_t t = 0; t < territories; ++t) {
      const T p_in = y[pressure_at + segment_of(t, distal)];
      T p_upstream = t == rca ? f.aortic : p_left_main, drawn = T(0.0);
      static_assert(layers == positions);
      for (std::size_t l = 0; l < layers; ++l) {
        const std::size_t b = bed_of(t, l), i = segment_of(t, l);
        const auto flow = bed::flows(c.walls, bed::mechanics(c.walls, c.bed[b], volumes_of(y, b)),
                                     {p_in, f.right_atrial, intramyocardial_pressure(c, f, t, l)})
                              .flow;
        for (std::size_t k = 0; k < bed::compartments; ++k) take(volume_index(b, k), flow[k] - flow[k + 1]);
        cumulate(inflow_at + b, flow[0]);
        cumulate(outflow_at + b, flow[bed::compartments]);
        drawn = drawn + flow[0];
        p_upstream = artery(i, p_upstream, l == distal ? drawn : y[flow_at + i + 1]);
      }
    }
  }
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
    const char* from = reinterpret_cast<const char*>(&many) + lane * sizeof(double);
    char* to = reinterpret_cast<char*>(&one);
    for (std::size_t i = 0; i < count; ++i)
      __builtin_memcpy(to + i * sizeof(double), from + i * sizeof(T), sizeof(double));
  }
};

template <class T> ExplicitWay explicit_way_of(const char* name) { return {name, T::width, ExplicitKernel<T>::pass}; }

}  // namespace coronet::bench
