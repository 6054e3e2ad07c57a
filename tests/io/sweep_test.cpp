/// Sweeps with a fake solver: same bytes whatever the threads, chunks and interruptions; nothing resumed that does not
/// belong.
#include "io/sweep.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "io/compare.hpp"
#include "io/journal.hpp"
#include "io/netcdf_reader.hpp"
#include "tests/io/fake_solver.hpp"
#include "tests/io/full_disk.hpp"
#include "tests/io/scratch_folder.hpp"

using namespace coronet;
using namespace coronet::io;
using Catch::Contains;

namespace {

const std::string monte_carlo = R"([sampling]
method = "monte_carlo"
count = 1000
seed = 3
[[parameter]]
key = "heart.heart_rate_bpm"
range = [40, 140]
[[parameter]]
key = "lesion.artery"
values = ["LAD", "RCA"]
[outputs]
indices = ["cfr", "endotype"]
readings = ["flow_lad_mL_per_min"]
)";

StudyFile study_of(const std::string& text, const std::vector<std::string>& settings = {}) {
  return parse_study(text, "test.toml", settings);
}

SweepOptions options_for(const std::filesystem::path& output) {
  SweepOptions o;
  o.output = output;
  o.evaluate = solve_fake;
  return o;
}

}  // namespace

TEST_CASE("threads and chunks do not change a byte of the result") {
  const ScratchFolder folder;
  const StudyFile file = study_of(monte_carlo);
  std::string expected, hash;
  for (const int threads : {1, 2, 8})
    for (const std::size_t chunk : {0u, 1u, 7u, 32u, 5000u}) {
      SweepOptions o = options_for(folder.path / "a.nc");
      o.threads = threads;
      o.chunk = chunk;
      const SweepResult r = run_sweep(file, o);
      CHECK(r.end == SweepEnd::complete);
      CHECK(r.state.done == 1000);
      CHECK(r.state.synced == 1000);
      CHECK(r.state.by_status[1] > 10);
      CHECK(r.state.by_status[0] + r.state.by_status[1] == 1000);
      if (expected.empty()) expected = content_of(folder.path / "a.nc"), hash = r.results_sha256;
      CHECK(r.results_sha256 == hash);
      if (content_of(folder.path / "a.nc") != expected)
        FAIL("other bytes with " << threads << " threads, chunk " << chunk);
      CHECK(folder.count() == 1);  // no journal, no temporary
    }
}

TEST_CASE("the file holds what the solver said, in sample order, with the reasons of failures") {
  const ScratchFolder folder;
  const StudyFile file = study_of(monte_carlo);
  run_sweep(file, options_for(folder.path / "a.nc"));
  const NetcdfReader nc(folder.path / "a.nc");
  CHECK(stored_sha256(nc) == nc.attribute("results_sha256"));
  std::vector<std::string> names;
  for (const StoredVariable& v : nc.variables()) names.push_back(v.name);
  CHECK(names == std::vector<std::string>{"sample", "phase", "p_heart_rate_bpm", "p_artery", "cfr", "endotype",
                                          "flow_lad_mL_per_min", "status", "failure_reason"});
  const auto column = [&](const char* name) { return nc.numbers(*nc.find(name), 0, 1000); };
  const auto rate = column("p_heart_rate_bpm"), artery = column("p_artery"), cfr = column("cfr"),
             status = column("status");
  const auto flow = column("flow_lad_mL_per_min"), endotype = column("endotype");
  const auto reason = nc.texts(*nc.find("failure_reason"), 0, 1000);
  for (std::size_t i = 0; i < 1000; ++i) {
    const study::Sample s = study::make_sample(file.study, i);
    const study::SampleResult r = fake_result(file.study, s);
    CHECK(rate[i] == s.values[0]);
    CHECK(artery[i] == s.values[1]);
    CHECK(status[i] == static_cast<double>(r.status));
    CHECK(reason[i] == r.reason);
    CHECK(ulp_distance(cfr[i], r.outputs[0]) == 0);
    CHECK(ulp_distance(flow[2 * i + 1], r.outputs[3]) == 0);  // (sample × phase)
    if (status[i] != 0.0) CHECK(endotype[i] == -1.0);
  }
}

