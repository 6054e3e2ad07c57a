#include "io/patient_file.hpp"

#include <fmt/format.h>
#include <toml++/toml.h>
#include <algorithm>
#include <cerrno>
#include <fstream>

#include "io/atomic_file.hpp"
#include "io/one_line.hpp"
#include "io/toml_text.hpp"
#include "scenarios/drugs.hpp"
#include "scenarios/parameter_table.hpp"

namespace coronet::io {
namespace fs = std::filesystem;
namespace {

struct Entry {
  std::string key;
  ParameterValue value;
  std::size_t line;
};

constexpr std::size_t longest_key = 200, longest_title = 200, largest_file = 1 << 20;

bool is_group(const std::string& key) {
  const auto& rows = parameter_table();
  return std::any_of(rows.begin(), rows.end(), [&](const Parameter& p) { return p.key.rfind(key + ".", 0) == 0; });
}

/// Flattens tables to dotted keys; anything that is no bool, number, string or table is an error.
void flatten(const toml::table& table, const std::string& prefix, const fs::path& file, std::vector<Entry>& entries) {
  for (const auto& [name, node] : table) {
    const std::string key = prefix + std::string(name.str());
    const std::size_t line = node.source().begin.line;
    if (key.size() > longest_key)
      throw InputError(fmt::format("{}:{}: unknown key '{}'", file.string(), line, one_line(key, longest_key)));
    if (const toml::table* inner = node.as_table()) {
      if (inner->empty() && !is_group(key))
        throw InputError(fmt::format("{}:{}: unknown section [{}]", file.string(), line, key));
      flatten(*inner, key + ".", file, entries);
    } else if (const auto* flag = node.as_boolean()) {
      entries.push_back({key, flag->get(), line});
    } else if (const auto* whole = node.as_integer()) {  // value<double>() refuses integers beyond 2^53
      entries.push_back({key, static_cast<double>(whole->get()), line});
    } else if (const auto* real = node.as_floating_point()) {
      entries.push_back({key, real->get(), line});
    } else if (const auto* text = node.as_string()) {
      entries.push_back({key, text->get(), line});
    } else {
      throw InputError(fmt::format("{}:{}: '{}' must be a number, a word or true/false", file.string(), line, key));
    }
  }
}

/// Names in the top-level list `drugs`.
std::vector<std::string> drugs_of(const toml::node& node, const fs::path& file) {
  const toml::array* list = node.as_array();
  std::vector<std::string> names;
  for (std::size_t i = 0; list && i < list->size(); ++i)
    if (const auto* name = list->get(i)->as_string()) names.push_back(name->get());
  if (!list || names.size() != list->size())
    throw InputError(fmt::format("{}:{}: 'drugs' must be a list of names, such as [\"beta_blocker\"]", file.string(),
                                 node.source().begin.line));
  return names;
}

std::string checked_title(const Entry& e, const fs::path& file) {
  const auto* title = std::get_if<std::string>(&e.value);
  if (!title || *title != one_line(*title, longest_title))
    throw InputError(
        fmt::format("{}:{}: 'title' must be text in one line, at most {} bytes", file.string(), e.line, longest_title));
  return *title;
}

}  // namespace

fs::path shipped(const std::string& folder, const std::string& file) {
  return fs::path(CORONET_DATA_DIR) / folder / file;
}

std::vector<std::string> shipped_patients() {
  std::vector<std::string> names;
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(shipped("patients", ""), ignored))
    if (entry.path().extension() == ".toml") names.push_back(entry.path().stem().string());
  std::sort(names.begin(), names.end());
  return names;
}

std::string read_text(const fs::path& path) {
  std::error_code error;
  if (fs::is_directory(path, error)) throw FileError(path, "read", EISDIR);
  errno = 0;
  std::ifstream in(path, std::ios::binary);
  if (!in) throw FileError(path, "open", errno ? errno : ENOENT);
  std::string text(largest_file + 1, '\0');  // a bound, because a device may have no end
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (in.bad()) throw FileError(path, "read", errno ? errno : EIO);
  text.resize(static_cast<std::size_t>(in.gcount()));
  if (text.size() > largest_file)
    throw InputError(
        fmt::format("{}: larger than {} KiB; that is no file of ours", path.string(), largest_file / 1024));
  return text;
}

PatientFile load_patient(const std::string& patient) {
  fs::path path = patient;
  const bool bare = patient.find('/') == std::string::npos && path.extension() != ".toml";
  if (bare) {
    path = shipped("patients", patient + ".toml");
    std::error_code ignored;  // such as a name that is too long
    if (!fs::exists(path, ignored)) {
      const auto names = shipped_patients();
      const std::string near = nearest_word(patient, names);
      throw InputError(fmt::format("no patient '{}'{}; shipped: {}; or give the path of a .toml file", patient,
                                   near.empty() ? "" : fmt::format("; did you mean '{}'?", near),
                                   fmt::join(names, ", ")));
    }
  }
  toml::table table = parse_toml(read_text(path), path);
  PatientFile file;
  file.name = one_line(path.stem().string());
  file.title = file.name;
  std::vector<Entry> entries;
  std::vector<std::string> drugs;
  std::size_t drugs_line = 0;
  if (const toml::node* list = table.get("drugs")) {
    drugs = drugs_of(*list, path);
    drugs_line = list->source().begin.line;
    table.erase("drugs");
  }
  flatten(table, "", path, entries);
  // General keys first, so that a territory or a layer may refine them
  std::stable_sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) {
    return std::count(a.key.begin(), a.key.end(), '.') < std::count(b.key.begin(), b.key.end(), '.');
  });
  for (const Entry& e : entries) {
    if (e.key == "title") {
      file.title = checked_title(e, path);
      continue;
    }
    try {
      set_parameter(file.parameters, e.key, e.value);
    } catch (const ParameterError& error) {
      throw InputError(fmt::format("{}:{}: {}", path.string(), e.line, error.what()));
    }
  }
  for (const std::string& name : drugs) try {
      give_drug(file.parameters, name);
    } catch (const ParameterError& error) {
      throw InputError(fmt::format("{}:{}: {}", path.string(), drugs_line, error.what()));
    }
  return file;
}

}  // namespace coronet::io
