#include "io/svg.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <functional>
#include <iterator>
#include <limits>
#include <map>
#include <stdexcept>
#include <utility>

#include <fmt/format.h>

#include "io/dataset.hpp"

namespace coronet::io {
namespace {

using Lines = std::vector<std::string>;

// --- look ------------------------------------------------------------------------------------------------------------

constexpr std::array<const char*, 8> palette{"#0072B2", "#D55E00", "#009E73", "#CC79A7",
                                             "#E69F00", "#56B4E9", "#7F868F", "#343A43"};
constexpr const char* page = "#FFFFFF";
constexpr const char* ink = "#1B1F26";
constexpr const char* muted = "#566070";

/// Attributes carry the light colours, so that every program shows them; a browser in dark mode obeys this instead.
constexpr const char* dark_mode =
    "<style>@media screen and (prefers-color-scheme:dark){"
    ".cf-page{fill:#14171C}.cf-ink{fill:#E8EAED}.cf-muted{fill:#A6AEBA}.cf-grid{stroke:#2B3038}.cf-axis{stroke:#7E8794}"
    ".cf-edge{stroke:#14171C}.cf-s0{stroke:#4BA3DC}.cf-f0{fill:#4BA3DC}.cf-s6{stroke:#98A0AB}.cf-f6{fill:#98A0AB}"
    ".cf-s7{stroke:#DDE1E6}.cf-f7{fill:#DDE1E6}}</style>\n";

constexpr double title_size = 20, subtitle_size = 13.5, panel_title_size = 15, label_size = 13, tick_size = 12;
constexpr double line_height = 1.35;  // times the font size
constexpr double outer = 20, panel_gap = 32, row_gap = 34;
constexpr double swatch_gap = 7, entry_gap = 20;              // of the legend
constexpr double y_tick_distance = 36, x_tick_distance = 50;  // px between ticks, about

// --- text ------------------------------------------------------------------------------------------------------------

bool continues_character(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

/// Width of `text` in px, rather too large than too small: estimated on DejaVu Sans, among the widest of its kind.
double text_width(std::string_view text, double size, bool bold = false) {
  double em = 0;
  for (const char c : text) {
    if (continues_character(c)) continue;
    if (std::string_view("ijl.,:;'|!").find(c) != std::string_view::npos)
      em += 0.34;
    else if (std::string_view(" ()[]frt-/").find(c) != std::string_view::npos)
      em += 0.41;
    else if (std::string_view("mwMW@%").find(c) != std::string_view::npos)
      em += 0.96;
    else if (c >= 'A' && c <= 'Z')
      em += 0.71;
    else
      em += 0.63;
  }
  return em * size * (bold ? 1.1 : 1.0);
}

double widest(const Lines& lines, double size) {
  double width = 0;
  for (const std::string& line : lines) width = std::max(width, text_width(line, size));
  return width;
}

/// Breaks at spaces so that lines stay below `width` px; a longer word stays whole.
Lines wrap(std::string_view text, double width, double size, bool bold = false) {
  Lines lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(' '), text.size());
    const std::string_view word = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (word.empty()) continue;
    if (!lines.empty() && text_width(lines.back() + ' ' + std::string(word), size, bold) <= width)
      lines.back() += ' ' + std::string(word);
    else
      lines.emplace_back(word);
  }
  return lines;
}

/// Two decimals, and no "-0.00".
std::string px(double value) {
  std::string text = fmt::format("{:.2f}", value);
  return text == "-0.00" ? "0.00" : text;
}

struct TextStyle {
  double size = label_size;
  const char* anchor = "start";
  bool is_muted = false;
  bool bold = false;
};

std::string text_element(double x, double y, std::string_view text, const TextStyle& style,
                         std::string_view extra = "") {
  return fmt::format("<text x=\"{}\" y=\"{}\" font-size=\"{:g}\" class=\"{}\" fill=\"{}\"{}{}{}>{}</text>\n", px(x),
                     px(y), style.size, style.is_muted ? "cf-muted" : "cf-ink", style.is_muted ? muted : ink,
                     std::string_view(style.anchor) == "start" ? "" : fmt::format(" text-anchor=\"{}\"", style.anchor),
                     style.bold ? " font-weight=\"600\"" : "", extra, escape_markup(text));
}

/// Lines of text below each other; `top` is the upper edge of the first.
std::string text_block(double x, double top, const Lines& lines, const TextStyle& style) {
  std::string out;
  for (std::size_t i = 0; i < lines.size(); ++i)
    out += text_element(x, top + style.size * (line_height * static_cast<double>(i) + 1.02), lines[i], style);
  return out;
}

double block_height(const Lines& lines, double size) { return static_cast<double>(lines.size()) * size * line_height; }

std::string line_element(double x1, double y1, double x2, double y2, std::string_view style) {
  return fmt::format("<line x1=\"{}\" y1=\"{}\" x2=\"{}\" y2=\"{}\" {}/>\n", px(x1), px(y1), px(x2), px(y2), style);
}

// --- scales and ticks ------------------------------------------------------------------------------------------------

struct Tick {
  double value;
  std::string label;  // empty: minor
};

/// Maps values to pixels.
struct Scale {
  double from = 0, to = 1;
  bool logarithmic = false;
  double start = 0, end = 1;  // px of `from` and `to`
  double step = 0;            // between ticks, if already chosen; linear only

