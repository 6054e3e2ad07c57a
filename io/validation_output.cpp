#include "io/validation_output.hpp"

#include <fmt/format.h>
#include <toml++/toml.h>
#include <algorithm>
#include <cmath>
#include <initializer_list>
#include <set>

#include "io/one_line.hpp"
#include "io/patient_file.hpp"
#include "io/toml_text.hpp"
#include "scenarios/parameter_table.hpp"

namespace coronet::io {
namespace {

using validation::absent, validation::Benchmark, validation::Catalogue, validation::NotComputed, validation::Question;
using validation::Result, validation::Role, validation::Row, validation::Subject;

// --- reading -----------------------------------------------------------------------------------------------------

/// One table of the file: every key must be read once, and none may be left over.
class Reader {
 public:
  Reader(const toml::table& table, const std::string& where)
      : table_(table), where_(fmt::format("{}:{}", where, table.source().begin.line)) {}

  std::string text(const char* key) {
    const toml::node* n = find(key);
    if (!n) return "";
    const auto* s = n->as_string();
    if (!s) fail(key, "must be text");
    return s->get();
  }
  std::string required_text(const char* key) {
    const std::string s = text(key);
    if (s.empty()) fail(key, "is missing");
    return s;
  }
  double number(const char* key, double otherwise = absent) {
    const toml::node* n = find(key);
    if (!n) return otherwise;
    const auto v = n->value<double>();
    if (!v || !std::isfinite(*v)) fail(key, "must be a number");
    return *v;
  }
  double required_number(const char* key) {
    const double v = number(key);
    if (std::isnan(v)) fail(key, "is missing");
    return v;
  }
  std::vector<double> numbers(const char* key) {
    std::vector<double> all;
    each(key, [&](const toml::node& n) {
      const auto v = n.value<double>();
      if (!v || !std::isfinite(*v)) fail(key, "must be a list of numbers");
      all.push_back(*v);
    });
    return all;
  }
  std::vector<std::string> words(const char* key) {
    std::vector<std::string> all;
    each(key, [&](const toml::node& n) {
      if (!n.is_string()) fail(key, "must be a list of words");
      all.push_back(n.value_or(std::string()));
    });
    return all;
  }
  /// Index of a word in a list, 0 if the key is absent.
  template <class List> std::size_t choice(const char* key, const List& list) {
    const std::string word = text(key);
    if (word.empty()) return 0;
    const auto at = std::find(std::begin(list), std::end(list), word);
    if (at == std::end(list)) fail(key, fmt::format("'{}' is none of {}", word, fmt::join(list, ", ")));
    return static_cast<std::size_t>(at - std::begin(list));
  }
  const toml::table& inner(const char* key) {
    const toml::node* n = find(key);
    if (!n || !n->as_table()) fail(key, "must be a table");
    return *n->as_table();
  }
  void nothing_left() const {
    for (const auto& [key, node] : table_)
      if (!read_.count(std::string(key.str())))
        throw InputError(fmt::format("{}: unknown key '{}'", where_, one_line(key.str())));
  }
  [[noreturn]] void fail(const std::string& key, const std::string& why) const {
    throw InputError(fmt::format("{}: '{}' {}", where_, key, why));
  }

 private:
  const toml::node* find(const char* key) {
    read_.insert(key);
    return table_.get(key);
  }
  template <class Use> void each(const char* key, Use use) {
    const toml::node* n = find(key);
    if (!n) return;
    if (!n->as_array()) fail(key, "must be a list");
    for (const toml::node& item : *n->as_array()) use(item);
  }

