/// Parsing TOML with errors that name file, line and column.
#pragma once
#include <filesystem>
#include <fmt/format.h>
#include <string>
#include <string_view>
#include <toml++/toml.h>

#include "io/patient_file.hpp"

namespace coronet::io {

/// What toml++ 3.3 must not see. Malformed non-ASCII bare keys lead it into undefined behaviour, so bytes above 127 are
/// accepted only in comments and strings; and a dotted key of a hundred thousand parts nests tables until the stack is
/// full, so keys have at most `max_key_parts`. The scan keeps step with the parser up to the first error of either.
struct TomlTrouble {
  std::size_t line;  // 0: none
  std::string reason;
};

inline TomlTrouble first_toml_trouble(std::string_view text) {
  constexpr std::size_t max_key_parts = 16;
  enum { plain, comment, string } where = plain;
  char quote = 0;
  bool multiline = false;
  std::size_t line = 1, dots = 0;  // since the start of what may be a key
  for (std::size_t i = text.substr(0, 3) == "\xEF\xBB\xBF" ? 3 : 0; i < text.size(); ++i) {  // byte-order mark
    const char c = text[i];
    const auto triple = [&](char q) { return text.substr(i, 3) == std::string(3, q); };
    if (c == '\n') {
      ++line;
      if (where == string && multiline) continue;
      where = plain;  // an unterminated one-line string is the parser's to refuse
      dots = 0;
    } else if (where == comment) {
      continue;
    } else if (where == string) {
      if (c == '\\' && quote == '"') {
        if (i + 1 < text.size() && text[i + 1] != '\n') ++i;
      } else if (multiline && triple(quote)) {
        i += 2;
        for (int extra = 0; extra < 2 && i + 1 < text.size() && text[i + 1] == quote; ++extra) ++i;  // """ a ""quote"""""
        where = plain;
      } else if (!multiline && c == quote) {
        where = plain;
      }
    } else if (c == '#') {
      where = comment;
    } else if (c == '"' || c == '\'') {
      where = string;
      quote = c;
      multiline = triple(c);
      if (multiline) i += 2;
    } else if (static_cast<unsigned char>(c) > 127 || c == '\0') {
      return {line, "a character that is not ASCII stands outside a string or comment"};
    } else if (c == '.') {
      if (++dots >= max_key_parts) return {line, fmt::format("a key has more than {} parts", max_key_parts)};
    } else if (c == ',' || c == '=' || c == '{' || c == '}' || c == '[' || c == ']') {
      dots = 0;
    }
  }
  return {0, {}};
}

inline toml::table parse_toml(const std::string& text, const std::filesystem::path& path) {
  if (const TomlTrouble trouble = first_toml_trouble(text); trouble.line)
    throw InputError(fmt::format("{}:{}: {}", path.string(), trouble.line, trouble.reason));
  try {
    return toml::parse(text, path.string());
  } catch (const toml::parse_error& e) {
    throw InputError(fmt::format("{}:{}:{}: {}", path.string(), e.source().begin.line, e.source().begin.column,
                                 e.description()));
  }
}

}  // namespace coronet::io
