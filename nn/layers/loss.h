// Losses: their options, as functions and as modules. Each computes what the operation of its name does (autograd/ops/loss/loss.h).
// `reduction` says how the elements' losses become the result: kNone (as they are), kMean or kSum.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
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

/// exp(input) - target * input of the logarithms of rates, or input - target * log(input + eps) of rates; full: with Stirling's approximation.
struct PoissonNLLLossOptions {
  using reduction_t = enumtype::reduction_t;
  XGRAD_FIELDS((bool, log_input, true, never), (bool, full, false, never), (double, eps, 1e-8, never), XGRAD_REDUCTION)
};
XGRAD_LOSS(PoissonNLLLoss, poisson_nll_loss, PoissonNLLLossFuncOptions);

/// The target lists the labels of each sample up to the first -1; each shall exceed all other classes by 1.
struct MultiLabelMarginLossOptions {
  using reduction_t = enumtype::reduction_t;
  XGRAD_FROM_REDUCTION(MultiLabelMarginLossOptions)
  XGRAD_FIELDS(XGRAD_REDUCTION)
};
XGRAD_LOSS(MultiLabelMarginLoss, multilabel_margin_loss, MultilabelMarginLossFuncOptions);

/// weight: of each class.
struct MultiLabelSoftMarginLossOptions {
  using reduction_t = enumtype::reduction_t;
  XGRAD_FIELDS((Tensor, weight, , never), XGRAD_REDUCTION)
};
/// The mean over classes of -t log(sigmoid(x)) - (1 - t) log(sigmoid(-x)).
XGRAD_WEIGHTED_LOSS(MultiLabelSoftMarginLoss, multilabel_soft_margin_loss, MultilabelSoftMarginLossFuncOptions);

/// The label shall exceed all other classes by the margin. p: 1, or 2 to square what is missing. weight: of each class.
struct MultiMarginLossOptions {
  using reduction_t = enumtype::reduction_t;
  XGRAD_FIELDS((int64_t, p, 1), (double, margin, 1.0), (Tensor, weight, ), (reduction_t, reduction, kMean))
};
XGRAD_WEIGHTED_LOSS(MultiMarginLoss, multi_margin_loss, MultiMarginLossFuncOptions);

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

/// Declares functional::function of three tensors, its options `NameFuncOptions`, which are `NameOptions`, and the module `Name`.
#define XGRAD_LOSS_OF_THREE(Name, function, a, b, c)                                                                   \
  namespace functional {                                                                                               \
  using Name##FuncOptions = Name##Options;                                                                             \
  XGRAD_API Tensor function(const Tensor& a, const Tensor& b, const Tensor& c, const Name##FuncOptions& options = {}); \
  }                                                                                                                    \
  XGRAD_LAYER(Name, const Tensor& a, const Tensor& b, const Tensor& c)

/// max(0, -target (input1 - input2) + margin); target: 1 or -1.
struct MarginRankingLossOptions {
  using reduction_t = enumtype::reduction_t;
  XGRAD_FIELDS((double, margin, 0.0, never), XGRAD_REDUCTION)
};
XGRAD_LOSS_OF_THREE(MarginRankingLoss, margin_ranking_loss, input1, input2, target);

/// With the cosine c between two vectors: 1 - c where the target is 1, max(0, c - margin) where it is -1.
struct CosineEmbeddingLossOptions {
  using reduction_t = enumtype::reduction_t;
  XGRAD_FIELDS((double, margin, 0.0), XGRAD_REDUCTION)
};
XGRAD_LOSS_OF_THREE(CosineEmbeddingLoss, cosine_embedding_loss, input1, input2, target);

/// p, eps: of the distances. swap: the negative's distance is that from the positive where this is less.
struct TripletMarginLossOptions {
  using reduction_t = enumtype::reduction_t;
  XGRAD_FIELDS((double, margin, 1.0), (double, p, 2.0), (double, eps, 1e-6), (bool, swap, false), XGRAD_REDUCTION)
};
XGRAD_LOSS_OF_THREE(TripletMarginLoss, triplet_margin_loss, anchor, positive, negative);

/// The same with a distance of one's own; without one, pairwise_distance.
struct TripletMarginWithDistanceLossOptions {
  using reduction_t = enumtype::reduction_t;
  using distance_function_t = std::function<Tensor(const Tensor&, const Tensor&)>;
  XGRAD_ARG(std::optional<distance_function_t>, distance_function);
  XGRAD_FIELDS((double, margin, 1.0), (bool, swap, false), XGRAD_REDUCTION)
};
XGRAD_LOSS_OF_THREE(TripletMarginWithDistanceLoss, triplet_margin_with_distance_loss, anchor, positive, negative);
#undef XGRAD_LOSS_OF_THREE

/// blank: the label of the blank. zero_infinity: losses of targets that don't fit, and their gradients, are 0.
struct CTCLossOptions {
  using reduction_t = enumtype::reduction_t;
  XGRAD_FIELDS((int64_t, blank, 0, never), XGRAD_REDUCTION, (bool, zero_infinity, false, never))
};
namespace functional {
using CTCLossFuncOptions = CTCLossOptions;
/// log_probs: [T, N, C] or [T, C]; targets: [N, S], or one after the other; the mean divides by the lengths of targets first.
XGRAD_API Tensor ctc_loss(const Tensor& log_probs, const Tensor& targets, const Tensor& input_lengths, const Tensor& target_lengths,
                          const CTCLossFuncOptions& options = {});
}  // namespace functional
XGRAD_LAYER(CTCLoss, const Tensor& log_probs, const Tensor& targets, const Tensor& input_lengths, const Tensor& target_lengths);

#undef XGRAD_REDUCTION
#undef XGRAD_FROM_REDUCTION
#undef XGRAD_LOSS
#undef XGRAD_LOSS_FUNCTION
#undef XGRAD_WEIGHTED_LOSS

}}}  // namespace torch::xgrad::nn
