/// What drugs and acquired disease change without anchoring the bed again: heart, demand, tone, epicardial size.
///
/// The bed is anchored on the patient without them. A β-blocker slows a heart; it builds no vessel. The same holds for
/// hypertension, whose arterioles were built at another pressure.
///
///   demand = demand at rest × MVO2(modified work)/MVO2(work),   MVO2 by Rooke & Feigl (model/exercise.hpp [6])
///   relief and repair: 1 − tone that is left; e → e + repair (1 − e)
///
/// The law of demand knows heart rate, pressures and stroke volume. Contractility enters it only through them, so that
/// its own cost is missing. Filling pressure does not change stroke volume here.
#pragma once
#include "scenarios/circulation.hpp"

namespace coronet {

inline constexpr double resting_stroke_mL_per_kg = 1.0;  // assumption: 70 mL, 70 kg

/// The heart as it beats under the modifiers.
HeartParameters modified_heart(const PatientParameters& p);

/// Factor on oxygen demand.
double modified_demand(const PatientParameters& p);

/// Share of a class's tone that the modifiers take away.
double tone_relief(const ModifierParameters& m, std::size_t compartment);

/// Endothelial function of a territory after repair.
double repaired_endothelium(const PatientParameters& p, std::size_t territory);

/// Geometry of a segment whose muscle is relaxed as far as the modifiers say.
epicardial::Geometry<double> dilated_geometry(const PatientParameters& p, std::size_t segment);

/// Narrowing of a lesion whose throat gives less than the artery around it.
double dilated_reduction(const ModifierParameters& m, std::size_t segment, double reduction_percent);

}  // namespace coronet
