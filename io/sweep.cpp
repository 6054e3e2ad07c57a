#include "io/sweep.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <map>
#include <mutex>
#include <nlohmann/json.hpp>
#include <optional>

#include "coronet_version.hpp"
#include "io/journal.hpp"
#include "io/one_line.hpp"
#include "io/sweep_file.hpp"
#include "io/sweep_record.hpp"
#include "solvers/parallel.hpp"

namespace coronet::io {
namespace fs = std::filesystem;
namespace {

constexpr int journal_version = 1;

std::string head_of(const StudyFile& file, std::size_t chunk) {
  return nlohmann::ordered_json{{"coronet_journal", journal_version},
                                {"program", CORONET_VERSION},
                                {"study_sha256", file.hash},
                                {"chunk", chunk},
                                {"study", file.resolved}}
      .dump(1);
}

/// Chunk size of a journal that belongs to this study and program; throws StudyChanged otherwise.
std::size_t chunk_of(const std::string& head, const StudyFile& file, const fs::path& journal) {
  std::vector<std::string> changes;
  std::size_t chunk = 0;
  try {
    const auto json = nlohmann::json::parse(head);
    if (json.at("coronet_journal") != journal_version)
      changes.push_back(
          fmt::format("format of the journal: {} -> {}", json.at("coronet_journal").dump(), journal_version));
    const std::string program = json.at("program"), study = json.at("study");
    if (program != CORONET_VERSION) changes.push_back(fmt::format("program: {} -> {}", program, CORONET_VERSION));
    if (json.at("study_sha256") != file.hash)
      for (const std::string& change : differences(study, file.resolved)) changes.push_back(change);
    chunk = json.at("chunk");
  } catch (const nlohmann::json::exception&) {
    throw FileError(journal, "resume from", "its head is not that of a sweep");
  }
  if (changes.empty() && chunk > 0) return chunk;
  throw StudyChanged(
      fmt::format("'{}' was begun with another study; nothing is resumed. Changed since: {}. Undo this, or "
                  "remove the journal to begin anew",
                  journal.string(), one_line(fmt::format("{}", fmt::join(changes, "; ")), 3000)));
}

/// Small studies in small pieces: an interruption loses what it finds in an unfinished one, and progress is told after each.
std::size_t default_chunk(std::size_t count) { return std::clamp<std::size_t>(count / 16, 1, 512); }

}  // namespace

fs::path journal_of(const fs::path& output) { return output.string() + ".journal"; }

Probe probe(const StudyFile& file, int threads, std::size_t chunk, const Evaluate& evaluate) {
  const std::size_t count = study::sample_count(file.study);
  const std::size_t used = static_cast<std::size_t>(threads > 0 ? threads : core_count());
  const std::size_t most = chunk ? chunk : default_chunk(count);
  Probe p{.samples = std::min(count, used * std::min<std::size_t>(most, 64))};
  std::atomic<std::size_t> failed = 0;
  using clock = std::chrono::steady_clock;
  const auto start = clock::now();
  auto first = start;
  std::once_flag begun;
  evaluate(
      file.study,
      {.count = p.samples,
       .threads = threads,
       .sample =
           [&](std::size_t i) {
             std::call_once(begun, [&] { first = clock::now(); });
             return make_sample(file.study, i * count / p.samples);
           },
       .solved = [&](std::size_t, const study::SampleResult& r) { failed += r.status != study::SampleStatus::ok; }});
  p.before = std::chrono::duration<double>(first - start).count();
  p.seconds = std::chrono::duration<double>(clock::now() - first).count();
  p.failed = failed;
  return p;
}

SweepResult run_sweep(const StudyFile& file, const SweepOptions& options) {
  using clock = std::chrono::steady_clock;
  const study::Study& study = file.study;
  const fs::path journal_path = journal_of(options.output);
  SweepResult result;
  SweepState& state = result.state;
  state.count = study::sample_count(study);
  std::size_t chunk = options.chunk ? options.chunk : default_chunk(state.count);
  std::vector<std::uint64_t> position;  // of each chunk in the journal; 0: not done
  const auto account = [&](const Chunk& c) {
    state.done += c.samples.size();
    for (const study::SampleResult& r : c.results) {
      const auto status = static_cast<std::size_t>(r.status);
      ++state.by_status[status];
      if (state.first_reason[status].empty()) state.first_reason[status] = r.reason;
    }
  };
  const auto chunks = [&] { return (state.count + chunk - 1) / chunk; };

  std::optional<Journal> journal;
  std::error_code ignored;
  if (fs::exists(journal_path, ignored)) {
    if (!options.resume)
      throw InputError(
          fmt::format("'{}' is there, from a sweep that was interrupted; go on with --resume, or remove it "
                      "to begin anew",
                      journal_path.string()));
    std::vector<std::uint64_t> found;
    // Only positions here: the head, which says what the records are, stands in the journal that is being read
    journal.emplace(Journal::resume(journal_path, [&](std::uint64_t at, std::string_view) { found.push_back(at); }));
    state.torn_bytes = journal->torn_bytes();
    if (!journal->head().empty()) {
      chunk = chunk_of(journal->head(), file, journal_path);
      position.assign(chunks(), 0);
      for (const std::uint64_t at : found) {
        try {
          const Chunk c = decode(journal->read(at), study.factors.size(), study.outputs.size());
          const std::size_t which = c.first / chunk;
          if (c.first % chunk != 0 || which >= chunks() ||
              c.samples.size() != std::min(chunk, state.count - which * chunk))
            throw std::invalid_argument("a record belongs to no chunk of this study");
          if (position[which] != 0) throw std::invalid_argument("a chunk is recorded twice");
          position[which] = at;
          account(c);
        } catch (const std::invalid_argument& e) {
          throw FileError(journal_path, "resume from", e.what());
        }
      }
    } else {
      journal->restart(head_of(file, chunk));
    }
  } else {
    if (options.resume && fs::exists(options.output, ignored)) {
      const SweepStamp stamp = stamp_of(options.output);
      if (stamp.study != file.resolved)
        throw StudyChanged(
            fmt::format("'{}' holds another study, complete. Differences: {}", options.output.string(),
                        one_line(fmt::format("{}", fmt::join(differences(stamp.study, file.resolved), "; ")), 3000)));
      result.end = SweepEnd::was_complete;
      result.results_sha256 = stamp.results_sha256;
      state.done = state.synced = state.resumed = state.count;
      return result;
    }
    journal.emplace(Journal::begin(journal_path, head_of(file, chunk)));
  }
  position.resize(chunks(), 0);
  state.resumed = state.synced = state.done;
  if (options.progress) options.progress(state);

  std::vector<std::size_t> open;
  for (std::size_t k = 0; k < position.size(); ++k)
    if (position[k] == 0) open.push_back(k);
  std::mutex mutex;
  clock::time_point synced_at = clock::now();
  const auto stopped = [&] { return options.stop && options.stop->load(); };
  const auto sync = [&] {
    journal->sync();
    state.synced = state.done;
    synced_at = clock::now();
  };
  // Samples are dealt one by one, so that no thread waits for the last of a chunk; a chunk is recorded once it is whole.
  struct Underway {
    Chunk chunk;
    std::size_t missing = 0;
  };
  // by place in `open`, where sample i of those that are left belongs to i / chunk: only the study's last chunk is short
  std::map<std::size_t, Underway> underway;
  const auto size_of = [&](std::size_t which) { return std::min(chunk, state.count - which * chunk); };
  const auto begin = [&](std::size_t place) {
    const std::size_t n = size_of(open[place]);
    const std::lock_guard<std::mutex> guard(mutex);
    underway[place] = {.chunk = {.first = open[place] * chunk,
                                 .samples = std::vector<study::Sample>(n),
                                 .results = std::vector<study::SampleResult>(n)},
                       .missing = n};
    return true;
  };
  const auto take = [&](std::size_t i) {
    study::Sample sample = make_sample(study, open[i / chunk] * chunk + i % chunk);
    const std::lock_guard<std::mutex> guard(mutex);
    underway.at(i / chunk).chunk.samples[i % chunk] = sample;
    return sample;
  };
  const auto record = [&](std::size_t i, study::SampleResult solved) {
    const std::size_t place = i / chunk;
    Chunk whole;
    {
      const std::lock_guard<std::mutex> guard(mutex);
      Underway& u = underway.at(place);
      u.chunk.results[i % chunk] = std::move(solved);
      if (--u.missing > 0) return;
      whole = std::move(u.chunk);
      underway.erase(place);
    }
    const std::string bytes = encode(whole);
    const std::lock_guard<std::mutex> guard(mutex);
    position[open[place]] = journal->append(bytes);
    account(whole);
    if (std::chrono::duration<double>(clock::now() - synced_at).count() >= options.sync_seconds) sync();
    if (options.progress) options.progress(state);
  };
  try {
    options.evaluate(study,
                     {.count = state.count - state.done,
                      .threads = options.threads,
                      .sample = take,
                      .solved = record,
                      .allowed = [&](std::size_t i) { return i % chunk != 0 || (!stopped() && begin(i / chunk)); }});
  } catch (...) {
    try {
      sync();
    } catch (const FileError&) {  // the first trouble is the one to tell
    }
    throw;
  }
  sync();
  if (options.progress) options.progress(state);
  if (state.done < state.count) {
    result.end = SweepEnd::stopped;
    return result;
  }
  const SweepWritten written = write_sweep(file, options.output, state.count, chunk, [&](std::size_t k) {
    return decode(journal->read(position[k]), study.factors.size(), study.outputs.size());
  });
  result.results_sha256 = written.results_sha256;
  result.refusals = written.refusals;
  journal->remove();
  return result;
}

}  // namespace coronet::io
