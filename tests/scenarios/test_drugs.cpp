/// Drugs: their table, that they build no vessels, and what they do beside published figures.
#include <set>

#include "scenarios/drugs.hpp"
#include "scenarios/modifiers.hpp"
#include "tests/scenarios/patients.hpp"

using namespace coronet;
using namespace coronet::testing;
using Catch::Contains;

namespace {

PatientParameters with_drugs(const std::string& patient, const std::vector<std::string>& drugs,
                             const std::vector<std::string>& settings = {}) {
  PatientParameters p = parameters_of(patient);
  for (const std::string& drug : drugs) give_drug(p, drug);
  for (const std::string& s : settings) set_parameter_from_text(p, s);
  return p;
}

RunResult treated(const std::string& patient, const std::vector<std::string>& drugs,
                  const std::vector<std::string>& protocols = {"adenosine_iv"},
                  const std::vector<std::string>& settings = {}) {
  RunResult r = run_patient(with_drugs(patient, drugs, settings), protocols, network::lad);
  INFO(patient << ": " << r.failure);
  REQUIRE(r.status == Status::ok);
  return r;
}

double flow(const RunResult& r, std::size_t phase) { return r.readings[phase].flow_mL_per_min[0]; }
double velocity(const RunResult& r, std::size_t phase) { return r.readings[phase].average_peak_velocity_cm_per_s; }

}  // namespace

TEST_CASE("every drug has a dose, sourced effects on known keys, and says what it leaves out") {
  std::set<std::string> names;
  for (const Drug& drug : drug_table()) {
    INFO(drug.name);
    CHECK(names.insert(drug.name).second);
    CHECK_FALSE(drug.title.empty());
    CHECK_FALSE(drug.dose.empty());
    CHECK_FALSE(drug.route.empty());
    CHECK_FALSE(drug.effects.empty());
    CHECK_FALSE(drug.not_modelled.empty());
    for (const DrugEffect& e : drug.effects) {
      INFO(e.key);
      CHECK_FALSE(e.source.empty());
      CHECK((e.confidence == "measured" || e.confidence == "recalled" || e.confidence == "assumption"));
      // Neutral values are no effect, and one number stands behind each key
      PatientParameters p;
      REQUIRE(find_parameter(e.key).numbers(p).size() == 1);
      CHECK(*find_parameter(e.key).numbers(p).front() != e.value);
    }
    CHECK_NOTHROW(check_patient(with_drugs("healthy", {drug.name})));
  }
}

TEST_CASE("drugs combine: factors multiply, reliefs take from what is left, the wider dilation counts") {
  PatientParameters p = with_drugs("healthy", {"beta_blocker", "ivabradine"});
  CHECK(p.modifiers.heart_rate_factor == Approx(0.90 * 0.826).epsilon(1e-14));
  CHECK(p.drugs == std::vector<std::string>{"beta_blocker", "ivabradine"});
  p = with_drugs("healthy", {"calcium_channel_blocker", "nitroglycerin"});
  CHECK(p.modifiers.dilation_percent[network::distal] == 34.0);
  CHECK(p.modifiers.dilation_percent[network::proximal] == 10.0);
  CHECK(p.modifiers.constriction_relief == 1.0);
  CHECK(p.modifiers.systolic_pressure_factor == Approx(0.9 * 0.896).epsilon(1e-14));
}

TEST_CASE("an unknown drug and one given twice are refused") {
  PatientParameters p;
  CHECK_THROWS_WITH(give_drug(p, "beta_bloker"), Contains("did you mean 'beta_blocker'"));
  give_drug(p, "beta_blocker");
  CHECK_THROWS_WITH(give_drug(p, "beta_blocker"), Contains("given twice"));
}

TEST_CASE("no drug and no acquired disease anchors the bed again") {
  const Patient plain = make_patient(parameters_of("healthy"));
  for (const Drug& drug : drug_table()) {
    INFO(drug.name);
    CHECK(make_patient(with_drugs("healthy", {drug.name})).anchor == plain.anchor);
  }
  // The hypertensive bed is that of a heavier man with normal pressure. To 1e-3, because the twin's last bit of small
  // artery tone feels the demand and density of the patient; 133 % of pressure would be 0.3
  const Anchor high = make_patient(parameters_of("hypertension")).anchor;
  const Anchor normal = make_patient(parameters_of("healthy", {"myocardium.lv_mass_g=149"})).anchor;
  for (std::size_t t = 0; t < network::territories; ++t) CHECK(high[t] == Approx(normal[t]).margin(1e-3));
}

