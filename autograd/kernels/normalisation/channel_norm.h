// Normalisation of the channels of a row-major [outer, channels, inner]: each has one mean and one variance, one weight and one bias.
#pragma once

#include <cstdint>

#include <xgrad/autograd/core/dtype.h>

namespace torch { inline namespace xgrad { namespace kernels {

struct ChannelLayout {
  int64_t outer, channels, inner;
  int64_t numel() const { return outer * channels * inner; }
};

// `mean` and `scale`, the reciprocal of the root of variance + eps, are of float64, one for each channel. Means, weights and gradients of
// weights that are null are left out, of numbers 0 and 1.

/// Takes both of x, which has elements. Running statistics that are not null, of x's dtype, become (1 - momentum) of themselves and
/// momentum of the batch's, whose variance is then over n - 1. Variance and eps both 0 give scale 0.
void channel_moments(ScalarType dtype, const ChannelLayout& layout, const void* x, double eps, double* mean, double* scale, void* running_mean,
                     void* running_variance, double momentum);
/// Takes both from running statistics.
void channel_running_moments(ScalarType dtype, int64_t channels, const void* running_mean, const void* running_variance, double eps, double* mean,
                             double* scale);

/// y = (x - mean) * scale * weight + bias
void channel_norm(ScalarType dtype, const ChannelLayout& layout, const void* x, const double* mean, const double* scale, const void* weight,
                  const void* bias, void* y);

/// What the gradients of channel_norm are for gy; null ones are left out. `fixed`: the moments don't depend on x.
struct NormGradients {
  void *x, *weight, *bias;
};
void channel_norm_backward(ScalarType dtype, const ChannelLayout& layout, const void* gy, const void* x, const double* mean, const double* scale,
                           const void* weight, bool fixed, NormGradients gradients);

}}}  // namespace torch::xgrad::kernels
