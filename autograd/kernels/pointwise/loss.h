// Elements of the losses.
#pragma once

#include <cstdint>

#include <xgrad/autograd/kernels/strided.h>

namespace torch { inline namespace xgrad { namespace kernels {

/// (x - t)^2
extern const LoopTable squared_difference;
/// With d = |x - t|: d^2 / (2 beta) below beta, d - beta / 2 from there. Parameters: one double, beta >= 0.
extern const LoopTable smooth_l1;
/// With d = |x - t|: d^2 / 2 up to delta, delta (d - delta / 2) beyond. Parameters: one double, delta > 0.
extern const LoopTable huber;
/// Of (x, t, weight): weight * -(t log(x) + (1 - t) log(1 - x)), each logarithm at least -100.
extern const LoopTable binary_cross_entropy;
/// Of (x, t, weight, weight of positives): the same of sigmoid(x), computed without losing digits or overflowing.
extern const LoopTable binary_cross_entropy_with_logits;

/// Class labels: for inputs [samples, classes, inner] a label for each of samples * inner positions, int64 or uint8.
struct ClassTargets {
  ScalarType dtype;
  const void* labels;
  int64_t samples, classes, inner;
  int64_t ignored;  ///< this label takes no part
  int64_t positions() const { return samples * inner; }
};

/// The first label that is neither ignored nor in [0, classes), or ignored when there is none.
int64_t find_invalid_label(const ClassTargets& targets);

/// losses[p] = -weight[label] * logp at the label, weights[p] = weight[label], both 0 at ignored positions.
/// `weight`, one for each class, may be null (all 1).
void pick_class(ScalarType dtype, const ClassTargets& targets, const void* logp, const void* weight, void* losses, void* weights);

/// gx, given as zeros: -weight[label] * gy at the label of each position, untouched elsewhere. gy has one element for
/// each position, or one for all (gy_step 0).
void scatter_class(ScalarType dtype, const ClassTargets& targets, const void* gy, int64_t gy_step, const void* weight, void* gx);

}}}  // namespace torch::xgrad::kernels
