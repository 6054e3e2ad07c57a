/// Text from outside (file names, keys, values, messages of libraries) made fit for one line of a terminal.
#pragma once
#include <fmt/format.h>
#include <cstddef>
#include <string>
#include <string_view>

#include "io/dataset.hpp"

namespace coronet::io {

/// Control characters and bytes that are not UTF-8 become \x0a, \x1b, …; a text longer than `limit` loses its middle.
inline std::string one_line(std::string_view text, std::size_t limit = 1000) {
  std::string out;
  while (!text.empty()) {
    const auto lead = static_cast<unsigned char>(text[0]);
    const std::size_t length = lead < 0xC0 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    const std::string_view character = text.substr(0, length);
    const bool control = lead < 0x20 || lead == 0x7F ||
                         (lead == 0xC2 && length <= text.size() && static_cast<unsigned char>(text[1]) < 0xA0);
    if (!control && dataset_rules::is_text(character)) {
      out += character;
      text.remove_prefix(length);
    } else {
      out += fmt::format("\\x{:02x}", lead);
      text.remove_prefix(1);
    }
  }
  if (out.size() <= limit) return out;
  const auto inside_a_character = [&](std::size_t i) { return (static_cast<unsigned char>(out[i]) & 0xC0) == 0x80; };
  std::size_t head = limit * 2 / 3, tail = out.size() - limit / 3;
  while (inside_a_character(head)) --head;
  while (inside_a_character(tail)) ++tail;
  return out.substr(0, head) + " […] " + out.substr(tail);
}

}  // namespace coronet::io
