/// Endothelium: nitric oxide, and acetylcholine between endothelium and muscle.
///
///   F_NO = 1 − (1 − e B)(1 − e F_tau)(1 − e E_max H(C, EC50_e · 10^(1−e)))            [1] dilation, 0 … 1
///   κ    = g M_max H(C, EC50_s)                                                       [2] direct constriction
///   d    = 1 + e E_epi H(C, EC50_e · 10^(1−e)) − g (1 − 0.8 e) M_epi H(C, EC50_s)     [3] epicardial diameter
///   H(C, K) = C/(C + K)
///
/// e is endothelial function times what a blockade of NO synthase leaves. F_NO multiplies activation
/// (arteriolar_tone.hpp [4]); κ narrows the radius that tone has left, because an agonist shortens muscle beyond its
/// myogenic tone. Disease lowers e, which both weakens and desensitises the dilation, or raises g. In conduit arteries
/// a healthy endothelium also keeps acetylcholine from the muscle (the factor 1 − 0.8 e, assumption).
///
/// | symbol | meaning                                  | unit   | default, source                                   |
/// |--------|------------------------------------------|--------|---------------------------------------------------|
/// | e      | endothelial function × (1 − blockade)    | 1      | 0.8 healthy adult (assumption), 1 best, 0 none    |
/// | B      | basal release                            | 1      | small arteries 0.2, arterioles 0.1: assumption    |
/// |        |                                          |        | (L-NAME narrows 150–400 µm by 5–19 %, Jones 1995) |
/// | F_tau  | shear factor (arteriolar_tone.hpp [5])   | 1      |                                                   |
/// | C      | acetylcholine in the artery's blood      | mol/m³ |                                                   |
/// | EC50_e | half effect on endothelium               | mol/m³ | 50 nM (30–100 nM, recalled, low confidence)       |
/// | EC50_s | half effect on muscle                    | mol/m³ | 2 µM (1–5 µM, recalled, low confidence)           |
/// | E_max  | largest dilation by acetylcholine        | 1      | calibrated: healthy %ΔCBF +90 to +150             |
/// | M_max  | largest relative narrowing of the radius | 1      | calibrated: severe dysfunction %ΔCBF ≤ 0          |
/// | E_epi, M_epi | the same of epicardial diameter    | 1      | normal +5 %, diseased −20 % or more (recalled)    |
/// | g      | reactivity of muscle                     | 1      | 1; more in spasm                                  |
///
/// Source: signs and sizes in man: Suwaidi 2000, Egashira 1993, doi:10.1056/NEJM199306103282302 (recalled). Pigs
/// constrict instead: human signs only. Not modelled: hydrolysis of acetylcholine, EDHF apart from NO, receptors.
#pragma once
#include <array>

#include "model/math.hpp"
#include "model/microvascular_bed.hpp"
#include "model/units.hpp"

namespace coronet::endothelium {

inline constexpr std::array<double, bed::compartments> basal_release = {0.20, 0.10, 0.0, 0.0, 0.0};
inline constexpr double EC50_endothelium = 50e-6;  // mol/m³ = mM
inline constexpr double EC50_muscle = 2e-3;
inline constexpr std::array<double, bed::compartments> largest_dilation = {0.40, 0.85, 0.85, 0.0, 0.0};
inline constexpr std::array<double, bed::compartments> largest_constriction = {0.20, 0.10, 0.05, 0.0, 0.0};
inline constexpr double largest_epicardial_dilation = 0.10;      // of the diameter
inline constexpr double largest_epicardial_constriction = 0.45;  // of the diameter

/// Half effect on the endothelium: ten times higher when nothing works.
template <class T> T half_effect(const T& function) {
  return T(EC50_endothelium) * exp(T(2.30258509299404568402) * (T(1.0) - function));
}

/// [1], given half_effect(function) as well.
template <class T, class Shear> Shear nitric_oxide(std::size_t compartment, const T& function, const T& half,
                                                   const Shear& shear_factor, const T& acetylcholine) {
  const T agonist = function * T(largest_dilation[compartment]) * acetylcholine / (acetylcholine + half);
  const T without_shear = (T(1.0) - function * T(basal_release[compartment])) * (T(1.0) - agonist);
  return Shear(1.0) - Shear(without_shear) * (Shear(1.0) - Shear(function) * shear_factor);
}
template <class T>
T nitric_oxide(std::size_t compartment, const T& function, const T& shear_factor, const T& acetylcholine) {
  return nitric_oxide(compartment, function, half_effect(function), shear_factor, acetylcholine);
}

/// [2], for microvessels.
template <class T> T constriction(std::size_t compartment, const T& reactivity, const T& acetylcholine) {
  const T k = reactivity * T(largest_constriction[compartment]) * acetylcholine / (acetylcholine + T(EC50_muscle));
  return min(k, T(0.95));
}

/// Diameter of epicardial arteries relative to rest.
template <class T> T epicardial_diameter(const T& function, const T& reactivity, const T& acetylcholine) {
  const T dilation =
      function * T(largest_epicardial_dilation) * acetylcholine / (acetylcholine + half_effect(function));
  const T narrowing = reactivity * (T(1.0) - T(0.8) * function) * T(largest_epicardial_constriction) * acetylcholine /
                      (acetylcholine + T(EC50_muscle));
  return T(1.0) + dilation - min(narrowing, T(0.95));
}

}  // namespace coronet::endothelium
