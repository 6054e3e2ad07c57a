#include "scenarios/virtual_trial.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <limits>

#include "model/units.hpp"
#include "scenarios/parameter_table.hpp"
#include "solvers/parallel.hpp"
#include "solvers/random.hpp"
#include "solvers/statistics.hpp"

namespace coronet::trial {
namespace {

using statistics::mean, statistics::standard_deviation, statistics::quantile;

/// What a random number is for; part of its key, so that adding one purpose leaves the others alone.
enum Purpose : std::uint32_t { of_patient = 1, of_measurement = 2, of_replicate = 3 };
enum PatientDraw : std::uint32_t { sex, reserve, perfusion, mass, heart_rate, systolic, pulse, flow_error };

/// Density ratio beyond which the inverse map calls a rise impossible.
constexpr double highest_density = 20.0;

/// How the spread of resting flow splits (standard deviations of ln; assumptions): mass of the territory, and diameter
/// and place of the measurement. What is left is perfusion per gram, about 30 %, as PET finds.
constexpr double sd_mass = 0.25;
constexpr double sd_flow_error = 0.38;

/// Quartiles of a normal distribution lie 1.349 standard deviations apart.
double log_sd(const Quartiles& q) { return log(q.upper / q.lower) / 1.3489795003921634; }

/// Standard normal without the outer 0.5 % on either side, so that no patient is absurd.
double bounded_normal(std::uint64_t seed, std::uint64_t sample, Purpose purpose, std::uint32_t index) {
  return random::normal_quantile(0.005 + 0.99 * random::uniform(seed, sample, purpose, index));
}

double territory_mass_g(const PatientParameters& p) { return 3.0 * layer_mass(p, network::lad) / unit::gram; }

double lad_flow_mL_per_min(const PhaseResult& phase) {
  double q = 0.0;
  for (std::size_t l = 0; l < network::layers; ++l) q += phase.mean.flow[network::bed_of(network::lad, l)];
  return q / unit::mL_per_min;
}

void set_lad(std::array<double, network::beds>& ratio, double value) {
  for (std::size_t l = 0; l < network::layers; ++l) ratio[network::bed_of(network::lad, l)] = value;
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

/// A mean flow to 1e-4 is all that a trial needs.
Numerics trial_numerics() {
  Numerics n;
  n.period_tolerance = 1e-5;
  n.error_tolerance = 5e-5;
  return n;
}

/// Solves a phase and returns LAD flow in mL/min; NaN marks failure, whose reason goes to the patient.
double solved_flow(const Patient& patient, const Condition& condition, PatientState& state, VirtualPatient& v,
                   FlowTarget* target = nullptr) {
  const PhaseResult phase = solve_phase(patient, condition, trial_numerics(), &state, target);
  if (phase.status != Status::ok) {
    v.status = phase.status;
    v.failure = phase.failure;
    return std::numeric_limits<double>::quiet_NaN();
  }
  return lad_flow_mL_per_min(phase);
}

/// A fitted patient: parameters that reproduce the drawn flows, and the states reached.
struct Fitted {
  Patient patient;
  PatientState at_rest, in_hyperaemia;
};

/// Finds structure and demand so that the simulated flows are the drawn ones.
bool fit(PatientParameters p, const Settings& settings, const Patient& similar, VirtualPatient& v, Fitted& out) {
  const double rest_target = v.target_rest_mL_per_min, hyper_target = rest_target * v.target_cfr;
  // A patient above the reference has a better bed altogether; i.c. adenosine, which leaves the pressure alone, gives
  // more flow than the i.v. anchor, so that every patient is fitted by some excess resistance.
  p.bed.hyperaemic_flow_mL_per_min_per_g =
      std::min(std::max(p.bed.hyperaemic_flow_mL_per_min_per_g, hyper_target / territory_mass_g(p) / 1.05), 7.0);
  Patient patient = make_patient(p, trial_numerics(), &similar);
  PatientState state = patient.start;
  FlowTarget structure{
      .flow = hyper_target * unit::mL_per_min,
      .sign = -1.0,
      .apply = [&](Setup& q, double ln_x) { set_excess_resistance(q.parameters, exp(ln_x), settings.rarefaction); },
      .knob = log(1.2 * p.bed.hyperaemic_flow_mL_per_min_per_g * territory_mass_g(p) / hyper_target),
      .lowest = -0.05,
      .highest = 3.0};
  v.flow_hyperaemia_mL_per_min = solved_flow(patient, adenosine_ic, state, v, &structure);
  if (!(v.flow_hyperaemia_mL_per_min > 0.0)) return false;
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
  v.flow_rest_mL_per_min = solved_flow(patient, rest, state, v, &demand);
  if (!(v.flow_rest_mL_per_min > 0.0)) return false;
  demand.apply(setup, demand.knob);
  p = setup.parameters;
  out.at_rest = state;
  out.patient = with_parameters(patient, p);
  v.cfr = v.flow_hyperaemia_mL_per_min / v.flow_rest_mL_per_min;
  v.capillary_density_ratio = p.microvessels.capillary_density_ratio[0];
  v.arteriolar_lumen_ratio = p.microvessels.arteriolar_lumen_ratio[0];
  return true;
}

/// CFR with the LAD's capillary density multiplied; leaves the states at the new limit cycles.
double cfr_with_density(const Fitted& f, double factor, PatientState& at_rest, PatientState& in_hyperaemia,
                        VirtualPatient& v) {
  PatientParameters p = f.patient.parameters;
  set_lad(p.microvessels.capillary_density_ratio, p.microvessels.capillary_density_ratio[0] * factor);
  const Patient treated = with_parameters(f.patient, p);
  v.flow_hyperaemia_treated_mL_per_min = solved_flow(treated, adenosine_ic, in_hyperaemia, v);
  v.flow_rest_treated_mL_per_min = solved_flow(treated, rest, at_rest, v);
  return v.flow_hyperaemia_treated_mL_per_min / v.flow_rest_treated_mL_per_min;
}

Summary summarise(const std::vector<double>& x) {
  return {x.empty() ? std::nan("") : mean(x), x.size() < 2 ? std::nan("") : standard_deviation(x), x.size()};
}

double reported_mean(const Design& d, const std::string& measure, const std::string& timepoint) {
  for (const Reported& r : d.reported)
    if (r.measure == measure && r.timepoint == timepoint) return r.mean;
  return std::nan("");
}

/// Pool of simulated patients that stayed well, as ln CFR before and after, with the error of one measurement.
struct Pool {
  std::vector<double> before, after, error_sd;
};

/// Standard deviation of ε.
double measurement_error(const Settings& s, const Cohort& c) {
  return sqrt(1.0 - s.test_retest_correlation) * log_sd(c.cfr);
}

double measured(double ln_cfr, double error_sd, std::uint64_t seed, std::uint64_t sample, Purpose purpose,
                std::uint32_t index) {
  return exp(ln_cfr + error_sd * random::normal(seed, sample, purpose, index));
}

/// Mean change and follow-up of one replicated trial: patients are drawn from the pool until enough are enrolled.
struct Replicate {
  double change, follow_up;
};
Replicate replicate(const Pool& pool, const std::vector<double>& after, const Settings& s, std::uint64_t seed,
                    std::uint64_t index) {
  double baseline = 0.0, follow_up = 0.0;
  std::size_t enrolled = 0;
  for (std::uint32_t attempt = 0; enrolled < s.completed && attempt < 100000; ++attempt) {
    const std::size_t i = static_cast<std::size_t>(random::uniform(seed, index, of_replicate, 3 * attempt) *
                                                   static_cast<double>(pool.before.size()));
    const double first = measured(pool.before[i], pool.error_sd[i], seed, index, of_replicate, 3 * attempt + 1);
    if (first > s.enrolment_cfr) continue;
    baseline += first;
    follow_up += measured(after[i], pool.error_sd[i], seed, index, of_replicate, 3 * attempt + 2);
    ++enrolled;
  }
  const double n = static_cast<double>(enrolled);
  return {(follow_up - baseline) / n, follow_up / n};
}

/// Smallest density factor that lifts a patient's CFR to `target`: false position (Illinois) on ln density.
std::optional<double> density_for(const Fitted& f, double target, double limit) {
  VirtualPatient v;
  PatientState at_rest = f.at_rest, in_hyperaemia = f.in_hyperaemia;
  const auto excess = [&](double ln_factor) {
    return cfr_with_density(f, exp(ln_factor), at_rest, in_hyperaemia, v) - target;
  };
  double low = 0.0, high = log(limit), at_low = excess(low), at_high = excess(high);
  if (!(at_high >= 0.0)) return std::nullopt;
  if (at_low >= 0.0) return 1.0;
  int side = 0;
  for (int i = 0; i < 40; ++i) {
    const double middle = (at_high * low - at_low * high) / (at_high - at_low);
    const double at_middle = excess(middle);
    if (!std::isfinite(at_middle)) return std::nullopt;
    if (abs(at_middle) < 5e-4 || high - low < 1e-4) return exp(middle);
    if (at_middle < 0.0) {
      low = middle, at_low = at_middle;
      if (side == -1) at_high *= 0.5;
      side = -1;
    } else {
      high = middle, at_high = at_middle;
      if (side == 1) at_low *= 0.5;
      side = 1;
    }
  }
  return exp(high);
}

struct SettingRow {
  SettingInfo info;
  std::function<void(Settings&, double)> set;
};

std::vector<SettingRow> setting_rows(const Settings& s) {
  return {
      {{"trial.potency", "capillary density ratio six months after cells",
        "one free parameter (assumption inside what animals show; trials/escape_cmd.toml)", 0.5, 20.0, s.potency},
       [](Settings& t, double v) { t.potency = v; }},
      {{"trial.test_retest_correlation", "correlation of two CFR measurements of unchanged patients",
        "assumption; thermodilution repeats 0.29 (EDIT-CMD)", 0.0, 1.0, s.test_retest_correlation},
       [](Settings& t, double v) { t.test_retest_correlation = v; }},
      {{"trial.rarefaction", "capillaries lost per loss of maximal flow (0 none, 1 in proportion)",
        "assumption; HFpEF autopsies -27 % (Mohammed 2015)", 0.0, 1.0, s.rarefaction},
       [](Settings& t, double v) { t.rarefaction = v; }},
      {{"trial.enrolment_cfr", "enrolled when measured CFR is at most this", "ESCaPE-CMD", 1.2, 10.0, s.enrolment_cfr},
       [](Settings& t, double v) { t.enrolment_cfr = v; }},
      {{"trial.women_fraction", "share of women", "ESCaPE-CMD: 17 of 20", 0.0, 1.0, s.women_fraction},
       [](Settings& t, double v) { t.women_fraction = v; }},
      {{"trial.completed", "patients re-measured in a replicated trial", "ESCaPE-CMD", 2.0, 10000.0,
        static_cast<double>(s.completed), true},
       [](Settings& t, double v) { t.completed = static_cast<std::size_t>(v); }}};
}

}  // namespace

std::vector<SettingInfo> describe_settings(const Settings& settings) {
  std::vector<SettingInfo> rows;
  for (const SettingRow& r : setting_rows(settings)) rows.push_back(r.info);
  return rows;
}

bool set_trial_setting(Settings& settings, const std::string& key, const std::string& value) {
  if (key.rfind("trial.", 0) != 0) return false;
  std::vector<std::string> keys;
  for (const SettingRow& r : setting_rows(settings)) {
    keys.push_back(r.info.key);
    if (r.info.key != key) continue;
    const std::optional<double> v = number_of_text(value);
    if (!v || !(*v >= r.info.minimum && *v <= r.info.maximum) || (r.info.whole && *v != std::floor(*v)))
      throw ParameterError("'" + key + "' = " + value + ": allowed a " + (r.info.whole ? "whole number" : "number") +
                           " from " + number_text(r.info.minimum) + " to " + number_text(r.info.maximum));
    r.set(settings, *v);
    return true;
  }
  const std::string near = nearest_word(key, keys);
  throw ParameterError("unknown trial setting '" + key + "'" + (near.empty() ? "" : "; did you mean '" + near + "'?"));
}

PatientParameters draw_patient(const Design& d, std::uint64_t seed, std::size_t sample, VirtualPatient& v) {
  const auto z = [&](PatientDraw what) { return bounded_normal(seed, sample, of_patient, what); };
  v.woman = random::uniform(seed, sample, of_patient, sex) < d.settings.women_fraction;
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
  const double sd_c = sqrt(d.settings.test_retest_correlation * var_c);
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

Result run(const Design& design, const Options& options,
           const std::function<void(std::size_t, std::size_t)>& progress) {
  const Settings& s = design.settings;
  Result r;
  r.settings = s;
  r.seed = options.seed;
  r.patients = options.patients;
  r.capillary_share = design.base_woman.bed.hyperaemic_capillary_share;
  r.population.resize(options.patients);
  const Patient man = make_patient(design.base_man), woman = make_patient(design.base_woman);
  for (const Patient* p : {&man, &woman})
    if (p->status != Status::ok) throw NoSolution("the population's base patient: " + p->failure);

  const auto too_few = [&](std::size_t enrolled) {
    return ParameterError("only " + std::to_string(enrolled) + " of " + std::to_string(options.patients) +
                          " virtual patients were enrolled; raise --patients");
  };
  std::size_t expected = 0;  // known from the draws alone, before hours of simulation
  for (std::size_t i = 0; i < options.patients; ++i) {
    VirtualPatient v;
    draw_patient(design, options.seed, i, v);
    const double error = measurement_error(s, v.woman ? design.women : design.men);
    expected += measured(log(v.target_cfr), error, options.seed, i, of_measurement, 0) <= s.enrolment_cfr;
  }
  if (expected < 3) throw too_few(expected);

  const std::vector<double> shares = options.inverse_map
                                         ? std::vector<double>{0.10, 0.15, 0.20, 0.25, 0.30, 0.40, 0.50, 0.60, 0.75}
                                         : std::vector<double>{};
  const std::size_t all = options.patients + shares.size();  // progress counts the inverse map as well
  parallel_for(
      options.patients, options.threads,
      [&](std::size_t i) {
        VirtualPatient& v = r.population[i];
        const PatientParameters p = draw_patient(design, options.seed, i, v);
        try {
          Fitted f;
          if (!fit(p, s, v.woman ? woman : man, v, f)) return;
          PatientState at_rest = f.at_rest, in_hyperaemia = f.in_hyperaemia;
          v.cfr_treated = cfr_with_density(f, s.potency, at_rest, in_hyperaemia, v);
        } catch (const ParameterError& e) {  // values that contradict each other in this patient only
          v.status = Status::invalid;
          v.failure = e.what();
        }
      },
      [&](std::size_t done) {
        if (progress) progress(done, all);
      });

  // Measurement, enrolment, follow-up; all sums in sample order
  Pool pool;
  std::vector<double> before, null_after, treated_after, change, null_change, unselected_before, unselected_after,
      unselected_change, true_before, true_after, rest_change, hyper_change, rest_women, hyper_women, cfr_women,
      rest_men, hyper_men, cfr_men;
  for (std::size_t i = 0; i < options.patients; ++i) {
    const VirtualPatient& v = r.population[i];
    if (v.status != Status::ok || !(v.cfr_treated > 0.0)) {
      ++r.failed;
      if (r.failures.size() < 5)
        r.failures.push_back("patient " + std::to_string(i) + " (seed " + std::to_string(options.seed) +
                             "): " + v.failure);
      continue;
    }
    const Cohort& c = v.woman ? design.women : design.men;
    const double error = measurement_error(s, c);
    pool.before.push_back(log(v.cfr));
    pool.after.push_back(log(v.cfr_treated));
    pool.error_sd.push_back(error);
    const double first = measured(log(v.cfr), error, options.seed, i, of_measurement, 0);
    const double again = measured(log(v.cfr), error, options.seed, i, of_measurement, 1);
    const double treated = measured(log(v.cfr_treated), error, options.seed, i, of_measurement, 1);
    auto& rest_flows = v.woman ? rest_women : rest_men;
    auto& hyper_flows = v.woman ? hyper_women : hyper_men;
    rest_flows.push_back(v.flow_rest_mL_per_min * exp(v.flow_error));
    hyper_flows.push_back(v.flow_rest_mL_per_min * exp(v.flow_error) * first);
    (v.woman ? cfr_women : cfr_men).push_back(first);
    unselected_before.push_back(first);
    unselected_after.push_back(again);
    unselected_change.push_back(again - first);
    if (first > s.enrolment_cfr) continue;
    before.push_back(first);
    null_after.push_back(again);
    treated_after.push_back(treated);
    change.push_back(treated - first);
    null_change.push_back(again - first);
    true_before.push_back(v.cfr);
    rest_change.push_back(100.0 * (v.flow_rest_treated_mL_per_min / v.flow_rest_mL_per_min - 1.0));
    hyper_change.push_back(100.0 * (v.flow_hyperaemia_treated_mL_per_min / v.flow_hyperaemia_mL_per_min - 1.0));
    true_after.push_back(v.cfr_treated);
  }
  r.enrolled = before.size();
  const auto compare = [&](const std::string& who, const Cohort& c, const std::vector<double>& cfr,
                           const std::vector<double>& at_rest, const std::vector<double>& in_hyperaemia) {
    if (cfr.size() < 4) return;
    const auto three = [&](const std::string& what, const Quartiles& q, const std::vector<double>& x) {
      r.population_checks.push_back({who + ", " + what + ", lower quartile", q.lower, quantile(x, 0.25)});
      r.population_checks.push_back({who + ", " + what + ", median", q.median, quantile(x, 0.5)});
      r.population_checks.push_back({who + ", " + what + ", upper quartile", q.upper, quantile(x, 0.75)});
    };
    three("CFR", c.cfr, cfr);
    three("LAD flow at rest, mL/min", c.flow_rest_mL_per_min, at_rest);
    three("LAD flow in hyperaemia, mL/min", c.flow_hyperaemia_mL_per_min, in_hyperaemia);
  };
  compare("women", design.women, cfr_women, rest_women, hyper_women);
  compare("men", design.men, cfr_men, rest_men, hyper_men);
  if (r.enrolled < 3) throw too_few(r.enrolled);
  r.baseline_measured = before;
  r.follow_up_measured = treated_after;
  r.rest_flow_change_percent = mean(rest_change);
  r.hyperaemic_flow_change_percent = mean(hyper_change);
  r.true_baseline = summarise(true_before);
  r.true_follow_up = summarise(true_after);
  r.arms = {{"CD34+ cells (virtual)", "cfr", "baseline", summarise(before)},
            {"CD34+ cells (virtual)", "cfr", "6 months", summarise(treated_after)}};
  double above = 0.0;
  for (double v : treated_after) above += v > 2.5 ? 1.0 : 0.0;
  r.share_above_2_5 = above / static_cast<double>(treated_after.size());

  // Replicated trials: treated and untreated share patients and measurement errors
  r.replicate_change_treated.resize(options.replicates);
  r.replicate_change_null.resize(options.replicates);
  r.replicate_follow_up.resize(options.replicates);
  parallel_for(options.replicates, options.threads, [&](std::size_t m) {
    const Replicate treated = replicate(pool, pool.after, s, options.seed, m);
    r.replicate_change_treated[m] = treated.change;
    r.replicate_follow_up[m] = treated.follow_up;
    r.replicate_change_null[m] = replicate(pool, pool.before, s, options.seed, m).change;
  });
  const auto spread = [&](const std::vector<double>& changes, const std::vector<double>& replicates) {
    Change c{mean(changes), standard_deviation(changes), std::nan(""), std::nan("")};
    if (replicates.size() >= 40) c.ci_low = quantile(replicates, 0.025), c.ci_high = quantile(replicates, 0.975);
    return c;
  };
  r.change = spread(change, r.replicate_change_treated);
  r.regression_to_mean = {summarise(before), summarise(null_after), spread(null_change, r.replicate_change_null)};
  r.no_effect = {summarise(unselected_before),
                 summarise(unselected_after),
                 {mean(unselected_change), standard_deviation(unselected_change), std::nan(""), std::nan("")}};

  const double reported_change = reported_mean(design, "cfr_change", "6 months");
  const double reported_base = reported_mean(design, "cfr", "baseline");
  if (options.replicates > 0) {
    r.percentile_of_reported_treated = statistics::percentile_of(r.replicate_change_treated, reported_change);
    r.percentile_of_reported_null = statistics::percentile_of(r.replicate_change_null, reported_change);
  }
  for (const Reported& f : design.reported)
    if (f.measure == "cfr_change") {
      const double se = (f.ci_high - f.ci_low) / (2.0 * 1.959964);
      const double own = r.change.sd / sqrt(static_cast<double>(r.enrolled));
      const double own_null = r.regression_to_mean.change.sd / sqrt(static_cast<double>(r.enrolled));
      r.z = (r.change.mean - f.mean) / sqrt(se * se + own * own);
      r.z_null = (r.regression_to_mean.change.mean - f.mean) / sqrt(se * se + own_null * own_null);
    }

  // Inverse map on the typical enrolled woman: resting flow of the cohort's median; once starting at the reported
  // baseline and asked for the whole rise, once starting at the enrolled patients' true CFR and asked for what
  // regression leaves.
  r.inverse.resize(shares.size());
  parallel_for(
      shares.size(), options.threads,
      [&](std::size_t i) {
        PatientParameters base = design.base_woman;
        base.bed.hyperaemic_capillary_share = shares[i];
        InversePoint& point = r.inverse[i];
        point.capillary_share = shares[i];
        const auto needed = [&](double start, double rise, bool note_highest) -> std::optional<double> {
          VirtualPatient v;
          v.target_cfr = start;
          v.target_rest_mL_per_min = design.women.flow_rest_mL_per_min.median;
          Fitted f;
          if (!fit(base, s, woman, v, f)) {
            point.failure = v.failure;
            return std::nullopt;
          }
          if (note_highest) {
            PatientState a = f.at_rest, b = f.in_hyperaemia;
            point.highest_reachable_rise = cfr_with_density(f, highest_density, a, b, v) - v.cfr;
          }
          return density_for(f, v.cfr + rise, highest_density);
        };
        const double rtm = r.regression_to_mean.change.mean;
        try {
          point.for_all = needed(reported_base, reported_change, true);
          point.for_rest_after_regression = needed(reported_base + rtm, std::max(reported_change - rtm, 0.0), false);
        } catch (const ParameterError& e) {
          point.failure = e.what();
        }
      },
      [&](std::size_t done) {
        if (progress) progress(options.patients + done, all);
      });
  return r;
}

}  // namespace coronet::trial
