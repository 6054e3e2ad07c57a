#include "io/study_file.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <fstream>
#include <map>
#include <set>

#include "io/one_line.hpp"
#include "io/patient_file.hpp"
#include "io/patient_table.hpp"
#include "io/sample_table.hpp"
#include "io/sha256.hpp"
#include "io/toml_text.hpp"
#include "scenarios/parameter_table.hpp"

namespace coronet::io {
namespace fs = std::filesystem;
using study::Factor, study::Method, study::Study;

namespace {

constexpr std::int64_t most_samples = 1'000'000'000;

/// A text between double quotes.
std::string quoted(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) out += c == '"' || c == '\\' ? std::string("\\") + c : std::string(1, c);
  return out + '"';
}

/// A parsed value as TOML on one line. Own code: the formatter of toml++ 3.3 runs into undefined behaviour on numbers below 1.
std::string toml_of(const toml::node& node) {
  std::vector<std::string> parts;
  if (const auto* flag = node.as_boolean()) return flag->get() ? "true" : "false";
  if (const auto* whole = node.as_integer()) return std::to_string(whole->get());
  if (const auto* real = node.as_floating_point()) return number_text(real->get());
  if (const auto* text = node.as_string()) return one_line(quoted(text->get()), 200);
  if (const auto* list = node.as_array()) {
    for (const toml::node& item : *list) parts.push_back(toml_of(item));
    return one_line(fmt::format("[{}]", fmt::join(parts, ", ")), 200);
  }
  if (const auto* table = node.as_table()) {
    for (const auto& [name, item] : *table) parts.push_back(fmt::format("{} = {}", name.str(), toml_of(item)));
    return one_line(fmt::format("{{{}}}", fmt::join(parts, ", ")), 200);
  }
  return "a date or time";
}

/// One table of the study: knows its place, hands out values by type and remembers what was asked for.
class Section {
 public:
  Section(const toml::table& table, std::string name, const fs::path& path)
      : table_(table), name_(std::move(name)), path_(path) {}

  [[noreturn]] void fail(const toml::node& node, const std::string& why) const {
    throw InputError(fmt::format("{}: {}", place_of(node, path_), why));
  }
  [[noreturn]] void fail(const std::string& why) const { fail(table_, why); }
  std::string key(std::string_view name) const {
    return name_.empty() ? std::string(name) : fmt::format("{}.{}", name_, name);
  }

  const toml::node* find(const std::string& name) {
    if (std::find(asked_.begin(), asked_.end(), name) == asked_.end()) asked_.push_back(name);
    return table_.get(name);
  }
  const toml::table* table(const std::string& name) {
    const toml::node* node = find(name);
    if (node && !node->as_table()) fail(*node, fmt::format("'{}' must be a table", key(name)));
    return node ? node->as_table() : nullptr;
  }
  std::string text(const std::string& name, std::string otherwise = {}) {
    const toml::node* node = find(name);
    if (!node) return otherwise;
    if (!node->as_string()) fail(*node, fmt::format("'{}' must be text within quotes", key(name)));
    const std::string value = node->as_string()->get();
    if (value != one_line(value, 500))
      fail(*node, fmt::format("'{}' must be one line of at most 500 bytes", key(name)));
    return value;
  }
  /// A text, or a list of texts.
  std::vector<std::string> texts(const std::string& name) {
    std::vector<std::string> all;
    const toml::node* node = find(name);
    if (!node) return all;
    if (node->as_string()) return {node->as_string()->get()};
    if (!node->as_array()) fail(*node, fmt::format("'{}' must be a list of words", key(name)));
    for (const toml::node& item : *node->as_array()) {
      if (!item.as_string()) fail(*node, fmt::format("'{}' must be a list of words", key(name)));
      all.push_back(item.as_string()->get());
    }
    return all;
  }
  std::int64_t whole(const std::string& name, std::int64_t otherwise, std::int64_t least, std::int64_t most) {
    const toml::node* node = find(name);
    if (!node) return otherwise;
    const auto* value = node->as_integer();
    if (!value || value->get() < least || value->get() > most)
      fail(*node, fmt::format("'{}' = {}: needs a whole number from {} to {}", key(name), toml_of(*node), least, most));
    return value->get();
  }
  double real(const std::string& name, double otherwise, double least, double most) {
    const toml::node* node = find(name);
    if (!node) return otherwise;
    const double value = number(*node, name);
    if (!(value >= least && value <= most))
      fail(*node, fmt::format("'{}' = {}: allowed {:g} to {:g}", key(name), toml_of(*node), least, most));
    return value;
  }
  double number(const toml::node& node, const std::string& name) const {
    if (node.as_integer()) return static_cast<double>(node.as_integer()->get());
    if (node.as_floating_point()) return node.as_floating_point()->get();
    fail(node, fmt::format("'{}' = {}: needs a number", key(name), toml_of(node)));
  }
  template <std::size_t N>
  std::size_t word(const std::string& name, const char* const (&words)[N], std::size_t otherwise) {
    const toml::node* node = find(name);
    if (!node) return otherwise;
    const std::string value = text(name);
    for (std::size_t i = 0; i < N; ++i)
      if (value == words[i]) return i;
    const std::string near = nearest_word(value, {std::begin(words), std::end(words)});
    fail(*node, fmt::format("'{}' = \"{}\"{}; allowed {}", key(name), one_line(value, 60),
                            near.empty() ? "" : fmt::format(": did you mean '{}'?", near), fmt::join(words, ", ")));
  }

