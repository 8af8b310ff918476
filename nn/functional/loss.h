// Losses with options. Each computes what the operation of its name does (autograd/ops/loss/loss.h).
#pragma once

#include <xgrad/autograd/tensor/tensor.h>
#include <xgrad/nn/options/loss.h>

namespace torch { inline namespace xgrad { namespace nn::functional {

XGRAD_API Tensor mse_loss(const Tensor& input, const Tensor& target, const MSELossFuncOptions& options = {});
XGRAD_API Tensor l1_loss(const Tensor& input, const Tensor& target, const L1LossFuncOptions& options = {});
XGRAD_API Tensor smooth_l1_loss(const Tensor& input, const Tensor& target, const SmoothL1LossFuncOptions& options = {});
/// The same with another beta than that of the options.
XGRAD_API Tensor smooth_l1_loss(const Tensor& input, const Tensor& target, const SmoothL1LossFuncOptions& options, double beta);
XGRAD_API Tensor huber_loss(const Tensor& input, const Tensor& target, const HuberLossFuncOptions& options = {});
/// input: log-probabilities [N, C] or [N, C, d1, ...]; target: class labels [N] or [N, d1, ...].
XGRAD_API Tensor nll_loss(const Tensor& input, const Tensor& target, const NLLLossFuncOptions& options = {});
/// input: scores (logits) [C], [N, C] or [N, C, d1, ...]; target: class labels, or probabilities of the input's shape.
XGRAD_API Tensor cross_entropy(const Tensor& input, const Tensor& target, const CrossEntropyFuncOptions& options = {});
/// input: probabilities; target: of the same shape.
XGRAD_API Tensor binary_cross_entropy(const Tensor& input, const Tensor& target, const BinaryCrossEntropyFuncOptions& options = {});
/// input: scores (logits); target: of the same shape.
XGRAD_API Tensor binary_cross_entropy_with_logits(const Tensor& input, const Tensor& target,
                                                  const BinaryCrossEntropyWithLogitsFuncOptions& options = {});
/// input: log-probabilities; target: probabilities, or their logarithms with log_target.
XGRAD_API Tensor kl_div(const Tensor& input, const Tensor& target, const KLDivFuncOptions& options = {});

}}}  // namespace torch::xgrad::nn::functional
