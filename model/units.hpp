/// Coherent SI inside; every other unit exists only as one of these factors, at the border, or in a name.
///
///   double pressure = 100.0 * unit::mmHg;            // Pa
///   double flow_mL_per_min = flow / unit::mL_per_min;
#pragma once
namespace coronet::unit {

inline constexpr double mmHg = 133.322387415;  // Pa
inline constexpr double mL = 1e-6;             // m³
inline constexpr double mL_per_min = mL / 60.0;
inline constexpr double mm = 1e-3;
inline constexpr double um = 1e-6;
inline constexpr double cm = 1e-2;
inline constexpr double gram = 1e-3;
inline constexpr double mPa_s = 1e-3;
inline constexpr double percent = 0.01;
inline constexpr double mL_per_min_per_g = mL_per_min / gram;  // m³/s/kg
inline constexpr double wood = mmHg / (1000.0 * mL_per_min);   // Wood unit: mmHg/(L/min), in Pa·s/m³
inline constexpr double mmHg_s_per_cm = mmHg / cm;

}  // namespace coronet::unit
