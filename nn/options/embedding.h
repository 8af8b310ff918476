// Options of embeddings.
#pragma once

#include <cstdint>
#include <optional>

#include <xgrad/autograd/tensor.h>
#include <xgrad/nn/arg.h>

namespace xgrad::nn {

/// padding_idx: the row that gets no gradient and is 0 at first; negative counts from the back. _weight: the rows to start
/// with.
struct EmbeddingOptions {
  EmbeddingOptions(int64_t num_embeddings, int64_t embedding_dim) : num_embeddings_(num_embeddings), embedding_dim_(embedding_dim) {}
  XGRAD_ARG(int64_t, num_embeddings);
  XGRAD_ARG(int64_t, embedding_dim);
  XGRAD_ARG(std::optional<int64_t>, padding_idx);
  XGRAD_ARG(Tensor, _weight) = {};
};

namespace functional {

struct EmbeddingFuncOptions {
  XGRAD_ARG(std::optional<int64_t>, padding_idx);
};

}  // namespace functional
}  // namespace xgrad::nn