TEST_CASE("a stopped sweep goes on, with other threads, to the same bytes") {
  const ScratchFolder folder;
  const StudyFile file = study_of(monte_carlo);
  run_sweep(file, options_for(folder.path / "whole.nc"));
  const std::string expected = content_of(folder.path / "whole.nc");
  const auto output = folder.path / "a.nc";
  std::size_t rounds = 0;
  for (std::size_t before = 0;; ++rounds) {
    std::atomic<bool> stop = false;
    SweepOptions o = options_for(output);
    o.threads = rounds % 2 ? 1 : 2;
    o.chunk = rounds == 0 ? 10 : 0;  // the journal's holds
    o.resume = true;
    o.stop = &stop;
    o.progress = [&](const SweepState& s) { stop = s.done >= before + 150; };
    const SweepResult r = run_sweep(file, o);
    CHECK(r.state.resumed == before);
    CHECK(r.state.synced == r.state.done);
    before = r.state.done;
    if (r.end == SweepEnd::complete) break;
    CHECK_FALSE(std::filesystem::exists(output));
    CHECK_THROWS_WITH(run_sweep(file, options_for(output)), Contains("--resume"));  // not by accident
    REQUIRE(rounds < 20);
  }
  CHECK(rounds >= 3);
  CHECK(content_of(output) == expected);
  SweepOptions o = options_for(output);
  o.resume = true;
  CHECK(run_sweep(file, o).end == SweepEnd::was_complete);
  CHECK_THROWS_WITH(run_sweep(study_of(monte_carlo, {"sampling.seed=4"}), o),
                    Contains("sampling.seed") && Contains("\"3\" -> \"4\""));
}

TEST_CASE("a changed study is refused with its differences, a damaged journal with its place") {
  const ScratchFolder folder;
  const StudyFile file = study_of(monte_carlo);
  const auto output = folder.path / "a.nc";
  std::atomic<bool> stop = false;
  SweepOptions o = options_for(output);
  o.stop = &stop;
  o.resume = true;
  o.progress = [&](const SweepState& s) { stop = s.done >= 300; };
  REQUIRE(run_sweep(file, o).end == SweepEnd::stopped);
  CHECK_THROWS_AS(run_sweep(study_of(monte_carlo, {"sampling.count=1001"}), o), StudyChanged);
  CHECK_THROWS_WITH(
      run_sweep(study_of(monte_carlo, {"sampling.count=1001", "blood.haematocrit=0.4"}), o),
      Contains("sampling.count: 1000 -> 1001") && Contains("patient.blood.haematocrit: 0.45") && Contains("-> 0.4"));
  const std::string journal = content_of(journal_of(output));
  std::string bad = journal;
  bad[journal.size() / 2] = static_cast<char>(bad[journal.size() / 2] ^ 4);
  std::ofstream(journal_of(output), std::ios::binary) << bad;
  CHECK_THROWS_WITH(run_sweep(file, o), Contains("damaged at byte"));
  std::ofstream(journal_of(output), std::ios::binary) << journal.substr(0, journal.size() - 11);  // torn
  stop = false;
  o.progress = {};
  const SweepResult r = run_sweep(file, o);
  CHECK(r.end == SweepEnd::complete);
  CHECK(r.state.torn_bytes > 0);
  // Records that are sound but belong elsewhere
  {
    Journal j = Journal::begin(journal_of(output), "{}");
    j.append("no chunk");
  }
  CHECK_THROWS_WITH(run_sweep(file, o), Contains("head"));
}

TEST_CASE("an exception of the solver ends the sweep and loses nothing that was done") {
  const ScratchFolder folder;
  const StudyFile file = study_of(monte_carlo);
  SweepOptions o = options_for(folder.path / "a.nc");
  o.threads = 1;
  o.evaluate = [](const study::Study& s, study::Work work) {
    work.sample = [sample = work.sample](std::size_t i) {
      if (i >= 500) throw std::runtime_error("a bug");
      return sample(i);
    };
    solve_fake(s, work);
  };
  CHECK_THROWS_WITH(run_sweep(file, o), Contains("a bug"));
  o.evaluate = solve_fake;
  o.resume = true;
  const SweepResult r = run_sweep(file, o);
  CHECK(r.state.resumed >= 490);
  CHECK(r.end == SweepEnd::complete);
}

