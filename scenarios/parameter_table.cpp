#include "scenarios/parameter_table.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <sstream>

#include "model/spasm.hpp"
#include "model/units.hpp"
#include "scenarios/modifiers.hpp"

namespace coronet {
namespace {

using P = PatientParameters;

std::string lower(std::string_view s) {
  std::string r(s);
  for (char& c : r) c = static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
  return r;
}

/// A value as its user wrote it, for error messages.
std::string value_text(const ParameterValue& value) {
  if (const auto* flag = std::get_if<bool>(&value)) return *flag ? "true" : "false";
  if (const auto* number = std::get_if<double>(&value)) return number_text(*number);
  return '"' + std::get<std::string>(value) + '"';
}

class Table {
 public:
  template <class Field> void number(std::string key, std::string unit, double minimum, double maximum,
                                     std::string source, std::string meaning, Field field) {
    Parameter p = entry(std::move(key), std::move(unit), minimum, maximum, std::move(source), std::move(meaning));
    p.numbers = [field](P& patient) { return std::vector<double*>{&field(patient)}; };
    rows.push_back(std::move(p));
  }

  template <class Field> void numbers(std::string key, std::string unit, double minimum, double maximum,
                                      std::string source, std::string meaning, Field fields) {
    Parameter p = entry(std::move(key), std::move(unit), minimum, maximum, std::move(source), std::move(meaning));
    p.numbers = fields;
    rows.push_back(std::move(p));
  }

  template <class Field>
  void choice(std::string key, std::vector<std::string> words, std::string source, std::string meaning, Field field) {
    Parameter p = entry(std::move(key), "", 0.0, 0.0, std::move(source), std::move(meaning));
    p.choices = std::move(words);
    p.choice = field;
    rows.push_back(std::move(p));
  }

  template <class Field> void flag(std::string key, std::string source, std::string meaning, Field field) {
    Parameter p = entry(std::move(key), "", 0.0, 1.0, std::move(source), std::move(meaning));
    p.is_switch = true;
    p.flag = field;
    rows.push_back(std::move(p));
  }

  std::vector<Parameter> rows;

