/// A lane has the bits that a patient alone has.
#include <algorithm>
#include <atomic>
#include <cmath>
#include <cstring>

#include "scenarios/beat.hpp"
#include "scenarios/lanes_kernel.hpp"
#include "tests/scenarios/patients.hpp"

using namespace coronet;
using namespace coronet::testing;

namespace {

struct OfThisTest {};
/// Every way of this processor, and every width of packs that exists.
std::vector<lanes::Way> all_ways() {
  std::vector<lanes::Way> all = lanes::ways();
  all.push_back(lanes::way_of<Pack<1, OfThisTest>>("pack of 1"));
  all.push_back(lanes::way_of<Pack<4, OfThisTest>>("pack of 4"));
  all.push_back(lanes::way_of<Pack<8, OfThisTest>>("pack of 8"));
  all.push_back(lanes::way_of<Pack<16, OfThisTest>>("pack of 16"));
  return all;
}

template <class T> void add_bits(std::string& text, const T& numbers) {
  text.append(reinterpret_cast<const char*>(&numbers), sizeof numbers);
}

/// Everything that a run says, as bytes.
std::string bits(const RunResult& r) {
  std::string text = status_name(r.status) + r.failure;
  add_bits(text, r.patient.anchor);
  add_bits(text, r.patient.start.fast);
  for (const PhaseResult& p : r.phases) {
    text += p.condition.name + status_name(p.status) + p.failure;
    if (p.status != Status::ok) continue;
    if (p.trace) add_bits(text, *p.trace);
    add_bits(text, p.mean);
    add_bits(text, p.tone);
    add_bits(text, p.venous_saturation);
    add_bits(text, std::array<double, 4>{p.period_error, p.volume_residual, p.regulation_residual,
                                         static_cast<double>(p.beats)});
    add_bits(text, p.steps_per_beat);
  }
  for (const auto& [name, value] : all_numbers(r)) text += name, add_bits(text, value);
  return text;
}

const std::vector<std::string> protocols = {"adenosine_iv", "acetylcholine"};

PatientParameters contradictory() {
  PatientParameters p;
  p.heart.aortic_diastolic_mmHg = p.heart.aortic_systolic_mmHg + 10.0;
  return p;
}

/// Easy and hard patients; one whose values contradict each other, one whose beats need finer meshes.
const std::vector<PatientParameters>& members() {
  static const std::vector<PatientParameters> all = {
      parameters_of("healthy"),
      parameters_of("cmd_structural", {"heart.heart_rate_bpm=95", "heart.aortic_systolic_mmHg=180"}),
      contradictory(),
      parameters_of("lad_stenosis_with_cmd"),
      parameters_of("healthy_female", {"microvessels.capillary_density_ratio=0.5"}),
      parameters_of("healthy", {"lesion.diameter_reduction_percent=90"}),
      parameters_of("cmd_functional"),
  };
  return all;
}
const std::vector<std::string>& alone_bits() {
  static const std::vector<std::string> all = [] {
    std::vector<std::string> texts;
    for (const PatientParameters& p : members()) {
      RunResult r;
      try {
        r = run_patient(p, protocols, network::lad);
      } catch (const ParameterError& e) {
        r.status = Status::invalid;
        r.failure = e.what();
      }
      texts.push_back(bits(r));
    }
    return texts;
  }();
  return all;
}

}  // namespace

TEST_CASE("patients in a batch have the bits they have alone, for every width and instruction set") {
  std::size_t finer = 0, invalid = 0;
  for (const lanes::Way& way : all_ways()) {
    INFO(way.name);
    const std::vector<RunResult> results = run_patients(members(), protocols, network::lad, {}, 1, way);
    REQUIRE(results.size() == members().size());
    for (std::size_t i = 0; i < results.size(); ++i) {
      INFO("patient " << i);
      CHECK((bits(results[i]) == alone_bits()[i]));
      invalid += results[i].status == Status::invalid;
      for (const PhaseResult& p : results[i].phases) finer += p.steps_per_beat > beat_mesh_size();
    }
  }
  CHECK(invalid == all_ways().size());
  CHECK(finer > 0);  // otherwise packs of different meshes were not tried
}

