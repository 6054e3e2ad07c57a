/// Cases whose every number must have the same bits on any compiler, instruction set, pack width, number of threads and
/// as WebAssembly: patients through their protocols, a small virtual trial, a small sweep.
#pragma once
#include <cmath>
#include <stdexcept>
#include <string>
#include <vector>

#include "scenarios/parameter_table.hpp"
#include "scenarios/study.hpp"
#include "scenarios/virtual_trial.hpp"
#include "tests/determinism/hash.hpp"

namespace coronet::bits {

/// A NaN has many bit patterns, and a processor may choose: it counts as one.
inline void add(Hash& hash, double value) { hash.add(value == value ? value : -1e300); }
inline void add_words(Hash& hash, const std::string& text) {
  for (const char c : text) hash.add(static_cast<double>(c));
}

/// Health and disease at several sites, through every limit cycle that a protocol asks for; waveforms, means and indices.
inline std::string patients(int threads) {
  const std::vector<std::vector<std::string>> settings = {
      {},
      {"microvessels.arteriolar_lumen_ratio=0.66", "microvessels.capillary_density_ratio=0.7"},
      {"lesion.diameter_reduction_percent=65", "endothelium.function=0.3", "heart.heart_rate_bpm=88"},
      {"lesion.diameter_reduction_percent=60", "lesion.stented=true", "microvessels.lad.capillary_density_ratio=0.4"},
      {"spasm.reactivity=10", "bed.hyperaemic_capillary_share=0.5"},
      {"heart.aortic_systolic_mmHg=180", "heart.heart_rate_bpm=105", "lesion.diameter_reduction_percent=85"},
  };
  std::vector<PatientParameters> all(settings.size());
  for (std::size_t i = 0; i < all.size(); ++i)
    for (const std::string& s : settings[i]) set_parameter_from_text(all[i], s);
  const std::vector<std::string> protocols = {"adenosine_iv", "adenosine_ic", "acetylcholine", "nos_blockade"};
  Hash hash;
  for (const RunResult& r : run_patients(all, protocols, network::lad, {}, threads)) {
    if (r.status != Status::ok) throw std::runtime_error(r.failure);  // else nothing would be compared
    for (const Index& i : r.table) add(hash, i.value);
    for (std::size_t p = 0; p < r.phases.size(); ++p) {
      const PhaseResult& phase = r.phases[p];
      for (const double v : {phase.period_error, phase.volume_residual, static_cast<double>(phase.beats)}) add(hash, v);
      for (const auto& wave : phase.trace->segment_flow)
        for (const double v : wave) add(hash, v);
      for (const auto& wave : phase.trace->segment_pressure)
        for (const double v : wave) add(hash, v);
      for (const auto& bed : phase.trace->flow)
        for (const auto& wave : bed)
          for (const double v : wave) add(hash, v);
      for (const double v : phase.tissue_tension) add(hash, v);
    }
  }
  return hash.text();
}

/// A trial of few patients, figures of the population invented.
inline std::string trial(int threads) {
  const auto reported = [](const char* measure, const char* timepoint, double mean) {
    return trial::Reported{.id = {},
                           .measure = measure,
                           .timepoint = timepoint,
                           .use = {},
                           .source = {},
                           .mean = mean,
                           .sd = 0.5,
                           .ci_low = 0.2,
                           .ci_high = 1.0,
                           .n = 20.0};
  };
  trial::Design d;
  d.women = {.n = 100,
             .cfr = {2.4, 2.7, 3.2},
             .flow_rest_mL_per_min = {35, 50, 70},
             .flow_hyperaemia_mL_per_min = {95, 140, 195}};
  d.men = {.n = 100,
           .cfr = {2.7, 3.1, 3.6},
           .flow_rest_mL_per_min = {32, 46, 68},
           .flow_hyperaemia_mL_per_min = {96, 147, 218}};
  d.reported = {reported("cfr", "baseline", 2.1), reported("cfr", "6 months", 2.7),
                reported("cfr_change", "6 months", 0.6)};
  d.settings.enrolment_cfr = 4.0;
  const trial::Result r =
      trial::run(d, {.patients = 20, .replicates = 50, .seed = 7, .threads = threads, .inverse_map = false});
  if (r.failed != 0 || r.enrolled < 5) throw std::runtime_error("the trial of this test fails or enrols nobody");
  Hash hash;
  for (const trial::VirtualPatient& v : r.population)
    for (const double x : {v.target_cfr, v.flow_rest_mL_per_min, v.flow_hyperaemia_mL_per_min, v.cfr, v.cfr_treated,
                           v.flow_rest_treated_mL_per_min, v.arteriolar_lumen_ratio, v.capillary_density_ratio})
      add(hash, x);
  for (const auto* list :
       {&r.baseline_measured, &r.follow_up_measured, &r.untreated_measured, &r.replicate_change_treated})
    for (const double x : *list) add(hash, x);
  for (const double x : {r.change.mean, r.change.sd, r.change.ci_low, r.change.ci_high, r.z, r.z_null}) add(hash, x);
  return hash.text();
}

/// The study of the case `sweep`, as text and as what the text says (tests/bits/through_file.cpp compares).
inline constexpr const char* sweep_text = R"(protocol = ["adenosine_iv"]
[sampling]
method = "sobol"
count = 100
seed = 5
[[parameter]]
key = "microvessels.capillary_density_ratio"
name = "density"
range = [0.4, 2]
scale = "log"
[[parameter]]
key = "microvessels.arteriolar_lumen_ratio"
name = "lumen"
range = [0.6, 1]
[[parameter]]
key = "heart.heart_rate_bpm"
name = "rate"
distribution = {kind = "normal", mean = 68, sd = 10, minimum = 45, maximum = 110}
[outputs]
indices = ["cfr", "ffr", "imr", "endotype"]
readings = ["flow_lad_mL_per_min", "endo_epi_ratio"]
)";

