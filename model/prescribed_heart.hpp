/// PrescribedHeart: aortic, ventricular and right-atrial pressure and activation as smooth periodic waves.
///
/// One beat starts at the onset of left-ventricular contraction (t = 0, end-diastole) and lasts T = 60/HR.
///
///   t_open  = (P_dia − P_LVED) / (0.75 · dPdt_max)            isovolumic contraction (mean slope 0.75 of the maximum)
///   t_close = t_open + LVET,  LVET = r (0.413 s − 0.0017 s/bpm · HR) + Δ     [1]
///   P_ao(t) = P_LV(t) from 20 ms after opening until closure: no gradient across a healthy valve
///   after closure: incisura, dicrotic wave, diastolic decay back to P_dia
///
/// All curves are cubic Hermite (C¹). The right ventricle has the left ventricle's shape between its own end-diastolic
/// and peak pressure; the right atrium carries a and v waves around its mean.
///
/// | symbol        | meaning                                         | unit | valid range |
/// |---------------|-------------------------------------------------|------|-------------|
/// | rate          | heart rate                                      | Hz   | 40–140 /min |
/// | systolic      | peak aortic pressure                            | Pa   | 60–260 mmHg |
/// | diastolic     | minimal aortic pressure                         | Pa   | 30–150 mmHg |
/// | contractility | dP/dt max relative to 1400 mmHg/s               | 1    | 0.3–3       |
/// | r             | ejection time relative to that of men           | 1    | 0.4–1.3     |
/// | Δ             | what exercise adds to it (exercise.hpp)          | s    | 0–0.1       |
/// | relaxation    | factor on the times of relaxation after closure | 1    | 0.5–1.5     |
/// | lv_end_diastolic, rv_end_diastolic, rv_systolic, right_atrial | filling and right-heart pressures | Pa | |
///
/// Source: [1] Weissler, Harris & Schoenfeld 1968, doi:10.1161/01.cir.37.2.149 (men; recalled, women +1 %).
/// dP/dt max 1400 mmHg/s and the shapes between the knots (peak at 38 % of ejection, incisura at 45 % of pulse
/// pressure) are assumptions drawn to look like catheter records (docs/figures/healthy.svg).
/// Not modelled: the ventricle's volume, the effect of coronary flow on the aorta, beat-to-beat variation.
#pragma once
#include "model/hermite.hpp"
#include "model/units.hpp"

