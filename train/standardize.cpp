#include <xgrad/train/standardize.h>

#include <limits>

#include <xgrad/autograd/core/grad_mode.h>
#include <xgrad/autograd/ops/ops.h>
#include <xgrad/autograd/tensor/operators.h>
#include <xgrad/io/archive.h>

namespace torch { inline namespace xgrad { namespace train {

void Standardize::fit(const Tensor& x) {
  XGRAD_CHECK(x.defined() && x.dim() >= 1 && x.size(0) >= 1, "[Standardize] there must be examples along the first axis, got ", x);
  NoGradGuard no_grad;
  const Tensor values = x.to(kDouble);
  // Of differences to the first example, which are small where deviations are.
  const Tensor first = values[0], from_first = values - first;
  const Tensor offset = from_first.mean(0), mean = first + offset;
  const Tensor variance = (from_first - offset).square().mean(0);
  // What summing n numbers may lose: scikit-learn's bound.
  constexpr double kEps = std::numeric_limits<double>::epsilon();
  const double n = static_cast<double>(x.size(0));
  const Tensor constant = variance <= n * kEps * variance + (n * kEps * mean).square();
  scale_ = variance.sqrt().masked_fill(constant, 1);
  mean_ = mean;
}

Tensor Standardize::checked(const char* name, const Tensor& x) const {
  XGRAD_CHECK(mean_.defined(), "[", name, "] Standardize must be fitted first");
  XGRAD_CHECK(x.defined() && x.dim() >= mean_.dim() && x.sizes().slice(x.sizes().size() - mean_.sizes().size()) == mean_.sizes(), "[", name,
              "] x must end in the fitted features, ", mean_.sizes(), ", got ", x);
  return x.is_floating_point() ? x : x.to(get_default_dtype());
}

Tensor Standardize::transform(const Tensor& x) const {
  const Tensor y = checked("transform", x);
  return (y - mean_.to(y.dtype())) / scale_.to(y.dtype());
}

Tensor Standardize::inverse_transform(const Tensor& x) const {
  const Tensor y = checked("inverse_transform", x);
  return y * scale_.to(y.dtype()) + mean_.to(y.dtype());
}

void Standardize::save(serialize::OutputArchive& archive) const {
  archive.write("mean", mean_, /*is_buffer=*/true);
  archive.write("scale", scale_, /*is_buffer=*/true);
}

void Standardize::load(serialize::InputArchive& archive) {
  Tensor mean, scale;
  archive.read("mean", mean, /*is_buffer=*/true);
  archive.read("scale", scale, /*is_buffer=*/true);
  XGRAD_CHECK(mean.defined() == scale.defined(), "[load] Standardize has a mean or a scale alone");
  if (mean.defined())
    XGRAD_CHECK(mean.sizes() == scale.sizes() && mean.dtype() == kDouble && scale.dtype() == kDouble,
                "[load] mean and scale must be float64 of the same shape, got ", mean, " and ", scale);
  mean_ = mean;
  scale_ = scale;
}

}}}  // namespace torch::xgrad::train
