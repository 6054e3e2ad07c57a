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

Regulation regulation(const PatientParameters& p, const Condition& condition) {
  const double demand_factor = condition.demand_factor * modified_demand(p), capacity = oxygen_capacity(p);
  const double arterial = p.blood.arterial_saturation_percent * unit::percent;
  const double set_point = p.oxygen.venous_saturation_set_point_percent * unit::percent;
  const auto folded = metabolic::fold<double>(
      {set_point, p.regulation.metabolic_dilation_at_rest, p.regulation.atp_saturation_scale}, arterial);
  Regulation all;
  for (std::size_t b = 0; b < network::beds; ++b) {
    const std::size_t t = b / network::layers;
    const double at_rest = oxygen_demand(p, b), demand = at_rest * demand_factor;
    const double per_volume = demand / layer_mass(p, t) * oxygen::tissue_density;
    const auto fall = [per_volume](double density) {
      return oxygen::krogh_fall(per_volume, oxygen::reference_capillary_density * density);
    };
    BedRegulation& r = all[b];
    r = {.demand = demand,
         .demand_at_rest = at_rest,
         .capacity = capacity,
         .arterial_saturation = arterial,
         .half_saturation = p.blood.half_saturation_mmHg * unit::mmHg * condition.half_saturation_factor,
         .corner_fall = fall(p.microvessels.capillary_density_ratio[b]),
         .healthy_fall = fall(1.0),
         .flow_at_rest = at_rest / (capacity * (arterial - set_point)),
         .signal = p.regulation.metabolic_signal,
         .metabolic = folded,
         .muscle = {}};
    const double function = working_endothelium(p, condition, t);
    for (std::size_t k = 0; k < muscular; ++k) {
      // Vessels per bed, relative to the healthy bed
      const double number = k == bed::small_artery ? 1.0 : p.microvessels.arteriolar_density_ratio[b];
      r.muscle[k] = {.relieved = (1.0 - condition.tone_relief[k]) * (1.0 - tone_relief(p.modifiers, k)),
                     .reactivity = unrelieved(p, p.endothelium.muscle_reactivity[t]),
                     .volume = number * healthy_volume(p, b, k),
                     .flow = number * anchored_flow(p, t) * layer_flow_share(p, b % network::layers),
                     .function = function,
                     .half_effect = endothelium::half_effect(function),
                     .strength = p.regulation.myogenic_strength,
                     .neurohumoral = p.regulation.neurohumoral_tone * neurohumoral_share[k]};
    }
  }
  return all;
}

constexpr double mitochondrial = 0.5 * unit::mmHg;  // half-saturation P_m

VenousBlood venous_blood(const BedRegulation& r, double saturation) {
  const double tension = oxygen::tension(std::clamp(saturation, 1e-12, 1.0 - 1e-12), r.half_saturation);
  return {saturation, tension, tension / (tension + mitochondrial)};
}

/// Halley's method on gain(S) = Q c (S_a − S) − M met(S), which falls with S; a bracket catches the steps that leave it,
/// where met bends sharply near S = 0. With P the tension, met = P/(P + P_m) and dP/dS = P/(n S (1 − S)). The method is of
/// order 3: a step shorter than 1e-4 S (1 − S) ends within 1e-12 of the root, and P follows over it to order 2.
VenousBlood balanced_venous_blood(const BedRegulation& r, double flow) {
  double low = 1e-9, high = r.arterial_saturation;
  if (!(flow > 0.0)) return venous_blood(r, low);
  const double delivery = flow * r.capacity;
  double S = r.arterial_saturation - r.demand / delivery;  // if all demand is met
  if (!(S > low && S < high)) S = 0.5 * (low + high);
  for (int i = 0;; ++i) {
    const VenousBlood blood = venous_blood(r, S);
    const double gain = delivery * (r.arterial_saturation - S) - r.demand * blood.met;
    (gain > 0.0 ? low : high) = S;
    constexpr double n = oxygen::hill_exponent;
    const double spread = S * (1.0 - S);
    const double met_slope = blood.met * (1.0 - blood.met) / (n * spread);
    const double slope = delivery + r.demand * met_slope;
    const double bend = r.demand * met_slope * ((1.0 - 2.0 * blood.met) / n - (1.0 - 2.0 * S)) / spread;
    const double step = gain * slope / (slope * slope + 0.5 * gain * bend), next = S + step;
    if (abs(step) < 1e-4 * spread) {
      const double e = step / (n * spread);  // of ln P
      const double tension = blood.tension * (1.0 + e + 0.5 * e * e * (1.0 - n * (1.0 - 2.0 * S)));
      return {next, tension, tension / (tension + mitochondrial)};
    }
    if (i == 60) return blood;
    S = next > low && next < high ? next : 0.5 * (low + high);
  }
}

