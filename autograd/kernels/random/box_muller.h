// Normal numbers from uniform ones, sixteen at a time.
#pragma once

#include <cstdint>

#include <xgrad/autograd/core/namespace.h>

namespace torch { inline namespace xgrad { namespace kernels {

/// Turns each block of 16 uniform numbers of [0, 1) into 16 normal ones; the pairs of a block are (i, i + 8).
/// In float32 bit for bit what PyTorch computes with AVX2, whatever this processor has.
void box_muller(float* values, int64_t blocks, float mean, float std);
void box_muller(double* values, int64_t blocks, double mean, double std);

}}}  // namespace torch::xgrad::kernels
