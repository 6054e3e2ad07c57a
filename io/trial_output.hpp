/// Trial designs from TOML; trial results as text, JSON and a self-contained report.
#pragma once
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "scenarios/virtual_trial.hpp"

namespace coronet::io {

/// Names of the shipped trials as the command line spells them ("escape-cmd").
std::vector<std::string> shipped_trials();

/// Reads scenarios/trials/NAME.toml and the two base patients. Throws InputError, FileError.
trial::Design load_trial(const std::string& name);

std::string trial_table(const trial::Design& design, const trial::Result& result);
nlohmann::ordered_json trial_json(const trial::Design& design, const trial::Result& result);
/// One HTML page with the comparison, its nulls, the inverse map and the population.
std::string trial_report(const trial::Design& design, const trial::Result& result);

}  // namespace coronet::io
