/// The parameter table and its errors.
#include <limits>
#include <set>

#include "tests/scenarios/patients.hpp"

using namespace coronet;
using namespace coronet::testing;
using Catch::Contains;

TEST_CASE("every parameter has a unique key, a source, a meaning and a default inside its range") {
  PatientParameters defaults;
  std::set<std::string> keys;
  for (const Parameter& p : parameter_table()) {
    INFO(p.key);
    CHECK(keys.insert(p.key).second);
    CHECK_FALSE(p.source.empty());
    CHECK_FALSE(p.meaning.empty());
    if (!p.choices.empty() || p.is_switch) continue;
    CHECK_FALSE(p.unit.empty());
    CHECK(p.minimum < p.maximum);
    for (const double* v : p.numbers(defaults)) CHECK((*v >= p.minimum && *v <= p.maximum));
  }
}

TEST_CASE("errors name key, value, unit, range and the nearest key") {
  PatientParameters p;
  CHECK_THROWS_WITH(set_parameter_from_text(p, "lesion.diameter_reduction_percent=95"),
                    Contains("lesion.diameter_reduction_percent") && Contains("95 %") && Contains("0 to 90 %"));
  CHECK_THROWS_WITH(set_parameter_from_text(p, "lesion.diameter_percent=5"),
                    Contains("did you mean 'lesion.diameter_reduction_percent'"));
  CHECK_THROWS_WITH(set_parameter_from_text(p, "heart_rate_bpm=70"), Contains("heart.heart_rate_bpm"));
  CHECK_THROWS_WITH(set_parameter_from_text(p, "heart.heart_rate_bpm=fast"), Contains("needs a number in 1/min"));
  CHECK_THROWS_AS(set_parameter(p, "heart.heart_rate_bpm", std::numeric_limits<double>::quiet_NaN()), ParameterError);
  CHECK_THROWS_AS(set_parameter(p, "heart.heart_rate_bpm", std::numeric_limits<double>::infinity()), ParameterError);
  CHECK_THROWS_WITH(set_parameter_from_text(p, "lesion.artery=LIMA"), Contains("LAD, LCx, RCA, LM"));
  CHECK_THROWS_AS(set_parameter_from_text(p, "lesion.stented=1"), ParameterError);
  CHECK_THROWS_AS(set_parameter_from_text(p, "lesion.stented"), ParameterError);
}

TEST_CASE("group keys set all their members and finer keys one") {
  PatientParameters p;
  set_parameter(p, "microvessels.capillary_density_ratio", 0.7);
  set_parameter(p, "microvessels.lad.capillary_density_ratio", 0.6);
  set_parameter(p, "microvessels.lad.subendocardium.capillary_density_ratio", 0.5);
  const auto& n = p.microvessels.capillary_density_ratio;
  CHECK(n[network::bed_of(network::lad, network::subendocardium)] == 0.5);
  CHECK(n[network::bed_of(network::lad, network::midwall)] == 0.6);
  CHECK(n[network::bed_of(network::rca, network::midwall)] == 0.7);
}

TEST_CASE("contradictions between parameters are refused") {
  PatientParameters p;
  p.heart.aortic_systolic_mmHg = 85.0;
  CHECK_THROWS_WITH(check_patient(p), Contains("aortic_systolic_mmHg"));
  p = {};
  p.myocardium.lv_share = {0.5, 0.5, 0.5};
  CHECK_THROWS_WITH(check_patient(p), Contains("add up"));
  p = {};
  p.lesion.artery = lesion_in_left_main;
  p.lesion.stented = true;  // a 15-mm stent in a 12-mm left main
  CHECK_THROWS_WITH(check_patient(p), Contains("lesion.stent_length_mm"));
}
