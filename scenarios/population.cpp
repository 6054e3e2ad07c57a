#include "scenarios/population.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "model/units.hpp"
#include "solvers/random.hpp"

namespace coronet::trial {
namespace {

enum PatientDraw : std::uint32_t { sex, reserve, perfusion, mass, heart_rate, systolic, pulse, flow_error };

/// How the spread of resting flow splits (standard deviations of ln; assumptions): mass of the territory, and diameter
/// and place of the measurement. What is left is perfusion per gram, about 30 %, as PET finds.
constexpr double sd_mass = 0.25;
constexpr double sd_flow_error = 0.38;

double territory_mass_g(const PatientParameters& p) { return 3.0 * layer_mass(p, network::lad) / unit::gram; }

double lad_flow_mL_per_min(const PhaseResult& phase) {
  double q = 0.0;
  for (std::size_t l = 0; l < network::layers; ++l) q += phase.mean.flow[network::bed_of(network::lad, l)];
  return q / unit::mL_per_min;
}

/// Capillary density and arteriolar lumen that raise the LAD bed's dilated resistance x-fold. Capillaries are lost with
/// flow, n = 1 − κ (1 − 1/x); what their loss f (1/n − 1) does not explain is narrowed arterioles of share a:
/// lumen⁻⁴ = 1 + (x − 1 − f (1/n − 1))/a.
void set_excess_resistance(PatientParameters& p, double x, double rarefaction) {
  const BedParameters& b = p.bed;
  const double f = b.hyperaemic_capillary_share;
  const double weights = b.small_artery_weight + b.arteriole_weight + b.terminal_arteriole_weight + b.vein_weight;
  const double a = (1.0 - f) * (b.arteriole_weight + b.terminal_arteriole_weight) / weights;
  const double n = 1.0 - rarefaction * (1.0 - 1.0 / x);
  set_lad(p.microvessels.capillary_density_ratio, n);
  set_lad(p.microvessels.arteriolar_lumen_ratio, pow(1.0 + (x - 1.0 - f * (1.0 / n - 1.0)) / a, -0.25));
}

}  // namespace

/// Quartiles of a normal distribution lie 1.349 standard deviations apart.
double log_sd(const Quartiles& q) { return log(q.upper / q.lower) / 1.3489795003921634; }

double bounded_normal(std::uint64_t seed, std::uint64_t sample, Purpose purpose, std::uint32_t index) {
  return random::normal_quantile(0.005 + 0.99 * random::uniform(seed, sample, purpose, index));
}

double measurement_error(double test_retest_correlation, const Cohort& c) {
  return sqrt(1.0 - test_retest_correlation) * log_sd(c.cfr);
}

double measured(double ln_cfr, double error_sd, std::uint64_t seed, std::uint64_t sample, Purpose purpose,
                std::uint32_t index) {
  return exp(ln_cfr + error_sd * random::normal(seed, sample, purpose, index));
}

void set_lad(std::array<double, network::beds>& ratio, double value) {
  for (std::size_t l = 0; l < network::layers; ++l) ratio[network::bed_of(network::lad, l)] = value;
}

Dialogue<double> solving_flow(const Patient& patient, Condition condition, PatientState& state, VirtualPatient& v,
                              FlowTarget* target) {
  const Numerics numerics = without_waveforms();
  PhaseResult phase;
  co_await solving_phase(patient, condition, numerics, &state, target, phase);
  if (phase.status != Status::ok) {
    v.status = phase.status;
    v.failure = phase.failure;
    co_return std::numeric_limits<double>::quiet_NaN();
  }
  co_return lad_flow_mL_per_min(phase);
}

Dialogue<bool> fitting(PatientParameters p, double rarefaction, const Patient& similar, VirtualPatient& v,
                       Fitted& out) {
  const Numerics numerics = without_waveforms();
  const double rest_target = v.target_rest_mL_per_min, hyper_target = rest_target * v.target_cfr;
  // A patient above the reference has a better bed altogether; i.c. adenosine, which leaves the pressure alone, gives
  // more flow than the i.v. anchor, so that every patient is fitted by some excess resistance.
  p.bed.hyperaemic_flow_mL_per_min_per_g =
      std::min(std::max(p.bed.hyperaemic_flow_mL_per_min_per_g, hyper_target / territory_mass_g(p) / 1.05), 7.0);
  Patient patient;
  co_await making_patient(p, numerics, &similar, patient);
  PatientState state = patient.start;
  FlowTarget structure{
      .flow = hyper_target * unit::mL_per_min,
      .sign = -1.0,
      .apply = [&](Setup& q, double ln_x) { set_excess_resistance(q.parameters, exp(ln_x), rarefaction); },
      .knob = log(1.2 * p.bed.hyperaemic_flow_mL_per_min_per_g * territory_mass_g(p) / hyper_target),
      .lowest = -0.05,
      .highest = 3.0};
  v.flow_hyperaemia_mL_per_min = co_await solving_flow(patient, adenosine_ic, state, v, &structure);
  if (!(v.flow_hyperaemia_mL_per_min > 0.0)) co_return false;
  Setup setup{.parameters = p};
  structure.apply(setup, structure.knob);
  p = setup.parameters;
  out.in_hyperaemia = state;

  patient = with_parameters(patient, p);
  state.tone = resting_tone();
  FlowTarget demand{
      .flow = rest_target * unit::mL_per_min,
      .sign = 1.0,
      .apply =
          [](Setup& q, double ln_demand) {
            q.parameters.oxygen.consumption_mL_per_min_per_100g = std::clamp(exp(ln_demand), 2.0, 70.0);
          },
      .knob = log(rest_target / territory_mass_g(p) * oxygen_capacity(p) *
                  (p.blood.arterial_saturation_percent - p.oxygen.venous_saturation_set_point_percent - 2.0))};
  v.flow_rest_mL_per_min = co_await solving_flow(patient, rest, state, v, &demand);
  if (!(v.flow_rest_mL_per_min > 0.0)) co_return false;
  demand.apply(setup, demand.knob);
  p = setup.parameters;
  out.at_rest = state;
  out.patient = with_parameters(patient, p);
  v.cfr = v.flow_hyperaemia_mL_per_min / v.flow_rest_mL_per_min;
  v.capillary_density_ratio = p.microvessels.capillary_density_ratio[0];
  v.arteriolar_lumen_ratio = p.microvessels.arteriolar_lumen_ratio[0];
  co_return true;
}

PatientParameters draw_patient(const Population& d, std::uint64_t seed, std::size_t sample, VirtualPatient& v) {
  const auto z = [&](PatientDraw what) { return bounded_normal(seed, sample, of_patient, what); };
  v.woman = random::uniform(seed, sample, of_patient, sex) < d.women_fraction;
  const Cohort& c = v.woman ? d.women : d.men;
  PatientParameters p = v.woman ? d.base_woman : d.base_man;
  const double mass_factor = exp(sd_mass * z(mass));
  p.myocardium.lv_mass_g = std::clamp(p.myocardium.lv_mass_g * mass_factor, 50.0, 400.0);
  p.myocardium.rv_mass_g = std::clamp(p.myocardium.rv_mass_g * mass_factor, 15.0, 200.0);
  // Arteries grow with the myocardium they feed (Murray: diameter ∝ flow^(1/3))
  p.epicardial.size_ratio *= pow(mass_factor, 1.0 / 3.0);
  // Load: middle-aged patients without obstructive disease (assumption: means and spreads of such cohorts)
  p.heart.heart_rate_bpm = std::clamp(69.0 + 9.0 * z(heart_rate), 48.0, 95.0);
  const double top = 126.0 + 14.0 * z(systolic);
  p.heart.aortic_systolic_mmHg = top;
  p.heart.aortic_diastolic_mmHg = top - std::clamp(50.0 + 8.0 * z(pulse), 28.0, 75.0);

  const double var_c = square(log_sd(c.cfr)), var_r = square(log_sd(c.flow_rest_mL_per_min)),
               var_h = square(log_sd(c.flow_hyperaemia_mL_per_min));
  const double sd_c = sqrt(d.test_retest_correlation * var_c);
  const double sd_r = sqrt(std::max(var_r - square(sd_mass) - square(sd_flow_error), 0.0));
  const double covariance = 0.5 * (var_h - var_r - var_c);  // of ln resting flow and ln CFR, from the three quartiles
  const double rho = sd_c > 0.0 ? std::clamp(covariance / (sd_c * sd_r), -0.95, 0.95) : 0.0;
  const double z_c = z(reserve);
  v.target_cfr = std::clamp(c.cfr.median * exp(sd_c * z_c), 1.15, 7.0);
  v.target_rest_mL_per_min =
      c.flow_rest_mL_per_min.median * mass_factor * exp(sd_r * (rho * z_c + sqrt(1.0 - rho * rho) * z(perfusion)));
  v.flow_error = sd_flow_error * z(flow_error);
  return p;
}

}  // namespace coronet::trial
