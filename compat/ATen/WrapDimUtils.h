// Axes and shapes, as operations of one's own check them.
#pragma once

#include <algorithm>
#include <cstdint>
#include <tuple>
#include <vector>

#include <torch/namespaces.h>
#include <xgrad/autograd/core/shape.h>
#include <xgrad/autograd/ops/ops.h>

namespace torch { inline namespace xgrad {

/// An axis counted from the front, of `ndim` axes; throws IndexError for one that is not there.
inline int64_t maybe_wrap_dim(int64_t axis, int64_t ndim) { return wrap_axis("maybe_wrap_dim", axis, ndim); }
inline void maybe_wrap_dims(std::vector<int64_t>& axes, int64_t ndim) {
  std::vector<int64_t> wrapped = axes;
  for (int64_t& axis : wrapped) axis = maybe_wrap_dim(axis, ndim);
  axes = wrapped;
}

/// The shape that both broadcast to.
inline std::vector<int64_t> infer_size(IntArrayRef a, IntArrayRef b) { return IntArrayRef(broadcast_shapes("infer_size", a, b)).vec(); }

}}  // namespace torch::xgrad
