// Rows of a table, chosen by number.
#pragma once

#include <xgrad/autograd/tensor/tensor.h>
#include <xgrad/nn/options/embedding.h>

namespace torch { inline namespace xgrad { namespace nn::functional {

/// Row input[i] of weight [rows, size] for every element of the integer tensor `input`; result: [input's shape..., size].
/// Throws IndexError for an element outside [0, rows). With max_norm, the rows asked for are first scaled in place, without
/// a graph.
XGRAD_API Tensor embedding(const Tensor& input, const Tensor& weight, const EmbeddingFuncOptions& options = {});

/// Throws NotImplementedError, naming the option, where one is set that needs sparse or weighted gradients.
XGRAD_API void check_embedding_options(bool scale_grad_by_freq, bool sparse);

}}}  // namespace torch::xgrad::nn::functional