TEST_CASE("on a full disk the sweep ends with an error, and goes on when there is space") {
  const ScratchFolder folder;
  const StudyFile file = study_of(monte_carlo, {"sampling.count=5000"});
  const ScratchFolder outside;
  const FullDisk in_journal = on_full_disk(folder.path, [&] {  // 64 KiB do not hold 5000 samples
    SweepOptions o = options_for(folder.path / "a.nc");
    o.threads = 1;  // a child of a process with OpenMP threads has none
    o.chunk = 32;
    o.sync_seconds = 0.0;
    std::size_t synced = 0;
    o.progress = [&](const SweepState& s) { synced = s.synced; };
    bool reported = false;
    try {
      run_sweep(file, o);
    } catch (const FileError& e) {
      reported = std::string(e.what()).find("No space left") != std::string::npos;
    }
    std::filesystem::copy(journal_of(o.output), outside.path / "copy");
    std::size_t chunks = 0;
    Journal::resume(outside.path / "copy", [&](std::uint64_t, std::string_view) { ++chunks; });
    return reported && synced > 100 && chunks * o.chunk >= synced && !std::filesystem::exists(o.output);
  });
  const FullDisk in_result = on_full_disk(folder.path, [&] {  // room for the journal, not for both
    SweepOptions o = options_for(folder.path / "b.nc");
    o.threads = 1;
    const StudyFile small = study_of(monte_carlo, {"sampling.count=300"});
    bool reported = false;
    try {
      run_sweep(small, o);
    } catch (const FileError& e) {
      reported = true;
    }
    return reported && std::filesystem::exists(journal_of(o.output)) && !std::filesystem::exists(o.output) &&
           folder.count() == 1;
  });
  for (const FullDisk disk : {in_journal, in_result}) {
    if (disk == FullDisk::not_permitted) WARN("skipped: no mount namespace is permitted here");
    CHECK(disk != FullDisk::not_as_expected);
  }
}

TEST_CASE("sensitivity indices are refused where too many samples failed, and stated where few did") {
  const ScratchFolder folder;
  const std::string saltelli = R"([sampling]
method = "saltelli"
count = 256
max_failed_percent = 20
[[parameter]]
key = "heart.heart_rate_bpm"
range = [40, 140]
[[parameter]]
key = "heart.contractility"
range = [0.5, 2]
[outputs]
indices = ["cfr", "endotype"]
)";
  const auto output = folder.path / "a.nc";
  const SweepResult good = run_sweep(study_of(saltelli), options_for(output));
  CHECK(good.refusals.empty());
  {
    const NetcdfReader nc(output);
    const auto total = nc.numbers(*nc.find("sobol_total"), 0, 2);
    CHECK(total[0] > 0.9);        // (parameter × output)
    CHECK(total[2] < 0.05);       // contractility enters with exp(0.01 x) only
    CHECK(std::isnan(total[1]));  // an endotype has no variance
    const double used = nc.numbers(*nc.find("rows_used"), 0, 1)[0], all = nc.numbers(*nc.find("rows"), 0, 1)[0];
    CHECK(all == 256.0);
    CHECK((used < 256.0 && used > 0.8 * 256.0));
  }
  const SweepResult refused = run_sweep(study_of(saltelli, {"sampling.max_failed_percent=1"}), options_for(output));
  REQUIRE(refused.refusals.size() == 1);
  CHECK(refused.refusals[0].find("of 256 rows hold a failed sample") != std::string::npos);
  const NetcdfReader nc(output);
  CHECK(std::isnan(nc.numbers(*nc.find("sobol_total"), 0, 2)[0]));
}

TEST_CASE("distances in units in the last place count the doubles between") {
  CHECK(ulp_distance(1.0, 1.0) == 0);
  CHECK(ulp_distance(1.0, std::nextafter(1.0, 2.0)) == 1);
  CHECK(ulp_distance(-1.0, std::nextafter(-1.0, 2.0)) == 1);
  CHECK(ulp_distance(0.0, -0.0) == 1);
  CHECK(ulp_distance(5e-324, -5e-324) == 3);
  const double nan = std::nan("");
  CHECK(ulp_distance(nan, nan) == 0);
  CHECK(ulp_distance(nan, 1.0) == ~std::uint64_t{0});
}

TEST_CASE("a comparison names what differs and what is missing on one side") {
  const ScratchFolder folder;
  run_sweep(study_of(monte_carlo), options_for(folder.path / "a.nc"));
  run_sweep(study_of(monte_carlo), options_for(folder.path / "b.nc"));
  CHECK(compare(folder.path / "a.nc", folder.path / "b.nc").different == 0);
  run_sweep(study_of(monte_carlo, {"sampling.seed=5", "outputs.indices=cfr,ffr"}), options_for(folder.path / "b.nc"));
  const Comparison c = compare(folder.path / "a.nc", folder.path / "b.nc");
  CHECK(c.study_changes.find("sampling.seed") != std::string::npos);
  const auto of = [&](const std::string& name) {
    for (const VariableDifference& d : c.variables)
      if (d.name == name) return d;
    FAIL("no variable " << name);
    return VariableDifference{};
  };
  CHECK(of("endotype").note == "only in the first file");
  CHECK(of("ffr").note == "only in the second file");
  CHECK(of("sample").different == 0);
  CHECK(of("p_heart_rate_bpm").different == 1000);
}
