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
  PhaseResult phase = solve_phase(patient, condition, numerics, &now);
  if (phase.status != Status::ok) {
    now = start_of(patient, condition);
    phase = solve_phase(patient, condition, numerics, &now);
  }
  if (phase.status == Status::ok) state = now;
  return phase;
}

Autoregulation sweep_perfusion_pressure(const Patient& patient, const AutoregulationOptions& o,
                                        const Numerics& numerics, const PatientState* settled) {
  Autoregulation sweep;
  PatientState own = settled ? *settled : start_of(patient, rest);
  const PhaseResult at_rest = solve_phase(patient, rest, numerics, &own);
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

double Autoregulation::gain(std::size_t territory, double from_mmHg, double to_mmHg) const {
  const auto flow_at = [&](double pressure) {
    for (const AutoregulationPoint& p : points)
      if (p.status == Status::ok && std::fabs(p.pressure_mmHg - pressure) < 1e-6)
        return territory_flow(p.flow, territory);
    return std::numeric_limits<double>::quiet_NaN();
  };
  return autoregulation_gain(from_mmHg, flow_at(from_mmHg), to_mmHg, flow_at(to_mmHg));
}

LowerLimit Autoregulation::lower_limit(const std::function<double(const PerBed&)>& flow_of) const {
  // From the first solved pressure at or above the patient's own downwards
  double upper = 0.0, upper_flow = 0.0, above = 0.0, above_gain = 0.0;
  bool first = true;
  const auto next = points.rbegin();
  auto start = next;
  for (auto p = next; p != points.rend(); ++p)
    if (p->status == Status::ok && p->pressure_mmHg >= own_pressure_mmHg) start = p;
  for (auto p = start; p != points.rend(); ++p) {
    if (p->status != Status::ok) continue;
    const double flow = flow_of(p->flow);
    if (upper > 0.0) {
      // No forward flow is left: nothing is held
      const double gain = flow > 0.0 ? autoregulation_gain(upper, upper_flow, p->pressure_mmHg, flow)
                                     : -std::numeric_limits<double>::infinity();
      const double middle = sqrt(upper * p->pressure_mmHg);
      if (gain < effective_gain) {
        if (first) return {LowerLimit::Found::not_effective, 0.0};
        const double share = std::isfinite(gain) ? (above_gain - effective_gain) / (above_gain - gain) : 1.0;
        return {LowerLimit::Found::yes, above + share * (middle - above)};
      }
      above = middle, above_gain = gain, first = false;
    }
    upper = p->pressure_mmHg, upper_flow = flow;
    if (!(flow > 0.0)) break;
  }
  return {first ? LowerLimit::Found::not_effective : LowerLimit::Found::below_range, 0.0};
}

LowerLimit Autoregulation::lower_limit_of_layer(std::size_t territory, std::size_t layer) const {
  return lower_limit([&](const PerBed& flow) { return flow[network::bed_of(territory, layer)]; });
}

LowerLimit Autoregulation::lower_limit_of_artery(std::size_t territory) const {
  return lower_limit([&](const PerBed& flow) { return territory_flow(flow, territory); });
}

}  // namespace coronet
