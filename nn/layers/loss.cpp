#include <xgrad/nn/layers/loss.h>

#include <xgrad/autograd/ops/ops.h>
#include <xgrad/autograd/tensor/if_defined.h>
#include <xgrad/nn/layers/print_layer.h>

namespace torch { inline namespace xgrad { namespace nn {

using enumtype::reduction_get_enum;

namespace {

// A tensor of its own on the same memory: converting or loading the buffer must not change what the options hold.
Tensor as_buffer(const Tensor& weight) { return weight.defined() ? weight.detach() : weight; }

Tensor reduced(const Tensor& losses, const enumtype::reduction_t& reduction) {
  if (std::holds_alternative<enumtype::kNone>(reduction)) return losses;
  return std::holds_alternative<enumtype::kSum>(reduction) ? losses.sum() : losses.mean();
}

}  // namespace

// Each defines a module and stands before the body of its function, which has the module's options.
#define XGRAD_LOSS(Name, function)                                                                                  \
  XGRAD_DEFINE_LAYER(Name, functional::function(input, target, options), const Tensor& input, const Tensor& target) \
  XGRAD_LOSS_FUNCTION(Name, function)
#define XGRAD_WEIGHTED_LOSS(Name, function)                                                                                                       \
  Name##Impl::Name##Impl(const Name##Options& options_) : options(options_) { reset(); }                                                          \
  void Name##Impl::reset() { weight = register_buffer("weight", as_buffer(options.weight())); }                                                   \
  XGRAD_DEFINE_LAYER(Name, functional::function(input, target, Name##Options(options).weight(weight)), const Tensor& input, const Tensor& target) \
  XGRAD_LOSS_FUNCTION(Name, function)
#define XGRAD_LOSS_FUNCTION(Name, function) Tensor functional::function(const Tensor& input, const Tensor& target, const Name##Options& options)

XGRAD_LOSS(MSELoss, mse_loss) { return xgrad::mse_loss(input, target, reduction_get_enum(options.reduction())); }
XGRAD_LOSS(L1Loss, l1_loss) { return xgrad::l1_loss(input, target, reduction_get_enum(options.reduction())); }

XGRAD_LOSS(SoftMarginLoss, soft_margin_loss) { return xgrad::soft_margin_loss(input, target, reduction_get_enum(options.reduction())); }
XGRAD_LOSS(HingeEmbeddingLoss, hinge_embedding_loss) {
  return xgrad::hinge_embedding_loss(input, target, options.margin(), reduction_get_enum(options.reduction()));
}
XGRAD_LOSS(PoissonNLLLoss, poisson_nll_loss) {
  return xgrad::poisson_nll_loss(input, target, options.log_input(), options.full(), options.eps(), reduction_get_enum(options.reduction()));
}
XGRAD_LOSS(MultiLabelMarginLoss, multilabel_margin_loss) {
  return xgrad::multilabel_margin_loss(input, target, reduction_get_enum(options.reduction()));
}

XGRAD_WEIGHTED_LOSS(MultiLabelSoftMarginLoss, multilabel_soft_margin_loss) {
  Tensor losses = -(target * xgrad::log_sigmoid(input) + (1 - target) * xgrad::log_sigmoid(-input));
  if (options.weight().defined()) losses = losses * options.weight();
  const int64_t axis = input.dim() - 1;
  return reduced(losses.sum(axis) / input.size(axis), options.reduction());
}

XGRAD_WEIGHTED_LOSS(MultiMarginLoss, multi_margin_loss) {
  XGRAD_CHECK(!options.weight().defined() || options.weight().dim() == 1, "[multi_margin_loss] weight must be one-dimensional");
  return xgrad::multi_margin_loss(input, target, options.p(), options.margin(), if_defined(options.weight()),
                                  reduction_get_enum(options.reduction()));
}

XGRAD_LOSS(KLDivLoss, kl_div) {
  const auto& reduction = options.reduction();
  if (std::holds_alternative<enumtype::kBatchMean>(reduction)) {
    const Tensor sum = xgrad::kl_div(input, target, Reduction::Sum, options.log_target());
    return input.dim() == 0 ? sum : sum / input.size(0);
  }
  const auto chosen = std::holds_alternative<enumtype::kNone>(reduction)  ? Reduction::None
                      : std::holds_alternative<enumtype::kSum>(reduction) ? Reduction::Sum
                                                                          : Reduction::Mean;
  return xgrad::kl_div(input, target, chosen, options.log_target());
}

XGRAD_LOSS(BCELoss, binary_cross_entropy) {
  XGRAD_CHECK(target.sizes() == input.sizes(), "[binary_cross_entropy] Using a target size (", target.sizes(),
              ") that is different to the input size (", input.sizes(), ") is deprecated. Please ensure they have the same size.");
  return xgrad::binary_cross_entropy(input, target, if_defined(options.weight()), reduction_get_enum(options.reduction()));
}

XGRAD_WEIGHTED_LOSS(NLLLoss, nll_loss) {
  XGRAD_CHECK(input.dim() >= 2, "[nll_loss] Expected 2 or more dimensions (got ", input.dim(), ")");
  XGRAD_CHECK(target.dim() > 0 && input.size(0) == target.size(0), "[nll_loss] Expected input batch_size (", input.size(0),
              ") to match target batch_size (", target.dim() > 0 ? target.size(0) : 1, ").");
  return xgrad::nll_loss(input, target, if_defined(options.weight()), reduction_get_enum(options.reduction()), options.ignore_index());
}

XGRAD_WEIGHTED_LOSS(CrossEntropyLoss, cross_entropy) {
  return xgrad::cross_entropy_loss(input, target, if_defined(options.weight()), reduction_get_enum(options.reduction()), options.ignore_index(),
                                   options.label_smoothing());
}

BCEWithLogitsLossImpl::BCEWithLogitsLossImpl(const BCEWithLogitsLossOptions& options_) : options(options_) { reset(); }
void BCEWithLogitsLossImpl::reset() {
  weight = register_buffer("weight", as_buffer(options.weight()));
  pos_weight = register_buffer("pos_weight", as_buffer(options.pos_weight()));
}
void BCEWithLogitsLossImpl::pretty_print(std::ostream& stream) const { print_layer(stream, "BCEWithLogitsLoss", options); }
Tensor BCEWithLogitsLossImpl::forward(const Tensor& input, const Tensor& target) {
  const auto current = BCEWithLogitsLossOptions(options).weight(weight).pos_weight(pos_weight);
  return functional::binary_cross_entropy_with_logits(input, target, current);
}
XGRAD_LOSS_FUNCTION(BCEWithLogitsLoss, binary_cross_entropy_with_logits) {
  XGRAD_CHECK(target.sizes() == input.sizes(), "[binary_cross_entropy_with_logits] Target size (", target.sizes(),
              ") must be the same as input size (", input.sizes(), ")");
  return xgrad::binary_cross_entropy_with_logits(input, target, if_defined(options.weight()), if_defined(options.pos_weight()),
                                                 reduction_get_enum(options.reduction()));
}

// These two are printed without parentheses, as by PyTorch.
void SmoothL1LossImpl::pretty_print(std::ostream& stream) const { stream << "torch::nn::SmoothL1Loss"; }
Tensor SmoothL1LossImpl::forward(const Tensor& input, const Tensor& target) { return functional::smooth_l1_loss(input, target, options); }
XGRAD_LOSS_FUNCTION(SmoothL1Loss, smooth_l1_loss) { return smooth_l1_loss(input, target, options, options.beta()); }
Tensor functional::smooth_l1_loss(const Tensor& input, const Tensor& target, const SmoothL1LossFuncOptions& options, double beta) {
  return xgrad::smooth_l1_loss(input, target, reduction_get_enum(options.reduction()), beta);
}

void HuberLossImpl::pretty_print(std::ostream& stream) const { stream << "torch::nn::HuberLoss"; }
Tensor HuberLossImpl::forward(const Tensor& input, const Tensor& target) { return functional::huber_loss(input, target, options); }
XGRAD_LOSS_FUNCTION(HuberLoss, huber_loss) { return xgrad::huber_loss(input, target, reduction_get_enum(options.reduction()), options.delta()); }

#define XGRAD_LOSS_OF_THREE(Name, function, a, b, c)                                                                  \
  XGRAD_DEFINE_LAYER(Name, functional::function(a, b, c, options), const Tensor& a, const Tensor& b, const Tensor& c) \
  Tensor functional::function(const Tensor& a, const Tensor& b, const Tensor& c, const Name##FuncOptions& options)

XGRAD_LOSS_OF_THREE(MarginRankingLoss, margin_ranking_loss, input1, input2, target) {
  XGRAD_CHECK(input1.dim() == input2.dim() && input1.dim() == target.dim(),
              "[margin_ranking_loss] margin_ranking_loss : All input tensors should have same dimension but got sizes: input1: ", input1.sizes(),
              ", input2: ", input2.sizes(), ", target: ", target.sizes());
  return xgrad::margin_ranking_loss(input1, input2, target, options.margin(), reduction_get_enum(options.reduction()));
}

XGRAD_LOSS_OF_THREE(CosineEmbeddingLoss, cosine_embedding_loss, input1, input2, target) {
  return xgrad::cosine_embedding_loss(input1, input2, target, options.margin(), reduction_get_enum(options.reduction()));
}

XGRAD_LOSS_OF_THREE(TripletMarginLoss, triplet_margin_loss, anchor, positive, negative) {
  return xgrad::triplet_margin_loss(anchor, positive, negative, options.margin(), options.p(), options.eps(), options.swap(),
                                    reduction_get_enum(options.reduction()));
}

XGRAD_LOSS_OF_THREE(TripletMarginWithDistanceLoss, triplet_margin_with_distance_loss, anchor, positive, negative) {
  const auto distance = [&](const Tensor& a, const Tensor& b) {
    return options.distance_function() ? (*options.distance_function())(a, b) : xgrad::pairwise_distance(a, b);
  };
  const Tensor near = distance(anchor, positive);
  Tensor far = distance(anchor, negative);
  if (options.swap()) far = far.minimum(distance(positive, negative));
  return reduced((near - far + options.margin()).clamp_min(0), options.reduction());
}

XGRAD_DEFINE_LAYER(CTCLoss, functional::ctc_loss(log_probs, targets, input_lengths, target_lengths, options), const Tensor& log_probs,
                   const Tensor& targets, const Tensor& input_lengths, const Tensor& target_lengths)
Tensor functional::ctc_loss(const Tensor& log_probs, const Tensor& targets, const Tensor& input_lengths, const Tensor& target_lengths,
                            const CTCLossFuncOptions& options) {
  return xgrad::ctc_loss(log_probs, targets, input_lengths, target_lengths, options.blank(), reduction_get_enum(options.reduction()),
                         options.zero_infinity());
}

}}}  // namespace torch::xgrad::nn
