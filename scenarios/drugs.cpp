#include "scenarios/drugs.hpp"

#include <algorithm>

#include "scenarios/parameter_table.hpp"

namespace coronet {
namespace {

const char *measured = "measured", *recalled = "recalled", *assumption = "assumption";

const char* feldman = "Feldman 1982: 150 ug i.c., no more at 250 ug";

Drug nitroglycerin() {
  const char* pressure = "between -9 mmHg of mean pressure after 150 ug and -18 after 250 ug (Feldman 1982)";
  return {
      .name = "nitroglycerin",
      .title = "Nitroglycerin, intracoronary",
      .dose = "200 ug",
      .route = "i.c.",
      .effects = {{"modifiers.left_main_dilation_percent", 5.0, feldman, measured},
                  {"modifiers.proximal_dilation_percent", 9.0, feldman, measured},
                  {"modifiers.mid_dilation_percent", 19.0, feldman, measured},
                  {"modifiers.distal_dilation_percent", 34.0, feldman, measured},
                  {"modifiers.stenosis_dilation_percent", 5.0, feldman, measured},
                  {"modifiers.small_artery_tone_relief", 1.0,
                   "arteries of 0.4-1.0 mm widen by 54 % (Feldman 1982); below 100 um little (Sellke, Kurz)",
                   assumption},
                  {"modifiers.constriction_relief", 1.0, "ends provoked spasm in the catheter laboratory", assumption},
                  {"modifiers.systolic_pressure_factor", 0.9, pressure, assumption},
                  {"modifiers.diastolic_pressure_factor", 0.9, pressure, assumption}},
      .not_modelled = {"the first minute or two, when flow rises by 50 to 100 %",
                       "preload: left filling pressure did not change after 150 ug i.c. (Amende 1983)",
                       "reflexes of heart rate", "collaterals", "tolerance"}};
}

Drug nitroglycerin_sublingual() {
  const char* spray = "0.8 mg spray: 135/82 to 125/78 mmHg, heart rate unchanged (Am J Ther 1998)";
  const char* widened = "glyceryl trinitrate: left main +15, LAD +18, LCx +16, RCA +17 % (47 patients)";
  const char* as_ic = "as 150 ug i.c. (Feldman 1982)";
  return {.name = "nitroglycerin_sublingual",
          .title = "Nitroglycerin, sublingual",
          .dose = "0.4-0.8 mg",
          .route = "sublingual",
          .effects = {{"modifiers.left_main_dilation_percent", 15.0, widened, measured},
                      {"modifiers.proximal_dilation_percent", 17.0, widened, measured},
                      {"modifiers.mid_dilation_percent", 19.0, as_ic, assumption},
                      {"modifiers.distal_dilation_percent", 34.0, as_ic, assumption},
                      {"modifiers.stenosis_dilation_percent", 5.0, as_ic, assumption},
                      {"modifiers.small_artery_tone_relief", 1.0, as_ic, assumption},
                      {"modifiers.constriction_relief", 1.0, as_ic, assumption},
                      {"modifiers.systolic_pressure_factor", 0.926, spray, measured},
                      {"modifiers.diastolic_pressure_factor", 0.951, spray, measured},
                      {"modifiers.lv_filling_pressure_factor", 0.5,
                       "0.4 mg spray: 22.7 to 11.4 mmHg in coronary disease (G Ital Cardiol 1977)", measured},
                      {"modifiers.right_filling_pressure_factor", 0.6, "venous pooling; figure not found", assumption}},
          .not_modelled = {"the smaller heart: filling does not change stroke volume or demand here",
                           "reflex tachycardia of people who stand", "collaterals", "tolerance"}};
}

Drug beta_blocker() {
  const char* product = "rate-pressure product 9.1 to 8.0 (J Am Coll Cardiol 2001; 38:1866) over the fall of rate";
  return {
      .name = "beta_blocker",
      .title = "Metoprolol",
      .dose = "5 mg",
      .route = "i.v.",
      .effects = {{"modifiers.heart_rate_factor", 0.90, "0.15 mg/kg i.v.: -10 % at rest (Am J Cardiol 1987)", measured},
                  {"modifiers.systolic_pressure_factor", 0.977, product, measured},
                  {"modifiers.diastolic_pressure_factor", 0.977, "as systolic pressure", assumption},
                  {"modifiers.contractility_factor", 0.84,
                   "propranolol 10 mg i.v.: dP/dt max 1361 to 1146 mmHg/s; metoprolol taken as equal", assumption}},
      .not_modelled = {"relaxation of the ventricle, which slows",
                       "oxygen cost of contractility apart from pressure and stroke volume",
                       "the larger fall of heart rate in exercise (-16 %)",
                       "beta-2 receptors of vessels (resistance did not rise after metoprolol i.c., Hodgson 1989)",
                       "collaterals, whose flow fell (Eur Heart J 2004)"}};
}

Drug calcium_channel_blocker() {
  const char* systemic = "250 ug/kg i.v.: 77 to 72/min, 96 to 86 mmHg (doi:10.1161/01.cir.80.5.1240)";
  const char* local = "0.5 mg i.c.: diameter +10 % (20 patients)";
  return {
      .name = "calcium_channel_blocker",
      .title = "Diltiazem",
      .dose = "250 ug/kg, then 5 ug/kg/min",
      .route = "i.v.",
      .effects = {{"modifiers.heart_rate_factor", 0.935, systemic, measured},
                  {"modifiers.systolic_pressure_factor", 0.896, systemic, measured},
                  {"modifiers.diastolic_pressure_factor", 0.896, systemic, measured},
                  {"modifiers.proximal_dilation_percent", 10.0, local, measured},
                  {"modifiers.mid_dilation_percent", 10.0, local, measured},
                  {"modifiers.distal_dilation_percent", 10.0, local, measured},
                  {"modifiers.small_artery_tone_relief", 0.29,
                   "calibrated: 0.5 mg i.c. raised flow by 30 % (20 patients)", assumption},
                  {"modifiers.arteriolar_tone_relief", 0.29,
                   "calibrated: 0.5 mg i.c. raised flow by 30 % (20 patients)", assumption},
                  {"modifiers.constriction_relief", 0.7, "long-term treatment of spasm; figure not found", assumption}},
      .not_modelled = {"negative inotropy and the reflex that offsets it (contractility stays)",
                       "conduction and rhythm", "dihydropyridines, which raise heart rate"}};
}

Drug ace_inhibitor() {
  const char* europa = "perindopril: -5/-2 mmHg at 137/82 (EUROPA 2003)";
  return {.name = "ace_inhibitor",
          .title = "ACE inhibitor (perindopril, quinapril), six months",
          .dose = "8 mg, 40 mg daily",
          .route = "oral",
          .effects = {{"modifiers.systolic_pressure_factor", 0.964, europa, recalled},
                      {"modifiers.diastolic_pressure_factor", 0.976, europa, recalled},
                      {"modifiers.endothelial_repair", 0.5,
                       "calibrated: quinapril took 12 points from the constriction by acetylcholine (TREND 1996)",
                       assumption}},
          .not_modelled = {"regression of hypertrophy and of arteriolar and interstitial fibrosis: after 12 months "
                           "minimal resistance -33 %, reserve 2.1 to 3.5 (Schwartzkopff 2000)",
                           "angiotensin as a constrictor of coronary vessels", "bradykinin apart from nitric oxide",
                           "larger falls of pressure in hypertension"}};
}

Drug ivabradine() {
  return {.name = "ivabradine",
          .title = "Ivabradine, long-term",
          .dose = "7.5 mg twice daily",
          .route = "oral",
          .effects = {{"modifiers.heart_rate_factor", 0.826,
                       "70.2 to 58 /min, ejection and stroke volume unchanged (23 patients, crossover)", measured}},
          .not_modelled = {"slower and fuller filling", "effects on vessels beyond heart rate",
                           "collaterals, whose function rose (Gloekler 2014)"}};
}

/// Two drugs at the same key.
double combined(const std::string& key, double now, double more) {
  const auto ends = [&](std::string_view word) {
    return key.size() > word.size() && key.substr(key.size() - word.size()) == word;
  };
  if (ends("_factor")) return now * more;
  if (ends("_percent")) return std::max(now, more);
  return 1.0 - (1.0 - now) * (1.0 - more);
}

}  // namespace

const std::vector<Drug>& drug_table() {
  static const std::vector<Drug> drugs = {nitroglycerin(), nitroglycerin_sublingual(),
                                          beta_blocker(),  calcium_channel_blocker(),
                                          ace_inhibitor(), ivabradine()};
  return drugs;
}

const Drug& find_drug(std::string_view name) {
  std::vector<std::string> names;
  std::string known;
  for (const Drug& drug : drug_table()) {
    if (drug.name == name) return drug;
    names.push_back(drug.name);
    known += (known.empty() ? "" : ", ") + drug.name;
  }
  const std::string near = nearest_word(name, names);
  throw ParameterError("unknown drug '" + std::string(name) + "'" +
                       (near.empty() ? "" : "; did you mean '" + near + "'?") + " (known: " + known + ")");
}

void give_drug(PatientParameters& patient, std::string_view name) {
  const Drug& drug = find_drug(name);
  for (const std::string& given : patient.drugs)
    if (given == drug.name) throw ParameterError("the drug '" + drug.name + "' is given twice");
  for (const DrugEffect& effect : drug.effects) {
    const double now = *find_parameter(effect.key).numbers(patient).front();
    set_parameter(patient, effect.key, combined(effect.key, now, effect.value));
  }
  patient.drugs.push_back(drug.name);
}

}  // namespace coronet
