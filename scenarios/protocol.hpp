/// Protocols: named lists of phases, and the run of a patient through them.
#pragma once
#include <string>
#include <vector>

#include "scenarios/indices.hpp"

namespace coronet {

/// Names that `coronet run --protocol` knows: rest, adenosine_iv, adenosine_ic, pullback.
const std::vector<std::string>& protocol_names();

struct RunResult {
  Patient patient;
  std::size_t artery = network::lad;
  std::vector<PhaseResult> phases;      // in protocol order, each condition once
  std::vector<PhaseReadings> readings;  // same order
  bool has_indices = false;             // needs rest and one hyperaemia
  Indices indices{};
  std::vector<Index> table;
  bool pullback_wanted = false;
  Status status = Status::ok;
  std::string failure;

  /// Index of a phase by name, or npos.
  std::size_t find(const std::string& phase) const;
  static constexpr std::size_t npos = static_cast<std::size_t>(-1);
  std::size_t hyperaemia() const;  // adenosine_iv, else adenosine_ic, else npos
};

/// Throws ParameterError on an unknown protocol; numerical trouble ends in `status`.
RunResult run_patient(const PatientParameters& parameters, const std::vector<std::string>& protocols,
                      std::size_t artery, const Numerics& numerics = {});

}  // namespace coronet
