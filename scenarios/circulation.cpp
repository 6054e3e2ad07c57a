#include "scenarios/circulation.hpp"

#include <algorithm>

#include "model/oxygen.hpp"
#include "model/spasm.hpp"
#include "model/units.hpp"
#include "scenarios/modifiers.hpp"

namespace coronet {

// Small arteries and arterioles: Liao & Kuo 1997 (model/vessel_wall.hpp). Capillaries (1.1 %/mmHg at 10 mmHg) and veins
// (2.6 %/mmHg at 2 mmHg): assumptions inside the 0.07–0.27 mL/mmHg/100 g reported for intramyocardial compliance (Spaan
// 1985, Mynard 2014). Tethering D: assumption; 1 mmHg lets subendocardial flow fall with perfusion pressure about as in
// awake dogs (Canty 1988: calibrated on its lowest two pressures), 0 stops it at 33 mmHg, 4 keeps it equal to the
// subepicardium's. Diameters: middle of each class. Exposure ½: small arteries and veins run partly on the surface
// (assumption). Independent check: subendocardial arterioles and venules narrow by 24 and 17 % in systole,
// subepicardial arterioles by 2 % (Yada 1993, doi:10.1161/01.res.72.5.939), see tests/scenarios.
const std::array<VesselClass, bed::compartments> vessel_classes = {{{16.0, 19.5, 1.0, 45.0, 300.0, 0.5},
                                                                    {20.5, 26.5, 1.0, 30.0, 80.0, 1.0},
                                                                    {20.5, 26.5, 1.0, 20.0, 17.0, 1.0},
                                                                    {26.0, 57.8, 1.0, 10.0, 6.0, 1.0},
                                                                    {8.3, 18.9, 0.4, 2.0, 40.0, 0.5}}};

namespace {

using network::bed_of, network::segment_of;

double blood_viscosity(const PatientParameters& p, double diameter) {
  return p.blood.plasma_viscosity_mPa_s * unit::mPa_s * viscosity::relative_in_vivo(diameter, p.blood.haematocrit);
}

}  // namespace

double layer_mass(const PatientParameters& p, std::size_t t) {
  const MyocardiumParameters& m = p.myocardium;
  return (m.lv_mass_g * m.lv_share[t] + m.rv_mass_g * m.rv_share[t]) * unit::gram / 3.0;
}

double oxygen_demand(const PatientParameters& p, std::size_t bed_index) {
  const double r = p.oxygen.endo_epi_demand_ratio;
  const std::array<double, network::layers> weight = {2.0 * r / (1.0 + r), 1.0, 2.0 / (1.0 + r)};
  const double per_mass = p.oxygen.consumption_mL_per_min_per_100g * unit::mL_per_min / (100.0 * unit::gram);
  return per_mass * weight[bed_index % network::layers] * layer_mass(p, bed_index / network::layers);
}

double healthy_volume(const PatientParameters& p, std::size_t b, std::size_t k) {
  return p.bed.volume_mL_per_100g[k] * unit::mL / (100.0 * unit::gram) * layer_mass(p, b / network::layers);
}

double layer_flow_share(const PatientParameters& p, std::size_t layer) {
  double conductance = 0.0;
  for (double r : p.bed.layer_resistance) conductance += 1.0 / r;
  return 1.0 / (p.bed.layer_resistance[layer] * conductance);
}

double oxygen_capacity(const PatientParameters& p) {
  return oxygen::mL_O2_per_gram_haemoglobin * p.blood.haemoglobin_g_per_dL / 100.0;
}

double anchored_flow(const PatientParameters& p, std::size_t t) {
  return p.bed.hyperaemic_flow_mL_per_min_per_g * unit::mL_per_min_per_g * 3.0 * layer_mass(p, t);
}

epicardial::Geometry<double> segment_geometry(const PatientParameters& p, std::size_t segment) {
  const EpicardialParameters& e = p.epicardial;
  if (segment == network::left_main)
    return {e.left_main_length_mm * unit::mm, e.left_main_diameter_mm * e.size_ratio * unit::mm, 1.0};
  const std::size_t t = (segment - 1) / network::positions, s = (segment - 1) % network::positions;
  return {e.length_mm[t][s] * unit::mm, e.diameter_mm[t][s] * e.size_ratio * unit::mm,
          epicardial::branch_number(e.diameter_mm[t][0], e.diameter_mm[t][s])};
}

std::size_t lesion_segment(const LesionParameters& l) {
  return l.artery == lesion_in_left_main ? network::left_main : segment_of(l.artery, l.position);
}

heart::Waves<double> heart_waves(const PatientParameters& p, const Condition& condition) {
  const HeartParameters h = modified_heart(p);
  return heart::waves<double>(
      {.rate = h.heart_rate_bpm / 60.0 + condition.heart_rate_rise * p.modifiers.heart_rate_factor,
       .systolic = h.aortic_systolic_mmHg * condition.pressure_factor * condition.systolic_factor * unit::mmHg,
       .diastolic = h.aortic_diastolic_mmHg * condition.pressure_factor * unit::mmHg,
       .contractility = h.contractility * condition.contractility_factor,
       .lv_end_diastolic = h.lv_end_diastolic_mmHg * unit::mmHg,
       .rv_end_diastolic = h.rv_end_diastolic_mmHg * unit::mmHg,
       .rv_systolic = h.rv_systolic_mmHg * unit::mmHg,
       .right_atrial = h.right_atrial_mmHg * unit::mmHg,
       .ejection_ratio = h.ejection_time_ratio,
       .ejection_lengthening = condition.ejection_lengthening,
       .relaxation = condition.relaxation_factor});
}

void build_segments(network::Parameters<double>& n, const Setup& setup, const EpicardialDiameter& relative) {
  const PatientParameters& p = setup.parameters;
  for (std::size_t i = 0; i < network::segments; ++i) {
    auto geometry = dilated_geometry(p, i);
    if (i != network::left_main) geometry.diameter *= relative[(i - 1) / network::positions];
    n.segment[i] = epicardial::segment(geometry, blood_viscosity(p, geometry.diameter), p.blood.density_kg_per_m3);
  }
  if (setup.build == Build::healthy_twin) return;
  const LesionParameters& l = p.lesion;
  const double residual = std::min(l.stent_residual_percent, l.diameter_reduction_percent);
  const std::size_t where = lesion_segment(l);
  const double reduction =
      l.stented ? residual * unit::percent : dilated_reduction(p.modifiers, where, l.diameter_reduction_percent);
  const double diameter = dilated_geometry(p, where).diameter;
  epicardial::add_lesion(n.segment[where],
                         stenosis::loss<double>({diameter, reduction, l.length_mm * unit::mm, l.exit_loss},
                                                blood_viscosity(p, diameter), p.blood.density_kg_per_m3));
  if (l.stented) epicardial::stiffen(n.segment[where], l.stent_length_mm * unit::mm);
  const SpasmParameters& s = p.spasm;
  if (s.reactivity == 0.0) return;
  const std::size_t site = segment_of(s.artery, s.position);
  const double artery = dilated_geometry(p, site).diameter * relative[s.artery];
  const double narrowing = spasm::reduction(relative[s.artery], relative[spastic_site]);
  epicardial::add_lesion(n.segment[site], spasm::loss(artery, narrowing, s.length_mm * unit::mm,
                                                      blood_viscosity(p, artery), p.blood.density_kg_per_m3));
}

network::Parameters<double> passive_network(const Setup& setup, const EpicardialDiameter& diameter) {
  network::Parameters<double> n{};
  build_segments(n, setup, diameter);
  build_walls(n, setup.parameters.blood);
  build_beds(n, setup, epicardial_resistances(setup.parameters));
  return n;
}

void build_walls(network::Parameters<double>& n, const BloodParameters& blood) {
  for (std::size_t k = 0; k < bed::compartments; ++k) {
    const VesselClass& v = vessel_classes[k];
    n.walls.shape[k] = {v.A * unit::mmHg, v.B * unit::mmHg, v.D * unit::mmHg};
    n.walls.exposure[k] = v.exposure;
    n.walls.viscosity[k] = viscosity::fit_ratio(v.diameter_um * unit::um, blood.haematocrit);
  }
}

EpicardialResistances epicardial_resistances(const PatientParameters& p) {
  EpicardialResistances r;
  for (std::size_t t = 0; t < network::territories; ++t) r[t] = epicardial_resistance(p, t);
  return r;
}

void build_beds(network::Parameters<double>& n, const Setup& setup, const EpicardialResistances& epicardial) {
  const PatientParameters& p = setup.parameters;
  const BedParameters& c = p.bed;
  const double f = c.hyperaemic_capillary_share;
  const std::array<double, bed::compartments> weight = {c.small_artery_weight, c.arteriole_weight,
                                                        c.terminal_arteriole_weight, 0.0, c.vein_weight};
  std::array<double, bed::compartments> filled;  // share of V_max at the reference pressure
  for (std::size_t k = 0; k < bed::compartments; ++k)
    filled[k] = wall::volume(n.walls.shape[k], 1.0, vessel_classes[k].reference_transmural * unit::mmHg);
  const double weights = c.small_artery_weight + c.arteriole_weight + c.terminal_arteriole_weight + c.vein_weight;
  for (std::size_t t = 0; t < network::territories; ++t) {
    const double right = p.myocardium.rv_mass_g * p.myocardium.rv_share[t] * unit::gram;
    n.right_ventricular_share[t] = right / (3.0 * layer_mass(p, t));
    // Muscular vessels and veins share `others`, capillaries take the share f of all from aorta to atrium:
    // R_cap = f (R_epi + others + R_cap). First guess 75 mmHg at the anchored flow; the anchor corrects it.
    const double others = (1.0 - f) * 75.0 * unit::mmHg / anchored_flow(p, t) * exp(setup.anchor[t]);
    const double capillary = f / (1.0 - f) * (epicardial[t] + others);
    for (std::size_t l = 0; l < network::layers; ++l) {
      const std::size_t b = bed_of(t, l);
      auto& q = n.bed[b];
      for (std::size_t k = 0; k < bed::compartments; ++k) {
        const double V_ref = healthy_volume(p, b, k);
        q.per_V_ref[k] = 1.0 / V_ref;
        q.V_max[k] = V_ref / filled[k];
        const double territory = k == bed::capillary ? capillary : others * weight[k] / weights;
        q.R_ref[k] = territory / layer_flow_share(p, l);
      }
      if (setup.build == Build::healthy_twin) continue;
      // Structure: n vessels of lumen ratio d carry volume n d² and resist 1/(n d⁴).
      const auto scale = [&q](std::size_t k, double number, double lumen) {
        const double area = lumen * lumen;
        q.per_V_ref[k] /= number * area;
        q.V_max[k] *= number * area;
        q.R_ref[k] /= number * area * area;
      };
      const StructureParameters& m = p.microvessels;
      scale(bed::arteriole, m.arteriolar_density_ratio[b], m.arteriolar_lumen_ratio[b]);
      scale(bed::terminal_arteriole, m.arteriolar_density_ratio[b], m.arteriolar_lumen_ratio[b]);
      scale(bed::capillary, m.capillary_density_ratio[b], 1.0);
    }
  }
}

void occlude(network::Parameters<double>& n, const Condition& condition) {
  constexpr double closed = 1e9;
  for (std::size_t t = 0; t < network::territories; ++t) {
    if (!condition.occlusion[t]) continue;
    auto& s = n.segment[segment_of(t, network::proximal)];
    s.resistance *= closed;
    s.inertance *= closed;
  }
}

void close(network::State<double>& x, const Condition& condition) {
  for (std::size_t t = 0; t < network::territories; ++t)
    if (condition.occlusion[t]) x[network::flow_at + segment_of(t, network::proximal)] = 0.0;
}

double epicardial_resistance(const PatientParameters& p, std::size_t t) {
  const auto of = [&](std::size_t i) {
    const auto geometry = segment_geometry(p, i);
    return epicardial::segment(geometry, blood_viscosity(p, geometry.diameter), p.blood.density_kg_per_m3).resistance;
  };
  const double left = anchored_flow(p, network::lad) + anchored_flow(p, network::lcx);
  double r = t == network::rca ? 0.0 : of(network::left_main) * left / anchored_flow(p, t);
  for (std::size_t s = 0; s < network::positions; ++s) r += of(segment_of(t, s));
  return r;
}

}  // namespace coronet
