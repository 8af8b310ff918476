// How much of each pixel a shape covers. Internal.
#pragma once

#include <cstdint>
#include <vector>

#include <xgrad/inspect/picture/picture.h>

namespace torch { inline namespace xgrad { namespace inspect {

/// Sums up, for each pixel, the signed area to the right of edges within it, as the font renderers of Raph Levien do: a running sum along a row is
/// then how much of each pixel lies inside. Closed ways that turn the same way may overlap.
class Coverage {
 public:
  Coverage(int64_t width, int64_t height) : width_(width), height_(height), areas_(static_cast<size_t>((width + 2) * height)) {}

  /// The inside of a closed way.
  void add(const std::vector<Point>& way);
  /// Calls use(x, y, part) for each pixel of which a part is covered, and forgets everything.
  template <class Use> void take(Use use) {
    for (int64_t y = top_; y < bottom_; ++y) {
      float* const row = areas_.data() + y * (width_ + 2);
      float sum = 0;
      for (int64_t x = 0; x < width_ + 2; ++x) {
        sum += row[x];
        row[x] = 0;
        const float part = sum < 0 ? -sum : sum;
        if (x < width_ && part > 1 / 512.f) use(x, y, part < 1 ? part : 1.f);
      }
    }
    top_ = height_;
    bottom_ = 0;
  }

 private:
  void add_edge(Point from, Point to);
  void add_in_row(float* row, double x0, double x1, double area);

  int64_t width_, height_;
  int64_t top_ = height_, bottom_ = 0;  // the rows that were touched
  std::vector<float> areas_;
};

/// Closed ways, all turning the same way, that together are a line of this width through the points, with round joins and ends.
std::vector<std::vector<Point>> outline(const std::vector<Point>& points, bool closed, double width);
/// The same line in pieces of 5 with gaps of 4, in units of `unit`.
std::vector<std::vector<Point>> dashes(const std::vector<Point>& points, bool closed, double unit);
/// A circle as a polygon that nobody can tell from it.
std::vector<Point> circle_way(Point centre, double radius);
/// A rectangle with rounded corners.
std::vector<Point> rectangle_way(Point corner, Point size, double rounded);
/// Bezier's cubic curves, each from where the last ended, as lines.
std::vector<Point> curve_way(const std::vector<Point>& points);

}}}  // namespace torch::xgrad::inspect
