#include <xgrad/data/transforms/image.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include <xgrad/autograd/ops/pointwise/arithmetic.h>
#include <xgrad/autograd/tensor/allocate.h>
#include <xgrad/autograd/tensor/copy.h>

namespace torch { inline namespace xgrad { namespace data::transforms {

Tensor shifted(const Tensor& image, int64_t down, int64_t right, const Scalar& fill) {
  XGRAD_CHECK(image.dim() >= 2, "[shifted] expected an image [..., height, width], got shape ", image.sizes());
  const Tensor from = contiguous_as(image.detach(), image.dtype());
  Tensor to = allocate_tensor(image.sizes(), image.dtype());
  const int64_t height = image.size(-2), width = image.size(-1);
  const int64_t planes = height == 0 || width == 0 ? 0 : image.numel() / (height * width);
  const int64_t d = std::clamp(down, -height, height), r = std::clamp(right, -width, width);
  xgrad::dispatch_all(image.dtype(), "shifted", [&](auto zero) {
    using T = decltype(zero);
    const T* source = static_cast<const T*>(from.data_ptr());
    T* target = static_cast<T*>(to.data_ptr());
    std::fill_n(target, to.numel(), fill.to<T>());
    for (int64_t p = 0; p < planes; ++p, source += height * width, target += height * width)
      for (int64_t y = std::max<int64_t>(d, 0); y < height + std::min<int64_t>(d, 0); ++y)
        std::copy_n(source + (y - d) * width + std::max<int64_t>(-r, 0), width - std::abs(r), target + y * width + std::max<int64_t>(r, 0));
  });
  return to;
}

Tensor mirrored(const Tensor& image) {
  XGRAD_CHECK(image.dim() >= 1, "[mirrored] expected an image [..., width], got a 0-dim tensor");
  const Tensor from = contiguous_as(image.detach(), image.dtype());
  Tensor to = allocate_tensor(image.sizes(), image.dtype());
  const int64_t width = image.size(-1), rows = width == 0 ? 0 : image.numel() / width;
  xgrad::dispatch_all(image.dtype(), "mirrored", [&](auto zero) {
    using T = decltype(zero);
    for (int64_t y = 0; y < rows; ++y) {
      const T* row = static_cast<const T*>(from.data_ptr()) + y * width;
      std::reverse_copy(row, row + width, static_cast<T*>(to.data_ptr()) + y * width);
    }
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
void check_probability(double p) {
  XGRAD_CHECK_AS(ValueError, p >= 0 && p <= 1, "[RandomHorizontalFlip] p must be in [0, 1], got ", p);
}
void check_stddev(double stddev) {
  XGRAD_CHECK_AS(ValueError, stddev >= 0 && std::isfinite(stddev), "[GaussianNoise] stddev must be at least 0, got ", stddev);
}

}  // namespace detail

}}}  // namespace torch::xgrad::data::transforms
