/// Running a study: samples in chunks on all cores, every finished chunk into the journal, at the end one result file.
///
/// The journal stands beside the result, as FILE.nc.journal. It is gone when the result is complete. A chunk counts as
/// done once the journal is synced; then no kill can lose it.
#pragma once
#include <array>
#include <atomic>
#include <filesystem>
#include <functional>
#include <map>
#include <span>
#include <string>

#include "io/patient_file.hpp"
#include "io/study_file.hpp"

namespace coronet::io {

struct SweepState {
  std::size_t count = 0, done = 0, synced = 0;  // samples
  std::size_t resumed = 0;                      // done before this process began
  std::array<std::size_t, 4> by_status{};       // of done, as study::SampleStatus counts
  std::array<std::string, 4> first_reason{};    // of each status
  std::uint64_t torn_bytes = 0;                 // cut off the journal on resuming
};

using Evaluate = std::function<void(const study::Study&, const study::Work&)>;

struct SweepOptions {
  std::filesystem::path output;
  int threads = 0;        // 0: all cores
  std::size_t chunk = 0;  // samples recorded together; 0: 512, fewer in small studies
  bool resume = false;
  double sync_seconds = 0.5;
  const std::atomic<bool>* stop = nullptr;               // when true, chunks under way are finished and synced
  std::function<void(const SweepState&)> progress = {};  // from one thread at a time
  Evaluate evaluate = study::evaluate;
};

enum class SweepEnd { complete, was_complete, stopped };

struct SweepResult {
  SweepEnd end = SweepEnd::complete;
  SweepState state;
  std::string results_sha256;
  std::vector<std::string> refusals;  // of sensitivity indices, because too many samples failed
};

/// The study was changed, or the program: what is in the journal belongs to another result.
struct StudyChanged : InputError {
  using InputError::InputError;
};

std::filesystem::path journal_of(const std::filesystem::path& output);

/// How long a sweep takes, from a few of its samples, spread over the design.
struct Probe {
  std::size_t samples = 0, failed = 0;
  double before = 0.0, seconds = 0.0;  // of the clock: what comes once for the whole study, and these samples
};
Probe probe(const StudyFile& file, int threads, std::size_t chunk, const Evaluate& evaluate = study::evaluate);

/// Runs what is left of the study and writes the result, unless stopped. Throws StudyChanged, InputError, FileError.
SweepResult run_sweep(const StudyFile& file, const SweepOptions& options);

}  // namespace coronet::io
