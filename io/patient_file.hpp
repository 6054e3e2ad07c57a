/// Patient files: TOML with the keys of the parameter table, plus an optional top-level `title` and list of
/// `drugs`, which are given after all keys are set.
///
///   title = "LAD stenosis"
///   drugs = ["beta_blocker"]
///   [lesion]
///   diameter_reduction_percent = 62
#pragma once
#include <filesystem>
#include <stdexcept>
#include <string>
#include <vector>

#include "scenarios/patient_parameters.hpp"

namespace coronet::io {

/// Bad input; the message names file, line, key, value, unit and allowed range.
struct InputError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

struct PatientFile {
  std::string name;   // of the file, without folder and .toml
  std::string title;  // one line
  PatientParameters parameters;
};

/// Names of the shipped patients, sorted.
std::vector<std::string> shipped_patients();

/// Path of a shipped data file, e.g. shipped("trials", "escape_cmd.toml").
std::filesystem::path shipped(const std::string& folder, const std::string& file);

/// The bytes of a TOML file, at most 1 MiB of them; throws FileError or InputError.
std::string read_text(const std::filesystem::path& path);

/// `patient` is a shipped name (`healthy`) or a path. Throws InputError, or FileError if the file cannot be read.
PatientFile load_patient(const std::string& patient);

}  // namespace coronet::io
