/// What a sweep can keep of a sample is what a run says.
#include "scenarios/study.hpp"

#include <algorithm>
#include <cmath>

#include "tests/scenarios/patients.hpp"

using namespace coronet;
using namespace coronet::testing;

namespace {

study::SampleResult solved(const study::Study& study) {
  study::SampleResult result;
  study::evaluate(study, {.count = 1,
                          .threads = 1,
                          .sample = [&](std::size_t i) { return study::make_sample(study, i); },
                          .solved = [&](std::size_t, study::SampleResult r) { result = std::move(r); }});
  return result;
}

}  // namespace

TEST_CASE("a sweep can keep every index that a run can give, with the value of the run") {
  study::Study study;
  study.patient = parameters_of("vasospasm");
  study.protocols = {"adenosine_iv", "acetylcholine"};
  study.sampling.method = study::Method::list;
  study::prepare(study);
  for (const study::Output& o : study::known_indices())
    if (o.course.empty()) study.outputs.push_back(o);
  const study::SampleResult result = solved(study);
  REQUIRE(result.status == study::SampleStatus::ok);

  const RunResult r = run_patient(study.patient, study.protocols, study.artery);
  REQUIRE(r.indices.has_spasm);
  CHECK(study.outputs.size() == r.table.size() + 1);  // and the endotype
  for (const Index& index : r.table) {
    INFO(index.key);
    const auto found = std::find_if(study.outputs.begin(), study.outputs.end(),
                                    [&](const study::Output& o) { return o.name == index.key; });
    REQUIRE(found != study.outputs.end());
    CHECK(std::isfinite(index.value));
    CHECK(result.outputs[static_cast<std::size_t>(found - study.outputs.begin())] == index.value);
  }
  const auto& endotype = study.outputs.back();
  CHECK(endotype.words[static_cast<std::size_t>(result.outputs.back())] == r.indices.endotype);
}

TEST_CASE("a sweep keeps the numbers of courses, with the values of the run") {
  study::Study study;
  study.patient = parameters_of("cmd_structural");
  study.protocols = course_names();
  study.sampling.method = study::Method::list;
  study::prepare(study);
  for (const study::Output& o : study::known_indices())
    if (!o.course.empty()) study.outputs.push_back(o);
  const study::SampleResult result = solved(study);
  REQUIRE(result.status == study::SampleStatus::ok);
  const auto kept = [&](const std::string& name) {
    for (std::size_t i = 0; i < study.outputs.size(); ++i)
      if (study.outputs[i].name == name) return result.outputs[i];
    FAIL(name);
    return 0.0;
  };

  const Courses c = run_patient(study.patient, study.protocols, study.artery).courses;
  CHECK(kept("autoregulation_gain") == c.autoregulation->gain(study.artery));
  CHECK(kept("autoregulation_lower_limit_subendocardium_mmHg") ==
        c.autoregulation->lower_limit_of_layer(study.artery, network::subendocardium).pressure_mmHg);
  CHECK(kept("exercise_time_s") == c.exercise_ramp->time);
  CHECK(kept("exercise_ischaemia_METs") == c.exercise_ramp->ischaemia_METs);
  CHECK(kept("exercise_end") == 0.0);  // ischaemia
  REQUIRE(c.time_courses.size() == 3);
  CHECK(kept("pressure_step_half_time_dilating_s") == c.time_courses[0].step.half_time_dilating);
  CHECK(kept("pacing_step_half_time_constricting_s") == c.time_courses[1].step.half_time_constricting);
  CHECK(kept("occlusion_peak") == c.time_courses[2].hyperaemia.peak);
}

TEST_CASE("a number that a course does not have is missing, one that could not be found fails the sample") {
  study::Study study;
  study.protocols = {"exercise_ramp"};
  study.sampling.method = study::Method::list;
  study::prepare(study);
  for (const study::Output& o : study::known_indices())
    if (o.name == "exercise_ischaemia_METs" || o.name == "exercise_end") study.outputs.push_back(o);
  study.patient = parameters_of("healthy", {"microvessels.capillary_density_ratio=2"});
  study::SampleResult result = solved(study);
  REQUIRE(result.status == study::SampleStatus::ok);
  CHECK(study.outputs[0].words[static_cast<std::size_t>(result.outputs[0])] == "fatigue");
  CHECK(std::isnan(result.outputs[1]));

  Courses broken;
  broken.autoregulation.emplace();
  broken.autoregulation->status = Status::ok;
  broken.autoregulation->points = {{.pressure_mmHg = 70, .failure = "lost"}, {.pressure_mmHg = 80, .failure = "too"}};
  CHECK(broken.trouble("autoregulation").first == Status::no_convergence);
  CHECK(broken.trouble("autoregulation").second == "autoregulation at 70 mmHg: lost");
  CHECK(broken.trouble("occlusion").first == Status::ok);
}
