/// Virtual patients without obstructive disease, fitted to drawn flows of the LAD.
///
/// Population. Resting and hyperaemic LAD flow and CFR of the Mayo cohort are log-normal through their quartiles. A
/// patient's LAD territory has mass M, resting perfusion r and maximal perfusion h: flow = M · perfusion, CFR = h/r.
///
///   ln CFR_measured = ln CFR_true + ε,   var ε = (1 − ρ) var(ln CFR_measured)        ρ: test–retest correlation
///   ln flow_measured = ln flow_true + δ, δ common to rest and hyperaemia (diameter and place of the measurement)
///
/// Structure. The healthy bed carries 3.6 mL/min/g; a patient's x-fold resistance is found so that the simulated
/// patient has the drawn flows. Capillaries are lost in proportion to maximal flow, n = 1 − κ (1 − 1/x) with κ =
/// `rarefaction`; the rest is narrowed arterioles. A patient above the healthy bed simply has a better one.
#pragma once
#include <cstdint>
#include <string>

#include "scenarios/phase.hpp"

namespace coronet::trial {

/// Lower quartile, median, upper quartile.
struct Quartiles {
  double lower, median, upper;
};
struct Cohort {
  double n = 0.0;
  Quartiles cfr{}, flow_rest_mL_per_min{}, flow_hyperaemia_mL_per_min{};
};

/// Whom virtual patients are drawn from.
struct Population {
  Cohort women, men;
  PatientParameters base_man, base_woman;  // what every drawn patient starts from
  double women_fraction = 0.85, test_retest_correlation = 0.7, rarefaction = 0.5;
};

/// What one virtual patient is, without measurement error.
struct VirtualPatient {
  bool woman = false;
  double target_cfr = 0.0, target_rest_mL_per_min = 0.0;
  double flow_error = 0.0;  // δ
  double flow_rest_mL_per_min = 0.0, flow_hyperaemia_mL_per_min = 0.0, cfr = 0.0;
  double flow_rest_treated_mL_per_min = 0.0, flow_hyperaemia_treated_mL_per_min = 0.0, cfr_treated = 0.0;
  double capillary_density_ratio = 1.0, arteriolar_lumen_ratio = 1.0;
  Status status = Status::ok;
  std::string failure;
};

/// What a random number is for; part of its key, so that adding one purpose leaves the others alone.
enum Purpose : std::uint32_t { of_patient = 1, of_measurement = 2, of_replicate = 3, of_endothelium = 4 };

/// Standard deviation of ln x through the quartiles of a log-normal x.
double log_sd(const Quartiles& q);

/// Standard normal without the outer 0.5 % on either side, so that no patient is absurd.
double bounded_normal(std::uint64_t seed, std::uint64_t sample, Purpose purpose, std::uint32_t index);

/// Standard deviation of ε.
double measurement_error(double test_retest_correlation, const Cohort& cohort);

/// exp(ln value + ε).
double measured(double ln_value, double error_sd, std::uint64_t seed, std::uint64_t sample, Purpose purpose,
                std::uint32_t index);

/// Parameters of virtual patient `sample`, before structure and demand are fitted, and its targets.
PatientParameters draw_patient(const Population& population, std::uint64_t seed, std::size_t sample,
                               VirtualPatient& patient);

/// A fitted patient: parameters that reproduce the drawn flows, and the states reached.
struct Fitted {
  Patient patient;
  PatientState at_rest, in_hyperaemia;
};

/// Finds structure and demand so that the simulated flows are the drawn ones. False: the reason is in the patient.
Dialogue<bool> fitting(PatientParameters parameters, double rarefaction, const Patient& similar,
                       VirtualPatient& patient, Fitted& fitted);

/// Solves a phase for its LAD flow in mL/min; NaN marks failure, whose reason goes to the patient.
Dialogue<double> solving_flow(const Patient& patient, Condition condition, PatientState& state, VirtualPatient& failed,
                              FlowTarget* target = nullptr);

/// Sets a structure ratio of the three layers of the LAD.
void set_lad(std::array<double, network::beds>& ratio, double value);

}  // namespace coronet::trial
