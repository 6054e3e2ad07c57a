/// Samples of a large study begin between solved patients: the same results, sooner, and still pure functions of
/// study and sample.
#include "scenarios/start_lattice.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include "tests/scenarios/patients.hpp"

using namespace coronet;
using namespace coronet::testing;
using study::Method, study::Sample, study::SampleResult, study::Study;

namespace {

study::Factor range(const char* key, double from, double to, random::Kind kind = random::Kind::uniform) {
  return {.key = key, .name = key, .values = {}, .distribution = {kind, 0, 0, from, to}, .steps = 0};
}

Study many(std::size_t count, std::vector<study::Factor> factors) {
  Study s;
  s.factors = std::move(factors);
  s.sampling.method = Method::sobol;
  s.sampling.count = count;
  study::prepare(s);
  s.outputs = {{.name = "cfr"}, {.name = "ffr"}};
  for (const char* phase : {"rest", "adenosine_iv"})
    for (const char* reading : {"flow_lad_mL_per_min", "beats"}) s.outputs.push_back({.name = reading, .phase = phase});
  return s;
}
Study density_and_share(std::size_t count) {
  return many(count, {range("microvessels.capillary_density_ratio", 0.5, 2.0, random::Kind::loguniform),
                      range("bed.hyperaemic_capillary_share", 0.15, 0.6)});
}

std::map<std::size_t, std::vector<double>> solved(const Study& s, std::vector<std::size_t> which, int threads) {
  std::vector<SampleResult> results(which.size());
  study::evaluate(s, {.count = which.size(),
                      .threads = threads,
                      .sample = [&](std::size_t i) { return study::make_sample(s, which[i]); },
                      .solved = [&](std::size_t i, SampleResult r) { results[i] = std::move(r); }});
  std::map<std::size_t, std::vector<double>> outputs;
  for (std::size_t i = 0; i < which.size(); ++i) {
    INFO(results[i].reason);
    REQUIRE(results[i].status == study::SampleStatus::ok);
    outputs[which[i]] = results[i].outputs;
  }
  return outputs;
}

}  // namespace

TEST_CASE("a lattice is as equal as the number of points and the factors allow") {
  Study s = many(100000, {range("heart.heart_rate_bpm", 50, 90), range("bed.hyperaemic_capillary_share", 0.1, 0.75),
                          range("microvessels.arteriolar_lumen_ratio", 0.6, 1)});
  using Sizes = std::vector<std::size_t>;
  CHECK(study::lattice_sizes(s, 256, {true, true, true}) == Sizes{7, 6, 6});
  CHECK(study::lattice_sizes(s, 256, {false, true, false}) == Sizes{1, 256, 1});
  CHECK(study::lattice_sizes(s, 5, {true, true, true}) == Sizes{2, 2, 1});
  s.factors[1].values = {0.1, 0.3, 0.75};
  CHECK(study::lattice_sizes(s, 256, {true, true, true}) == Sizes{9, 3, 9});
}

TEST_CASE("between the points of a lattice what is linear is exact, and outside the nearest side counts") {
  const Study s = many(100000, {range("heart.heart_rate_bpm", 50, 90),
                                range("microvessels.capillary_density_ratio", 0.5, 2.0, random::Kind::loguniform)});
  study::Lattice lattice(s, {5, 4});
  const auto plane = [](const Sample& x) { return 3.0 * x.values[0] - 7.0 * std::log(x.values[1]); };
  for (std::size_t i = 0; i < lattice.points(); ++i) lattice.numbers(i) = {plane(lattice.sample_at(i)), 1.0};
  for (const auto& values : std::vector<std::vector<double>>{{50, 0.5}, {61.3, 0.77}, {90, 2.0}, {75, 1.99}}) {
    const std::vector<double> found = lattice.between({0, values});
    CHECK(found[0] == Approx(plane({0, values})).epsilon(1e-13));
    CHECK(found[1] == Approx(1.0).epsilon(1e-14));
  }
  CHECK(lattice.between({0, {30, 0.1}}) == lattice.between({0, {50, 0.5}}));
  CHECK(lattice.between({0, {120, 9.0}}) == lattice.between({0, {90, 2.0}}));
  lattice.numbers(0).clear();
  CHECK(lattice.between({0, {51, 0.51}}).empty());
  CHECK_FALSE(lattice.between({0, {89, 1.9}}).empty());
}

TEST_CASE("samples that begin on a lattice end where they do by themselves, and sooner") {
  const Study on_lattice = density_and_share(2000);
  Study own = on_lattice;
  own.sampling.lattice = false;
  std::vector<std::size_t> which;
  for (std::size_t i = 0; i < 24; ++i) which.push_back(80 * i);
  const auto with = solved(on_lattice, which, 0), without = solved(own, which, 0);
  double beats_with = 0.0, beats_without = 0.0;
  for (const std::size_t i : which)
    for (std::size_t k = 0; k < on_lattice.outputs.size(); ++k) {
      const double a = with.at(i)[k], b = without.at(i)[k];
      if (on_lattice.outputs[k].name == "beats") {
        beats_with += a, beats_without += b;
      } else {
        INFO(i << ", " << on_lattice.outputs[k].name);
        CHECK(a == Approx(b).epsilon(3e-5));
      }
    }
  CHECK(beats_with < 0.8 * beats_without);
}

TEST_CASE("a sample on a lattice does not know which others are solved, nor when, nor on how many threads") {
  // the density has no share in the anchor, so that few samples anchor for many
  Study s = many(400, {range("microvessels.capillary_density_ratio", 0.5, 2.0),
                       range("bed.hyperaemic_capillary_share", 0.15, 0.6)});
  s.factors[1].values = {0.15, 0.35, 0.6};
  std::vector<std::size_t> which = {3, 17, 20, 41, 160, 222, 300, 399};
  const auto once = solved(s, which, 1);
  std::reverse(which.begin(), which.end());
  CHECK(solved(s, which, 2) == once);
  which = {41};
  CHECK(solved(s, which, 1).at(41) == once.at(41));
}

TEST_CASE("own starts give a sample the bits of a patient alone") {
  Study s = density_and_share(2000);
  s.sampling.lattice = false;
  const RunResult alone = run_patient(study::patient_of(s, study::make_sample(s, 7)), s.protocols, s.artery);
  CHECK(solved(s, {7}, 1).at(7)[0] == alone.indices.cfr);
}
