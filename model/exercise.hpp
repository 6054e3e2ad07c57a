/// Dynamic exercise of the legs: what the heart does at a load, and what it then asks of the coronaries.
///
///   f    = (W − 1)/(W_peak − 1)                                       share of the reserve, W in METs        [1]
///   HR   = HR_rest + (HR_max − HR_rest) f,   HR_max = 208 − 0.7 age                                          [2]
///   SBP  = SBP_rest + 10 mmHg (W − 1),   DBP = DBP_rest                                                      [3]
///   SV   = SV_rest (1 + 0.35 min(f/0.4, 1))                                                                  [4]
///   dP/dt max = rest × (1 + 1.5 f)                                                                           [5]
///   MVO2 = 4.08e-4 SBP HR + 3.25e-4 (0.8 SBP + 0.2 DBP) HR SV/BW + 1.43   mL/min/100 g                       [6]
///
/// Here pressures are mmHg, rates 1/min and SV/BW mL/kg, because [6] is a regression in these units.
///
/// | symbol | meaning                             | unit       | default, source                                  |
/// |--------|-------------------------------------|------------|--------------------------------------------------|
/// | W      | load, multiples of resting uptake   | MET        | 1 … W_peak                                       |
/// | W_peak | peak of an untrained man of 50      | MET        | 12.5, assumption (range 8–14)                    |
/// | age    |                                     | a          | 50                                               |
/// | SV/BW  | stroke volume per body weight       | mL/kg      | 1.0 at rest, assumption (70 mL, 70 kg)           |
///
/// Source: [1] and [2] share of heart-rate reserve = share of uptake reserve, Swain & Leutholtz 1997; HR_max Tanaka
/// 2001; [3] 10 ± 2 mmHg per MET with level diastolic pressure, ACSM guidelines; [4] plateau at 40 % of peak uptake,
/// Åstrand 1964; [6] Rooke & Feigl 1982, doi:10.1161/01.res.50.2.273 (all recalled). [5] is an assumption: dP/dt max
/// doubles to triples in heavy exercise. [6] is used as a ratio to the same patient's rest. Its ratios agree with the
/// steps of Sturgess' published code, 1.71, 2.57 and 3.43 at 90, 120 and 150/min, within 20 %
/// (tests/scenarios/test_exercise.cpp).
/// Not modelled: filling and right-heart pressures, haemoconcentration, arterial desaturation, catecholamines on
/// vessels.
#pragma once
#include "model/math.hpp"

namespace coronet::exercise {

template <class T> struct Subject { T age_years, peak_METs; };

/// The heart's work, in the units of [6].
template <class T> struct Work { T rate_per_min, systolic_mmHg, diastolic_mmHg, stroke_mL_per_kg; };

/// Share of the reserve, equation [1].
template <class T> T reserve_share(const Subject<T>& s, const T& METs) {
  return (METs - T(1.0)) / (s.peak_METs - T(1.0));
}

template <class T> T highest_rate_per_min(const Subject<T>& s) { return T(208.0) - T(0.7) * s.age_years; }

/// Equations [2]–[4].
template <class T> Work<T> work(const Subject<T>& s, const Work<T>& at_rest, const T& METs) {
  const T f = reserve_share(s, METs);
  return {.rate_per_min = at_rest.rate_per_min + (highest_rate_per_min(s) - at_rest.rate_per_min) * f,
          .systolic_mmHg = at_rest.systolic_mmHg + T(10.0) * (METs - T(1.0)),
          .diastolic_mmHg = at_rest.diastolic_mmHg,
          .stroke_mL_per_kg = at_rest.stroke_mL_per_kg * (T(1.0) + T(0.35) * min(f / T(0.4), T(1.0)))};
}

/// Equation [5].
template <class T> T contractility_factor(const Subject<T>& s, const T& METs) {
  return T(1.0) + T(1.5) * reserve_share(s, METs);
}

/// Equation [6], mL/min/100 g.
template <class T> T oxygen_consumption(const Work<T>& w) {
  return T(4.08e-4) * w.systolic_mmHg * w.rate_per_min +
         T(3.25e-4) * (T(0.8) * w.systolic_mmHg + T(0.2) * w.diastolic_mmHg) * w.rate_per_min * w.stroke_mL_per_kg +
         T(1.43);
}

}  // namespace coronet::exercise