  bool shows(double value) const { return std::isfinite(value) && (!logarithmic || value > 0); }
  bool contains(double value) const { return shows(value) && value >= from && value <= to; }
  double operator()(double value) const {
    const double fraction = logarithmic ? std::log(value / from) / std::log(to / from) : (value - from) / (to - from);
    return start + fraction * (end - start);
  }
};

/// The smallest of 1, 2, 5 × 10ⁿ that is not below `value` (up to rounding).
double nice_step(double value) {
  const double decade = std::pow(10.0, std::floor(std::log10(value)));
  for (const double factor : {1.0, 2.0, 5.0})
    if (value <= factor * decade * 1.0001) return factor * decade;
  return 10.0 * decade;
}

int exponent_of(double value) { return static_cast<int>(std::floor(std::log10(value) + 1e-9)); }

std::string power_of_ten(int exponent) {
  static constexpr std::array<const char*, 10> digits{"⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"};
  std::string out = exponent < 0 ? "10⁻" : "10";
  for (const char c : std::to_string(std::abs(exponent))) out += digits[static_cast<std::size_t>(c - '0')];
  return out;
}

std::string with_minus_sign(std::string text) {
  if (text.starts_with('-')) text.replace(0, 1, "−");
  return text;
}

/// Label of a multiple of `step` on an axis whose largest value is `largest`; all labels of an axis look alike.
std::string tick_label(double value, double step, double largest) {
  const int top = exponent_of(largest), last = exponent_of(step);
  if (value == 0) return top >= -3 && top < 5 && last < 0 ? fmt::format("{:.{}f}", 0.0, -last) : "0";
  if (top >= -3 && top < 5) return with_minus_sign(fmt::format("{:.{}f}", value, std::max(0, -last)));
  return with_minus_sign(fmt::format("{:.{}f}×", value / std::pow(10.0, top), std::max(0, top - last))) +
         power_of_ten(top);
}

std::vector<Tick> linear_ticks(double from, double to, double step) {
  const double largest = std::max({std::abs(from), std::abs(to), step});
  std::vector<Tick> ticks;
  for (double k = std::ceil(from / step - 1e-6); k <= to / step + 1e-6; ++k)
    ticks.push_back({k * step, tick_label(k * step, step, largest)});
  return ticks;
}

std::vector<Tick> logarithmic_ticks(double from, double to, double count) {
  const int first = exponent_of(from), last = exponent_of(to);
  const double decades = std::log10(to / from);
  if (decades < 0.7) return linear_ticks(from, to, nice_step((to - from) / std::max(1.0, count)));
  const int every = std::max(1, static_cast<int>(std::ceil(decades / std::max(2.0, count))));
  std::vector<Tick> ticks;
  for (int e = first; e <= last; ++e) {
    for (int m = 1; m <= 9; ++m) {
      const double value = m * std::pow(10.0, e);
      if (value < from * (1 - 1e-9) || value > to * (1 + 1e-9)) continue;
      const bool named = m == 1 ? e % every == 0 : decades < 2.2 && (m == 2 || m == 5);
      std::string label;
      if (named && e >= -3 && e < 5)
        label = fmt::format("{:.{}f}", value, std::max(0, -e));
      else if (named)
        label = m == 1 ? power_of_ten(e) : fmt::format("{}×{}", m, power_of_ten(e));
      if (named || every == 1) ticks.push_back({value, std::move(label)});
    }
  }
  return ticks;
}

std::vector<Tick> ticks_of(const Scale& scale, double count) {
  if (scale.logarithmic) return logarithmic_ticks(scale.from, scale.to, count);
  return linear_ticks(scale.from, scale.to,
                      scale.step > 0 ? scale.step : nice_step((scale.to - scale.from) / std::max(1.0, count)));
}

/// The range of some values, as far as a scale can show them.
struct Extent {
  bool positive_only;
  double low = std::numeric_limits<double>::infinity(), high = -low;

