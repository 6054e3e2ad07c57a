/// The coronary network of one patient: epicardial tree, nine microvascular beds, the heart around them.
///
///                 ┌─ LAD proximal ─ mid ─ distal ─ 3 layers ─┐
///   aorta ── LM ──┤                                          ├── right atrium
///      │          └─ LCx proximal ─ mid ─ distal ─ 3 layers ─┤
///      └───────────── RCA proximal ─ mid ─ distal ─ 3 layers ┘
///
/// State (flat, so that any stepper takes it; T may be a pack of patients): pressures and flows of ten segments, 45
/// volumes, then the cumulated volumes that passed the ostia and each bed, which make the balance of a beat exact.
#pragma once
#include <array>
#include <cstddef>

#include "model/epicardial_segment.hpp"
#include "model/intramyocardial_pressure.hpp"
#include "model/microvascular_bed.hpp"
#include "model/prescribed_heart.hpp"

namespace coronet::network {

enum Territory : std::size_t { lad, lcx, rca };
enum Layer : std::size_t { subendocardium, midwall, subepicardium };
inline constexpr std::size_t territories = 3;
inline constexpr std::size_t layers = 3;
inline constexpr std::size_t beds = territories * layers;
inline constexpr std::size_t segments = 10;
inline constexpr std::size_t left_main = 0;
enum Position : std::size_t { proximal, mid, distal };
inline constexpr std::size_t positions = 3;

inline constexpr std::array<const char*, territories> territory_names = {"LAD", "LCx", "RCA"};
inline constexpr std::array<const char*, layers> layer_names = {"subendocardium", "midwall", "subepicardium"};
inline constexpr std::array<const char*, positions> position_names = {"proximal", "mid", "distal"};
inline constexpr std::array<const char*, segments> segment_names = {
    "left_main", "LAD_proximal", "LAD_mid",      "LAD_distal", "LCx_proximal",
    "LCx_mid",   "LCx_distal",   "RCA_proximal", "RCA_mid",    "RCA_distal"};
inline constexpr std::array<double, layers> lambda = {5.0 / 6.0, 1.0 / 2.0, 1.0 / 6.0};

constexpr std::size_t segment_of(std::size_t territory, std::size_t position) { return 1 + 3 * territory + position; }
constexpr std::size_t bed_of(std::size_t territory, std::size_t layer) { return layers * territory + layer; }
/// Upstream segment, or `segments` for the aorta.
constexpr std::size_t upstream_of(std::size_t segment) {
  if (segment == left_main || segment == segment_of(rca, proximal)) return segments;
  return segment == segment_of(lcx, proximal) ? left_main : segment - 1;
}

// --- layout of the flat state ----------------------------------------------------------------------------------
inline constexpr std::size_t pressure_at = 0;                                      // (segment)
inline constexpr std::size_t flow_at = segments;                                   // (segment)
inline constexpr std::size_t volume_at = 2 * segments;                             // (bed × compartment)
inline constexpr std::size_t dynamic_size = volume_at + beds * bed::compartments;  // states with a memory
inline constexpr std::size_t inflow_at = dynamic_size;                             // (bed), cumulated m³
inline constexpr std::size_t outflow_at = inflow_at + beds;                        // (bed), cumulated m³
inline constexpr std::size_t ostial_at = outflow_at + beds;                        // left main, RCA, cumulated m³
inline constexpr std::size_t state_size = ostial_at + 2;
constexpr std::size_t volume_index(std::size_t bed_index, std::size_t compartment) {
  return volume_at + bed_index * bed::compartments + compartment;
}

template <class T> using State = std::array<T, state_size>;

template <class T> struct Parameters {
  std::array<epicardial::Segment<T>, segments> segment;
  bed::Walls<T> walls;
  std::array<bed::Parameters<T>, beds> bed;
  std::array<T, territories> right_ventricular_share;  // of a territory's mass
};

/// Everything an observer may want to see at one instant.
template <class T> struct Snapshot {
  State<T> rate;
  std::array<bed::Reading<T>, beds> bed;
  std::array<T, beds> intramyocardial;
};

/// Pressure around the vessels of a bed.
template <class T> T intramyocardial_pressure(const Parameters<T>& c, const heart::Forcing<T>& f, std::size_t territory,
                                              std::size_t layer) {
  const T cavity =
      f.left_ventricular + c.right_ventricular_share[territory] * (f.right_ventricular - f.left_ventricular);
  return intramyocardial::pressure(T(lambda[layer]), cavity, f.peak_left_ventricular, f.activation);
}

template <class T> std::array<T, bed::compartments> volumes_of(const State<T>& x, std::size_t b) {
  std::array<T, bed::compartments> V;
  for (std::size_t k = 0; k < bed::compartments; ++k) V[k] = x[volume_index(b, k)];
  return V;
}

/// 1/L and 1/C of the arteries, which stay over a beat.
template <class T> struct Reciprocals { std::array<T, segments> inertance, compliance; };

template <class T> Reciprocals<T> reciprocals(const Parameters<T>& c) {
  Reciprocals<T> per;
  for (std::size_t i = 0; i < segments; ++i) {
    per.inertance[i] = T(1.0) / c.segment[i].inertance;
    per.compliance[i] = T(1.0) / c.segment[i].compliance;
  }
  return per;
}

/// Rates of the arteries and of what passes the ostia, given what each territory's beds draw.
template <class T> void artery_rates(const Parameters<T>& c, const Reciprocals<T>& per, const State<T>& x,
                                     const T& aortic, const std::array<T, territories>& drawn, State<T>& rate) {
  std::array<T, segments> leaving;  // flow out of each segment's end
  for (std::size_t t = 0; t < territories; ++t) {
    const std::size_t last = segment_of(t, distal);
    leaving[last] = drawn[t];
    leaving[last - 1] = x[flow_at + last];
    leaving[last - 2] = x[flow_at + last - 1];
  }
  leaving[left_main] = x[flow_at + segment_of(lad, proximal)] + x[flow_at + segment_of(lcx, proximal)];
  for (std::size_t i = 0; i < segments; ++i) {
    const std::size_t up = upstream_of(i);
    const T p_in = up == segments ? aortic : x[pressure_at + up];
    const T flow = x[flow_at + i];
    rate[flow_at + i] = epicardial::flow_rate_of_change(c.segment[i], p_in, x[pressure_at + i], flow, per.inertance[i]);
    rate[pressure_at + i] = (flow - leaving[i]) * per.compliance[i];
  }
  rate[ostial_at] = x[flow_at + left_main];
  rate[ostial_at + 1] = x[flow_at + segment_of(rca, proximal)];
}

/// Rates of change of the state; flow_of(bed, volumes, what surrounds it) gives a bed's flows.
template <class T, class FlowOf> void rates(const Parameters<T>& c, const Reciprocals<T>& per, const State<T>& x,
                                            const heart::Forcing<T>& f, State<T>& rate, FlowOf&& flow_of) {
  std::array<T, territories> drawn;
  for (std::size_t t = 0; t < territories; ++t) {
    drawn[t] = T(0.0);
    for (std::size_t l = 0; l < layers; ++l) {
      const std::size_t b = bed_of(t, l);
      const std::array<T, bed::compartments + 1> flow = flow_of(
          b, volumes_of(x, b),
          bed::Input<T>{x[pressure_at + segment_of(t, distal)], f.right_atrial, intramyocardial_pressure(c, f, t, l)});
      for (std::size_t k = 0; k < bed::compartments; ++k) rate[volume_index(b, k)] = flow[k] - flow[k + 1];
      rate[inflow_at + b] = flow[0];
      rate[outflow_at + b] = flow[bed::compartments];
      drawn[t] = drawn[t] + flow[0];
    }
  }
  artery_rates(c, per, x, f.aortic, drawn, rate);
}

template <class T> void rates(const Parameters<T>& c, const Reciprocals<T>& per, const State<T>& x,
                              const heart::Forcing<T>& f, State<T>& rate) {
  rates(c, per, x, f, rate,
        [&c](std::size_t b, const std::array<T, bed::compartments>& V, const bed::Input<T>& around) {
          return bed::flows(c.walls, bed::mechanics(c.walls, c.bed[b], V), around).flow;
        });
}

/// Rates of change of the state and all pressures, flows and resistances behind them.
template <class T> void evaluate(const Parameters<T>& c, const Reciprocals<T>& per, const State<T>& x,
                                 const heart::Forcing<T>& f, Snapshot<T>& s) {
  rates(c, per, x, f, s.rate,
        [&](std::size_t b, const std::array<T, bed::compartments>& V, const bed::Input<T>& around) {
          const bed::Rate<T> r = bed::rate(c.walls, c.bed[b], V, around);
          s.bed[b] = r;
          s.intramyocardial[b] = around.p_im;
          return r.flow;
        });
}
template <class T>
void evaluate(const Parameters<T>& c, const State<T>& x, const heart::Forcing<T>& f, Snapshot<T>& s) {
  evaluate(c, reciprocals(c), x, f, s);
}

/// Upper bound of the fastest rate in the network (1/s): beds, wave travel and lesion damping of the segments.
template <class T> T fastest_rate(const Parameters<T>& c, const State<T>& x, const Snapshot<T>& s) {
  T fastest = T(0.0);
  for (std::size_t b = 0; b < beds; ++b)
    fastest = max(fastest, bed::fastest_rate(c.walls, c.bed[b], volumes_of(x, b), s.bed[b]));
  for (std::size_t i = 0; i < segments; ++i) {
    const auto& g = c.segment[i];
    const T damping = epicardial::damping(g, x[flow_at + i]) / g.inertance;
    fastest = max(fastest, damping + T(2.0) / sqrt(g.inertance * g.compliance));
  }
  return fastest;
}

}  // namespace coronet::network
