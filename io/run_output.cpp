#include "io/run_output.hpp"

#include <fmt/format.h>
#include <cmath>
#include <optional>

#include "coronet_version.hpp"
#include "io/course_output.hpp"
#include "io/units_text.hpp"
#include "model/units.hpp"
#include "scenarios/parameter_table.hpp"

namespace coronet::io {
namespace {

using network::bed_of, network::segment_of;

std::string phase_words(const std::string& name) {
  if (name == "rest") return "rest";
  if (name == "adenosine_iv") return "adenosine i.v.";
  if (name == "adenosine_ic") return "adenosine i.c.";
  if (name == "nos_blockade") return "NOS blockade";
  if (name == "nitroglycerin") return "nitroglycerin";
  return "ACh " + name.substr(name.rfind('_') + 1, name.size() - name.rfind('_') - 3) + " uM";  // acetylcholine_10uM
}

std::string lower(std::string s) {
  for (char& c : s) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return s;
}

/// Changes by nitroglycerin against rest, at the wire and in the artery.
struct Response {
  double diameter_percent, flow_percent;
};
std::optional<Response> nitroglycerin_response(const RunResult& run) {
  const std::size_t at_rest = run.find(rest.name), dilated = run.find(nitroglycerin_ic.name);
  if (dilated >= run.readings.size() || at_rest >= run.readings.size()) return std::nullopt;
  const PhaseReadings &before = run.readings[at_rest], &after = run.readings[dilated];
  const auto change = [](double now, double then) { return 100.0 * (now / then - 1.0); };
  return Response{change(after.diameter_at_tip_mm, before.diameter_at_tip_mm),
                  change(after.flow_mL_per_min[run.artery], before.flow_mL_per_min[run.artery])};
}

int digits_for(double v) {
  const double a = std::fabs(v);
  return a >= 100.0 ? 0 : a >= 20.0 ? 1 : a >= 0.1 || a == 0.0 ? 2 : 4;
}

}  // namespace

std::string program_version() { return CORONET_VERSION; }

std::string run_table(const PatientFile& file, const RunResult& run) {
  const char* artery = network::territory_names[run.artery];
  std::string out = fmt::format("{}  ({})   artery: {}\n", file.title, file.name, artery);
  const auto& drugs = run.patient.parameters.drugs;
  if (!drugs.empty()) out += fmt::format("drugs: {}\n", fmt::join(drugs, ", "));
  if (run.has_indices) {
    out += fmt::format("endotype: {}\n\n", run.indices.endotype);
    out += fmt::format("{:<42} {:>9}  {:<10} {:<12} {}\n", "index", "value", "unit", "normal", "verdict");
    for (const Index& i : run.table)
      out += fmt::format("{:<42} {:>9.{}f}  {:<10} {:<12} {}\n", i.label, i.value, digits_for(i.value),
                         i.unit == "1" ? "" : i.unit, i.normal, i.verdict);
  }
  out += fmt::format("\n{:<26}", "phase");
  for (const PhaseResult& p : run.phases) out += fmt::format(" {:>16}", phase_words(p.condition.name));
  out += '\n';
  const auto row = [&](const std::string& label, auto&& value, int digits) {
    out += fmt::format("{:<26}", label);
    for (std::size_t i = 0; i < run.phases.size(); ++i) out += fmt::format(" {:>16.{}f}", value(i), digits);
    out += '\n';
  };
  const auto reading = [&](auto PhaseReadings::*field) {
    return [&, field](std::size_t i) { return run.readings[i].*field; };
  };
  row("heart rate, 1/min", reading(&PhaseReadings::heart_rate_bpm), 0);
  row("aortic pressure, mmHg", reading(&PhaseReadings::aortic_pressure_mmHg), 1);
  row("pressure at the wire, mmHg", reading(&PhaseReadings::distal_pressure_mmHg), 1);
  if (run.acetylcholine_peak() != RunResult::npos) {
    row(
        "acetylcholine, nM", [&](std::size_t i) { return run.phases[i].acetylcholine[run.artery] * 1e6; }, 0);
  }
  if (run.acetylcholine_peak() != RunResult::npos || run.find(nitroglycerin_ic.name) != RunResult::npos)
    row("diameter at the wire, mm", reading(&PhaseReadings::diameter_at_tip_mm), 2);
  if (run.readings.front().diameter_at_spasm_mm > 0.0)
    row("diameter at the spasm, mm", reading(&PhaseReadings::diameter_at_spasm_mm), 2);
  row("peak velocity, cm/s", reading(&PhaseReadings::average_peak_velocity_cm_per_s), 1);
  for (std::size_t t = 0; t < network::territories; ++t)
    row(
        fmt::format("{} flow, mL/min", network::territory_names[t]),
        [&](std::size_t i) { return run.readings[i].flow_mL_per_min[t]; }, 1);
  row("whole heart, mL/min", reading(&PhaseReadings::flow_total_mL_per_min), 1);
  row(
      "ENDO/EPI", [&](std::size_t i) { return run.readings[i].endo_epi_ratio[run.artery]; }, 2);
  if (const std::optional<Response> r = nitroglycerin_response(run)) {
    const auto only = [&](double value) {
      return
          [&run, value](std::size_t i) { return run.phases[i].condition.name == nitroglycerin_ic.name ? value : 0.0; };
    };
    row("change of diameter, %", only(r->diameter_percent), 1);
    row("change of flow, %", only(r->flow_percent), 1);
  }
  row("venous saturation, %", reading(&PhaseReadings::venous_saturation_percent), 1);
  row("lowest tissue O2, mmHg", reading(&PhaseReadings::lowest_tissue_tension_mmHg), 1);
  out += fmt::format("\nmean pressure from aorta to right atrium ({}), mmHg\n", artery);
  std::vector<std::vector<TreePressure>> trees;
  for (const PhaseResult& p : run.phases) trees.push_back(pressures_along_tree(run.patient, p, run.artery));
  for (std::size_t j = 0; j < trees.front().size(); ++j)
    row(
        "  " + trees.front()[j].place, [&](std::size_t i) { return trees[i][j].mean_mmHg; }, 1);
  out += fmt::format("\nshare of the loss of mean pressure ({}), %\n", artery);
  row(
      "  epicardial", [&](std::size_t i) { return 100.0 * run.readings[i].epicardial_share; }, 1);
  for (std::size_t k = 0; k < bed::compartments; ++k)
    row(
        std::string("  ") + bed::names[k], [&](std::size_t i) { return 100.0 * run.readings[i].share[k]; }, 1);
  if (run.pullback_wanted) {
    out += fmt::format("\npullback ({}), mmHg against mm from the ostium\n", artery);
    std::vector<std::vector<PullbackPoint>> curves;
    for (const PhaseResult& p : run.phases) curves.push_back(pullback(run.patient, p, run.artery));
    for (std::size_t j = 0; j < curves.front().size(); ++j)
      row(
          fmt::format("  {:.0f} mm", curves.front()[j].distance_mm),
          [&](std::size_t i) { return curves[i][j].pressure_mmHg; }, 1);
  }
  out += '\n';
  const auto sci = [&](const std::string& label, auto&& value) {
    out += fmt::format("{:<26}", label);
    for (const PhaseResult& p : run.phases) out += fmt::format(" {:>16.1e}", value(p));
    out += '\n';
  };
  sci("volume residual", [](const PhaseResult& p) { return p.volume_residual; });
  sci("period residual", [](const PhaseResult& p) { return p.period_residual; });
  out += course_tables(run);
  out += fmt::format(
      "\nNumbers without a measured source are marked as assumptions in `coronet describe`. Education and research; "
      "not "
      "for clinical decisions.\n");
  return out;
}

nlohmann::ordered_json run_json(const PatientFile& file, const RunResult& run) {
  nlohmann::ordered_json j;
  j["patient"] = file.name;
  j["title"] = file.title;
  j["version"] = program_version();
  j["status"] = status_name(run.status);
  if (!run.failure.empty()) j["failure"] = run.failure;
  j["artery"] = network::territory_names[run.artery];
  j["drugs"] = run.patient.parameters.drugs;
  auto& indices = j["indices"] = nlohmann::ordered_json::object();
  if (run.has_indices) {
    for (const Index& i : run.table) indices[i.key] = i.value;
    indices["endotype"] = run.indices.endotype;
  }
  auto& phases = j["phases"] = nlohmann::ordered_json::object();
  for (std::size_t i = 0; i < run.readings.size(); ++i) {
    const PhaseReadings& r = run.readings[i];
    const PhaseResult& p = run.phases[i];
    nlohmann::ordered_json q;
    q["aortic_pressure_mmHg"] = r.aortic_pressure_mmHg;
    q["heart_rate_bpm"] = r.heart_rate_bpm;
    q["distal_pressure_mmHg"] = r.distal_pressure_mmHg;
    q["average_peak_velocity_cm_per_s"] = r.average_peak_velocity_cm_per_s;
    q["diameter_at_tip_mm"] = r.diameter_at_tip_mm;
    if (r.diameter_at_spasm_mm > 0.0) q["diameter_at_spasm_mm"] = r.diameter_at_spasm_mm;
    if (const auto response = nitroglycerin_response(run); response && p.condition.name == nitroglycerin_ic.name) {
      q["diameter_change_percent"] = response->diameter_percent;
      q["flow_change_percent"] = response->flow_percent;
    }
    if (p.acetylcholine[run.artery] > 0.0) q["acetylcholine_nM"] = p.acetylcholine[run.artery] * 1e6;
    q["mean_transit_time_s"] = r.mean_transit_time_s;
    for (std::size_t t = 0; t < network::territories; ++t)
      q["flow_" + lower(network::territory_names[t]) + "_mL_per_min"] = r.flow_mL_per_min[t];
    q["flow_total_mL_per_min"] = r.flow_total_mL_per_min;
    q["perfusion_mL_per_min_per_g"] = r.perfusion_mL_per_min_per_g[run.artery];
    q["endo_epi_ratio"] = r.endo_epi_ratio[run.artery];
    for (std::size_t t = 0; t < network::territories; ++t) q["dsvr_" + lower(network::territory_names[t])] = r.dsvr[t];
    q["venous_saturation_percent"] = r.venous_saturation_percent;
    q["lowest_tissue_tension_mmHg"] = r.lowest_tissue_tension_mmHg;
    q["pressure_100um_mmHg"] = r.pressure_100um_mmHg;
    q["pressure_capillary_mmHg"] = r.pressure_capillary_mmHg;
    q["microvascular_resistance_WU"] = r.microvascular_resistance_WU;
    q["total_resistance_WU"] = r.total_resistance_WU;
    q["blood_volume_mL_per_100g"] = r.blood_volume_mL_per_100g;
    auto& share = q["resistance_share"] = nlohmann::ordered_json::object();
    share["epicardial"] = r.epicardial_share;
    for (std::size_t k = 0; k < bed::compartments; ++k) share[bed::names[k]] = r.share[k];
    auto& tree = q["pressure_along_tree_mmHg"] = nlohmann::ordered_json::object();
    for (const TreePressure& t : pressures_along_tree(run.patient, p, run.artery)) tree[t.place] = t.mean_mmHg;
    if (run.pullback_wanted) {
      auto& curve = q["pullback"] = nlohmann::ordered_json::array();
      for (const PullbackPoint& point : pullback(run.patient, p, run.artery))
        curve.push_back({{"distance_mm", point.distance_mm}, {"pressure_mmHg", point.pressure_mmHg}});
    }
    q["volume_residual"] = p.volume_residual;
    q["period_residual"] = p.period_residual;
    q["period_error"] = p.period_error;
    q["regulation_residual"] = p.regulation_residual;
    q["steps_per_beat"] = p.steps_per_beat;
    q["beats"] = p.beats;
    phases[p.condition.name] = q;
  }
  add_courses(j, run);
  return j;
}

Dataset run_dataset(const PatientFile& file, const RunResult& run) {
  Dataset d;
  d.attributes = {{"Conventions", "CF-1.11"},
                  {"title", "coronet run: " + file.title},
                  {"source", "coronet " + program_version()},
                  {"compiler", std::string(CORONET_COMPILER) + " " + CORONET_FLAGS},
                  {"patient", file.name},
                  {"artery", network::territory_names[run.artery]},
                  {"drugs", fmt::format("{}", fmt::join(run.patient.parameters.drugs, ", "))},
                  {"coronet_schema", "1"},
                  {"license", "Apache-2.0"},
                  {"comment", "Education and research; not for clinical decisions."}};
  std::string parameters;
  for (const Parameter& p : parameter_table()) {
    const std::string value = parameter_value_text(p, run.patient.parameters);
    if (value != "varies") parameters += p.key + " = " + (p.choices.empty() ? value : '"' + value + '"') + "\n";
  }
  d.attributes.emplace_back("parameters_toml", parameters);
  std::vector<std::string> phases;
  for (const PhaseResult& p : run.phases) phases.push_back(p.condition.name);
  std::vector<double> beat_phase(samples_per_beat);
  for (std::size_t j = 0; j < samples_per_beat; ++j) beat_phase[j] = static_cast<double>(j) / samples_per_beat;
  const auto words = [](const auto& names) { return std::vector<std::string>(names.begin(), names.end()); };
  std::vector<std::string> links = {"inlet"};
  for (std::size_t k = 0; k + 1 < bed::compartments; ++k)
    links.push_back(std::string(bed::names[k]) + "_to_" + bed::names[k + 1]);
  links.push_back("outlet");
  d.dimensions = {labelled("phase", phases, "protocol phase"),
                  valued("beat_phase", beat_phase, "1", "fraction of the beat, 0 at the onset of contraction"),
                  labelled("territory", words(network::territory_names), "territory"),
                  labelled("layer", words(network::layer_names), "layer of the wall"),
                  labelled("compartment", words(bed::names), "vessel class"),
                  labelled("link", links, "where a microvascular flow passes"),
                  labelled("segment", words(network::segment_names), "epicardial segment (pressure at its end)")};

  /// One variable (phase × dims × beat_phase) in unit `factor`, filled by waves(trace) in row-major order.
  const auto add = [&](std::string name, std::string units, std::string long_name, std::vector<std::string> dims,
                       double factor, auto&& waves) {
    Variable v{.name = std::move(name), .units = std::move(units), .long_name = std::move(long_name)};
    v.dims = {"phase"};
    v.dims.insert(v.dims.end(), dims.begin(), dims.end());
    v.dims.push_back("beat_phase");
    for (const PhaseResult& p : run.phases)
      waves(*p.trace, [&](const Traces::Wave& w) {
        for (double x : w) v.data.push_back(x / factor);
      });
    d.variables.push_back(std::move(v));
  };
  const auto single = [&](std::string name, std::string units, std::string long_name, double factor,
                          Traces::Wave Traces::*wave) {
    add(std::move(name), std::move(units), std::move(long_name), {}, factor,
        [wave](const Traces& t, auto&& put) { put(t.*wave); });
  };
  {
    Variable time{.name = "time",
                  .units = "s",
                  .long_name = "time from the onset of contraction",
                  .dims = {"phase", "beat_phase"}};
    for (const PhaseResult& p : run.phases)
      for (double x : beat_phase) time.data.push_back(x * p.heart.period);
    d.variables.push_back(std::move(time));
  }
  single("aortic_pressure", "mmHg", "aortic pressure", unit::mmHg, &Traces::aortic);
  single("left_ventricular_pressure", "mmHg", "left-ventricular pressure", unit::mmHg, &Traces::left_ventricular);
  single("right_ventricular_pressure", "mmHg", "right-ventricular pressure", unit::mmHg, &Traces::right_ventricular);
  single("right_atrial_pressure", "mmHg", "right-atrial pressure", unit::mmHg, &Traces::right_atrial);
  single("activation", "1", "activation of the myocardium", 1.0, &Traces::activation);
  add("epicardial_pressure", "mmHg", "pressure at the end of the segment", {"segment"}, unit::mmHg,
      [](const Traces& t, auto&& put) {
        for (const auto& w : t.segment_pressure) put(w);
      });
  add("epicardial_flow", "mL/min", "flow of the territory through the segment and its branches", {"segment"},
      unit::mL_per_min, [](const Traces& t, auto&& put) {
        for (const auto& w : t.segment_flow) put(w);
      });
  {
    Variable v{.name = "epicardial_peak_velocity",
               .units = "cm/s",
               .long_name = "velocity on the axis of the main vessel (2 x mean), as a Doppler wire reads it",
               .dims = {"phase", "segment", "beat_phase"}};
    for (const PhaseResult& p : run.phases)
      for (std::size_t i = 0; i < network::segments; ++i) {
        const auto& segment = p.network.segment[i];
        for (double q : p.trace->segment_flow[i])
          v.data.push_back(2.0 * q / segment.branches / segment.area / unit::cm);
      }
    d.variables.push_back(std::move(v));
  }
  add("intramyocardial_pressure", "mmHg", "pressure around the vessels", {"territory", "layer"}, unit::mmHg,
      [](const Traces& t, auto&& put) {
        for (const auto& w : t.intramyocardial) put(w);
      });
  add("pressure", "mmHg", "blood pressure in the middle of the vessel class", {"territory", "layer", "compartment"},
      unit::mmHg, [](const Traces& t, auto&& put) {
        for (const auto& b : t.pressure)
          for (const auto& w : b) put(w);
      });
  add("volume", "mL", "blood volume of the vessel class", {"territory", "layer", "compartment"}, unit::mL,
      [](const Traces& t, auto&& put) {
        for (const auto& b : t.volume)
          for (const auto& w : b) put(w);
      });
  add("flow", "mL/min", "microvascular flow", {"territory", "layer", "link"}, unit::mL_per_min,
      [](const Traces& t, auto&& put) {
        for (const auto& b : t.flow)
          for (const auto& w : b) put(w);
      });

  const auto per_bed = [&](std::string name, std::string units, std::string long_name, double factor,
                           std::array<double, network::beds> PhaseResult::*field) {
    Variable v{.name = std::move(name),
               .units = std::move(units),
               .long_name = std::move(long_name),
               .dims = {"phase", "territory", "layer"}};
    for (const PhaseResult& p : run.phases)
      for (double x : p.*field) v.data.push_back(x / factor);
    d.variables.push_back(std::move(v));
  };
  {
    Variable v{.name = "tone",
               .units = "1",
               .long_name = "loss of radius by tone, relative to the passive vessel",
               .dims = {"phase", "territory", "layer", "compartment"}};
    for (const PhaseResult& p : run.phases)
      for (const auto& row : p.tone)
        for (std::size_t k = 0; k < bed::compartments; ++k) v.data.push_back(k < muscular ? row[k] : 0.0);
    d.variables.push_back(std::move(v));
  }
  per_bed("metabolic_dilation", "1", "metabolic dilation of the smallest arterioles (0 none, 1 full)", 1.0,
          &PhaseResult::metabolic_dilation);
  per_bed("venous_saturation", "%", "venous oxygen saturation", unit::percent, &PhaseResult::venous_saturation);
  per_bed("tissue_oxygen_tension", "mmHg", "oxygen tension farthest from the capillary", unit::mmHg,
          &PhaseResult::tissue_tension);
  {
    Variable v{.name = "perfusion",
               .units = "mL/min/g",
               .long_name = "mean perfusion of the layer",
               .dims = {"phase", "territory", "layer"}};
    for (const PhaseResult& p : run.phases)
      for (std::size_t b = 0; b < network::beds; ++b)
        v.data.push_back(p.mean.flow[b] / layer_mass(run.patient.parameters, b / network::layers) /
                         unit::mL_per_min_per_g);
    d.variables.push_back(std::move(v));
  }
  const auto per_phase = [&](std::string name, std::string units, std::string long_name, auto&& value) {
    Variable v{
        .name = std::move(name), .units = std::move(units), .long_name = std::move(long_name), .dims = {"phase"}};
    for (const PhaseResult& p : run.phases) v.data.push_back(value(p));
    d.variables.push_back(std::move(v));
  };
  per_phase("heart_rate", "1/min", "heart rate", [](const PhaseResult& p) { return 60.0 / p.heart.period; });
  per_phase("volume_residual", "1", "unbalanced volume per beat relative to inflow",
            [](const PhaseResult& p) { return p.volume_residual; });
  per_phase("period_residual", "1", "change of ln V over the recorded beat",
            [](const PhaseResult& p) { return p.period_residual; });
  for (const Index& i : run.table)
    d.variables.push_back({.name = i.key, .units = udunits(i.unit), .long_name = i.label, .data = {i.value}});
  if (run.has_indices)
    d.variables.push_back({.name = "endotype", .long_name = "endotype of the artery", .text = {run.indices.endotype}});
  add_courses(d, run);
  return d;
}

namespace {

/// Waves of one beat per phase, pressure along the tree, pullback.
void add_phase_panels(Figure& figure, const RunResult& run) {
  const std::size_t tip = wire_segment(run.patient.parameters, run.artery);
  for (const PhaseResult& p : run.phases) {
    std::vector<double> time(samples_per_beat);
    for (std::size_t j = 0; j < samples_per_beat; ++j)
      time[j] = p.heart.period * static_cast<double>(j) / samples_per_beat;
    const auto wave = [](const Traces::Wave& w, double factor) {
      std::vector<double> v(w.begin(), w.end());
      for (double& x : v) x /= factor;
      return v;
    };
    Panel pressure{.title = "Pressure, " + phase_words(p.condition.name),
                   .x = {.label = "Time (s)"},
                   .y = {.label = "Pressure (mmHg)"}};
    pressure.series = {
        {.name = "aorta", .x = time, .y = wave(p.trace->aortic, unit::mmHg), .colour = 1},
        {.name = "left ventricle",
         .x = time,
         .y = wave(p.trace->left_ventricular, unit::mmHg),
         .colour = 6,
         .dash = Dash::dashed},
        {.name = "pressure wire", .x = time, .y = wave(p.trace->segment_pressure[tip], unit::mmHg), .colour = 0},
        {.name = "subendocardial capillaries",
         .x = time,
         .y = wave(p.trace->pressure[bed_of(run.artery, network::subendocardium)][bed::capillary], unit::mmHg),
         .colour = 2}};
    Panel flow{.title = "Flow, " + phase_words(p.condition.name),
               .x = {.label = "Time (s)"},
               .y = {.label = "Flow (mL/min)", .include_zero = true}};
    flow.series = {{.name = "artery (at the wire)",
                    .x = time,
                    .y = wave(p.trace->segment_flow[tip], unit::mL_per_min),
                    .colour = 0},
                   {.name = "into subendocardium",
                    .x = time,
                    .y = wave(p.trace->flow[bed_of(run.artery, network::subendocardium)][0], unit::mL_per_min),
                    .colour = 1,
                    .dash = Dash::dashed},
                   {.name = "into subepicardium",
                    .x = time,
                    .y = wave(p.trace->flow[bed_of(run.artery, network::subepicardium)][0], unit::mL_per_min),
                    .colour = 2,
                    .dash = Dash::dotted}};
    figure.panels.push_back(std::move(pressure));
    figure.panels.push_back(std::move(flow));
  }
  Panel tree{.title = "Mean pressure from aorta to right atrium",
             .y = {.label = "Mean pressure (mmHg)", .include_zero = true}};
  int colour = 0;
  for (const PhaseResult& p : run.phases) {
    Series s{.name = phase_words(p.condition.name), .colour = colour++, .mark = Mark::line_points};
    tree.x.categories.clear();
    for (const TreePressure& t : pressures_along_tree(run.patient, p, run.artery)) {
      std::string place = t.place;
      for (char& c : place) c = c == '_' ? ' ' : c;
      tree.x.categories.push_back(place);
      s.x.push_back(static_cast<double>(s.x.size()));
      s.y.push_back(t.mean_mmHg);
    }
    tree.series.push_back(std::move(s));
  }
  figure.panels.push_back(std::move(tree));
  Panel curve{
      .title = "Pullback", .x = {.label = "Distance from the ostium (mm)"}, .y = {.label = "Mean pressure (mmHg)"}};
  colour = 0;
  for (const PhaseResult& p : run.phases) {
    Series s{.name = phase_words(p.condition.name), .colour = colour++};
    for (const PullbackPoint& point : pullback(run.patient, p, run.artery))
      s.x.push_back(point.distance_mm), s.y.push_back(point.pressure_mmHg);
    curve.series.push_back(std::move(s));
  }
  figure.panels.push_back(std::move(curve));
}

}  // namespace

Figure run_figure(const PatientFile& file, const RunResult& run) {
  const char* artery = network::territory_names[run.artery];
  const bool beats = !run.courses.any() || run.phases.size() > 1;  // rest alone is where courses start
  Figure figure{
      .title = file.title, .subtitle = std::string(artery) + ": flow of the layers, and its oxygen", .columns = 2};
  if (beats) {
    figure.subtitle = fmt::format("{}: pressures and flow of one beat, by protocol phase", artery);
    add_phase_panels(figure, run);
  }
  add_course_panels(figure, run);
  figure.note = fmt::format("coronet {}. Simulated; not for clinical decisions.", program_version());
  return figure;
}

}  // namespace coronet::io
