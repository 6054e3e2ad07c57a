/// Parsing TOML with errors that name file, line and column.
#pragma once
#include <fmt/format.h>
#include <toml++/toml.h>
#include <filesystem>
#include <string>
#include <string_view>

#include "io/dataset.hpp"
#include "io/patient_file.hpp"

namespace coronet::io {

/// The same TOML in ASCII: toml++ 3.3 runs into undefined behaviour where it looks for white space among letters from
/// Latin to Cyrillic. Within double quotes they become escapes (\U000000e9), in comments question marks; elsewhere they
/// are an error. And because a dotted key of a hundred thousand parts nests tables until the stack is full, a key has
/// at most `max_key_parts`. What the parser only asserts is refused here: a table's name must begin right after its
/// bracket, and no '}' may stand where an array is open. Should this scan ever disagree with the parser about where a
/// string ends, the file is refused, no worse. Throws InputError.
inline std::string toml_in_ascii(std::string_view text, const std::filesystem::path& path) {
  constexpr std::size_t max_key_parts = 16;
  enum { plain, comment, string } where = plain;
  char quote = 0;
  bool multiline = false, escaped = false;
  std::size_t line = 1, dots = 0;  // since the start of what may be a key
  std::string open;                // brackets and braces, the innermost last
  bool line_is_blank = true;
  std::string out;
  const auto refuse = [&](const std::string& why) {
    throw InputError(fmt::format("{}:{}: {}", path.string(), line, why));
  };
  for (std::size_t i = text.substr(0, 3) == "\xEF\xBB\xBF" ? 3 : 0; i < text.size(); ++i) {  // byte-order mark
    const char c = text[i];
    if (const auto lead = static_cast<unsigned char>(c); lead > 127 || lead == 0) {
      const std::size_t length = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
      const std::string_view character = text.substr(i, length);
      if (!dataset_rules::is_text(character)) refuse("bytes that are not UTF-8 text");
      if (where == comment) {
        out += '?';
      } else if (where == string && quote == '"' && !escaped) {
        unsigned code = lead & (0xFFu >> (length + 1));
        for (const char next : character.substr(1)) code = code << 6 | (static_cast<unsigned char>(next) & 0x3Fu);
        out += fmt::format("\\U{:08x}", code);
      } else {
        refuse("a character that is not ASCII must stand within double quotes or in a comment");
      }
      i += length - 1;
      continue;
    }
    if (c == '[' && where == plain && line_is_blank && open.empty()) {
      std::size_t next = i + (text.substr(i, 2) == "[[" ? 2 : 1);
      while (next < text.size() && (text[next] == ' ' || text[next] == '\t')) ++next;
      const char n = next < text.size() ? text[next] : ' ';
      const bool name = (n >= 'a' && n <= 'z') || (n >= 'A' && n <= 'Z') || (n >= '0' && n <= '9') || n == '_' ||
                        n == '-' || n == '"' || n == '\'';
      if (!name) refuse("the name of a table is missing after '['");
    }
    if (c != ' ' && c != '\t' && c != '\r') line_is_blank = false;
    if (where == plain && c == '}' && !open.empty() && open.back() == '[') refuse("a '}' inside of '['");
    if (where == plain && (c == '[' || c == '{')) open += c;
    if (where == plain && (c == ']' || c == '}') && !open.empty()) open.pop_back();
    out += c;
    const auto triple = [&](char q) { return text.substr(i, 3) == std::string(3, q); };
    const auto copy = [&](std::size_t count) {
      out += text.substr(i + 1, count);
      i += count;
    };
    if (c == '\n') {
      ++line;
      line_is_blank = true;
      escaped = false;
      if (where == string && multiline) continue;
      where = plain;  // an unterminated one-line string is the parser's to refuse
      dots = 0;
    } else if (where == comment) {
      continue;
    } else if (where == string) {
      if (escaped || (c == '\\' && quote == '"')) {
        escaped = !escaped;
      } else if (multiline && triple(quote)) {
        copy(2);
        for (int extra = 0; extra < 2 && i + 1 < text.size() && text[i + 1] == quote; ++extra) copy(1);  // """a "b"""""
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
      if (multiline) copy(2);
    } else if (c == '.') {
      if (++dots >= max_key_parts) refuse(fmt::format("a key has more than {} parts", max_key_parts));
    } else if (c == ',' || c == '=' || c == '{' || c == '}' || c == '[' || c == ']') {
      dots = 0;
    }
  }
  return out;
}

inline toml::table parse_toml(const std::string& text, const std::filesystem::path& path) {
  try {
    return toml::parse(toml_in_ascii(text, path), path.string());
  } catch (const toml::parse_error& e) {
    throw InputError(
        fmt::format("{}:{}:{}: {}", path.string(), e.source().begin.line, e.source().begin.column, e.description()));
  }
}

}  // namespace coronet::io
