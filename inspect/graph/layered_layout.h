// Places for the boxes of a graph without circles, in layers from top to bottom. Internal.
#pragma once

#include <cstddef>
#include <utility>
#include <vector>

#include <xgrad/inspect/picture/picture.h>

namespace torch { inline namespace xgrad { namespace inspect {

struct LayoutBox {
  double width = 0, height = 0;
  std::vector<size_t> inputs;  ///< boxes above it, all before it in the list
  Point centre = {};           ///< the result
};

struct LayoutEdge {
  size_t from, to;
  std::vector<Point> way;  ///< from the lower edge of one box to the upper edge of the other
};

/// K. Sugiyama, S. Tagawa, M. Toda, "Methods for visual understanding of hierarchical system structures", 1981: boxes go to layers by the
/// longest way to them, edges through several layers get a place in each, the places of a layer are ordered by the means of their
/// neighbours', and moved as near to these as the others let them. Sets the centres and returns the edges; the drawing begins at (0, 0) and
/// ends at `size`.
std::vector<LayoutEdge> lay_out(std::vector<LayoutBox>& boxes, Point& size);

}}}  // namespace torch::xgrad::inspect
