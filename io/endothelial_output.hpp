/// The design of virtual IMPROvE-CED from TOML; its result as text, JSON and a self-contained report.
#pragma once
#include <nlohmann/json.hpp>
#include <string>

#include "scenarios/endothelial_trial.hpp"

namespace coronet::io {

/// Reads scenarios/trials/improve_ced.toml and the two base patients. Throws InputError, FileError.
trial::EndothelialDesign load_endothelial_trial(const std::string& name);

std::string trial_table(const trial::EndothelialDesign& design, const trial::EndothelialResult& result);
nlohmann::ordered_json trial_json(const trial::EndothelialDesign& design, const trial::EndothelialResult& result);
std::string trial_report(const trial::EndothelialDesign& design, const trial::EndothelialResult& result);

}  // namespace coronet::io
