// Rows of a table, chosen by number.
#pragma once

#include <xgrad/autograd/tensor.h>
#include <xgrad/nn/options/embedding.h>

namespace xgrad::nn::functional {

/// Row input[i] of weight [rows, size] for every element of the integer tensor `input`; result: [input's shape..., size].
/// Throws IndexError for an element outside [0, rows).
XGRAD_API Tensor embedding(const Tensor& input, const Tensor& weight, const EmbeddingFuncOptions& options = {});

}  // namespace xgrad::nn::functional