 private:
  static Parameter entry(std::string key, std::string unit, double minimum, double maximum, std::string source,
                         std::string meaning) {
    Parameter p;
    p.key = std::move(key);
    p.unit = std::move(unit);
    p.minimum = minimum;
    p.maximum = maximum;
    p.source = std::move(source);
    p.meaning = std::move(meaning);
    return p;
  }
};

#define FIELD(member) [](P& p) -> double& { return p.member; }  // a pointer to a nested member, which C++ lacks

void heart_rows(Table& t) {
  t.number("heart.heart_rate_bpm", "1/min", 40, 140, "resting adult", "heart rate", FIELD(heart.heart_rate_bpm));
  t.number("heart.aortic_systolic_mmHg", "mmHg", 60, 260, "resting adult", "peak aortic pressure",
           FIELD(heart.aortic_systolic_mmHg));
  t.number("heart.aortic_diastolic_mmHg", "mmHg", 30, 150, "resting adult", "lowest aortic pressure",
           FIELD(heart.aortic_diastolic_mmHg));
  t.number("heart.contractility", "1", 0.3, 3, "1 = dP/dt max 1400 mmHg/s (assumption)", "relative contractility",
           FIELD(heart.contractility));
  t.number("heart.ejection_time_ratio", "1", 0.4, 1.3, "1 = men, Weissler 1968: 0.413 s - 0.0017 s/bpm",
           "left-ventricular ejection time relative to that of men at this heart rate",
           FIELD(heart.ejection_time_ratio));
  t.number("heart.lv_end_diastolic_mmHg", "mmHg", 1, 40, "normal 4-12", "left-ventricular filling pressure",
           FIELD(heart.lv_end_diastolic_mmHg));
  t.number("heart.rv_end_diastolic_mmHg", "mmHg", 0, 25, "normal 1-7", "right-ventricular filling pressure",
           FIELD(heart.rv_end_diastolic_mmHg));
  t.number("heart.rv_systolic_mmHg", "mmHg", 10, 90, "normal 15-30", "peak right-ventricular pressure",
           FIELD(heart.rv_systolic_mmHg));
  t.number("heart.right_atrial_mmHg", "mmHg", 0, 25, "normal 2-7", "mean right-atrial pressure",
           FIELD(heart.right_atrial_mmHg));
}

void myocardium_rows(Table& t) {
  t.number("myocardium.lv_mass_g", "g", 50, 400, "LV 120-150 g (autopsy, CMR)", "left-ventricular mass",
           FIELD(myocardium.lv_mass_g));
  t.number("myocardium.rv_mass_g", "g", 15, 200, "RV free wall 40-50 g", "right-ventricular free-wall mass",
           FIELD(myocardium.rv_mass_g));
  for (std::size_t a = 0; a < network::territories; ++a) {
    const std::string name = network::territory_names[a];
    t.number("myocardium." + lower(name) + "_share_of_lv", "1", 0.02, 0.9, "LAD 0.40-0.45, LCx, RCA 0.25-0.30",
             "share of left-ventricular mass fed by the " + name,
             [a](P& p) -> double& { return p.myocardium.lv_share[a]; });
    t.number("myocardium." + lower(name) + "_share_of_rv", "1", 0, 1,
             "assumption (LAD reaches the anterior wall by conus branches)",
             "share of right-ventricular mass fed by the " + name,
             [a](P& p) -> double& { return p.myocardium.rv_share[a]; });
  }
}

void blood_rows(Table& t) {
  t.number("blood.haematocrit", "1", 0.2, 0.6, "0.40-0.45 in adults", "discharge haematocrit",
           FIELD(blood.haematocrit));
  t.number("blood.plasma_viscosity_mPa_s", "mPa s", 0.9, 2, "1.0-1.3", "plasma viscosity at 37 C",
           FIELD(blood.plasma_viscosity_mPa_s));
  t.number("blood.density_kg_per_m3", "kg/m3", 1000, 1100, "1050-1060", "density of blood",
           FIELD(blood.density_kg_per_m3));
  t.number("blood.haemoglobin_g_per_dL", "g/dL", 6, 20, "normal 12-16", "haemoglobin",
           FIELD(blood.haemoglobin_g_per_dL));
  t.number("blood.arterial_saturation_percent", "%", 70, 100, "normal 95-99", "arterial oxygen saturation",
           FIELD(blood.arterial_saturation_percent));
  t.number("blood.half_saturation_mmHg", "mmHg", 20, 45, "man 26.8 (26.6), dog 28.8 (Clerbaux 1993), pig 35.7",
           "oxygen tension that half-saturates haemoglobin (P50) at rest", FIELD(blood.half_saturation_mmHg));
}

void epicardial_rows(Table& t) {
  t.number("epicardial.size_ratio", "1", 0.65, 1.6, "women 0.91 (Dodge 1992)",
           "scale of all epicardial diameters (1 men, 0.91 women)", FIELD(epicardial.size_ratio));
  t.number("epicardial.left_main_diameter_mm", "mm", 2.5, 7, "Dodge 1992: 4.5 +/- 0.5", "left main lumen diameter",
           FIELD(epicardial.left_main_diameter_mm));
  t.number("epicardial.left_main_length_mm", "mm", 3, 30, "Mynard anatomy: 12.1", "left main length",
           FIELD(epicardial.left_main_length_mm));
  for (std::size_t a = 0; a < network::territories; ++a)
    for (std::size_t s = 0; s < network::positions; ++s) {
      const std::string artery = network::territory_names[a], where = network::position_names[s];
      const std::string key = "epicardial." + lower(artery) + "_" + where;
      const bool from_dodge = a == network::lad || s == network::proximal;
      t.number(key + "_diameter_mm", "mm", 1, 7, from_dodge ? "Dodge 1992" : "assumption (taper as LAD)",
               "lumen diameter, " + where + " " + artery,
               [a, s](P& p) -> double& { return p.epicardial.diameter_mm[a][s]; });
      t.number(key + "_length_mm", "mm", 5, 100, "LAD 130-150, RCA 120-140, LCx 60-80 in all; thirds: assumption",
               "length, " + where + " " + artery, [a, s](P& p) -> double& { return p.epicardial.length_mm[a][s]; });
    }
}

void lesion_rows(Table& t) {
  t.choice("lesion.artery", {"LAD", "LCx", "RCA", "LM"}, "user", "artery that carries the lesion",
           [](P& p) -> std::size_t& { return p.lesion.artery; });
  t.choice("lesion.position", {"proximal", "mid", "distal"}, "user", "segment that carries the lesion",
           [](P& p) -> std::size_t& { return p.lesion.position; });
  t.number("lesion.diameter_reduction_percent", "%", 0, 100.0 * stenosis::max_reduction, "user",
           "diameter stenosis (0 = none)", FIELD(lesion.diameter_reduction_percent));
  t.number("lesion.length_mm", "mm", 1, 40, "user", "length of the lesion", FIELD(lesion.length_mm));
  t.number("lesion.exit_loss", "1", 0.5, 1.6, "Young & Tsai 1973: 1.52; tapered exit 1.0-1.2",
           "exit loss coefficient K_t", FIELD(lesion.exit_loss));
  t.flag("lesion.stented", "user", "a stent covers the lesion (or the spot where one would be)",
         [](P& p) -> bool& { return p.lesion.stented; });
  t.number("lesion.stent_length_mm", "mm", 5, 60, "user", "length of the stent", FIELD(lesion.stent_length_mm));
  t.number("lesion.stent_residual_percent", "%", 0, 30, "residual 0-10 % after PCI",
           "diameter stenosis left in the stent (never more than the lesion had)",
           FIELD(lesion.stent_residual_percent));
}

void spasm_rows(Table& t) {
  t.choice("spasm.artery", {"LAD", "LCx", "RCA"}, "user", "artery that carries the spastic site",
           [](P& p) -> std::size_t& { return p.spasm.artery; });
  t.choice("spasm.position", {"proximal", "mid", "distal"}, "user", "segment that carries the spastic site",
           [](P& p) -> std::size_t& { return p.spasm.position; });
  t.number("spasm.reactivity", "1", 0, spasm::largest_reactivity,
           "assumption (0: no such site; 1: as a healthy artery)",
           "direct constriction of the site's muscle by acetylcholine", FIELD(spasm.reactivity));
  t.number("spasm.length_mm", "mm", 1, 40, "focal: below 30 mm (registry of 4418 provocations, Im 2019)",
           "length of the spastic site", FIELD(spasm.length_mm));
}

void modifier_rows(Table& t) {
  const char* user = "drugs (coronet describe drugs) or user";
  const auto factor = [&](const char* name, double minimum, double maximum, const char* meaning, auto field) {
    t.number(std::string("modifiers.") + name, "1", minimum, maximum, user,
             std::string("factor on ") + meaning + " after the bed is anchored", field);
  };
  factor("heart_rate_factor", 0.4, 2, "heart rate", FIELD(modifiers.heart_rate_factor));
  factor("systolic_pressure_factor", 0.4, 2, "peak aortic pressure", FIELD(modifiers.systolic_pressure_factor));
  factor("diastolic_pressure_factor", 0.4, 2, "lowest aortic pressure", FIELD(modifiers.diastolic_pressure_factor));
  factor("contractility_factor", 0.4, 2, "contractility", FIELD(modifiers.contractility_factor));
  factor("stroke_volume_factor", 0.4, 2, "stroke volume (which only oxygen demand asks for)",
         FIELD(modifiers.stroke_volume_factor));
  factor("lv_filling_pressure_factor", 0.2, 4, "left-ventricular filling pressure",
         FIELD(modifiers.lv_filling_pressure_factor));
  factor("right_filling_pressure_factor", 0.2, 4, "right-ventricular filling and right-atrial pressure",
         FIELD(modifiers.right_filling_pressure_factor));
  const auto share = [&](const char* name, const char* meaning, auto field) {
    t.number(std::string("modifiers.") + name, "1", 0, 1, user, meaning, field);
  };
  share("small_artery_tone_relief", "share of the tone of 500-170 um arteries that is taken away",
        FIELD(modifiers.small_artery_tone_relief));
  share("arteriolar_tone_relief", "share of the tone of arterioles below 170 um that is taken away",
        FIELD(modifiers.arteriolar_tone_relief));
  share("constriction_relief", "share of the direct constriction by acetylcholine that is taken away",
        FIELD(modifiers.constriction_relief));
  share("endothelial_repair", "share of the missing endothelial function that is given back",
        FIELD(modifiers.endothelial_repair));
  const auto dilation = [&](const char* name, double maximum, const char* what, auto field) {
    t.number(std::string("modifiers.") + name + "_dilation_percent", "%", 0, maximum, user,
             std::string("gain in diameter by relaxed muscle, ") + what, field);
  };
  dilation("left_main", 50, "left main", FIELD(modifiers.left_main_dilation_percent));
  for (std::size_t s = 0; s < network::positions; ++s)
    dilation(network::position_names[s], 50, (std::string(network::position_names[s]) + " segments").c_str(),
             [s](P& p) -> double& { return p.modifiers.dilation_percent[s]; });
  dilation("stenosis", 50, "throat of a lesion without stent", FIELD(modifiers.stenosis_dilation_percent));
}

void bed_rows(Table& t) {
  t.number("bed.hyperaemic_flow_mL_per_min_per_g", "mL/min/g", 0.5, 7,
           "anchor: Fournier 2021 (668/175 g = 3.8), PET 2.9-3.7, O-15 water 3.5-4.5",
           "maximal perfusion of the bed before disease and lesion are applied, under adenosine i.v.",
           FIELD(bed.hyperaemic_flow_mL_per_min_per_g));
  t.number("bed.hyperaemic_capillary_share", "1", 0.10, 0.75,
           "unsettled: Chilian 1989 <= 0.27 for the whole micro-bed, Kaul & Jayaweera 0.75",
           "share of capillaries in the dilated (passive) resistance from aorta to right atrium, before disease",
           FIELD(bed.hyperaemic_capillary_share));
  const char* rest = "weight among what epicardial arteries and capillaries leave; Chilian 1989 (recalled)";
  t.number("bed.small_artery_weight", "1", 0.01, 1, rest, "hyperaemic resistance weight, 500-170 um arteries",
           FIELD(bed.small_artery_weight));
  t.number("bed.arteriole_weight", "1", 0.01, 1, rest, "hyperaemic resistance weight, 170-30 um arterioles",
           FIELD(bed.arteriole_weight));
  t.number("bed.terminal_arteriole_weight", "1", 0.01, 1, rest, "hyperaemic resistance weight, 30-8 um arterioles",
           FIELD(bed.terminal_arteriole_weight));
  t.number("bed.vein_weight", "1", 0.01, 1, rest, "hyperaemic resistance weight, venules and veins",
           FIELD(bed.vein_weight));
  for (std::size_t l = 0; l < network::layers; ++l)
    t.number(
        std::string("bed.") + network::layer_names[l] + "_resistance", "1", 0.3, 3,
        "arrested dilated hearts: ENDO/EPI 1.2 (rat, 2004) to 1.5 (dog, Hoffman & Spaan 1990, recalled); Mynard 1.28",
        std::string("passive resistance of the ") + network::layer_names[l] + " relative to the subendocardium",
        [l](P& p) -> double& { return p.bed.layer_resistance[l]; });
  for (std::size_t k = 0; k < bed::compartments; ++k)
    t.number(
        std::string("bed.") + bed::names[k] + "_volume_mL_per_100g", "mL/100 g", 0.01, 12,
        "Kassab, Lin & Fung 1994 split of 13 mL/100 g, conduit arteries taken off; below 200 um split by assumption",
        std::string("blood volume of the ") + bed::names[k] + " compartment, dilated",
        [k](P& p) -> double& { return p.bed.volume_mL_per_100g[k]; });
}

void oxygen_rows(Table& t) {
  t.number("oxygen.consumption_mL_per_min_per_100g", "mL/min/100 g", 2, 70, "human rest 8-13",
           "oxygen demand of the myocardium at rest", FIELD(oxygen.consumption_mL_per_min_per_100g));
  t.number("oxygen.endo_epi_demand_ratio", "1", 0.7, 2, "measured 1.1-1.3", "subendocardial to subepicardial demand",
           FIELD(oxygen.endo_epi_demand_ratio));
  t.number("oxygen.venous_saturation_set_point_percent", "%", 10, 75, "coronary sinus 25-35 %",
           "venous saturation that the feedback defends (raised: high resting flow, the functional endotype)",
           FIELD(oxygen.venous_saturation_set_point_percent));
}

void regulation_rows(Table& t) {
  t.choice("regulation.metabolic_signal", {metabolic::signal_names.begin(), metabolic::signal_names.end()},
           "not settled: Pradhan 2016, Gharahi 2022 (model/metabolic_signal.hpp)",
           "what tells the smallest arterioles that oxygen is short",
           [](P& p) -> std::size_t& { return p.regulation.metabolic_signal; });
  t.number("regulation.metabolic_dilation_at_rest", "1", 0.05, 0.8, "assumption",
           "metabolic dilation at rest (0 none, 1 no tone left)", FIELD(regulation.metabolic_dilation_at_rest));
  t.number("regulation.atp_saturation_scale", "1", 0.02, 0.5, "Pradhan 2016: 0.1; a sibling code has 0.037",
           "fall of venous saturation that raises the ATP signal e-fold", FIELD(regulation.atp_saturation_scale));
  t.number("regulation.myogenic_strength", "1", 0, 1.5, "Namani 2018: 1; code of Fan et al.: 1.2 (recalled)",
           "factor on the myogenic loss of radius", FIELD(regulation.myogenic_strength));
  t.number("regulation.neurohumoral_tone", "1", 0, 0.6, "assumption: tone in the body exceeds that of isolated vessels",
           "loss of radius by nerves and hormones at full activation, at any pressure",
           FIELD(regulation.neurohumoral_tone));
}

void endothelium_rows(Table& t) {
  const auto add = [&t](const std::string& name, double minimum, double maximum, const char* source,
                        const std::string& meaning, auto field) {
    t.numbers("endothelium." + name, "1", minimum, maximum, source, meaning + ", everywhere", [field](P& p) {
      std::vector<double*> all;
      for (double& v : p.endothelium.*field) all.push_back(&v);
      return all;
    });
    for (std::size_t a = 0; a < network::territories; ++a) {
      const std::string artery = network::territory_names[a];
      t.number("endothelium." + lower(artery) + "." + name, "1", minimum, maximum, source,
               meaning + ", " + artery + " territory",
               [field, a](P& p) -> double& { return (p.endothelium.*field)[a]; });
    }
  };
  add("function", 0, 1, "0.8 a healthy adult (assumption), 1 the best", "nitric oxide that the endothelium can release",
      &EndotheliumParameters::function);
  add("muscle_reactivity", 0, 5, "1 healthy (assumption); more in spasm",
      "direct constriction of muscle by acetylcholine", &EndotheliumParameters::muscle_reactivity);
}

/// microvessels.RATIO, microvessels.TERRITORY.RATIO and microvessels.TERRITORY.LAYER.RATIO.
void structure_rows(Table& t) {
  struct Ratio {
    const char *name, *source, *meaning;
    double minimum, maximum;
    std::array<double, network::beds> StructureParameters::*field;
  };
  const Ratio ratios[] = {
      {"capillary_density_ratio", "HFpEF autopsy 0.73 (Mohammed 2015)", "capillaries relative to the healthy bed", 0.15,
       20, &StructureParameters::capillary_density_ratio},
      {"arteriolar_density_ratio", "user", "arterioles below 170 um relative to the healthy bed", 0.15, 20,
       &StructureParameters::arteriolar_density_ratio},
      {"arteriolar_lumen_ratio",
       "hypertension: minimal resistance 0.64 against 0.24 mmHg min 100 g/mL (Schwartzkopff 1993)",
       "dilated lumen diameter of arterioles below 170 um relative to the healthy bed", 0.5, 1.5,
       &StructureParameters::arteriolar_lumen_ratio}};
  const auto add = [&t](const Ratio& r, const std::string& scope, const std::string& words, std::size_t first,
                        std::size_t count) {
    const auto field = r.field;
    t.numbers("microvessels." + scope + r.name, "1", r.minimum, r.maximum, r.source, r.meaning + words,
              [field, first, count](P& p) {
                std::vector<double*> all;
                for (std::size_t b = first; b < first + count; ++b) all.push_back(&(p.microvessels.*field)[b]);
                return all;
              });
  };
  for (const Ratio& r : ratios) add(r, "", ", everywhere", 0, network::beds);
  for (std::size_t a = 0; a < network::territories; ++a) {
    const std::string name = network::territory_names[a];
    for (const Ratio& r : ratios)
      add(r, lower(name) + ".", ", " + name + " territory", network::bed_of(a, 0), network::layers);
    for (std::size_t l = 0; l < network::layers; ++l)
      for (const Ratio& r : ratios)
        add(r, lower(name) + "." + network::layer_names[l] + ".", ", " + name + " " + network::layer_names[l],
            network::bed_of(a, l), 1);
  }
}

#undef FIELD

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t above = row[j];
      row[j] = std::min({above + 1, row[j - 1] + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1)});
      diagonal = above;
    }
  }
  return row[b.size()];
}

