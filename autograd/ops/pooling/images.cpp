#include <xgrad/autograd/ops/pooling/images.h>

#include <xgrad/autograd/core/shape.h>
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

Tensor with_channels_as(const Tensor& x, int axes, const Tensor& y) {
  return x.dim() == axes + 2 && has_channels_innermost(x) ? with_channels_innermost(y) : y;
}

std::string product_text(IntArrayRef sizes) {
  std::string text = "(";
  for (const int64_t n : sizes) text += (text.size() > 1 ? "x" : "") + std::to_string(n);
  return text + ")";
}

}}  // namespace torch::xgrad