TEST_CASE("demand follows heart rate, pressure and stroke volume by the law of Rooke and Feigl") {
  PatientParameters p;
  CHECK(modified_demand(p) == 1.0);
  // By hand, 65/min and 120/80 mmHg: 3.1824 + 2.366 + 1.43 = 6.9784; half the rate: 1.5912 + 1.183 + 1.43
  p.modifiers.heart_rate_factor = 0.5;
  CHECK(modified_demand(p) == Approx(4.2042 / 6.9784).epsilon(1e-12));
  p.modifiers = {};
  p.modifiers.stroke_volume_factor = 2.0;
  CHECK(modified_demand(p) == Approx((6.9784 + 2.366) / 6.9784).epsilon(1e-12));
  p.modifiers = {};
  p.modifiers.systolic_pressure_factor = 0.9;  // 108 mmHg: 2.86416 + 2.16320 − 0 + 1.43
  CHECK(modified_demand(p) == Approx((2.86416 + 3.25e-4 * (0.8 * 108 + 16) * 65 + 1.43) / 6.9784).epsilon(1e-12));
}

TEST_CASE("drugs act in every phase") {
  const RunResult r = treated("healthy", {"ivabradine"}, {"adenosine_iv", "acetylcholine"});
  REQUIRE(r.phases.size() == 5);
  for (std::size_t i = 0; i < r.phases.size(); ++i) {
    const double untreated = r.phases[i].condition.name == "adenosine_iv" ? 82.0 : 65.0;
    CHECK(r.readings[i].heart_rate_bpm == Approx(0.826 * untreated).epsilon(1e-9));
  }
}

TEST_CASE("a beta-blocker lowers resting flow with demand and raises the reserve, less than measured") {
  // Velocity at rest 22.1 to 20.1 cm/s after a month of bisoprolol (Tagliamonte 2015), coronary sinus flow −4 % after
  // metoprolol i.v. (Am J Cardiol 1987).
  // MISSED: reserve 2.1 to 2.7 after 5 mg (J Am Coll Cardiol 2001; 38:1866), × 1.29 in stenosed arteries; ours × 1.06.
  // There the hyperaemic resistance fell by a third, for which the model knows no mechanism.
  // MISSED: bisoprolol also raised hyperaemic velocity; ours falls by 2 % with pressure.
  const RunResult before = treated("healthy", {}), after = treated("healthy", {"beta_blocker"});
  CHECK(flow(after, 0) / flow(before, 0) < 0.97);
  CHECK(flow(after, 0) / flow(before, 0) > 0.88);
  CHECK(after.indices.cfr / before.indices.cfr > 1.03);
  CHECK(after.indices.cfr / before.indices.cfr < 1.15);
  CHECK(flow(after, 1) / flow(before, 1) > 0.95);
}

TEST_CASE("ivabradine lowers resting flow as measured and raises hyperaemic flow and reserve") {
  // Velocity at rest 22.8 to 20.7 cm/s, −9 %, hyperaemic velocity up (Tagliamonte 2015, doi:10.1007/s12325-015-0237-x)
  const RunResult before = treated("healthy", {}), after = treated("healthy", {"ivabradine"});
  CHECK(100.0 * (velocity(after, 0) / velocity(before, 0) - 1.0) == Approx(-9.0).margin(3.0));
  CHECK(velocity(after, 1) > 1.01 * velocity(before, 1));
  CHECK(after.indices.cfr > before.indices.cfr);
  // More diastole serves the subendocardium first
  CHECK(after.readings[1].endo_epi_ratio[0] > before.readings[1].endo_epi_ratio[0]);
}

TEST_CASE("nitroglycerin widens epicardial arteries with or without an endothelium, and flow hardly changes") {
  for (const char* function : {"0", "0.8"}) {
    const RunResult r = treated("healthy", {}, {"nitroglycerin"}, {std::string("endothelium.function=") + function});
    REQUIRE(r.phases.size() == 2);
    const double widening = 100.0 * (r.readings[1].diameter_at_tip_mm / r.readings[0].diameter_at_tip_mm - 1.0);
    CHECK(widening > 10.0);
    CHECK(widening < 25.0);
    CHECK(flow(r, 1) / flow(r, 0) == Approx(1.0).margin(0.10));
    // Smaller arteries widen more: 0.4–1.0 mm by 54 % (Feldman 1982). Ours of 170–500 µm, from tone alone
    const double small = (1.0 - r.phases[1].tone[1][0]) / (1.0 - r.phases[0].tone[1][0]);
    INFO("small arteries × " << small);
    CHECK(small > 1.2);
    CHECK(small < 1.9);
  }
}