  void include(double value) {
    if (!std::isfinite(value) || (positive_only && value <= 0)) return;
    low = std::min(low, value);
    high = std::max(high, value);
  }
  void include(const std::vector<double>& values) {
    for (const double value : values) include(value);
  }
  bool empty() const { return low > high; }
};

using Direction = ReferenceLine::Direction;

bool has_bars(const Panel& panel) {
  return std::any_of(panel.series.begin(), panel.series.end(), [](const Series& s) { return s.mark == Mark::bars; });
}

/// Smallest distance between neighbouring bars on a numeric axis.
double bar_spacing(const Panel& panel) {
  double spacing = std::numeric_limits<double>::infinity();
  for (const Series& s : panel.series) {
    if (s.mark != Mark::bars) continue;
    std::vector<double> x;
    std::copy_if(s.x.begin(), s.x.end(), std::back_inserter(x), [](double v) { return std::isfinite(v); });
    std::sort(x.begin(), x.end());
    for (std::size_t i = 1; i < x.size(); ++i)
      if (x[i] > x[i - 1]) spacing = std::min(spacing, x[i] - x[i - 1]);
  }
  return std::isfinite(spacing) ? spacing : 1.0;
}

/// Limits of an axis: what the caller set, otherwise room around the data; `snap` rounds outwards to the ticks.
Scale make_scale(const Axis& axis, Extent extent, bool snap, double padding, double tick_count) {
  Scale scale{.logarithmic = axis.logarithmic};
  if (extent.empty()) extent.include(1.0), extent.include(axis.logarithmic ? 10.0 : 0.0);
  double low = extent.low, high = extent.high;
  if (axis.logarithmic) {
    if (low == high) low /= 2, high *= 2;
    const double factor = std::pow(high / low, padding);
    low /= factor, high *= factor;
    if (snap) {
      const double below = std::pow(10.0, exponent_of(low)), above = std::pow(10.0, exponent_of(high));
      low = below * (low >= 5 * below ? 5 : low >= 2 * below ? 2 : 1);
      high = above * (high <= above * 1.0001 ? 1 : high <= 2 * above ? 2 : high <= 5 * above ? 5 : 10);
    }
  } else {
    if (low == high) {
      const double room = low == 0 ? 1.0 : 0.1 * std::abs(low);
      low -= room, high += room;
    }
    const double room = padding * (high - low);
    low = low >= 0 && low < room ? 0 : low == 0 ? 0 : low - room;  // no room beyond zero
    high = high <= 0 && high > -room ? 0 : high == 0 ? 0 : high + room;
    if (snap) {
      const double step = nice_step((high - low) / tick_count);
      low = std::floor(low / step + 1e-6) * step;
      high = std::ceil(high / step - 1e-6) * step;
      if (!axis.from && !axis.to) scale.step = step;
    }
  }
  scale.from = axis.from.value_or(low);
  scale.to = axis.to.value_or(high);
  if (scale.from >= scale.to && !(axis.from && axis.to)) {  // one limit was set, beyond the data
    if (axis.from)
      scale.to = axis.logarithmic ? scale.from * 10 : scale.from + std::max(1.0, std::abs(scale.from));
    else
      scale.from = axis.logarithmic ? scale.to / 10 : scale.to - std::max(1.0, std::abs(scale.to));
  }
  return scale;
}

Scale make_y_scale(const Panel& panel, double plot_height) {
  Extent extent{panel.y.logarithmic};
  for (const Series& s : panel.series) extent.include(s.y), extent.include(s.lower), extent.include(s.upper);
  for (const ReferenceLine& r : panel.reference_lines)
    if (r.direction == Direction::horizontal) extent.include(r.at);
  if (panel.y.include_zero || has_bars(panel)) extent.include(0.0);
  return make_scale(panel.y, extent, true, 0.03, plot_height / y_tick_distance);
}

Scale make_x_scale(const Panel& panel) {
  if (!panel.x.categories.empty()) return {.from = -0.5, .to = static_cast<double>(panel.x.categories.size()) - 0.5};
  Extent extent{panel.x.logarithmic};
  bool points = false;
  for (const Series& s : panel.series) {
    extent.include(s.x);
    points |= s.mark != Mark::line;
    if (s.mark == Mark::bars && !panel.x.logarithmic)
      for (const double x : s.x) extent.include(x - bar_spacing(panel) / 2), extent.include(x + bar_spacing(panel) / 2);
  }
  for (const ReferenceLine& r : panel.reference_lines)
    if (r.direction == Direction::vertical) extent.include(r.at);
  if (panel.x.include_zero) extent.include(0.0);
  return make_scale(panel.x, extent, false, points ? 0.04 : 0.0, 5);
}

// --- layout ----------------------------------------------------------------------------------------------------------

struct LegendEntry {
  const Series* series;
  Lines lines;
  double swatch;        // px
  double x = 0, y = 0;  // upper left corner within the legend
};

struct LegendBlock {
  std::vector<LegendEntry> entries;
  double width = 0, height = 0;
};

/// Flows the entries into rows of `width` px (a column, if `one_column`).
LegendBlock lay_out_legend(const Panel& panel, double width, bool one_column) {
  LegendBlock block;
  double x = 0, y = 0, row_height = 0;
  for (const Series& s : panel.series) {
    if (s.name.empty()) continue;
    const double swatch = one_column ? 24 : s.mark == Mark::points ? 11 : s.mark == Mark::bars ? 14 : 24;
    LegendEntry entry{&s, wrap(s.name, width - swatch - swatch_gap, label_size), swatch};
    const double entry_width = swatch + swatch_gap + widest(entry.lines, label_size);
    if (x > 0 && (one_column || x + entry_width > width)) y += row_height + 3, x = row_height = 0;
    entry.x = x, entry.y = y;
    x += entry_width + entry_gap;
    row_height = std::max(row_height, block_height(entry.lines, label_size));
    block.width = std::max(block.width, entry.x + entry_width);
    block.entries.push_back(std::move(entry));
  }
  block.height = block.entries.empty() ? 0 : y + row_height;
  return block;
}

struct PlacedLabel {
  const ReferenceLine* line;
  Lines lines;
  double position = 0;  // px of the line
  double x = 0, y = 0;  // upper left corner of the text; vertical lines: y is the row, counted upwards
};

/// Everything about one panel, in the order in which it becomes known: sides, then the width of the axes, then top and
/// bottom.
struct Layout {
  const Panel* panel = nullptr;
  Scale x, y;
  std::vector<Tick> x_ticks, y_ticks;
  Lines y_label, title;
  std::vector<Lines> categories;
  bool slanted_categories = false;
  LegendBlock legend;
  std::vector<PlacedLabel> side_labels, top_labels;
  double y_tick_width = 0, side_label_width = 0, x_tick_height = 0;
  double left = 0, right = 0, top = 0, bottom = 0;  // margins around the axes
  double top_label_height = 0;
};

constexpr double top_label_row = tick_size * line_height + 2;

/// Names that do not fit below their slot run up to the right, and the first ones may need more room on the left.
void lay_out_categories(Layout& it, double cell) {
  const std::vector<std::string>& names = it.panel->x.categories;
  const double slot = (cell - it.left - it.right) / static_cast<double>(names.size());
  for (const std::string& name : names) {
    it.categories.push_back(wrap(name, slot - 8, tick_size));
    it.slanted_categories |= widest(it.categories.back(), tick_size) > slot - 4 || it.categories.back().size() > 3;
  }
  if (!it.slanted_categories) return;
  for (std::size_t i = 0; i < names.size(); ++i)
    it.left = std::max(it.left, 0.82 * text_width(names[i], tick_size) - 0.85 * slot * (static_cast<double>(i) + 0.5));
}

void lay_out_sides(Layout& it, double plot_height, double cell) {
  const Panel& panel = *it.panel;
  it.y = make_y_scale(panel, plot_height);
  it.y_ticks = ticks_of(it.y, plot_height / y_tick_distance);
  for (const Tick& tick : it.y_ticks) it.y_tick_width = std::max(it.y_tick_width, text_width(tick.label, tick_size));
  it.y_label = wrap(panel.y.label, plot_height, label_size);
  it.left = it.y_tick_width + 10 + (it.y_label.empty() ? 0 : block_height(it.y_label, label_size) + 6);

  for (const ReferenceLine& r : panel.reference_lines) {
    if (r.direction != Direction::horizontal || r.label.empty() || !it.y.contains(r.at)) continue;
    it.side_labels.push_back({&r, wrap(r.label, 130, tick_size)});
    it.side_label_width = std::max(it.side_label_width, widest(it.side_labels.back().lines, tick_size) + 14);
  }
  it.right = std::max(16.0, it.side_label_width);
  if (panel.legend == Legend::right) {
    it.legend = lay_out_legend(panel, 190, true);
    if (!it.legend.entries.empty()) it.right = it.side_label_width + 18 + it.legend.width;
  }
  if (!panel.x.categories.empty()) lay_out_categories(it, cell);
}

/// Spreads the labels of horizontal lines so that they do not touch; each stays as near to its line as it can.
void place_side_labels(Layout& it, double plot_top, double plot_height) {
  for (PlacedLabel& label : it.side_labels) label.position = it.y(label.line->at);
  std::sort(it.side_labels.begin(), it.side_labels.end(),
            [](const PlacedLabel& a, const PlacedLabel& b) { return a.position < b.position; });
  double free_from = plot_top - 8;
  for (PlacedLabel& label : it.side_labels) {
    const double height = block_height(label.lines, tick_size);
    label.y = std::max(free_from, label.position - height / 2);
    free_from = label.y + height + 2;
  }
  double free_to = plot_top + plot_height + 8;
  for (std::size_t i = it.side_labels.size(); i-- > 0;) {
    PlacedLabel& label = it.side_labels[i];
    label.y = std::min(label.y, free_to - block_height(label.lines, tick_size));
    free_to = label.y - 2;
  }
}

/// Puts the labels of vertical lines into rows above the axes. Text runs to the right of its line; going from right to
/// left, each label takes the lowest free row, so that no line crosses the text of another.
void place_top_labels(Layout& it, double plot_width) {
  for (const ReferenceLine& r : it.panel->reference_lines)
    if (r.direction == Direction::vertical && !r.label.empty() && it.x.contains(r.at))
      it.top_labels.push_back({&r, {r.label}, it.x(r.at)});
  std::sort(it.top_labels.begin(), it.top_labels.end(),
            [](const PlacedLabel& a, const PlacedLabel& b) { return a.position > b.position; });
  std::vector<double> row_start;
  for (PlacedLabel& label : it.top_labels) {
    const double width = text_width(label.line->label, tick_size);
    label.x = std::min(label.position - 1, plot_width + it.right - width);
    std::size_t row = 0;
    while (row < row_start.size() && label.x + width + 8 > row_start[row]) ++row;
    if (row == row_start.size()) row_start.push_back(0);
    row_start[row] = label.x;
    label.y = static_cast<double>(row);
  }
  it.top_label_height = row_start.empty() ? 0 : static_cast<double>(row_start.size()) * top_label_row + 2;
}

void lay_out_x_ticks(Layout& it, double plot_width) {
  const Axis& axis = it.panel->x;
  it.x_tick_height = tick_size * line_height + 6;
  if (axis.categories.empty()) {
    double count = plot_width / x_tick_distance;
    const auto crowded = [&] {
      double free_from = -1e9;
      for (const Tick& tick : it.x_ticks) {
        if (tick.label.empty()) continue;
        const double half = text_width(tick.label, tick_size) / 2 + 5;
        if (it.x(tick.value) - half < free_from) return true;
        free_from = it.x(tick.value) + half;
      }
      return false;
    };
    do it.x_ticks = ticks_of(it.x, count);
    while (crowded() && (count *= 0.7) > 1);
    return;
  }
  std::size_t rows = 1;
  double longest = 0;
  const double slot = plot_width / static_cast<double>(axis.categories.size());
  for (std::size_t i = 0; i < axis.categories.size(); ++i) {
    it.categories[i] = wrap(axis.categories[i], slot - 8, tick_size);  // neighbours may have narrowed the axes
    rows = std::max(rows, it.categories[i].size());
    it.slanted_categories |= widest(it.categories[i], tick_size) > slot;
    longest = std::max(longest, text_width(axis.categories[i], tick_size));
  }
  it.x_tick_height =
      it.slanted_categories ? 0.58 * longest + 18 : static_cast<double>(rows) * tick_size * line_height + 6;
}

void lay_out_top_and_bottom(Layout& it, double plot_width) {
  const Panel& panel = *it.panel;
  it.x = make_x_scale(panel);
  it.x.start = 0, it.x.end = plot_width;
  it.title = wrap(panel.title, plot_width + it.right, panel_title_size, true);
  if (panel.legend == Legend::above || panel.legend == Legend::below)
    it.legend = lay_out_legend(panel, plot_width + it.right, false);
  place_top_labels(it, plot_width);
  lay_out_x_ticks(it, plot_width);

  it.top = block_height(it.title, panel_title_size) + (it.title.empty() ? 6 : 8) + it.top_label_height;
  if (panel.legend == Legend::above && it.legend.height > 0) it.top += it.legend.height + 8;
  it.bottom = it.x_tick_height + (panel.x.label.empty() ? 0 : label_size * line_height + 4);
  if (panel.legend == Legend::below && it.legend.height > 0) it.bottom += it.legend.height + 12;
}

// --- drawing ---------------------------------------------------------------------------------------------------------

std::size_t colour_index(const Series& s) { return static_cast<std::size_t>(((s.colour % 8) + 8) % 8); }

std::string stroke(const Series& s, double width, bool dashes = true) {
  const std::size_t c = colour_index(s);
  const char* dash = !dashes || s.dash == Dash::solid ? ""
                     : s.dash == Dash::dashed         ? " stroke-dasharray=\"7 4\""
                                                      : " stroke-dasharray=\"1.5 4\"";
  return fmt::format(
      "class=\"cf-s{}\" fill=\"none\" stroke=\"{}\" stroke-width=\"{:g}\" stroke-linecap=\"{}\" "
      "stroke-linejoin=\"round\"{}",
      c, palette[c], width, s.dash == Dash::dashed ? "butt" : "round", dash);
}

std::string fill(const Series& s, double opacity) {
  const std::size_t c = colour_index(s);
  return fmt::format("class=\"cf-f{}\" fill=\"{}\"{}", c, palette[c],
                     opacity < 1 ? fmt::format(" fill-opacity=\"{:g}\"", opacity) : "");
}

std::string point_element(const Series& s, double x, double y) {
  const double r = s.radius;
  const std::size_t c = colour_index(s);
  const std::string look =
      fmt::format("class=\"cf-f{} cf-edge\" fill=\"{}\" stroke=\"{}\" stroke-width=\"{}\"{}", c, palette[c], page,
                  r > 3 ? "1" : "0.5", s.opacity < 1 ? fmt::format(" opacity=\"{:g}\"", s.opacity) : "");
  const auto polygon = [&](std::initializer_list<std::pair<double, double>> corners) {
    std::string points;
    for (const auto& [dx, dy] : corners)
      points += fmt::format("{}{},{}", points.empty() ? "" : " ", px(x + dx), px(y + dy));
    return fmt::format("<polygon points=\"{}\" {}/>\n", points, look);
  };
  switch (s.shape) {
    case Shape::square:
      return polygon({{-.9 * r, -.9 * r}, {.9 * r, -.9 * r}, {.9 * r, .9 * r}, {-.9 * r, .9 * r}});
    case Shape::triangle:
      return polygon({{0, -1.2 * r}, {1.1 * r, .8 * r}, {-1.1 * r, .8 * r}});
    case Shape::diamond:
      return polygon({{0, -1.3 * r}, {1.3 * r, 0}, {0, 1.3 * r}, {-1.3 * r, 0}});
    case Shape::circle:
      break;
  }
  return fmt::format("<circle cx=\"{}\" cy=\"{}\" r=\"{:g}\" {}/>\n", px(x), px(y), r, look);
}

std::string draw_legend(const LegendBlock& legend, double left, double top) {
  std::string out;
  for (const LegendEntry& entry : legend.entries) {
    const Series& s = *entry.series;
    const double x = left + entry.x, y = top + entry.y, middle = y + label_size * line_height / 2;
    const double swatch = entry.swatch;
    if (s.mark == Mark::bars) {
      out += fmt::format("<rect x=\"{}\" y=\"{}\" width=\"14.00\" height=\"11.00\" rx=\"2\" {}/>\n", px(x),
                         px(middle - 5.5), fill(s, s.opacity));
    } else {
      if (s.mark == Mark::line && !s.lower.empty())
        out += fmt::format("<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"12.00\" rx=\"2\" {}/>\n", px(x),
                           px(middle - 6), px(swatch), fill(s, 0.18));
      if (s.mark != Mark::points) out += line_element(x + 1, middle, x + swatch - 1, middle, stroke(s, 2.2));
      if (s.mark != Mark::line) {
        Series sample{.name = {}, .colour = s.colour, .shape = s.shape, .radius = std::clamp(s.radius, 3.5, 5.0)};
        out += point_element(sample, x + swatch / 2, middle);
      }
    }
    out += text_block(x + swatch + swatch_gap, y, entry.lines, {});
  }
  return out;
}

/// The data of one panel; the axes span (left, top) to (left + width, top + height), all scales are set.
struct PlotArea {
  const Layout& it;
  double left, top, width, height;

