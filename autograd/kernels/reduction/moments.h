// Variance and norms: reductions that need more than one number on the way.
#pragma once

#include <xgrad/autograd/kernels/reduction/reduction.h>

namespace torch { inline namespace xgrad { namespace kernels {

/// Sum of squared deviations from the mean over max(n - correction, 0), or the root of that. Deviations are taken within
/// leaves and leaves are joined by Chan's formula, so a large common offset costs no digits.
void reduce_variance(const ReductionGeometry& g, ScalarType in, const void* x, void* y, double correction, bool root);

/// reduce_norm for p = 0 or +-inf.
void reduce_limit_norm(const ReductionGeometry& g, ScalarType in, const void* x, void* y, double p);

/// (sum |x|^p)^(1/p); the largest or smallest |x| for p = +-inf, the count of non-zeros for p = 0. No power overflows or
/// underflows unless the result does.
void reduce_norm(const ReductionGeometry& g, ScalarType in, const void* x, void* y, double p);

}}}  // namespace torch::xgrad::kernels
