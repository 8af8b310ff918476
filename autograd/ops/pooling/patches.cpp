#include <xgrad/autograd/ops/pooling/patches.h>

#include <algorithm>
#include <string>

#include <xgrad/autograd/core/shape.h>
#include <xgrad/autograd/graph/record.h>
#include <xgrad/autograd/kernels/pooling/patches.h>
#include <xgrad/autograd/ops/pooling/images.h>
#include <xgrad/autograd/tensor/allocate.h>
#include <xgrad/autograd/tensor/copy.h>
#include <xgrad/autograd/tensor/tensor_memory.h>

namespace torch { inline namespace xgrad {

// ---- columns

namespace {

// "(2, 3)"
std::string pair_text(const int64_t (&p)[2]) { return "(" + std::to_string(p[0]) + ", " + std::to_string(p[1]) + ")"; }

void set_pair(const Operation& operation, const char* name, IntArrayRef values, int64_t least, const char* must, int64_t (&to)[2]) {
  XGRAD_CHECK(values.size() == 2, operation, "It is expected ", name, " equals to 2, but got size ", values.size());
  XGRAD_CHECK(values[0] >= least && values[1] >= least, operation, must, ", but got ", name, " ", values);
  std::copy(values.begin(), values.end(), to);
}

kernels::Patches checked_patches(const Operation& operation, IntArrayRef kernel_size, IntArrayRef dilation, IntArrayRef padding, IntArrayRef stride) {
  kernels::Patches p{};
  set_pair(operation, "kernel_size", kernel_size, 1, "kernel size should be greater than zero", p.kernel);
  set_pair(operation, "dilation", dilation, 1, "dilation should be greater than zero", p.dilation);
  set_pair(operation, "padding", padding, 0, "padding should be non-negative", p.padding);
  set_pair(operation, "stride", stride, 1, "stride should be greater than zero", p.stride);
  return p;
}

void set_images(kernels::Patches& p, int64_t height, int64_t width) {
  p.in[0] = height;
  p.in[1] = width;
  for (int i = 0; i < 2; ++i) {
    const int64_t room = p.in[i] + 2 * p.padding[i] - p.dilation[i] * (p.kernel[i] - 1) - 1;
    p.out[i] = room < 0 ? 0 : room / p.stride[i] + 1;
  }
}

constexpr const Operation &kColumnsBackward = operation<"im2col_backward">, &kImageBackward = operation<"col2im_backward">;

// Images as columns, [planes / C, C * kernel, windows], or columns as images.
Tensor moved(const Operation& operation, const Tensor& x, const Dims& sizes, const kernels::Patches& p, bool to_columns) {
  const Tensor from = contiguous_as(x, x.dtype()), to = allocate_tensor(sizes, x.dtype());
  dispatch_floating(x.dtype(), operation.name(), [&](auto zero) {
    using T = decltype(zero);
    if (to.numel() > 0)
      launch(operation, to_columns ? kernels::take_patches<T> : kernels::add_patches<T>, reads(from), writes(to), p, from.data_ptr<T>(),
             to.data_ptr<T>());
  });
  return record(Forward(operation, to), wrt(x, [p, to_columns, sizes = Dims(x.sizes())](const Tensor& gy) {
                  return moved(to_columns ? kColumnsBackward : kImageBackward, gy, sizes, p, !to_columns);
                }));
}

}  // namespace

Tensor im2col(const Tensor& self, IntArrayRef kernel_size, IntArrayRef dilation, IntArrayRef padding, IntArrayRef stride) {
  const Operation& op = operation<"im2col">;
  kernels::Patches p = checked_patches(op, kernel_size, dilation, padding, stride);
  XGRAD_CHECK((self.dim() == 3 || self.dim() == 4) && self.size(-1) > 0 && self.size(-2) > 0 && self.size(-3) > 0, op,
              "Expected 3D or 4D (batch mode) tensor with possibly 0 batch size and other non-zero dimensions for input, but got: ", self.sizes());
  set_images(p, self.size(-2), self.size(-1));
  XGRAD_CHECK(p.out[0] > 0 && p.out[1] > 0, op, "Given input with spatial size ", pair_text(p.in), ", kernel_size=", pair_text(p.kernel),
              ", dilation=", pair_text(p.dilation), ", padding=", pair_text(p.padding), ", calculated shape of the array of sliding blocks as ",
              pair_text(p.out), ", but its components must be at least one.");
  p.planes = planes_of(self, 2);
  Dims sizes = self.sizes().slice(0, static_cast<size_t>(self.dim() - 3));
  sizes.push_back(self.size(-3) * p.kernel[0] * p.kernel[1]);
  sizes.push_back(p.out[0] * p.out[1]);
  return moved(op, self, sizes, p, true);
}

Tensor col2im(const Tensor& self, IntArrayRef output_size, IntArrayRef kernel_size, IntArrayRef dilation, IntArrayRef padding, IntArrayRef stride) {
  const Operation& op = operation<"col2im">;
  XGRAD_CHECK(output_size.size() == 2, op, "It is expected output_size equals to 2, but got size ", output_size.size());
  kernels::Patches p = checked_patches(op, kernel_size, dilation, padding, stride);
  XGRAD_CHECK(
      (self.dim() == 2 || self.dim() == 3) && self.size(-1) > 0 && self.size(-2) > 0, op,
      "Expected 2D or 3D (batch mode) tensor for input with possibly 0 batch size and non-zero dimensions for input, but got: ", self.sizes());
  const int64_t taps = p.kernel[0] * p.kernel[1];
  XGRAD_CHECK(self.size(-2) % taps == 0, op,
              "Expected size of input's dimension 1 to be divisible by the product of kernel_size, but got input.size(1)=", self.size(-2),
              " and kernel_size=", pair_text(p.kernel), ".");
  set_images(p, output_size[0], output_size[1]);
  XGRAD_CHECK(p.in[0] > 0 && p.in[1] > 0 && self.size(-1) == p.out[0] * p.out[1], op, "Given output_size=", pair_text(p.in),
              ", kernel_size=", pair_text(p.kernel), ", dilation=", pair_text(p.dilation), ", padding=", pair_text(p.padding),
              ", stride=", pair_text(p.stride), ", expected size of input's dimension 2 to match the calculated number of sliding blocks ", p.out[0],
              " * ", p.out[1], " = ", p.out[0] * p.out[1], ", but got input.size(2)=", self.size(-1), ".");
  Dims sizes = self.sizes().slice(0, static_cast<size_t>(self.dim() - 2));
  sizes.push_back(self.size(-2) / taps);
  p.planes = numel_of(sizes);
  for (const int64_t n : output_size) sizes.push_back(n);
  checked_numel(op.name(), sizes);
  return moved(op, self, sizes, p, false);
}

// ---- pixels of channels

namespace {

// [..., sizes before, from, ...] with the last axes taken apart, put into another order, and together again. No graph.
Tensor rearranged(const Tensor& x, const Dims& apart, std::initializer_list<int64_t> order, const Dims& together, int axes) {
  const int lead = apart.size() - static_cast<int>(order.size());
  Dims moved;
  for (int i = 0; i < lead; ++i) moved.push_back(i);
  for (const int64_t axis : order) moved.push_back(lead + axis);
  const Tensor from = untraced([&] { return x.detach().reshape(apart).permute(moved); }), y = allocate_tensor(together, x.dtype());
  copy_elements(untraced([&] { return y.view(from.sizes()); }), from);
  return with_channels_as(x, axes, y);
}

void check_shuffled(const Operation& operation, const Tensor& x, const char* name, int64_t factor) {
  XGRAD_CHECK(x.dim() >= 3, operation, "expects input to have at least 3 dimensions, but got input with ", x.dim(), " dimension(s)");
  XGRAD_CHECK(factor > 0, operation, "expects a positive ", name, ", but got ", factor);
}

}  // namespace

Tensor pixel_shuffle(const Tensor& self, int64_t upscale_factor) {
  const Operation& op = operation<"pixel_shuffle">;
  check_shuffled(op, self, "upscale_factor", upscale_factor);
  const int64_t r = upscale_factor, channels = self.size(-3), height = self.size(-2), width = self.size(-1);
  XGRAD_CHECK(channels % (r * r) == 0, op,
              "expects its input's 'channel' dimension to be divisible by the square of upscale_factor, but input.size(-3)=", channels,
              " is not divisible by ", r * r);
  Dims apart = self.sizes().slice(0, static_cast<size_t>(self.dim() - 3)), together = apart;
  for (const int64_t n : {channels / (r * r), r, r, height, width}) apart.push_back(n);
  for (const int64_t n : {channels / (r * r), height * r, width * r}) together.push_back(n);
  return record(Forward(op, rearranged(self, apart, {0, 3, 1, 4, 2}, together, 2)), with("upscale_factor", upscale_factor),
                wrt(self, [r](const Tensor& gy) { return pixel_unshuffle(gy, r); }));
}

Tensor pixel_unshuffle(const Tensor& self, int64_t downscale_factor) {
  const Operation& op = operation<"pixel_unshuffle">;
  check_shuffled(op, self, "downscale_factor", downscale_factor);
  const int64_t r = downscale_factor, channels = self.size(-3), height = self.size(-2), width = self.size(-1);
  XGRAD_CHECK(height % r == 0, op, "expects height to be divisible by downscale_factor, but input.size(-2)=", height, " is not divisible by ", r);
  XGRAD_CHECK(width % r == 0, op, "expects width to be divisible by downscale_factor, but input.size(-1)=", width, " is not divisible by ", r);
  Dims apart = self.sizes().slice(0, static_cast<size_t>(self.dim() - 3)), together = apart;
  for (const int64_t n : {channels, height / r, r, width / r, r}) apart.push_back(n);
  for (const int64_t n : {channels * r * r, height / r, width / r}) together.push_back(n);
  return record(Forward(op, rearranged(self, apart, {0, 2, 4, 1, 3}, together, 2)), with("downscale_factor", downscale_factor),
                wrt(self, [r](const Tensor& gy) { return pixel_shuffle(gy, r); }));
}

Tensor channel_shuffle(const Tensor& self, int64_t groups) {
  const Operation& op = operation<"channel_shuffle">;
  XGRAD_CHECK(self.dim() > 2, op, "channel_shuffle expects input with > 2 dims, but got input with sizes ", self.sizes());
  XGRAD_CHECK(groups > 0, op, "Number of groups to divide channels in must be positive. Value of groups:", groups);
  const int64_t channels = self.size(1);
  XGRAD_CHECK(channels % groups == 0, op, "Number of channels must be divisible by groups. Got ", channels, " channels and ", groups, " groups.");
  const Dims apart{self.size(0), groups, channels / groups, numel_of(self.sizes().slice(2))};
  return record(Forward(op, rearranged(self, apart, {0, 2, 1, 3}, self.sizes(), std::max(static_cast<int>(self.dim()) - 2, 2))),
                with("groups", groups),
                wrt(self, [back = std::max<int64_t>(channels / groups, 1)](const Tensor& gy) { return channel_shuffle(gy, back); }));
}

Tensor native_channel_shuffle(const Tensor& self, int64_t groups) { return channel_shuffle(self, groups); }

}}  // namespace torch::xgrad
