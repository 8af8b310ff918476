#include <xgrad/autograd/ops/pooling/windows.h>

namespace torch { inline namespace xgrad {

namespace {

Dims last_sizes(const Tensor& x, int axes) { return x.sizes().slice(static_cast<size_t>(x.dim() - axes)); }

Dims with_channels(const Tensor& x, const Dims& sizes) {
  Dims all = sizes;
  all.insert(0, x.size(-1 - sizes.size()));
  return all;
}

}  // namespace

WindowParameters checked_windows(const Operation& operation, const Tensor& x, int axes, IntArrayRef kernel, IntArrayRef stride, IntArrayRef padding,
                                 IntArrayRef dilation, bool ceil_mode) {
  WindowParameters w;
  w.kernel = for_each_axis(operation, "kernel_size", kernel, axes);
  w.stride = stride.empty() ? w.kernel : for_each_axis(operation, "stride", stride, axes);
  w.padding = for_each_axis(operation, "padding", padding, axes);
  w.dilation = for_each_axis(operation, "dilation", dilation, axes);
  check_images(operation, x, axes);
  w.in = w.out = last_sizes(x, axes);
  for (int i = 0; i < axes; ++i) {
    XGRAD_CHECK(w.stride[i] != 0, operation, "stride should not be zero, got ", w.stride);
    XGRAD_CHECK(w.kernel[i] > 0, operation, "kernel size should be greater than zero, but got ", w.kernel);
    XGRAD_CHECK(w.stride[i] > 0, operation, "stride should be greater than zero, but got ", w.stride);
    XGRAD_CHECK(w.dilation[i] > 0, operation, "dilation should be greater than zero, but got ", w.dilation);
    XGRAD_CHECK(w.padding[i] >= 0, operation, "pad must be non-negative, but got pad: ", w.padding[i]);
    XGRAD_CHECK(w.padding[i] <= w.kernel[i] / 2, operation, "pad should be at most half of kernel size, but got pad=", w.padding[i],
                " and kernel_size=", w.kernel[i]);
    const int64_t room = w.in[i] + 2 * w.padding[i] - w.dilation[i] * (w.kernel[i] - 1) - 1 + (ceil_mode ? w.stride[i] - 1 : 0);
    w.out[i] = (room < 0 ? -1 : room / w.stride[i]) + 1;
    if (ceil_mode && (w.out[i] - 1) * w.stride[i] >= w.in[i] + w.padding[i]) --w.out[i];
  }
  for (const int64_t n : w.out)
    XGRAD_CHECK(n >= 1, operation, "Given input size: ", product_text(with_channels(x, w.in)),
                ". Calculated output size: ", product_text(with_channels(x, w.out)), ". Output size is too small");
  return w;
}

int64_t adaptive_begin(int64_t o, int64_t in, int64_t out) { return o * in / out; }
int64_t adaptive_end(int64_t o, int64_t in, int64_t out) { return ((o + 1) * in + out - 1) / out; }

Dims checked_adaptive_windows(const Operation& operation, const Tensor& x, int axes, IntArrayRef output_size) {
  XGRAD_CHECK(x.dim() == axes + 1 || x.dim() == axes + 2, operation, "Expected ", axes + 1, "D or ", axes + 2, "D tensor, but got ", x.sizes());
  for (int64_t i = x.dim() - axes; i < x.dim(); ++i)
    XGRAD_CHECK(x.size(i) > 0, operation, "Expected input to have non-zero size for non-batch dimensions, but input has sizes ", x.sizes(),
                " with dimension ", i, " being empty");
  XGRAD_CHECK(output_size.size() == static_cast<size_t>(axes), operation, "output_size must be ", axes, ", but got ", output_size);
  for (const int64_t n : output_size)
    XGRAD_CHECK(n >= 0, operation, "elements of output_size must be greater than or equal to 0 but received ", output_size);
  return last_sizes(x, axes);
}

}}  // namespace torch::xgrad
