// Curves in diagrams.
#pragma once

#include <cmath>
#include <string>
#include <vector>

#include <xgrad/inspect/picture/picture.h>

namespace torch { inline namespace xgrad { namespace inspect {

struct Curve {
  std::string name;
  std::string colour = "";  ///< "#2166ac"; the next of a row of colours if empty
  double first = 0;         ///< where on the horizontal axis values[0] stands; the others follow one unit apart
  std::vector<double> values = {};
  bool dots = false;
  std::vector<double> positions = {};  ///< where each value stands, instead of `first`
};

struct Diagram {
  std::string title, across;  ///< what the horizontal axis shows
  std::vector<Curve> curves = {};
  double marked = NAN;  ///< a vertical line
  std::string mark = "";
  std::string up = "";  ///< what the vertical axis shows
  bool log_across = false, log_up = false;
};

/// The diagrams side by side. A curve is broken where it cannot be shown: NaN leaves a cross at the lower edge, infinity a triangle at the upper one
/// and its opposite at the lower, as do zero and negative numbers on a logarithmic axis. Of curves with more points than the picture is wide, what
/// is drawn is what one would see. Throws a ValueError when a curve has positions, but not one for each value.
XGRAD_API Picture draw(const std::vector<Diagram>& diagrams);

/// draw(diagrams).save(path): .svg or .png.
XGRAD_API void draw_diagrams(const std::string& path, const std::vector<Diagram>& diagrams);

}}}  // namespace torch::xgrad::inspect
