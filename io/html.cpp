#include "io/html.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include <fmt/format.h>

#include "io/svg.hpp"

namespace coronet::io {
namespace {

constexpr const char* style = R"(
:root{color-scheme:light dark;--page:#fff;--ink:#1b1f26;--muted:#566070;--line:#e1e5ea;--tint:#f5f7f9;--mark:#0072b2}
@media screen and (prefers-color-scheme:dark){:root{--page:#14171c;--ink:#e8eaed;--muted:#a6aeba;--line:#2b3038;
--tint:#1b1f26;--mark:#4ba3dc}}
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--ink);font:16px/1.6 system-ui,-apple-system,"Segoe UI",Roboto,
"Helvetica Neue",Arial,sans-serif;-webkit-text-size-adjust:100%}
main{max-width:980px;margin:0 auto;padding:48px 24px 64px}
h1,h2,h3{line-height:1.25;text-wrap:balance;overflow-wrap:break-word}
h1{font-size:2rem;margin:0 0 .5rem}
h2{font-size:1.35rem;margin:3rem 0 .75rem}
h3{font-size:1.08rem;margin:2rem 0 .5rem}
p{max-width:68ch;margin:0 0 1rem;overflow-wrap:break-word}
.lead{font-size:1.12rem;color:var(--muted);margin-bottom:2rem}
.note{max-width:72ch;margin:1.25rem 0;padding:.75rem 1rem;background:var(--tint);border-left:4px solid var(--mark);
border-radius:0 6px 6px 0}
.wide{overflow-x:auto;margin:1.25rem 0}
table{border-collapse:collapse;min-width:min(100%,24rem)}
caption,figcaption{color:var(--muted);font-size:.9rem;text-align:left}
caption{padding-bottom:.5rem}
th,td{padding:.4rem 1.5rem .4rem 0;text-align:left;vertical-align:top;border-bottom:1px solid var(--line)}
th:last-child,td:last-child{padding-right:.25rem}
th{font-weight:600;border-bottom:2px solid var(--line);vertical-align:bottom}
.number{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
th.number{white-space:normal}
figure{margin:1.5rem 0 2rem}
figure .wide{margin:0 0 .5rem}
.wide>svg{display:block;width:100%;min-width:640px;max-width:960px;height:auto}
footer{margin-top:3rem;padding-top:1rem;border-top:1px solid var(--line);color:var(--muted);font-size:.85rem;
overflow-wrap:anywhere}
@media print{body{font-size:11pt}main{max-width:none;padding:0}figure .wide>svg{min-width:0}h2,h3{break-after:avoid}
figure,table,.note{break-inside:avoid}.wide{overflow:visible}}
)";

/// "2.1", "−3 %", "2.1 ± 0.4", "1.2 to 1.9", "< 0.001", empty or a dash: digits and the signs that go with them.
bool is_number(std::string text) {
  const auto drop = [&text](std::string_view part) {
    for (std::size_t at; (at = text.find(part)) != std::string::npos;) text.erase(at, part.size());
  };
  const bool has_digit = text.find_first_of("0123456789") != std::string::npos;
  for (const char* part : {" to ", "×10", "±", "−", "–", "—", "≤", "≥", "\u00a0", "\u2009", "\u202f"}) drop(part);
  const bool only_signs = text.find_first_not_of("0123456789.,+-%<>=()[]/; eE") == std::string::npos;
  const bool starts_like_word = !text.empty() && (text.front() == 'e' || text.front() == 'E');
  return only_signs && !starts_like_word && (has_digit || text.find_first_not_of(" -") == std::string::npos);
}

std::string render(const HtmlHeading& heading) {
  return fmt::format("<h{0}>{1}</h{0}>\n", std::clamp(heading.level, 2, 3), escape_markup(heading.text));
}

std::string render(const HtmlParagraph& paragraph) { return fmt::format("<p>{}</p>\n", escape_markup(paragraph.text)); }

std::string render(const HtmlNote& note) {
  return fmt::format("<div class=\"note\" role=\"note\">{}</div>\n", escape_markup(note.text));
}

std::string render(const HtmlFigure& figure) {
  return fmt::format(
      "<figure>\n<div class=\"wide\">\n{}</div>\n{}</figure>\n", figure.svg,
      figure.caption.empty() ? "" : fmt::format("<figcaption>{}</figcaption>\n", escape_markup(figure.caption)));
}

std::string render(const HtmlTable& table) {
  const std::size_t columns = table.header.size();
  std::vector<bool> numeric(columns, !table.rows.empty());
  for (const std::vector<std::string>& row : table.rows) {
    if (row.size() != columns)
      throw std::invalid_argument(
          fmt::format("table '{}': a row has {} cells, the header {}", table.caption, row.size(), columns));
    for (std::size_t c = 0; c < columns; ++c) numeric[c] = numeric[c] && is_number(row[c]);
  }
  const auto cells = [&](const std::vector<std::string>& texts, std::string_view tag, std::string_view scope) {
    std::string out = "<tr>";
    for (std::size_t c = 0; c < columns; ++c)
      out += fmt::format("<{0}{1}{2}>{3}</{0}>", tag, scope, numeric[c] ? " class=\"number\"" : "",
                         escape_markup(texts[c]));
    return out + "</tr>\n";
  };
  std::string out = "<div class=\"wide\">\n<table>\n";
  if (!table.caption.empty()) out += fmt::format("<caption>{}</caption>\n", escape_markup(table.caption));
  out += "<thead>" + cells(table.header, "th", " scope=\"col\"") + "</thead>\n<tbody>\n";
  for (const std::vector<std::string>& row : table.rows) out += cells(row, "td", "");
  return out + "</tbody>\n</table>\n</div>\n";
}

}  // namespace

void HtmlPage::heading(std::string text, int level) { blocks.emplace_back(HtmlHeading{std::move(text), level}); }
void HtmlPage::paragraph(std::string text) { blocks.emplace_back(HtmlParagraph{std::move(text)}); }
void HtmlPage::note(std::string text) { blocks.emplace_back(HtmlNote{std::move(text)}); }
void HtmlPage::table(HtmlTable table) { blocks.emplace_back(std::move(table)); }
void HtmlPage::figure(std::string svg, std::string caption) {
  blocks.emplace_back(HtmlFigure{std::move(svg), std::move(caption)});
}

std::string render_html(const HtmlPage& page) {
  std::string out = fmt::format(
      "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; img-src "
      "data:\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<title>{0}</title>\n<style>{1}</style>\n</head>\n<body>\n<main>\n<h1>{0}</h1>\n",
      escape_markup(page.title), style);
  if (!page.lead.empty()) out += fmt::format("<p class=\"lead\">{}</p>\n", escape_markup(page.lead));
  for (const HtmlBlock& block : page.blocks) out += std::visit([](const auto& b) { return render(b); }, block);
  if (!page.footer.empty()) out += fmt::format("<footer>{}</footer>\n", escape_markup(page.footer));
  return out + "</main>\n</body>\n</html>\n";
}

}  // namespace coronet::io
