/// The engine of the lesson page: patients and protocols of scenarios/ behind two C functions, as WebAssembly.
///
///   coronet_solve(request) → JSON     one patient through a list of protocols
///   coronet_describe()     → JSON     the parameter table
///
/// A request is lines of text: `artery LAD`, `protocol rest,adenosine_iv` and `set KEY=VALUE` (in order, as `--set`). The
/// answer has the keys of `coronet run --json` (docs/files.md) and, in `views`, what only pictures need. Waveforms stay
/// in memory: `views.traces.<phase>` gives where, as an index into an array of doubles.
///
/// Same bits. A request takes the path of run_patient: anchor, then every phase from its own cold start. Only the
/// anchor is kept between requests, and only while every parameter that it may depend on is the same.
#include <cmath>
#include <cstdio>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "model/units.hpp"
#include "scenarios/parameter_table.hpp"
#include "scenarios/protocol.hpp"

#ifdef __EMSCRIPTEN__
#include <emscripten/emscripten.h>
#else
#define EMSCRIPTEN_KEEPALIVE
#endif

namespace coronet::web {
namespace {

using network::bed_of, network::segment_of;

// --- JSON ------------------------------------------------------------------------------------------------------
std::string quoted(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    if (static_cast<unsigned char>(c) < 0x20) {
      char escape[8];
      std::snprintf(escape, sizeof escape, "\\u%04x", static_cast<unsigned>(c));
      out += escape;
    } else {
      out += c;
    }
  }
  return out + '"';
}

std::string number(double v) {
  if (!std::isfinite(v)) return "null";
  char text[40];
  std::snprintf(text, sizeof text, "%.17g", v);
  return text;
}

/// An object or an array under construction.
class Json {
 public:
  explicit Json(bool list = false) : list_(list) {}
  Json& raw(const std::string& key, const std::string& value) {
    if (!text_.empty()) text_ += ',';
    if (!list_) text_ += quoted(key) + ':';
    text_ += value;
    return *this;
  }
  Json& add(const std::string& key, double v) { return raw(key, number(v)); }
  Json& add(const std::string& key, const std::string& v) { return raw(key, quoted(v)); }
  Json& add(const std::string& key, const char* v) { return raw(key, quoted(v)); }
  Json& add(const std::string& key, const Json& v) { return raw(key, v.text()); }
  std::string text() const { return (list_ ? '[' : '{') + text_ + (list_ ? ']' : '}'); }

 private:
  bool list_;
  std::string text_;
};

template <class Numbers> Json list_of(const Numbers& numbers, double factor = 1.0) {
  Json list(true);
  for (const double v : numbers) list.add("", v / factor);
  return list;
}

std::string lower(std::string s) {
  for (char& c : s) c = static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
  return s;
}

// --- requests --------------------------------------------------------------------------------------------------
struct Request {
  PatientParameters parameters;
  std::size_t artery = network::lad;
  std::vector<std::string> protocols;
};

Request parse(const std::string& text) {
  Request request;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    const std::size_t blank = line.find(' ');
    const std::string word = line.substr(0, blank), rest_of_line = blank == line.npos ? "" : line.substr(blank + 1);
    if (word == "set") {
      set_parameter_from_text(request.parameters, rest_of_line);
    } else if (word == "protocol") {
      std::istringstream names(rest_of_line);
      for (std::string name; std::getline(names, name, ',');) request.protocols.push_back(name);
    } else if (word == "artery") {
      request.artery = network::territories;
      for (std::size_t t = 0; t < network::territories; ++t)
        if (rest_of_line == network::territory_names[t]) request.artery = t;
      if (request.artery == network::territories)
        throw ParameterError("artery '" + rest_of_line + "': allowed LAD, LCx, RCA");
    } else if (!word.empty()) {
      throw ParameterError("unknown request '" + word + "'");
    }
  }
  return request;
}

// --- anchored patients -----------------------------------------------------------------------------------------
/// Everything an anchor may depend on, as text: all parameters but lesion, structure and endothelium, none of which the
/// healthy twin has.
std::string twin_key(const PatientParameters& parameters) {
  PatientParameters twin = parameters;
  std::string key;
  for (const Parameter& p : parameter_table()) {
    if (p.key.rfind("lesion.", 0) == 0 || p.key.rfind("microvessels.", 0) == 0 || p.key.rfind("endothelium.", 0) == 0)
      continue;
    if (p.numbers)
      for (const double* v : p.numbers(twin)) key.append(reinterpret_cast<const char*>(v), sizeof *v);
    else
      key += parameter_value_text(p, twin) + ';';
  }
  return key;
}

/// The anchored patient; a twin that was anchored before is not anchored again. The bits are those of make_patient.
Patient anchored(const PatientParameters& parameters) {
  static std::map<std::string, Patient> known;
  constexpr std::size_t most = 32;
  const std::string key = twin_key(parameters);
  const auto found = known.find(key);
  if (found != known.end()) return with_parameters(found->second, parameters);
  const Patient patient = make_patient(parameters);
  if (patient.status == Status::ok) {
    if (known.size() >= most) known.clear();
    known.emplace(key, patient);
  }
  return patient;
}

