/// Protocols that are more than one limit cycle, as the command line runs them.
#include "scenarios/courses.hpp"

#include "tests/scenarios/patients.hpp"

using namespace coronet;
using namespace coronet::testing;

namespace {

double flow_mL_per_min(const TransientBeat& beat, std::size_t artery) { return beat.flow[artery] / unit::mL_per_min; }

const TransientBeat& beat_at(const TimeCourse& course, double time) {
  const TransientBeat* found = &course.transient.beats.front();
  for (const TransientBeat& b : course.transient.beats)
    if (b.time <= time) found = &b;
  return *found;
}

}  // namespace

TEST_CASE("courses do not disturb phases and indices, and each is run once") {
  const std::vector<std::string> both = {"adenosine_iv", "occlusion", "autoregulation", "acetylcholine", "occlusion"};
  const RunResult with = run("healthy", {}, {}, both),
                  without = run("healthy", {}, {}, {"adenosine_iv", "acetylcholine"});
  CHECK(all_numbers(with) == all_numbers(without));
  CHECK(with.phases.size() == without.phases.size());
  CHECK(with.courses.time_courses.size() == 1);
  CHECK(with.courses.autoregulation.has_value());
  CHECK_FALSE(with.courses.exercise_ramp.has_value());
  CHECK(with.courses.failures().empty());
  CHECK_FALSE(without.courses.any());
  const RunResult alone = run("healthy", {}, {}, {"occlusion"});
  REQUIRE(alone.phases.size() == 1);
  CHECK(alone.phases[0].condition.name == "rest");
  CHECK_FALSE(alone.has_indices);
  CHECK(alone.courses.time_courses[0].hyperaemia.peak == with.courses.time_courses[0].hyperaemia.peak);
}

TEST_CASE("every course starts from the patient at rest") {
  const RunResult r = run("cmd_structural", {}, {}, time_course_names(), network::lcx);
  REQUIRE(r.courses.time_courses.size() == 3);
  for (const TimeCourse& c : r.courses.time_courses) {
    CAPTURE(c.name);
    REQUIRE(c.transient.status == Status::ok);
    CHECK(c.artery == network::lcx);
    for (double time : {0.0, 8.0})
      CHECK(flow_mL_per_min(beat_at(c, time), network::lcx) ==
            Approx(r.readings[0].flow_mL_per_min[network::lcx]).epsilon(1e-4));
  }
}

TEST_CASE("the steps have the half-times of dogs and end where the limit cycle is") {
  const RunResult r = run("healthy", {}, {}, {"pressure_step", "pacing_step"});
  for (const TimeCourse& c : r.courses.time_courses) {
    CAPTURE(c.name);
    // Dankelman 1989-92: 5.5 s dilating, 6.2 to 6.6 s constricting
    CHECK(c.step.half_time_dilating == Approx(5.5).margin(1.5));
    CHECK(c.step.half_time_constricting == Approx(6.4).margin(1.5));
    const PhaseResult settled = solve_phase(r.patient, c.changed);
    REQUIRE(settled.status == Status::ok);
    CHECK(c.step.flow_changed == Approx(territory_flow(settled.mean.flow, network::lad)).epsilon(0.01));
    CHECK(c.step.flow_after == Approx(c.step.flow_before).epsilon(0.01));
  }
}

TEST_CASE("pacing raises demand by the regression at level pressure and cardiac output") {
  const Patient patient = make_patient(parameters_of("healthy"));
  // 4.08e-4 x 120 x HR + 3.25e-4 x 112 x 65 x 1 + 1.43 at 65 and at 100/min
  const double before = 4.08e-4 * 120.0 * 65.0 + 3.25e-4 * 112.0 * 65.0 + 1.43;
  const double after = 4.08e-4 * 120.0 * 100.0 + 3.25e-4 * 112.0 * 65.0 + 1.43;
  CHECK(paced(patient, 35.0).demand_factor == Approx(after / before));
  CHECK(paced(patient, 35.0).heart_rate_rise == Approx(35.0 / 60.0));
  CHECK(paced(patient, 0.0).demand_factor == Approx(1.0));
}

TEST_CASE("an occlusion closes the artery asked for and no other") {
  for (std::size_t artery = 0; artery < network::territories; ++artery) {
    const RunResult r = run("healthy", {}, {}, {"occlusion"}, artery);
    const TimeCourse& c = r.courses.time_courses.front();
    for (std::size_t t = 0; t < network::territories; ++t) {
      CAPTURE(artery, t);
      const double before = flow_mL_per_min(beat_at(c, 5.0), t), closed = flow_mL_per_min(beat_at(c, 23.0), t);
      if (t == artery)
        CHECK(std::fabs(closed) < 0.01 * before);
      else
        CHECK(closed == Approx(before).epsilon(0.02));
    }
    CHECK(c.hyperaemia.peak > 2.0);
    CHECK(c.hyperaemia.time_to_peak < 5.0);
    CHECK(c.hyperaemia.half_decay > c.hyperaemia.time_to_peak);
  }
}

TEST_CASE("a course that fails says so and leaves the run and the other courses alone") {
  // 140/min at rest: 35 more leave no time for diastole in a heart of low contractility
  const RunResult r =
      run("healthy", {"heart.heart_rate_bpm=140", "heart.contractility=0.85"}, {}, {"pacing_step", "pressure_step"});
  REQUIRE(r.courses.time_courses.size() == 2);
  CHECK(r.courses.time_courses[0].transient.status == Status::invalid);
  CHECK_FALSE(r.courses.time_courses[0].transient.beats.empty());
  CHECK(r.courses.time_courses[0].step.half_time_dilating == 0.0);
  CHECK(r.courses.time_courses[1].transient.status == Status::ok);
  const auto failures = r.courses.failures();
  REQUIRE(failures.size() == 1);
  CHECK(failures[0].find("pacing_step: ") == 0);
  CHECK(failures[0].find("no time for diastole") != std::string::npos);
}

TEST_CASE("rate-pressure product and the heart's farthest tissue follow the load") {
  const RunResult r = run("cmd_structural", {}, {}, {"exercise_ramp"}, network::rca);
  const ExerciseTest& test = *r.courses.exercise_ramp;
  REQUIRE(test.end == ExerciseEnd::ischaemia);
  CHECK(rate_pressure_product_mmHg_per_min(r.patient, 1.0) == Approx(120.0 * 65.0));
  // 12.5 METs, age 50: 173/min and 7 mmHg per MET
  CHECK(rate_pressure_product_mmHg_per_min(r.patient, 12.5) == Approx((208.0 - 35.0) * (120.0 + 7.0 * 11.5)));
  double last = 1e9;
  for (const ExercisePoint& p : test.points) {
    const double tension = lowest_tension(r.patient.parameters, p);
    CHECK(tension < last);
    CHECK(tension <= lowest(p.tissue_tension, network::rca));
    last = tension;
  }
  CHECK(last < 0.5 * unit::mmHg);  // the last point is beyond the onset
}
