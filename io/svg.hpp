/// Figures as self-contained SVG text: a grid of panels with lines, bands, points, bars and error bars.
///
///   Panel waves{.title = "Pressure", .x = {.label = "Time (s)"}, .y = {.label = "Pressure (mmHg)"}};
///   waves.series.push_back({.name = "Aorta", .x = time, .y = aortic_pressure});
///   waves.series.push_back({.name = "Left ventricle", .x = time, .y = ventricular_pressure, .colour = 1});
///   std::string text = render_svg({.title = "One beat", .panels = {waves}, .columns = 1});
///
/// Text stands beside the data, never on it: legends and the labels of reference lines lie outside the axes. The axes
/// of a column share their sides, those of a row their top and bottom. Points that are not finite (or not positive on
/// a logarithmic axis) are left out and break the line. The same figure gives the same bytes. No script, font, image or
/// id inside, so several figures can be pasted into one page; on a screen in dark mode the colours follow.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace coronet::io {

enum class Mark {
  line,         ///< `lower` and `upper` are a band behind it
  points,       ///< `lower` and `upper` are error bars
  line_points,  ///< both; `lower` and `upper` are error bars
  bars  ///< from zero; `lower` and `upper` are error bars. On a category axis, bars of several series share a slot
};
enum class Dash { solid, dashed, dotted };
enum class Shape { circle, square, triangle, diamond };
enum class Legend { above, below, right, none };

struct Series {
  std::string name;            ///< in the legend; a series without a name is not listed
  std::vector<double> x = {};  ///< on a category axis 0 is the first category, 1 the second, 0.8 a little left of it
  std::vector<double> y = {};
  std::vector<double> lower = {}, upper = {};  ///< ends of the band or error bars, not distances; empty or as long as y
  int colour = 0;  ///< Okabe–Ito: 0 blue, 1 vermilion, 2 green, 3 purple, 4 orange, 5 sky blue, 6 grey, 7 dark grey
  Mark mark = Mark::line;
  Dash dash = Dash::solid;
  Shape shape = Shape::circle;
  double radius = 4.0;   ///< of a point, px
  double opacity = 1.0;  ///< of points and bars; below 1 for clouds of points
};

/// A straight line across the panel, labelled at its end.
struct ReferenceLine {
  enum class Direction { horizontal, vertical } direction;
  double at;
  std::string label = {};
};

struct Axis {
  std::string label = {};  ///< with its unit: "Flow (mL/min)"
  bool logarithmic = false;
  std::optional<double> from = {}, to = {};  ///< limits, otherwise from the data
  bool include_zero = false;                 ///< bars include it by themselves
  std::vector<std::string> categories = {};  ///< x only: names in place of numbers
};

struct Panel {
  std::string title = {};
  Axis x = {}, y = {};
  std::vector<Series> series = {};
  std::vector<ReferenceLine> reference_lines = {};
  Legend legend = Legend::above;
};

struct Figure {
  std::string title = {}, subtitle = {};
  std::vector<Panel> panels = {};
  int columns = 2;
  double width = 900;      ///< px; the height follows
  double plot_height = 0;  ///< px of each panel's axes; 0 chooses by the number of columns
  std::string note = {};   ///< small print at the bottom: source, virtual patients, seed
};

/// The figure as an `<svg>` element. Throws std::invalid_argument, naming panel and series, if lengths disagree, limits
/// are empty or there is not one column.
std::string render_svg(const Figure& figure);

/// `text` with the characters that SVG and HTML give a meaning replaced (& < > " '), control characters left out
/// and bytes that are not UTF-8 shown as U+FFFD.
std::string escape_markup(std::string_view text);

}  // namespace coronet::io
