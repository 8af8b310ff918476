#include <xgrad/inspect/picture/diagram.h>

#include <algorithm>
#include <cmath>

#include <xgrad/autograd/core/error.h>
#include <xgrad/inspect/picture/axis.h>

namespace torch { inline namespace xgrad { namespace inspect {

namespace {

constexpr double kPlotWidth = 440, kPlotHeight = 300, kTitleLine = 26, kLegendLine = 18, kBelow = 54, kRight = 24;

double position_of(const Curve& curve, size_t i) { return curve.positions.empty() ? curve.first + static_cast<double>(i) : curve.positions[i]; }

// A diagram's data, measured.
class DiagramPanel {
 public:
  explicit DiagramPanel(const Diagram& diagram)
      : diagram_(diagram),
        across_(positions(), diagram.log_across ? Axis::Scale::logarithmic : Axis::Scale::linear, 7, whole_positions(), true),
        up_(values(), diagram.log_up ? Axis::Scale::logarithmic : Axis::Scale::linear, 5, false, false) {}

  double left() const { return 20 + up_.label_width() + (diagram_.up.empty() ? 0 : 22); }
  double width() const { return left() + kPlotWidth + kRight; }
  double legend_height() const { return kLegendLine * static_cast<double>(legend_lines().size()); }

  void draw(Picture& picture, double x, double top) const {
    const Frame frame{across_, up_, x + left(), top, kPlotWidth, kPlotHeight, diagram_.title, diagram_.across, diagram_.up};
    const TextStyle title{16, Anchor::start, true};
    picture.text({frame.left, kTitleLine}, shortened(diagram_.title, kPlotWidth, title), title);
    frame.draw(picture);
    if (can_be_shown(diagram_.marked, diagram_.log_across)) {
      const double at = frame.x(diagram_.marked);
      if (at >= frame.left && at <= frame.left + frame.width) picture.line({at, frame.top}, {at, frame.top + frame.height}, mark_paint());
    }
    for (size_t i = 0; i < diagram_.curves.size(); ++i) draw_curve(picture, frame, i);
    if (values().empty) picture.text({frame.left + frame.width / 2, frame.top + frame.height / 2}, "no values", {13, Anchor::middle, false, kMuted});
    draw_legend(picture, frame);
  }

 private:
  bool shown(const Curve& curve, size_t i) const {
    return can_be_shown(curve.values[i], diagram_.log_up) && can_be_shown(position_of(curve, i), diagram_.log_across);
  }
  Span values() const {
    Span span;
    for (const Curve& c : diagram_.curves)
      for (size_t i = 0; i < c.values.size(); ++i)
        if (shown(c, i)) span.include(c.values[i]);
    return span;
  }
  Span positions() const {
    Span span;
    for (const Curve& c : diagram_.curves)
      for (size_t i = 0; i < c.values.size(); ++i)
        if (can_be_shown(position_of(c, i), diagram_.log_across)) span.include(position_of(c, i));
    return span;
  }
  bool whole_positions() const {
    for (const Curve& c : diagram_.curves)
      for (size_t i = 0; i < c.values.size(); ++i)
        if (position_of(c, i) != std::floor(position_of(c, i))) return false;
    return true;
  }
  Colour colour(size_t i) const { return diagram_.curves[i].colour.empty() ? palette(i) : Colour::parse(diagram_.curves[i].colour); }
  static Paint mark_paint() { return {{}, Colour{0x88, 0x88, 0x88}, 1, true}; }

  void draw_curve(Picture& picture, const Frame& frame, size_t index) const {
    const Curve& curve = diagram_.curves[index];
    const Paint line{{}, colour(index), 2}, dot{colour(index), {}};
    std::vector<Point> piece;
    const auto end_piece = [&] {
      if (piece.size() == 1 && !curve.dots) picture.circle(piece[0], 2.5, dot);
      if (piece.size() > 1) picture.polyline(thinned(piece), line);
      piece.clear();
    };
    double last_sign = -INFINITY;
    for (size_t i = 0; i < curve.values.size(); ++i) {
      const double position = position_of(curve, i);
      if (!can_be_shown(position, diagram_.log_across)) {
        end_piece();
      } else if (shown(curve, i)) {
        piece.push_back({frame.x(position), frame.y(curve.values[i])});
        if (curve.dots && curve.values.size() <= 200) picture.circle(piece.back(), 3, dot);
      } else {
        end_piece();
        if (frame.x(position) - last_sign < 3) continue;
        last_sign = frame.x(position);
        draw_sign(picture, frame, last_sign, curve.values[i], colour(index));
      }
    }
    end_piece();
  }

