#include <algorithm>
#include <memory>

#include <xgrad/autograd/core/shape.h>
#include <xgrad/autograd/ops/creation/creation.h>
#include <xgrad/autograd/ops/pooling/pooling.h>
#include <xgrad/autograd/ops/pooling/separable.h>
#include <xgrad/autograd/ops/pooling/windows.h>
#include <xgrad/autograd/tensor/tensor_memory.h>

namespace torch { inline namespace xgrad {

namespace {

struct Window {
  int64_t begin, end;
  double divisor;
};

// The sums of windows, over their divisors.
template <class F> AxisMap sums(int64_t in, int64_t out, int64_t most, F window) {
  AxisMap map = AxisMap::empty(in, out, most, false);
  map.divisor.resize(static_cast<size_t>(out));
  for (int64_t o = 0; o < out; ++o) {
    const Window w = window(o);
    for (int64_t i = w.begin; i < w.end; ++i) map.source[static_cast<size_t>((i - w.begin) * out + o)] = static_cast<int32_t>(i);
    map.divisor[static_cast<size_t>(o)] = w.divisor;
  }
  return map;
}

// Of int64: sums, divided by the same rounded towards 0.
Tensor whole_averages(const Operation& operation, const Tensor& x, int axes, const SeparableMap& map) {
  SeparableMap sum = map;
  Tensor divisor = ones(IntArrayRef(), kLong);
  for (int i = 3 - axes; i < 3; ++i) {
    sum.axes[i].divisor.clear();
    const Tensor along = empty({map.axes[i].out}, kLong);
    std::copy(map.axes[i].divisor.begin(), map.axes[i].divisor.end(), along.data_ptr<int64_t>());
    launch_as_written(operation, along);
    divisor = divisor.unsqueeze(-1) * along;
  }
  const Tensor y = mapped_value(operation, x, axes, sum).div(divisor, "trunc");
  return axes <= 2 ? with_channels_as(x, axes, y) : y;
}

Tensor avg_pool(const Operation& operation, const Operation& backward, const Tensor& x, int axes, IntArrayRef kernel, IntArrayRef stride,
                IntArrayRef padding, bool ceil_mode, bool count_include_pad, std::optional<int64_t> divisor_override) {
  XGRAD_CHECK(!divisor_override || *divisor_override != 0, operation, "divisor must be not zero, got divisor_override ",
              divisor_override.value_or(0));
  const WindowParameters w = checked_windows(operation, x, axes, kernel, stride, padding, 1, ceil_mode);
  auto map = std::make_shared<SeparableMap>();
  for (int i = 0; i < axes; ++i)
    map->axes[3 - axes + i] = sums(w.in[i], w.out[i], std::min(w.kernel[i], w.in[i]), [&](int64_t o) {
      const int64_t start = o * w.stride[i] - w.padding[i], stop = std::min(start + w.kernel[i], w.in[i] + w.padding[i]);
      const int64_t begin = std::max<int64_t>(start, 0), end = std::max(std::min(stop, w.in[i]), begin);
      if (divisor_override) return Window{begin, end, i == 0 ? static_cast<double>(*divisor_override) : 1};
      // A window of padding alone is 0 by any divisor.
      return Window{begin, end, static_cast<double>(std::max<int64_t>(count_include_pad ? stop - start : end - begin, 1))};
    });
  const auto attributes = with("kernel_size", w.kernel, "stride", w.stride, "padding", w.padding, "ceil_mode", ceil_mode, "count_include_pad",
                               count_include_pad, "divisor_override", divisor_override);
  if (x.dtype() == kLong)
    return not_differentiable(Forward(operation, untraced([&] { return whole_averages(operation, x.detach(), axes, *map); })), attributes, x);
  Tensor y = mapped_value(operation, x, axes, *map);
  if (axes <= 2) y = with_channels_as(x, axes, y);
  return record_mapped_in_steps(operation, backward, attributes, x, axes, std::move(y), map);
}

Tensor adaptive_avg_pool(const Operation& operation, const Operation& backward, const Tensor& x, int axes, IntArrayRef output_size) {
  // One average of each image is its mean in PyTorch, which is NaN where there is nothing.
  if (x.numel() == 0 && x.dim() > axes && output_size == Dims(axes, 1)) {
    Dims last;
    for (int i = axes; i > 0; --i) last.push_back(-i);
    return x.mean(OptionalIntArrayRef(last), true);
  }
  const Dims in = checked_adaptive_windows(operation, x, axes, output_size), out = output_size;
  if (planes_of(x, axes) * numel_of(out) > 0) dispatch_floating(x.dtype(), operation.name(), [](auto) {});
  auto map = std::make_shared<SeparableMap>();
  bool one_each = true;
  for (int i = 0; i < axes; ++i) {
    const int64_t most = out[i] > 0 ? std::min(in[i] / out[i] + 2, in[i]) : 1;
    map->axes[3 - axes + i] = sums(in[i], out[i], most, [&](int64_t o) {
      const int64_t begin = adaptive_begin(o, in[i], out[i]), end = adaptive_end(o, in[i], out[i]);
      return Window{begin, end, static_cast<double>(end - begin)};
    });
    one_each = one_each && out[i] == 1;
  }
  Tensor y = mapped_value(operation, x, axes, *map);
  if (axes <= 2 && !one_each) y = with_channels_as(x, axes, y);
  return record_mapped_in_steps(operation, backward, with("output_size", output_size), x, axes, std::move(y), map);
}

}  // namespace

Tensor avg_pool1d(const Tensor& self, IntArrayRef kernel_size, IntArrayRef stride, IntArrayRef padding, bool ceil_mode, bool count_include_pad) {
  return avg_pool(operation<"avg_pool1d">, operation<"avg_pool1d_backward">, self, 1, kernel_size, stride, padding, ceil_mode, count_include_pad, {});
}

#define XGRAD_AVG_POOL(axes)                                                                                                                        \
  Tensor avg_pool##axes##d(const Tensor& self, IntArrayRef kernel_size, IntArrayRef stride, IntArrayRef padding, bool ceil_mode,                    \
                           bool count_include_pad, std::optional<int64_t> divisor_override) {                                                       \
    return avg_pool(operation<"avg_pool" #axes "d">, operation<"avg_pool" #axes "d_backward">, self, axes, kernel_size, stride, padding, ceil_mode, \
                    count_include_pad, divisor_override);                                                                                           \
  }
XGRAD_AVG_POOL(2)
XGRAD_AVG_POOL(3)
#undef XGRAD_AVG_POOL

#define XGRAD_ADAPTIVE_AVG_POOL(axes)                                                                                                               \
  Tensor adaptive_avg_pool##axes##d(const Tensor& self, IntArrayRef output_size) {                                                                  \
    return adaptive_avg_pool(operation<"adaptive_avg_pool" #axes "d">, operation<"adaptive_avg_pool" #axes "d_backward">, self, axes, output_size); \
  }
XGRAD_ADAPTIVE_AVG_POOL(1)
XGRAD_ADAPTIVE_AVG_POOL(2)
XGRAD_ADAPTIVE_AVG_POOL(3)
#undef XGRAD_ADAPTIVE_AVG_POOL

}}  // namespace torch::xgrad
