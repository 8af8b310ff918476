#include <xgrad/inspect/picture/picture.h>

#include <algorithm>
#include <cmath>
#include <cstdio>

#include <xgrad/autograd/core/error.h>
#include <xgrad/inspect/escape.h>
#include <xgrad/inspect/picture/raster.h>
#include <xgrad/io/file.h>

namespace torch { inline namespace xgrad { namespace inspect {

Colour Colour::parse(const std::string& text) {
  unsigned red = 0, green = 0, blue = 0;
  const bool hex = text.size() == 7 && text[0] == '#' && text.find_first_not_of("0123456789abcdefABCDEF", 1) == std::string::npos;
  XGRAD_CHECK_AS(ValueError, hex && std::sscanf(text.c_str(), "#%2x%2x%2x", &red, &green, &blue) == 3, "[Colour] expected a colour as #2166ac, got ",
                 text);
  return {static_cast<uint8_t>(red), static_cast<uint8_t>(green), static_cast<uint8_t>(blue)};
}

std::string Colour::text() const {
  char digits[8];
  std::snprintf(digits, sizeof digits, "#%02x%02x%02x", red, green, blue);
  return digits;
}

Colour Colour::mixed(Colour other, double part) const {
  const auto mix = [part](uint8_t a, uint8_t b) { return static_cast<uint8_t>(std::lround(a + (b - a) * part)); };
  return {mix(red, other.red), mix(green, other.green), mix(blue, other.blue)};
}

void Picture::add(Shape shape) {
  const bool finite = std::all_of(shape.points.begin(), shape.points.end(), [](Point p) { return std::isfinite(p.x) && std::isfinite(p.y); });
  if (finite && !shape.points.empty()) shapes_.push_back(std::move(shape));
}

void Picture::rectangle(double x, double y, double width, double height, const Paint& paint, double rounded) {
  add(Shape{Shape::Kind::rectangle, {{x, y}, {width, height}}, paint, rounded, {}, {}, 0, 0, 0, {}, {}});
}

void Picture::line(Point from, Point to, const Paint& paint) { polyline({from, to}, paint); }

void Picture::polyline(std::vector<Point> points, const Paint& paint, bool closed) {
  add(Shape{closed ? Shape::Kind::closed : Shape::Kind::polyline, std::move(points), paint, 0, {}, {}, 0, 0, 0, {}, {}});
}

void Picture::flow(const std::vector<Point>& points, const Paint& paint) {
  std::vector<Point> curve;
  for (size_t i = 0; i < points.size(); ++i) {
    const Point p = points[i];
    if (i > 0) {
      const Point before = points[i - 1];
      const double half = (p.y - before.y) / 2;
      curve.push_back({before.x, before.y + half});
      curve.push_back({p.x, p.y - half});
    }
    curve.push_back(p);
  }
  add(Shape{Shape::Kind::curve, std::move(curve), paint, 0, {}, {}, 0, 0, 0, {}, {}});
}

void Picture::circle(Point centre, double radius, const Paint& paint) {
  add(Shape{Shape::Kind::circle, {centre}, paint, radius, {}, {}, 0, 0, 0, {}, {}});
}

void Picture::text(Point at, const std::string& text, const TextStyle& style) {
  const bool legible = style.size >= 0.1 && style.size <= 10000;
  if (legible && !text.empty()) add(Shape{Shape::Kind::text, {at}, {}, 0, text, style, 0, 0, 0, {}, {}});
}

void Picture::image(double x, double y, double width, double height, int64_t columns, int64_t rows, int64_t channels, std::string pixels,
                    std::string png) {
  XGRAD_CHECK(columns >= 1 && rows >= 1 && (channels == 1 || channels == 3) && columns <= static_cast<int64_t>(pixels.size()) &&
                  rows <= static_cast<int64_t>(pixels.size()) && static_cast<int64_t>(pixels.size()) == columns * rows * channels,
              "[Picture] expected ", rows, " rows of ", columns, " pixels of 1 or 3 bytes, got ", pixels.size(), " bytes");
  add(Shape{Shape::Kind::image, {{x, y}, {width, height}}, {}, 0, {}, {}, columns, rows, channels, std::move(pixels), std::move(png)});
}

void Picture::add(const Picture& other, double x, double y) {
  for (Shape shape : other.shapes_) {
    // The second point of these is a size.
    const size_t places = shape.kind == Shape::Kind::rectangle || shape.kind == Shape::Kind::image ? 1 : shape.points.size();
    for (size_t i = 0; i < places; ++i) {
      shape.points[i].x += x;
      shape.points[i].y += y;
    }
    add(std::move(shape));
  }
}

double Picture::text_width(const std::string& text, const TextStyle& style) {
  double width = 0, equal = 0;  // with a proportional font, and with one whose characters are equally wide
  for (const char c : text) {
    if ((c & 0xc0) == 0x80) continue;                   // within a code point
    const bool wide = static_cast<uint8_t>(c) >= 0xe3;  // from U+3000 on nearly all are as wide as high
    equal += wide ? 1 : 0.556;
    if (wide) width += 1;
    else if (std::string_view("iljtfrI.,:;'|![]() ").find(c) != std::string_view::npos) width += 0.34;
    else if (std::string_view("mwMW@%").find(c) != std::string_view::npos) width += 0.9;
    else if (c >= 'A' && c <= 'Z') width += 0.68;
    else width += 0.58;
  }
  return std::max(width * (style.bold ? 1.08 : 1), equal) * style.size;
}

std::string Picture::png(double scale) const { return raster_png(*this, scale); }

void Picture::save(const std::string& path) const {
  const auto ends_in = [&path](std::string_view end) { return path.size() > end.size() && path.substr(path.size() - end.size()) == end; };
  XGRAD_CHECK_AS(ValueError, ends_in(".svg") || ends_in(".png"), "[Picture] expected a name that ends in .svg or .png, got ", path);
  const std::string bytes = ends_in(".svg") ? svg() : png();
  io::replace_file(path, [&](const io::Sink& sink) { sink(bytes.data(), bytes.size()); });
}

}}}  // namespace torch::xgrad::inspect