std::string range_text(const Parameter& p) {
  std::string s = "allowed " + number_text(p.minimum) + " to " + number_text(p.maximum);
  return p.unit == "1" ? s : s + " " + p.unit;
}

std::string choices_text(const Parameter& p) {
  std::string s = "allowed ";
  for (std::size_t i = 0; i < p.choices.size(); ++i) s += (i ? ", " : "") + p.choices[i];
  return s;
}

}  // namespace

const std::vector<Parameter>& parameter_table() {
  static const std::vector<Parameter> rows = [] {
    Table t;
    heart_rows(t), myocardium_rows(t), blood_rows(t), epicardial_rows(t), lesion_rows(t), spasm_rows(t), bed_rows(t),
        oxygen_rows(t), regulation_rows(t), endothelium_rows(t), structure_rows(t), modifier_rows(t);
    return t.rows;
  }();
  return rows;
}

std::string number_text(double v) {
  std::string text;
  for (int digits = 6; digits <= 17; ++digits) {
    std::ostringstream s;
    s.precision(digits);
    s << v;
    text = s.str();
    if (!std::isfinite(v) || std::strtod(text.c_str(), nullptr) == v) break;
  }
  return text;
}

std::optional<double> number_of_text(const std::string& text) {
  // strtod alone also takes leading blanks and hexadecimal; from_chars for double is missing in older libc++
  if (text.empty() || text.find_first_of(" \t\n\v\f\rxX") != std::string::npos) return std::nullopt;
  char* end = nullptr;
  const double number = std::strtod(text.c_str(), &end);
  return *end == '\0' ? std::optional(number) : std::nullopt;
}

