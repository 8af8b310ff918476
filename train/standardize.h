// Features with mean 0 and deviation 1.
#pragma once

#include <xgrad/autograd/tensor/tensor.h>

namespace torch { inline namespace xgrad {
namespace serialize {
class OutputArchive;
class InputArchive;
}  // namespace serialize

namespace train {

/// (x - mean) / scale for each feature, with the mean and the standard deviation (of n, not n - 1) of the examples it was fitted to: those for
/// training only, or what is measured on others comes out too good.
///
///     Standardize standardize(x.index_select(0, split.train));
///     net->forward(standardize.transform(x));
///
/// A constant feature has scale 1, as in scikit-learn's StandardScaler: constant is what deviates by no more than rounding explains. A feature
/// with a NaN has NaN for both.
class XGRAD_API Standardize {
 public:
  Standardize() = default;
  explicit Standardize(const Tensor& x) { fit(x); }

  /// x [n, features...] of any dtype, n >= 1; in float64.
  void fit(const Tensor& x);
  /// x [..., features...] in its own floating dtype, or the default one for integers. Differentiable. Throws before fit and for other features.
  Tensor transform(const Tensor& x) const;
  /// What transform() had been given, but for rounding.
  Tensor inverse_transform(const Tensor& x) const;

  /// float64 [features...]; undefined before fit.
  const Tensor& mean() const noexcept { return mean_; }
  const Tensor& scale() const noexcept { return scale_; }

  void save(serialize::OutputArchive& archive) const;
  void load(serialize::InputArchive& archive);

 private:
  /// x in a floating dtype, checked.
  Tensor checked(const char* name, const Tensor& x) const;

  Tensor mean_, scale_;
};

}  // namespace train
}}  // namespace torch::xgrad
