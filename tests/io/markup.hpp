/// Is a piece of markup well-formed? Enough of a parser for what we write: tags, attributes in double quotes, text.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

/// Empty if every tag is closed in order and every '&' starts an entity; otherwise the first trouble and where it is.
inline std::string markup_trouble(std::string_view text) {
  std::vector<std::string> open;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const std::string place = " near: " + std::string(text.substr(i, 60));
    if (text[i] == '&') {
      const std::size_t end = text.find(';', i);
      if (end == std::string_view::npos || end - i > 6) return "bare '&'" + place;
    }
    if (text[i] != '<') continue;
    bool quoted = false;
    std::size_t end = i + 1;
    for (; end < text.size() && (quoted || text[end] != '>'); ++end) {
      if (text[end] == '"') quoted = !quoted;
      if (text[end] == '<') return "'<' inside a tag" + place;
    }
    if (end == text.size()) return "tag without end" + place;
    const std::string_view tag = text.substr(i + 1, end - i - 1);
    const std::string name(tag.substr(0, tag.find_first_of(" /", 1)));
    i = end;
    if (name.starts_with('!') || name == "meta" || tag.ends_with('/')) continue;
    if (!name.starts_with('/')) {
      open.push_back(name);
    } else {
      if (open.empty() || "/" + open.back() != name) return "unexpected <" + name + ">" + place;
      open.pop_back();
    }
  }
  return open.empty() ? "" : "<" + open.back() + "> is never closed";
}

/// How often `part` occurs.
inline std::size_t count_of(std::string_view part, std::string_view text) {
  std::size_t count = 0;
  for (std::size_t at = 0; (at = text.find(part, at)) != std::string_view::npos; at += part.size()) ++count;
  return count;
}
