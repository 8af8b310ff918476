#include "plot.h"

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <stdexcept>

namespace {

constexpr double kWidth = 440, kHeight = 300, kLeft = 64, kTop = 56, kBottom = 52, kGap = 24, kPanel = kLeft + kWidth + kGap;

template <class... Values> std::string format(const char* pattern, Values... values) {
  char text[512];
  std::snprintf(text, sizeof text, pattern, values...);
  return text;
}

/// From a round number to a round number, with a round distance between ticks.
struct Axis {
  /// About `count` ticks; with `whole` they are whole numbers.
  Axis(double least, double most, int count, bool whole) {
    const double raw = std::max(most - least, 1e-3) / count, power = std::pow(10, std::floor(std::log10(raw)));
    step = 10 * power;
    for (double factor : {5.0, 2.0, 1.0})
      if (raw <= factor * power) step = factor * power;
    if (whole) step = std::max(step, 1.0);
    low = std::floor(least / step) * step;
    high = std::ceil(most / step) * step;
  }
  int decimals() const { return std::max(0, static_cast<int>(std::ceil(-std::log10(step) - 1e-9))); }
  double low, high, step;
};

class Panel {
 public:
  Panel(double x, const Diagram& diagram)
      : left_(x + kLeft),
        diagram_(diagram),
        values_(values_of(diagram)),
        positions_(positions_of(diagram)),
        y_(values_.first, values_.last, 5, false),
        ticks_(positions_.first, positions_.last, 8, true) {}

  std::string svg() const {
    std::string out = format("<text x='%.1f' y='%.1f' class='title'>%s</text>\n", left_, kTop - 18, diagram_.title.c_str()) +
                      format("<rect x='%.1f' y='%.1f' width='%.1f' height='%.1f' class='frame'/>\n", left_, kTop, kWidth, kHeight) + axes();
    if (!std::isnan(diagram_.marked))
      out += format("<line x1='%.1f' y1='%.1f' x2='%.1f' y2='%.1f' class='mark'/>\n", place(diagram_.marked), kTop, place(diagram_.marked),
                    kTop + kHeight);
    for (const Curve& c : diagram_.curves) out += curve(c);
    return out + legend();
  }

 private:
  struct Range {
    void include(double x) { first = std::min(first, x), last = std::max(last, x); }
    double first = INFINITY, last = -INFINITY;
  };
  static Range values_of(const Diagram& d) {
    Range range;
    for (const Curve& c : d.curves)
      for (double v : c.values) range.include(v);
    return range;
  }
  static Range positions_of(const Diagram& d) {
    Range range;
    for (const Curve& c : d.curves) {
      range.include(c.first);
      range.include(c.first + std::max(1.0, static_cast<double>(c.values.size()) - 1));
    }
    return range;
  }

  double place(double position) const { return left_ + (position - positions_.first) / (positions_.last - positions_.first) * kWidth; }
  double height(double value) const { return kTop + (y_.high - value) / (y_.high - y_.low) * kHeight; }

  std::string axes() const {
    std::string out;
    for (double v = y_.low; v <= y_.high + y_.step / 2; v += y_.step) {
      out += format("<line x1='%.1f' y1='%.1f' x2='%.1f' y2='%.1f' class='grid'/>\n", left_, height(v), left_ + kWidth, height(v));
      out += format("<text x='%.1f' y='%.1f' text-anchor='end'>%.*f</text>\n", left_ - 8, height(v) + 4, y_.decimals(), v);
    }
    for (double p = ticks_.low; p <= positions_.last; p += ticks_.step) {
      if (p < positions_.first) continue;
      out += format("<line x1='%.1f' y1='%.1f' x2='%.1f' y2='%.1f' class='tick'/>\n", place(p), kTop + kHeight, place(p), kTop + kHeight + 5);
      out += format("<text x='%.1f' y='%.1f' text-anchor='middle'>%.0f</text>\n", place(p), kTop + kHeight + 20, p);
    }
    return out + format("<text x='%.1f' y='%.1f' text-anchor='middle' class='label'>%s</text>\n", left_ + kWidth / 2, kTop + kHeight + 42,
                        diagram_.across.c_str());
  }

