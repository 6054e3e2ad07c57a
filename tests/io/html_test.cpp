#include "io/html.hpp"

#include <stdexcept>

#include <catch2/catch.hpp>

#include "io/svg.hpp"
#include "tests/io/markup.hpp"

using namespace coronet::io;
using Catch::Contains;

TEST_CASE("a report page is well-formed, escaped and asks for nothing on the network") {
  HtmlPage page{.title = "A <b> & c", .lead = "lead", .footer = "coronet"};
  page.heading("First");
  page.heading("Deeper", 9);
  page.paragraph("p < 0.05 & more");
  page.note("<script>alert(1)</script>");
  page.figure(render_svg({.title = "x", .panels = {{.series = {{.name = "q", .x = {0, 1}, .y = {1, 2}}}}}}),
              "A figure");
  const std::string html = render_html(page);
  CHECK(markup_trouble(html) == "");
  CHECK_THAT(html,
             Contains("<title>A &lt;b&gt; &amp; c</title>") && Contains("<h3>Deeper</h3>") && !Contains("<script"));
  CHECK(count_of("http", html) == count_of("http-equiv", html) + count_of("http://www.w3.org/2000/svg", html));
}

TEST_CASE("columns of numbers are set flush right, columns with words are not") {
  HtmlPage page{.title = "t"};
  page.table(
      {.header = {"Arm", "Mean"}, .rows = {{"Placebo", "2.1 ± 0.4"}, {"Drug", "−3 %"}, {"None", "–"}}, .caption = "c"});
  CHECK(count_of("<td class=\"number\">", render_html(page)) == 3);
  page.blocks.clear();
  page.table({.header = {"a", "b", "c"}, .rows = {{"1.2 to 1.9", "n.a.", "< 0.001"}, {"", "3", "1e-5"}}});
  const std::string html = render_html(page);
  CHECK(count_of("<td class=\"number\">", html) == 4);
  CHECK(markup_trouble(html) == "");
}

TEST_CASE("a row that does not fit its header is refused") {
  HtmlPage page{.title = "t"};
  page.table({.header = {"a", "b"}, .rows = {{"1"}}});
  CHECK_THROWS_AS(render_html(page), std::invalid_argument);
}
