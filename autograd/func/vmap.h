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
  /// Told once per call and operation that had to run example by example.
  std::function<void(const std::string&)> on_loop;
};

/// The function that gives f's results for every example, with those along an axis: as if f were called for each and the results stacked.
XGRAD_API ListMap vmap(ListMap f, VmapOptions options = {});
XGRAD_API TensorMap vmap(TensorMap f, int64_t in_axis = 0, int64_t out_axis = 0);

}}}  // namespace torch::xgrad::func
