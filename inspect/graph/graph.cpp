#include <xgrad/inspect/graph/graph.h>

#include <algorithm>
#include <cmath>

#include <xgrad/inspect/escape.h>
#include <xgrad/inspect/graph/layered_layout.h>
#include <xgrad/inspect/graph/recorded_graph.h>
#include <xgrad/inspect/picture/axis.h>

namespace torch { inline namespace xgrad { namespace inspect {

namespace {

using Kind = RecordedOperation::Kind;

constexpr size_t kMostDrawn = 2000;
constexpr double kMargin = 16, kLine = 15, kPadding = 8;

struct Looks {
  Colour fill, edge;
};
Looks looks_of(Kind kind) {
  switch (kind) {
    case Kind::parameter: return {{0xe8, 0xf3, 0xe6}, {0x6a, 0xa8, 0x60}};
    case Kind::leaf: return {{0xf2, 0xf2, 0xf2}, {0x99, 0x99, 0x99}};
    case Kind::operation: break;
  }
  return {{0xe6, 0xef, 0xf8}, {0x6b, 0x94, 0xc4}};
}

// The lines in a box, the first in bold.
std::vector<std::string> lines_of(const RecordedOperation& operation, const ModulePaths& paths) {
  std::vector<std::string> lines{operation.name};
  if (operation.uses_parameters && !paths.modules()[operation.module].path.empty()) lines.push_back("in " + paths.modules()[operation.module].path);
  if (!operation.attributes.empty()) lines.push_back(operation.attributes);
  constexpr size_t kOutputs = 3;
  for (size_t i = 0; i < std::min(operation.outputs.size(), kOutputs); ++i) lines.push_back(value_text(operation.outputs[i]));
  if (operation.outputs.size() > kOutputs) lines.push_back("and " + std::to_string(operation.outputs.size() - kOutputs) + " more");
  return lines;
}

std::string dot_quoted(const std::vector<std::string>& lines) {
  std::string text = "\"";
  for (const std::string& line : lines) {
    if (text.size() > 1) text += "\\n";
    for (const char c : valid_utf8(line)) {
      if (c == '"' || c == '\\') text += '\\';
      text += c == '\n' ? ' ' : c;
    }
  }
  return text + '"';
}

void draw_arrow(Picture& picture, const std::vector<Point>& way, Colour colour) {
  picture.flow(way, {{}, colour, 1.2});
  const Point tip = way.back();
  picture.polyline({tip, {tip.x - 3.5, tip.y - 7}, {tip.x + 3.5, tip.y - 7}}, {colour, {}}, true);
}

}  // namespace

std::string graph_dot(const Tensor& output, const nn::Module* module) {
  const ModulePaths paths = module ? ModulePaths(*module) : ModulePaths();
  const auto operations = recorded_operations({output}, paths);
  std::string text = "digraph {\n  node [shape=box, style=\"rounded,filled\", fontname=\"Helvetica\", fontsize=11];\n";
  for (size_t i = 0; i < operations.size(); ++i) {
    const Looks looks = looks_of(operations[i].kind);
    text += "  n" + std::to_string(i) + " [label=" + dot_quoted(lines_of(operations[i], paths)) + ", fillcolor=\"" + looks.fill.text() +
            "\", color=\"" + looks.edge.text() + "\"];\n";
    for (const size_t input : operations[i].inputs) text += "  n" + std::to_string(input) + " -> n" + std::to_string(i) + ";\n";
  }
  return text + "}\n";
}

Picture graph_picture(const Tensor& output, const nn::Module* module) {
  const ModulePaths paths = module ? ModulePaths(*module) : ModulePaths();
  const auto operations = recorded_operations({output}, paths);
  XGRAD_CHECK_AS(ValueError, operations.size() <= kMostDrawn, "[graph_picture] expected a graph of at most ", kMostDrawn, " operations, got ",
                 operations.size(), "; graph_dot() has no limit");
  const TextStyle title{12, Anchor::middle, true}, detail{11, Anchor::middle, false, {0x55, 0x55, 0x55}};
  std::vector<LayoutBox> boxes;
  std::vector<std::vector<std::string>> lines;
  for (const RecordedOperation& operation : operations) {
    lines.push_back(lines_of(operation, paths));
    double width = 40;
    for (std::string& line : lines.back()) {
      const TextStyle& style = &line == &lines.back()[0] ? title : detail;
      line = shortened(line, 240, style);
      width = std::max(width, Picture::text_width(line, style));
    }
    boxes.push_back({width + 2 * kPadding, kLine * static_cast<double>(lines.back().size()) + kPadding, operation.inputs});
  }
  Point size;
  const auto edges = lay_out(boxes, size);
  Picture picture(size.x + 2 * kMargin, size.y + 2 * kMargin);
  for (LayoutEdge edge : edges) {
    for (Point& p : edge.way) p = {p.x + kMargin, p.y + kMargin};
    draw_arrow(picture, edge.way, {0x88, 0x88, 0x88});
  }
  for (size_t i = 0; i < boxes.size(); ++i) {
    const LayoutBox& box = boxes[i];
    const double left = box.centre.x - box.width / 2 + kMargin, top = box.centre.y - box.height / 2 + kMargin;
    const Looks looks = looks_of(operations[i].kind);
    picture.rectangle(left, top, box.width, box.height, {looks.fill, looks.edge}, 5);
    for (size_t k = 0; k < lines[i].size(); ++k)
      picture.text({left + box.width / 2, top + kPadding / 2 + kLine * (static_cast<double>(k) + 0.78)}, lines[i][k], k == 0 ? title : detail);
  }
  return picture;
}

}}}  // namespace torch::xgrad::inspect
