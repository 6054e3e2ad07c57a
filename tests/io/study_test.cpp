/// Study files: what they say, what they may not say, and that the resolved study says the same.
#include "io/study_file.hpp"

#include <algorithm>
#include <catch2/catch.hpp>

#include "io/atomic_file.hpp"
#include "io/patient_file.hpp"
#include "scenarios/parameter_table.hpp"
#include "tests/io/scratch_folder.hpp"

using namespace coronet;
using namespace coronet::io;
using Catch::Contains;
using study::make_sample, study::sample_count;

namespace {

const std::string grid = R"(title = "A grid"
patient = "cmd_structural"
protocol = ["rest"]
artery = "RCA"

[fixed]
heart.heart_rate_bpm = 70

[sampling]
method = "grid"

[[parameter]]
key = "microvessels.capillary_density_ratio"
range = [0.5, 2.0]
scale = "log"
steps = 3

[[parameter]]
key = "lesion.stented"
values = [false, true]

[outputs]
readings = ["flow_rca_mL_per_min", "endo_epi_ratio"]
)";

StudyFile parse(const std::string& text, const std::vector<std::string>& settings = {}) {
  return parse_study(text, "test.toml", settings);
}

std::string with(const std::string& sampling, const std::string& parameters) {
  return "[sampling]\n" + sampling + "\n" + parameters + "[outputs]\nindices = [\"cfr\"]\n";
}

const std::string two = R"([[parameter]]
key = "heart.heart_rate_bpm"
distribution = {kind = "normal", mean = 65, sd = 8, minimum = 45, maximum = 90}
[[parameter]]
key = "heart.contractility"
range = [0.5, 2]
)";

}  // namespace

TEST_CASE("a study says which samples there are, the last parameter turning fastest") {
  const StudyFile file = parse(grid);
  const study::Study& s = file.study;
  CHECK(s.title == "A grid");
  CHECK(s.artery == network::rca);
  CHECK(s.patient.heart.heart_rate_bpm == 70.0);
  CHECK(s.patient.microvessels.arteriolar_lumen_ratio[0] == 0.66);
  REQUIRE(sample_count(s) == 6);
  CHECK(make_sample(s, 0).values == std::vector<double>{0.5, 0.0});
  CHECK(make_sample(s, 1).values == std::vector<double>{0.5, 1.0});
  CHECK(make_sample(s, 2).values[0] == Approx(1.0));
  CHECK(make_sample(s, 5).values == std::vector<double>{2.0, 1.0});
  const PatientParameters p = study::patient_of(s, make_sample(s, 5));
  CHECK(p.lesion.stented);
  for (const double ratio : p.microvessels.capillary_density_ratio) CHECK(ratio == 2.0);  // a group key sweeps all beds
  CHECK(s.factors[0].name == "capillary_density_ratio");
  REQUIRE(s.outputs.size() == 2);
  CHECK(s.outputs[0].phase == "rest");
}