  bool shows(const Series& s, std::size_t i) const { return it.x.shows(s.x[i]) && it.y.shows(s.y[i]); }

  /// Stretches of neighbouring points that can all be shown.
  std::vector<std::pair<std::size_t, std::size_t>> runs(const Series& s,
                                                        const std::function<bool(std::size_t)>& good) const {
    std::vector<std::pair<std::size_t, std::size_t>> out;
    for (std::size_t i = 0; i < s.x.size(); ++i) {
      if (!good(i)) continue;
      const std::size_t first = i;
      while (i < s.x.size() && good(i)) ++i;
      out.emplace_back(first, i);
    }
    return out;
  }

  std::string band(const Series& s) const {
    std::string out;
    const auto good = [&](std::size_t i) {
      return it.x.shows(s.x[i]) && it.y.shows(s.lower[i]) && it.y.shows(s.upper[i]);
    };
    for (const auto& [first, last] : runs(s, good)) {
      std::string points;
      for (std::size_t i = first; i < last; ++i)
        points += fmt::format("{},{} ", px(it.x(s.x[i])), px(it.y(s.upper[i])));
      for (std::size_t i = last; i-- > first;) points += fmt::format("{},{} ", px(it.x(s.x[i])), px(it.y(s.lower[i])));
      points.pop_back();
      out += fmt::format("<polygon points=\"{}\" {}/>\n", points, fill(s, 0.18));
    }
    return out;
  }

