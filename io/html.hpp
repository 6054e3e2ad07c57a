/// Report pages: one self-contained HTML file with its style and figures inside. It asks for nothing on the network and
/// runs no script (its own security policy forbids both), reads well on a phone, in the dark and on paper.
///
///   HtmlPage page{.title = "CorMicA, replayed", .lead = "400 virtual patients in two arms."};
///   page.heading("Angina at 6 months");
///   page.table({.header = {"Arm", "Mean", "SD"}, .rows = {{"Stratified", "73.1", "24.0"}}, .caption = "SAQ summary"});
///   page.figure(render_svg(figure), "Change from baseline.");
///   write_text_atomically(path, render_html(page));
#pragma once

#include <string>
#include <variant>
#include <vector>

namespace coronet::io {

/// Columns whose cells are all numbers (also "2.1 ± 0.4", "−3 %", "1.2 to 1.9", empty, "–") are set flush right.
struct HtmlTable {
  std::vector<std::string> header;
  std::vector<std::vector<std::string>> rows;  ///< each as long as the header
  std::string caption = {};
};

struct HtmlHeading {
  std::string text;
  int level;  ///< 2 or 3; the title of the page is 1
};
struct HtmlParagraph {
  std::string text;
};
/// A paragraph set apart: a caveat or a warning.
struct HtmlNote {
  std::string text;
};
struct HtmlFigure {
  std::string svg;  ///< markup, inserted as it is
  std::string caption;
};
using HtmlBlock = std::variant<HtmlHeading, HtmlParagraph, HtmlNote, HtmlTable, HtmlFigure>;

/// All texts are plain text; what looks like markup in them is shown, not obeyed.
struct HtmlPage {
  std::string title;
  std::string lead = {};    ///< one or two sentences under the title
  std::string footer = {};  ///< small print: program, version, seed, date
  std::vector<HtmlBlock> blocks = {};

  void heading(std::string text, int level = 2);
  void paragraph(std::string text);
  void note(std::string text);
  void table(HtmlTable table);
  void figure(std::string svg, std::string caption = {});
};

/// The whole page, UTF-8. Throws std::invalid_argument if a row of a table is not as long as its header.
std::string render_html(const HtmlPage& page);

}  // namespace coronet::io
