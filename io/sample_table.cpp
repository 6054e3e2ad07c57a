#include "io/sample_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <fstream>

#include "io/atomic_file.hpp"
#include "io/one_line.hpp"
#include "io/patient_file.hpp"
#include "io/sha256.hpp"
#include "scenarios/parameter_table.hpp"

namespace coronet::io {
namespace {

std::string trimmed(std::string text) {
  const auto blank = [](char c) { return c == ' ' || c == '\t' || c == '\r'; };
  while (!text.empty() && blank(text.back())) text.pop_back();
  std::size_t from = 0;
  while (from < text.size() && blank(text[from])) ++from;
  text.erase(0, from);
  if (text.size() >= 2 && text.front() == '"' && text.back() == '"') text = text.substr(1, text.size() - 2);
  return text;
}

std::vector<std::string> fields(const std::string& line) {
  std::vector<std::string> all;
  for (std::size_t from = 0; from <= line.size();) {
    const std::size_t comma = std::min(line.find(',', from), line.size());
    all.push_back(trimmed(line.substr(from, comma - from)));
    from = comma + 1;
  }
  return all;
}

ParameterValue value_of(const Parameter& p, const std::string& text) {
  if (!p.choices.empty()) return text;
  if (p.is_switch) {
    if (text == "true" || text == "false" || text == "1" || text == "0") return text == "true" || text == "1";
    return text;
  }
  if (const auto number = number_of_text(text)) return *number;
  return text;
}

}  // namespace

SampleTable load_samples(const std::filesystem::path& path, const std::vector<study::Factor>& known) {
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored)) throw FileError(path, "read", EISDIR);
  std::ifstream in(path, std::ios::binary);
  if (!in) throw FileError(path, "open", errno ? errno : ENOENT);
  SampleTable table;
  Sha256 digest;
  std::string line;
  std::size_t number = 0;
  const auto fail = [&](const std::string& why) {
    throw InputError(fmt::format("{}:{}: {}", path.string(), number, why));
  };
  while (std::getline(in, line)) {
    ++number;
    digest.update(line);
    digest.update("\n");
    if (line.size() > 1'000'000) fail("a line of more than a million bytes");
    if (number == 1 && line.rfind("\xEF\xBB\xBF", 0) == 0) line.erase(0, 3);
    if (trimmed(line).empty() || trimmed(line).front() == '#') continue;
    const std::vector<std::string> cells = fields(line);
    if (table.factors.empty()) {
      if (line.find(';') != std::string::npos) fail("columns are separated by commas here, numbers have a point");
      for (const std::string& cell : cells) {
        study::Factor factor{.key = cell, .name = {}, .values = {}, .distribution = {}, .steps = 0};
        for (const study::Factor& f : known)
          if (f.key == cell || (!f.name.empty() && f.name == cell)) factor = f;
        try {
          find_parameter(factor.key);
        } catch (const ParameterError& e) {
          fail(one_line(e.what(), 300));
        }
        table.factors.push_back(std::move(factor));
      }
      for (const study::Factor& f : known)
        if (std::none_of(table.factors.begin(), table.factors.end(),
                         [&](const study::Factor& g) { return g.key == f.key; }))
          fail(fmt::format("there is no column '{}'", f.key));
      continue;
    }
    if (cells.size() != table.factors.size())
      fail(fmt::format("{} values for {} columns", cells.size(), table.factors.size()));
    for (std::size_t k = 0; k < cells.size(); ++k) {
      const Parameter& p = find_parameter(table.factors[k].key);
      const ParameterValue value = value_of(p, cells[k]);
      try {
        PatientParameters scratch;
        set_parameter(scratch, p.key, value);
      } catch (const ParameterError& e) {
        fail(one_line(e.what(), 300));
      }
      table.values.push_back(parameter_number(p.key, value));
    }
  }
  if (in.bad()) throw FileError(path, "read", EIO);
  if (table.values.empty()) throw InputError(fmt::format("{}: no sample in it", path.string()));
  table.sha256 = digest.hex();
  return table;
}

}  // namespace coronet::io