  /// Whatever nobody asked for is a mistake.
  void refuse_others() const {
    for (const auto& [name, node] : table_) {
      const std::string found(name.str());
      if (std::find(asked_.begin(), asked_.end(), found) != asked_.end()) continue;
      const std::string near = nearest_word(found, asked_);
      fail(node,
           fmt::format("unknown key '{}'{} (known: {})", one_line(key(found), 100),
                       near.empty() ? "" : fmt::format("; did you mean '{}'?", key(near)), fmt::join(asked_, ", ")));
    }
  }

 private:
  const toml::table& table_;
  std::string name_;
  const fs::path& path_;
  std::vector<std::string> asked_;
};

// --- --set -----------------------------------------------------------------------------------------------------------

/// The value of KEY=VALUE as TOML, or as text where it is none.
toml::table value_table(const std::string& text) {
  if (text.find('\n') == std::string::npos) try {
      toml::table parsed = parse_toml("value = " + text, "--set");
      if (parsed.size() == 1 && parsed.get("value")) return parsed;
    } catch (const InputError&) {
    }
  return toml::table{{"value", text}};
}

void put(toml::table& table, const std::string& name, const std::string& text) {
  const toml::table value = value_table(text);
  value.get("value")->visit([&](const auto& n) { table.insert_or_assign(name, n); });
}

/// Words separated by commas become a list.
void put_words(toml::table& table, const std::string& name, const std::string& text) {
  if (text.empty() || text.front() == '[' || text.front() == '"') return put(table, name, text);
  toml::array words;
  for (std::size_t from = 0; from <= text.size();) {
    const std::size_t comma = std::min(text.find(',', from), text.size());
    words.push_back(text.substr(from, comma - from));
    from = comma + 1;
  }
  table.insert_or_assign(name, words);
}

toml::table& subtable(toml::table& table, const std::string& name) {
  if (!table.get(name)) table.insert(name, toml::table{});
  if (!table.get(name)->as_table()) throw InputError(fmt::format("--set: '{}' is no table in this study", name));
  return *table.get(name)->as_table();
}

std::string word_at(const toml::table& table, const char* name) {
  const toml::node* node = table.get(name);
  return node && node->as_string() ? node->as_string()->get() : std::string();
}

void apply_setting(toml::table& root, const std::string& setting) {
  const std::size_t equals = setting.find('=');
  if (equals == std::string::npos || equals == 0) throw ParameterError("'" + setting + "' is not KEY=VALUE");
  const std::string key = setting.substr(0, equals), value = setting.substr(equals + 1);
  const std::string group = key.substr(0, key.find('.'));
  const std::string name = group.size() == key.size() ? "" : key.substr(group.size() + 1);
  if (name.empty() && (key == "title" || key == "patient" || key == "artery")) {
    root.insert_or_assign(key, value);
  } else if (key == "protocol") {
    put_words(root, key, value);
  } else if (!name.empty() && (group == "outputs" || group == "plot")) {
    put_words(subtable(root, group), name, value);
  } else if (!name.empty() && group == "sampling") {
    put(subtable(root, group), name, value);
  } else if (!name.empty() && group == "parameter") {
    const std::size_t dot = name.rfind('.');
    const std::string which = name.substr(0, dot), field = dot == std::string::npos ? "" : name.substr(dot + 1);
    std::vector<std::string> known;
    if (toml::node* list = root.get("parameter"); list && list->as_array())
      for (toml::node& item : *list->as_array())
        if (toml::table* factor = item.as_table()) {
          known.push_back(word_at(*factor, "key"));
          const std::string called = word_at(*factor, "name"), tail = known.back().substr(known.back().rfind('.') + 1);
          if (field.empty() || (which != known.back() && which != called && which != tail)) continue;
          for (const char* other : {"values", "range", "distribution"})  // they exclude each other
            if (field != other && (field == "values" || field == "range" || field == "distribution"))
              factor->erase(other);
          return put(*factor, field, value);
        }
    throw ParameterError(
        fmt::format("--set {}: the study varies no parameter '{}' (it varies {}); write "
                    "parameter.KEY.values, .range, .steps, …",
                    key, which, fmt::join(known, ", ")));
  } else {
    try {
      find_parameter(key);
    } catch (const ParameterError& e) {
      std::vector<std::string> known = {"title", "patient", "protocol", "artery"};
      for (const char* word :
           {"method", "count", "seed", "levels", "bootstrap", "max_failed_percent", "starts", "file"})
        known.push_back(std::string("sampling.") + word);
      for (const char* word : {"indices", "readings"}) known.push_back(std::string("outputs.") + word);
      const std::string near = nearest_word(key, known);
      throw near.empty() ? e : ParameterError(fmt::format("unknown key '{}'; did you mean '{}'?", key, near));
    }
    PatientParameters scratch;
    set_parameter_from_text(scratch, setting);  // its errors are better than those of a table
    if (toml::node* list = root.get("parameter"); list && list->as_array()) {
      toml::array& factors = *list->as_array();
      for (std::size_t i = factors.size(); i-- > 0;)
        if (factors[i].as_table() && word_at(*factors[i].as_table(), "key") == key)
          factors.erase(factors.begin() + static_cast<std::ptrdiff_t>(i));
    }
    const Parameter& p = find_parameter(key);
    if (!p.choices.empty())
      subtable(root, "set").insert_or_assign(key, value);
    else
      put(subtable(root, "set"), key, value);
  }
}

// --- parts of a study ------------------------------------------------------------------------------------------------

/// A number for a parameter from a TOML value, checked against the table.
double checked_value(const Section& section, const std::string& key, const toml::node& node) {
  ParameterValue value;
  if (const auto* flag = node.as_boolean())
    value = flag->get();
  else if (const auto* text = node.as_string())
    value = text->get();
  else if (const auto* whole = node.as_integer())
    value = static_cast<double>(whole->get());
  else if (const auto* real = node.as_floating_point())
    value = real->get();
  else
    section.fail(node, fmt::format("'{}': needs numbers, words or true/false", key));
  try {
    PatientParameters scratch;
    set_parameter(scratch, key, value);
  } catch (const ParameterError& e) {
    section.fail(node, e.what());
  }
  return parameter_number(key, value);
}

void read_distribution(Section& parent, const toml::table& table, const Parameter& p, Factor& factor,
                       const fs::path& path) {
  using random::Kind;
  Section s(table, parent.key("distribution"), path);
  random::Distribution& d = factor.distribution;
  if (!table.get("kind"))
    s.fail(fmt::format("'{}' needs a kind: {}", s.key("kind"), fmt::join(random::kind_names, ", ")));
  d.kind = static_cast<Kind>(s.word("kind", random::kind_names, 0));
  const double infinity = std::numeric_limits<double>::infinity();
  const auto need = [&](const char* name, double least = -std::numeric_limits<double>::max()) {
    if (!table.get(name))
      s.fail(fmt::format("a {} distribution needs '{}'", random::kind_names[static_cast<int>(d.kind)], s.key(name)));
    const double value = s.real(name, 0.0, -infinity, infinity);
    if (!std::isfinite(value) || !(value > least))
      s.fail(*table.get(name),
             fmt::format("'{}' = {}: must be a number above {:g}", s.key(name), number_text(value), least));
    return value;
  };
  const bool limits_needed =
      d.kind == Kind::uniform || d.kind == Kind::loguniform || d.kind == Kind::triangular || d.kind == Kind::beta;
  if (limits_needed || table.get("minimum")) d.minimum = need("minimum");
  if (limits_needed || table.get("maximum")) d.maximum = need("maximum");
  switch (d.kind) {
    case Kind::normal:
      d.a = need("mean");
      d.b = need("sd", 0.0);
      break;
    case Kind::lognormal:
      d.a = need("median", 0.0);
      d.b = need("geometric_sd", 1.0);
      break;
    case Kind::triangular:
      d.a = need("mode");
      if (!(d.minimum <= d.a && d.a <= d.maximum)) s.fail("'mode' must lie between minimum and maximum");
      break;
    case Kind::beta:
      d.a = need("alpha", 0.0);
      d.b = need("beta", 0.0);
      if (d.a > 1e4 || d.b > 1e4) s.fail("'alpha' and 'beta' must not exceed 10000");
      break;
    case Kind::uniform:
    case Kind::loguniform:
      break;
  }
  s.refuse_others();
  if (!(d.minimum < d.maximum)) s.fail("'minimum' must be less than 'maximum'");
  if (d.kind == Kind::loguniform && !(d.minimum > 0.0))
    s.fail("'minimum' of a loguniform distribution must be positive");
  const double from = d.kind == Kind::lognormal ? std::max(d.minimum, 0.0) : d.minimum;
  if (from < p.minimum || d.maximum > p.maximum)
    s.fail(
        fmt::format("'{}' may be {:g} to {:g}{}; the distribution must stay inside: give minimum and maximum "
                    "(it is then truncated there)",
                    p.key, p.minimum, p.maximum, p.unit == "1" ? "" : " " + p.unit));
  // Truncated to where next to nothing of it lies, no digit would be left
  if ((d.kind == Kind::normal && (d.minimum > d.a + 8 * d.b || d.maximum < d.a - 8 * d.b)) ||
      (d.kind == Kind::lognormal && (d.minimum > d.a * std::pow(d.b, 8) || d.maximum < d.a * std::pow(d.b, -8))))
    s.fail("the limits lie more than 8 standard deviations away from the middle");
}

Factor read_factor(const toml::table& table, const fs::path& path, Method method) {
  Section s(table, "parameter", path);
  Factor factor;
  factor.key = s.text("key");
  if (factor.key.empty()) s.fail("a [[parameter]] needs its 'key'");
  const Parameter* p = nullptr;
  try {
    p = &find_parameter(factor.key);
  } catch (const ParameterError& e) {
    s.fail(*table.get("key"), e.what());
  }
  factor.name = s.text("name");
  const bool numeric = p->choices.empty() && !p->is_switch;
  const toml::node* values = s.find("values");
  const toml::node* range = s.find("range");
  const toml::table* distribution = s.table("distribution");
  static const char* const scales[] = {"linear", "log"};
  const bool has_scale = table.get("scale"), has_steps = table.get("steps");
  const std::size_t scale = s.word("scale", scales, 0);
  factor.steps = static_cast<std::size_t>(s.whole("steps", 0, 2, 1'000'000));
  s.refuse_others();
  const int given = (values != nullptr) + (range != nullptr) + (distribution != nullptr);
  if (method == Method::table) {
    if (given) s.fail(fmt::format("'{}': with a table of samples, its column has the values", factor.key));
    return factor;
  }
  if (given != 1)
    s.fail(fmt::format("'{}' needs one of values, range or distribution{}", factor.key, given ? ", not several" : ""));
  if ((has_scale || has_steps) && !range) s.fail(fmt::format("'{}': scale and steps belong to a range", factor.key));
  if (values) {
    if (!values->as_array() || values->as_array()->empty())
      s.fail(*values, fmt::format("'{}': values must be a list that is not empty", factor.key));
    for (const toml::node& v : *values->as_array()) factor.values.push_back(checked_value(s, factor.key, v));
    return factor;
  }
  if (!numeric) s.fail(fmt::format("'{}' is {}: list its values", factor.key, p->is_switch ? "a switch" : "a word"));
  if (range) {
    const toml::array* ends = range->as_array();
    if (!ends || ends->size() != 2) s.fail(*range, fmt::format("'{}': range must be [lowest, highest]", factor.key));
    factor.distribution.kind = scale ? random::Kind::loguniform : random::Kind::uniform;
    factor.distribution.minimum = checked_value(s, factor.key, (*ends)[0]);
    factor.distribution.maximum = checked_value(s, factor.key, (*ends)[1]);
    if (!(factor.distribution.minimum < factor.distribution.maximum))
      s.fail(*range, fmt::format("'{}': the range must rise", factor.key));
    if (scale && !(factor.distribution.minimum > 0.0))
      s.fail(*range, fmt::format("'{}': a log range must begin above 0", factor.key));
    if (method == Method::grid && !factor.steps)
      s.fail(fmt::format("'{}': a grid needs 'steps' for a range", factor.key));
    return factor;
  }
  if (method == Method::grid || method == Method::list)
    s.fail(fmt::format("'{}': a {} has values{}, no distribution", factor.key,
                       study::method_names[static_cast<int>(method)], method == Method::grid ? " or a range" : ""));
  read_distribution(s, *distribution, *p, factor, path);
  return factor;
}

/// The path of a patient file is relative to the study's; a bare name is a shipped patient.
std::string beside(const fs::path& study, const std::string& patient) {
  const bool bare = patient.find('/') == std::string::npos && fs::path(patient).extension() != ".toml";
  return bare ? patient : (study.parent_path() / patient).string();
}

/// Short names where they are unique.
void name_factors(std::vector<Factor>& factors, const fs::path& path) {
  const auto tail = [](const std::string& key) { return key.substr(key.rfind('.') + 1); };
  for (Factor& f : factors) {
    if (!f.name.empty()) continue;
    const auto same =
        std::count_if(factors.begin(), factors.end(), [&](const Factor& g) { return tail(g.key) == tail(f.key); });
    f.name = tail(f.key);
    if (same > 1) {
      f.name = f.key;
      std::replace(f.name.begin(), f.name.end(), '.', '_');
    }
  }
  std::set<std::string> names, keys;
  for (const Factor& f : factors) {
    if (!dataset_rules::is_name(f.name) || f.name.size() > 100)
      throw InputError(fmt::format("{}: the name '{}' of a parameter must be letters, digits and '_'", path.string(),
                                   one_line(f.name, 100)));
    if (!keys.insert(f.key).second)
      throw InputError(fmt::format("{}: two [[parameter]] have the key '{}'", path.string(), f.key));
    if (!names.insert(f.name).second)
      throw InputError(fmt::format("{}: two [[parameter]] have the name '{}'", path.string(), f.name));
  }
}

void read_correlation(Section& s, Study& study) {
  const toml::node* node = s.find("correlation");
  if (!node) return;
  const std::size_t n = study.factors.size();
  const auto wrong = [&] {
    s.fail(*node,
           "'sampling.correlation' must be a list of [\"KEY\", \"KEY\", number], or a matrix in the order of the "
           "[[parameter]]s");
  };
  if (study.sampling.method != Method::latin_hypercube && study.sampling.method != Method::sobol &&
      study.sampling.method != Method::monte_carlo)
    s.fail(*node,
           "'sampling.correlation' goes with latin_hypercube, sobol and monte_carlo; other methods take parameters as "
           "independent");
  const toml::array* rows = node->as_array();
  if (!rows || rows->empty()) wrong();
  std::vector<double>& c = study.correlation;
  c.assign(n * n, 0.0);
  for (std::size_t i = 0; i < n; ++i) c[i * n + i] = 1.0;
  const auto which = [&](const toml::node& word) {
    const std::string name = word.as_string() ? word.as_string()->get() : "";
    for (std::size_t k = 0; k < n; ++k)
      if (study.factors[k].key == name || study.factors[k].name == name) return k;
    s.fail(*node, fmt::format("'sampling.correlation': no [[parameter]] '{}'", one_line(name, 60)));
  };
  const bool matrix =
      (*rows)[0].as_array() && !(*rows)[0].as_array()->empty() && !(*(*rows)[0].as_array())[0].as_string();
  if (matrix && rows->size() != n) wrong();
  for (std::size_t i = 0; i < rows->size(); ++i) {
    const toml::array* row = (*rows)[i].as_array();
    if (!row || row->size() != (matrix ? n : 3)) wrong();
    if (matrix) {
      for (std::size_t k = 0; k < n; ++k) c[i * n + k] = s.number((*row)[k], "correlation");
    } else {
      const std::size_t a = which((*row)[0]), b = which((*row)[1]);
      if (a == b) wrong();
      c[a * n + b] = c[b * n + a] = s.number((*row)[2], "correlation");
    }
  }
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t k = 0; k < n; ++k)
      if (c[i * n + k] != c[k * n + i] || !(std::abs(c[i * n + k]) <= 1.0) || c[i * n + i] != 1.0)
        s.fail(*node,
               "'sampling.correlation': a matrix of correlations is symmetric, from -1 to 1, with 1 on its diagonal");
}