double tissue_tension(const BedRegulation& r, const VenousBlood& blood) { return blood.tension - r.corner_fall; }

MetabolicDilation metabolic_dilation(const BedRegulation& r, double flow, const VenousBlood& blood) {
  using Slope = Dual<double>;  // by ln Q
  const double S = blood.saturation, met = blood.met, delivery = flow * r.capacity;
  const double per_saturation = 1.0 / (oxygen::hill_exponent * S * (1.0 - S));  // d ln P/dS
  const double met_slope = met * (1.0 - met) * per_saturation;
  // dS/d ln Q of the balance Q c (S_a − S) = M met(S)
  const double moved = flow > 0.0 ? delivery * (r.arterial_saturation - S) / (delivery + r.demand * met_slope) : 0.0;
  const Slope tension(blood.tension, blood.tension * per_saturation * moved);
  const Slope felt = tension - Slope(r.corner_fall) + Slope(r.healthy_fall);
  const Slope F = metabolic::dilation<Slope>(
      r.signal, r.metabolic,
      {oxygen::saturation(max(felt, Slope(1e-3 * unit::mmHg)), Slope(r.half_saturation)),
       Slope(r.demand / r.demand_at_rest), Slope(flow, flow) / Slope(r.flow_at_rest),
       Slope(r.demand * met / r.demand_at_rest, r.demand * met_slope * moved / r.demand_at_rest)});
  return {F.value, F.derivative};
}

ToneTarget tone_target(const BedRegulation& r, const BeatMeans& means, std::size_t b, std::size_t k, double metabolic,
                       double acetylcholine) {
  static const std::array<tone::Blend, muscular> blends = [] {
    std::array<tone::Blend, muscular> all{};
    for (std::size_t i = 0; i < muscular; ++i) all[i] = tone::blend(0.5 * vessel_classes[i].diameter_um * unit::um);
    return all;
  }();
  using Slope = Dual<double>;
  const Muscle& m = r.muscle[k];
  const double open = 1.0 - endothelium::constriction(k, m.reactivity, acetylcholine);
  if (m.relieved == 0.0) return {.loss = 1.0 - open};
  // Radius relative to the healthy bed's at its reference pressure
  const double area = std::max(means.volume[b][k] / m.volume, 1e-6);
  const double shear = reference_shear[k] * std::max(means.flow[b], 0.0) / m.flow / (area * sqrt(area));
  const Slope F_NO = endothelium::nitric_oxide(
      k, m.function, m.half_effect, tone::shear_factor(blends[k], Slope(shear, shear)), acetylcholine);  // by ln τ
  const double spared = 1.0 - metabolic::conducted[k] * metabolic;
  const double A = (1.0 - F_NO.value) * spared * m.relieved;
  const Slope stretched = tone::relative_loss(blends[k], Slope(means.transmural[b][k], 1.0));
  const double loss = m.strength * stretched.value + m.neurohumoral;
  constexpr double most = 0.95;
  const double bounded = std::min(loss, most);
  const double by_shear = -open * bounded * F_NO.derivative * spared * m.relieved;  // ln τ = ln Q − 1.5 ln V + …
  return {.loss = 1.0 - (1.0 - A * bounded) * open,
          .by_transmural = loss < most ? open * A * m.strength * stretched.derivative : 0.0,
          .by_volume = -1.5 * by_shear,
          .by_flow = by_shear,
          .by_metabolic = -open * bounded * (1.0 - F_NO.value) * metabolic::conducted[k] * m.relieved};
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
