// Connectionist temporal classification (Graves et al., 2006).
#pragma once

#include <cstdint>

#include <xgrad/autograd/core/dtype.h>

namespace torch { inline namespace xgrad { namespace kernels {

/// Log-probabilities are row-major [times, batch, symbols]. A sample has `lengths[0][i]` times, and `lengths[1][i]` labels from targets[starts[i]].
struct CtcSequences {
  int64_t times, batch, symbols, blank;
  int64_t states;  ///< 2 * longest target + 1: labels with blanks around them
  const int64_t *targets, *input_lengths, *target_lengths, *starts;
};

/// losses[i] = -log P(target of sample i), and in alphas [batch, times, states], float64, the logarithms of the probabilities of what was
/// seen up to a time, in a state.
void ctc_loss(ScalarType dtype, const CtcSequences& s, const void* log_probs, double* alphas, void* losses);

/// gx = gy[i * gy_step] * (exp(log_probs) - P(symbol at that time | target)), 0 beyond a sample's times; with zero_infinity, for samples of
/// infinite loss too.
void ctc_loss_backward(ScalarType dtype, const CtcSequences& s, const void* gy, int64_t gy_step, const void* log_probs, const double* alphas,
                       const void* losses, bool zero_infinity, void* gx);

}}}  // namespace torch::xgrad::kernels