void read_sampling(Section& s, Study& study, bool& has_file, std::string& file, std::string& file_hash) {
  study::Sampling& p = study.sampling;
  p.method = static_cast<Method>(s.word("method", study::method_names, 0));
  const bool counted = p.method != Method::grid && p.method != Method::list && p.method != Method::table;
  const toml::node* count = s.find("count");
  if (count && !counted)
    s.fail(*count, fmt::format("'sampling.count' does not go with the method {}, whose samples are listed",
                               study::method_names[static_cast<int>(p.method)]));
  if (!count && counted)
    s.fail(fmt::format("'sampling.count' is missing: the method {} needs it",
                       study::method_names[static_cast<int>(p.method)]));
  p.count = static_cast<std::size_t>(s.whole("count", 0, 1, most_samples));
  if (const toml::node* seed = s.find("seed")) {  // TOML's integers end at 2^63
    const std::string text = seed->as_string() ? seed->as_string()->get() : toml_of(*seed);
    const char* end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, p.seed);
    if (error != std::errc() || stop != end || text.empty())
      s.fail(*seed, fmt::format("'sampling.seed' = {}: needs a whole number from 0 to 18446744073709551615",
                                one_line(text, 60)));
  }
  p.levels = static_cast<std::size_t>(s.whole("levels", 4, 2, 1000));
  if (p.levels % 2) s.fail("'sampling.levels' must be even");
  p.bootstrap = static_cast<std::size_t>(s.whole("bootstrap", 200, 0, 10000));
  p.max_failed_percent = s.real("max_failed_percent", 10.0, 0.0, 100.0);
  p.lattice = s.word("starts", study::start_names, 1) == 1;
  has_file = s.find("file") != nullptr;
  file = s.text("file");
  file_hash = s.text("file_sha256");
  if (has_file != (p.method == Method::table))
    s.fail(has_file ? "'sampling.file' goes with the method table"
                    : "the method table needs 'sampling.file', a CSV of samples");
}

