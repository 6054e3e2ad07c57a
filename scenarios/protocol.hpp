/// Protocols: named lists of phases, and the run of a patient through them.
#pragma once
#include <array>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "scenarios/courses.hpp"
#include "scenarios/indices.hpp"
#include "scenarios/lanes.hpp"

namespace coronet {

/// Names that `coronet run --protocol` knows: rest, adenosine_iv, adenosine_ic, pullback, acetylcholine, nos_blockade,
/// nitroglycerin, and course_names().
const std::vector<std::string>& protocol_names();

/// Doses of the Mayo protocol, mol/L at 1 mL/min for 3 minutes each (Hasdai 1998): 0.18, 1.8 and 18 µg/min. The phases
/// are steady states: three minutes are 30 half-times of tone.
inline constexpr std::array<double, 3> acetylcholine_doses = {1e-6, 1e-5, 1e-4};

/// Acetylcholine into one artery at one of those doses; its name tells the dose (acetylcholine_100uM).
Condition acetylcholine_ic(double molar, std::size_t territory);

/// Blockade of NO synthase (L-NMMA, intracoronary): nothing of nitric oxide is left.
inline const Condition nos_blockade{.name = "nos_blockade", .nitric_oxide_blockade = 1.0};

/// The drug nitroglycerin (drugs.hpp) given after rest, in its steady state: what it does within the first minute, when
/// flow rises for a while, is not there.
inline const Condition nitroglycerin_ic{.name = "nitroglycerin"};

/// Conditions that the protocols run through, in order and each once. Throws ParameterError on an unknown protocol.
std::vector<Condition> conditions_of(const std::vector<std::string>& protocols, std::size_t artery);

/// Where a patient is expected to end: starts that shorten his searches and nothing else.
struct Expected {
  Anchor anchor{};
  PatientState anchored;             // the healthy twin
  std::vector<PatientState> phases;  // those of conditions_of
};

struct RunResult {
  Patient patient;
  std::size_t artery = network::lad;
  std::vector<PhaseResult> phases;      // in protocol order, each condition once
  std::vector<PhaseReadings> readings;  // same order
  std::vector<PatientState> ends;       // same order: where each search ended
  bool has_indices = false;             // needs rest and one hyperaemia
  Indices indices{};
  std::vector<Index> table;
  Courses courses;  // what else was asked; a failure in there leaves `status` alone
  bool pullback_wanted = false;
  Status status = Status::ok;
  std::string failure;

  /// Index of a phase by name, or npos.
  std::size_t find(const std::string& phase) const;
  static constexpr std::size_t npos = static_cast<std::size_t>(-1);
  std::size_t hyperaemia() const;          // adenosine_iv, else adenosine_ic, else npos
  std::size_t acetylcholine_peak() const;  // the highest dose, or npos
};

/// Throws ParameterError on an unknown protocol; numerical trouble ends in `status`.
RunResult run_patient(const PatientParameters& parameters, const std::vector<std::string>& protocols,
                      std::size_t artery, const Numerics& numerics = {});

/// The same for a patient who has been anchored (make_patient, with_parameters).
RunResult run_anchored(const Patient& patient, const std::vector<std::string>& protocols, std::size_t artery,
                       const Numerics& numerics = {});

/// The same as a conversation that asks for beats. A search that does not end from where it is `expected` begins anew as
/// it does without.
Dialogue<void> running_patient(const PatientParameters& parameters, const std::vector<std::string>& protocols,
                               std::size_t artery, const Numerics& numerics, RunResult& result,
                               KnownAnchors* known = nullptr, const Expected* expected = nullptr);

/// A patient of a batch.
struct Member {
  PatientParameters parameters;
  std::shared_ptr<const Expected> expected = nullptr;
  Member(PatientParameters p, std::shared_ptr<const Expected> e = nullptr)
      : parameters(std::move(p)), expected(std::move(e)) {}
};

/// Many patients at once, in lanes. Each has the bits of run_patient (with the same `expected`), whatever else is in the batch. Parameters that
/// contradict each other make that patient `invalid`. `patient(i)` and `ended(i, result)` are called in any order and, on
/// several threads (0: all cores), at the same time for different i; only a few patients are held at once. `allowed` is that
/// of parallel_deal.
void run_patients(std::size_t count, const std::function<Member(std::size_t)>& patient,
                  const std::vector<std::string>& protocols, std::size_t artery, const Numerics& numerics,
                  const std::function<void(std::size_t, RunResult&)>& ended, int threads = 1,
                  const lanes::Way& way = lanes::chosen(), const std::function<bool(std::size_t)>& allowed = {});
std::vector<RunResult> run_patients(std::span<const PatientParameters> patients,
                                    const std::vector<std::string>& protocols, std::size_t artery,
                                    const Numerics& numerics = {}, int threads = 1,
                                    const lanes::Way& way = lanes::chosen());

}  // namespace coronet
