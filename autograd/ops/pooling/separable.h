// Linear maps of images that work along one axis after the other, such as averages of windows, interpolation and reflection at the edges. The
// transpose of one is another: each is the other's derivative.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include <xgrad/autograd/graph/record.h>
#include <xgrad/autograd/ops/pointwise/zero_slope.h>

namespace torch { inline namespace xgrad {

/// As kernels::AxisTaps, with memory of its own. At first the map of one position to itself.
struct AxisMap {
  int64_t in = 1, out = 1, taps = 1;
  std::vector<int32_t> source = {0};
  std::vector<double> weight, divisor;

  /// Nothing from nowhere, for `taps` to be filled in.
  static AxisMap empty(int64_t in, int64_t out, int64_t taps, bool weighted);
  /// Position o is position source(o) of the input.
  template <class F> static AxisMap picking(int64_t in, int64_t out, F source) {
    AxisMap map = empty(in, out, 1, false);
    for (int64_t o = 0; o < out; ++o) map.source[static_cast<size_t>(o)] = static_cast<int32_t>(source(o));
    return map;
  }
  void set(int64_t o, int64_t tap, int64_t from, double w) {
    source[static_cast<size_t>(tap * out + o)] = static_cast<int32_t>(from);
    weight[static_cast<size_t>(tap * out + o)] = w;
  }
  AxisMap transposed() const;
};

struct SeparableMap {
  AxisMap axes[3];  ///< the last ones are the images'
  bool divides_input = false;
  SeparableMap transposed() const { return {{axes[0].transposed(), axes[1].transposed(), axes[2].transposed()}, !divides_input}; }
};
using SharedMap = std::shared_ptr<const SeparableMap>;

/// What the last `axes` axes of x, of a dtype that the kernel has, are mapped to. No graph.
Tensor mapped_value(const Operation& operation, const Tensor& x, int axes, const SeparableMap& map);
/// The gradient of what `map` gave.
Tensor map_back(const Operation& backward, const Tensor& gy, int axes, const SeparableMap& map);

/// `value`, with its derivative, which is called `backward`.
template <class... A>
Tensor record_mapped(const Operation& operation, const Operation& backward, const With<A...>& attributes, const Tensor& x, int axes, Tensor value,
                     const SharedMap& map) {
  return record(Forward(operation, std::move(value)), attributes,
                wrt(x, [map, axes, &backward](const Tensor& gy) { return map_back(backward, gy, axes, *map); }));
}
/// The same, whose derivative is part of the graph of x too.
template <class... A>
Tensor record_mapped_in_steps(const Operation& operation, const Operation& backward, const With<A...>& attributes, const Tensor& x, int axes,
                              Tensor value, const SharedMap& map) {
  return record(Forward(operation, std::move(value)), attributes, wrt(x, [x = save(x), map, axes, &backward](const Tensor& gy) {
                  return in_steps_of(backward, x, map_back(backward, gy, axes, *map));
                }));
}

}}  // namespace torch::xgrad
