#include "scenarios/endothelial_trial.hpp"

#include <algorithm>
#include <cmath>

#include "scenarios/lanes.hpp"
#include "scenarios/parameter_table.hpp"
#include "scenarios/protocol.hpp"
#include "solvers/parallel.hpp"
#include "solvers/random.hpp"
#include "solvers/statistics.hpp"

namespace coronet::trial {
namespace {

using statistics::mean;

constexpr double adenosine_abnormal = 2.5;     // CFR at most this: Hasdai 1998
constexpr double acetylcholine_abnormal = 50;  // %ΔCBF at most this: Hasdai 1998, Mayo

/// Change of LAD flow at the highest dose, %, following the doses upwards from rest (mean velocity times area is flow).
Dialogue<double> solving_change(const Patient& patient, PatientState state, double flow_rest, VirtualPatient& v) {
  double flow = 0.0;
  for (std::size_t i = 1; i < acetylcholine_doses.size(); ++i)  // the lowest dose moves little
    flow = co_await solving_flow(patient, acetylcholine_ic(acetylcholine_doses[i], network::lad), state, v);
  co_return 100.0 * (flow / flow_rest - 1.0);
}

/// Draws, fits, measures, treats and measures one patient again; false: the reason is in the patient.
Dialogue<bool> simulating(const Population& population, const EndothelialSettings& s, std::uint64_t seed,
                          std::size_t sample, const Patient& man, const Patient& woman, EndothelialPatient& v) {
  PatientParameters p = draw_patient(population, seed, sample, v);
  const double z_e = bounded_normal(seed, sample, of_endothelium, 0);
  const double z_g = bounded_normal(seed, sample, of_endothelium, 1);
  v.function = 1.0 / (1.0 + exp(-(log(s.function_median / (1.0 - s.function_median)) + s.function_spread * z_e)));
  v.reactivity = std::min(exp(s.reactivity_spread * z_g), 5.0);
  p.endothelium.function.fill(v.function);
  p.endothelium.muscle_reactivity.fill(v.reactivity);
  Fitted f;
  const bool fitted = co_await fitting(p, s.rarefaction, v.woman ? woman : man, v, f);
  if (!fitted) co_return false;
  v.ach_percent = co_await solving_change(f.patient, f.at_rest, v.flow_rest_mL_per_min, v);
  p = f.patient.parameters;
  if (s.route != Route::capillaries) p.endothelium.function[network::lad] = v.function + s.repair * (1.0 - v.function);
  if (s.route != Route::endothelium)
    set_lad(p.microvessels.capillary_density_ratio, p.microvessels.capillary_density_ratio[0] * s.potency);
  const Patient treated = with_parameters(f.patient, p);
  PatientState at_rest = f.at_rest, in_hyperaemia = f.in_hyperaemia;
  v.flow_hyperaemia_treated_mL_per_min = co_await solving_flow(treated, adenosine_ic, in_hyperaemia, v);
  v.flow_rest_treated_mL_per_min = co_await solving_flow(treated, rest, at_rest, v);
  v.cfr_treated = v.flow_hyperaemia_treated_mL_per_min / v.flow_rest_treated_mL_per_min;
  v.ach_treated_percent = co_await solving_change(treated, at_rest, v.flow_rest_treated_mL_per_min, v);
  co_return std::isfinite(v.ach_percent) && std::isfinite(v.ach_treated_percent) && v.cfr_treated > 0.0;
}

Dialogue<void> simulating_safely(const Population& population, const EndothelialSettings& s, std::uint64_t seed,
                                 std::size_t sample, const Patient& man, const Patient& woman, EndothelialPatient& v) {
  try {
    const bool whole = co_await simulating(population, s, seed, sample, man, woman, v);
    if (!whole && v.status == Status::ok) v.status = Status::not_finite;
  } catch (const ParameterError& e) {
    v.status = Status::invalid;
    v.failure = e.what();
  }
}

std::vector<SettingRow<EndothelialSettings>> setting_rows(const EndothelialSettings& s) {
  return {
      {{"trial.repair", "share of the missing endothelial function that cells give back", "one free parameter", 0.0,
        1.0, s.repair},
       [](EndothelialSettings& t, double v) { t.repair = v; }},
      {{"trial.potency", "capillary density ratio six months after cells", "one free parameter", 0.5, 20.0, s.potency},
       [](EndothelialSettings& t, double v) { t.potency = v; }},
      {{"trial.enrolment_cbf_change_percent", "enrolled when the measured change is at most this, %", "IMPROvE-CED",
        -50.0, 500.0, s.enrolment_cbf_change_percent},
       [](EndothelialSettings& t, double v) { t.enrolment_cbf_change_percent = v; }},
      {{"trial.cbf_error_percent", "standard deviation of one measurement of the change, points", "assumption", 0.0,
        200.0, s.cbf_error_percent},
       [](EndothelialSettings& t, double v) { t.cbf_error_percent = v; }},
      {{"trial.function_median", "median endothelial function of the population", "calibrated on Hasdai 1998", 0.01,
        0.99, s.function_median},
       [](EndothelialSettings& t, double v) { t.function_median = v; }},
      {{"trial.function_spread", "standard deviation of its logit", "calibrated on Hasdai 1998", 0.0, 5.0,
        s.function_spread},
       [](EndothelialSettings& t, double v) { t.function_spread = v; }},
      {{"trial.reactivity_spread", "standard deviation of ln muscle reactivity", "calibrated on Hasdai 1998", 0.0, 2.0,
        s.reactivity_spread},
       [](EndothelialSettings& t, double v) { t.reactivity_spread = v; }},
      {{"trial.test_retest_correlation", "correlation of two CFR measurements of unchanged patients", "assumption", 0.0,
        1.0, s.test_retest_correlation},
       [](EndothelialSettings& t, double v) { t.test_retest_correlation = v; }},
      {{"trial.rarefaction", "capillaries lost per loss of maximal flow (0 none, 1 in proportion)", "assumption", 0.0,
        1.0, s.rarefaction},
       [](EndothelialSettings& t, double v) { t.rarefaction = v; }},
      {{"trial.women_fraction", "share of women", "IMPROvE-CED: 15 of 20", 0.0, 1.0, s.women_fraction},
       [](EndothelialSettings& t, double v) { t.women_fraction = v; }},
      {{"trial.completed", "patients re-measured in a replicated trial", "IMPROvE-CED", 2.0, 10000.0,
        static_cast<double>(s.completed), true},
       [](EndothelialSettings& t, double v) { t.completed = static_cast<std::size_t>(v); }}};
}

}  // namespace

std::vector<SettingInfo> describe_settings(const EndothelialSettings& settings) {
  return infos_of(setting_rows(settings));
}

bool set_trial_setting(EndothelialSettings& settings, const std::string& key, const std::string& value) {
  return set_one(setting_rows(settings), settings, key, value);
}

EndothelialResult run(const EndothelialDesign& design, const Options& options,
                      const std::function<void(std::size_t, std::size_t)>& progress) {
  const EndothelialSettings& s = design.settings;
  const Population population{.women = design.women,
                              .men = design.men,
                              .base_man = design.base_man,
                              .base_woman = design.base_woman,
                              .women_fraction = s.women_fraction,
                              .test_retest_correlation = s.test_retest_correlation,
                              .rarefaction = s.rarefaction};
  EndothelialResult r;
  r.settings = s;
  r.seed = options.seed;
  r.patients = options.patients;
  r.capillary_share = design.base_woman.bed.hyperaemic_capillary_share;
  r.population.resize(options.patients);
  const Patient man = base_patient(design.base_man), woman = base_patient(design.base_woman);
  lanes::lead_all(
      options.patients, options.threads, lanes::chosen(),
      [&](std::size_t i) { return simulating_safely(population, s, options.seed, i, man, woman, r.population[i]); },
      [&](std::size_t done) {
        if (progress) progress(done, options.patients);
      });

  const auto error = [&](std::uint64_t sample, Purpose purpose, std::uint32_t index) {
    return s.cbf_error_percent * random::normal(options.seed, sample, purpose, index);
  };
  std::vector<double> before, again, treated, change, null_change, all_before, all_again, all_change, all_cfr,
      cfr_before, cfr_after, true_before, true_after;
  std::vector<const EndothelialPatient*> pool;
  for (std::size_t i = 0; i < options.patients; ++i) {
    const EndothelialPatient& v = r.population[i];
    if (v.status != Status::ok) {
      ++r.failed;
      if (r.failures.size() < 5) r.failures.push_back(failure_text(i, options.seed, v));
      continue;
    }
    pool.push_back(&v);
    const Cohort& c = v.woman ? design.women : design.men;
    const double cfr =
        measured(log(v.cfr), measurement_error(s.test_retest_correlation, c), options.seed, i, of_measurement, 0);
    const double first = v.ach_percent + error(i, of_measurement, 2),
                 second = v.ach_percent + error(i, of_measurement, 3);
    all_cfr.push_back(cfr);
    all_before.push_back(first), all_again.push_back(second), all_change.push_back(second - first);
    const bool low_cfr = cfr <= adenosine_abnormal, low_ach = first <= acetylcholine_abnormal;
    (low_cfr   ? low_ach ? r.groups.both : r.groups.adenosine_only
     : low_ach ? r.groups.acetylcholine_only
               : r.groups.normal) += 1.0;
    if (first > s.enrolment_cbf_change_percent) continue;
    before.push_back(first), again.push_back(second), null_change.push_back(second - first);
    treated.push_back(v.ach_treated_percent + error(i, of_measurement, 3));
    change.push_back(treated.back() - first);
    true_before.push_back(v.ach_percent), true_after.push_back(v.ach_treated_percent);
    cfr_before.push_back(v.cfr), cfr_after.push_back(v.cfr_treated);
  }
  const double simulated = static_cast<double>(pool.size());
  for (double* share : {&r.groups.normal, &r.groups.adenosine_only, &r.groups.acetylcholine_only, &r.groups.both})
    *share *= 100.0 / simulated;
  r.enrolled = before.size();
  if (r.enrolled < 3)
    throw ParameterError("only " + std::to_string(r.enrolled) + " of " + std::to_string(options.patients) +
                         " virtual patients were enrolled; raise --patients");
  r.reserves_r_squared = square(statistics::correlation(all_cfr, all_before));
  r.baseline = summarise(before);
  r.follow_up = summarise(treated);
  r.baseline_measured = before;
  r.follow_up_measured = treated;
  r.untreated_measured = again;
  r.true_baseline = summarise(true_before);
  r.true_follow_up = summarise(true_after);
  r.cfr_before = mean(cfr_before);
  r.cfr_after = mean(cfr_after);
  double above = 0.0;
  for (double v : treated) above += v > acetylcholine_abnormal ? 1.0 : 0.0;
  r.share_above_50 = above / static_cast<double>(r.enrolled);

  // Replicated trials: treated and untreated share patients and measurement errors
  r.replicate_change_treated.resize(options.replicates);
  r.replicate_change_null.resize(options.replicates);
  parallel_for(options.replicates, options.threads, [&](std::size_t m) {
    double with_cells = 0.0, without = 0.0;
    std::size_t enrolled = 0;
    for (std::uint32_t attempt = 0; enrolled < s.completed && attempt < 100000; ++attempt) {
      const EndothelialPatient& v =
          *pool[static_cast<std::size_t>(random::uniform(options.seed, m, of_replicate, 3 * attempt) * simulated)];
      const double first = v.ach_percent + error(m, of_replicate, 3 * attempt + 1);
      if (first > s.enrolment_cbf_change_percent) continue;
      const double later = error(m, of_replicate, 3 * attempt + 2);
      with_cells += v.ach_treated_percent + later - first;
      without += v.ach_percent + later - first;
      ++enrolled;
    }
    r.replicate_change_treated[m] = with_cells / static_cast<double>(enrolled);
    r.replicate_change_null[m] = without / static_cast<double>(enrolled);
  });
  r.change = summarise_change(change, r.replicate_change_treated);
  r.regression_to_mean = {summarise(before), summarise(again), summarise_change(null_change, r.replicate_change_null)};
  r.no_effect = {summarise(all_before), summarise(all_again), summarise_change(all_change, {})};

  const auto reported = [&](const std::string& timepoint) {
    for (const Reported& f : design.reported)
      if (f.timepoint == timepoint) return f;
    return Reported{};
  };
  // Standard error of the reported follow-up mean; the paper gives no interval of the change
  const Reported base = reported("baseline"), later = reported("6 months");
  const double reported_change = later.mean - base.mean;
  const auto se_of = [](const Reported& f) { return (f.ci_high - f.ci_low) / (2.0 * 1.959964); };
  const double n = static_cast<double>(r.enrolled);
  const auto score = [&](const Summary& after) {
    return (after.mean - later.mean) / sqrt(square(se_of(later)) + square(after.sd) / n);
  };
  r.z = score(r.follow_up);
  r.z_null = score(r.regression_to_mean.follow_up);
  if (options.replicates > 0) {
    r.percentile_of_reported_treated = statistics::percentile_of(r.replicate_change_treated, reported_change);
    r.percentile_of_reported_null = statistics::percentile_of(r.replicate_change_null, reported_change);
  }
  return r;
}

}  // namespace coronet::trial
