// Cross entropy of logits and class labels in one pass over the logits.
#pragma once

#include <xgrad/autograd/kernels/pointwise/loss.h>

namespace torch { inline namespace xgrad { namespace kernels {

/// For logits [samples, classes] (inner is 1): losses[p] = -weight[label] * log(softmax(x))[label] and weights[p] =
/// weight[label], both 0 at ignored positions; `weight` may be null (all 1). `kept`, if not null, gets what the derivative needs,
/// kept_by_cross_entropy() elements: exp(x - the row's maximum) and the sum of these, in an order of its own. Keeping them costs no
/// more than computing them again where the gradient may take their memory, and whoever holds the logits may change them.
void cross_entropy(ScalarType dtype, const ClassTargets& targets, const void* x, const void* weight, void* losses, void* weights, void* kept);
int64_t kept_by_cross_entropy(const ClassTargets& targets);

/// y, one element: the sum of n losses, or, of losses with weights (null for the sum), that divided by the sum of these, which goes to
/// total_weight if that is not null; NaN of none. Sums are taken in an order that follows from n alone. reduce_sum, which knows any layout and
/// gives its result in the elements' type, takes 25 ns longer for 32 of them.
void reduce_losses(ScalarType dtype, const void* losses, const void* weights, int64_t n, void* y, double* total_weight);

/// The derivative in x: gy * weight[label] * (softmax(x) - 1 at the label), zero in rows that are ignored or whose gy is 0.
/// gy has one element for each position (gy_step 1), or one for all (gy_step 0), of which each gets gy / total_weight, or gy if that is null.
void cross_entropy_backward(ScalarType dtype, const ClassTargets& targets, const void* gy, int64_t gy_step, const double* total_weight,
                            const void* weight, const void* kept, void* gx);

/// True iff cross_entropy_backward() may write gx over the first elements of `kept`.
bool lies_as_gradient(ScalarType dtype, const ClassTargets& targets);

/// softmax(x) from what was kept; rows that are ignored hold anything finite.
void cross_entropy_probabilities(ScalarType dtype, const ClassTargets& targets, const void* kept, void* y);

}}}  // namespace torch::xgrad::kernels
