#include "scenarios/virtual_trial.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <limits>

#include "model/units.hpp"
#include "scenarios/lanes.hpp"
#include "scenarios/parameter_table.hpp"
#include "solvers/parallel.hpp"
#include "solvers/random.hpp"
#include "solvers/statistics.hpp"

namespace coronet::trial {
namespace {

using statistics::mean, statistics::standard_deviation, statistics::quantile;

/// Density ratio beyond which the inverse map calls a rise impossible.
constexpr double highest_density = 20.0;

/// CFR with the LAD's capillary density multiplied; leaves the states at the new limit cycles.
Dialogue<double> solving_cfr(const Fitted& f, double factor, PatientState& at_rest, PatientState& in_hyperaemia,
                             VirtualPatient& v) {
  PatientParameters p = f.patient.parameters;
  set_lad(p.microvessels.capillary_density_ratio, p.microvessels.capillary_density_ratio[0] * factor);
  const Patient treated = with_parameters(f.patient, p);
  v.flow_hyperaemia_treated_mL_per_min = co_await solving_flow(treated, adenosine_ic, in_hyperaemia, v);
  v.flow_rest_treated_mL_per_min = co_await solving_flow(treated, rest, at_rest, v);
  co_return v.flow_hyperaemia_treated_mL_per_min / v.flow_rest_treated_mL_per_min;
}

/// Fits patient `v` to his targets and treats him.
Dialogue<void> treating(const PatientParameters p, const Settings& s, const Patient& similar, VirtualPatient& v) {
  try {
    Fitted f;
    const bool fitted = co_await fitting(p, s.rarefaction, similar, v, f);
    if (!fitted) co_return;
    PatientState at_rest = f.at_rest, in_hyperaemia = f.in_hyperaemia;
    v.cfr_treated = co_await solving_cfr(f, s.potency, at_rest, in_hyperaemia, v);
  } catch (const ParameterError& e) {  // values that contradict each other in this patient only
    v.status = Status::invalid;
    v.failure = e.what();
  }
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
Dialogue<std::optional<double>> solving_density(const Fitted& f, double target, double limit) {
  VirtualPatient v;
  PatientState at_rest = f.at_rest, in_hyperaemia = f.in_hyperaemia;
  double low = 0.0, high = log(limit);
  double at_low = co_await solving_cfr(f, 1.0, at_rest, in_hyperaemia, v);
  double at_high = co_await solving_cfr(f, exp(high), at_rest, in_hyperaemia, v);
  at_low -= target, at_high -= target;
  if (!(at_high >= 0.0)) co_return std::nullopt;
  if (at_low >= 0.0) co_return 1.0;
  int side = 0;
  for (int i = 0; i < 40; ++i) {
    const double middle = (at_high * low - at_low * high) / (at_high - at_low);
    double at_middle = co_await solving_cfr(f, exp(middle), at_rest, in_hyperaemia, v);
    at_middle -= target;
    if (!std::isfinite(at_middle)) co_return std::nullopt;
    if (abs(at_middle) < 5e-4 || high - low < 1e-4) co_return exp(middle);
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
  co_return exp(high);
}

/// What a rise of CFR needs, from a typical patient who starts at `start`.
Dialogue<std::optional<double>> solving_rise(const PatientParameters& base, const Settings& s, double flow_rest,
                                             const Patient& similar, double start, double rise, bool note_highest,
                                             InversePoint& point) {
  VirtualPatient v;
  v.target_cfr = start;
  v.target_rest_mL_per_min = flow_rest;
  Fitted f;
  const bool fitted = co_await fitting(base, s.rarefaction, similar, v, f);
  if (!fitted) {
    point.failure = v.failure;
    co_return std::nullopt;
  }
  if (note_highest) {
    PatientState a = f.at_rest, b = f.in_hyperaemia;
    const double highest = co_await solving_cfr(f, highest_density, a, b, v);
    point.highest_reachable_rise = highest - v.cfr;
  }
  co_return co_await solving_density(f, v.cfr + rise, highest_density);
}

/// One point of the inverse map: the whole reported rise from the reported baseline, and what regression to the mean
/// leaves of it from the enrolled patients' true CFR.
struct Rises {
  double base, rise, regression;
};
Dialogue<void> mapping(const PatientParameters base, const Settings& s, double flow_rest, const Patient& similar,
                       const Rises& rises, InversePoint& point) {
  try {
    point.for_all = co_await solving_rise(base, s, flow_rest, similar, rises.base, rises.rise, true, point);
    point.for_rest_after_regression = co_await solving_rise(base, s, flow_rest, similar, rises.base + rises.regression,
                                                            std::max(rises.rise - rises.regression, 0.0), false, point);
  } catch (const ParameterError& e) {
    point.failure = e.what();
  }
}

std::vector<SettingRow<Settings>> setting_rows(const Settings& s) {
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

std::vector<SettingInfo> describe_settings(const Settings& settings) { return infos_of(setting_rows(settings)); }

double checked_setting(const std::vector<SettingInfo>& known, const std::string& key, const std::string& value) {
  std::vector<std::string> keys;
  for (const SettingInfo& info : known) {
    keys.push_back(info.key);
    if (info.key != key) continue;
    const std::optional<double> v = number_of_text(value);
    if (!v || !(*v >= info.minimum && *v <= info.maximum) || (info.whole && *v != std::floor(*v)))
      throw ParameterError("'" + key + "' = " + value + ": allowed a " + (info.whole ? "whole number" : "number") +
                           " from " + number_text(info.minimum) + " to " + number_text(info.maximum));
    return *v;
  }
  const std::string near = nearest_word(key, keys);
  throw ParameterError("unknown trial setting '" + key + "'" + (near.empty() ? "" : "; did you mean '" + near + "'?"));
}

bool set_trial_setting(Settings& settings, const std::string& key, const std::string& value) {
  return set_one(setting_rows(settings), settings, key, value);
}

Summary summarise(const std::vector<double>& x) {
  return {x.empty() ? std::nan("") : mean(x), x.size() < 2 ? std::nan("") : standard_deviation(x), x.size()};
}

Change summarise_change(const std::vector<double>& changes, const std::vector<double>& replicates) {
  Change c{mean(changes), standard_deviation(changes), std::nan(""), std::nan("")};
  if (replicates.size() >= 40) c.ci_low = quantile(replicates, 0.025), c.ci_high = quantile(replicates, 0.975);
  return c;
}

Patient base_patient(const PatientParameters& parameters) {
  Patient patient = make_patient(parameters);
  if (patient.status != Status::ok) throw NoSolution("the population's base patient: " + patient.failure);
  return patient;
}

std::string failure_text(std::size_t sample, std::uint64_t seed, const VirtualPatient& v) {
  return "patient " + std::to_string(sample) + " (seed " + std::to_string(seed) + "): " + v.failure;
}

Population population_of(const Design& d) {
  return {.women = d.women,
          .men = d.men,
          .base_man = d.base_man,
          .base_woman = d.base_woman,
          .women_fraction = d.settings.women_fraction,
          .test_retest_correlation = d.settings.test_retest_correlation,
          .rarefaction = d.settings.rarefaction};
}

Result run(const Design& design, const Options& options,
           const std::function<void(std::size_t, std::size_t)>& progress) {
  const Settings& s = design.settings;
  const Population population = population_of(design);
  Result r;
  r.settings = s;
  r.seed = options.seed;
  r.patients = options.patients;
  r.capillary_share = design.base_woman.bed.hyperaemic_capillary_share;
  r.population.resize(options.patients);
  const Patient man = base_patient(design.base_man), woman = base_patient(design.base_woman);

  const auto too_few = [&](std::size_t enrolled) {
    return ParameterError("only " + std::to_string(enrolled) + " of " + std::to_string(options.patients) +
                          " virtual patients were enrolled; raise --patients");
  };
  std::size_t expected = 0;  // known from the draws alone, before hours of simulation
  for (std::size_t i = 0; i < options.patients; ++i) {
    VirtualPatient v;
    draw_patient(population, options.seed, i, v);
    const double error = measurement_error(s.test_retest_correlation, v.woman ? design.women : design.men);
    expected += measured(log(v.target_cfr), error, options.seed, i, of_measurement, 0) <= s.enrolment_cfr;
  }
  if (expected < 3) throw too_few(expected);

  const std::vector<double> shares = options.inverse_map
                                         ? std::vector<double>{0.10, 0.15, 0.20, 0.25, 0.30, 0.40, 0.50, 0.60, 0.75}
                                         : std::vector<double>{};
  const std::size_t all = options.patients + shares.size();  // progress counts the inverse map as well
  lanes::lead_all(
      options.patients, options.threads, lanes::chosen(),
      [&](std::size_t i) {
        VirtualPatient& v = r.population[i];
        const PatientParameters p = draw_patient(population, options.seed, i, v);
        return treating(p, s, v.woman ? woman : man, v);
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
      if (r.failures.size() < 5) r.failures.push_back(failure_text(i, options.seed, v));
      continue;
    }
    const Cohort& c = v.woman ? design.women : design.men;
    const double error = measurement_error(s.test_retest_correlation, c);
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
  r.untreated_measured = null_after;
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
  r.change = summarise_change(change, r.replicate_change_treated);
  r.regression_to_mean = {summarise(before), summarise(null_after),
                          summarise_change(null_change, r.replicate_change_null)};
  r.no_effect = {summarise(unselected_before), summarise(unselected_after), summarise_change(unselected_change, {})};

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
  const Rises rises{reported_base, reported_change, r.regression_to_mean.change.mean};
  lanes::lead_all(
      shares.size(), options.threads, lanes::chosen(),
      [&](std::size_t i) {
        PatientParameters base = design.base_woman;
        base.bed.hyperaemic_capillary_share = shares[i];
        r.inverse[i].capillary_share = shares[i];
        return mapping(base, s, design.women.flow_rest_mL_per_min.median, woman, rises, r.inverse[i]);
      },
      [&](std::size_t done) {
        if (progress) progress(options.patients + done, all);
      });
  return r;
}

}  // namespace coronet::trial
