/// A patient in real time: beat by beat through a schedule of conditions, from a settled state.
///
/// The slow laws are those of the limit cycle without acceleration (phase.hpp, Course). Readings of such a course:
///
///   conductance   Q/(P_ao − P_RA), of a territory, per beat
///   half-time     first time at which half of the way from the first to the last value is behind
///   reactive hyperaemia of an occlusion of length T, with Q_0 the mean flow before it:
///     peak        max Q/Q_0 after release
///     half-decay  from the peak until Q − Q_0 has fallen to half of its peak
///     repayment   ∫ (Q − Q_0) dt after release / (Q_0 T − ∫_T Q dt)
///
/// Conditions change between beats, so a time is as exact as a beat is short.
#pragma once
#include <string>
#include <vector>

#include "scenarios/phase.hpp"

namespace coronet {

struct ScheduledCondition {
  double start = 0.0;  // s; holds from the first beat that begins at or after it
  Condition condition = rest;
};

struct TransientBeat {
  double time = 0.0;  // s, start of the beat
  std::string condition;
  std::array<double, network::territories> flow{}, endo_epi{};  // m³/s; ratio of the layers' flows
  CourseBeat beat;
};

struct Transient {
  std::vector<TransientBeat> beats;
  PatientState end;
  Status status = Status::no_convergence;
  std::string failure;
};

/// The patient settles under the first condition (its limit cycle) and lives through the schedule, which is in order of
/// time, until `duration`. `from` replaces the settling. Throws std::invalid_argument on an empty or unordered
/// schedule; anything else that goes wrong ends in `status`, with the beats until then.
Transient run_transient(const Patient& patient, const std::vector<ScheduledCondition>& schedule, double duration,
                        const Numerics& numerics = {}, const PatientState* from = nullptr);

/// Conductance of a territory over a beat, m³/(s·Pa).
double conductance(const TransientBeat& beat, std::size_t territory);

/// Half-time of a curve from its first to its last value, s after the first; between samples by straight lines.
double half_time(const std::vector<double>& time, const std::vector<double>& value);

struct ReactiveHyperaemia {
  double flow_before = 0.0;                     // m³/s
  double peak = 0.0;                            // relative to flow before
  double time_to_peak = 0.0, half_decay = 0.0;  // s
  double repayment = 0.0;                       // of the flow debt
};

/// Of a territory that was closed from `start` to `release` and watched until the transient's end.
ReactiveHyperaemia reactive_hyperaemia(const Transient& transient, std::size_t territory, double start, double release);

}  // namespace coronet