namespace coronet::heart {

template <class T> struct Parameters {
  T rate;  // beats per second
  T systolic, diastolic, contractility;
  T lv_end_diastolic, rv_end_diastolic, rv_systolic, right_atrial;
  T ejection_ratio = T(1.0), ejection_lengthening = T(0.0), relaxation = T(1.0);
};

/// What the coronary circulation feels of the heart at one instant.
template <class T> struct Forcing {
  T aortic, left_ventricular, right_ventricular, right_atrial;  // Pa
  T activation;                                                 // 0 … 1
  T peak_left_ventricular;                                      // Pa, constant over the beat
};

template <class T> struct Waves {
  T period, opening, closure;  // s
  T lv_end_diastolic, lv_systolic, rv_end_diastolic, rv_per_lv;
  hermite::Curve<T, 6> left_ventricular;
  hermite::Curve<T, 8> aortic;
  hermite::Curve<T, 4> activation;
  hermite::Curve<T, 6> right_atrial;
  bool operator==(const Waves&) const = default;
};

inline constexpr double dPdt_max = 1400.0 * unit::mmHg;  // Pa/s at contractility 1

template <class T> Waves<T> waves(const Parameters<T>& c) {
  Waves<T> w;
  const T period = T(1.0) / c.rate;
  const T pulse = c.systolic - c.diastolic;
  const T steepest = c.contractility * T(dPdt_max);
  const T ejection = c.ejection_ratio * (T(0.413) - T(0.0017 * 60.0) * c.rate) + c.ejection_lengthening;
  const T opening = (c.diastolic - c.lv_end_diastolic) / (T(0.75) * steepest);
  const T peak = opening + T(0.38) * ejection;
  const T closure = opening + ejection;
  const T relaxed = closure + T(0.11) * c.relaxation, filled = relaxed + T(0.05) * c.relaxation;
  const T at_closure = c.diastolic + T(0.55) * pulse;
  // At most 2 secants (3 is the limit of monotony): an aortic upstroke of 700 mmHg/s at 120/80 mmHg.
  const T slope_at_opening = min(steepest, T(2.0) * pulse / (T(0.38) * ejection));
  const T slope_at_closure = T(-2.5) * (c.systolic - at_closure) / (T(0.62) * ejection);
  const T zero = T(0.0);

  w.period = period;
  w.opening = opening;
  w.closure = closure;
  w.left_ventricular = {.time = {zero, opening, peak, closure, relaxed, period},
                        .value = {c.lv_end_diastolic, c.diastolic, c.systolic, at_closure, T(0.5) * c.lv_end_diastolic,
                                  c.lv_end_diastolic},
                        .slope = {zero, slope_at_opening, zero, slope_at_closure, zero, zero}};

  const T joined = opening + T(0.020);
  const T incisura = closure + T(0.018);
  const T incisura_pressure = at_closure - T(0.10) * pulse;
  const T dicrotic = incisura + T(0.050);
  const T dicrotic_pressure = incisura_pressure + T(0.10) * pulse;
  const T halfway = T(0.5) * (dicrotic + opening + period);
  const T run_off = (dicrotic_pressure - c.diastolic) / (opening + period - dicrotic);
  w.aortic = {.time = {opening, joined, peak, closure, incisura, dicrotic, halfway, opening + period},
              .value = {c.diastolic, hermite::value_on_piece(w.left_ventricular, 1, joined), c.systolic, at_closure,
                        incisura_pressure, dicrotic_pressure, c.diastolic + T(0.40) * (dicrotic_pressure - c.diastolic),
                        c.diastolic},
              .slope = {zero, hermite::slope_on_piece(w.left_ventricular, 1, joined), zero, slope_at_closure, zero,
                        zero, T(-0.9) * run_off, zero}};

  w.activation = {.time = {zero, T(0.85) * closure, closure + T(0.12) * c.relaxation, period},
                  .value = {T(0.0), T(1.0), T(0.0), T(0.0)},
                  .slope = {zero, zero, zero, zero}};

  const T wave = T(1.0 * unit::mmHg);
  w.right_atrial = {.time = {zero, T(0.12), closure, filled, T(0.5) * (filled + period), period},
                    .value = {c.right_atrial + T(1.5) * wave, c.right_atrial - wave, c.right_atrial + wave,
                              c.right_atrial - wave, c.right_atrial - T(0.4) * wave, c.right_atrial + T(1.5) * wave},
                    .slope = {zero, zero, zero, zero, zero, zero}};

  w.lv_end_diastolic = c.lv_end_diastolic;
  w.lv_systolic = c.systolic;
  w.rv_end_diastolic = c.rv_end_diastolic;
  w.rv_per_lv = (c.rv_systolic - c.rv_end_diastolic) / (c.systolic - c.lv_end_diastolic);
  return w;
}

/// Forcing at time t of the beat, 0 ≤ t ≤ period.
template <class T> Forcing<T> forcing(const Waves<T>& w, const T& t) {
  Forcing<T> f;
  f.left_ventricular = hermite::value(w.left_ventricular, t);
  f.aortic = hermite::periodic_value(w.aortic, w.period, t);
  f.activation = hermite::value(w.activation, t);
  f.right_ventricular = w.rv_end_diastolic + w.rv_per_lv * (f.left_ventricular - w.lv_end_diastolic);
  f.right_atrial = hermite::value(w.right_atrial, t);
  f.peak_left_ventricular = w.lv_systolic;
  return f;
}

/// Slope of the forcing, per second; only the peak pressure, which is constant, stays what it is (the shortening-induced
/// pressure is a product of it with the activation).
template <class T> Forcing<T> forcing_by_time(const Waves<T>& w, const T& t) {
  Forcing<T> f;
  f.left_ventricular = hermite::slope(w.left_ventricular, t);
  f.aortic = hermite::periodic_slope(w.aortic, w.period, t);
  f.activation = hermite::slope(w.activation, t);
  f.right_ventricular = w.rv_per_lv * f.left_ventricular;
  f.right_atrial = hermite::slope(w.right_atrial, t);
  f.peak_left_ventricular = w.lv_systolic;
  return f;
}

/// True when relaxation ends before the next beat, so that the knots stay in order.
template <class T> auto in_order(const Waves<T>& w) {
  return (w.right_atrial.time[3] < w.period) && (w.opening > T(0.0));
}

}  // namespace coronet::heart
