// Cross entropy of logits and class labels in one pass over the logits.
#pragma once

#include <xgrad/autograd/kernels/loss.h>

namespace torch::kernels {

/// For logits [samples, classes] (inner is 1): losses[p] = -weight[label] * log(softmax(x))[label] and weights[p] =
/// weight[label], both 0 at ignored positions; `weight` may be null (all 1). totals[p] is what the derivative needs: the
/// largest logit of the row and the sum of exp(x - largest), two elements.
void cross_entropy(ScalarType dtype, const ClassTargets& targets, const void* x, const void* weight, void* losses, void* weights, void* totals);

/// The sum of n losses, or of their weights; in an order that follows from n alone. reduce_sum, which knows any layout and gives
/// its result in the elements' type, takes 25 ns longer for 32 of them.
double sum_of_losses(ScalarType dtype, const void* losses, int64_t n);

/// The derivative in x: gy * weight[label] * (softmax(x) - 1 at the label), zero in rows that are ignored or whose gy is 0.
/// gy has one element for each position (gy_step 1), or one for all (gy_step 0), of which each gets gy / total_weight.
void cross_entropy_backward(ScalarType dtype, const ClassTargets& targets, const void* gy, int64_t gy_step, double total_weight, const void* x,
                            const void* weight, const void* totals, void* gx);

}  // namespace torch::kernels