std::string nearest_word(std::string_view word, const std::vector<std::string>& candidates) {
  if (word.size() > 100) return {};
  std::string best;
  std::size_t best_distance = std::max<std::size_t>(3, word.size() / 2);
  for (const std::string& c : candidates) {
    // the last part alone may be what was meant: "heart_rate_bpm" for "heart.heart_rate_bpm"
    const std::string_view tail = std::string_view(c).substr(c.rfind('.') + 1);
    const std::size_t d = std::min(edit_distance(word, c), edit_distance(word, tail));
    if (d < best_distance) best = c, best_distance = d;
  }
  return best;
}

const Parameter& find_parameter(std::string_view key) {
  for (const Parameter& p : parameter_table())
    if (p.key == key) return p;
  std::vector<std::string> keys;
  for (const Parameter& p : parameter_table()) keys.push_back(p.key);
  const std::string near = nearest_word(key, keys);
  throw ParameterError("unknown key '" + std::string(key) + "'" +
                       (near.empty() ? "; `coronet describe` lists all keys" : "; did you mean '" + near + "'?"));
}

void set_parameter(PatientParameters& patient, std::string_view key, const ParameterValue& value) {
  const Parameter& p = find_parameter(key);
  const std::string name = "'" + p.key + "'";
  const auto wrong = [&] { return name + " = " + value_text(value) + ": needs "; };
  if (!p.choices.empty()) {
    const auto* word = std::get_if<std::string>(&value);
    if (!word) throw ParameterError(wrong() + "a word, " + choices_text(p));
    for (std::size_t i = 0; i < p.choices.size(); ++i)
      if (lower(p.choices[i]) == lower(*word)) {
        p.choice(patient) = i;
        return;
      }
    throw ParameterError(name + " = \"" + *word + "\": " + choices_text(p));
  }
  if (p.is_switch) {
    const auto* flag = std::get_if<bool>(&value);
    if (!flag) throw ParameterError(wrong() + "true or false");
    p.flag(patient) = *flag;
    return;
  }
  const auto* number = std::get_if<double>(&value);
  if (!number)
    throw ParameterError(wrong() + "a number" + (p.unit == "1" ? "" : " in " + p.unit) + ", " + range_text(p));
  if (!std::isfinite(*number) || *number < p.minimum || *number > p.maximum)
    throw ParameterError(name + " = " + number_text(*number) + (p.unit == "1" ? "" : " " + p.unit) + ": " +
                         range_text(p));
  for (double* target : p.numbers(patient)) *target = *number;
}

