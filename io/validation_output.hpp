/// Published figures from TOML; the model beside them as text, JSON and a page of Markdown.
#pragma once
#include <nlohmann/json.hpp>
#include <string>

#include "scenarios/validation.hpp"

namespace coronet::io {

/// Reads scenarios/validation.toml and the patients it names. Throws InputError, FileError.
validation::Catalogue load_validation();

/// The id itself, or the beginning of ids ("canty"); throws InputError with the nearest one.
void check_validation_id(const validation::Catalogue& catalogue, const std::string& id);

std::string validation_table(const validation::Result& result, const validation::Catalogue& catalogue);
nlohmann::ordered_json validation_json(const validation::Result& result, const validation::Catalogue& catalogue);
/// docs/validation.md.
std::string validation_markdown(const validation::Result& result, const validation::Catalogue& catalogue);

}  // namespace coronet::io