inline study::Study sweep_study() {
  using random::Kind;
  study::Study s;
  s.protocols = {"adenosine_iv"};
  s.factors = {{.key = "microvessels.capillary_density_ratio",
                .name = "density",
                .values = {},
                .distribution = {Kind::loguniform, 0, 0, 0.4, 2},
                .steps = 0},
               {.key = "microvessels.arteriolar_lumen_ratio",
                .name = "lumen",
                .values = {},
                .distribution = {Kind::uniform, 0, 0, 0.6, 1},
                .steps = 0},
               {.key = "heart.heart_rate_bpm",
                .name = "rate",
                .values = {},
                .distribution = {Kind::normal, 68, 10, 45, 110},
                .steps = 0}};
  s.sampling.method = study::Method::sobol;
  s.sampling.count = 100;
  s.sampling.seed = 5;
  study::prepare(s);
  for (const char* name : {"cfr", "ffr", "imr", "endotype"})
    for (const study::Output& o : study::known_indices())
      if (o.name == name) s.outputs.push_back(o);
  for (const char* name : {"flow_lad_mL_per_min", "endo_epi_ratio"})
    for (study::Output o : study::known_readings())
      if (o.name == name)
        for (const std::string& phase : s.phases) {
          o.phase = phase;
          s.outputs.push_back(o);
        }
  return s;
}

/// Values of the sample, status, outputs.
inline void add_sample(Hash& hash, const std::vector<double>& values, double status,
                       const std::vector<double>& outputs) {
  for (const double v : values) add(hash, v);
  add(hash, status);
  for (const double v : outputs) add(hash, v);
}

inline std::string sweep(int threads) {
  const study::Study s = sweep_study();
  std::vector<study::Sample> samples;
  for (std::size_t i = 0; i < study::sample_count(s); ++i) samples.push_back(study::make_sample(s, i));
  std::vector<study::SampleResult> results(samples.size());
  study::evaluate(s, {.count = samples.size(),
                      .threads = threads,
                      .sample = [&](std::size_t i) { return samples[i]; },
                      .solved = [&](std::size_t i, study::SampleResult r) { results[i] = std::move(r); }});
  Hash hash;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    if (results[i].status != study::SampleStatus::ok) throw std::runtime_error(results[i].reason);
    add_sample(hash, samples[i].values, static_cast<double>(results[i].status), results[i].outputs);
  }
  return hash.text();
}

}  // namespace coronet::bits