  std::string curve(const Series& s) const {
    std::string path;
    for (const auto& [first, last] : runs(s, [&](std::size_t i) { return shows(s, i); })) {
      for (std::size_t i = first; i < last; ++i)
        path += fmt::format("{}{},{}", i == first ? "M" : "L", px(it.x(s.x[i])), px(it.y(s.y[i])));
      if (last == first + 1) path += "h0.01";  // a lone point stays visible as a dot
    }
    return path.empty() ? "" : fmt::format("<path d=\"{}\" {}/>\n", path, stroke(s, 2));
  }

  /// Centre and width in px of the bar at s.x[i]; series of bars on a category axis stand side by side.
  std::pair<double, double> bar(const Series& s, std::size_t i) const {
    if (it.x.logarithmic) return {it.x(s.x[i]), 14.0};
    const double unit = it.x(it.x.from + 1) - it.x(it.x.from);
    if (it.panel->x.categories.empty()) return {it.x(s.x[i]), std::max(1.0, 0.94 * unit * bar_spacing(*it.panel))};
    double count = 0, index = 0;
    for (const Series& other : it.panel->series) {
      if (&other == &s) index = count;
      count += other.mark == Mark::bars;
    }
    const double bar_width = 0.68 * unit / count;
    return {it.x(s.x[i]) + (index - (count - 1) / 2) * bar_width, std::min(0.9 * bar_width, 64.0)};
  }

