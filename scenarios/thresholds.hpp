/// Cut-offs and normal ranges of the clinical indices, each with its source. Cohorts differ: these are lines to look
/// at, not truths.
#pragma once
namespace coronet::thresholds {

inline constexpr double cfr_low = 2.5;  // Doppler (Rahman 2020, doi:10.1016/j.jacc.2020.03.051; Mayo); PET uses 2.0
inline constexpr double ffr_significant = 0.80;  // ≤; FAME, guidelines
inline constexpr double ifr_significant = 0.89;  // ≤; DEFINE-FLAIR, iFR-SWEDEHEART
inline constexpr double imr_high = 25.0;         // ≥; COVADIS
inline constexpr double hmr_high = 2.5;          // > mmHg·s/cm; Rahman 2020 (1.9 and 2.0 also used)
inline constexpr double mrr_low = 2.7;           // De Vos 2023: > 2.7 rules CMD out, < 2.1 rules it in
inline constexpr double mrr_rules_in = 2.1;      // De Vos 2023; independent of a lesion, so it tells CMD behind one
inline constexpr double mrr_structural = 3.0;    // Mahendiran 2025, together with resistance ≥ 475 WU
inline constexpr double resistance_structural_WU = 475.0;  // ≥; Mahendiran 2025, doi:10.4244/EIJ-D-25-00229
inline constexpr double ach_cbf_normal_percent = 50.0;     // > 50 % normal; Hasdai 1998 (ratio 1.5), Mayo protocol
inline constexpr double ach_diameter_constricts_percent = -20.0;  // ≤: epicardial endothelial dysfunction, Mayo
inline constexpr double ach_spasm_percent = -90.0;                // ≤: epicardial spasm; COVADIS (Beltrame 2017)

/// Normal ranges shown in the table of `coronet run`.
struct Range {
  double low, high;
};
inline constexpr Range cfr_normal{3.0, 4.5};  // PET 4.17 ± 0.80 (true normals), Doppler 3.0–4.5
inline constexpr Range ffr_normal{0.92, 1.0};
inline constexpr Range ifr_normal{0.93, 1.03};  // ~0.95–1; above 1 is possible in an open artery
inline constexpr Range imr_normal{8.0, 25.0};   // 14–20 typical, ≥ 25 abnormal
inline constexpr Range hmr_normal{0.8, 2.5};  // Feenstra 2023, doi:10.1016/j.ijcard.2022.09.054: 0.8–2.7; cut-off 2.5
inline constexpr Range bmr_normal{3.0, 9.0};  // around 6.9 in reference patients (Rahman 2019), wide
inline constexpr Range mrr_normal{2.7, 6.0};  // 3.4 typical (De Vos 2023)
inline constexpr Range rrr_normal{2.0, 6.0};  // unsettled
inline constexpr Range lad_flow_normal_mL_per_min{191.0, 395.0};  // hyperaemia 293 ± 102, Fournier 2021
inline constexpr Range resistance_normal_WU{200.0, 475.0};        // LAD ~300–450 WU
inline constexpr Range rest_perfusion_normal{0.55, 0.89};         // mL/min/g: 0.72 ± 0.17, PET true normals
inline constexpr Range dsvr_left_normal{1.15, 2.55};              // 1.85 ± 0.70, Seligman 2021
inline constexpr Range dsvr_right_normal{1.19, 1.87};             // 1.53 ± 0.34, Seligman 2021
inline constexpr Range endo_epi_rest_normal{1.0, 1.25};           // 1.11 ± 0.07, CMR
inline constexpr Range endo_epi_stress_normal{0.80, 1.16};        // 0.98 ± 0.09 (2 SD), CMR
inline constexpr Range ach_cbf_normal{50.0, 200.0};  // % of CBF at rest; group means of normals +90 to +150
inline constexpr Range ach_diameter_normal{-20.0, 30.0};
inline constexpr Range venous_saturation_normal{20.0, 40.0};  // %

}  // namespace coronet::thresholds