  const toml::table& table_;
  std::string where_;
  std::set<std::string> read_;
};

template <class Use> void each_table(const toml::table& file, const char* key, const std::string& where, Use use) {
  const toml::array* list = file[key].as_array();
  if (!list) throw InputError(fmt::format("{}: needs [[{}]]", where, key));
  for (const toml::node& node : *list) {
    if (!node.as_table()) throw InputError(fmt::format("{}: '{}' must be a list of tables", where, key));
    Reader r(*node.as_table(), where);
    use(r);
    r.nothing_left();
  }
}

Subject subject(Reader& r) {
  Subject s{r.required_text("name"), r.required_text("basis"), load_patient(r.required_text("patient")).parameters};
  for (const std::string& setting : r.words("set")) set_parameter_from_text(s.parameters, setting);
  check_patient(s.parameters);
  return s;
}

Question question(Reader& r, const Catalogue& catalogue) {
  Question q;
  q.measure = r.required_text("measure");
  if (const std::string s = r.text("subject"); !s.empty()) q.subject = s;
  if (const std::string c = r.text("condition"); !c.empty()) q.condition = c;
  const auto known = [&](const char* key, const std::string& word, const std::vector<std::string>& list) {
    if (std::find(list.begin(), list.end(), word) == list.end())
      r.fail(key, fmt::format("'{}' is none of {}", word, fmt::join(list, ", ")));
  };
  std::vector<std::string> subjects;
  for (const Subject& s : catalogue.subjects) subjects.push_back(s.name);
  known("measure", q.measure, validation::measure_names());
  known("condition", q.condition, validation::condition_names());
  known("subject", q.subject, subjects);
  q.perfusion_mmHg = r.number("perfusion_mmHg");
  q.perfusion_to_mmHg = r.number("perfusion_to_mmHg");
  q.demand_factor = r.number("demand_factor", 1.0);
  q.heart_rate_bpm = r.number("heart_rate_bpm");
  q.METs = r.number("METs");
  q.artery = r.choice("artery", network::territory_names);
  q.layer = r.choice("layer", network::layer_names);
  q.compartment = r.choice("compartment", bed::names);
  q.diameter_um = r.number("diameter_um");
  const double order = r.number("order", 0.0);
  if (!(order >= 0.0 && order <= 6.0)) r.fail("order", "must be 0 to 6");
  q.order = static_cast<std::size_t>(order);
  q.pressure_mmHg = r.numbers("pressure_mmHg");
  q.relative_diameter = r.numbers("relative_diameter");
  if (q.pressure_mmHg.size() != q.relative_diameter.size())
    r.fail("relative_diameter", "needs one number per pressure");
  return q;
}

Benchmark benchmark(Reader& r, const Catalogue& catalogue, const std::string& where) {
  Benchmark b;
  b.id = r.required_text("id");
  b.topic = r.required_text("topic");
  b.quantity = r.required_text("quantity");
  b.unit = r.required_text("unit");
  b.species = r.required_text("species");
  b.source = r.required_text("source");
  b.confidence = r.required_text("confidence");
  b.tolerance = r.required_text("tolerance");
  b.note = r.text("note");
  b.why_missed = r.text("why_missed");
  constexpr std::array<const char*, 2> roles = {"validation", "calibration"};
  b.role = static_cast<Role>(r.choice("role", roles));
  b.published = r.number("published");
  b.sd = r.number("sd");
  // The band: two ends (one may be missing), or a half width, or one SD
  const double half = r.number("within", b.sd), part = r.number("within_percent");
  b.low = r.number("low");
  b.high = r.number("high");
  if (std::isnan(b.low) && std::isnan(b.high)) {
    const double width = std::isfinite(part) ? part / 100.0 * std::fabs(b.published) : half;
    b.low = b.published - width;
    b.high = b.published + width;
  }
  if (std::isnan(b.low)) b.low = -std::numeric_limits<double>::infinity();
  if (std::isnan(b.high)) b.high = std::numeric_limits<double>::infinity();
  if (!(b.low < b.high) || (std::isinf(b.low) && std::isinf(b.high))) r.fail(b.id, "has no band to lie in");
  Reader ask(r.inner("ask"), where);
  b.question = question(ask, catalogue);
  ask.nothing_left();
  return b;
}

// --- writing -----------------------------------------------------------------------------------------------------

std::string number_for_people(double v) {
  const double size = std::fabs(v);
  return fmt::format("{:.{}f}", v, size >= 100.0 ? 0 : size >= 10.0 ? 1 : size >= 0.1 || size == 0.0 ? 2 : 3);
}

std::string published(const Benchmark& b) {
  if (std::isnan(b.published)) return "-";
  return number_for_people(b.published) + (std::isfinite(b.sd) ? " ± " + number_for_people(b.sd) : "");
}

std::string band(const Benchmark& b) {
  if (std::isinf(b.low)) return "< " + number_for_people(b.high);
  if (std::isinf(b.high)) return "> " + number_for_people(b.low);
  return fmt::format("{} to {}", number_for_people(b.low), number_for_people(b.high));
}

std::string unit_suffix(const Benchmark& b) { return b.unit == "1" ? "" : ", " + b.unit; }

std::string verdict(const Row& row) { return !row.failure.empty() ? "failed" : row.pass ? "pass" : "MISS"; }

/// A text to width `columns`, counting characters, not bytes.
std::string padded(const std::string& text, std::size_t columns, bool right = false) {
  const auto length = static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
  const std::string gap(columns > length ? columns - length : 0, ' ');
  return right ? gap + text : text + gap;
}

std::vector<std::string> cells(const Row& row) {
  const bool solved = row.failure.empty();
  return {published(row.benchmark), band(row.benchmark), solved ? number_for_people(row.ours) : "-",
          solved && std::isfinite(row.z) ? fmt::format("{:+.1f}", row.z) : "-", verdict(row)};
}

std::string totals(const Result& r) {
  return fmt::format("{} of {} validation rows pass ({} of {} human); {} of {} calibration rows", r.all.passed,
                     r.all.computed, r.human.passed, r.human.computed, r.calibration.passed, r.calibration.computed);
}

std::vector<std::string> topics(const Result& result) {
  std::vector<std::string> all;
  for (const Row& row : result.rows)
    if (std::find(all.begin(), all.end(), row.benchmark.topic) == all.end()) all.push_back(row.benchmark.topic);
  return all;
}

nlohmann::ordered_json json_number(double v) {
  return std::isfinite(v) ? nlohmann::ordered_json(v) : nlohmann::ordered_json();
}

const char* role_name(const Benchmark& b) { return b.role == Role::validation ? "validation" : "calibration"; }

}  // namespace

Catalogue load_validation() {
  const auto path = shipped("", "validation.toml");
  const std::string where = path.string();
  const toml::table file = parse_toml(read_text(path), path);
  Catalogue c;
  each_table(file, "subject", where, [&](Reader& r) { c.subjects.push_back(subject(r)); });
  each_table(file, "row", where, [&](Reader& r) { c.benchmarks.push_back(benchmark(r, c, where)); });
  each_table(file, "not_computed", where, [&](Reader& r) {
    c.not_computed.push_back(
        {r.required_text("id"), r.required_text("quantity"), r.required_text("source"), r.required_text("reason")});
  });
  std::set<std::string> ids;
  for (const Benchmark& b : c.benchmarks)
    if (!ids.insert(b.id).second) throw InputError(fmt::format("{}: two rows are called '{}'", where, b.id));
  for (const NotComputed& n : c.not_computed)
    if (!ids.insert(n.id).second) throw InputError(fmt::format("{}: two rows are called '{}'", where, n.id));
  return c;
}

void check_validation_id(const Catalogue& c, const std::string& id) {
  std::vector<std::string> known;
  for (const Benchmark& b : c.benchmarks) {
    known.push_back(b.id);
    for (std::size_t dot = b.id.find('.'); dot != std::string::npos; dot = b.id.find('.', dot + 1))
      known.push_back(b.id.substr(0, dot));
  }
  if (std::find(known.begin(), known.end(), id) != known.end()) return;
  for (const NotComputed& n : c.not_computed)
    if (n.id == id) throw InputError(fmt::format("row '{}' is not computed: {}", id, n.reason));
  const std::string near = nearest_word(id, known);
  throw InputError(fmt::format("no row '{}'{} (see coronet validate)", one_line(id, 200),
                               near.empty() ? "" : fmt::format("; did you mean '{}'?", near)));
}

std::string validation_table(const Result& result, const Catalogue& catalogue) {
  std::string out;
  const auto line = [&](const std::string& id, const std::string& quantity, const std::vector<std::string>& c) {
    out += fmt::format("{} {} {} {} {} {}  {}\n", padded(id, 34), padded(quantity, 61), padded(c[0], 13, true),
                       padded(c[1], 15, true), padded(c[2], 7, true), padded(c[3], 5, true), c[4]);
  };
  for (const std::string& topic : topics(result)) {
    out += topic + "\n";
    line("  id", "quantity", {"published", "band", "ours", "z", ""});
    for (const Row& row : result.rows) {
      const Benchmark& b = row.benchmark;
      if (b.topic != topic) continue;
      auto c = cells(row);
      if (b.role == Role::calibration) c[4] += " (calibration)";
      line("  " + b.id, b.quantity + unit_suffix(b) + (b.species == "human" ? "" : " (" + b.species + ")"), c);
      if (!row.failure.empty())
        out += "      " + row.failure + "\n";
      else if (!row.pass && !b.why_missed.empty())
        out += "      " + b.why_missed + "\n";
    }
    out += "\n";
  }
  out += totals(result) + ".\nA row passes inside its band; z = (ours - published)/SD where the source gives an SD. ";
  out += fmt::format("{} published figures are not computed (docs/validation.md).\n", catalogue.not_computed.size());
  return out;
}

nlohmann::ordered_json validation_json(const Result& result, const Catalogue& catalogue) {
  nlohmann::ordered_json rows = nlohmann::ordered_json::array(), open = nlohmann::ordered_json::array();
  for (const Row& row : result.rows) {
    const Benchmark& b = row.benchmark;
    const bool has_sd = std::isfinite(b.sd), solved = row.failure.empty();
    rows.push_back({{"id", b.id},
                    {"quantity", b.quantity},
                    {"unit", b.unit},
                    {"topic", b.topic},
                    {"species", b.species},
                    {"subject", b.question.subject},
                    {"condition", b.question.condition},
                    {"published", json_number(b.published)},
                    {"spread", json_number(has_sd ? b.sd : 0.5 * (b.high - b.low))},
                    {"spread_kind", has_sd ? "sd" : "half_band"},
                    {"low", json_number(b.low)},
                    {"high", json_number(b.high)},
                    {"tolerance", b.tolerance},
                    {"ours", solved ? json_number(row.ours) : nlohmann::ordered_json()},
                    {"z", solved ? json_number(row.z) : nlohmann::ordered_json()},
                    {"pass", solved ? nlohmann::ordered_json(row.pass) : nlohmann::ordered_json()},
                    {"role", role_name(b)},
                    {"source", b.source},
                    {"confidence", b.confidence},
                    {"note", b.note},
                    {"why_missed", solved && !row.pass ? b.why_missed : ""},
                    {"failure", row.failure}});
  }
  for (const NotComputed& n : catalogue.not_computed)
    open.push_back({{"id", n.id}, {"quantity", n.quantity}, {"source", n.source}, {"reason", n.reason}});
  const auto count = [](const validation::Count& c) {
    return nlohmann::ordered_json{{"passed", c.passed}, {"computed", c.computed}};
  };
  return {{"rows", rows},
          {"passed", result.all.passed},
          {"computed", result.all.computed},
          {"human", count(result.human)},
          {"calibration", count(result.calibration)},
          {"not_computed", open}};
}

std::string validation_markdown(const Result& result, const Catalogue& catalogue) {
  std::string out = fmt::format(
      "# Validation\n\n"
      "<!-- Written by `coronet validate --markdown > docs/validation.md`; do not edit. Data: "
      "scenarios/validation.toml -->\n\n"
      "Published figures beside the model's own. **{}.**\n\n"
      "- All human rows share one parameter set, the patient `healthy`; a diseased subject differs from it by its "
      "disease alone.\n"
      "- A row passes when ours lies in its band. The band is one SD of the source, or the tolerance in the last "
      "table.\n"
      "  z = (ours − published)/SD, where the source gives an SD.\n"
      "- *Calibration* rows are figures that a constant of the model was chosen on, imposed, or looked at. They are "
      "shown and not counted.\n"
      "- Awake dogs and anaesthetised pigs have parameter sets of their own, the patients `dog_awake` and "
      "`swine_anaesthetised`.\n"
      "  Single vessels, resistance along the tree and volumes are computed with the human bed, whatever the animal.\n"
      "- LAD unless the row says otherwise.\n",
      totals(result));
  out += "\n## Misses\n\n| row | quantity | band | ours | suspected cause |\n|---|---|---|---|---|\n";
  for (const Row& row : result.rows)
    if (!row.pass)
      out += fmt::format("| `{}`{} | {}{} | {} | {} | {} |\n", row.benchmark.id,
                         row.benchmark.role == Role::calibration ? " (calibration)" : "", row.benchmark.quantity,
                         unit_suffix(row.benchmark), band(row.benchmark), cells(row)[2],
                         row.failure.empty() ? row.benchmark.why_missed : row.failure);
  for (const std::string& topic : topics(result)) {
    out += fmt::format(
        "\n## {}\n\n| row | quantity | species | published | band | ours | z | |\n|---|---|---|---|---|---|---|---|\n",
        topic);
    for (const Row& row : result.rows) {
      const Benchmark& b = row.benchmark;
      if (b.topic != topic) continue;
      const auto c = cells(row);
      out += fmt::format("| `{}` | {}{} | {} | {} | {} | {} | {} | {}{} |\n", b.id, b.quantity, unit_suffix(b),
                         b.species, c[0], c[1], c[2], c[3], c[4], b.role == Role::calibration ? ", calibration" : "");
    }
  }
  out += "\n## Not computed\n\n| row | quantity | source | why not |\n|---|---|---|---|\n";
  for (const NotComputed& n : catalogue.not_computed)
    out += fmt::format("| `{}` | {} | {} | {} |\n", n.id, n.quantity, n.source, n.reason);
  out += "\n## Subjects\n\n| name | rests on |\n|---|---|\n";
  for (const Subject& s : catalogue.subjects) out += fmt::format("| `{}` | {} |\n", s.name, s.basis);
  out += "\n## Sources, bands and remarks\n\n| row | source | confidence | band | remark |\n|---|---|---|---|---|\n";
  for (const Row& row : result.rows) {
    const Benchmark& b = row.benchmark;
    out += fmt::format("| `{}` | {} | {} | {} | {} |\n", b.id, b.source, b.confidence, b.tolerance, b.note);
  }
  return out;
}

}  // namespace coronet::io