void read_outputs(Section& s, Study& study) {
  const auto& all_indices = study::known_indices();
  const auto& all_readings = study::known_readings();
  const auto has = [&](const std::string& phase) {
    return std::find(study.phases.begin(), study.phases.end(), phase) != study.phases.end();
  };
  const bool hyperaemia = has("rest") && (has("adenosine_iv") || has("adenosine_ic"));
  const bool acetylcholine = has("acetylcholine_100uM");
  const auto possible = [&](const study::Output& index) {
    if (!index.course.empty())
      return std::find(study.protocols.begin(), study.protocols.end(), index.course) != study.protocols.end();
    return hyperaemia && (acetylcholine || index.name.rfind("ach_", 0) != 0);
  };
  // Kept unasked only where some sample can have it: other arteries have no segment with spasm
  const bool spasm = study.patient.spasm.reactivity > 0.0 ||
                     std::any_of(study.factors.begin(), study.factors.end(),
                                 [](const study::Factor& f) { return f.key == "spasm.reactivity"; });
  const auto expected = [&](const std::string& name) { return spasm || name.find("_spasm_") == std::string::npos; };
  const auto chosen = [&](const std::string& what, const std::vector<study::Output>& known, const std::string& name) {
    for (const study::Output& o : known)
      if (o.name == name) return o;
    std::vector<std::string> words;
    for (const study::Output& o : known) words.push_back(o.name);
    const std::string near = nearest_word(name, words);
    s.fail(*s.find(what), fmt::format("'outputs.{}': unknown '{}'{}", what, one_line(name, 60),
                                      near.empty() ? fmt::format(" (known: {})", fmt::join(words, ", "))
                                                   : fmt::format("; did you mean '{}'?", near)));
  };
  std::vector<std::string> indices = s.texts("indices"), readings = s.texts("readings");
  if (!s.find("indices"))
    for (const study::Output& o : all_indices)
      if (possible(o) && expected(o.name)) indices.push_back(o.name);
  if (!s.find("readings") && indices.empty())
    for (const study::Output& o : all_readings)
      if (expected(o.name)) readings.push_back(o.name);
  std::set<std::string> seen;
  for (const std::string& name : indices) {
    const study::Output& index = study.outputs.emplace_back(chosen("indices", all_indices, name));
    if (!possible(index))
      s.fail(fmt::format("'outputs.indices': '{}' needs {} among the protocols", name,
                         !index.course.empty() ? index.course
                         : hyperaemia          ? "acetylcholine"
                                               : "adenosine_iv or adenosine_ic"));
    if (!seen.insert(name).second) s.fail(fmt::format("'outputs.indices' names '{}' twice", name));
  }
  seen.clear();
  for (const std::string& name : readings) {
    study::Output o = chosen("readings", all_readings, name);
    if (!seen.insert(name).second) s.fail(fmt::format("'outputs.readings' names '{}' twice", name));
    for (const study::Output& index : study.outputs)
      if (index.phase.empty() && index.name == name) o.name = "phase_" + name;  // microvascular_resistance_WU is both
    for (const std::string& phase : study.phases) {
      o.phase = phase;
      study.outputs.push_back(o);
    }
  }
  if (study.outputs.empty()) s.fail("'outputs': nothing would be kept of the samples");
}

