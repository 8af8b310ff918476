// Distances between pairs of rows.
#pragma once

#include <cstdint>

#include <xgrad/autograd/core/dtype.h>

namespace torch { inline namespace xgrad { namespace kernels {

/// y[b, i, j] = the p-norm of x1[b, i] - x2[b, j], rows of `width`: [batches, n, width], [batches, m, width]. p >= 0, infinite too.
void cross_distances(ScalarType dtype, int64_t batches, int64_t n, int64_t m, int64_t width, double p, const void* x1, const void* x2, void* y);
/// The same of rows i < j of x[n, width], one after the other.
void own_distances(ScalarType dtype, int64_t n, int64_t width, double p, const void* x, void* y);

}}}  // namespace torch::xgrad::kernels