  std::string curve(const Curve& c) const {
    std::string points, dots;
    for (size_t i = 0; i < c.values.size(); ++i) {
      const double x = place(c.first + static_cast<double>(i)), y = height(c.values[i]);
      points += format("%.1f,%.1f ", x, y);
      if (c.dots) dots += format("<circle cx='%.1f' cy='%.1f' r='3' fill='%s'/>\n", x, y, c.colour.c_str());
    }
    return "<polyline points='" + points + "' class='curve' stroke='" + c.colour + "'/>\n" + dots;
  }

  // In the corner that the curves leave free, or nearly so.
  std::string legend() const {
    struct Line {
      std::string name, stroke;
    };
    std::vector<Line> lines;
    for (const Curve& c : diagram_.curves) lines.push_back({c.name, "class='curve' stroke='" + c.colour + "'"});
    if (!std::isnan(diagram_.marked)) lines.push_back({diagram_.mark, "class='mark'"});
    const double size = 10 + 16 * static_cast<double>(lines.size());
    double x = 0, y = 0;
    int fewest = -1;
    for (double left : {left_ + kWidth - 150, left_ + 14})
      for (double top : {kTop + 14, kTop + kHeight - 14 - size}) {
        const int covered = points_within(left, top, left + 136, top + size);
        if (fewest >= 0 && covered >= fewest) continue;
        fewest = covered;
        x = left;
        y = top;
      }
    std::string out = format("<rect x='%.1f' y='%.1f' width='136' height='%.0f' class='legend'/>\n", x, y, size);
    for (size_t i = 0; i < lines.size(); ++i) {
      const double at = y + 13 + 16 * static_cast<double>(i);
      out += format("<line x1='%.1f' y1='%.1f' x2='%.1f' y2='%.1f' %s/>\n", x + 10, at, x + 36, at, lines[i].stroke.c_str());
      out += format("<text x='%.1f' y='%.1f'>%s</text>\n", x + 44, at + 4, lines[i].name.c_str());
    }
    return out;
  }

  int points_within(double left, double top, double right, double bottom) const {
    int count = 0;
    for (const Curve& c : diagram_.curves)
      for (size_t i = 0; i < c.values.size(); ++i) {
        const double x = place(c.first + static_cast<double>(i)), y = height(c.values[i]);
        if (x >= left && x <= right && y >= top && y <= bottom) ++count;
      }
    return count;
  }

  double left_;
  const Diagram& diagram_;
  Range values_, positions_;
  Axis y_, ticks_;
};

constexpr const char* kStyle = R"(<style>
text { font: 12px sans-serif; fill: #333; } .title { font-size: 16px; font-weight: bold; } .label { font-size: 13px; }
.frame { fill: none; stroke: #333; } .grid { stroke: #ddd; } .tick { stroke: #333; }
.curve { fill: none; stroke-width: 2; } .mark { stroke: #888; stroke-dasharray: 5 4; } .legend { fill: #fff; stroke: #ccc; }
</style>
)";

}  // namespace

void draw_diagrams(const std::string& path, const std::vector<Diagram>& diagrams) {
  const double width = kPanel * static_cast<double>(diagrams.size()), height = kTop + kHeight + kBottom;
  std::ofstream file(path);
  file << format("<svg xmlns='http://www.w3.org/2000/svg' width='%.0f' height='%.0f' viewBox='0 0 %.0f %.0f'>\n", width, height, width, height)
       << kStyle << format("<rect width='%.0f' height='%.0f' fill='#fff'/>\n", width, height);
  for (size_t i = 0; i < diagrams.size(); ++i) file << Panel(kPanel * static_cast<double>(i), diagrams[i]).svg();
  file << "</svg>\n";
  file.close();
  if (!file) throw std::runtime_error("cannot write " + path);
}
