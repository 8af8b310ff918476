// Drawings of lines, boxes and text, written as SVG or as PNG.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <xgrad/autograd/core/export.h>

namespace torch { inline namespace xgrad { namespace inspect {

struct XGRAD_API Colour {
  uint8_t red = 0, green = 0, blue = 0;
  /// "#2166ac". Throws for anything else.
  static Colour parse(const std::string& text);
  std::string text() const;
  /// `part` of the way to another colour, 0 to 1.
  Colour mixed(Colour other, double part) const;
};

struct Point {
  double x = 0, y = 0;
};

/// How a shape is drawn; what is left out isn't.
struct Paint {
  std::optional<Colour> fill = std::nullopt, stroke = std::nullopt;
  double width = 1;     ///< of the stroke
  bool dashed = false;  ///< the stroke
  double opacity = 1;   ///< of the fill
};

enum class Anchor { start, middle, end };

struct TextStyle {
  double size = 12;
  Anchor anchor = Anchor::start;
  bool bold = false;
  Colour colour{0x33, 0x33, 0x33};
  bool upwards = false;  ///< turned by a right angle, reading from below
};

/// A drawing with its origin at the top left. Sizes are pixels of a screen; x goes to the right and y down, as in SVG. Numbers that are not finite
/// are never drawn: a shape with one is left out.
class XGRAD_API Picture {
 public:
  Picture(double width, double height) : width_(width), height_(height) {}

  double width() const { return width_; }
  double height() const { return height_; }

  void rectangle(double x, double y, double width, double height, const Paint& paint, double rounded = 0);
  void line(Point from, Point to, const Paint& paint);
  /// Through all points; `closed` joins the last with the first.
  void polyline(std::vector<Point> points, const Paint& paint, bool closed = false);
  /// Smooth through points of a way from top to bottom: a cubic curve for each two, upright where they meet.
  void flow(const std::vector<Point>& points, const Paint& paint);
  void circle(Point centre, double radius, const Paint& paint);
  /// `at` is the beginning, the middle or the end of the base line; a size below 0.1 or above 10000 isn't drawn. UTF-8; PNGs have glyphs for
  /// Latin-1 and show a box for others.
  void text(Point at, const std::string& text, const TextStyle& style = {});
  /// Pixels in rows from the top, each one byte (grey) or three, scaled without smoothing; `png` is the same as a PNG file.
  /// Throws unless there are as many bytes as that.
  void image(double x, double y, double width, double height, int64_t columns, int64_t rows, int64_t channels, std::string pixels, std::string png);
  /// Another drawing with its origin at (x, y).
  void add(const Picture& other, double x, double y);

  /// The picture as SVG; it scales where it is put into HTML.
  std::string svg() const;
  /// The picture as a PNG file with 1.5 * `scale` pixels for each of the drawing's.
  std::string png(double scale = 1) const;
  /// Replaces the file by the picture, in the format that the name ends in: .svg or .png. Throws for other names, and naming the file and the
  /// reason when it cannot be written.
  void save(const std::string& path) const;

  /// How wide a text is, about: the font that draws an SVG is its reader's.
  static double text_width(const std::string& text, const TextStyle& style = {});

  struct Shape {
    enum class Kind { rectangle, polyline, closed, curve, circle, text, image } kind;
    std::vector<Point> points;  // a rectangle's are its corner and its size, a curve's those of Bezier's cubic parts
    Paint paint;
    double rounded = 0;  // a circle's radius
    std::string label;
    TextStyle style;
    int64_t columns = 0, rows = 0, channels = 0;
    std::string pixels, png;
  };
  const std::vector<Shape>& shapes() const { return shapes_; }

 private:
  void add(Shape shape);

  double width_, height_;
  std::vector<Shape> shapes_;
};

}}}  // namespace torch::xgrad::inspect
