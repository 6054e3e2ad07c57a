/// Focal epicardial spasm: a short stretch of artery whose muscle overreacts to acetylcholine.
///
///   d_s = max(1 + e E_epi H(C, EC50_e · 10^(1−e)) − g_s (1 − 0.8 e) M_epi H(C, EC50_s), 0.05)   [1]
///   reduction = min(1 − d_s/d, 0.90)                                                   [2] of stenosis.hpp
///
/// [1] is the law of the artery around it (endothelium.hpp [3]) with a reactivity of its own, and without its bound. Its pressure loss is that of a
/// stenosis of this reduction against the artery as it is at that moment. [2] ends where the stenosis law ends: a site
/// that the muscle would close further stays at a tenth of the artery's diameter, which leaves a little flow. That is
/// the 90 % that define spasm (COVADIS), not an occlusion.
///
/// | symbol    | meaning                                            | unit   | valid range                           |
/// |-----------|----------------------------------------------------|--------|---------------------------------------|
/// | d_s, d    | diameter of the site and of its artery, to rest    | 1      | 0.05 – 1.5                            |
/// | g_s       | reactivity of the site's muscle                    | 1      | 0 none; 1 a healthy artery; to 50     |
/// | e, C, E_epi, M_epi, EC50 | as in endothelium.hpp               |        |                                       |
///
/// Source: the 90 % and their test, COVADIS (Beltrame 2017, recalled). That the site differs from the artery around it
/// in reactivity alone, and is no narrower at rest, is an assumption.
/// Differs from stenosis.hpp: the inertance is that of the blood in the throat, ρ L (1/As − 1/A0). With K_u = 1.2, which
/// was measured in milder narrowings, flow through a site of 90 % would follow pressure within 10 µs, far below anything
/// a beat asks for, at many times the steps (24 400 a beat instead of 1000 in
/// `vasospasm`, where mean flow differs by 1e-7).
/// Not modelled: total occlusion, spasm of several sites, spontaneous spasm (without acetylcholine), a spasm that
/// outlasts the drug, ischaemia's effect on the heart.
#pragma once
#include "model/endothelium.hpp"
#include "model/stenosis.hpp"

namespace coronet::spasm {

inline constexpr double exit_loss = 1.52;           // K_t of stenosis.hpp
inline constexpr double largest_reactivity = 50.0;  // of g_s

/// [1]
template <class T> T site_diameter(const T& function, const T& reactivity, const T& acetylcholine) {
  const T dilation = endothelium::epicardial_diameter(function, T(0.0), acetylcholine) - T(1.0);
  const T healthy = T(1.0) + dilation - endothelium::epicardial_diameter(function, T(1.0), acetylcholine);
  return max(T(1.0) + dilation - reactivity * healthy, T(0.05));
}

/// [2]; nothing where the site is as wide as its artery.
template <class T> T reduction(const T& artery, const T& site) {
  return min(max(T(1.0) - site / artery, T(0.0)), T(stenosis::max_reduction));
}

/// Diameter of the site that [2] leaves, relative to rest.
template <class T> T lumen(const T& artery, const T& site) { return artery * (T(1.0) - reduction(artery, site)); }

/// Loss of a site in an artery of this diameter at that moment.
template <class T> stenosis::Loss<T> loss(const T& artery_diameter, const T& narrowing, const T& length,
                                          const T& viscosity, const T& density) {
  auto l = stenosis::loss<T>({artery_diameter, narrowing, length, T(exit_loss)}, viscosity, density);
  const T area = T(0.25 * stenosis::pi) * artery_diameter * artery_diameter;
  l.inertial = density * length / area * (T(1.0) / square(T(1.0) - narrowing) - T(1.0));
  return l;
}

}  // namespace coronet::spasm
