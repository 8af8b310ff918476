#include <xgrad/autograd/ops/reduction/along_axis.h>

#include <xgrad/autograd/core/shape.h>
#include <xgrad/autograd/ops/creation/creation.h>
#include <xgrad/autograd/ops/index/gathering.h>

namespace torch { inline namespace xgrad {

kernels::AxisLayout layout_along(const Tensor& t, int64_t axis) {
  if (t.dim() == 0) return {1, 1, 1};
  const auto a = static_cast<size_t>(axis);
  return {numel_of(t.sizes().slice(0, a)), t.size(axis), numel_of(t.sizes().slice(a + 1))};
}

Tensor as_dtype(const Tensor& t, std::optional<ScalarType> dtype) { return dtype && *dtype != t.dtype() ? t.to(*dtype) : t; }

Tensor put_back(const Tensor& gy, IntArrayRef sizes, int64_t axis, bool keepdim, const Tensor& at) {
  if (sizes.empty()) return gy.clone();  // in memory of its own, as in PyTorch: callers edit it
  const Tensor zero = zeros(sizes, gy.options());
  return keepdim ? zero.scatter(axis, at, gy) : zero.scatter(axis, at.unsqueeze(axis), gy.unsqueeze(axis));
}

}}  // namespace torch::xgrad