// --- the resolved study ----------------------------------------------------------------------------------------------

std::string list_of(const std::vector<std::string>& words) {
  std::vector<std::string> all;
  for (const std::string& w : words) all.push_back(quoted(w));
  return fmt::format("[{}]", fmt::join(all, ", "));
}

/// A number that TOML reads as a float.
std::string real_text(double v) {
  const std::string text = number_text(v);
  return text.find_first_of(".e") == std::string::npos && std::isfinite(v) ? text + ".0" : text;
}

std::string value_toml(const std::string& key, double number) {
  const ParameterValue value = parameter_value(key, number);
  if (const auto* flag = std::get_if<bool>(&value)) return *flag ? "true" : "false";
  if (const auto* word = std::get_if<std::string>(&value)) return quoted(*word);
  return real_text(number);
}

std::string resolved_text(const StudyFile& file, const std::string& table_file, const std::string& table_hash) {
  const Study& s = file.study;
  std::string out;
  const auto line = [&](const std::string& key, const std::string& value) { out += key + " = " + value + "\n"; };
  line("title", quoted(s.title));
  line("protocol", list_of(s.protocols));
  line("artery", quoted(network::territory_names[s.artery]));
  out += "\n[sampling]\n";
  line("method", quoted(study::method_names[static_cast<int>(s.sampling.method)]));
  if (s.sampling.count) line("count", std::to_string(s.sampling.count));
  line("seed", quoted(std::to_string(s.sampling.seed)));
  if (!s.sampling.lattice) line("starts", quoted(study::start_names[0]));
  if (s.sampling.method == Method::morris) line("levels", std::to_string(s.sampling.levels));
  if (s.sampling.method == Method::morris || s.sampling.method == Method::saltelli) {
    line("bootstrap", std::to_string(s.sampling.bootstrap));
    line("max_failed_percent", real_text(s.sampling.max_failed_percent));
  }
  if (s.sampling.method == Method::table) line("file", quoted(table_file)), line("file_sha256", quoted(table_hash));
  if (!s.correlation.empty()) {
    std::vector<std::string> rows;
    const std::size_t n = s.factors.size();
    for (std::size_t i = 0; i < n; ++i) {
      std::vector<std::string> row;
      for (std::size_t k = 0; k < n; ++k) row.push_back(real_text(s.correlation[i * n + k]));
      rows.push_back(fmt::format("[{}]", fmt::join(row, ", ")));
    }
    line("correlation", fmt::format("[{}]", fmt::join(rows, ", ")));
  }
  out += "\n[outputs]\n";
  std::vector<std::string> indices, readings;
  for (const study::Output& o : s.outputs)
    if (o.phase.empty())
      indices.push_back(o.name);
    else if (const std::string name = o.name.rfind("phase_", 0) == 0 ? o.name.substr(6) : o.name;
             std::find(readings.begin(), readings.end(), name) == readings.end())
      readings.push_back(name);
  line("indices", list_of(indices));
  line("readings", list_of(readings));
  for (const Factor& f : s.factors) {
    out += "\n[[parameter]]\n";
    line("key", quoted(f.key));
    line("name", quoted(f.name));
    if (s.sampling.method == Method::table) continue;
    if (!f.values.empty()) {
      std::vector<std::string> values;
      for (const double v : f.values) values.push_back(value_toml(f.key, v));
      line("values", fmt::format("[{}]", fmt::join(values, ", ")));
      continue;
    }
    const random::Distribution& d = f.distribution;
    if (f.steps) {
      line("range", fmt::format("[{}, {}]", real_text(d.minimum), real_text(d.maximum)));
      line("scale", d.kind == random::Kind::loguniform ? "\"log\"" : "\"linear\"");
      line("steps", std::to_string(f.steps));
      continue;
    }
    std::string text = fmt::format("{{kind = \"{}\"", random::kind_names[static_cast<int>(d.kind)]);
    const auto add = [&](const char* name, double v) {
      if (std::isfinite(v)) text += fmt::format(", {} = {}", name, real_text(v));
    };
    using random::Kind;
    if (d.kind == Kind::normal) add("mean", d.a), add("sd", d.b);
    if (d.kind == Kind::lognormal) add("median", d.a), add("geometric_sd", d.b);
    if (d.kind == Kind::triangular) add("mode", d.a);
    if (d.kind == Kind::beta) add("alpha", d.a), add("beta", d.b);
    add("minimum", d.minimum), add("maximum", d.maximum);
    line("distribution", text + "}");
  }
  out += "\n[patient]\n";
  for (const Parameter& p : parameter_table()) {
    const std::string value = parameter_value_text(p, s.patient);
    if (value == "varies") continue;
    line(p.key, !p.choices.empty() ? quoted(value) : p.is_switch ? value : real_text(std::stod(value)));
  }
  return out;
}

