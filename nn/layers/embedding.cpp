#include <xgrad/nn/layers/embedding.h>

#include <ostream>

#include <xgrad/autograd/ops/creation.h>
#include <xgrad/nn/functional/embedding.h>
#include <xgrad/nn/init.h>

namespace xgrad::nn {

EmbeddingImpl::EmbeddingImpl(const EmbeddingOptions& options_) : options(options_) { reset(); }

void EmbeddingImpl::reset() {
  const int64_t rows = options.num_embeddings(), size = options.embedding_dim();
  if (auto& padding = options.padding_idx()) {
    XGRAD_CHECK_AS(IndexError, *padding >= -rows && *padding < rows, "[Embedding] Padding_idx must be within num_embeddings, got ", *padding, " of ",
                   rows);
    if (*padding < 0) *padding += rows;
  }
  const Tensor& given = options._weight();
  if (given.defined()) {
    XGRAD_CHECK(given.sizes() == IntArrayRef({rows, size}), "[Embedding] Shape of _weight does not match num_embeddings and embedding_dim, got ",
                given.sizes(), " and ", rows, " and ", size);
    weight = register_parameter("weight", given.detach());
  } else {
    weight = register_parameter("weight", empty({rows, size}));
    reset_parameters();
  }
}

void EmbeddingImpl::reset_parameters() {
  init::normal_(weight);
  if (options.padding_idx()) init::zeros_(weight.detach()[*options.padding_idx()]);
}

void EmbeddingImpl::pretty_print(std::ostream& stream) const {
  stream << "torch::nn::Embedding(num_embeddings=" << options.num_embeddings() << ", embedding_dim=" << options.embedding_dim();
  if (options.padding_idx()) stream << ", padding_idx=" << *options.padding_idx();
  stream << ')';
}

Tensor EmbeddingImpl::forward(const Tensor& input) {
  return functional::embedding(input, weight, functional::EmbeddingFuncOptions().padding_idx(options.padding_idx()));
}

}  // namespace xgrad::nn