void set_parameter_from_text(PatientParameters& patient, std::string_view assignment) {
  const std::size_t equals = assignment.find('=');
  if (equals == std::string_view::npos || equals == 0)
    throw ParameterError("'" + std::string(assignment) + "' is not KEY=VALUE");
  const std::string key(assignment.substr(0, equals)), text(assignment.substr(equals + 1));
  const Parameter& p = find_parameter(key);
  if (!p.choices.empty()) return set_parameter(patient, key, text);
  if (p.is_switch) {
    if (text == "true" || text == "false") return set_parameter(patient, key, text == "true");
    return set_parameter(patient, key, text);
  }
  if (const auto number = number_of_text(text)) return set_parameter(patient, key, *number);
  set_parameter(patient, key, text);
}

ParameterValue parameter_value(std::string_view key, double number) {
  const Parameter& p = find_parameter(key);
  if (p.choices.empty() && !p.is_switch) return number;
  const std::size_t words = p.is_switch ? 2 : p.choices.size();
  for (std::size_t i = 0; i < words; ++i)
    if (number == static_cast<double>(i)) return p.is_switch ? ParameterValue(i == 1) : ParameterValue(p.choices[i]);
  throw ParameterError("'" + p.key + "' has no word number " + number_text(number));
}

double parameter_number(std::string_view key, const ParameterValue& value) {
  const Parameter& p = find_parameter(key);
  if (const auto* flag = std::get_if<bool>(&value)) return p.is_switch ? (*flag ? 1.0 : 0.0) : std::nan("");
  if (const auto* number = std::get_if<double>(&value))
    return p.is_switch || !p.choices.empty() ? std::nan("") : *number;
  for (std::size_t i = 0; i < p.choices.size(); ++i)
    if (lower(p.choices[i]) == lower(std::get<std::string>(value))) return static_cast<double>(i);
  return std::nan("");
}