void read_plot(const toml::table* table, StudyFile& file, const fs::path& path) {
  if (!table) return;
  Section s(*table, "plot", path);
  const auto& factors = file.study.factors;
  const auto& outputs = file.study.outputs;
  /// Name of a factor; one that --set holds fixed needs no axis.
  const auto factor = [&](const char* key, bool or_phase) {
    const std::string name = s.text(key);
    const bool known = std::any_of(factors.begin(), factors.end(), [&](const Factor& f) { return f.name == name; });
    if (known || (or_phase && name == "phase")) return name;
    const auto& rows = parameter_table();
    if (!name.empty() && std::none_of(rows.begin(), rows.end(), [&](const Parameter& p) {
          return p.key == name || p.key.substr(p.key.rfind('.') + 1) == name;
        }))
      s.fail(*table->get(key), fmt::format("'{}': no [[parameter]] has the name '{}'", s.key(key), one_line(name, 60)));
    return std::string();
  };
  file.plot = {.x = factor("x", true),
               .series = factor("series", false),
               .dash = factor("dash", false),
               .panel = factor("panel", false),
               .y = s.texts("y")};
  s.refuse_others();
  for (const std::string& y : file.plot.y)
    if (std::none_of(outputs.begin(), outputs.end(), [&](const study::Output& o) { return o.name == y; }))
      s.fail(*table->get("y"), fmt::format("'plot.y': '{}' is not among the outputs", one_line(y, 60)));
}

