#include <xgrad/data/transforms/image.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include <xgrad/autograd/ops/pointwise/arithmetic.h>
#include <xgrad/autograd/tensor/allocate.h>
#include <xgrad/autograd/tensor/copy.h>
#include <xgrad/autograd/tensor/tensor_memory.h>

namespace torch { inline namespace xgrad { namespace data::transforms {

namespace {

// `planes` images of height x width, what is moved in from outside being `fill`.
template <class T> void shift(int64_t planes, int64_t height, int64_t width, int64_t down, int64_t right, T fill, const T* source, T* target) {
  std::fill_n(target, planes * height * width, fill);
  const int64_t from = std::max<int64_t>(-right, 0), to = std::max<int64_t>(right, 0), n = width - std::abs(right);
  for (int64_t p = 0; p < planes; ++p, source += height * width, target += height * width)
    for (int64_t y = std::max<int64_t>(down, 0); y < height + std::min<int64_t>(down, 0); ++y)
      std::copy_n(source + (y - down) * width + from, n, target + y * width + to);
}

template <class T> void mirror(int64_t rows, int64_t width, const T* source, T* target) {
  for (int64_t y = 0; y < rows; ++y, source += width, target += width) std::reverse_copy(source, source + width, target);
}

}  // namespace

Tensor shifted(const Tensor& image, int64_t down, int64_t right, const Scalar& fill) {
  const Operation& op = operation<"shifted">;
  XGRAD_CHECK(image.dim() >= 2, op, "expected an image [..., height, width], got shape ", image.sizes());
  const Tensor from = contiguous_as(image.detach(), image.dtype());
  Tensor to = allocate_tensor(image.sizes(), image.dtype());
  const int64_t height = image.size(-2), width = image.size(-1);
  const int64_t planes = height == 0 || width == 0 ? 0 : image.numel() / (height * width);
  const int64_t d = std::clamp(down, -height, height), r = std::clamp(right, -width, width);
  xgrad::dispatch_all(image.dtype(), op.name(), [&](auto zero) {
    using T = decltype(zero);
    launch(op, shift<T>, reads(from), writes(to), planes, height, width, d, r, fill.to<T>(), from.data_ptr<T>(), to.data_ptr<T>());
  });
  return to;
}

Tensor mirrored(const Tensor& image) {
  const Operation& op = operation<"mirrored">;
  XGRAD_CHECK(image.dim() >= 1, op, "expected an image [..., width], got a 0-dim tensor");
  const Tensor from = contiguous_as(image.detach(), image.dtype());
  Tensor to = allocate_tensor(image.sizes(), image.dtype());
  const int64_t width = image.size(-1), rows = width == 0 ? 0 : image.numel() / width;
  xgrad::dispatch_all(image.dtype(), op.name(), [&](auto zero) {
    using T = decltype(zero);
    launch(op, mirror<T>, reads(from), writes(to), rows, width, from.data_ptr<T>(), to.data_ptr<T>());
  });
  return to;
}

namespace detail {

namespace {

int64_t uniform_integer(int64_t low, int64_t high, GeneratorImpl& g) {
  return low + static_cast<int64_t>(g.random64() % static_cast<uint64_t>(high - low + 1));
}

}  // namespace

Tensor randomly_shifted(const Tensor& image, int64_t pixels, const Scalar& fill, const Generator& generator) {
  const int64_t down = uniform_integer(-pixels, pixels, generator.impl()), right = uniform_integer(-pixels, pixels, generator.impl());
  return shifted(image, down, right, fill);
}

Tensor randomly_mirrored(const Tensor& image, double p, const Generator& generator) {
  const double draw = static_cast<double>(generator.impl().random64() >> 11) * 0x1p-53;
  return draw < p ? mirrored(image) : image;
}

Tensor with_noise(const Tensor& image, double stddev, const Generator& generator) {
  const Tensor noise = allocate_tensor(image.sizes(), image.dtype()).normal_(0, stddev, generator);
  return add(image.detach(), noise);
}

void check_shift(int64_t pixels) {
  XGRAD_CHECK_AS(ValueError, pixels >= 0 && pixels <= std::numeric_limits<int32_t>::max(), "[RandomShift] pixels must be at least 0, got ", pixels);
}
void check_probability(double p) { XGRAD_CHECK_AS(ValueError, p >= 0 && p <= 1, "[RandomHorizontalFlip] p must be in [0, 1], got ", p); }
void check_stddev(double stddev) {
  XGRAD_CHECK_AS(ValueError, stddev >= 0 && std::isfinite(stddev), "[GaussianNoise] stddev must be at least 0, got ", stddev);
}

}  // namespace detail

}}}  // namespace torch::xgrad::data::transforms
