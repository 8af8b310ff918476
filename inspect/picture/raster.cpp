#include <xgrad/inspect/picture/raster.h>

#include <algorithm>
#include <cmath>

#include <xgrad/autograd/core/error.h>
#include <xgrad/inspect/picture/coverage.h>
#include <xgrad/inspect/picture/raster_font.h>
#include <xgrad/io/png.h>

namespace torch { inline namespace xgrad { namespace inspect {

namespace {

constexpr double kPixels = 1.5;   // of a unit, so that a glyph of the font has its own pixels at size 12
constexpr double kFontSize = 12;  // at which it does
constexpr double kReach = 1e5;    // of coordinates, in pixels
constexpr int64_t kMostPixels = int64_t{1} << 28;

class Raster {
 public:
  Raster(double width, double height, double scale)
      : scale_(scale * kPixels),
        width_(pixels_of(width)),
        height_(pixels_of(height)),
        pixels_(static_cast<size_t>(checked_pixels(width_, height_)) * 3, 0xff),
        coverage_(width_, height_) {}

  void draw(const Picture::Shape& shape) {
    using Kind = Picture::Shape::Kind;
    std::vector<Point> points;
    for (const Point& p : shape.points) points.push_back({within_reach(p.x * scale_), within_reach(p.y * scale_)});
    switch (shape.kind) {
      case Kind::rectangle: draw_way(rectangle_way(points[0], points[1], within_reach(shape.rounded * scale_)), true, shape.paint); break;
      case Kind::circle: draw_way(circle_way(points[0], within_reach(std::abs(shape.rounded) * scale_)), true, shape.paint); break;
      case Kind::curve: draw_way(curve_way(points), false, shape.paint); break;
      case Kind::polyline: draw_way(points, false, shape.paint); break;
      case Kind::closed: draw_way(points, true, shape.paint); break;
      case Kind::text: draw_text(points[0], shape); break;
      case Kind::image: draw_image(points[0], points[1], shape); break;
    }
  }

  std::string png() const {
    std::string bytes;
    io::write_png(pixels_.data(), height_, width_, 3, [&](const void* data, size_t size) { bytes.append(static_cast<const char*>(data), size); });
    return bytes;
  }

 private:
  // What lies beyond cannot be told from what lies there, and numbers stay such that pixels can be counted with them.
  static double within_reach(double pixels) { return std::isnan(pixels) ? 0 : std::clamp(pixels, -kReach, kReach); }

  int64_t pixels_of(double units) const {
    const double pixels = std::ceil(units * scale_ - 1e-9);
    XGRAD_CHECK_AS(ValueError, pixels >= 1 && pixels <= static_cast<double>(kMostPixels), "[Picture] expected a size that has pixels, got ", pixels);
    return static_cast<int64_t>(pixels);
  }
  static int64_t checked_pixels(int64_t width, int64_t height) {
    XGRAD_CHECK_AS(ValueError, width <= kMostPixels / height, "[Picture] expected at most ", kMostPixels, " pixels, got ", height, " rows of ",
                   width);
    return width * height;
  }

  void blend(int64_t x, int64_t y, Colour colour, double part) {
    uint8_t* const at = &pixels_[static_cast<size_t>((y * width_ + x) * 3)];
    const Colour mixed = Colour{at[0], at[1], at[2]}.mixed(colour, part);
    at[0] = mixed.red, at[1] = mixed.green, at[2] = mixed.blue;
  }

  void draw_way(const std::vector<Point>& way, bool closed, const Paint& paint) {
    if (paint.fill) {
      coverage_.add(way);
      coverage_.take([&](int64_t x, int64_t y, double part) { blend(x, y, *paint.fill, part * paint.opacity); });
    }
    if (!paint.stroke) return;
    const double width = within_reach(std::abs(paint.width) * scale_);
    const auto pieces = paint.dashed ? dashes(way, closed, scale_) : std::vector<std::vector<Point>>{way};
    for (const auto& piece : pieces)
      if (!paint.dashed || may_show(piece, width))
        for (const auto& part : outline(piece, closed && !paint.dashed, width)) coverage_.add(part);
    coverage_.take([&](int64_t x, int64_t y, double part) { blend(x, y, *paint.stroke, part); });
  }

  // False for what lies outside with all of its width.
  bool may_show(const std::vector<Point>& piece, double width) const {
    const auto outside = [&](auto coordinate, int64_t size) {
      return std::all_of(piece.begin(), piece.end(), [&](Point p) { return coordinate(p) < -width; }) ||
             std::all_of(piece.begin(), piece.end(), [&](Point p) { return coordinate(p) > static_cast<double>(size) + width; });
    };
    return !outside([](Point p) { return p.x; }, width_) && !outside([](Point p) { return p.y; }, height_);
  }