TEST_CASE("a finer key refines a coarser one, whichever stands first") {
  const StudyFile file = parse(with("method = \"list\"", R"([[parameter]]
key = "microvessels.lad.subendocardium.capillary_density_ratio"
values = [0.5, 0.6]
[[parameter]]
key = "microvessels.capillary_density_ratio"
values = [1.5, 1.6]
)"));
  CHECK(file.study.factors[0].name == "microvessels_lad_subendocardium_capillary_density_ratio");
  const auto p = study::patient_of(file.study, make_sample(file.study, 1)).microvessels.capillary_density_ratio;
  CHECK(p[network::bed_of(network::lad, network::subendocardium)] == 0.6);
  CHECK(p[network::bed_of(network::lad, network::midwall)] == 1.6);
  CHECK(sample_count(file.study) == 2);
}

TEST_CASE("the resolved study resolves to itself and gives the same samples") {
  for (const std::string& text :
       {grid, with("method = \"morris\"\ncount = 5\nlevels = 6", two), with("method = \"saltelli\"\ncount = 8", two),
        with("method = \"sobol\"\ncount = 64\ncorrelation = [[\"heart.heart_rate_bpm\", \"contractility\", 0.3]]",
             two)}) {
    const StudyFile once = parse(text), again = parse(once.resolved);
    CHECK(again.resolved == once.resolved);
    CHECK(again.hash == once.hash);
    REQUIRE(sample_count(again.study) == sample_count(once.study));
    for (std::size_t i = 0; i < sample_count(once.study); ++i)
      CHECK(make_sample(again.study, i).values == make_sample(once.study, i).values);
  }
  CHECK_THROWS_AS(parse(with("method = \"sobol\"\ncount = 64\nseed = 18446744073709551615", two)), InputError);
  const std::string big = with("method = \"sobol\"\ncount = 64\nseed = \"18446744073709551615\"", two);
  CHECK(parse(big).study.sampling.seed == 18446744073709551615u);
  CHECK(parse(parse(big).resolved).hash == parse(big).hash);
}

TEST_CASE("settings of the command line reach the study, its parameters and the patient") {
  const StudyFile file = parse(with("method = \"sobol\"\ncount = 64", two),
                               {"sampling.count=2000", "sampling.method=latin_hypercube", "artery=LCx",
                                "outputs.indices=cfr,ffr", "parameter.contractility.range=[0.8, 1.2]",
                                "blood.haematocrit=0.4", "protocol=adenosine_ic", "lesion.artery=LCx", "title=Other"});
  const study::Study& s = file.study;
  CHECK(s.sampling.count == 2000);
  CHECK(s.sampling.method == study::Method::latin_hypercube);
  CHECK(s.artery == network::lcx);
  CHECK(s.outputs.size() == 2);
  CHECK(s.factors[1].distribution.maximum == 1.2);
  CHECK(s.patient.blood.haematocrit == 0.4);
  CHECK(s.patient.lesion.artery == network::lcx);
  CHECK(s.protocols == std::vector<std::string>{"adenosine_ic"});
  CHECK(s.title == "Other");
  // A varied parameter is held fixed
  const StudyFile fixed = parse(with("method = \"sobol\"\ncount = 64", two), {"heart.heart_rate_bpm=72"});
  CHECK(fixed.study.factors.size() == 1);
  CHECK(fixed.study.patient.heart.heart_rate_bpm == 72.0);
  CHECK_THROWS_WITH(parse(grid, {"sampling.cuont=3"}),
                    Contains("unknown key 'sampling.cuont'") && Contains("sampling.count"));
  CHECK_THROWS_WITH(parse(grid, {"heart.heart_rate=3"}), Contains("did you mean 'heart.heart_rate_bpm'"));
  CHECK_THROWS_WITH(parse(grid, {"parameter.nothing.range=[1,2]"}), Contains("varies no parameter 'nothing'"));
  CHECK_THROWS_WITH(parse(grid, {"heart.heart_rate_bpm=500"}), Contains("40 to 140 1/min"));
}

TEST_CASE("mistakes in a study are named with line, key, value and what would be right") {
  const auto wrong = [](const std::string& text, const std::string& line, const std::string& what) {
    INFO(text);
    CHECK_THROWS_WITH(parse(text), Contains("test.toml" + line) && Contains(what));
  };
  wrong("titel = \"x\"\n" + grid.substr(grid.find("patient")), ":1", "unknown key 'titel'; did you mean 'title'?");
  wrong("protocol = [\"exercise_ramp\"]\n" + with("method = \"sobol\"\ncount = 5", two), "",
        "'cfr' needs adenosine_iv or adenosine_ic among the protocols");
  std::string course = with("method = \"sobol\"\ncount = 5", two);
  course.replace(course.find("\"cfr\""), 5, "\"occlusion_peak\"");
  wrong(course, "", "'occlusion_peak' needs occlusion among the protocols");
  wrong(grid + "[smapling]\ncount = 1\n", ":24", "did you mean 'sampling'");
  wrong(with("method = \"gird\"", two), ":2", "did you mean 'grid'");
  wrong(with("method = \"sobol\"", two), ":1", "'sampling.count' is missing");
  wrong(with("method = \"sobol\"\ncount = 0", two), ":3", "from 1 to");
  wrong(with("method = \"sobol\"\ncount = 1.5", two), ":3", "whole number");
  wrong(with("method = \"grid\"\ncount = 5", two), ":3", "does not go with the method grid");
  wrong(with("method = \"grid\"", two), ":3", "no distribution");
  wrong(with("method = \"sobol\"\ncount = 5", "[[parameter]]\nkey = \"heart.heart_rate\"\nrange = [1, 2]\n"), ":5",
        "did you mean");
  wrong(with("method = \"sobol\"\ncount = 5", "[[parameter]]\nkey = \"heart.heart_rate_bpm\"\nrange = [1, 2]\n"), ":6",
        "40 to 140 1/min");
  wrong(with("method = \"sobol\"\ncount = 5", "[[parameter]]\nkey = \"heart.heart_rate_bpm\"\nrange = [80, 60]\n"),
        ":6", "rise");
  wrong(with("method = \"sobol\"\ncount = 5", "[[parameter]]\nkey = \"lesion.artery\"\nvalues = [\"LIMA\"]\n"), ":6",
        "LAD, LCx, RCA, LM");
  wrong(with("method = \"sobol\"\ncount = 5", "[[parameter]]\nkey = \"lesion.stented\"\nrange = [0, 1]\n"), ":4",
        "list its values");
  wrong(with("method = \"sobol\"\ncount = 5",
             "[[parameter]]\nkey = \"heart.heart_rate_bpm\"\ndistribution = {kind = \"normal\", mean = 65, sd = 8}\n"),
        ":6", "must stay inside");
  wrong(with("method = \"sobol\"\ncount = 5",
             "[[parameter]]\nkey = \"heart.heart_rate_bpm\"\ndistribution = {kind = \"normal\", mean = 65, sd = -8}\n"),
        ":6", "above 0");
  wrong(
      with("method = \"sobol\"\ncount = 5",
           "[[parameter]]\nkey = \"heart.heart_rate_bpm\"\ndistribution = {kind = \"normal\", mean = 65, sigma = 8}\n"),
      ":6", "needs 'parameter.distribution.sd'");
  wrong(with("method = \"list\"",
             "[[parameter]]\nkey = \"heart.heart_rate_bpm\"\nvalues = [60, 70]\n[[parameter]]\nkey = "
             "\"heart.contractility\"\nvalues = [1]\n"),
        "", "side by side");
  wrong(with("method = \"sobol\"\ncount = 5\ncorrelation = [[\"heart.heart_rate_bpm\", \"heart.contractility\", 1.5]]",
             two),
        ":4", "from -1 to 1");
  wrong(with("method = \"morris\"\ncount = 5\ncorrelation = [[\"heart.heart_rate_bpm\", \"heart.contractility\", 0.5]]",
             two),
        ":4", "independent");
  wrong("[sampling]\nmethod = \"sobol\"\ncount = 4\n" + two + "[outputs]\nindices = [\"cfrr\"]\n", ":11",
        "did you mean 'cfr'");
  wrong("protocol = \"rest\"\n" + with("method = \"sobol\"\ncount = 4", two), "", "needs adenosine_iv");
  wrong("set = {a = 1}\n" + grid, ":1", "unknown key 'set'");
  wrong("patient = {heart.heart_rate_bmp = 60}\n" + with("method = \"sobol\"\ncount = 4", two), ":1",
        "heart.heart_rate_bpm");
}

TEST_CASE("readings of spasm are kept unasked only where a sample can have it, and wherever they are asked for") {
  const std::string text =
      "protocol = [\"adenosine_iv\", \"acetylcholine\"]\n[sampling]\nmethod = \"list\"\n"
      "[[parameter]]\nkey = \"heart.heart_rate_bpm\"\nvalues = [60, 70]\n";
  const auto kept = [&](const std::vector<std::string>& settings) {
    const StudyFile file = parse(text, settings);
    const auto& all = file.study.outputs;
    return std::count_if(all.begin(), all.end(),
                         [](const study::Output& o) { return o.name == "ach_spasm_diameter_change_percent"; });
  };
  CHECK(kept({}) == 0);
  CHECK(kept({"patient=vasospasm"}) == 1);
  CHECK(kept({"spasm.reactivity=5"}) == 1);
  CHECK(kept({"outputs.indices=cfr,ach_spasm_diameter_change_percent"}) == 1);
}

TEST_CASE("non-ASCII keys and deep nesting are refused, not parsed") {
  for (const char* text : {"\xcb\xb1 = 1\n", "\xcb\xb1", "t\xc3\xaftle = \"x\"\n"})
    CHECK_THROWS_AS(parse(text), InputError);
  for (const char* text : {"[[ = 1\n", "[=]\n", "[ .a]\n", "[#\n", "[", "[[ "})
    CHECK_THROWS_WITH(parse(text), Contains("name of a table"));
  for (const char* text : {"y = [\"ffr\", }]\n", "y = [ }", "y = [[1], { a = [} ] }]\n", "y = [1,\n# no\n}"})
    CHECK_THROWS_WITH(parse(text), Contains("a '}' inside of '['"));
  CHECK_THROWS_WITH(parse("y = [{a = 1}, {b = [2]}, \"}\"] # }\n"), Contains("unknown key 'y'"));
  CHECK_THROWS_WITH(parse("x = [\n[ 1, 2],\n[{a = 1}]]\n"), Contains("unknown key 'x'"));  // that is no table
  std::string deep = "a";
  for (int i = 0; i < 100'000; ++i) deep += ".a";
  CHECK_THROWS_AS(parse(deep + " = 1\n"), InputError);
  CHECK_THROWS_AS(parse(grid, {std::string("sampling.count=") + deep}), std::exception);
}

TEST_CASE("differences are listed key by key") {
  const std::string a = parse(with("method = \"sobol\"\ncount = 64", two)).resolved;
  CHECK(differences(a, a).empty());
  const std::string b = parse(with("method = \"sobol\"\ncount = 65", two),
                              {"blood.haematocrit=0.4", "parameter.contractility.range=[0.5, 3]"})
                            .resolved;
  const auto changes = differences(a, b);
  REQUIRE(changes.size() == 3);
  CHECK(changes[0].find("parameter heart.contractility.distribution.maximum: 2 -> 3") != std::string::npos);
  CHECK(changes[1].find("patient.blood.haematocrit: 0.45") != std::string::npos);
  CHECK(changes[2] == "sampling.count: 64 -> 65");
}

TEST_CASE("a table of samples gives its rows, and its mistakes their lines") {
  const ScratchFolder folder;
  const auto write = [&](const std::string& text) { std::ofstream(folder.path / "samples.csv") << text; };
  const std::string text = "[sampling]\nmethod = \"table\"\nfile = \"samples.csv\"\n[outputs]\nindices = [\"cfr\"]\n";
  const auto load = [&] { return parse_study(text, folder.path / "s.toml"); };
  write(
      "\xEF\xBB\xBFheart.heart_rate_bpm, lesion.artery ,lesion.stented\r\n60,LAD,true\r\n# nothing\n\n\"70\",RCA,0\n");
  const StudyFile file = load();
  REQUIRE(sample_count(file.study) == 2);
  CHECK(make_sample(file.study, 1).values == std::vector<double>{70.0, 2.0, 0.0});
  CHECK(parse_study(file.resolved, folder.path / "again.toml").hash == file.hash);
  write("heart.heart_rate_bpm,lesion.artery,lesion.stented\n61,LAD,true\n");
  CHECK(load().hash != file.hash);
  CHECK_THROWS_WITH(parse_study(file.resolved, folder.path / "again.toml"), Contains("file_sha256"));
  CHECK(parse_study(file.resolved, "elsewhere.toml", {}, false).study.factors.size() == 3);
  write("heart.heart_rate_bpm\n60\n500\n");
  CHECK_THROWS_WITH(load(), Contains("samples.csv:3") && Contains("40 to 140"));
  write("heart.heart_rate_bpm;lesion.artery\n60;LAD\n");
  CHECK_THROWS_WITH(load(), Contains("samples.csv:1") && Contains("commas"));
  write("heart.heart_rate_bpm\n60,70\n");
  CHECK_THROWS_WITH(load(), Contains("samples.csv:2: 2 values for 1 columns"));
  write("heart.heartrate\n60\n");
  CHECK_THROWS_WITH(load(), Contains("samples.csv:1") && Contains("heart.heart_rate_bpm"));
  write("heart.heart_rate_bpm\n");
  CHECK_THROWS_WITH(load(), Contains("no sample"));
  std::filesystem::remove(folder.path / "samples.csv");
  CHECK_THROWS_AS(load(), FileError);
}

TEST_CASE("every shipped study can be read, and what it draws is there") {
  REQUIRE(shipped_studies().size() >= 3);
  for (const std::string& name : shipped_studies()) {
    INFO(name);
    const StudyFile file = load_study(name);
    CHECK(sample_count(file.study) > 0);
    CHECK_FALSE(file.plot.x.empty());
    CHECK_FALSE(file.plot.y.empty());
    CHECK(parse_study(file.resolved, "again.toml").hash == file.hash);
  }
  CHECK_THROWS_WITH(load_study("capilary_density"), Contains("did you mean 'capillary_density'"));
}