  std::string bars(const Series& s) const {
    std::string out;
    const bool overlapping = it.panel->x.categories.empty() &&
                             std::count_if(it.panel->series.begin(), it.panel->series.end(),
                                           [](const Series& other) { return other.mark == Mark::bars; }) > 1;
    const double base = it.y.logarithmic ? it.y.start : it.y(std::clamp(0.0, it.y.from, it.y.to));
    for (std::size_t i = 0; i < s.x.size(); ++i) {
      if (!shows(s, i)) continue;
      const auto [centre, bar_width] = bar(s, i);
      const double end = it.y(s.y[i]);
      out += fmt::format("<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" {}/>\n", px(centre - bar_width / 2),
                         px(std::min(base, end)), px(bar_width), px(std::abs(end - base)),
                         fill(s, overlapping ? std::min(s.opacity, 0.55) : s.opacity));
    }
    return out;
  }

  std::string error_bars(const Series& s) const {
    std::string out;
    for (std::size_t i = 0; i < s.x.size() && !s.lower.empty(); ++i) {
      if (!shows(s, i) || !it.y.shows(s.lower[i]) || !it.y.shows(s.upper[i])) continue;
      const double x = s.mark == Mark::bars ? bar(s, i).first : it.x(s.x[i]);
      const double low = it.y(s.lower[i]), high = it.y(s.upper[i]);
      Series look = s;
      if (s.mark == Mark::bars) look.colour = 7;
      out += fmt::format("<path d=\"M{},{}h10M{},{}h10M{},{}V{}\" {}/>\n", px(x - 5), px(high), px(x - 5), px(low),
                         px(x), px(low), px(high), stroke(look, 1.6, false));
    }
    return out;
  }

  std::string points(const Series& s) const {
    std::string out;
    for (std::size_t i = 0; i < s.x.size(); ++i)
      if (it.x.contains(s.x[i]) && it.y.contains(s.y[i]))
        out += point_element(s, it.x(s.x[i]) + left, it.y(s.y[i]) + top);
    return out;
  }

  std::string reference(const ReferenceLine& r) const {
    static constexpr const char* look =
        "class=\"cf-axis\" stroke=\"#8B939E\" stroke-width=\"1.3\" stroke-dasharray=\"4 3\"";
    if (r.direction == Direction::horizontal)
      return it.y.contains(r.at) ? line_element(left, top + it.y(r.at), left + width, top + it.y(r.at), look) : "";
    if (!it.x.contains(r.at)) return "";
    double row = -1;
    for (const PlacedLabel& label : it.top_labels)
      if (label.line == &r) row = label.y;
    const double x = left + it.x(r.at), upper = row < 0 ? top : top - 2 - row * top_label_row;
    return line_element(x, upper, x, top + height, look);
  }