  // Each pixel gets the part of its samples that lie on ink.
  void draw_text(Point at, const Picture::Shape& shape) {
    const std::u32string text = code_points(shape.label);
    const double size = shape.style.size / kFontSize * scale_ / kPixels;
    const double length = static_cast<double>(text.size()) * kGlyphWidth;  // in the font's pixels
    const double before = shape.style.anchor == Anchor::start ? 0 : shape.style.anchor == Anchor::middle ? length / 2 : length;
    // Where a pixel lies in the text.
    const auto in_text = [&](double x, double y) {
      const double right = (x - at.x) / size, down = (y - at.y) / size;
      return shape.style.upwards ? Point{before - down, right + kGlyphBaseline} : Point{right + before, down + kGlyphBaseline};
    };
    const auto ink = [&](double right, double down) {
      if (right < 0 || right >= length || down < 0) return false;
      const auto i = static_cast<size_t>(right / kGlyphWidth);
      const int column = static_cast<int>(right) - static_cast<int>(i) * kGlyphWidth, row = static_cast<int>(down);
      // Bold is the glyph twice, a pixel apart.
      return glyph_has_ink(text[i], column, row) || (shape.style.bold && glyph_has_ink(text[i], column - 1, row));
    };
    // Upright text begins at a whole pixel: its strokes are as sharp as the font's.
    at = {std::round(at.x - (shape.style.upwards ? 0 : before * size)) + (shape.style.upwards ? 0 : before * size), std::round(at.y)};
    const double across = (length + kGlyphWidth) * size, high = kGlyphHeight * size;
    const double reach_x = shape.style.upwards ? high : across, reach_y = shape.style.upwards ? across : high;
    const auto clamped = [](double v, int64_t most) { return static_cast<int64_t>(std::clamp(v, 0.0, static_cast<double>(most))); };
    constexpr int kSamples = 4;
    for (int64_t y = clamped(at.y - reach_y, height_); y < clamped(at.y + reach_y + 1, height_); ++y)
      for (int64_t x = clamped(at.x - reach_x, width_); x < clamped(at.x + reach_x + 1, width_); ++x) {
        int hits = 0;
        for (int i = 0; i < kSamples * kSamples; ++i) {
          const Point p = in_text(static_cast<double>(x) + (i % kSamples + 0.5) / kSamples, static_cast<double>(y) + (i / kSamples + 0.5) / kSamples);
          hits += ink(p.x, p.y);
        }
        if (hits > 0) blend(x, y, shape.style.colour, static_cast<double>(hits) / (kSamples * kSamples));
      }
  }

  void draw_image(Point corner, Point size, const Picture::Shape& shape) {
    for (int64_t y = 0; y < height_; ++y)
      for (int64_t x = 0; x < width_; ++x) {
        const double across = (static_cast<double>(x) + 0.5 - corner.x) / size.x, down = (static_cast<double>(y) + 0.5 - corner.y) / size.y;
        if (!(across >= 0 && across < 1 && down >= 0 && down < 1)) continue;
        const int64_t column = static_cast<int64_t>(across * static_cast<double>(shape.columns)),
                      row = static_cast<int64_t>(down * static_cast<double>(shape.rows));
        const char* const p = shape.pixels.data() + (row * shape.columns + column) * shape.channels;
        const auto channel = [&](int64_t c) { return static_cast<uint8_t>(p[shape.channels == 1 ? 0 : c]); };
        blend(x, y, {channel(0), channel(1), channel(2)}, 1);
      }
  }

  // Of valid UTF-8; what is none becomes one box a byte.
  static std::u32string code_points(const std::string& text) {
    std::u32string points;
    for (size_t i = 0; i < text.size();) {
      const auto first = static_cast<uint8_t>(text[i++]);
      const int more = first >= 0xf0 ? 3 : first >= 0xe0 ? 2 : first >= 0xc0 ? 1 : 0;
      char32_t point = more == 0 ? (first < 0x80 ? first : 0xfffd) : first & (0x3f >> more);
      for (int k = 0; k < more && i < text.size() && (text[i] & 0xc0) == 0x80; ++k) point = point << 6 | (text[i++] & 0x3f);
      points += point;
    }
    return points;
  }

  double scale_;
  int64_t width_, height_;
  std::vector<uint8_t> pixels_;  // rows of red, green, blue
  Coverage coverage_;
};

}  // namespace

std::string raster_png(const Picture& picture, double scale) {
  XGRAD_CHECK_AS(ValueError, std::isfinite(scale) && scale > 0, "[Picture] expected a positive scale, got ", scale);
  Raster raster(picture.width(), picture.height(), scale);
  for (const Picture::Shape& shape : picture.shapes()) raster.draw(shape);
  return raster.png();
}

}}}  // namespace torch::xgrad::inspect
