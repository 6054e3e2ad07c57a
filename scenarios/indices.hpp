/// What a catheter laboratory would read from the simulated phases.
///
/// The wire's tip (pressure, Doppler, thermistor) sits at the end of the artery's mid segment, 8 cm down the LAD, or at
/// the end of the distal segment when the lesion lies there.
///
///   CFR  = Q_h/Q_r                            APV  = 2 · mean velocity at the tip (peak-to-mean factor 2)
///   FFR  = Pd/Pa at hyperaemia                iFR  = Pd/Pa from 25 % into diastole to 5 ms before its end, at rest
///   T_mn = Σ segment volume/flow to the tip   IMR  = Pd,h T_mn,h
///   IMR_corrected = Pa T_mn (1.35 Pd/Pa − 0.32)   (Yong)
///   HMR  = Pd,h/APV_h     bMR = Pd,r/APV_r    RRR  = (Pd,r T_mn,r)/(Pd,h T_mn,h)
///   MRR  = (CFR/FFR)(Pa,r/Pa,h)               R_µ  = Pd,h/Q_h in Wood units
///   DSVR = mean diastolic / mean systolic velocity at the tip; systole from the onset of contraction to valve closure
///   CBF  = π (D/2)² APV/2, D by angiography at the tip; %ΔCBF and %ΔD of acetylcholine against rest (Mayo protocol)
///
/// Source: definitions as in the papers named in thresholds.hpp; De Bruyne 2021 (MRR), Yong 2013 (corrected IMR).
#pragma once
#include <string>
#include <vector>

#include "scenarios/phase.hpp"
#include "scenarios/thresholds.hpp"

namespace coronet {

/// Readings of one phase in clinical units. Suffixes carry the units.
struct PhaseReadings {
  double aortic_pressure_mmHg, heart_rate_bpm;
  double distal_pressure_mmHg, pd_pa;
  std::array<double, network::territories> flow_mL_per_min, perfusion_mL_per_min_per_g, endo_epi_ratio, dsvr;
  double flow_total_mL_per_min;
  double average_peak_velocity_cm_per_s;
  double diameter_at_tip_mm;
  double diameter_at_spasm_mm;  // 0 without a spastic site in the artery
  double mean_transit_time_s;
  double diastolic_pd_pa;              // over the wave-free period
  double microvascular_resistance_WU;  // Pd/Q
  double total_resistance_WU;          // (Pa − P_RA)/Q
  double venous_saturation_percent;    // flow-weighted over the artery's layers
  double lowest_tissue_tension_mmHg;
  double pressure_100um_mmHg, pressure_capillary_mmHg;  // mean over the artery's layers
  double blood_volume_mL_per_100g;                      // intramyocardial, of the artery's territory
  double epicardial_share;                              // of the pressure loss from aorta to right atrium
  std::array<double, bed::compartments> share;
};

struct TreePressure {
  std::string place;
  double diameter_um;
  double mean_mmHg;
  std::array<double, network::layers> layer_mmHg;  // equal for epicardial places
};

struct PullbackPoint {
  double distance_mm, pressure_mmHg;
};

/// One line of the result table; `normal` empty where there is no accepted range.
struct Index {
  std::string key, label, unit;
  double value;
  std::string normal, verdict;
};

struct Indices {
  double cfr, cfr_doppler, cfr_thermodilution, ffr, pd_pa, ifr, imr, imr_corrected;
  double hmr_mmHg_s_per_cm, bmr_mmHg_s_per_cm, mrr, rrr;
  double microvascular_resistance_WU;
  bool has_acetylcholine, has_spasm;
  double ach_cbf_change_percent, ach_diameter_change_percent, ach_flow_change_percent;  // at the highest dose
  double ach_spasm_diameter_change_percent;                                             // where has_spasm
  std::string endotype;
};

/// Segment whose end carries the wire's tip.
std::size_t wire_segment(const PatientParameters& p, std::size_t artery);

PhaseReadings read_phase(const Patient& patient, const PhaseResult& phase, std::size_t artery);

/// Indices of one artery from a resting and a hyperaemic phase.
Indices make_indices(const PhaseReadings& at_rest, const PhaseReadings& hyperaemia);

/// Adds the response to the highest dose of acetylcholine, and what it says about the endotype.
void add_acetylcholine(Indices& indices, const PhaseReadings& at_rest, const PhaseReadings& peak, std::size_t artery);

/// Rows for the table, in reading order, with normal ranges and verdicts.
std::vector<Index> index_table(const Indices& indices, const PhaseReadings& at_rest, const PhaseReadings& hyperaemia,
                               std::size_t artery);

/// Mean pressure from the aorta to the right atrium.
std::vector<TreePressure> pressures_along_tree(const Patient& patient, const PhaseResult& phase, std::size_t artery);

/// Mean pressure against the distance from the ostium, as a wire pulled back would see it; a lesion sits in the middle
/// of its segment.
std::vector<PullbackPoint> pullback(const Patient& patient, const PhaseResult& phase, std::size_t artery);

}  // namespace coronet
