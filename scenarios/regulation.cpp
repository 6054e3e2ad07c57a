#include "scenarios/regulation.hpp"

#include "model/arteriolar_tone.hpp"
#include "model/dual.hpp"
#include "model/spasm.hpp"
#include "scenarios/modifiers.hpp"

namespace coronet {

using network::bed_of;

namespace {

/// Endothelial function that is left or given back, e of model/endothelium.hpp.
double working_endothelium(const PatientParameters& p, const Condition& condition, std::size_t territory) {
  return repaired_endothelium(p, territory) * (1.0 - condition.nitric_oxide_blockade);
}

/// Reactivity of muscle to acetylcholine that dilators leave.
double unrelieved(const PatientParameters& p, double reactivity) {
  return reactivity * (1.0 - p.modifiers.constriction_relief);
}

}  // namespace

Stimulus stimulus(const PatientParameters& p, const Condition& condition, std::size_t b, double flow) {
  return {.flow = flow,
          .demand = oxygen_demand(p, b) * condition.demand_factor * modified_demand(p),
          .capacity = oxygen_capacity(p),
          .arterial_saturation = p.blood.arterial_saturation_percent * unit::percent,
          .capillary_density = p.microvessels.capillary_density_ratio[b],
          .tissue_mass = layer_mass(p, b / network::layers),
          .half_saturation = p.blood.half_saturation_mmHg * unit::mmHg * condition.half_saturation_factor};
}

double met_share(const Stimulus& s, double venous_saturation) {
  constexpr double mitochondrial = 0.5 * unit::mmHg;
  const double tension = oxygen::tension(std::clamp(venous_saturation, 1e-12, 1.0 - 1e-12), s.half_saturation);
  return tension / (tension + mitochondrial);
}

/// Newton's method on gain(S) = Q c (S_a − S) − M met(S), which falls with S; a bracket catches the steps that leave it,
/// where met bends sharply near S = 0. With P the tension, met = P/(P + P_m) and dP/dS = P/(n S (1 − S)).
double balanced_venous_saturation(const Stimulus& s) {
  double low = 1e-9, high = s.arterial_saturation;
  if (!(s.flow > 0.0)) return low;
  const double delivery = s.flow * s.capacity;
  double S = s.arterial_saturation - s.demand / delivery;  // if all demand is met
  if (!(S > low && S < high)) S = 0.5 * (low + high);
  for (int i = 0; i < 60; ++i) {
    const double met = met_share(s, S);
    const double gain = delivery * (s.arterial_saturation - S) - s.demand * met;
    (gain > 0.0 ? low : high) = S;
    const double slope = delivery + s.demand * met * (1.0 - met) / (oxygen::hill_exponent * S * (1.0 - S));
    const double next = S + gain / slope;
    if (abs(next - S) < 4e-15) return next;
    S = next > low && next < high ? next : 0.5 * (low + high);
  }
  return S;
}

double tissue_tension(const Stimulus& s, double venous_saturation) {
  const double per_volume = s.demand / s.tissue_mass * oxygen::tissue_density;
  const double density = oxygen::reference_capillary_density * s.capillary_density;
  return oxygen::tension(venous_saturation, s.half_saturation) - oxygen::krogh_fall(per_volume, density);
}

double signal_saturation(const Stimulus& s, double venous_saturation) {
  const double per_volume = s.demand / s.tissue_mass * oxygen::tissue_density;
  const double healthy = oxygen::krogh_fall(per_volume, oxygen::reference_capillary_density);
  const double felt = tissue_tension(s, venous_saturation) + healthy;
  return oxygen::saturation(std::max(felt, 1e-3 * unit::mmHg), s.half_saturation);
}

double metabolic_dilation(const PatientParameters& p, const Condition& condition, std::size_t b, double flow,
                          double venous_saturation) {
  const Stimulus s = stimulus(p, condition, b, flow);
  const double set_point = p.oxygen.venous_saturation_set_point_percent * unit::percent;
  const double at_rest = oxygen_demand(p, b);
  const double flow_at_rest = at_rest / (s.capacity * (s.arterial_saturation - set_point));
  return metabolic::dilation<double>(
      p.regulation.metabolic_signal,
      {set_point, p.regulation.metabolic_dilation_at_rest, p.regulation.atp_saturation_scale},
      {signal_saturation(s, venous_saturation), s.arterial_saturation, s.demand / at_rest, flow / flow_at_rest,
       s.demand * met_share(s, venous_saturation) / at_rest});
}

double metabolic_slope(const PatientParameters& p, const Condition& condition, std::size_t b, double flow,
                       double saturation, double dilation) {
  if (!(flow > 0.0)) return 0.0;
  const Stimulus s = stimulus(p, condition, b, flow);
  const double met = met_share(s, saturation), delivery = flow * s.capacity;
  const double by_flow =  // dS/d ln Q of the balance Q c (S_a − S) = M met(S)
      delivery * (s.arterial_saturation - saturation) /
      (delivery + s.demand * met * (1.0 - met) / (oxygen::hill_exponent * saturation * (1.0 - saturation)));
  constexpr double small = 1e-6;
  const double more = std::min(saturation + small * by_flow, s.arterial_saturation);
  return (metabolic_dilation(p, condition, b, flow * (1.0 + small), more) - dilation) / small;
}

ToneTarget tone_target(const PatientParameters& p, const Condition& condition, const BeatMeans& means, std::size_t b,
                       std::size_t k, double metabolic, double acetylcholine) {
  static const std::array<tone::Blend, muscular> blends = [] {
    std::array<tone::Blend, muscular> all{};
    for (std::size_t i = 0; i < muscular; ++i) all[i] = tone::blend(0.5 * vessel_classes[i].diameter_um * unit::um);
    return all;
  }();
  using Slope = Dual<double>;
  const std::size_t t = b / network::layers;
  const double open =
      1.0 - endothelium::constriction(k, unrelieved(p, p.endothelium.muscle_reactivity[t]), acetylcholine);
  const double relief = 1.0 - condition.tone_relief[k], drug = 1.0 - tone_relief(p.modifiers, k);
  if (relief * drug == 0.0) return {.loss = 1.0 - open};
  // Vessels per bed and their radius relative to the healthy bed's at its reference pressure
  const double number = k == bed::small_artery ? 1.0 : p.microvessels.arteriolar_density_ratio[b];
  const double reference = healthy_volume(p, b, k);
  const double area = std::max(means.volume[b][k] / (number * reference), 1e-6);
  const double shear = reference_shear[k] * std::max(means.flow[b], 0.0) /
                       (number * anchored_flow(p, t) * layer_flow_share(p, b % network::layers)) / (area * sqrt(area));
  const double function = working_endothelium(p, condition, t);
  const Slope F_NO = endothelium::nitric_oxide(k, Slope(function), tone::shear_factor(blends[k], Slope(shear, shear)),
                                               Slope(acetylcholine));  // by ln τ
  const double spared = 1.0 - metabolic::conducted[k] * metabolic;
  const double A = (1.0 - F_NO.value) * spared * relief * drug;
  const Slope stretched = tone::relative_loss(blends[k], Slope(means.transmural[b][k], 1.0));
  const double loss =
      p.regulation.myogenic_strength * stretched.value + p.regulation.neurohumoral_tone * neurohumoral_share[k];
  constexpr double most = 0.95;
  const double bounded = std::min(loss, most);
  const double by_shear = -open * bounded * F_NO.derivative * spared * relief * drug;  // ln τ = ln Q − 1.5 ln V + …
  return {.loss = 1.0 - (1.0 - A * bounded) * open,
          .by_transmural = loss < most ? open * A * p.regulation.myogenic_strength * stretched.derivative : 0.0,
          .by_volume = -1.5 * by_shear,
          .by_flow = by_shear,
          .by_metabolic = -open * bounded * (1.0 - F_NO.value) * metabolic::conducted[k] * relief * drug};
}

double target_loss(const PatientParameters& p, const Condition& condition, const BeatMeans& means, std::size_t b,
                   std::size_t k, double metabolic, double acetylcholine) {
  return tone_target(p, condition, means, b, k, metabolic, acetylcholine).loss;
}

double target_diameter(const PatientParameters& p, const Condition& condition, std::size_t t, double acetylcholine) {
  return endothelium::epicardial_diameter(working_endothelium(p, condition, t),
                                          unrelieved(p, p.endothelium.muscle_reactivity[t]), acetylcholine);
}

double target_spasm(const PatientParameters& p, const Condition& condition, double acetylcholine) {
  if (p.spasm.reactivity == 0.0) return 1.0;
  return spasm::site_diameter(working_endothelium(p, condition, p.spasm.artery), unrelieved(p, p.spasm.reactivity),
                              acetylcholine);
}

double acetylcholine(const Condition& condition, std::size_t territory, double territory_flow) {
  const double infused = condition.acetylcholine_infusion[territory];
  return infused > 0.0 ? infused / std::max(territory_flow, 0.1 * unit::mL_per_min) : 0.0;
}

}  // namespace coronet
