// Losses: their options, as functions and as modules. Each computes what the operation of its name does (autograd/ops/loss/loss.h).
// `reduction` says how the elements' losses become the result: kNone (as they are), kMean or kSum.
#pragma once

#include <cstdint>
#include <type_traits>
#include <variant>

#include <xgrad/nn/enum.h>
#include <xgrad/nn/layers/layer.h>

namespace torch { inline namespace xgrad { namespace nn {

/// The field `reduction` of options that have a type `reduction_t`.
#define XGRAD_REDUCTION (reduction_t, reduction, kMean, never)
/// The constructor of options that a reduction alone stands for, as in `l1_loss(x, y, torch::kSum)`.
#define XGRAD_FROM_REDUCTION(Options) \
  Options() = default;                \
  template <class R, class = std::enable_if_t<std::is_constructible_v<reduction_t, const R&>>> Options(const R& reduction) : reduction_(reduction) {}

/// Declares functional::function of an input and a target, its options `FuncOptions`, which are `NameOptions`, and the module `Name`.
#define XGRAD_LOSS(Name, function, FuncOptions)    \
  XGRAD_LOSS_FUNCTION(Name, function, FuncOptions) \
  XGRAD_LAYER(Name, const Tensor& input, const Tensor& target)
#define XGRAD_LOSS_FUNCTION(Name, function, FuncOptions)                                                 \
  namespace functional {                                                                                 \
  using FuncOptions = Name##Options;                                                                     \
  XGRAD_API Tensor function(const Tensor& input, const Tensor& target, const FuncOptions& options = {}); \
  }

/// The same of a module that has the weights of its options as buffer `weight`.
#define XGRAD_WEIGHTED_LOSS(Name, function, FuncOptions)       \
  XGRAD_LOSS_FUNCTION(Name, function, FuncOptions)             \
  class XGRAD_API Name##Impl : public Cloneable<Name##Impl> {  \
   public:                                                     \
    explicit Name##Impl(const Name##Options& options_ = {});   \
    void reset() override;                                     \
    void pretty_print(std::ostream& stream) const override;    \
    Tensor forward(const Tensor& input, const Tensor& target); \
                                                               \
    Name##Options options;                                     \
    Tensor weight;                                             \
  };                                                           \
  TORCH_MODULE(Name)

struct MSELossOptions {
  using reduction_t = enumtype::reduction_t;
  XGRAD_FROM_REDUCTION(MSELossOptions)
  XGRAD_FIELDS(XGRAD_REDUCTION)
};
XGRAD_LOSS(MSELoss, mse_loss, MSELossFuncOptions);

struct L1LossOptions {
  using reduction_t = enumtype::reduction_t;
  XGRAD_FROM_REDUCTION(L1LossOptions)
  XGRAD_FIELDS(XGRAD_REDUCTION)
};
XGRAD_LOSS(L1Loss, l1_loss, L1LossFuncOptions);

/// beta: the distance from which on the loss is linear.
struct SmoothL1LossOptions {
  using reduction_t = enumtype::reduction_t;
  XGRAD_FROM_REDUCTION(SmoothL1LossOptions)
  XGRAD_FIELDS(XGRAD_REDUCTION, (double, beta, 1.0, never))
};
XGRAD_LOSS(SmoothL1Loss, smooth_l1_loss, SmoothL1LossFuncOptions);

namespace functional {
/// The same with another beta than that of the options.
XGRAD_API Tensor smooth_l1_loss(const Tensor& input, const Tensor& target, const SmoothL1LossFuncOptions& options, double beta);
}  // namespace functional

/// delta: the distance from which on the loss is linear.
struct HuberLossOptions {
  using reduction_t = enumtype::reduction_t;
  XGRAD_FROM_REDUCTION(HuberLossOptions)
  XGRAD_FIELDS(XGRAD_REDUCTION, (double, delta, 1.0, never))
};
XGRAD_LOSS(HuberLoss, huber_loss, HuberLossFuncOptions);

/// log(1 + exp(-target * input)); target: 1 or -1.
struct SoftMarginLossOptions {
  using reduction_t = enumtype::reduction_t;
  XGRAD_FROM_REDUCTION(SoftMarginLossOptions)
  XGRAD_FIELDS(XGRAD_REDUCTION)
};
XGRAD_LOSS(SoftMarginLoss, soft_margin_loss, SoftMarginLossFuncOptions);

/// input where the target is 1, max(0, margin - input) where it is -1.
struct HingeEmbeddingLossOptions {
  using reduction_t = enumtype::reduction_t;
  XGRAD_FIELDS((double, margin, 1.0), XGRAD_REDUCTION)
};
XGRAD_LOSS(HingeEmbeddingLoss, hinge_embedding_loss, HingeEmbeddingLossFuncOptions);

/// kBatchMean divides the sum by the size of axis 0. log_target: the target holds logarithms.
struct KLDivLossOptions {
  using reduction_t = std::variant<enumtype::kNone, enumtype::kBatchMean, enumtype::kSum, enumtype::kMean>;
  XGRAD_FROM_REDUCTION(KLDivLossOptions)
  XGRAD_FIELDS(XGRAD_REDUCTION, (bool, log_target, false, never))
};
/// input: log-probabilities; target: probabilities, or their logarithms with log_target.
XGRAD_LOSS(KLDivLoss, kl_div, KLDivFuncOptions);

/// weight: of each element; broadcasts to the target.
struct BCELossOptions {
  using reduction_t = enumtype::reduction_t;
  XGRAD_FIELDS((Tensor, weight, , never), XGRAD_REDUCTION)
};
/// input: probabilities; target: of the same shape.
XGRAD_LOSS(BCELoss, binary_cross_entropy, BinaryCrossEntropyFuncOptions);

/// weight: of each class. ignore_index: the class label whose elements count for nothing.
struct NLLLossOptions {
  using reduction_t = enumtype::reduction_t;
  XGRAD_FIELDS((Tensor, weight, , never), (int64_t, ignore_index, -100, never), XGRAD_REDUCTION)
};
/// input: log-probabilities [N, C] or [N, C, d1, ...]; target: class labels [N] or [N, d1, ...].
XGRAD_WEIGHTED_LOSS(NLLLoss, nll_loss, NLLLossFuncOptions);

/// The same; label_smoothing: the part of each target that is spread over all classes.
struct CrossEntropyLossOptions {
  using reduction_t = enumtype::reduction_t;
  XGRAD_FIELDS((Tensor, weight, , never), (int64_t, ignore_index, -100, never), XGRAD_REDUCTION, (double, label_smoothing, 0.0, never))
};
/// input: scores (logits) [C], [N, C] or [N, C, d1, ...]; target: class labels, or probabilities of the input's shape.
XGRAD_WEIGHTED_LOSS(CrossEntropyLoss, cross_entropy, CrossEntropyFuncOptions);

/// weight: of each element; broadcasts to the target. pos_weight: of the positive examples of each class.
struct BCEWithLogitsLossOptions {
  using reduction_t = enumtype::reduction_t;
  XGRAD_FIELDS((Tensor, weight, , never), XGRAD_REDUCTION, (Tensor, pos_weight, , never))
};
/// input: scores (logits); target: of the same shape.
XGRAD_LOSS_FUNCTION(BCEWithLogitsLoss, binary_cross_entropy_with_logits, BinaryCrossEntropyWithLogitsFuncOptions)

/// Has the weights of its options as buffers `weight` and `pos_weight`.
class XGRAD_API BCEWithLogitsLossImpl : public Cloneable<BCEWithLogitsLossImpl> {
 public:
  explicit BCEWithLogitsLossImpl(const BCEWithLogitsLossOptions& options_ = {});
  void reset() override;
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& input, const Tensor& target);

  BCEWithLogitsLossOptions options;
  Tensor weight;
  Tensor pos_weight;
};
TORCH_MODULE(BCEWithLogitsLoss);

#undef XGRAD_REDUCTION
#undef XGRAD_FROM_REDUCTION
#undef XGRAD_LOSS
#undef XGRAD_LOSS_FUNCTION
#undef XGRAD_WEIGHTED_LOSS

}}}  // namespace torch::xgrad::nn
