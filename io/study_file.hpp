/// Study files: TOML that says which patients to simulate and what to keep of them. docs/studies.md is the manual.
#pragma once
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "scenarios/study.hpp"

namespace coronet::io {

/// What `--plot` draws. Empty names are chosen by the method.
struct PlotSpec {
  std::string x;               // name of a factor, or "phase"
  std::string series, dash;    // names of factors: colours, strokes
  std::string panel;           // name of a factor: a panel for each of its values
  std::vector<std::string> y;  // names of outputs, a panel each
};

struct StudyFile {
  std::string name;      // of the file, without folder and .toml
  std::string text;      // verbatim
  std::string resolved;  // everything that decides the results, as a study file of its own
  std::string hash;      // SHA-256 of `resolved`
  study::Study study;
  PlotSpec plot;
};

/// Names of the shipped studies, sorted.
std::vector<std::string> shipped_studies();

/// `study` is a shipped name or a path. `settings` are KEY=VALUE: a key of the study (sampling.count=2000,
/// parameter.NAME.range=[0.5, 2]) or of the parameter table, which is then held fixed. Throws InputError,
/// ParameterError, or FileError.
StudyFile load_study(const std::string& study, const std::vector<std::string>& settings = {});

/// A study from its text; `path` is for messages, and the folder of tables of samples. Without `with_table` a table of
/// samples is not read: the samples are known from elsewhere.
StudyFile parse_study(const std::string& text, const std::filesystem::path& path,
                      const std::vector<std::string>& settings = {}, bool with_table = true);

/// "KEY: BEFORE -> NOW" for every key in which two resolved studies differ.
std::vector<std::string> differences(const std::string& before, const std::string& now);

}  // namespace coronet::io