  // For a value that has no place: a triangle towards it, a cross for NaN.
  static void draw_sign(Picture& picture, const Frame& frame, double x, double value, Colour colour) {
    const double top = frame.top + 2, bottom = frame.top + frame.height - 2;
    if (std::isnan(value)) {
      const Paint cross{{}, colour, 1.5};
      picture.line({x - 3, bottom - 7}, {x + 3, bottom - 1}, cross);
      picture.line({x - 3, bottom - 1}, {x + 3, bottom - 7}, cross);
    } else if (value > 0) {
      picture.polyline({{x, top}, {x + 4, top + 7}, {x - 4, top + 7}}, {colour, {}}, true);
    } else {
      picture.polyline({{x, bottom}, {x + 4, bottom - 7}, {x - 4, bottom - 7}}, {colour, {}}, true);
    }
  }

  // Of points in the same half pixel across: the first, the highest, the lowest and the last.
  static std::vector<Point> thinned(const std::vector<Point>& points) {
    if (points.size() < 4 * kPlotWidth) return points;
    std::vector<Point> kept;
    for (size_t begin = 0, end; begin < points.size(); begin = end) {
      const double column = std::floor(points[begin].x * 2);
      for (end = begin + 1; end < points.size() && std::floor(points[end].x * 2) == column;) ++end;
      const auto first = points.begin() + static_cast<std::ptrdiff_t>(begin), last = points.begin() + static_cast<std::ptrdiff_t>(end);
      const auto [low, high] = std::minmax_element(first, last, [](Point a, Point b) { return a.y < b.y; });
      std::vector<std::vector<Point>::const_iterator> four{first, low, high, last - 1};
      std::sort(four.begin(), four.end());
      four.erase(std::unique(four.begin(), four.end()), four.end());
      for (const auto& p : four) kept.push_back(*p);
    }
    return kept;
  }

  struct LegendEntry {
    std::string name;
    Paint paint;
    double x, width;
  };
  // The names of the curves above the frame, as many in a line as there is room for.
  std::vector<std::vector<LegendEntry>> legend_lines() const {
    std::vector<LegendEntry> entries;
    for (size_t i = 0; i < diagram_.curves.size(); ++i)
      if (!diagram_.curves[i].name.empty()) entries.push_back({diagram_.curves[i].name, {{}, colour(i), 2}, 0, 0});
    if (!std::isnan(diagram_.marked) && !diagram_.mark.empty()) entries.push_back({diagram_.mark, mark_paint(), 0, 0});
    std::vector<std::vector<LegendEntry>> lines;
    double x = kPlotWidth;
    for (LegendEntry& entry : entries) {
      entry.name = shortened(entry.name, kPlotWidth - 40);
      entry.width = 30 + Picture::text_width(entry.name) + 18;
      if (x + entry.width > kPlotWidth + 18) {
        lines.emplace_back();
        x = 0;
      }
      entry.x = x;
      x += entry.width;
      lines.back().push_back(entry);
    }
    return lines;
  }
  void draw_legend(Picture& picture, const Frame& frame) const {
    double y = frame.top - legend_height() - 4 + kLegendLine / 2;
    for (const auto& line : legend_lines()) {
      for (const LegendEntry& entry : line) {
        picture.line({frame.left + entry.x, y}, {frame.left + entry.x + 24, y}, entry.paint);
        picture.text({frame.left + entry.x + 30, y + 4}, entry.name);
      }
      y += kLegendLine;
    }
  }

  const Diagram& diagram_;
  Axis across_, up_;
};

}  // namespace

Picture draw(const std::vector<Diagram>& diagrams) {
  std::vector<DiagramPanel> panels;
  double width = 0, legend = 0;
  for (const Diagram& diagram : diagrams) {
    for (const Curve& c : diagram.curves)
      XGRAD_CHECK_AS(ValueError, c.positions.empty() || c.positions.size() == c.values.size(), "[draw] expected a position for each value of ",
                     c.name, ", got ", c.positions.size(), " for ", c.values.size());
    panels.emplace_back(diagram);
    width += panels.back().width();
    legend = std::max(legend, panels.back().legend_height());
  }
  const double top = kTitleLine + 10 + legend + 4;
  Picture picture(std::max(width, 1.0), top + kPlotHeight + kBelow);
  double x = 0;
  for (const DiagramPanel& panel : panels) {
    panel.draw(picture, x, top);
    x += panel.width();
  }
  return picture;
}

void draw_diagrams(const std::string& path, const std::vector<Diagram>& diagrams) { draw(diagrams).save(path); }

}}}  // namespace torch::xgrad::inspect
