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
    State y, sum;
    heart::Forcing<T> f = forcing(0);
    for (std::size_t step = 0; step < steps; ++step) {
      stage(c, per, x, f, [&](std::size_t i, const T& k) { sum[i] = x[i] + sixth * k, y[i] = x[i] + half * k; });
      f = forcing(2 * step + 1);
      stage(c, per, y, f, [&](std::size_t i, const T& k) { sum[i] = sum[i] + third * k, y[i] = x[i] + half * k; });
      stage(c, per, y, f, [&](std::size_t i, const T& k) { sum[i] = sum[i] + third * k, y[i] = x[i] + h * k; });
      f = forcing(2 * step + 2);
      stage(c, per, y, f, [&](std::size_t i, const T& k) { x[i] = sum[i] + sixth * k; });
    }
    for (std::size_t lane = 0; lane < count; ++lane) scatter(x, lane, *requests[lane]->state);
  }

 private:
  /// take(i, rate of state i) for all states at y, bed by bed while their numbers are in registers; the arteries, which all
  /// beds read, come last, so that `take` may change y.
  template <class Take> static void stage(const network::Parameters<T>& c, const network::Reciprocals<T>& per,
                                          const State& y, const heart::Forcing<T>& f, Take&& take) {
    std::array<T, network::territories> drawn;
    for (std::size_t t = 0; t < network::territories; ++t) {
      drawn[t] = T(0.0);
      const T p_in = y[network::pressure_at + network::segment_of(t, network::distal)];
      for (std::size_t l = 0; l < network::layers; ++l) {
        const std::size_t b = network::bed_of(t, l);
        const auto flow = bed::flows(c.walls, bed::mechanics(c.walls, c.bed[b], network::volumes_of(y, b)),
                                     {p_in, f.right_atrial, network::intramyocardial_pressure(c, f, t, l)})
                              .flow;
        for (std::size_t k = 0; k < bed::compartments; ++k) take(network::volume_index(b, k), flow[k] - flow[k + 1]);
        take(network::inflow_at + b, flow[0]);
        take(network::outflow_at + b, flow[bed::compartments]);
        drawn[t] = drawn[t] + flow[0];
      }
    }
    State rate;
    network::artery_rates(c, per, y, f.aortic, drawn, rate);
    for (std::size_t i = 0; i < network::volume_at; ++i) take(i, rate[i]);
    take(network::ostial_at, rate[network::ostial_at]);
    take(network::ostial_at + 1, rate[network::ostial_at + 1]);
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