void flatten(const toml::node& node, const std::string& key, std::map<std::string, std::string>& lines) {
  if (const toml::table* table = node.as_table()) {
    for (const auto& [name, inner] : *table)
      flatten(inner, key.empty() ? std::string(name.str()) : key + "." + std::string(name.str()), lines);
  } else if (const toml::array* list = node.as_array(); list && key == "parameter") {
    for (const toml::node& item : *list)
      if (item.as_table()) flatten(item, "parameter " + word_at(*item.as_table(), "key"), lines);
  } else {
    lines[key] = toml_of(node);
  }
}

}  // namespace

std::vector<std::string> shipped_studies() {
  std::vector<std::string> names;
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(shipped("studies", ""), ignored))
    if (entry.path().extension() == ".toml") names.push_back(entry.path().stem().string());
  std::sort(names.begin(), names.end());
  return names;
}

StudyFile parse_study(const std::string& text, const fs::path& path, const std::vector<std::string>& settings,
                      bool with_table) {
  toml::table root = parse_toml(text, path);
  if (root.get("set")) throw InputError(fmt::format("{}: unknown key 'set'", place_of(*root.get("set"), path)));
  for (const std::string& setting : settings) apply_setting(root, setting);

  StudyFile file;
  file.name = one_line(path.stem().string());
  file.text = text;
  Study& study = file.study;
  Section top(root, "", path);
  for (const char* name :
       {"title", "patient", "protocol", "artery", "fixed", "sampling", "parameter", "outputs", "plot"})
    top.find(name);
  if (!settings.empty()) top.find("set");  // where --set puts parameters
  top.refuse_others();                     // before anything is missed for being misspelt
  study.title = top.text("title", file.name);

  if (const toml::node* patient = top.find("patient"); patient && patient->as_table()) {
    const toml::table& table = *patient->as_table();
    if (const std::string base = word_at(table, "base"); !base.empty())
      study.patient = load_patient(beside(path, base)).parameters;
    set_parameters(study.patient, table, path, {"base", "title"});
  } else {
    const std::string name = top.text("patient", "healthy");
    const bool in_file = patient && patient->source().begin.line;  // else from --set, relative to where one stands
    study.patient = load_patient(in_file ? beside(path, name) : name).parameters;
  }
  if (const toml::table* fixed = top.table("fixed")) set_parameters(study.patient, *fixed, path);
  if (const toml::table* set = top.table("set")) {
    std::vector<std::pair<std::string, const toml::node*>> all;
    for (const auto& [key, node] : *set) all.emplace_back(std::string(key.str()), &node);
    std::stable_sort(all.begin(), all.end(), [](const auto& a, const auto& b) {
      return std::count(a.first.begin(), a.first.end(), '.') < std::count(b.first.begin(), b.first.end(), '.');
    });
    for (const auto& entry : all)
      set_parameter(study.patient, entry.first,
                    parameter_value(entry.first, checked_value(top, entry.first, *entry.second)));
  }

  study.protocols = top.texts("protocol");
  if (!root.get("protocol")) study.protocols = {"adenosine_iv"};
  if (study.protocols.empty()) top.fail(*root.get("protocol"), "'protocol' is empty");
  study.artery = top.word("artery", {"LAD", "LCx", "RCA"}, network::lad);

  static const toml::table nothing;
  const toml::table* sampling_table = top.table("sampling");
  Section sampling(sampling_table ? *sampling_table : nothing, "sampling", path);
  bool has_file = false;
  std::string table_file, table_hash;
  read_sampling(sampling, study, has_file, table_file, table_hash);

  if (const toml::node* list = top.find("parameter")) {
    if (!list->as_array()) top.fail(*list, "parameters to vary are written [[parameter]]");
    for (const toml::node& item : *list->as_array()) {
      if (!item.as_table()) top.fail(*list, "parameters to vary are written [[parameter]]");
      study.factors.push_back(read_factor(*item.as_table(), path, study.sampling.method));
    }
  }
  if (has_file && with_table) {
    const fs::path csv = fs::path(table_file).is_absolute() ? fs::path(table_file) : path.parent_path() / table_file;
    SampleTable table = load_samples(csv, study.factors);
    if (!table_hash.empty() && table_hash != table.sha256)
      throw InputError(fmt::format("{}: 'sampling.file_sha256' does not fit '{}', which has {}", path.string(),
                                   csv.string(), table.sha256));
    study.factors = std::move(table.factors);
    study.table = std::move(table.values);
    table_hash = table.sha256;
  }
  name_factors(study.factors, path);
  read_correlation(sampling, study);
  sampling.refuse_others();

  try {
    study::prepare(study);
    if (study.sampling.method == Method::list)
      for (const Factor& f : study.factors)
        if (f.values.size() != study.factors.front().values.size())
          throw ParameterError(
              fmt::format("'{}' has {} values and '{}' {}: a list goes through all parameters side by side",
                          study.factors.front().key, study.factors.front().values.size(), f.key, f.values.size()));
    if (study.sampling.method == Method::saltelli && 2 * study.factors.size() > 3667)
      throw ParameterError("saltelli can vary 1833 parameters at most");
    if (with_table && study::sample_count(study) > static_cast<std::size_t>(most_samples))
      throw ParameterError(fmt::format("{} samples; {} are allowed", study::sample_count(study), most_samples));
  } catch (const ParameterError& e) {
    throw InputError(fmt::format("{}: {}", path.string(), e.what()));
  }
  const toml::table* outputs_table = top.table("outputs");
  Section outputs(outputs_table ? *outputs_table : nothing, "outputs", path);
  read_outputs(outputs, study);
  outputs.refuse_others();
  read_plot(top.table("plot"), file, path);
  file.resolved = resolved_text(file, table_file, table_hash);
  file.hash = sha256_hex(file.resolved);
  return file;
}

