#include "scenarios/transient.hpp"

#include <algorithm>
#include <cmath>

#include "scenarios/bed_readings.hpp"

namespace coronet {

Transient run_transient(const Patient& patient, const std::vector<ScheduledCondition>& schedule, double duration,
                        const Numerics& numerics, const PatientState* from) {
  if (schedule.empty()) throw std::invalid_argument("a transient needs a condition to start from");
  for (std::size_t i = 1; i < schedule.size(); ++i)
    if (schedule[i].start < schedule[i - 1].start)
      throw std::invalid_argument("condition '" + schedule[i].condition.name + "' starts before the one it follows");
  Transient transient;
  const auto fail = [&](Status status, const std::string& why) {
    transient.status = status;
    transient.failure = why;
    return transient;
  };
  PatientState state = from ? *from : start_of(patient, schedule[0].condition, numerics);
  if (!from) {
    const PhaseResult settled = solve_phase(patient, schedule[0].condition, without_waveforms(numerics), &state);
    if (settled.status != Status::ok) return fail(settled.status, settled.failure);
  }
  Course course(patient, schedule[0].condition, state, numerics);
  std::size_t now = 0;
  for (double time = 0.0; time < duration;) {
    const std::size_t before = now;
    while (now + 1 < schedule.size() && schedule[now + 1].start <= time + 1e-9) ++now;
    if (now != before) course.change(schedule[now].condition);
    TransientBeat beat;
    beat.time = time;
    beat.condition = schedule[now].condition.name;
    if (!course.advance(beat.beat))
      return fail(course.status, "after " + std::to_string(time) + " s, " + beat.condition + ": " + course.failure);
    for (std::size_t t = 0; t < network::territories; ++t) {
      beat.flow[t] = territory_flow(beat.beat.flow, t);
      beat.endo_epi[t] = endo_epi_ratio(beat.beat.flow, t);
    }
    time += beat.beat.period;
    transient.beats.push_back(std::move(beat));
  }
  transient.end = course.state();
  transient.status = course.status;
  transient.failure = course.failure;
  return transient;
}

double conductance(const TransientBeat& beat, std::size_t territory) {
  return beat.flow[territory] / (beat.beat.aortic - beat.beat.right_atrial);
}

double half_time(const std::vector<double>& time, const std::vector<double>& value) {
  if (value.size() < 2 || value.size() != time.size()) return 0.0;
  const double sign = value.back() > value.front() ? 1.0 : -1.0;
  const double half = 0.5 * (value.front() + value.back());
  for (std::size_t i = 1; i < value.size(); ++i)
    if (sign * (value[i] - half) >= 0.0) {
      const double share = (half - value[i - 1]) / (value[i] - value[i - 1]);
      return time[i - 1] + share * (time[i] - time[i - 1]) - time.front();
    }
  return time.back() - time.front();
}

ReactiveHyperaemia reactive_hyperaemia(const Transient& transient, std::size_t territory, double start,
                                       double release) {
  ReactiveHyperaemia r;
  double before = 0.0, closed = 0.0, passed = 0.0;
  const auto at_half = [](const TransientBeat& b) { return b.time + 0.5 * b.beat.period; };
  for (const TransientBeat& b : transient.beats) {
    const double volume = b.flow[territory] * b.beat.period;
    if (b.time < start - 1e-9)
      before += b.beat.period, r.flow_before += volume;
    else if (b.time < release - 1e-9)
      closed += b.beat.period, passed += volume;
  }
  if (!(before > 0.0) || !(closed > 0.0)) return r;
  r.flow_before /= before;
  double excess = 0.0, peak = 0.0, released = -1.0, peak_at = 0.0;
  for (const TransientBeat& b : transient.beats) {
    if (b.time < release - 1e-9) continue;
    if (released < 0.0) released = b.time;
    const double flow = b.flow[territory];
    excess += (flow - r.flow_before) * b.beat.period;
    if (flow > peak) peak = flow, peak_at = at_half(b);
  }
  r.peak = peak / r.flow_before;
  r.time_to_peak = peak_at - released;
  r.repayment = excess / (r.flow_before * closed - passed);
  for (const TransientBeat& b : transient.beats)
    if (at_half(b) > peak_at && b.flow[territory] - r.flow_before <= 0.5 * (peak - r.flow_before)) {
      r.half_decay = at_half(b) - peak_at;
      break;
    }
  return r;
}

}  // namespace coronet