std::string parameter_value_text(const Parameter& p, const PatientParameters& patient) {
  P& mutable_patient = const_cast<P&>(patient);  // only read through the table's accessors
  if (!p.choices.empty()) return p.choices[p.choice(mutable_patient)];
  if (p.is_switch) return p.flag(mutable_patient) ? "true" : "false";
  const auto all = p.numbers(mutable_patient);
  for (const double* v : all)
    if (*v != *all.front()) return "varies";
  return number_text(*all.front());
}

void check_patient(const PatientParameters& p) {
  const auto fail = [](const std::string& text) { throw ParameterError(text); };
  const HeartParameters& h = p.heart;
  if (h.aortic_systolic_mmHg < h.aortic_diastolic_mmHg + 10.0)
    fail("'heart.aortic_systolic_mmHg' = " + number_text(h.aortic_systolic_mmHg) +
         " mmHg must exceed 'heart.aortic_diastolic_mmHg' = " + number_text(h.aortic_diastolic_mmHg) +
         " mmHg by at least 10 mmHg");
  if (h.aortic_diastolic_mmHg < h.lv_end_diastolic_mmHg + 10.0)
    fail("'heart.aortic_diastolic_mmHg' = " + number_text(h.aortic_diastolic_mmHg) +
         " mmHg must exceed 'heart.lv_end_diastolic_mmHg' = " + number_text(h.lv_end_diastolic_mmHg) +
         " mmHg by at least 10 mmHg");
  if (h.rv_systolic_mmHg < h.rv_end_diastolic_mmHg + 5.0)
    fail("'heart.rv_systolic_mmHg' must exceed 'heart.rv_end_diastolic_mmHg' by at least 5 mmHg");
  const HeartParameters m = modified_heart(p);
  if (m.aortic_systolic_mmHg < m.aortic_diastolic_mmHg + 10.0)
    fail("'modifiers.systolic_pressure_factor' and 'modifiers.diastolic_pressure_factor' leave " +
         number_text(m.aortic_systolic_mmHg) + "/" + number_text(m.aortic_diastolic_mmHg) +
         " mmHg; they must differ by at least 10 mmHg");
  if (m.aortic_diastolic_mmHg < m.lv_end_diastolic_mmHg + 10.0)
    fail(
        "'modifiers.diastolic_pressure_factor' and 'modifiers.lv_filling_pressure_factor' leave a diastolic pressure "
        "of " +
        number_text(m.aortic_diastolic_mmHg) + " mmHg, less than 10 mmHg above a filling pressure of " +
        number_text(m.lv_end_diastolic_mmHg) + " mmHg");
  const auto near_one = [&](const std::array<double, 3>& share, const char* what) {
    const double sum = share[0] + share[1] + share[2];
    if (std::fabs(sum - 1.0) > 1e-6)
      fail(std::string("the three 'myocardium.*_share_of_") + what + "' add up to " + number_text(sum) + ", not 1");
  };
  near_one(p.myocardium.lv_share, "lv");
  near_one(p.myocardium.rv_share, "rv");
  const double oxygen_margin = p.blood.arterial_saturation_percent - p.oxygen.venous_saturation_set_point_percent;
  if (oxygen_margin < 10.0)
    fail("'oxygen.venous_saturation_set_point_percent' must stay 10 % below 'blood.arterial_saturation_percent'");
  for (std::size_t a = 0; a < network::territories; ++a)
    for (std::size_t s = 1; s < network::positions; ++s)
      if (p.epicardial.diameter_mm[a][s] > p.epicardial.diameter_mm[a][s - 1])
        fail(std::string("the ") + network::territory_names[a] + " must not widen towards its end: " +
             network::position_names[s] + " diameter exceeds " + network::position_names[s - 1]);
  const double segment = segment_geometry(p, lesion_segment(p.lesion)).length / unit::mm;
  if (p.lesion.diameter_reduction_percent > 0.0 && p.lesion.length_mm > segment)
    fail("'lesion.length_mm' = " + number_text(p.lesion.length_mm) + " mm does not fit into its segment of " +
         number_text(segment) + " mm");
  if (p.spasm.reactivity > 0.0) {
    const std::size_t site = network::segment_of(p.spasm.artery, p.spasm.position);
    const bool shared = site == lesion_segment(p.lesion);
    if (shared && p.lesion.stented)
      fail("'spasm.position': a stent covers that segment, which then cannot constrict; move the spasm");
    const double room = segment_geometry(p, site).length / unit::mm -
                        (shared && p.lesion.diameter_reduction_percent > 0.0 ? p.lesion.length_mm : 0.0);
    if (p.spasm.length_mm > room)
      fail("'spasm.length_mm' = " + number_text(p.spasm.length_mm) + " mm does not fit into the " + number_text(room) +
           " mm that its segment has left");
  }
  if (p.lesion.stented && p.lesion.stent_length_mm > segment)
    fail("'lesion.stent_length_mm' = " + number_text(p.lesion.stent_length_mm) +
         " mm does not fit into its segment of " + number_text(segment) + " mm");
}

}  // namespace coronet
