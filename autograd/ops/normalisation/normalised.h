// Normalisation with its derivatives, whatever the mean and the variance are taken of.
#pragma once

#include <array>

#include <xgrad/autograd/graph/record.h>

namespace torch { inline namespace xgrad {

/// What is taken together, the input being seen as [samples, groups, channels, inner]: every channel over samples and inner (`across`; groups
/// are then the channels, of one each), or every group of every sample. Weights are [groups, channels].
struct Normalisation {
  const Operation* operation;
  bool across;
  int64_t samples, groups, channels, inner;
  Dims weight_shape{};  ///< of weight and bias, which have groups * channels elements
  bool fixed = false;   ///< the moments don't depend on the input
  Tensor moments{};     ///< float64 [2, statistics]: means, and reciprocals of the roots of variance + eps

  int64_t statistics() const { return across ? groups : samples * groups; }
  int64_t taken_together() const { return across ? samples * inner : channels * inner; }
  Dims shape() const { return {samples, groups, channels, inner}; }
};

/// What running statistics a batch's go into; undefined ones don't exist.
struct RunningStatistics {
  Tensor mean, variance;
  double momentum = 0;
};

/// The normalised input, without a graph. Fills n.moments, unless they are fixed.
Tensor normalised_value(Normalisation& n, const Tensor& input, const Tensor& weight, const Tensor& bias, double eps,
                        const RunningStatistics& running = {});

/// `value`, or its elements with the axes in memory in the order 0, 2, 3, 1 where `input` lies so, as PyTorch gives them.
Tensor in_channel_order_of(const Tensor& input, const Tensor& value);

/// Makes n.moments of running statistics.
void fix_moments(Normalisation& n, const RunningStatistics& running, double eps);

/// The gradients of input, weight and bias for gy; those not wanted are undefined. An operation of gy, input and weight.
std::array<Tensor, 3> normalisation_backward(const Normalisation& n, const Tensor& gy, const Tensor& input, const Tensor& weight,
                                             std::array<bool, 3> wanted);

/// The value with its derivatives. `others`: given().
template <class... T, class... W>
Tensor record_normalised(const Normalisation& n, Tensor value, const With<T...>& attributes, const Tensor& input, const Tensor& weight,
                         const Tensor& bias, W... others) {
  return record(Forward(*n.operation, std::move(value)), attributes,
                wrt_all({input, weight, bias},
                        [x = save(input), w = save(weight), n](Gradients& g) {
                          const auto gradients = normalisation_backward(n, g.gy(), x, w, {g.needs(0), g.needs(1), g.needs(2)});
                          for (int i = 0; i < 3; ++i)
                            if (g.needs(i)) g.gx(i) = gradients[static_cast<size_t>(i)];
                        }),
                others...);
}

}}  // namespace torch::xgrad
