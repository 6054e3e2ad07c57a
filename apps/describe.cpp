#include <fmt/format.h>
#include <algorithm>
#include <nlohmann/json.hpp>

#include "apps/commands.hpp"
#include "apps/terminal.hpp"
#include "scenarios/drugs.hpp"
#include "scenarios/endothelial_trial.hpp"
#include "scenarios/parameter_table.hpp"

namespace coronet::app {

void add_describe(CLI::App& app, DescribeOptions& o) {
  CLI::App* c = app.add_subcommand("describe",
                                   "Example: coronet describe lesion\nEvery parameter: unit, default, range, source; "
                                   "every drug: dose, effects, source");
  c->add_option("key", o.key, "one key, or the beginning of keys (lesion, microvessels.lad, drugs)");
  c->add_flag("--json", o.json, "one JSON array on stdout");
}

namespace {

/// Settings of all trials; one that several know is listed once, with the first one's value.
std::vector<trial::SettingInfo> trial_settings() {
  std::vector<trial::SettingInfo> all = trial::describe_settings(trial::Settings{});
  for (const trial::SettingInfo& t : trial::describe_settings(trial::EndothelialSettings{}))
    if (std::none_of(all.begin(), all.end(), [&](const trial::SettingInfo& known) { return known.key == t.key; }))
      all.push_back(t);
  return all;
}

std::string drug_text(const Drug& drug) {
  std::string text = fmt::format("drugs.{}\n    {}, {}, {}\n", drug.name, drug.title, drug.dose, drug.route);
  for (const DrugEffect& e : drug.effects) {
    const Parameter& p = find_parameter(e.key);
    text += fmt::format("    {} {:g}{}; {}; source: {}\n", e.key, e.value, p.unit == "1" ? "" : " " + p.unit,
                        e.confidence, e.source);
  }
  return text + fmt::format("    not modelled: {}\n", fmt::join(drug.not_modelled, "; "));
}

nlohmann::ordered_json drug_json(const Drug& drug) {
  nlohmann::ordered_json effects = nlohmann::ordered_json::array();
  for (const DrugEffect& e : drug.effects)
    effects.push_back({{"key", e.key},
                       {"value", e.value},
                       {"unit", find_parameter(e.key).unit},
                       {"confidence", e.confidence},
                       {"source", e.source}});
  return {{"key", "drugs." + drug.name}, {"meaning", drug.title}, {"dose", drug.dose},
          {"route", drug.route},         {"effects", effects},    {"not_modelled", drug.not_modelled}};
}

/// Throws with the nearest group (lesion, microvessels.lad) or key.
[[noreturn]] void throw_unknown(const std::string& key) {
  std::vector<std::string> groups;
  for (const Parameter& p : parameter_table())
    for (std::size_t dot = p.key.find('.'); dot != std::string::npos; dot = p.key.find('.', dot + 1))
      groups.push_back(p.key.substr(0, dot));
  for (const trial::SettingInfo& t : trial_settings()) groups.push_back(t.key);
  groups.push_back("drugs");
  for (const Drug& drug : drug_table()) groups.push_back("drugs." + drug.name);
  const std::string near = nearest_word(key, groups);
  if (near.empty()) find_parameter(key);
  throw ParameterError("unknown key '" + key + "'; did you mean '" + near + "'?");
}

}  // namespace

int do_describe(const DescribeOptions& o) {
  const std::string key = !o.key.empty() && o.key.back() == '.' ? o.key.substr(0, o.key.size() - 1) : o.key;
  const PatientParameters defaults;
  nlohmann::ordered_json array = nlohmann::ordered_json::array();
  std::string text;
  for (const Parameter& p : parameter_table()) {
    if (!key.empty() && p.key != key && p.key.rfind(key + ".", 0) != 0) continue;
    const std::string value = parameter_value_text(p, defaults);
    std::string range;
    if (!p.choices.empty())
      range = fmt::format("{}", fmt::join(p.choices, " | "));
    else if (p.is_switch)
      range = "true | false";
    else
      range = fmt::format("{:g} to {:g}", p.minimum, p.maximum);
    if (o.json) {
      nlohmann::ordered_json j = {{"key", p.key}, {"meaning", p.meaning}, {"unit", p.unit}};
      if (!p.choices.empty()) {
        j["default"] = value;
        j["choices"] = p.choices;
      } else if (p.is_switch) {
        j["default"] = value == "true";
      } else {
        if (value == "varies")
          j["default"] = value;
        else
          j["default"] = std::stod(value);
        j["minimum"] = p.minimum;
        j["maximum"] = p.maximum;
      }
      j["source"] = p.source;
      array.push_back(j);
    } else {
      text += fmt::format("{}\n    {}\n    default {}{}; range {}; source: {}\n", p.key, p.meaning, value,
                          p.unit.empty() || p.unit == "1" ? "" : " " + p.unit, range, p.source);
    }
  }
  for (const trial::SettingInfo& t : trial_settings()) {  // keys of `coronet trial --set` alone
    if (!key.empty() && t.key != key && key != "trial") continue;
    if (o.json)
      array.push_back({{"key", t.key},
                       {"meaning", t.meaning},
                       {"unit", "1"},
                       {"default", t.value},
                       {"minimum", t.minimum},
                       {"maximum", t.maximum},
                       {"source", t.source}});
    else
      text += fmt::format(
          "{}\n    {} (only for coronet trial; values of a trial are in its file)\n    default {:g}; range {:g} to "
          "{:g}; source: {}\n",
          t.key, t.meaning, t.value, t.minimum, t.maximum, t.source);
  }
  for (const Drug& drug : drug_table()) {
    if (!key.empty() && key != "drugs" && key != "drugs." + drug.name) continue;
    o.json ? array.push_back(drug_json(drug)) : void(text += drug_text(drug));
  }
  if (o.json ? array.empty() : text.empty()) throw_unknown(key);
  put(o.json ? array.dump(2) + "\n" : text);
  return exit_ok;
}

}  // namespace coronet::app
