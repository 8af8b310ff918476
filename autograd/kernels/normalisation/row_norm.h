// Normalisation of rows: of [samples, groups, channels, inner], row-major, the last two axes have one mean and one variance. Weight and bias
// are [groups, channels]. Layer normalisation has one group of n channels and inner 1.
#pragma once

#include <cstdint>

#include <xgrad/autograd/kernels/normalisation/channel_norm.h>

namespace torch { inline namespace xgrad { namespace kernels {

struct RowLayout {
  int64_t samples, groups, channels, inner;
  int64_t rows() const { return samples * groups; }
  int64_t row() const { return channels * inner; }
};

/// y = (x - mean) * scale * weight + bias, scale = 1 / sqrt(variance + eps), both kept for each row as float64. Weight and bias may be null.
void row_norm(ScalarType dtype, const RowLayout& layout, const void* x, const void* weight, const void* bias, double eps, double* mean, double* scale,
              void* y);

/// Its gradients for gy; null ones are left out.
void row_norm_backward(ScalarType dtype, const RowLayout& layout, const void* gy, const void* x, const double* mean, const double* scale,
                       const void* weight, NormGradients gradients);

}}}  // namespace torch::xgrad::kernels