StudyFile load_study(const std::string& name, const std::vector<std::string>& settings) {
  fs::path path = name;
  if (name.find('/') == std::string::npos && path.extension() != ".toml") {
    path = shipped("studies", name + ".toml");
    std::error_code ignored;
    if (!fs::exists(path, ignored)) {
      const auto names = shipped_studies();
      const std::string near = nearest_word(name, names);
      throw InputError(fmt::format("no study '{}'{}; shipped: {}; or give the path of a .toml file",
                                   one_line(name, 100), near.empty() ? "" : fmt::format("; did you mean '{}'?", near),
                                   fmt::join(names, ", ")));
    }
  }
  return parse_study(read_text(path), path, settings);
}

std::vector<std::string> differences(const std::string& before, const std::string& now) {
  std::map<std::string, std::string> a, b;
  flatten(parse_toml(before, "journal"), "", a);
  flatten(parse_toml(now, "study"), "", b);
  std::vector<std::string> all;
  for (const auto& [key, value] : a) {
    const auto other = b.find(key);
    if (other == b.end())
      all.push_back(fmt::format("{}: {} -> (gone)", key, value));
    else if (other->second != value)
      all.push_back(fmt::format("{}: {} -> {}", key, value, other->second));
  }
  for (const auto& [key, value] : b)
    if (!a.count(key)) all.push_back(fmt::format("{}: (new) -> {}", key, value));
  return all;
}

}  // namespace coronet::io