  /// Bands, bars and lines may reach beyond limits that the caller set; a nested <svg> cuts them, without needing an
  /// id.
  std::string draw() const {
    std::string clipped, above;
    for (const Series& s : it.panel->series)
      if (s.mark == Mark::line && !s.lower.empty()) clipped += band(s);
    for (const Series& s : it.panel->series)
      if (s.mark == Mark::bars) clipped += bars(s);
    for (const Series& s : it.panel->series) {
      if (s.mark == Mark::line || s.mark == Mark::line_points) clipped += curve(s);
      if (s.mark == Mark::points || s.mark == Mark::line_points) above += points(s);
    }
    for (const Series& s : it.panel->series)
      if (s.mark != Mark::line) clipped += error_bars(s);
    std::string references;
    for (const ReferenceLine& r : it.panel->reference_lines) references += reference(r);
    return references + fmt::format(
                            "<svg x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" viewBox=\"-1.50 -1.50 {} {}\" "
                            "overflow=\"hidden\">\n{}</svg>\n{}",
                            px(left - 1.5), px(top - 1.5), px(width + 3), px(height + 3), px(width + 3), px(height + 3),
                            clipped, above);
  }
};

std::string draw_axes(const Layout& it, double left, double top, double width, double height) {
  static constexpr const char* grid_look = "class=\"cf-grid\" stroke=\"#E6E9ED\" stroke-width=\"1\"";
  static constexpr const char* axis_look = "class=\"cf-axis\" stroke=\"#8B939E\" stroke-width=\"1.2\"";
  const Panel& panel = *it.panel;
  const double bottom = top + height;
  std::string out;
  for (const Tick& tick : it.y_ticks) {
    const double y = top + it.y(tick.value);
    if (tick.label.empty()) {
      out += line_element(left - 4, y, left, y, grid_look);
      continue;
    }
    out += line_element(left, y, left + width, y, grid_look);
    out += text_element(left - 8, y + 0.36 * tick_size, tick.label, {tick_size, "end", true});
  }
  if (!it.y.logarithmic && it.y.from < 0 && it.y.to > 0)
    out += line_element(left, top + it.y(0), left + width, top + it.y(0), axis_look);
  out += line_element(left, bottom, left + width, bottom, axis_look);

  for (const Tick& tick : it.x_ticks) {
    const double x = left + it.x(tick.value);
    out += line_element(x, bottom, x, bottom + (tick.label.empty() ? 3 : 5), axis_look);
    if (!tick.label.empty())
      out += text_element(x, bottom + 6 + 1.02 * tick_size, tick.label, {tick_size, "middle", true});
  }
  for (std::size_t i = 0; i < it.categories.size(); ++i) {
    const double x = left + it.x(static_cast<double>(i));
    if (it.slanted_categories)
      out += text_element(x + 4, bottom + 16, panel.x.categories[i], {tick_size, "end"},
                          fmt::format(" transform=\"rotate(-35 {} {})\"", px(x + 4), px(bottom + 16)));
    else
      out += text_block(x, bottom + 6, it.categories[i], {tick_size, "middle"});
  }

  if (!panel.x.label.empty())
    out += text_element(left + width / 2, bottom + it.x_tick_height + 3 + label_size, panel.x.label,
                        {label_size, "middle"});
  const double middle = top + height / 2;
  for (std::size_t i = 0; i < it.y_label.size(); ++i) {
    const double x =
        left - it.y_tick_width - 16 - static_cast<double>(it.y_label.size() - 1 - i) * label_size * line_height;
    out += text_element(x, middle, it.y_label[i], {label_size, "middle"},
                        fmt::format(" transform=\"rotate(-90 {} {})\"", px(x), px(middle)));
  }
  return out;
}

std::string draw_reference_labels(const Layout& it, double left, double top, double width) {
  static constexpr const char* leader = "class=\"cf-axis\" stroke=\"#8B939E\" stroke-width=\"1\"";
  std::string out;
  for (const PlacedLabel& label : it.side_labels) {
    const double middle = label.y + block_height(label.lines, tick_size) / 2;
    if (std::abs(middle - label.position) > 3)
      out += line_element(left + width + 1, top + label.position, left + width + 8, top + middle, leader);
    out += text_block(left + width + 10, top + label.y, label.lines, {tick_size, "start", true});
  }
  for (const PlacedLabel& label : it.top_labels)
    out += text_element(left + label.x, top - 6 - label.y * top_label_row, label.lines.front(),
                        {tick_size, "start", true});
  return out;
}

std::string draw_panel(Layout& it, double left, double top, double width, double height) {
  it.y.start = height, it.y.end = 0;
  place_side_labels(it, 0, height);
  const Panel& panel = *it.panel;
  const double cursor = top - it.top;
  std::string out = text_block(left, cursor, it.title, {panel_title_size, "start", false, true});
  if (panel.legend == Legend::above)
    out += draw_legend(it.legend, left, cursor + block_height(it.title, panel_title_size) + (it.title.empty() ? 0 : 5));
  if (panel.legend == Legend::right) out += draw_legend(it.legend, left + width + it.side_label_width + 18, top - 4);
  if (panel.legend == Legend::below) out += draw_legend(it.legend, left, top + height + it.bottom - it.legend.height);
  out += draw_axes(it, left, top, width, height);
  out += PlotArea{it, left, top, width, height}.draw();
  out += draw_reference_labels(it, left, top, width);
  return out;
}

// --- checks ----------------------------------------------------------------------------------------------------------

void check(const Figure& figure) {
  const auto refuse = [](const std::string& where, std::string_view why) {
    throw std::invalid_argument(fmt::format("figure: {}{}", where, why));
  };
  if (figure.columns < 1) refuse("", "needs at least one column");
  if (!(figure.width >= 200) || !(figure.plot_height >= 0) || !std::isfinite(figure.width + figure.plot_height))
    refuse("", "width must be at least 200 px and plot_height not negative");
  for (std::size_t p = 0; p < figure.panels.size(); ++p) {
    const Panel& panel = figure.panels[p];
    const std::string where = fmt::format("panel {} '{}': ", p + 1, panel.title);
    for (const auto& [axis, name] : {std::pair{&panel.x, 'x'}, std::pair{&panel.y, 'y'}}) {
      for (const std::optional<double>& limit : {axis->from, axis->to})
        if (limit && (!std::isfinite(*limit) || (axis->logarithmic && *limit <= 0)))
          refuse(where, fmt::format("limit {} of {} cannot be shown", *limit, name));
      if (axis->from && axis->to && *axis->from >= *axis->to)
        refuse(where, fmt::format("limits of {} are {} to {}", name, *axis->from, *axis->to));
    }
    if (!panel.y.categories.empty()) refuse(where, "only x can have categories");
    for (const Series& s : panel.series) {
      const std::string series = fmt::format("{}series '{}': ", where, s.name);
      if (s.x.size() != s.y.size()) refuse(series, fmt::format("{} x for {} y", s.x.size(), s.y.size()));
      if (s.lower.size() != s.upper.size() || (!s.lower.empty() && s.lower.size() != s.y.size()))
        refuse(series, fmt::format("{} lower and {} upper for {} y", s.lower.size(), s.upper.size(), s.y.size()));
    }
  }
}

}  // namespace

