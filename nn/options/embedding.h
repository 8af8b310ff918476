// Options of embeddings.
#pragma once

#include <cstdint>
#include <optional>

#include <xgrad/autograd/tensor/tensor.h>
#include <xgrad/nn/arg.h>

namespace torch { inline namespace xgrad { namespace nn {

/// padding_idx: the row that gets no gradient and is 0 at first; negative counts from the back. max_norm: rows asked for
/// whose norm_type-norm is larger are scaled to it, in the parameter itself. _weight: the rows to start with.
/// scale_grad_by_freq and sparse are refused when set.
struct EmbeddingOptions {
  EmbeddingOptions(int64_t num_embeddings, int64_t embedding_dim) : num_embeddings_(num_embeddings), embedding_dim_(embedding_dim) {}
  XGRAD_ARG(int64_t, num_embeddings);
  XGRAD_ARG(int64_t, embedding_dim);
  XGRAD_ARG(std::optional<int64_t>, padding_idx);
  XGRAD_ARG(std::optional<double>, max_norm);
  XGRAD_ARG(double, norm_type) = 2.0;
  XGRAD_ARG(bool, scale_grad_by_freq) = false;
  XGRAD_ARG(bool, sparse) = false;
  XGRAD_ARG(Tensor, _weight) = {};
};

/// Of Embedding::from_pretrained. freeze: the rows get no gradient. The others as above.
struct EmbeddingFromPretrainedOptions {
  XGRAD_ARG(bool, freeze) = true;
  XGRAD_ARG(std::optional<int64_t>, padding_idx);
  XGRAD_ARG(std::optional<double>, max_norm);
  XGRAD_ARG(double, norm_type) = 2.0;
  XGRAD_ARG(bool, scale_grad_by_freq) = false;
  XGRAD_ARG(bool, sparse) = false;
};

namespace functional {

struct EmbeddingFuncOptions {
  XGRAD_ARG(std::optional<int64_t>, padding_idx);
  XGRAD_ARG(std::optional<double>, max_norm);
  XGRAD_ARG(double, norm_type) = 2.0;
  XGRAD_ARG(bool, scale_grad_by_freq) = false;
  XGRAD_ARG(bool, sparse) = false;
};

}  // namespace functional
}}}  // namespace torch::xgrad::nn
