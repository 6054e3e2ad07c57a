/// Adenosine: direct relaxation of small arterioles, and what an intravenous infusion does to the rest of the body.
///
///   u_k = u (1 − E_k)        E = 1 in arterioles and terminal arterioles (< 150 µm)
///
/// | route                 | aortic pressure | heart rate      | tone below 150 µm |
/// |-----------------------|-----------------|-----------------|-------------------|
/// | i.v. 140 µg/kg/min    | × 0.88 (0.82–0.95) | + 17 (10–25) /min | off            |
/// | i.c. bolus ≥ 16 µg    | unchanged       | unchanged       | off               |
///
/// Source: Wilson et al. 1990, doi:10.1161/01.cir.82.5.1595 (dose, near-maximal effect; systemic figures recalled).
/// Small arteries (170–500 µm) hardly react to adenosine itself (Jones 1995: −2 ± 2 %), yet their resistance falls
/// about 2.5-fold in hyperaemia (Chilian 1989, recalled). Flow and conduction along the wall dilate them, which does
/// not need a healthy endothelium (Hasdai 1998: adenosine and acetylcholine responses share 3 % of variance):
/// `small_artery_relief` 0.7 is an assumption that gives this fall.
#pragma once
#include <array>

#include "model/microvascular_bed.hpp"

namespace coronet::adenosine {

inline constexpr double pressure_factor_iv = 0.88;
inline constexpr double heart_rate_rise_iv = 17.0 / 60.0;  // beats per second
inline constexpr double small_artery_relief = 0.7;

/// Share of tone taken away in each compartment by the maximal dose.
inline constexpr std::array<double, bed::compartments> relief = {small_artery_relief, 1.0, 1.0, 0.0, 0.0};

}  // namespace coronet::adenosine
