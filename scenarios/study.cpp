#include "scenarios/study.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>

#include "scenarios/course_readings.hpp"
#include "scenarios/parameter_table.hpp"
#include "scenarios/start_lattice.hpp"

namespace coronet::study {
namespace {

constexpr double missing = std::numeric_limits<double>::quiet_NaN();

std::string lower(std::string text) {
  for (char& c : text) c = static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
  return text;
}

const std::vector<std::string> endotypes = {"normal",
                                            "structural",
                                            "functional",
                                            "epicardial",
                                            "epicardial and microvascular",
                                            "endothelial",
                                            "mixed (structural, endothelial)",
                                            "mixed (functional, endothelial)",
                                            "vasospastic",
                                            "mixed (structural, vasospastic)",
                                            "mixed (functional, vasospastic)"};

/// What a reading is taken from.
struct Source {
  const RunResult& run;
  std::size_t phase;
  const PhaseReadings& readings() const { return run.readings[phase]; }
  const PhaseResult& result() const { return run.phases[phase]; }
};

struct Reading {
  Output output;
  std::function<double(const Source&)> value;
};

/// Percent of change against rest; NaN without it.
template <class Quantity> double change_percent(const Source& s, Quantity quantity) {
  const std::size_t rest_phase = s.run.find("rest");
  if (rest_phase == RunResult::npos) return missing;
  return 100.0 * (quantity(s.readings()) / quantity(s.run.readings[rest_phase]) - 1.0);
}

const std::vector<Reading>& readings() {
  static const std::vector<Reading> all = [] {
    std::vector<Reading> rows;
    const auto add = [&](std::string name, const char* unit, std::string label, auto value) {
      rows.push_back({{.name = std::move(name), .unit = unit, .label = std::move(label)}, value});
    };
    const auto plain = [&](const char* name, const char* unit, const char* label, double PhaseReadings::*field) {
      add(name, unit, label, [field](const Source& s) { return s.readings().*field; });
    };
    using R = PhaseReadings;
    plain("aortic_pressure_mmHg", "mmHg", "mean aortic pressure", &R::aortic_pressure_mmHg);
    plain("heart_rate_bpm", "1/min", "heart rate", &R::heart_rate_bpm);
    plain("distal_pressure_mmHg", "mmHg", "mean pressure at the wire's tip", &R::distal_pressure_mmHg);
    plain("average_peak_velocity_cm_per_s", "cm/s", "average peak velocity at the tip",
          &R::average_peak_velocity_cm_per_s);
    plain("diameter_at_tip_mm", "mm", "diameter at the tip", &R::diameter_at_tip_mm);
    add("diameter_at_spasm_mm", "mm", "diameter of the segment with spasm", [](const Source& s) {
      return s.readings().diameter_at_spasm_mm > 0.0 ? s.readings().diameter_at_spasm_mm : missing;
    });
    add("acetylcholine_nM", "nmol/L", "acetylcholine in the artery's blood",
        [](const Source& s) { return s.result().acetylcholine[s.run.artery] * 1e6; });
    plain("mean_transit_time_s", "s", "mean transit time to the tip", &R::mean_transit_time_s);
    for (std::size_t t = 0; t < network::territories; ++t)
      add("flow_" + lower(network::territory_names[t]) + "_mL_per_min", "mL/min",
          std::string("flow, ") + network::territory_names[t],
          [t](const Source& s) { return s.readings().flow_mL_per_min[t]; });
    plain("flow_total_mL_per_min", "mL/min", "flow of the heart", &R::flow_total_mL_per_min);
    add("perfusion_mL_per_min_per_g", "mL/min/g", "perfusion of the artery's territory",
        [](const Source& s) { return s.readings().perfusion_mL_per_min_per_g[s.run.artery]; });
    add("endo_epi_ratio", "1", "ENDO/EPI", [](const Source& s) { return s.readings().endo_epi_ratio[s.run.artery]; });
    for (std::size_t t = 0; t < network::territories; ++t)
      add("dsvr_" + lower(network::territory_names[t]), "1",
          std::string("diastolic/systolic velocity ratio, ") + network::territory_names[t],
          [t](const Source& s) { return s.readings().dsvr[t]; });
    plain("venous_saturation_percent", "%", "venous saturation", &R::venous_saturation_percent);
    plain("lowest_tissue_tension_mmHg", "mmHg", "lowest tissue oxygen tension", &R::lowest_tissue_tension_mmHg);
    plain("pressure_100um_mmHg", "mmHg", "pressure at 100 um", &R::pressure_100um_mmHg);
    plain("pressure_capillary_mmHg", "mmHg", "capillary pressure", &R::pressure_capillary_mmHg);
    plain("microvascular_resistance_WU", "WU", "microvascular resistance", &R::microvascular_resistance_WU);
    plain("total_resistance_WU", "WU", "resistance from aorta to right atrium", &R::total_resistance_WU);
    plain("blood_volume_mL_per_100g", "mL/100 g", "intramyocardial blood volume", &R::blood_volume_mL_per_100g);
    add("cbf_change_percent", "%", "change of coronary blood flow (Mayo protocol)", [](const Source& s) {
      return change_percent(s,
                            [](const R& r) { return square(r.diameter_at_tip_mm) * r.average_peak_velocity_cm_per_s; });
    });
    add("flow_change_percent", "%", "change of the artery's flow", [](const Source& s) {
      return change_percent(s, [&s](const R& r) { return r.flow_mL_per_min[s.run.artery]; });
    });
    add("diameter_change_percent", "%", "change of the diameter at the tip",
        [](const Source& s) { return change_percent(s, [](const R& r) { return r.diameter_at_tip_mm; }); });
    const auto residual = [&](const char* name, const char* label, double PhaseResult::*field) {
      add(name, "1", label, [field](const Source& s) { return s.result().*field; });
    };
    residual("volume_residual", "unbalanced volume per beat relative to inflow", &PhaseResult::volume_residual);
    residual("period_residual", "change of ln V over the recorded beat", &PhaseResult::period_residual);
    residual("period_error", "estimated distance to the limit cycle", &PhaseResult::period_error);
    residual("regulation_residual", "distance of tone from its target", &PhaseResult::regulation_residual);
    add("beats", "1", "beats computed", [](const Source& s) { return static_cast<double>(s.result().beats); });
    return rows;
  }();
  return all;
}

const Reading& reading(const std::string& name) {
  const auto found =
      std::find_if(readings().begin(), readings().end(), [&](const Reading& r) { return r.output.name == name; });
  if (found == readings().end()) throw ParameterError("no reading '" + name + "'");
  return *found;
}

double index_value(const RunResult& run, const std::string& name) {
  if (!run.has_indices) return missing;
  if (name == "endotype") {
    const auto at = std::find(endotypes.begin(), endotypes.end(), run.indices.endotype);
    if (at == endotypes.end()) throw std::logic_error("unknown endotype '" + run.indices.endotype + "'");
    return static_cast<double>(at - endotypes.begin());
  }
  for (const Index& i : run.table)
    if (i.key == name) return i.value;
  return missing;
}

double course_value(const RunResult& run, const std::string& name) {
  for (const CourseReading& r : course_readings())
    if (r.name == name) return r.value(run.courses, run.artery);
  throw std::logic_error("no number '" + name + "' of a course");
}

double value_of(const RunResult& run, const Output& output) {
  if (!output.course.empty()) return course_value(run, output.name);
  if (output.phase.empty()) return index_value(run, output.name);
  const std::size_t phase = run.find(output.phase);
  if (phase == RunResult::npos) throw std::logic_error("phase '" + output.phase + "' was not run");
  return reading(output.name).value({run, phase});
}

SampleStatus status_of(Status status) {
  switch (status) {
    case Status::ok:
      return SampleStatus::ok;
    case Status::no_convergence:
      return SampleStatus::no_convergence;
    case Status::not_finite:
      return SampleStatus::not_finite;
    case Status::invalid:
      return SampleStatus::invalid_input;
  }
  return SampleStatus::no_convergence;
}

SampleResult result_of(const Study& study, const RunResult& run) {
  SampleResult out{.status = status_of(run.status), .reason = run.failure, .outputs = {}};
  out.outputs.assign(study.outputs.size(), missing);
  if (run.status != Status::ok) return out;
  for (std::size_t i = 0; i < study.outputs.size(); ++i) {
    const Output& output = study.outputs[i];
    out.outputs[i] = value_of(run, output);
    if (output.course.empty() || std::isfinite(out.outputs[i])) continue;
    // A course may have no such number (no ischaemia), or it could not be solved as far as that
    const auto [status, why] = run.courses.trouble(output.course);
    if (status == Status::ok) continue;
    out.status = status_of(status);
    out.reason = why;
    out.outputs.assign(study.outputs.size(), missing);
    return out;
  }
  return out;
}

/// Design over the unit cube for the methods that have one.
sampling::Design design_of(const Study& study) {
  sampling::Design d{.count = study.sampling.count,
                     .dimensions = study.factors.size(),
                     .seed = study.sampling.seed,
                     .levels = study.sampling.levels};
  switch (study.sampling.method) {
    case Method::latin_hypercube:
      d.method = sampling::Method::latin_hypercube;
      break;
    case Method::monte_carlo:
      d.method = sampling::Method::monte_carlo;
      break;
    case Method::saltelli:
      d.method = sampling::Method::saltelli;
      break;
    case Method::morris:
      d.method = sampling::Method::morris;
      break;
    default:
      d.method = sampling::Method::sobol;
  }
  return d;
}

std::size_t grid_size(const Factor& f) { return f.values.empty() ? f.steps : f.values.size(); }

/// Value `i` of a grid.
double grid_value(const Factor& f, std::size_t i) {
  if (!f.values.empty()) return f.values[i];
  const auto& d = f.distribution;
  if (i == 0) return d.minimum;
  if (i + 1 == f.steps) return d.maximum;
  const double share = static_cast<double>(i) / static_cast<double>(f.steps - 1);
  if (d.kind == random::Kind::loguniform) return exp(log(d.minimum) + share * (log(d.maximum) - log(d.minimum)));
  return d.minimum + share * (d.maximum - d.minimum);
}

double value_at(const Factor& f, double u) {
  if (f.values.empty()) return random::quantile(f.distribution, u);
  const auto i = static_cast<std::size_t>(u * static_cast<double>(f.values.size()));
  return f.values[std::min(i, f.values.size() - 1)];
}

}  // namespace

const std::vector<Output>& known_indices() {
  static const std::vector<Output> all = [] {
    std::vector<Output> outputs;
    Indices everything{};  // for the names alone: no value is read
    everything.has_acetylcholine = everything.has_spasm = true;
    for (const Index& i : index_table(everything, PhaseReadings{}, PhaseReadings{}, network::lad))
      outputs.push_back({.name = i.key, .unit = i.unit, .label = i.label});
    outputs.push_back({.name = "endotype", .unit = "1", .label = "endotype of the artery", .words = endotypes});
    for (const CourseReading& r : course_readings())
      outputs.push_back({.name = r.name, .course = r.course, .unit = r.unit, .label = r.label, .words = r.words});
    return outputs;
  }();
  return all;
}

const std::vector<Output>& known_readings() {
  static const std::vector<Output> all = [] {
    std::vector<Output> outputs;
    for (const Reading& r : readings()) outputs.push_back(r.output);
    return outputs;
  }();
  return all;
}

void prepare(Study& study) {
  study.phases.clear();
  for (const Condition& c : conditions_of(study.protocols, study.artery)) study.phases.push_back(c.name);
  study.copula.clear();
  if (!study.correlation.empty()) {
    study.copula = sampling::cholesky(study.correlation, study.factors.size());
    if (study.copula.empty()) throw ParameterError("'sampling.correlation': no such set of correlations can exist");
  }
  if (study.factors.empty() && study.sampling.method != Method::list)
    throw ParameterError("a study needs at least one [[parameter]]");
}

std::size_t sample_count(const Study& study) {
  switch (study.sampling.method) {
    case Method::grid: {
      std::size_t n = 1;
      for (const Factor& f : study.factors) {
        if (grid_size(f) != 0 && n > std::numeric_limits<std::size_t>::max() / grid_size(f))
          throw ParameterError("the grid has too many points");
        n *= grid_size(f);
      }
      return n;
    }
    case Method::list:
      return study.factors.empty() ? 1 : study.factors.front().values.size();
    case Method::table:
      return study.table.size() / study.factors.size();
    default:
      return sampling::samples(design_of(study));
  }
}

Sample make_sample(const Study& study, std::size_t index) {
  Sample s{.index = index, .values = std::vector<double>(study.factors.size())};
  switch (study.sampling.method) {
    case Method::grid: {
      std::size_t rest_of_index = index;  // the last factor turns fastest
      for (std::size_t k = study.factors.size(); k-- > 0;) {
        const std::size_t n = grid_size(study.factors[k]);
        s.values[k] = grid_value(study.factors[k], rest_of_index % n);
        rest_of_index /= n;
      }
      return s;
    }
    case Method::list:
      for (std::size_t k = 0; k < s.values.size(); ++k) s.values[k] = study.factors[k].values[index];
      return s;
    case Method::table:
      for (std::size_t k = 0; k < s.values.size(); ++k) s.values[k] = study.table[index * s.values.size() + k];
      return s;
    default: {
      std::vector<double> u = sampling::point(design_of(study), index);
      if (!study.copula.empty()) u = sampling::correlated(u, study.copula);
      for (std::size_t k = 0; k < u.size(); ++k) s.values[k] = value_at(study.factors[k], u[k]);
      return s;
    }
  }
}

PatientParameters patient_of(const Study& study, const Sample& sample) {
  PatientParameters patient = study.patient;
  // General keys first, so that a territory or a layer may refine them
  std::vector<std::size_t> order(study.factors.size());
  for (std::size_t k = 0; k < order.size(); ++k) order[k] = k;
  const auto depth = [&](std::size_t k) {
    return std::count(study.factors[k].key.begin(), study.factors[k].key.end(), '.');
  };
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return depth(a) < depth(b); });
  for (const std::size_t k : order)
    set_parameter(patient, study.factors[k].key, parameter_value(study.factors[k].key, sample.values[k]));
  return patient;
}

void evaluate(const Study& study, const Work& work) {
  if (work.count == 0) return;
  const StartLattice starts(study, work.threads);
  run_patients(
      work.count,
      [&](std::size_t i) -> Member {
        const Sample sample = work.sample(i);
        return {patient_of(study, sample), starts.expected(sample)};
      },
      study.protocols, study.artery, without_waveforms(),
      [&](std::size_t i, RunResult& run) { work.solved(i, result_of(study, run)); }, work.threads, lanes::chosen(),
      work.allowed);
}

}  // namespace coronet::study