std::string escape_markup(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    std::size_t length = 1;
    while (length < std::min<std::size_t>(4, text.size()) && continues_character(text[length])) ++length;
    const std::string_view character = text.substr(0, length);
    text.remove_prefix(length);
    const char c = character.front();
    if (c == '&')
      out += "&amp;";
    else if (c == '<')
      out += "&lt;";
    else if (c == '>')
      out += "&gt;";
    else if (c == '"')
      out += "&quot;";
    else if (c == '\'')
      out += "&#39;";
    else if (static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t')
      continue;
    else
      out += dataset_rules::is_text(character) ? character : std::string_view("\ufffd");
  }
  return out;
}

std::string render_svg(const Figure& figure) {
  check(figure);
  const std::size_t columns = std::clamp<std::size_t>(static_cast<std::size_t>(figure.columns), 1,
                                                      std::max<std::size_t>(1, figure.panels.size()));
  const std::size_t rows = (figure.panels.size() + columns - 1) / columns;
  const double cell =
      (figure.width - 2 * outer - static_cast<double>(columns - 1) * panel_gap) / static_cast<double>(columns);
  const double plot_height = figure.plot_height > 0 ? figure.plot_height
                             : columns == 1         ? 300
                             : columns == 2         ? 230
                                                    : 180;

  std::vector<Layout> layouts;
  for (const Panel& panel : figure.panels) layouts.emplace_back().panel = &panel;
  const auto for_column = [&](std::size_t column, auto&& visit) {
    for (std::size_t i = column; i < layouts.size(); i += columns) visit(layouts[i]);
  };

  // Sides are shared along a column, top and bottom along a row.
  std::vector<double> left(columns), plot_width(columns), top(rows), bottom(rows);
  for (std::size_t c = 0; c < columns; ++c) {
    double right = 0;
    for_column(c, [&](Layout& it) {
      lay_out_sides(it, plot_height, cell);
      left[c] = std::max(left[c], it.left);
      right = std::max(right, it.right);
    });
    plot_width[c] = std::max(60.0, cell - left[c] - right);
    for_column(c, [&](Layout& it) {
      it.right = right;
      lay_out_top_and_bottom(it, plot_width[c]);
    });
  }
  for (std::size_t i = 0; i < layouts.size(); ++i) {
    top[i / columns] = std::max(top[i / columns], layouts[i].top);
    bottom[i / columns] = std::max(bottom[i / columns], layouts[i].bottom);
  }

  const double text_space = figure.width - 2 * outer;
  const Lines title = wrap(figure.title, text_space, title_size, true);
  const Lines subtitle = wrap(figure.subtitle, text_space, subtitle_size);
  const Lines note = wrap(figure.note, text_space, tick_size);

  double y = outer;
  std::string body = text_block(outer, y, title, {title_size, "start", false, true});
  y += block_height(title, title_size);
  body += text_block(outer, y, subtitle, {subtitle_size, "start", true});
  y += block_height(subtitle, subtitle_size);
  if (!title.empty() || !subtitle.empty()) y += 14;
  for (std::size_t row = 0; row < rows; ++row) {
    if (row > 0) y += row_gap;
    for (std::size_t c = 0; c < columns && row * columns + c < layouts.size(); ++c) {
      Layout& it = layouts[row * columns + c];
      it.top = top[row];
      body += draw_panel(it, outer + static_cast<double>(c) * (cell + panel_gap) + left[c], y + top[row], plot_width[c],
                         plot_height);
    }
    y += top[row] + plot_height + bottom[row];
  }
  if (!note.empty()) {
    y += 18;
    body += text_block(outer, y, note, {tick_size, "start", true});
    y += block_height(note, tick_size);
  }
  y += outer;

  const std::string name = figure.title.empty() ? "Figure" : escape_markup(figure.title);
  return fmt::format(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{0}\" height=\"{1}\" viewBox=\"0 0 {0} {1}\" "
      "role=\"img\" aria-label=\"{2}\" font-family=\"system-ui, -apple-system, 'Segoe UI', Roboto, "
      "'Helvetica Neue', Arial, sans-serif\">\n{3}<rect class=\"cf-page\" width=\"{0}\" height=\"{1}\" "
      "fill=\"{4}\"/>\n{5}</svg>\n",
      px(figure.width), px(y), name, dark_mode, page, body);
}

}  // namespace coronet::io
