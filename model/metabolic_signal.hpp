/// Metabolic dilation F_meta of the smallest arterioles, by three rival signals.
///
///   F_meta = ψ/(1 + ψ),   ψ = ψ_rest · x,   ψ_rest = F_rest/(1 − F_rest)                              [1]
///
///   venous_atp            x = (1/c) (e^{−S/S_0} − e^{−S_a/S_0})/(e^{−S_set/S_0} − e^{−S_a/S_0})        [2]
///   mvo2_flow             x = (m q)^g                                                                 [3]
///   feedback_feedforward  x = w x_atp + (1 − w) (m − m_0)/(1 − m_0)                                    [4]
///
/// x = 1 at rest, when the venous saturation is the set point. In [2] red cells release ATP as they lose oxygen; blood
/// that passes faster (larger c at the same extraction) collects less of it. [3] senses consumption times flow. [4]
/// adds what nerves announce in proportion to demand.
///
/// | symbol | meaning                                            | unit | default, source                             |
/// |--------|----------------------------------------------------|------|---------------------------------------------|
/// | S      | venous saturation as the tissue reports it         | 1    | scenarios/regulation.hpp                    |
/// | S_a    | arterial saturation                                | 1    |                                             |
/// | S_set  | venous saturation at rest                          | 1    | human coronary sinus 25–35 %                |
/// | m, q   | demand and flow relative to rest at the set point  | 1    |                                             |
/// | c      | consumption relative to resting demand             | 1    | below m once oxygen runs out                |
/// | F_rest | dilation at rest                                   | 1    | 0.3, assumption                             |
/// | S_0    | saturation over which ATP release falls e-fold     | 1    | 0.1 (Pradhan 2016; a sibling code has 0.037) |
/// | g      | exponent; above about 0.5 flow runs away           | 1    | 0.4, assumption                             |
/// | w      | share of feedback at rest                          | 1    | 0.3 (Pradhan 2016 at its resting point)     |
/// | m_0    | demand without nervous drive                       | 1    | 0.36 (33.5 of 93 µL O2/min/g, Pradhan 2016) |
///
/// Source: [2], [4] Pradhan et al. 2016, doi:10.1152/ajpheart.00663.2015, relative to their resting state; [3] the
/// signal that Gharahi et al. 2022, doi:10.1113/JP282237, rank first. Differs from the sources: they drive a whole-bed
/// conductance or a logistic activation; here the signal drives F_meta of arteriolar_tone.hpp through [1].
#pragma once
#include <array>
#include <cstddef>

#include "model/math.hpp"
#include "model/microvascular_bed.hpp"

namespace coronet::metabolic {

enum Signal : std::size_t { venous_atp, mvo2_flow, feedback_feedforward };
inline constexpr std::array<const char*, 3> signal_names = {"venous_atp", "mvo2_flow", "feedback_feedforward"};

template <class T> struct Parameters { T set_point, dilation_at_rest, atp_saturation_scale; };
template <class T> struct Input {
  T saturation, arterial_saturation, demand, flow, consumption;  // the last three relative to rest
};

/// Parameters and arterial blood with what no beat changes folded: ψ_rest, S_0, e^{−S_a/S_0}, e^{−S_set/S_0}.
template <class T> struct Folded { T psi_at_rest, atp_saturation_scale, arterial, at_set_point; };
/// The rest of the input.
template <class T> struct Sensed { T saturation, demand, flow, consumption; };

inline constexpr double flow_exponent = 0.4;
inline constexpr double feedback_share = 0.3;
inline constexpr double demand_without_nerves = 0.36;

template <class T> Folded<T> fold(const Parameters<T>& c, const T& arterial_saturation) {
  return {c.dilation_at_rest / (T(1.0) - c.dilation_at_rest), c.atp_saturation_scale,
          exp(-arterial_saturation / c.atp_saturation_scale), exp(-c.set_point / c.atp_saturation_scale)};
}

/// x of [2].
template <class T, class C> T atp(const Folded<C>& c, const Sensed<T>& u) {
  return (exp(-u.saturation / T(c.atp_saturation_scale)) - T(c.arterial)) /
         (T(c.at_set_point - c.arterial) * u.consumption);
}

/// F_meta in 0 … 1. (Below half of resting demand [4] dilates again, because [2] divides by c: not a range it is for.)
template <class T, class C> T dilation(std::size_t signal, const Folded<C>& c, const Sensed<T>& u) {
  T x = T(1.0);
  if (signal == venous_atp)
    x = atp(c, u);
  else if (signal == mvo2_flow)
    x = pow(max(u.demand * u.flow, T(1e-6)), T(flow_exponent));
  else
    x = T(feedback_share) * max(atp(c, u), T(0.0)) +
        T(1.0 - feedback_share) * max(u.demand - T(demand_without_nerves), T(0.0)) / T(1.0 - demand_without_nerves);
  const T psi = T(c.psi_at_rest) * max(x, T(0.0));
  return psi / (T(1.0) + psi);
}

// The same of parameters as they stand
template <class T> T atp(const Parameters<T>& c, const Input<T>& u) {
  return atp(fold(c, u.arterial_saturation), Sensed<T>{u.saturation, u.demand, u.flow, u.consumption});
}
template <class T> T dilation(std::size_t signal, const Parameters<T>& c, const Input<T>& u) {
  return dilation(signal, fold(c, u.arterial_saturation), Sensed<T>{u.saturation, u.demand, u.flow, u.consumption});
}

/// Share of F_meta that reaches a compartment, conducted upstream along the wall: e^{−L/L_0}, L_0 = 1 mm (published
/// code of Fan et al.), L = 0.7 mm to small arteries, 0.2 mm to arterioles (assumptions).
inline constexpr std::array<double, bed::compartments> conducted = {0.50, 0.82, 1.0, 0.0, 0.0};

}  // namespace coronet::metabolic
