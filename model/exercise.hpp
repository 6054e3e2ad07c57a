/// Dynamic exercise of the legs: what the heart does at a load, and what it then asks of the coronaries.
///
///   f    = (W − 1)/(W_peak − 1)                                       share of the reserve, W in METs        [1]
///   HR   = HR_rest + (HR_max − HR_rest) f,   HR_max = 208 − 0.7 age                                          [2]
///   SBP  = SBP_rest + 7 mmHg (W − 1),    DBP = DBP_rest                                                      [3]
///   SV   = SV_rest (1 + 0.35 min(f/0.4, 1))                                                                  [4]
///   dP/dt max = rest × (1 + 1.5 f)                                                                           [5]
///   MVO2 = 4.08e-4 SBP HR + 3.25e-4 (0.8 SBP + 0.2 DBP) HR SV/BW + 1.43   mL/min/100 g                       [6]
///   LVET = rest − 1.2 ms/bpm (HR − HR_rest)                                                                  [7]
///   relaxation time = rest × (1 − f/3)                                                                       [8]
///   P50  = rest × (1 + 0.18 f)                                                                               [9]
///   β    = 0.27 f                share of arteriolar tone that noradrenaline takes away                      [10]
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
/// 2001; [4] plateau at 40 % of peak uptake, Åstrand 1964; [6] Rooke & Feigl 1982, doi:10.1161/01.res.50.2.273 (all
/// recalled).
/// [3] healthy men of 50 or more reach 201 ± 22 mmHg (J Intern Med 1990;227:157, seen); men of normal peak pressure rise by
/// 7.6 ± 4.4 mmHg/MET, those at low risk by 4.9, 95th percentile 10 (Hedman 2019, doi:10.1177/2047487319877268, seen). The
/// guidelines' 10 ± 2 is their upper end. Diastolic pressure stays level.
/// [5] is an assumption: dP/dt max doubles to triples in heavy exercise.
/// [7] Lance & Spodick 1976 (seen): 371 − 1.2 HR ± 14 ms on an upright bicycle, 379 − 1.8 HR at rest. Only the slope is
/// taken, so that exercise begins with the resting time: 173 ms at 173/min, where their line has 163.
/// [8] is an assumption: isovolumic relaxation shortens by a quarter to a half in exercise (dogs, men; recalled).
/// [9] is an assumption: Bohr factor −0.48 and 0.024 per °C (Severinghaus 1966, recalled) at a pH lower by 0.1 and 1 °C
/// more at the peak.
/// [10] Gorman 2000 (dog, seen): at a consumption × 3.9 noradrenaline raises arteriolar conductance by 67 %, which is a
/// quarter of the rise of flow. Here β = 0.25 lets flow rise × 1.67 at constant metabolic signal (demand × 1.8), and [6]
/// gives × 3.9 at f = 0.93. Linear in f: assumption.
/// [6] is used as a ratio to the same patient's rest. Its ratios agree with the steps of Sturgess' published code, 1.71,
/// 2.57, 3.43 and 4.30 at 90, 120, 150 and 180/min, within 12 % (tests/scenarios/test_exercise.cpp).
/// Not modelled: filling and right-heart pressures; haemoconcentration (about + 8 % haemoglobin at exhaustion, and nearly
/// as much viscosity); arterial desaturation (trained men); α-adrenergic constriction, which opposes [10] and evens out
/// the layers (Huang & Feigl 1988).
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
          .systolic_mmHg = at_rest.systolic_mmHg + T(7.0) * (METs - T(1.0)),
          .diastolic_mmHg = at_rest.diastolic_mmHg,
          .stroke_mL_per_kg = at_rest.stroke_mL_per_kg * (T(1.0) + T(0.35) * min(f / T(0.4), T(1.0)))};
}

/// Equation [5].
template <class T> T contractility_factor(const Subject<T>& s, const T& METs) {
  return T(1.0) + T(1.5) * reserve_share(s, METs);
}

/// Equation [7]: what ejection time gains over the resting regression of prescribed_heart.hpp (−1.7 ms/bpm), s.
template <class T> T ejection_lengthening(const T& rate_rise_per_min) { return T(0.5e-3) * rate_rise_per_min; }

/// Equation [8].
template <class T> T relaxation_factor(const Subject<T>& s, const T& METs) {
  return T(1.0) - reserve_share(s, METs) / T(3.0);
}

/// Equation [9].
template <class T> T half_saturation_factor(const Subject<T>& s, const T& METs) {
  return T(1.0) + T(0.18) * reserve_share(s, METs);
}

/// Equation [10].
template <class T> T adrenergic_dilation(const Subject<T>& s, const T& METs) {
  return T(0.27) * reserve_share(s, METs);
}

/// Equation [6], mL/min/100 g.
template <class T> T oxygen_consumption(const Work<T>& w) {
  return T(4.08e-4) * w.systolic_mmHg * w.rate_per_min +
         T(3.25e-4) * (T(0.8) * w.systolic_mmHg + T(0.2) * w.diastolic_mmHg) * w.rate_per_min * w.stroke_mL_per_kg +
         T(1.43);
}

}  // namespace coronet::exercise
