#include "io/svg.hpp"

#include <cmath>
#include <limits>
#include <stdexcept>

#include <catch2/catch.hpp>

#include "tests/io/markup.hpp"

using namespace coronet::io;
using Catch::Contains;
using Direction = ReferenceLine::Direction;

namespace {

constexpr double missing = std::numeric_limits<double>::quiet_NaN();
constexpr double infinity = std::numeric_limits<double>::infinity();

/// A figure without decoration, so that what is counted in it is data.
Figure one_series(Series series) { return {.panels = {{.series = {std::move(series)}}}, .columns = 1}; }

/// One panel of every kind.
Figure everything() {
  Figure figure{.title = "Tone & <flow>", .subtitle = "\"quoted\"", .note = "seed 1"};
  Panel lines{.title = "Lines", .x = {.label = "Time (s)"}, .y = {.label = "Pressure (mmHg)"}};
  lines.series = {
      {.name = "Aorta", .x = {0, 1, 2}, .y = {80, 120, 90}, .lower = {70, 110, 80}, .upper = {90, 130, 100}},
      {.name = "LV", .x = {0, 1, 2}, .y = {5, 120, 5}, .colour = 9, .dash = Dash::dashed}};
  lines.reference_lines = {{Direction::vertical, 0.5, "valve opens"},
                           {Direction::vertical, 0.6, "valve closes"},
                           {Direction::horizontal, 93, "mean"},
                           {Direction::horizontal, 94, "another mean"}};
  Panel bars{.x = {.categories = {"LAD", "LCx", "RCA"}}, .y = {.label = "Flow (mL/min)"}, .legend = Legend::below};
  bars.series = {{.name = "Rest",
                  .x = {0, 1, 2},
                  .y = {80, 50, -4},
                  .lower = {70, 45, -6},
                  .upper = {90, 55, -2},
                  .mark = Mark::bars},
                 {.name = "Adenosine", .x = {0, 1, 2}, .y = {300, 200, 190}, .colour = -1, .mark = Mark::bars}};
  Panel points{.x = {.logarithmic = true}, .y = {.logarithmic = true}, .legend = Legend::right};
  for (const Shape shape : {Shape::circle, Shape::square, Shape::triangle, Shape::diamond})
    points.series.push_back(
        {.name = "Shape", .x = {1, 1000}, .y = {1e-9, 1e9}, .mark = Mark::line_points, .shape = shape});
  figure.panels = {lines, bars, points, Panel{.title = "Nothing"}};
  return figure;
}

}  // namespace

TEST_CASE("a figure is well-formed, whatever stands in it") {
  for (int columns = 1; columns <= 5; ++columns) {
    Figure figure = everything();
    figure.columns = columns;
    const std::string svg = render_svg(figure);
    CHECK(markup_trouble(svg) == "");
    CHECK_THAT(svg, Contains("Tone &amp; &lt;flow&gt;") && !Contains("nan") && !Contains("inf") && !Contains(" id="));
  }
  CHECK(markup_trouble(render_svg({})) == "");
}

TEST_CASE("the same figure gives the same text") { CHECK(render_svg(everything()) == render_svg(everything())); }

TEST_CASE("points that are not finite are left out and break the line") {
  const std::string svg =
      render_svg(one_series({.name = "q", .x = {0, 1, 2, 3, 4, 5}, .y = {1, 2, missing, 3, infinity, 4}}));
  const std::size_t path = svg.find("<path");
  REQUIRE(path != std::string::npos);
  CHECK(count_of("M", svg.substr(path, svg.find("/>", path) - path)) == 3);
  CHECK_THAT(svg, !Contains("nan") && !Contains("inf"));

  const Series cloud{.name = "", .x = {0, missing, 2}, .y = {1, 1, -infinity}, .mark = Mark::points};
  CHECK(count_of("<circle", render_svg(one_series(cloud))) == 1);
  const Series band{.name = "", .x = {0, 1, 2}, .y = {1, 1, 1}, .lower = {0, missing, 0}, .upper = {2, 2, 2}};
  CHECK(count_of("<polygon", render_svg(one_series(band))) == 2);
  const Series nothing{
      .name = "q", .x = {missing}, .y = {missing}, .lower = {missing}, .upper = {missing}, .mark = Mark::bars};
  CHECK(markup_trouble(render_svg(one_series(nothing))) == "");
}

TEST_CASE("a logarithmic axis leaves out what is not positive and names decades") {
  Figure figure = one_series({.name = "q", .x = {1, 2, 3}, .y = {-1, 0.01, 1e4}, .mark = Mark::points});
  figure.panels[0].y.logarithmic = true;
  const std::string svg = render_svg(figure);
  CHECK(count_of("<circle", svg) == 3);  // two points and the legend
  CHECK_THAT(svg, Contains(">0.01<") && Contains(">10000<"));
}

TEST_CASE("ticks are multiples of 1, 2 or 5 and alike in their decimals") {
  Figure figure = one_series({.name = "q", .x = {0, 1}, .y = {0, 1.13}});
  figure.plot_height = 230;
  CHECK_THAT(render_svg(figure), Contains(">0.0<") && Contains(">0.2<") && Contains(">1.0<") && Contains(">1.2<"));
  figure = one_series({.name = "q", .x = {0, 1}, .y = {-2e-7, 3e-7}});
  CHECK_THAT(render_svg(figure), Contains(">−2×10⁻⁷<") && Contains(">0<"));
}

TEST_CASE("values of any size give a figure") {
  for (const double size : {1e-300, 1e-12, 1.0, 1e12, 1e300})
    for (const double offset : {0.0, 1.0, -1.0, 1e6}) {
      Figure figure = one_series({.name = "q", .x = {0, size}, .y = {offset * size, (offset + 1e-3) * size}});
      const std::string svg = render_svg(figure);
      CHECK(markup_trouble(svg) == "");
      CHECK(svg.size() < 20'000);
    }
}

TEST_CASE("a figure that contradicts itself is refused in words that name the place") {
  CHECK_THROWS_WITH(render_svg(one_series({.name = "q", .x = {0, 1}, .y = {1}})),
                    Contains("panel 1") && Contains("series 'q'"));
  CHECK_THROWS_WITH(render_svg(one_series({.name = "q", .x = {0}, .y = {1}, .lower = {1}})),
                    Contains("1 lower and 0 upper"));
  Figure figure = everything();
  figure.panels[0].y.from = 3, figure.panels[0].y.to = 3;
  CHECK_THROWS_AS(render_svg(figure), std::invalid_argument);
  figure = everything(), figure.panels[2].x.from = 0;
  CHECK_THROWS_WITH(render_svg(figure), Contains("limit 0 of x cannot be shown"));
  figure = everything(), figure.columns = 0;
  CHECK_THROWS_AS(render_svg(figure), std::invalid_argument);
}

TEST_CASE("markup in text is shown, not obeyed") {
  CHECK(escape_markup("a<b> & \"c\" 'd' µ") == "a&lt;b&gt; &amp; &quot;c&quot; &#39;d&#39; µ");
  CHECK(escape_markup(std::string_view("a\x01\0b", 4)) == "ab");
  CHECK(escape_markup("a\xff\xc3") == "a\ufffd\ufffd");
}
