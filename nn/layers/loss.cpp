#include <xgrad/nn/layers/loss.h>

#include <ostream>

#include <xgrad/nn/functional/loss.h>
#include <xgrad/nn/layers/print_layer.h>

namespace torch { inline namespace xgrad { namespace nn {

namespace F = functional;

namespace {

// A tensor of its own on the same memory: converting or loading the buffer must not change what the options hold.
Tensor as_buffer(const Tensor& weight) { return weight.defined() ? weight.detach() : weight; }

}  // namespace

Tensor MSELossImpl::forward(const Tensor& input, const Tensor& target) { return F::mse_loss(input, target, options); }
Tensor L1LossImpl::forward(const Tensor& input, const Tensor& target) { return F::l1_loss(input, target, options); }
Tensor SmoothL1LossImpl::forward(const Tensor& input, const Tensor& target) { return F::smooth_l1_loss(input, target, options); }
Tensor HuberLossImpl::forward(const Tensor& input, const Tensor& target) { return F::huber_loss(input, target, options); }
Tensor KLDivLossImpl::forward(const Tensor& input, const Tensor& target) { return F::kl_div(input, target, options); }
Tensor BCELossImpl::forward(const Tensor& input, const Tensor& target) { return F::binary_cross_entropy(input, target, options); }

NLLLossImpl::NLLLossImpl(const NLLLossOptions& options_) : options(options_) { reset(); }
void NLLLossImpl::reset() { weight = register_buffer("weight", as_buffer(options.weight())); }
Tensor NLLLossImpl::forward(const Tensor& input, const Tensor& target) {
  return F::nll_loss(input, target, NLLLossOptions(options).weight(weight));
}

CrossEntropyLossImpl::CrossEntropyLossImpl(const CrossEntropyLossOptions& options_) : options(options_) { reset(); }
void CrossEntropyLossImpl::reset() { weight = register_buffer("weight", as_buffer(options.weight())); }
Tensor CrossEntropyLossImpl::forward(const Tensor& input, const Tensor& target) {
  return F::cross_entropy(input, target, CrossEntropyLossOptions(options).weight(weight));
}

BCEWithLogitsLossImpl::BCEWithLogitsLossImpl(const BCEWithLogitsLossOptions& options_) : options(options_) { reset(); }
void BCEWithLogitsLossImpl::reset() {
  weight = register_buffer("weight", as_buffer(options.weight()));
  pos_weight = register_buffer("pos_weight", as_buffer(options.pos_weight()));
}
Tensor BCEWithLogitsLossImpl::forward(const Tensor& input, const Tensor& target) {
  return F::binary_cross_entropy_with_logits(input, target, BCEWithLogitsLossOptions(options).weight(weight).pos_weight(pos_weight));
}

void MSELossImpl::pretty_print(std::ostream& stream) const { print_layer(stream, "MSELoss"); }
void L1LossImpl::pretty_print(std::ostream& stream) const { print_layer(stream, "L1Loss"); }
// These two are printed without parentheses, as by PyTorch.
void SmoothL1LossImpl::pretty_print(std::ostream& stream) const { stream << "torch::nn::SmoothL1Loss"; }
void HuberLossImpl::pretty_print(std::ostream& stream) const { stream << "torch::nn::HuberLoss"; }
void KLDivLossImpl::pretty_print(std::ostream& stream) const { print_layer(stream, "KLDivLoss"); }
void BCELossImpl::pretty_print(std::ostream& stream) const { print_layer(stream, "BCELoss"); }
void NLLLossImpl::pretty_print(std::ostream& stream) const { print_layer(stream, "NLLLoss"); }
void CrossEntropyLossImpl::pretty_print(std::ostream& stream) const { print_layer(stream, "CrossEntropyLoss"); }
void BCEWithLogitsLossImpl::pretty_print(std::ostream& stream) const { print_layer(stream, "BCEWithLogitsLoss"); }

}}}  // namespace torch::xgrad::nn
