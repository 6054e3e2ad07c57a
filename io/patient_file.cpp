#include "io/patient_file.hpp"

#include <algorithm>
#include <cerrno>
#include <fmt/format.h>
#include <fstream>
#include <sstream>
#include <toml++/toml.h>

#include "io/atomic_file.hpp"
#include "io/toml_text.hpp"
#include "scenarios/parameter_table.hpp"

namespace coronet::io {
namespace fs = std::filesystem;
namespace {

struct Entry {
  std::string key;
  ParameterValue value;
  std::size_t line;
};

/// Flattens tables to dotted keys; anything that is no bool, number, string or table is an error.
void flatten(const toml::table& table, const std::string& prefix, const fs::path& file, std::vector<Entry>& entries) {
  for (const auto& [name, node] : table) {
    const std::string key = prefix + std::string(name.str());
    const std::size_t line = node.source().begin.line;
    if (const toml::table* inner = node.as_table()) {
      flatten(*inner, key + ".", file, entries);
    } else if (node.is_boolean()) {
      entries.push_back({key, *node.value<bool>(), line});
    } else if (node.is_number()) {
      entries.push_back({key, *node.value<double>(), line});
    } else if (node.is_string()) {
      entries.push_back({key, *node.value<std::string>(), line});
    } else {
      throw InputError(fmt::format("{}:{}: '{}' must be a number, a word or true/false", file.string(), line, key));
    }
  }
}

}  // namespace

fs::path shipped(const std::string& folder, const std::string& file) { return fs::path(CORONET_DATA_DIR) / folder / file; }

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
  std::ostringstream text;
  text << in.rdbuf();
  if (in.bad()) throw FileError(path, "read", errno ? errno : EIO);
  return text.str();
}

PatientFile load_patient(const std::string& patient) {
  fs::path path = patient;
  const bool bare = patient.find('/') == std::string::npos && path.extension() != ".toml";
  if (bare) {
    path = shipped("patients", patient + ".toml");
    if (!fs::exists(path)) {
      const auto names = shipped_patients();
      const std::string near = nearest_word(patient, names);
      throw InputError(fmt::format("no patient '{}'{}; shipped: {}; or give the path of a .toml file", patient,
                                   near.empty() ? "" : fmt::format("; did you mean '{}'?", near), fmt::join(names, ", ")));
    }
  }
  const toml::table table = parse_toml(read_text(path), path);
  PatientFile file;
  file.name = path.stem().string();
  file.title = table["title"].value_or(file.name);
  std::vector<Entry> entries;
  flatten(table, "", path, entries);
  // General keys first, so that a territory or a layer may refine them
  std::stable_sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) {
    return std::count(a.key.begin(), a.key.end(), '.') < std::count(b.key.begin(), b.key.end(), '.');
  });
  for (const Entry& e : entries) {
    if (e.key == "title" && std::holds_alternative<std::string>(e.value)) continue;
    try {
      set_parameter(file.parameters, e.key, e.value);
    } catch (const ParameterError& error) {
      throw InputError(fmt::format("{}:{}: {}", path.string(), e.line, error.what()));
    }
  }
  return file;
}

}  // namespace coronet::io