TEST_CASE("the order of a batch, its size and the number of threads change no bits") {
  for (std::size_t round = 0; round < 3; ++round) {
    std::vector<std::size_t> order;
    for (std::size_t i = 0; i < 3 * members().size() + round; ++i) order.push_back((5 * i + round) % members().size());
    std::vector<PatientParameters> batch;
    for (std::size_t i : order) batch.push_back(members()[i]);
    const std::vector<RunResult> results =
        run_patients(batch, protocols, network::lad, {}, static_cast<int>(round) + 1, lanes::ways().back());
    for (std::size_t i = 0; i < results.size(); ++i) {
      INFO("round " << round << ", patient " << i);
      CHECK((bits(results[i]) == alone_bits()[order[i]]));
    }
  }
}

TEST_CASE("a lane that becomes non-finite says so and leaves its neighbours their bits, in either precision") {
  const bool single = GENERATE(false, true);
  const RunResult healthy = run("healthy");
  const PhaseResult& phase = healthy.phases[1];
  const std::size_t steps = 100;
  const auto rows = stage_forcing(Drive{phase.heart}, equal_steps(phase.heart.period, steps));
  const network::State<double> start = start_of_trace(phase);
  constexpr std::size_t many = 16, sick = 3, impossible = 10;
  const auto pass_all = [&](const auto& pass) {
    std::array<network::State<double>, many> states;
    std::array<BeatRequest, many> requests;
    std::vector<BeatRequest*> pointers;
    for (std::size_t i = 0; i < many; ++i) {
      states[i] = start;
      states[i][network::volume_index(i % network::beds, 1)] *= 1.0 - 0.01 * static_cast<double>(i);
      if (i == sick) states[i][network::pressure_at] = std::nan("");
      if (i == impossible) states[i][network::volume_index(0, 0)] = -1e-6;
      requests[i].parameters = &phase.network;
      requests[i].forcing = rows.data();
      requests[i].steps = steps;
      requests[i].state = &states[i];
      requests[i].single = single;
      pointers.push_back(&requests[i]);
    }
    pass(pointers);
    std::vector<std::string> texts;
    for (std::size_t i = 0; i < many; ++i) {
      std::string text;
      const bool good = requests[i].quality.in_range > 0.5 &&
                        std::all_of(states[i].begin(), states[i].end(), [](double v) { return std::isfinite(v); });
      CHECK(good == (i != sick && i != impossible));
      if (good) add_bits(text, states[i]), add_bits(text, requests[i].sensed), add_bits(text, requests[i].quality);
      texts.push_back(text);
    }
    return texts;
  };
  const std::vector<std::string> alone_texts = pass_all([](const std::vector<BeatRequest*>& all) {
    for (BeatRequest* r : all) pass_beat(*r);
  });
  for (const lanes::Way& way : all_ways()) {
    INFO(way.name);
    // whole packs, and what is left over when packs of three are asked for
    const std::size_t width = single ? way.single_width : way.width;
    for (const std::size_t at_once : {width, std::min<std::size_t>(3, width)})
      CHECK((alone_texts == pass_all([&](const std::vector<BeatRequest*>& all) {
               for (std::size_t i = 0; i < all.size(); i += at_once)
                 way.pass(all.data() + i, std::min(at_once, all.size() - i));
             })));
  }
}

TEST_CASE("a protocol that nobody knows ends a batch before it begins, and an exception ends it with that exception") {
  CHECK_THROWS_AS(run_patients(members(), {"handstand"}, network::lad), ParameterError);
  std::atomic<int> ended = 0;
  CHECK_THROWS_WITH(run_patients(
                        40,
                        [](std::size_t i) -> PatientParameters {
                          if (i == 2) throw std::runtime_error("no such row");
                          return {};
                        },
                        {"rest"}, network::lad, {}, [&](std::size_t, RunResult&) { ++ended; }, 2),
                    "no such row");
  CHECK(ended < 40);
}

TEST_CASE("the way that is used is one of those compiled") {
  CHECK(lanes::instruction_set().find(lanes::chosen().name) == 0);
  CHECK(lanes::ways().size() >= 2);
}
