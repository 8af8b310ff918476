// The shapes and axes that samples of reductions go through.
#pragma once

#include <string>
#include <vector>

#include <xgrad/autograd/catalogue/catalogue.h>

namespace torch { inline namespace xgrad { namespace catalogue {

/// One way to name axes, with the end of the call in Python: ", dim=(0,-1,), keepdim=True)".
struct ReducedAxes {
  std::vector<int64_t> shape, dims;
  bool keepdim;
  std::string text;
};

/// Every shape with every list of axes, axes kept and not.
std::vector<ReducedAxes> reductions_of(const std::vector<std::vector<int64_t>>& shapes, const std::vector<std::vector<int64_t>>& dims);

/// Every number of axes, sizes of 1, one axis and several, all of them; the reduced axes are not empty.
std::vector<ReducedAxes> reductions_over_axes();
/// Reductions of no elements, with and without outputs.
std::vector<ReducedAxes> reductions_of_nothing();
/// For operations that take one axis, with ", dim=1, keepdim=True)" as text.
std::vector<ReducedAxes> reductions_over_one_axis();

}}}  // namespace torch::xgrad::catalogue