TEST_CASE("nitroglycerin as a protocol is the drug after rest, and not both at once") {
  const RunResult phase = treated("healthy", {}, {"nitroglycerin"}),
                  always = treated("healthy", {"nitroglycerin"}, {"rest"});
  CHECK(flow(phase, 1) == Approx(flow(always, 0)).epsilon(1e-5));
  CHECK(phase.readings[1].aortic_pressure_mmHg == Approx(always.readings[0].aortic_pressure_mmHg).epsilon(1e-12));
  CHECK_THROWS_WITH(run_patient(with_drugs("healthy", {"nitroglycerin"}), {"nitroglycerin"}, network::lad),
                    Contains("given twice"));
}

TEST_CASE("after sublingual nitroglycerin the Doppler reserve rises because resting velocity falls") {
  // 0.5 mg, 23 healthy people: rest 27 to 17 cm/s (−37 %), reserve 3.6 to 5.0 (× 1.39), hyperaemia 93 to 90 cm/s
  // (doi:10.1186/s12947-016-0091-2). MISSED: ours loses 12 % of hyperaemic velocity, in wider arteries.
  const RunResult before = treated("healthy", {}), after = treated("healthy", {"nitroglycerin_sublingual"});
  CHECK(100.0 * (velocity(after, 0) / velocity(before, 0) - 1.0) == Approx(-37.0).margin(8.0));
  CHECK(after.indices.cfr_doppler / before.indices.cfr_doppler == Approx(1.39).margin(0.15));
  CHECK(velocity(after, 1) / velocity(before, 1) > 0.80);
  CHECK(velocity(after, 1) / velocity(before, 1) < 0.95);
}

TEST_CASE("diltiazem lowers the reserve by raising the floor, more than measured") {
  // Calibration: 0.5 mg i.c. raised flow by 30 %
  const ModifierParameters m = with_drugs("healthy", {"calcium_channel_blocker"}).modifiers;
  const RunResult before = treated("healthy", {});
  const auto relief = [](const char* key, double value) {
    return std::string("modifiers.") + key + "_tone_relief=" + number_text(value);
  };
  const RunResult local =
      treated("healthy", {}, {"adenosine_iv"},
              {relief("small_artery", m.small_artery_tone_relief), relief("arteriolar", m.arteriolar_tone_relief)});
  CHECK(flow(local, 0) / flow(before, 0) == Approx(1.30).margin(0.03));
  // I.v. the reserve fell from 3.9 to 3.6, × 0.92 (doi:10.1161/01.cir.80.5.1240). MISSED in size: ours × 0.82
  const RunResult after = treated("healthy", {"calcium_channel_blocker"});
  CHECK(after.indices.cfr < before.indices.cfr);
  CHECK(after.indices.cfr / before.indices.cfr > 0.78);
}

TEST_CASE("an ACE inhibitor mends the response to acetylcholine and leaves the reserve") {
  // Calibration: quinapril, six months, took 12.1 ± 3.0 (SEM) points from the constriction at 100 µM (TREND 1996)
  const std::vector<std::string> test = {"adenosine_iv", "acetylcholine"};
  const RunResult before = treated("endothelial_dysfunction", {}, test),
                  after = treated("endothelial_dysfunction", {"ace_inhibitor"}, test);
  CHECK(after.indices.ach_diameter_change_percent - before.indices.ach_diameter_change_percent ==
        Approx(12.1).margin(4.0));
  CHECK(after.indices.ach_cbf_change_percent > before.indices.ach_cbf_change_percent + 15.0);
  CHECK(after.indices.cfr == Approx(before.indices.cfr).epsilon(0.05));
  // MISSED: after 12 months of perindopril the hypertensive reserve rose from 2.1 to 3.5 (Schwartzkopff 2000) by repair
  // of arterioles, which is not modelled
  const double ratio = treated("hypertension", {"ace_inhibitor"}).indices.cfr / treated("hypertension", {}).indices.cfr;
  CHECK(ratio == Approx(1.0).margin(0.05));
}
