// Transforms of an example's data.
#pragma once

#include <functional>
#include <utility>

#include <xgrad/autograd/tensor/tensor.h>
#include <xgrad/data/example.h>
#include <xgrad/data/transforms/base.h>

namespace torch { inline namespace xgrad { namespace data::transforms {

/// Changes the data of each example and leaves its target; derive and define operator().
template <class Target = Tensor> class TensorTransform : public Transform<Example<Tensor, Target>, Example<Tensor, Target>> {
 public:
  using E = Example<Tensor, Target>;
  virtual Tensor operator()(Tensor input) = 0;
  E apply(E input) override {
    input.data = (*this)(std::move(input.data));
    return input;
  }
};

/// Applies a function to the data of each example.
template <class Target = Tensor> class TensorLambda : public TensorTransform<Target> {
 public:
  using FunctionType = std::function<Tensor(Tensor)>;
  explicit TensorLambda(FunctionType function) : function_(std::move(function)) {}
  Tensor operator()(Tensor input) override { return function_(std::move(input)); }

 private:
  FunctionType function_;
};

namespace detail {
/// One number per channel as float32 [channels, 1, 1].
XGRAD_API Tensor per_channel(ArrayRef<double> values);
}  // namespace detail

/// (input - mean) / stddev for images [channels, height, width], one mean and deviation per channel or one for all.
template <class Target = Tensor> struct Normalize : public TensorTransform<Target> {
  Normalize(ArrayRef<double> means, ArrayRef<double> deviations) : mean(detail::per_channel(means)), stddev(detail::per_channel(deviations)) {}
  Tensor operator()(Tensor input) override { return input.sub(mean).div(stddev); }

  Tensor mean, stddev;
};

}}}  // namespace torch::xgrad::data::transforms
