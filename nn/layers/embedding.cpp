#include <xgrad/nn/layers/embedding.h>

#include <ostream>

#include <xgrad/autograd/ops/creation/creation.h>
#include <xgrad/nn/functional/embedding.h>
#include <xgrad/nn/init.h>

namespace torch { inline namespace xgrad { namespace nn {

EmbeddingImpl::EmbeddingImpl(int64_t num_embeddings, int64_t embedding_dim) : EmbeddingImpl(EmbeddingOptions(num_embeddings, embedding_dim)) {}
EmbeddingImpl::EmbeddingImpl(const EmbeddingOptions& options_) : options(options_) { reset(); }

void EmbeddingImpl::reset() {
  functional::check_embedding_options(options.scale_grad_by_freq(), options.sparse());
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
  if (options.max_norm()) stream << ", max_norm=" << *options.max_norm();
  if (options.norm_type() != 2) stream << ", norm_type=" << options.norm_type();
  stream << ')';
}

Tensor EmbeddingImpl::forward(const Tensor& input) {
  return functional::embedding(input, weight, functional::EmbeddingFuncOptions()
                                                  .padding_idx(options.padding_idx())
                                                  .max_norm(options.max_norm())
                                                  .norm_type(options.norm_type()));
}

Embedding Embedding::from_pretrained(const Tensor& embeddings, const EmbeddingFromPretrainedOptions& options) {
  XGRAD_CHECK(embeddings.dim() == 2, "[Embedding] Embeddings parameter is expected to be 2-dimensional, got ", embeddings);
  Embedding table(EmbeddingOptions(embeddings.size(0), embeddings.size(1))
                      ._weight(embeddings)
                      .padding_idx(options.padding_idx())
                      .max_norm(options.max_norm())
                      .norm_type(options.norm_type())
                      .scale_grad_by_freq(options.scale_grad_by_freq())
                      .sparse(options.sparse()));
  table->weight.set_requires_grad(!options.freeze());
  return table;
}

}}}  // namespace torch::xgrad::nn
