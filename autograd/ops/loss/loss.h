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

/// exp(x) - t x of the logarithm x of a rate, or x - t log(x + eps) of the rate itself; `full` adds Stirling's approximation of log(t!)
/// where t > 1.
XGRAD_API Tensor poisson_nll_loss(const Tensor& input, const Tensor& target, bool log_input, bool full, double eps, int64_t reduction);
/// log(1 + exp(-t x)), in self's shape; the target, 1 or -1, takes no gradient.
XGRAD_API Tensor soft_margin_loss(const Tensor& self, const Tensor& target, int64_t reduction = Reduction::Mean);

// Margins. The target is 1 or -1.

/// x where the target is not -1, plus max(0, margin - x) where it is not 1.
XGRAD_API Tensor hinge_embedding_loss(const Tensor& self, const Tensor& target, double margin = 1.0, int64_t reduction = Reduction::Mean);
/// max(0, -target (input1 - input2) + margin)
XGRAD_API Tensor margin_ranking_loss(const Tensor& input1, const Tensor& input2, const Tensor& target, double margin = 0.0,
                                     int64_t reduction = Reduction::Mean);
/// Of vectors, or rows of matrices, with the cosine c between them: 1 - c where the target is 1, max(0, c - margin) where it is -1.
XGRAD_API Tensor cosine_embedding_loss(const Tensor& input1, const Tensor& input2, const Tensor& target, double margin = 0.0,
                                       int64_t reduction = Reduction::Mean);
/// max(0, margin + d(anchor, positive) - d(anchor, negative)), d being pairwise_distance; `swap` takes d(positive, negative) where it is less.
XGRAD_API Tensor triplet_margin_loss(const Tensor& anchor, const Tensor& positive, const Tensor& negative, double margin = 1.0, double p = 2,
                                     double eps = 1e-6, bool swap = false, int64_t reduction = Reduction::Mean);

// Margins between classes. Input [classes] or [samples, classes], int64 labels; throws for a label outside [0, classes). The slope is 0 where
// a margin is met exactly.

/// With the label y: sum over the classes i != y of max(0, margin - x[y] + x[i])^p * weight[y] / classes; p is 1 or 2.
XGRAD_API Tensor multi_margin_loss(const Tensor& self, const Tensor& target, const Scalar& p = 1, const Scalar& margin = 1,
                                   const std::optional<Tensor>& weight = {}, int64_t reduction = Reduction::Mean);
/// The target, of the input's shape, lists labels up to the first -1. Sum over the labels y and the classes i that are none of them of
/// max(0, 1 - (x[y] - x[i])) / classes.
XGRAD_API Tensor multilabel_margin_loss(const Tensor& self, const Tensor& target, int64_t reduction = Reduction::Mean);

// Class labels. Input [classes], [samples, classes] or [samples, classes, ...]; labels (int64, or uint8) have that shape
// without the classes. Labels equal to ignore_index take no part, their rows get gradient exactly 0; any other
// label outside [0, classes) throws IndexError. The mean is over the weights of the labels: NaN if all are ignored. Class
// weights have the input's dtype and take no gradient.

/// -weight[label] * log-probability of the label.
XGRAD_API Tensor nll_loss(const Tensor& self, const Tensor& target, const std::optional<Tensor>& weight = {}, int64_t reduction = Reduction::Mean,
                          int64_t ignore_index = -100);
/// The same of [samples, classes, height, width], and of any shape.
XGRAD_API Tensor nll_loss2d(const Tensor& self, const Tensor& target, const std::optional<Tensor>& weight = {}, int64_t reduction = Reduction::Mean,
                            int64_t ignore_index = -100);
XGRAD_API Tensor nll_loss_nd(const Tensor& self, const Tensor& target, const std::optional<Tensor>& weight = {}, int64_t reduction = Reduction::Mean,
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

// Sequences.

/// The negative logarithm of the probability that log-probabilities [T, N, C] or, unbatched, [T, C], of symbols give the target, blanks and
/// repetitions removed (Graves et al., Connectionist Temporal Classification, 2006). Targets: [N, S], or all one after the other. The mean
/// divides each loss by its target's length first. zero_infinity: losses of targets that don't fit, and their gradients, are 0. The gradient
/// is, as PyTorch's, that of log-probabilities which come from log_softmax, and has no derivative by them.
XGRAD_API Tensor ctc_loss(const Tensor& log_probs, const Tensor& targets, IntArrayRef input_lengths, IntArrayRef target_lengths, int64_t blank = 0,
                          int64_t reduction = Reduction::Mean, bool zero_infinity = false);
XGRAD_API Tensor ctc_loss(const Tensor& log_probs, const Tensor& targets, const Tensor& input_lengths, const Tensor& target_lengths,
                          int64_t blank = 0, int64_t reduction = Reduction::Mean, bool zero_infinity = false);

}}  // namespace torch::xgrad
