#include "scenarios/indices.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "model/spasm.hpp"
#include "model/units.hpp"
#include "scenarios/bed_readings.hpp"
#include "scenarios/modifiers.hpp"

namespace coronet {
namespace {

using network::bed_of, network::segment_of;

/// Mean of a pressure wave between two phases of the beat (s).
double mean_between(const ArteryReadings& r, const ArteryReadings::Wave& wave, double from, double to) {
  return (r.pressure_until(wave, to) - r.pressure_until(wave, from)) / (to - from);
}

std::vector<std::size_t> path_to(std::size_t segment) {
  std::vector<std::size_t> path;
  for (std::size_t i = segment; i != network::segments; i = network::upstream_of(i)) path.push_back(i);
  std::reverse(path.begin(), path.end());
  return path;
}

std::string range_text(thresholds::Range r, int digits) {
  char text[48];
  std::snprintf(text, sizeof text, "%.*f–%.*f", digits, r.low, digits, r.high);
  return text;
}

std::string verdict(double v, thresholds::Range r) { return v < r.low ? "low" : v > r.high ? "high" : "normal"; }

}  // namespace

std::size_t wire_segment(const PatientParameters& p, std::size_t artery) {
  const bool distal_lesion = p.lesion.artery == artery && p.lesion.position == network::distal &&
                             (p.lesion.diameter_reduction_percent > 0.0 || p.lesion.stented);
  return segment_of(artery, distal_lesion ? network::distal : network::mid);
}

PhaseReadings read_phase(const Patient& patient, const PhaseResult& phase, std::size_t artery) {
  const PatientParameters& p = patient.parameters;
  const std::size_t tip = wire_segment(p, artery);
  const double period = phase.heart.period;
  PhaseReadings r{};
  r.aortic_pressure_mmHg = phase.mean.aortic / unit::mmHg;
  r.heart_rate_bpm = 60.0 / period;
  r.distal_pressure_mmHg = phase.mean.segment_pressure[tip] / unit::mmHg;
  r.pd_pa = phase.mean.segment_pressure[tip] / phase.mean.aortic;
  for (std::size_t t = 0; t < network::territories; ++t) {
    const double q = territory_flow(phase.mean.flow, t);
    r.flow_mL_per_min[t] = q / unit::mL_per_min;
    r.perfusion_mL_per_min_per_g[t] = q / (3.0 * layer_mass(p, t)) / unit::mL_per_min_per_g;
    r.endo_epi_ratio[t] =
        phase.mean.flow[bed_of(t, network::subendocardium)] / phase.mean.flow[bed_of(t, network::subepicardium)];
    const std::size_t wire = wire_segment(p, t);
    const double systole = phase.heart.closure, volume = phase.arteries.volume_until(wire, systole);
    r.dsvr[t] = (phase.arteries.volume_until(wire, period) - volume) / (period - systole) / (volume / systole);
    r.flow_total_mL_per_min += r.flow_mL_per_min[t];
  }
  const double q = territory_flow(phase.mean.flow, artery);
  const auto& g = phase.network.segment[tip];
  r.average_peak_velocity_cm_per_s = 2.0 * phase.mean.segment_flow[tip] / g.branches / g.area / unit::cm;
  r.diameter_at_tip_mm = 2.0 * sqrt(g.area / stenosis::pi) / unit::mm;
  if (p.spasm.reactivity > 0.0 && p.spasm.artery == artery) {
    const auto& d = phase.epicardial_diameter;
    const double open = dilated_geometry(p, segment_of(artery, p.spasm.position)).diameter;
    r.diameter_at_spasm_mm = open * spasm::lumen(d[artery], d[spastic_site]) / unit::mm;
  }
  for (std::size_t i : path_to(tip)) {
    const auto geometry = dilated_geometry(p, i);
    const double volume =
        0.25 * stenosis::pi * geometry.diameter * geometry.diameter * geometry.length * geometry.branches;
    r.mean_transit_time_s += volume / phase.mean.segment_flow[i];
  }
  const double start = phase.heart.closure + 0.25 * (period - phase.heart.closure), end = period - 0.005;
  r.diastolic_pd_pa = mean_between(phase.arteries, phase.arteries.pressure[tip], start, end) /
                      mean_between(phase.arteries, phase.arteries.aortic, start, end);
  r.microvascular_resistance_WU = phase.mean.segment_pressure[tip] / q / unit::wood;
  const double total = phase.mean.aortic - phase.mean.right_atrial;
  r.total_resistance_WU = total / q / unit::wood;
  r.epicardial_share = (phase.mean.aortic - phase.mean.segment_pressure[segment_of(artery, network::distal)]) / total;
  r.lowest_tissue_tension_mmHg = 1e9;
  for (std::size_t l = 0; l < network::layers; ++l) {
    const std::size_t b = bed_of(artery, l);
    const double part = phase.mean.flow[b] / q;
    r.venous_saturation_percent += 100.0 * part * phase.venous_saturation[b];
    r.lowest_tissue_tension_mmHg = std::min(r.lowest_tissue_tension_mmHg, phase.tissue_tension[b] / unit::mmHg);
    const auto& P = phase.mean.pressure[b];
    // ln D between the middles of the two classes that enclose 100 µm
    const double x = log(vessel_classes[bed::small_artery].diameter_um / 100.0) /
                     log(vessel_classes[bed::small_artery].diameter_um / vessel_classes[bed::arteriole].diameter_um);
    r.pressure_100um_mmHg += (P[bed::small_artery] + x * (P[bed::arteriole] - P[bed::small_artery])) / 3.0 / unit::mmHg;
    r.pressure_capillary_mmHg += P[bed::capillary] / 3.0 / unit::mmHg;
    for (std::size_t k = 0; k < bed::compartments; ++k) {
      r.share[k] += part * phase.mean.viscous_loss[b][k] / total;
      r.blood_volume_mL_per_100g +=
          phase.mean.volume[b][k] / unit::mL / (3.0 * layer_mass(p, artery) / unit::gram) * 100.0;
    }
  }
  return r;
}

Indices make_indices(const PhaseReadings& r, const PhaseReadings& h) {
  Indices i{};
  const double q_r = r.distal_pressure_mmHg / r.microvascular_resistance_WU;
  const double q_h = h.distal_pressure_mmHg / h.microvascular_resistance_WU;
  i.cfr = q_h / q_r;
  i.cfr_doppler = h.average_peak_velocity_cm_per_s / r.average_peak_velocity_cm_per_s;
  i.cfr_thermodilution = r.mean_transit_time_s / h.mean_transit_time_s;
  i.ffr = h.pd_pa;
  i.pd_pa = r.pd_pa;
  i.ifr = r.diastolic_pd_pa;
  i.imr = h.distal_pressure_mmHg * h.mean_transit_time_s;
  i.imr_corrected = h.aortic_pressure_mmHg * h.mean_transit_time_s * (1.35 * h.pd_pa - 0.32);
  i.hmr_mmHg_s_per_cm = h.distal_pressure_mmHg / h.average_peak_velocity_cm_per_s;
  i.bmr_mmHg_s_per_cm = r.distal_pressure_mmHg / r.average_peak_velocity_cm_per_s;
  i.rrr = r.distal_pressure_mmHg * r.mean_transit_time_s / (h.distal_pressure_mmHg * h.mean_transit_time_s);
  i.mrr = i.cfr / i.ffr * r.aortic_pressure_mmHg / h.aortic_pressure_mmHg;
  i.microvascular_resistance_WU = h.microvascular_resistance_WU;

  const bool structural =
      i.hmr_mmHg_s_per_cm > thresholds::hmr_high ||
      (i.microvascular_resistance_WU >= thresholds::resistance_structural_WU && i.mrr < thresholds::mrr_structural);
  if (i.ffr <= thresholds::ffr_significant)
    // behind a lesion low pressure raises HMR and R_µ of healthy vessels as well; MRR corrects for it
    i.endotype = i.mrr < thresholds::mrr_rules_in ? "epicardial and microvascular" : "epicardial";
  else if (i.cfr < thresholds::cfr_low)
    i.endotype = structural ? "structural" : "functional";
  else
    i.endotype = "normal";
  return i;
}

void add_acetylcholine(Indices& i, const PhaseReadings& r, const PhaseReadings& peak, std::size_t artery) {
  const auto change = [](double now, double before) { return 100.0 * (now / before - 1.0); };
  const auto cbf = [](const PhaseReadings& p) {
    return square(p.diameter_at_tip_mm) * p.average_peak_velocity_cm_per_s;
  };
  i.has_acetylcholine = true;
  i.ach_cbf_change_percent = change(cbf(peak), cbf(r));
  i.ach_diameter_change_percent = change(peak.diameter_at_tip_mm, r.diameter_at_tip_mm);
  i.ach_flow_change_percent = change(peak.flow_mL_per_min[artery], r.flow_mL_per_min[artery]);
  i.has_spasm = r.diameter_at_spasm_mm > 0.0;
  if (i.has_spasm) i.ach_spasm_diameter_change_percent = change(peak.diameter_at_spasm_mm, r.diameter_at_spasm_mm);
  const bool spastic = i.has_spasm && i.ach_spasm_diameter_change_percent <= thresholds::ach_spasm_percent;
  if (!spastic && i.ach_cbf_change_percent > thresholds::ach_cbf_normal_percent) return;
  const std::string found = spastic ? "vasospastic" : "endothelial";
  if (i.endotype == "normal")
    i.endotype = found;
  else if (i.endotype == "structural" || i.endotype == "functional")
    i.endotype = "mixed (" + i.endotype + ", " + found + ")";
}

std::vector<Index> index_table(const Indices& i, const PhaseReadings& r, const PhaseReadings& h, std::size_t artery) {
  using namespace thresholds;
  std::vector<Index> rows;
  const auto row = [&](const char* key, const char* label, const char* unit, double value, Range range, int digits,
                       std::string words = {}) {
    rows.push_back({key, label, unit, value, range_text(range, digits), words.empty() ? verdict(value, range) : words});
  };
  const auto plain = [&](const char* key, const char* label, const char* unit, double value) {
    rows.push_back({key, label, unit, value, "", ""});
  };
  const bool left = artery != network::rca;
  row("cfr", "CFR (flow)", "1", i.cfr, cfr_normal, 1, i.cfr < cfr_low ? "abnormal (< 2.5)" : "");
  row("cfr_doppler", "CFR (Doppler)", "1", i.cfr_doppler, cfr_normal, 1,
      i.cfr_doppler < cfr_low ? "abnormal (< 2.5)" : "");
  plain("cfr_thermodilution", "CFR (thermodilution)", "1", i.cfr_thermodilution);
  row("ffr", "FFR", "1", i.ffr, ffr_normal, 2, i.ffr <= ffr_significant ? "significant (<= 0.80)" : "");
  row("ifr", "iFR", "1", i.ifr, ifr_normal, 2, i.ifr <= ifr_significant ? "significant (<= 0.89)" : "");
  plain("pd_pa", "Pd/Pa at rest", "1", i.pd_pa);
  row("imr", "IMR", "mmHg s", i.imr, imr_normal, 0, i.imr >= imr_high ? "abnormal (>= 25)" : "");
  plain("imr_corrected", "IMR corrected (Yong)", "mmHg s", i.imr_corrected);
  row("hmr_mmHg_s_per_cm", "HMR", "mmHg s/cm", i.hmr_mmHg_s_per_cm, hmr_normal, 1,
      i.hmr_mmHg_s_per_cm > hmr_high ? "abnormal (> 2.5)" : "");
  row("bmr_mmHg_s_per_cm", "bMR", "mmHg s/cm", i.bmr_mmHg_s_per_cm, bmr_normal, 1);
  row("mrr", "MRR", "1", i.mrr, mrr_normal, 1, i.mrr < mrr_low ? "low (< 2.7)" : "");
  row("rrr", "RRR", "1", i.rrr, rrr_normal, 1);
  row("microvascular_resistance_WU", "microvascular resistance, hyperaemia", "WU", i.microvascular_resistance_WU,
      resistance_normal_WU, 0, i.microvascular_resistance_WU >= resistance_structural_WU ? "high (>= 475)" : "");
  if (i.has_acetylcholine) {
    row("ach_cbf_change_percent", "acetylcholine, change of CBF", "%", i.ach_cbf_change_percent, ach_cbf_normal, 0,
        i.ach_cbf_change_percent <= ach_cbf_normal_percent ? "abnormal (<= 50)" : "");
    plain("ach_flow_change_percent", "acetylcholine, change of true flow", "%", i.ach_flow_change_percent);
    row("ach_diameter_change_percent", "acetylcholine, change of diameter", "%", i.ach_diameter_change_percent,
        ach_diameter_normal, 0,
        i.ach_diameter_change_percent <= ach_diameter_constricts_percent ? "abnormal (<= -20)" : "");
    if (i.has_spasm)
      row("ach_spasm_diameter_change_percent", "acetylcholine, change at the spasm", "%",
          i.ach_spasm_diameter_change_percent, ach_diameter_normal, 0,
          i.ach_spasm_diameter_change_percent <= ach_spasm_percent ? "spasm (<= -90)" : "");
  }
  plain("flow_rest_mL_per_min", "flow at rest", "mL/min", r.flow_mL_per_min[artery]);
  if (artery == network::lad)
    row("flow_hyperaemia_mL_per_min", "flow in hyperaemia", "mL/min", h.flow_mL_per_min[artery],
        lad_flow_normal_mL_per_min, 0);
  else
    plain("flow_hyperaemia_mL_per_min", "flow in hyperaemia", "mL/min", h.flow_mL_per_min[artery]);
  row("perfusion_rest_mL_per_min_per_g", "perfusion at rest", "mL/min/g", r.perfusion_mL_per_min_per_g[artery],
      rest_perfusion_normal, 2);
  plain("perfusion_hyperaemia_mL_per_min_per_g", "perfusion in hyperaemia", "mL/min/g",
        h.perfusion_mL_per_min_per_g[artery]);
  row("endo_epi_rest", "ENDO/EPI at rest", "1", r.endo_epi_ratio[artery], endo_epi_rest_normal, 2);
  row("endo_epi_hyperaemia", "ENDO/EPI in hyperaemia", "1", h.endo_epi_ratio[artery], endo_epi_stress_normal, 2);
  row("dsvr_rest", "diastolic/systolic velocity ratio at rest", "1", r.dsvr[artery],
      left ? dsvr_left_normal : dsvr_right_normal, 2);
  row("venous_saturation_rest_percent", "venous saturation at rest", "%", r.venous_saturation_percent,
      venous_saturation_normal, 0);
  plain("blood_volume_rest_mL_per_100g", "myocardial blood volume at rest", "mL/100 g", r.blood_volume_mL_per_100g);
  plain("blood_volume_hyperaemia_mL_per_100g", "myocardial blood volume in hyperaemia", "mL/100 g",
        h.blood_volume_mL_per_100g);
  return rows;
}

std::vector<TreePressure> pressures_along_tree(const Patient& patient, const PhaseResult& phase, std::size_t artery) {
  std::vector<TreePressure> rows;
  const auto epicardial = [&](const std::string& place, double diameter_um, double pressure) {
    const double p = pressure / unit::mmHg;
    rows.push_back({place, diameter_um, p, {p, p, p}});
  };
  epicardial("aorta", 25000.0, phase.mean.aortic);
  for (std::size_t i : path_to(segment_of(artery, network::distal)))
    epicardial(network::segment_names[i], segment_geometry(patient.parameters, i).diameter / unit::um,
               phase.mean.segment_pressure[i]);
  for (std::size_t k = 0; k < bed::compartments; ++k) {
    TreePressure row{bed::names[k], vessel_classes[k].diameter_um, 0.0, {}};
    for (std::size_t l = 0; l < network::layers; ++l) {
      row.layer_mmHg[l] = phase.mean.pressure[bed_of(artery, l)][k] / unit::mmHg;
      row.mean_mmHg += row.layer_mmHg[l] / 3.0;
    }
    rows.push_back(row);
  }
  epicardial("right_atrium", 25000.0, phase.mean.right_atrial);
  return rows;
}

std::vector<PullbackPoint> pullback(const Patient& patient, const PhaseResult& phase, std::size_t artery) {
  const PatientParameters& p = patient.parameters;
  const bool has_lesion = p.lesion.diameter_reduction_percent > 0.0;
  std::vector<PullbackPoint> points = {{0.0, phase.mean.aortic / unit::mmHg}};
  double distance = 0.0, upstream = phase.mean.aortic;
  for (std::size_t i : path_to(segment_of(artery, network::distal))) {
    const double length = phase.network.segment[i].length;
    const double end = phase.mean.segment_pressure[i];
    if (has_lesion && lesion_segment(p.lesion) == i) {
      const double wall = phase.network.segment[i].resistance * phase.mean.segment_flow[i];
      const double half = 0.5 * (length - p.lesion.length_mm * unit::mm);
      const double share = half / length;
      points.push_back({(distance + half) / unit::mm, (upstream - share * wall) / unit::mmHg});
      points.push_back({(distance + length - half) / unit::mm, (end + share * wall) / unit::mmHg});
    }
    distance += length;
    points.push_back({distance / unit::mm, end / unit::mmHg});
    upstream = end;
  }
  return points;
}

}  // namespace coronet
