// A function of one example made one of a batch.
#pragma once

#include <cstdint>
#include <string>

#include <xgrad/autograd/func/function.h>

namespace torch { inline namespace xgrad { namespace func {

struct VmapOptions {
  /// The axis of each input along which the examples lie, kNotMapped for one that all examples share. Empty: axis 0 of all.
  std::vector<int64_t> in_axes;
  /// The axis of each output along which the examples' results are put. Empty: axis 0 of all.
  std::vector<int64_t> out_axes;
  static constexpr int64_t kNotMapped = INT64_MIN;
  /// Told why, where the examples are run one by one.
  std::function<void(const std::string&)> on_loop;
};

/// The function that gives f's results for every example: as if f were called for each, and the results stacked. Differentiable as that is;
/// results agree with it up to rounding.
///
/// f is called for the first example, and what it did is done to all at once: elementwise operations, sums, means and other reductions,
/// softmax, views, joining, products of matrices, linear layers, convolutions with one weight for all, and with them gradients that f
/// itself takes by func::grad and its kind with create_graph. The last example is run once more by itself and compared. The examples run
/// one by one where f uses other operations, edits tensors in place, draws random numbers or branches on elements as the two examples
/// show; what on_loop is told. A branch that neither of them shows is not noticed. Throws unless all mapped axes have one length, and
/// what f throws.
XGRAD_API ListMap vmap(ListMap f, VmapOptions options = {});
XGRAD_API TensorMap vmap(TensorMap f, int64_t in_axis = 0, int64_t out_axis = 0);

}}}  // namespace torch::xgrad::func
