/// The three metabolic signals side by side: a table, JSON, and docs/signals.md.
#pragma once
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "scenarios/signal_comparison.hpp"

namespace coronet::io {

std::string signals_table(const std::vector<SignalAnswers>& answers);
nlohmann::ordered_json signals_json(const std::vector<SignalAnswers>& answers);
/// docs/signals.md.
std::string signals_markdown(const std::vector<SignalAnswers>& answers);

}  // namespace coronet::io
