#include <xgrad/autograd/ops/pooling/separable.h>

#include <algorithm>

#include <xgrad/autograd/core/shape.h>
#include <xgrad/autograd/kernels/pooling/resampling.h>
#include <xgrad/autograd/ops/pooling/images.h>
#include <xgrad/autograd/tensor/allocate.h>
#include <xgrad/autograd/tensor/copy.h>
#include <xgrad/autograd/tensor/tensor_memory.h>

namespace torch { inline namespace xgrad {

AxisMap AxisMap::empty(int64_t in, int64_t out, int64_t taps, bool weighted) {
  const auto n = static_cast<size_t>(taps * out);
  return {in, out, taps, std::vector<int32_t>(n, static_cast<int32_t>(in)), std::vector<double>(weighted ? n : 0, 0.0), {}};
}

AxisMap AxisMap::transposed() const {
  std::vector<int64_t> count(static_cast<size_t>(in), 0);
  for (const int32_t s : source)
    if (s < in) ++count[static_cast<size_t>(s)];
  AxisMap t = empty(out, in, in > 0 ? std::max<int64_t>(*std::max_element(count.begin(), count.end()), 1) : 1, !weight.empty());
  t.divisor = divisor;
  std::fill(count.begin(), count.end(), 0);
  for (int64_t o = 0; o < out; ++o)
    for (int64_t k = 0; k < taps; ++k) {
      const auto at = static_cast<size_t>(k * out + o);
      const int64_t from = source[at];
      if (from == in) continue;
      const auto to = static_cast<size_t>(count[static_cast<size_t>(from)]++ * in + from);
      t.source[to] = static_cast<int32_t>(o);
      if (!weight.empty()) t.weight[to] = weight[at];
    }
  return t;
}

namespace {

template <class T> kernels::Constants<T> constants(const std::vector<T>& values) { return {values.data(), static_cast<int64_t>(values.size())}; }

}  // namespace

Tensor mapped_value(const Operation& operation, const Tensor& x, int axes, const SeparableMap& map) {
  Dims sizes;
  for (int i = 3 - axes; i < 3; ++i) sizes.push_back(map.axes[i].out);
  const Dims shape = with_last_sizes(x.sizes(), sizes);
  checked_numel(operation.name(), shape);
  const Tensor from = contiguous_as(x, x.dtype()), y = allocate_tensor(shape, x.dtype());
  if (y.numel() == 0) return y;
  kernels::Resampling r{planes_of(x, axes), {}, map.divides_input};
  for (int i = 0; i < 3; ++i) {
    const AxisMap& axis = map.axes[i];
    r.axes[i] = {axis.in, axis.out, axis.taps, constants(axis.source), constants(axis.weight), constants(axis.divisor)};
  }
  const auto run = [&](auto zero) {
    using T = decltype(zero);
    launch(operation, kernels::resample<T>, reads(from), writes(y), r, static_cast<const T*>(from.data_ptr()), static_cast<T*>(y.data_ptr()));
  };
  if (x.dtype() == kLong) run(uint64_t{});  // whole numbers wrap around
  else dispatch_floating(x.dtype(), operation.name(), run);
  return y;
}

Tensor map_back(const Operation& backward, const Tensor& gy, int axes, const SeparableMap& map) {
  const auto back = std::make_shared<const SeparableMap>(map.transposed());
  return record_mapped(backward, backward, With<>(), gy, axes, mapped_value(backward, gy, axes, *back), back);
}

}}  // namespace torch::xgrad