// --- answers ---------------------------------------------------------------------------------------------------
/// Waveforms of the last answer: per phase the waves of `wave_names`, each `samples_per_beat` numbers.
std::vector<double> waves;
constexpr std::array<const char*, 11> wave_names = {"aortic_pressure_mmHg",
                                                    "left_ventricular_pressure_mmHg",
                                                    "distal_pressure_mmHg",
                                                    "flow_LAD_mL_per_min",
                                                    "flow_LCx_mL_per_min",
                                                    "flow_RCA_mL_per_min",
                                                    "flow_subendocardium_mL_per_min",
                                                    "flow_midwall_mL_per_min",
                                                    "flow_subepicardium_mL_per_min",
                                                    "capillary_pressure_mmHg",
                                                    "venous_flow_mL_per_min"};

std::size_t record_waves(const RunResult& run, const PhaseResult& phase) {
  const std::size_t at = waves.size(), tip = wire_segment(run.patient.parameters, run.artery);
  const Traces& t = *phase.trace;
  const auto put = [](const Traces::Wave& w, double factor) {
    for (const double v : w) waves.push_back(v / factor);
  };
  put(t.aortic, unit::mmHg);
  put(t.left_ventricular, unit::mmHg);
  put(t.segment_pressure[tip], unit::mmHg);
  for (std::size_t i = 0; i < network::territories; ++i)
    put(t.segment_flow[segment_of(i, network::proximal)], unit::mL_per_min);
  for (std::size_t l = 0; l < network::layers; ++l) put(t.flow[bed_of(run.artery, l)][0], unit::mL_per_min);
  Traces::Wave capillary{}, venous{};
  for (std::size_t j = 0; j < samples_per_beat; ++j)
    for (std::size_t l = 0; l < network::layers; ++l) {
      capillary[j] += t.pressure[bed_of(run.artery, l)][bed::capillary][j] / 3.0;
      venous[j] += t.flow[bed_of(run.artery, l)][bed::compartments][j];
    }
  put(capillary, unit::mmHg);
  put(venous, unit::mL_per_min);
  return at;
}

Json phase_json(const RunResult& run, std::size_t i) {
  const PhaseReadings& r = run.readings[i];
  const PhaseResult& p = run.phases[i];
  Json q;
  q.add("aortic_pressure_mmHg", r.aortic_pressure_mmHg);
  q.add("heart_rate_bpm", r.heart_rate_bpm);
  q.add("distal_pressure_mmHg", r.distal_pressure_mmHg);
  q.add("average_peak_velocity_cm_per_s", r.average_peak_velocity_cm_per_s);
  q.add("diameter_at_tip_mm", r.diameter_at_tip_mm);
  if (p.acetylcholine[run.artery] > 0.0) q.add("acetylcholine_nM", p.acetylcholine[run.artery] * 1e6);
  if (r.diameter_at_spasm_mm > 0.0) q.add("diameter_at_spasm_mm", r.diameter_at_spasm_mm);
  q.add("mean_transit_time_s", r.mean_transit_time_s);
  for (std::size_t t = 0; t < network::territories; ++t)
    q.add("flow_" + lower(network::territory_names[t]) + "_mL_per_min", r.flow_mL_per_min[t]);
  q.add("flow_total_mL_per_min", r.flow_total_mL_per_min);
  q.add("perfusion_mL_per_min_per_g", r.perfusion_mL_per_min_per_g[run.artery]);
  q.add("endo_epi_ratio", r.endo_epi_ratio[run.artery]);
  for (std::size_t t = 0; t < network::territories; ++t) q.add("dsvr_" + lower(network::territory_names[t]), r.dsvr[t]);
  q.add("venous_saturation_percent", r.venous_saturation_percent);
  q.add("lowest_tissue_tension_mmHg", r.lowest_tissue_tension_mmHg);
  q.add("pressure_100um_mmHg", r.pressure_100um_mmHg);
  q.add("pressure_capillary_mmHg", r.pressure_capillary_mmHg);
  q.add("microvascular_resistance_WU", r.microvascular_resistance_WU);
  q.add("total_resistance_WU", r.total_resistance_WU);
  q.add("blood_volume_mL_per_100g", r.blood_volume_mL_per_100g);
  Json share, tree;
  share.add("epicardial", r.epicardial_share);
  for (std::size_t k = 0; k < bed::compartments; ++k) share.add(bed::names[k], r.share[k]);
  q.add("resistance_share", share);
  for (const TreePressure& t : pressures_along_tree(run.patient, p, run.artery)) tree.add(t.place, t.mean_mmHg);
  q.add("pressure_along_tree_mmHg", tree);
  if (run.pullback_wanted) {
    Json curve(true);
    for (const PullbackPoint& point : pullback(run.patient, p, run.artery))
      curve.add("", Json().add("distance_mm", point.distance_mm).add("pressure_mmHg", point.pressure_mmHg));
    q.add("pullback", curve);
  }
  q.add("volume_residual", p.volume_residual);
  q.add("period_residual", p.period_residual);
  q.add("period_error", p.period_error);
  q.add("regulation_residual", p.regulation_residual);
  q.add("steps_per_beat", static_cast<double>(p.steps_per_beat));
  q.add("beats", static_cast<double>(p.beats));
  return q;
}

