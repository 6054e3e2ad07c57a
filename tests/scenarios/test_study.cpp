/// What a sweep can keep of a sample is what a run says.
#include "scenarios/study.hpp"

#include <algorithm>
#include <cmath>

#include "tests/scenarios/patients.hpp"

using namespace coronet;
using namespace coronet::testing;

TEST_CASE("a sweep can keep every index that a run can give, with the value of the run") {
  study::Study study;
  study.patient = parameters_of("vasospasm");
  study.protocols = {"adenosine_iv", "acetylcholine"};
  study.sampling.method = study::Method::list;
  study::prepare(study);
  study.outputs = study::known_indices();
  study::SampleResult result;
  study::evaluate(study, {.count = 1,
                          .threads = 1,
                          .sample = [&](std::size_t i) { return study::make_sample(study, i); },
                          .solved = [&](std::size_t, study::SampleResult r) { result = std::move(r); }});
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
