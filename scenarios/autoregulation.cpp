#include "scenarios/autoregulation.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "model/math.hpp"

namespace coronet {
namespace {

AutoregulationPoint solve_point(const Patient& patient, double pressure_mmHg, double aortic, const Numerics& numerics,
                                PatientState& state) {
  AutoregulationPoint point;
  point.pressure_mmHg = pressure_mmHg;
  const PhaseResult phase = solve_from(patient, at_perfusion_pressure(rest, pressure_mmHg, aortic), numerics, state);
  point.status = phase.status;
  point.failure = phase.failure;
  point.flow = phase.mean.flow;
  point.venous_saturation = phase.venous_saturation;
  point.tissue_tension = phase.tissue_tension;
  point.metabolic_dilation = phase.metabolic_dilation;
  return point;
}

}  // namespace

double autoregulation_gain(double pressure_1, double flow_1, double pressure_2, double flow_2) {
  return 1.0 - log(flow_2 / flow_1) / log(pressure_2 / pressure_1);
}

Condition at_perfusion_pressure(Condition condition, double pressure_mmHg, double aortic) {
  condition.perfusion_factor = pressure_mmHg * unit::mmHg / aortic;
  return condition;
}

PhaseResult solve_from(const Patient& patient, const Condition& condition, const Numerics& numerics,
                       PatientState& state) {
  PatientState now = state;
  PhaseResult phase = solve_phase(patient, condition, without_waveforms(numerics), &now);
  if (phase.status != Status::ok) {
    now = start_of(patient, condition, numerics);
    phase = solve_phase(patient, condition, without_waveforms(numerics), &now);
  }
  if (phase.status == Status::ok) state = now;
  return phase;
}

Autoregulation sweep_perfusion_pressure(const Patient& patient, const AutoregulationOptions& o,
                                        const Numerics& numerics, const PatientState* settled) {
  Autoregulation sweep;
  PatientState own = settled ? *settled : start_of(patient, rest, numerics);
  const PhaseResult at_rest = solve_phase(patient, rest, without_waveforms(numerics), &own);
  sweep.status = at_rest.status;
  sweep.failure = at_rest.failure;
  if (at_rest.status != Status::ok) return sweep;
  const double aortic = at_rest.mean.aortic;
  sweep.own_pressure_mmHg = aortic / unit::mmHg;
  sweep.flow_at_rest = at_rest.mean.flow;
  std::vector<double> above, below;  // each away from the patient's own pressure
  for (std::size_t i = 0;; ++i) {
    const double pressure = o.from_mmHg + o.step_mmHg * static_cast<double>(i);
    if (pressure > o.to_mmHg + 1e-9) break;
    (pressure >= sweep.own_pressure_mmHg ? above : below).push_back(pressure);
  }
  std::reverse(below.begin(), below.end());
  for (const auto* side : {&below, &above}) {
    PatientState state = own;
    for (double pressure : *side) sweep.points.push_back(solve_point(patient, pressure, aortic, numerics, state));
  }
  std::sort(sweep.points.begin(), sweep.points.end(),
            [](const auto& a, const auto& b) { return a.pressure_mmHg < b.pressure_mmHg; });
  return sweep;
}

const AutoregulationPoint* Autoregulation::solved_at(double pressure_mmHg) const {
  for (const AutoregulationPoint& p : points)
    if (p.status == Status::ok && std::fabs(p.pressure_mmHg - pressure_mmHg) < 1e-6) return &p;
  return nullptr;
}

double Autoregulation::gain(std::size_t territory, double from_mmHg, double to_mmHg) const {
  const AutoregulationPoint *from = solved_at(from_mmHg), *to = solved_at(to_mmHg);
  if (!from || !to) return std::numeric_limits<double>::quiet_NaN();
  return autoregulation_gain(from_mmHg, territory_flow(from->flow, territory), to_mmHg,
                             territory_flow(to->flow, territory));
}

LowerLimit Autoregulation::lower_limit(const std::function<double(const PerBed&)>& flow_of) const {
  bool effective = false;
  double above = 0.0, above_gain = 0.0;  // of the last window with an effective gain
  for (auto low = points.rbegin(); low != points.rend(); ++low) {
    const AutoregulationPoint* high = solved_at(low->pressure_mmHg + gain_window_mmHg);
    if (low->status != Status::ok || !high || low->pressure_mmHg >= own_pressure_mmHg) continue;
    const double middle = sqrt(low->pressure_mmHg * high->pressure_mmHg), flow = flow_of(low->flow);
    if (!(flow > 0.0)) return effective ? LowerLimit{LowerLimit::Found::yes, middle} : LowerLimit{};
    const double gain = autoregulation_gain(low->pressure_mmHg, flow, high->pressure_mmHg, flow_of(high->flow));
    if (!(gain >= effective_gain)) {
      if (!effective) return {};
      const double share = (above_gain - effective_gain) / (above_gain - gain);
      return {LowerLimit::Found::yes, above + share * (middle - above)};
    }
    above = middle, above_gain = gain, effective = true;
  }
  return {effective ? LowerLimit::Found::below_range : LowerLimit::Found::not_effective, 0.0};
}

LowerLimit Autoregulation::lower_limit_of_layer(std::size_t territory, std::size_t layer) const {
  return lower_limit([&](const PerBed& flow) { return flow[network::bed_of(territory, layer)]; });
}

LowerLimit Autoregulation::lower_limit_of_artery(std::size_t territory) const {
  return lower_limit([&](const PerBed& flow) { return territory_flow(flow, territory); });
}

}  // namespace coronet
