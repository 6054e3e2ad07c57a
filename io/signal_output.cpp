#include "io/signal_output.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <cmath>
#include <functional>

namespace coronet::io {
namespace {

using Json = nlohmann::ordered_json;

/// One line of the comparison: the same question to every signal.
struct Line {
  std::string key, quantity, published, source;
  std::function<Json(const SignalAnswers&)> answer;  // number, text or null
  int digits = 2;
};

Json number(double v) { return std::isfinite(v) ? Json(v) : Json(); }

Json limit(const SignalAnswers& a, std::size_t layer) {
  if (!a.swept) return {};
  const LowerLimit& found = a.lower_limit[layer];
  if (found.found == LowerLimit::Found::yes) return found.pressure_mmHg;
  return found.found == LowerLimit::Found::below_range ? "below_range" : "not_effective";
}

const std::vector<Line>& lines() {
  using A = const SignalAnswers&;
  static const std::string dankelman = "Dankelman 1989-92, dog", canty = "Canty 1988, awake dog, recalled",
                           coffman = "Coffman & Gregg 1960, dog, recalled", pet = "Rb-82 PET, PubMed 21492816",
                           restorff = "von Restorff 1977, dog, recalled", review = "Duncker & Bache, review";
  static const std::vector<Line> all = {
      {"perfusion_rest_mL_per_min_per_g", "perfusion at rest, mL/min/g", "0.72 ± 0.17", pet,
       [](A a) { return number(a.perfusion_mL_per_min_per_g); }},
      {"endo_epi_rest", "ENDO/EPI at rest", "1.11 ± 0.07", "perfusion CMR, n = 138",
       [](A a) { return number(a.endo_epi); }},
      {"venous_saturation_rest_percent", "venous saturation at rest, %", "25 to 35", "human coronary sinus",
       [](A a) { return number(a.venous_saturation_percent); }, 1},
      {"gain_70_to_120_mmHg", "autoregulatory gain, 70 to 120 mmHg", "0.6 to 0.9", "awake dogs, recalled",
       [](A a) { return number(a.gain); }},
      {"lower_limit_subendocardium_mmHg", "lower limit, subendocardium, mmHg", "38", canty,
       [](A a) { return limit(a, network::subendocardium); }, 1},
      {"lower_limit_midwall_mmHg", "lower limit, midwall, mmHg", "", "", [](A a) { return limit(a, network::midwall); },
       1},
      {"lower_limit_subepicardium_mmHg", "lower limit, subepicardium, mmHg", "25", canty,
       [](A a) { return limit(a, network::subepicardium); }, 1},
      {"pressure_step_dilating_s", "step of pressure, half-time dilating, s", "5.5", dankelman,
       [](A a) { return number(a.pressure_step.half_time_dilating); }, 1},
      {"pressure_step_constricting_s", "step of pressure, half-time constricting, s", "6.2 to 6.6", dankelman,
       [](A a) { return number(a.pressure_step.half_time_constricting); }, 1},
      {"pacing_step_dilating_s", "step of heart rate, half-time dilating, s", "5.5", dankelman,
       [](A a) { return number(a.pacing_step.half_time_dilating); }, 1},
      {"pacing_step_constricting_s", "step of heart rate, half-time constricting, s", "6.6", dankelman,
       [](A a) { return number(a.pacing_step.half_time_constricting); }, 1},
      {"occlusion_peak", "15 s of occlusion: peak, times rest", "4 to 5", coffman,
       [](A a) { return number(a.hyperaemia.peak); }},
      {"occlusion_half_decay_s", "15 s of occlusion: half-decay, s", "20 to 30", coffman,
       [](A a) { return number(a.hyperaemia.half_decay); }, 1},
      {"occlusion_repayment", "15 s of occlusion: debt repaid, times", "2 to 4", coffman,
       [](A a) { return number(a.hyperaemia.repayment); }},
      {"exercise_slope", "exercise: rise of flow per rise of demand", "0.8", review,
       [](A a) { return number(a.slope); }},
      {"exercise_onset_METs", "exercise: onset of ischaemia, METs", "above 10",
       "target for a healthy adult, assumption",
       [](A a) { return !a.exercised  ? Json()
                        : a.ischaemia ? number(a.ischaemia_METs)
                                      : Json("none"); }, 1},
      {"exercise_onset_bed", "exercise: where", "subendocardium", "",
       [](A a) { return a.ischaemia ? Json(a.ischaemic_bed) : Json(); }},
      {"exercise_peak_METs", "exercise: peak, METs", "", "", [](A a) { return number(a.peak_METs); }, 1},
      {"exercise_peak_venous_saturation_percent", "exercise: venous saturation at the peak, %", "10 to 15", restorff,
       [](A a) { return number(a.peak_venous_saturation_percent); }, 1},
      {"exercise_peak_endo_epi", "exercise: ENDO/EPI at the peak", "near 1.05", "Sturgess 2024, published code",
       [](A a) { return number(a.peak_endo_epi); }},
      {"validation_passed", "validation rows passed", "", "", [](A a) { return Json(a.validation.all.passed); }},
      {"validation_computed", "of validation rows", "", "", [](A a) { return Json(a.validation.all.computed); }},
      {"human_passed", "human rows passed", "", "", [](A a) { return Json(a.validation.human.passed); }},
      {"human_computed", "of human rows", "", "", [](A a) { return Json(a.validation.human.computed); }},
      {"calibration_passed", "calibration rows passed", "", "",
       [](A a) { return Json(a.validation.calibration.passed); }},
      {"calibration_computed", "of calibration rows", "", "",
       [](A a) { return Json(a.validation.calibration.computed); }},
  };
  return all;
}

std::string words(const Json& answer, int digits) {
  if (answer.is_null()) return "-";
  if (answer.is_number_float()) return fmt::format("{:.{}f}", answer.get<double>(), digits);
  if (answer.is_number()) return std::to_string(answer.get<std::size_t>());
  const std::string text = answer.get<std::string>();
  return text == "below_range" ? "< 20" : text == "not_effective" ? "none" : text;
}

struct Difference {
  const validation::Benchmark* benchmark;
  std::vector<const validation::Row*> rows;  // one per signal
};

/// Rows that do not pass or miss alike under every signal.
std::vector<Difference> differences(const std::vector<SignalAnswers>& answers) {
  std::vector<Difference> all;
  for (std::size_t i = 0; i < answers.front().validation.rows.size(); ++i) {
    Difference d{&answers.front().validation.rows[i].benchmark, {}};
    for (const SignalAnswers& a : answers) d.rows.push_back(&a.validation.rows[i]);
    if (std::any_of(d.rows.begin(), d.rows.end(), [&](const validation::Row* r) { return r->pass != d.rows[0]->pass; }))
      all.push_back(d);
  }
  return all;
}

std::string row_words(const validation::Row& row) {
  return row.failure.empty() ? fmt::format("{:.3g}{}", row.ours, row.pass ? "" : " miss") : "not solved";
}

std::string band(const validation::Benchmark& b) {
  if (std::isinf(b.low)) return fmt::format("below {:.3g}", b.high);
  if (std::isinf(b.high)) return fmt::format("above {:.3g}", b.low);
  return fmt::format("{:.3g} to {:.3g}", b.low, b.high);
}

std::string failures_of(const std::vector<SignalAnswers>& answers, const std::string& bullet) {
  std::string out;
  for (const SignalAnswers& a : answers) {
    const char* name = metabolic::signal_names[a.signal];
    for (const std::string& failure : a.failures) out += fmt::format("{}{}: {}\n", bullet, name, failure);
    for (const validation::Row& row : a.validation.rows)
      if (!row.failure.empty()) out += fmt::format("{}{}: {}: {}\n", bullet, name, row.benchmark.id, row.failure);
  }
  return out;
}

}  // namespace

std::string signals_table(const std::vector<SignalAnswers>& answers) {
  std::string out = fmt::format("{:<48} {:>14}", "healthy, LAD", "published");
  for (const SignalAnswers& a : answers) out += fmt::format(" {:>21}", metabolic::signal_names[a.signal]);
  out += '\n';
  for (const Line& line : lines()) {
    out += fmt::format("{:<48} {:>14}", line.quantity, line.published);
    for (const SignalAnswers& a : answers) out += fmt::format(" {:>21}", words(line.answer(a), line.digits));
    out += '\n';
  }
  out += "\nvalidation rows on which they differ\n";
  for (const Difference& d : differences(answers)) {
    out += fmt::format("{:<48} {:>14}", d.benchmark->id, band(*d.benchmark));
    for (const validation::Row* row : d.rows) out += fmt::format(" {:>21}", row_words(*row));
    out += '\n';
  }
  const std::string failed = failures_of(answers, "  ");
  return failed.empty() ? out : out + "\nnot solved\n" + failed;
}

nlohmann::ordered_json signals_json(const std::vector<SignalAnswers>& answers) {
  Json signals = Json::object(), published = Json::object(), rows = Json::array();
  for (const SignalAnswers& a : answers) {
    Json& one = signals[metabolic::signal_names[a.signal]] = Json::object();
    for (const Line& line : lines()) one[line.key] = line.answer(a);
    one["failures"] = a.failures;
  }
  for (const Line& line : lines())
    if (!line.published.empty()) published[line.key] = {{"value", line.published}, {"source", line.source}};
  for (const Difference& d : differences(answers)) {
    Json one{{"id", d.benchmark->id}};
    for (std::size_t i = 0; i < answers.size(); ++i)
      one[metabolic::signal_names[answers[i].signal]] = {{"ours", number(d.rows[i]->ours)}, {"pass", d.rows[i]->pass}};
    rows.push_back(one);
  }
  return {{"patient", "healthy"},
          {"artery", "LAD"},
          {"signals", signals},
          {"published", published},
          {"rows_that_differ", rows}};
}

std::string signals_markdown(const std::vector<SignalAnswers>& answers) {
  std::string out =
      "# Three metabolic signals\n\n"
      "<!-- Written by `coronet validate --signals --markdown > docs/signals.md`; do not edit. -->\n\n"
      "What tells arterioles that oxygen is short is not settled. The model has three answers to choose from "
      "(`--set regulation.metabolic_signal=…`, equations in `model/metabolic_signal.hpp`). Here all three go through "
      "the "
      "same questions, with the patient `healthy` and its LAD.\n\n"
      "- Tone, set point and half-times were calibrated under `venous_atp`. Nothing was set again for the others.\n"
      "- Lower limit: going down from the patient's own pressure, where the gain over 20 mmHg falls below "
      "0.4 (`scenarios/autoregulation.hpp`); *none*: never effective.\n"
      "- Exercise goes on beyond ischaemia to the subject's peak. Slope: (flow ratio − 1)/(demand ratio − 1) of the "
      "whole "
      "heart.\n"
      "- Why `venous_atp` is the default: [model.md](model.md#the-metabolic-signal).\n\n"
      "| | published |";
  for (const SignalAnswers& a : answers) out += fmt::format(" `{}` |", metabolic::signal_names[a.signal]);
  out += "\n|---|---|";
  for (std::size_t i = 0; i < answers.size(); ++i) out += "---|";
  out += '\n';
  for (const Line& line : lines()) {
    out += fmt::format("| {} | {} |", line.quantity,
                       line.source.empty() ? line.published : fmt::format("{} ({})", line.published, line.source));
    for (const SignalAnswers& a : answers) out += fmt::format(" {} |", words(line.answer(a), line.digits));
    out += '\n';
  }
  out +=
      "\n## Validation rows on which they differ\n\n"
      "All rows of [validation.md](validation.md) were computed with each signal in every subject. These do not pass "
      "or "
      "miss alike.\n\n| row | quantity | band |";
  for (const SignalAnswers& a : answers) out += fmt::format(" `{}` |", metabolic::signal_names[a.signal]);
  out += "\n|---|---|---|";
  for (std::size_t i = 0; i < answers.size(); ++i) out += "---|";
  out += '\n';
  for (const Difference& d : differences(answers)) {
    out += fmt::format("| `{}`{} | {} | {} |", d.benchmark->id,
                       d.benchmark->role == validation::Role::calibration ? " (calibration)" : "",
                       d.benchmark->quantity, band(*d.benchmark));
    for (const validation::Row* row : d.rows) out += fmt::format(" {} |", row_words(*row));
    out += '\n';
  }
  const std::string failed = failures_of(answers, "- ");
  return failed.empty() ? out : out + "\n## Not solved\n\n" + failed;
}

}  // namespace coronet::io