/// What pictures need: the whole tree, every territory and layer.
Json view_json(const RunResult& run, const PhaseResult& p) {
  Json v, segments, layers, curve(true);
  v.add("period_s", p.heart.period);
  for (std::size_t i = 0; i < network::segments; ++i) {
    const auto geometry = segment_geometry(run.patient.parameters, i);
    segments.add(network::segment_names[i],
                 Json()
                     .add("pressure_mmHg", p.mean.segment_pressure[i] / unit::mmHg)
                     .add("flow_mL_per_min", p.mean.segment_flow[i] / unit::mL_per_min)
                     .add("diameter_mm", geometry.diameter / unit::mm)
                     .add("relative_diameter",
                          i == network::left_main ? 1.0 : p.epicardial_diameter[(i - 1) / network::positions])
                     .add("length_mm", geometry.length / unit::mm));
  }
  v.add("segments", segments);
  for (std::size_t t = 0; t < network::territories; ++t) {
    Json list(true);
    for (std::size_t l = 0; l < network::layers; ++l) {
      const std::size_t b = bed_of(t, l);
      std::array<double, bed::compartments> diameter{}, pressure{};
      for (std::size_t k = 0; k < bed::compartments; ++k) {
        // relative to the patient's own fully dilated vessel: √(V/V_max at the reference pressure)
        diameter[k] = std::sqrt(p.mean.volume[b][k] * p.network.bed[b].per_V_ref[k]);
        pressure[k] = p.mean.pressure[b][k] / unit::mmHg;
      }
      list.add("", Json()
                       .add("perfusion_mL_per_min_per_g",
                            p.mean.flow[b] / layer_mass(run.patient.parameters, t) / unit::mL_per_min_per_g)
                       .add("tissue_tension_mmHg", p.tissue_tension[b] / unit::mmHg)
                       .add("venous_saturation_percent", p.venous_saturation[b] / unit::percent)
                       .add("pressure_mmHg", list_of(pressure))
                       .add("relative_diameter", list_of(diameter))
                       .add("tone", list_of(p.tone[b])));
    }
    layers.add(network::territory_names[t], list);
  }
  v.add("layers", layers);
  for (const PullbackPoint& point : pullback(run.patient, p, run.artery))
    curve.add("", Json().add("distance_mm", point.distance_mm).add("pressure_mmHg", point.pressure_mmHg));
  v.add("pullback", curve);
  return v;
}

std::string answer(const Request& request) {
  const RunResult run = run_anchored(anchored(request.parameters), request.protocols, request.artery);
  waves.clear();
  Json j, indices, phases, traces, views, drugs(true);
  for (const std::string& drug : run.patient.parameters.drugs) drugs.add("", drug);
  j.add("status", status_name(run.status));
  if (!run.failure.empty()) j.add("failure", run.failure);
  j.add("artery", network::territory_names[run.artery]).add("drugs", drugs);
  if (run.has_indices) {
    for (const Index& i : run.table) indices.add(i.key, i.value);
    indices.add("endotype", run.indices.endotype);
  }
  j.add("indices", indices);
  for (std::size_t i = 0; i < run.readings.size(); ++i) {
    const std::string& name = run.phases[i].condition.name;
    phases.add(name, phase_json(run, i));
    views.add(name, view_json(run, run.phases[i]));
    traces.add(name, static_cast<double>(record_waves(run, run.phases[i])));
  }
  j.add("phases", phases);
  Json names(true);
  for (const char* name : wave_names) names.add("", name);
  views.add("traces", traces).add("wave_names", names).add("samples", static_cast<double>(samples_per_beat));
  j.add("views", views);
  return j.text();
}

std::string describe() {
  const PatientParameters defaults;
  PatientParameters copy = defaults;
  Json list(true);
  for (const Parameter& p : parameter_table()) {
    Json row;
    row.add("key", p.key).add("unit", p.unit).add("meaning", p.meaning).add("source", p.source);
    row.add("default", parameter_value_text(p, copy));
    if (p.numbers) row.add("minimum", p.minimum).add("maximum", p.maximum);
    list.add("", row);
  }
  return list.text();
}

std::string reply;  // lives until the next call

}  // namespace
}  // namespace coronet::web

extern "C" {

/// JSON, valid until the next call. Bad input gives {"status":"invalid","failure":"…"}.
EMSCRIPTEN_KEEPALIVE const char* coronet_solve(const char* request) {
  using namespace coronet;
  try {
    web::reply = web::answer(web::parse(request));
  } catch (const std::exception& e) {
    web::reply = web::Json().add("status", "invalid").add("failure", e.what()).text();
  }
  return web::reply.c_str();
}

EMSCRIPTEN_KEEPALIVE const double* coronet_waves() { return coronet::web::waves.data(); }

EMSCRIPTEN_KEEPALIVE const char* coronet_describe() {
  coronet::web::reply = coronet::web::describe();
  return coronet::web::reply.c_str();
}
}
