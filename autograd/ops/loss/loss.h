// Losses. `reduction` is one of Reduction::None, Mean and Sum.
#pragma once

#include <xgrad/autograd/tensor/tensor.h>

namespace torch { inline namespace xgrad {

namespace Reduction {
/// How a loss combines its elements.
enum Reduction { None, Mean, Sum, END };
}  // namespace Reduction

// Element by element, input and target broadcast; both may require gradients.

/// (x - t)^2
XGRAD_API Tensor mse_loss(const Tensor& self, const Tensor& target, int64_t reduction = Reduction::Mean);
/// |x - t|, with derivative 0 at 0.
XGRAD_API Tensor l1_loss(const Tensor& self, const Tensor& target, int64_t reduction = Reduction::Mean);
/// With d = |x - t|: d^2 / (2 beta) for d < beta, else d - beta / 2. Throws for beta < 0.
XGRAD_API Tensor smooth_l1_loss(const Tensor& self, const Tensor& target, int64_t reduction = Reduction::Mean, double beta = 1.0);
/// With d = |x - t|: d^2 / 2 for d <= delta, else delta (d - delta / 2). Throws unless delta > 0.
XGRAD_API Tensor huber_loss(const Tensor& self, const Tensor& target, int64_t reduction = Reduction::Mean, double delta = 1.0);
/// t (log t - x), or exp(t) (t - x) for `log_target`, of log-probabilities x. Mean is over all elements.
XGRAD_API Tensor kl_div(const Tensor& self, const Tensor& target, int64_t reduction = Reduction::Mean, bool log_target = false);

// Class labels. Input [classes], [samples, classes] or [samples, classes, ...]; labels (int64, or uint8) have that shape
// without the classes. Labels equal to ignore_index take no part, their rows get gradient exactly 0; any other
// label outside [0, classes) throws IndexError. The mean is over the weights of the labels: NaN if all are ignored. Class
// weights have the input's dtype and take no gradient.

/// -weight[label] * log-probability of the label.
XGRAD_API Tensor nll_loss(const Tensor& self, const Tensor& target, const std::optional<Tensor>& weight = {}, int64_t reduction = Reduction::Mean,
                          int64_t ignore_index = -100);
/// nll_loss of log_softmax along the classes; label_smoothing in [0, 1] mixes in the loss against equal probabilities.
/// A target of the input's shape holds probabilities instead: -sum(weight * t * log_softmax(x)), its mean being over samples.
XGRAD_API Tensor cross_entropy_loss(const Tensor& self, const Tensor& target, const std::optional<Tensor>& weight = {},
                                    int64_t reduction = Reduction::Mean, int64_t ignore_index = -100, double label_smoothing = 0.0);

// Two classes. `weight` and `pos_weight` broadcast and take no gradient.

/// -weight * (t log x + (1 - t) log(1 - x)), logarithms cut off at -100. Throws unless x and t are in [0, 1].
XGRAD_API Tensor binary_cross_entropy(const Tensor& self, const Tensor& target, const std::optional<Tensor>& weight = {},
                                      int64_t reduction = Reduction::Mean);
/// The same of sigmoid(x), pos_weight multiplying the term of t; exact for any x, infinities included.
XGRAD_API Tensor binary_cross_entropy_with_logits(const Tensor& self, const Tensor& target, const std::optional<Tensor>& weight = {},
                                                  const std::optional<Tensor>& pos_weight = {}, int64_t reduction = Reduction::Mean);

}}  // namespace torch::xgrad
