/// Parsing TOML with errors that name file, line and column.
#pragma once
#include <filesystem>
#include <fmt/format.h>
#include <string_view>
#include <toml++/toml.h>

#include "io/patient_file.hpp"

namespace coronet::io {

/// toml++ 3.3 runs into undefined behaviour on malformed non-ASCII bare keys, so bytes above 127 are accepted only in
/// comments and in one-line strings. Returns the line of the first offender, or 0.
inline std::size_t first_line_with_stray_byte(std::string_view text) {
  std::size_t line = 1;
  char quote = 0;
  bool comment = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '\n') {
      ++line;
      quote = 0;
      comment = false;
    } else if (comment) {
      continue;
    } else if (quote) {
      if (c == '\\' && quote == '"') {
        ++i;
      } else if (c == quote) {
        quote = 0;
      }
    } else if (c == '#') {
      comment = true;
    } else if (c == '"' || c == '\'') {
      quote = c;
    } else if (static_cast<unsigned char>(c) > 127 || c == '\0') {
      return line;
    }
  }
  return 0;
}

inline toml::table parse_toml(const std::string& text, const std::filesystem::path& path) {
  if (const std::size_t line = first_line_with_stray_byte(text))
    throw InputError(fmt::format("{}:{}: a character that is not ASCII stands outside a string or comment",
                                 path.string(), line));
  try {
    return toml::parse(text, path.string());
  } catch (const toml::parse_error& e) {
    throw InputError(fmt::format("{}:{}:{}: {}", path.string(), e.source().begin.line, e.source().begin.column,
                                 e.description()));
  }
}

}  // namespace coronet::io
