/// Parameters from a parsed TOML table: shared by patient files and studies.
#pragma once
#include <toml++/toml.h>
#include <filesystem>
#include <string>
#include <vector>

#include "scenarios/patient_parameters.hpp"

namespace coronet::io {

/// Sets every key of the table, nested or dotted, except the top-level ones of `others`; general keys first, so that a
/// territory or a layer may refine them. Then gives the drugs of the list `drugs`, if there is one.
/// Throws InputError with file and line.
void set_parameters(PatientParameters& patient, const toml::table& table, const std::filesystem::path& path,
                    const std::vector<std::string>& others = {});

/// "FILE:LINE" of a node; the path alone where there is no line.
std::string place_of(const toml::node& node, const std::filesystem::path& path);

}  // namespace coronet::io
