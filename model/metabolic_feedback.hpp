/// Metabolic feedback: resting tone from the oxygen left in the venous blood of a layer.
///
///   u_target = ln(1 + exp(k x))/k,   x = 1 + g (S* − S_set)       [1] tone rises with the oxygen left over, never
///   below 0 du/dt    = (u_target − u)/τ,     τ = t50/ln 2                  [2] s_k      = exp(−w_k u) [3] lumen area
///   of compartment k relative to passive
///
/// u = 1 is the normal resting tone, u = 0 full dilation. S* is the venous saturation, lowered when a wider capillary
/// spacing makes oxygen fall further on its way (oxygen.hpp [4]): rarefied tissue signals hypoxia earlier.
/// w_k is chosen so that u = 1 raises resistance as the resting against the hyperaemic partition asks: 3.0 × in small
/// arteries, 12 × in arterioles, 6 × in terminal arterioles.
///
/// | symbol | meaning                                | unit | default | source                                      |
/// |--------|----------------------------------------|------|---------|---------------------------------------------|
/// | S_set  | venous saturation at normal tone       | 1    | 0.30    | human coronary sinus 25–35 %                |
/// | g      | gain                                   | 1    | 6       | tone empty near 13 % saturation; Kiel 2018 pig:
/// 28 → 9 % as pressure falls 100 → 40 mmHg; von Restorff 1977: 10–15 % at maximal exercise | | k      | sharpness of
/// the bend at zero tone     | 1    | 12      | assumption                                  | | t50    | half-time
/// dilating 5.5 s, constricting 6.4 s | s |      | Dankelman 1989–92 (dog)                     |
///
/// This law is the plain stand-in: which signal the vessels sense is not settled. It is swapped by giving another
/// function of the same signature to scenarios/regulation.hpp.
#pragma once
#include <array>

#include "model/math.hpp"
#include "model/microvascular_bed.hpp"

namespace coronet::metabolic_feedback {

template <class T> struct Parameters { T set_point, gain; };

inline constexpr double sharpness = 12.0;
inline constexpr double half_time_dilating = 5.5;      // s
inline constexpr double half_time_constricting = 6.4;  // s

/// ½ ln(resistance ratio rest/hyperaemia) per unit of tone; capillaries and veins have no muscle.
inline constexpr std::array<double, bed::compartments> area_exponent = {
    0.5 * 1.09861228866810969140, 0.5 * 2.48490664978800031023, 0.5 * 1.79175946922805500081, 0.0, 0.0};

template <class T> T target(const Parameters<T>& c, const T& signal_saturation) {
  const T x = T(1.0) + c.gain * (signal_saturation - c.set_point);
  const T e = T(sharpness) * x;
  // ln(1 + exp e) without overflow
  return (max(e, T(0.0)) + log(T(1.0) + exp(-abs(e)))) / T(sharpness);
}

/// Time constant of [2] for the direction in which tone moves, s.
template <class T> T time_constant(const T& target, const T& tone) {
  return select(target < tone, T(half_time_dilating), T(half_time_constricting)) / T(0.69314718055994530942);
}

/// Lumen area relative to the passive vessel, equation [3].
template <class T> T area_factor(std::size_t compartment, const T& tone) {
  return exp(T(-area_exponent[compartment]) * tone);
}

}  // namespace coronet::metabolic_feedback
