#include <xgrad/autograd/ops/pooling/images.h>

#include <xgrad/autograd/core/shape.h>
#include <xgrad/autograd/tensor/copy.h>
#include <xgrad/autograd/tensor/memory_order.h>

namespace torch { inline namespace xgrad {

Dims with_last_sizes(IntArrayRef sizes, IntArrayRef last) {
  Dims all = sizes;
  std::copy(last.begin(), last.end(), all.end() - last.size());
  return all;
}

int64_t planes_of(const Tensor& x, int axes) { return numel_of(x.sizes().slice(0, static_cast<size_t>(x.dim() - axes))); }

Dims for_each_axis(const Operation& operation, const char* name, IntArrayRef values, int axes) {
  if (values.size() == 1) return Dims(axes, values[0]);
  const char* const expected[] = {" must be an int, list of ints or tuple of ints of size 1", " must either be a single int, or a tuple of two ints",
                                  " must either be a single int, or a tuple of three ints"};
  XGRAD_CHECK(values.size() == static_cast<size_t>(axes), operation, name, expected[axes - 1], ", but got ", values);
  return values;
}

void check_images(const Operation& operation, const Tensor& x, int axes) {
  bool good = x.dim() == axes + 1 || x.dim() == axes + 2;
  for (int64_t i = x.dim() - axes - 1; good && i < x.dim(); ++i) good = x.size(i) > 0;
  XGRAD_CHECK(good, operation, "Expected ", axes + 1, "D or ", axes + 2,
              "D (batch mode) tensor with optional 0 dim batch size for input, but got:", x.sizes());
}

namespace {

// PyTorch's test: the strides grow from the channels by the last axes to the batch.
bool has_channels_innermost(const Tensor& x) {
  if (x.stride(1) == 0) return false;
  int64_t least = 0;
  const auto follows = [&](int64_t axis) {
    if (x.size(axis) == 0 || x.stride(axis) < least || (axis == 0 && least == x.stride(1))) return false;
    least = x.stride(axis) * std::max<int64_t>(x.size(axis), 1);
    return true;
  };
  if (!follows(1)) return false;
  for (int64_t axis = x.dim() - 1; axis > 1; --axis)
    if (!follows(axis)) return false;
  return follows(0);
}

}  // namespace

Tensor with_channels_as(const Tensor& x, int axes, const Tensor& y) {
  if (x.dim() != axes + 2 || !has_channels_innermost(x)) return y;
  Dims strides(static_cast<int>(y.dim()), 0);
  int64_t step = 1;
  const auto place = [&](int axis) {
    strides[axis] = step;
    step *= std::max<int64_t>(y.size(axis), 1);
  };
  place(1);
  for (int axis = static_cast<int>(y.dim()) - 1; axis > 1; --axis) place(axis);
  place(0);
  const Tensor ordered = allocate_with_strides(y.sizes(), strides, y.dtype());
  copy_elements(ordered, y);
  return ordered;
}

std::string product_text(IntArrayRef sizes) {
  std::string text = "(";
  for (const int64_t n : sizes) text += (text.size() > 1 ? "x" : "") + std::to_string(n);
  return text + ")";
}

}}  // namespace torch::xgrad
