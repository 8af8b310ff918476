#include <xgrad/inspect/escape.h>
#include <xgrad/inspect/picture/picture.h>

namespace torch { inline namespace xgrad { namespace inspect {

namespace {

// A number of pixels: two digits behind the point are more than a screen shows.
std::string pixels_text(double value) {
  std::string text = fixed_text(value, 2);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.back() == '.') text.pop_back();
  return text;
}

std::string attribute(const char* name, const std::string& value) { return std::string(" ") + name + "='" + value + "'"; }
std::string attribute(const char* name, double value) { return attribute(name, pixels_text(value)); }

std::string paint_text(const Paint& paint) {
  std::string text = attribute("fill", paint.fill ? paint.fill->text() : "none");
  if (paint.fill && paint.opacity != 1) text += attribute("fill-opacity", paint.opacity);
  if (!paint.stroke) return text;
  text += attribute("stroke", paint.stroke->text());
  if (paint.width != 1) text += attribute("stroke-width", paint.width);
  if (paint.dashed) text += attribute("stroke-dasharray", "5 4");
  return text;
}

std::string points_text(const std::vector<Point>& points) {
  std::string text;
  for (const Point& p : points) text += (text.empty() ? "" : " ") + pixels_text(p.x) + ',' + pixels_text(p.y);
  return text;
}

std::string curve_text(const std::vector<Point>& points) {
  std::string text;
  for (size_t i = 0; i < points.size(); ++i) text += (i == 0 ? "M" : i == 1 ? " C" : " ") + pixels_text(points[i].x) + ',' + pixels_text(points[i].y);
  return text;
}

std::string label_text(const Picture::Shape& shape) {
  const Point at = shape.points[0];
  const TextStyle& style = shape.style;
  std::string text = "<text" + attribute("x", at.x) + attribute("y", at.y);
  if (style.size != 12) text += attribute("font-size", style.size);
  if (style.anchor != Anchor::start) text += attribute("text-anchor", style.anchor == Anchor::middle ? "middle" : "end");
  if (style.bold) text += attribute("font-weight", "bold");
  if (style.colour.text() != TextStyle().colour.text()) text += attribute("fill", style.colour.text());
  if (style.upwards) text += attribute("transform", "rotate(-90 " + pixels_text(at.x) + ' ' + pixels_text(at.y) + ')');
  return text + '>' + xml_escaped(shape.label) + "</text>";
}

std::string box_text(const std::vector<Point>& corner_and_size) {
  return attribute("x", corner_and_size[0].x) + attribute("y", corner_and_size[0].y) + attribute("width", corner_and_size[1].x) +
         attribute("height", corner_and_size[1].y);
}

std::string shape_text(const Picture::Shape& shape) {
  using Kind = Picture::Shape::Kind;
  const std::vector<Point>& points = shape.points;
  switch (shape.kind) {
    case Kind::rectangle:
      return "<rect" + box_text(points) + (shape.rounded > 0 ? attribute("rx", shape.rounded) : "") + paint_text(shape.paint) + "/>";
    case Kind::polyline:
      if (points.size() == 2)
        return "<line" + attribute("x1", points[0].x) + attribute("y1", points[0].y) + attribute("x2", points[1].x) + attribute("y2", points[1].y) +
               paint_text(shape.paint) + "/>";
      return "<polyline points='" + points_text(points) + "'" + paint_text(shape.paint) + "/>";
    case Kind::closed: return "<polygon points='" + points_text(points) + "'" + paint_text(shape.paint) + "/>";
    case Kind::curve: return "<path d='" + curve_text(points) + "'" + paint_text(shape.paint) + "/>";
    case Kind::circle:
      return "<circle" + attribute("cx", points[0].x) + attribute("cy", points[0].y) + attribute("r", shape.rounded) + paint_text(shape.paint) + "/>";
    case Kind::text: return label_text(shape);
    case Kind::image:
      return "<image" + box_text(points) + attribute("preserveAspectRatio", "none") + attribute("style", "image-rendering:pixelated") +
             " href='data:image/png;base64," + base64(shape.png) + "'/>";
  }
  return {};
}

}  // namespace

std::string Picture::svg() const {
  std::string text = "<svg xmlns='http://www.w3.org/2000/svg'" + attribute("width", width_) + attribute("height", height_) + " viewBox='0 0 " +
                     pixels_text(width_) + ' ' + pixels_text(height_) +
                     "' font-family='Helvetica, Arial, sans-serif' font-size='12' fill='#333333' stroke-linejoin='round'>\n" +
                     "<rect width='100%' height='100%' fill='#ffffff'/>\n";
  for (const Shape& shape : shapes_) text += shape_text(shape) + '\n';
  return text + "</svg>\n";
}

}}}  // namespace torch::xgrad::inspect
