#include <xgrad/nn/functional/loss.h>

#include <xgrad/autograd/ops/ops.h>

namespace torch { inline namespace xgrad { namespace nn::functional {

namespace {

std::optional<Tensor> if_defined(const Tensor& t) { return t.defined() ? std::optional<Tensor>(t) : std::nullopt; }

}  // namespace

using enumtype::reduction_get_enum;

Tensor mse_loss(const Tensor& input, const Tensor& target, const MSELossFuncOptions& options) {
  return xgrad::mse_loss(input, target, reduction_get_enum(options.reduction()));
}

Tensor l1_loss(const Tensor& input, const Tensor& target, const L1LossFuncOptions& options) {
  return xgrad::l1_loss(input, target, reduction_get_enum(options.reduction()));
}

Tensor smooth_l1_loss(const Tensor& input, const Tensor& target, const SmoothL1LossFuncOptions& options) {
  return smooth_l1_loss(input, target, options, options.beta());
}

Tensor smooth_l1_loss(const Tensor& input, const Tensor& target, const SmoothL1LossFuncOptions& options, double beta) {
  return xgrad::smooth_l1_loss(input, target, reduction_get_enum(options.reduction()), beta);
}

Tensor huber_loss(const Tensor& input, const Tensor& target, const HuberLossFuncOptions& options) {
  return xgrad::huber_loss(input, target, reduction_get_enum(options.reduction()), options.delta());
}

Tensor nll_loss(const Tensor& input, const Tensor& target, const NLLLossFuncOptions& options) {
  XGRAD_CHECK(input.dim() >= 2, "[nll_loss] Expected 2 or more dimensions (got ", input.dim(), ")");
  XGRAD_CHECK(target.dim() > 0 && input.size(0) == target.size(0), "[nll_loss] Expected input batch_size (", input.size(0),
              ") to match target batch_size (", target.dim() > 0 ? target.size(0) : 1, ").");
  return xgrad::nll_loss(input, target, if_defined(options.weight()), reduction_get_enum(options.reduction()), options.ignore_index());
}

Tensor cross_entropy(const Tensor& input, const Tensor& target, const CrossEntropyFuncOptions& options) {
  return xgrad::cross_entropy_loss(input, target, if_defined(options.weight()), reduction_get_enum(options.reduction()),
                                   options.ignore_index(), options.label_smoothing());
}

Tensor binary_cross_entropy(const Tensor& input, const Tensor& target, const BinaryCrossEntropyFuncOptions& options) {
  XGRAD_CHECK(target.sizes() == input.sizes(), "[binary_cross_entropy] Using a target size (", target.sizes(),
              ") that is different to the input size (", input.sizes(), ") is deprecated. Please ensure they have the same size.");
  return xgrad::binary_cross_entropy(input, target, if_defined(options.weight()), reduction_get_enum(options.reduction()));
}

Tensor binary_cross_entropy_with_logits(const Tensor& input, const Tensor& target, const BinaryCrossEntropyWithLogitsFuncOptions& options) {
  XGRAD_CHECK(target.sizes() == input.sizes(), "[binary_cross_entropy_with_logits] Target size (", target.sizes(),
              ") must be the same as input size (", input.sizes(), ")");
  return xgrad::binary_cross_entropy_with_logits(input, target, if_defined(options.weight()), if_defined(options.pos_weight()),
                                                 reduction_get_enum(options.reduction()));
}

Tensor kl_div(const Tensor& input, const Tensor& target, const KLDivFuncOptions& options) {
  const auto& reduction = options.reduction();
  if (std::holds_alternative<enumtype::kBatchMean>(reduction)) {
    const Tensor sum = xgrad::kl_div(input, target, Reduction::Sum, options.log_target());
    return input.dim() == 0 ? sum : sum / input.size(0);
  }
  const auto chosen = std::holds_alternative<enumtype::kNone>(reduction) ? Reduction::None
                      : std::holds_alternative<enumtype::kSum>(reduction) ? Reduction::Sum : Reduction::Mean;
  return xgrad::kl_div(input, target, chosen, options.log_target());
}

}}}  // namespace torch::xgrad::nn::functional
