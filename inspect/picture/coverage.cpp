#include <xgrad/inspect/picture/coverage.h>

#include <algorithm>
#include <cmath>

namespace torch { inline namespace xgrad { namespace inspect {

void Coverage::add(const std::vector<Point>& way) {
  for (size_t i = 0; i < way.size(); ++i) add_edge(way[i], way[(i + 1) % way.size()]);
}

void Coverage::add_edge(Point from, Point to) {
  if (std::abs(to.y - from.y) < 1e-9) return;  // covers nothing that could be seen, and its slope may be no number
  const double direction = from.y < to.y ? 1 : -1;
  if (direction < 0) std::swap(from, to);
  if (to.y <= 0 || from.y >= static_cast<double>(height_)) return;
  const double slope = (to.x - from.x) / (to.y - from.y), end = std::min(to.y, static_cast<double>(height_));
  double at = std::max(from.y, 0.0), x = from.x + (at - from.y) * slope;
  const int64_t first = static_cast<int64_t>(at);
  top_ = std::min(top_, first);
  for (int64_t y = first; at < end; ++y) {
    const double next = std::min(end, static_cast<double>(y) + 1), x_next = x + (next - at) * slope;
    add_in_row(areas_.data() + y * (width_ + 2), std::clamp(std::min(x, x_next), 0.0, static_cast<double>(width_)),
               std::clamp(std::max(x, x_next), 0.0, static_cast<double>(width_)), (next - at) * direction);
    bottom_ = std::max(bottom_, y + 1);
    at = next;
    x = x_next;
  }
}

// An edge from x0 to x1 >= x0 that goes `height` down within a row: the part of it in each pixel, and what that leaves for the pixels after.
void Coverage::add_in_row(float* row, double x0, double x1, double height) {
  const int64_t first = static_cast<int64_t>(x0);
  double left = x0, before = 0;  // covered of the pixels so far
  for (int64_t pixel = first;; ++pixel) {
    const double right = std::min(x1, static_cast<double>(pixel) + 1), part = x1 > x0 ? (right - left) / (x1 - x0) * height : height;
    // Of this pixel the edge covers what lies to its right: its middle there says how much.
    const double covered = part * (static_cast<double>(pixel) + 1 - (left + right) / 2);
    row[pixel] += static_cast<float>(before + covered);
    before = part - covered;
    left = right;
    if (right >= x1) {
      row[pixel + 1] += static_cast<float>(before);
      return;
    }
  }
}

std::vector<Point> circle_way(Point centre, double radius) {
  const int sides = std::clamp(static_cast<int>(radius * 4), 8, 128);
  std::vector<Point> way;
  for (int i = 0; i < sides; ++i) {
    const double angle = 2 * M_PI * i / sides;
    way.push_back({centre.x + radius * std::cos(angle), centre.y + radius * std::sin(angle)});
  }
  return way;
}

std::vector<Point> rectangle_way(Point corner, Point size, double rounded) {
  const double r = std::min({rounded, size.x / 2, size.y / 2});
  if (r <= 0) return {corner, {corner.x + size.x, corner.y}, {corner.x + size.x, corner.y + size.y}, {corner.x, corner.y + size.y}};
  constexpr int kSteps = 8;
  std::vector<Point> way;
  for (int quarter = 0; quarter < 4; ++quarter) {
    const double x = quarter == 0 || quarter == 3 ? corner.x + size.x - r : corner.x + r, y = quarter < 2 ? corner.y + size.y - r : corner.y + r;
    for (int i = 0; i <= kSteps; ++i) {
      const double angle = M_PI / 2 * (quarter + static_cast<double>(i) / kSteps);
      way.push_back({x + r * std::cos(angle), y + r * std::sin(angle)});
    }
  }
  return way;
}

std::vector<Point> curve_way(const std::vector<Point>& points) {
  constexpr int kSteps = 24;
  std::vector<Point> way(points.begin(), points.begin() + std::min<size_t>(points.size(), 1));
  for (size_t i = 0; i + 3 < points.size(); i += 3)
    for (int k = 1; k <= kSteps; ++k) {
      const double t = static_cast<double>(k) / kSteps, s = 1 - t;
      const double a = s * s * s, b = 3 * s * s * t, c = 3 * s * t * t, d = t * t * t;
      way.push_back({a * points[i].x + b * points[i + 1].x + c * points[i + 2].x + d * points[i + 3].x,
                     a * points[i].y + b * points[i + 1].y + c * points[i + 2].y + d * points[i + 3].y});
    }
  return way;
}

std::vector<std::vector<Point>> outline(const std::vector<Point>& points, bool closed, double width) {
  std::vector<std::vector<Point>> ways;
  const double half = width / 2;
  const size_t n = points.size(), segments = n < 2 ? 0 : closed ? n : n - 1;
  for (size_t i = 0; i < segments; ++i) {
    const Point a = points[i], b = points[(i + 1) % n];
    const double length = std::hypot(b.x - a.x, b.y - a.y);
    if (length == 0) continue;
    const double dx = (b.x - a.x) / length * half, dy = (b.y - a.y) / length * half;
    ways.push_back({{a.x + dy, a.y - dx}, {b.x + dy, b.y - dx}, {b.x - dy, b.y + dx}, {a.x - dy, a.y + dx}});
  }
  // Joins that a reader of the picture would see.
  if (width > 1.2)
    for (size_t i = closed ? 0 : 1; i + (closed ? 0 : 1) < n; ++i) ways.push_back(circle_way(points[i], half));
  return ways;
}

std::vector<std::vector<Point>> dashes(const std::vector<Point>& points, bool closed, double unit) {
  const double lengths[] = {5 * unit, 4 * unit};
  std::vector<std::vector<Point>> pieces;
  size_t phase = 0;
  double left = lengths[0];
  const size_t n = points.size();
  for (size_t i = 0; n > 1 && i < (closed ? n : n - 1); ++i) {
    const Point a = points[i], b = points[(i + 1) % n];
    const double length = std::hypot(b.x - a.x, b.y - a.y);
    const auto at = [&](double d) { return Point{a.x + (b.x - a.x) * d / length, a.y + (b.y - a.y) * d / length}; };
    for (double done = 0; done < length;) {
      const double step = std::min(left, length - done);
      if (phase == 0) pieces.push_back({at(done), at(done + step)});
      done += step;
      left -= step;
      if (left <= 0) left = lengths[phase ^= 1];
    }
  }
  return pieces;
}

}}}  // namespace torch::xgrad::inspect
