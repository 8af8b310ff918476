// Axes with round numbers, and the frame that two of them span. Internal.
#pragma once

#include <string>
#include <vector>

#include <xgrad/inspect/picture/picture.h>

namespace torch { inline namespace xgrad { namespace inspect {

/// The finite values that an axis must show.
struct Span {
  double least = 0, most = 0;
  bool empty = true;
  void include(double value);
};

/// True iff an axis can show the value: it is finite, of a size that sums of its like are too, and positive on a logarithmic one.
bool can_be_shown(double value, bool logarithmic);

/// From a round number to a round number with ticks at round numbers, or with `tight` from the least value to the largest.
class Axis {
 public:
  enum class Scale { linear, logarithmic };
  /// About `count` ticks; with `whole` they are whole numbers. An empty span is one from 0 to 1, or from 0.1 to 1.
  Axis(const Span& span, Scale scale, int count, bool whole, bool tight);

  /// Where the value stands, 0 to 1.
  double place(double value) const;
  struct Tick {
    double value;
    std::string label;
  };
  const std::vector<Tick>& ticks() const { return ticks_; }
  /// The width of the widest label.
  double label_width() const;

 private:
  void make_linear(const Span& span, int count, bool whole, bool tight);
  void make_logarithmic(const Span& span, int count, bool tight);

  bool logarithmic_;
  double low_ = 0, high_ = 1;  // logarithms on a logarithmic axis
  std::vector<Tick> ticks_;
};

/// The area of a diagram with its axes, title and labels.
struct Frame {
  const Axis &across, &up;
  double left, top, width, height;
  std::string title, label_across, label_up;

  double x(double value) const { return left + across.place(value) * width; }
  double y(double value) const { return top + (1 - up.place(value)) * height; }
  /// Draws all but the title; `grid` draws a line for each tick of the upward axis.
  void draw(Picture& picture, bool grid = true) const;
};

/// The colours of curves, one after the other, that can be told apart in print and by the colour-blind (Paul Tol's "bright" set, a little darker).
Colour palette(size_t i);

inline constexpr Colour kInk{0x33, 0x33, 0x33}, kFaint{0xdd, 0xdd, 0xdd}, kMuted{0x77, 0x77, 0x77};

/// The text, or its beginning with an ellipsis where it would be wider.
std::string shortened(const std::string& text, double width, const TextStyle& style = {});

}}}  // namespace torch::xgrad::inspect
