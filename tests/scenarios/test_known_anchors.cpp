/// Patients of a batch who share their healthy twin.
#include "scenarios/known_anchors.hpp"

#include "scenarios/beat.hpp"
#include "scenarios/lanes.hpp"
#include "tests/scenarios/patients.hpp"

using namespace coronet;
using namespace coronet::testing;

namespace {

/// Anchors a patient; how many beats that took.
std::size_t anchored(const PatientParameters& parameters, KnownAnchors* known, Patient& made) {
  std::size_t beats = 0;
  lead(making_patient(parameters, {}, nullptr, made, known), [&](BeatRequest& request) {
    ++beats;
    pass_beat(request);
  });
  REQUIRE(made.status == Status::ok);
  return beats;
}

}  // namespace

TEST_CASE("who differs only in what the healthy twin has not is anchored at once, with the bits he has alone") {
  KnownAnchors known;
  Patient first, made, alone_made;
  CHECK(anchored(parameters_of("healthy", {"bed.hyperaemic_capillary_share=0.6"}), &known, first) > 3);
  for (const char* setting : {"microvessels.lad.capillary_density_ratio=0.5", "microvessels.arteriolar_lumen_ratio=0.7",
                              "lesion.diameter_reduction_percent=60", "endothelium.function=0.2"}) {
    INFO(setting);
    const PatientParameters p = parameters_of("healthy", {"bed.hyperaemic_capillary_share=0.6", setting});
    CHECK(anchored(p, &known, made) == 0);
    CHECK(anchored(p, nullptr, alone_made) > 3);
    CHECK(made.anchor == alone_made.anchor);
    CHECK(made.start.fast == alone_made.start.fast);
    CHECK(made.start.tone == alone_made.start.tone);
    CHECK(made.beats == alone_made.beats);
    CHECK((made.parameters == p));
  }
}

TEST_CASE("who has another healthy twin is anchored by himself") {
  KnownAnchors known;
  Patient made;
  anchored(parameters_of("healthy"), &known, made);
  for (const char* setting :
       {"bed.hyperaemic_capillary_share=0.31", "heart.heart_rate_bpm=66", "blood.haematocrit=0.44",
        "epicardial.size_ratio=1.01", "myocardium.lv_mass_g=131", "oxygen.consumption_mL_per_min_per_100g=10"}) {
    INFO(setting);
    CHECK(anchored(parameters_of("healthy", {setting}), &known, made) > 1);
  }
}

TEST_CASE("known anchors are not kept without end, and the newest stay") {
  KnownAnchors known;
  const auto twin = [](int i) {
    PatientParameters p;
    p.heart.heart_rate_bpm = 60.0 + 0.01 * i;
    return p;
  };
  Patient patient;
  for (int i = 0; i < 300; ++i) {
    patient.beats = static_cast<std::size_t>(i);
    known.keep(twin(i), patient);
  }
  CHECK_FALSE(known.find(twin(0)));
  REQUIRE(known.find(twin(299)));
  CHECK(known.find(twin(299))->beats == 299);
  CHECK(known.find(twin(100))->beats == 100);
}
