// Options of losses. `reduction` says how the elements' losses become the result: kNone (as they are), kMean or kSum.
#pragma once

#include <cstdint>
#include <type_traits>
#include <variant>

#include <xgrad/autograd/tensor/tensor.h>
#include <xgrad/nn/arg.h>
#include <xgrad/nn/enum.h>

namespace torch { inline namespace xgrad { namespace nn {

/// The constructor of options that a reduction alone stands for, as in `l1_loss(x, y, torch::kSum)`.
#define XGRAD_REDUCTION_CONSTRUCTOR(Options)                                                      \
  Options() = default;                                                                            \
  template <class R, class = std::enable_if_t<std::is_constructible_v<reduction_t, const R&>>>    \
  Options(const R& reduction) : reduction_(reduction) {}

struct MSELossOptions {
  using reduction_t = enumtype::reduction_t;
  XGRAD_REDUCTION_CONSTRUCTOR(MSELossOptions)
  XGRAD_ARG(reduction_t, reduction) = kMean;
};
struct L1LossOptions {
  using reduction_t = enumtype::reduction_t;
  XGRAD_REDUCTION_CONSTRUCTOR(L1LossOptions)
  XGRAD_ARG(reduction_t, reduction) = kMean;
};
/// beta: the distance from which on the loss is linear.
struct SmoothL1LossOptions {
  using reduction_t = enumtype::reduction_t;
  XGRAD_REDUCTION_CONSTRUCTOR(SmoothL1LossOptions)
  XGRAD_ARG(reduction_t, reduction) = kMean;
  XGRAD_ARG(double, beta) = 1.0;
};
/// delta: the distance from which on the loss is linear.
struct HuberLossOptions {
  using reduction_t = enumtype::reduction_t;
  XGRAD_REDUCTION_CONSTRUCTOR(HuberLossOptions)
  XGRAD_ARG(reduction_t, reduction) = kMean;
  XGRAD_ARG(double, delta) = 1.0;
};
/// kBatchMean divides the sum by the size of axis 0. log_target: the target holds logarithms.
struct KLDivLossOptions {
  using reduction_t = std::variant<enumtype::kNone, enumtype::kBatchMean, enumtype::kSum, enumtype::kMean>;
  XGRAD_REDUCTION_CONSTRUCTOR(KLDivLossOptions)
  XGRAD_ARG(reduction_t, reduction) = kMean;
  XGRAD_ARG(bool, log_target) = false;
};
/// weight: of each class. ignore_index: the class label whose elements count for nothing.
struct NLLLossOptions {
  using reduction_t = enumtype::reduction_t;
  XGRAD_ARG(Tensor, weight) = {};
  XGRAD_ARG(int64_t, ignore_index) = -100;
  XGRAD_ARG(reduction_t, reduction) = kMean;
};
/// The same; label_smoothing: the part of each target that is spread over all classes.
struct CrossEntropyLossOptions {
  using reduction_t = enumtype::reduction_t;
  XGRAD_ARG(Tensor, weight) = {};
  XGRAD_ARG(int64_t, ignore_index) = -100;
  XGRAD_ARG(reduction_t, reduction) = kMean;
  XGRAD_ARG(double, label_smoothing) = 0.0;
};
/// weight: of each element; broadcasts to the target.
struct BCELossOptions {
  using reduction_t = enumtype::reduction_t;
  XGRAD_ARG(Tensor, weight) = {};
  XGRAD_ARG(reduction_t, reduction) = kMean;
};
/// The same; pos_weight: of the positive examples of each class.
struct BCEWithLogitsLossOptions {
  using reduction_t = enumtype::reduction_t;
  XGRAD_ARG(Tensor, weight) = {};
  XGRAD_ARG(reduction_t, reduction) = kMean;
  XGRAD_ARG(Tensor, pos_weight) = {};
};
#undef XGRAD_REDUCTION_CONSTRUCTOR

namespace functional {

using MSELossFuncOptions = MSELossOptions;
using L1LossFuncOptions = L1LossOptions;
using SmoothL1LossFuncOptions = SmoothL1LossOptions;
using HuberLossFuncOptions = HuberLossOptions;
using KLDivFuncOptions = KLDivLossOptions;
using NLLLossFuncOptions = NLLLossOptions;
using CrossEntropyFuncOptions = CrossEntropyLossOptions;
using BinaryCrossEntropyFuncOptions = BCELossOptions;
using BinaryCrossEntropyWithLogitsFuncOptions = BCEWithLogitsLossOptions;

}  // namespace functional
}}}  // namespace torch::xgrad::nn
