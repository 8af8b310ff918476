#include <xgrad/nn/layers/embedding.h>

#include <xgrad/nn/layers/embedding_table.h>
#include <xgrad/nn/layers/print_layer.h>

namespace torch { inline namespace xgrad { namespace nn {

Tensor functional::embedding(const Tensor& input, const Tensor& weight, const EmbeddingFuncOptions& options) {
  XGRAD_CHECK(weight.dim() == 2, "[embedding] 'weight' must be 2-D, got ", weight);
  const std::optional<int64_t> padding = padding_row("embedding", options.padding_idx(), weight.size(0));
  limit_rows_asked_for(weight, input, options.max_norm(), options.norm_type());
  return torch::embedding(weight, input, padding.value_or(-1), options.scale_grad_by_freq(), options.sparse());
}

Tensor functional::one_hot(const Tensor& tensor, int64_t num_classes) { return torch::one_hot(tensor, num_classes); }

EmbeddingImpl::EmbeddingImpl(int64_t num_embeddings, int64_t embedding_dim) : EmbeddingImpl(EmbeddingOptions(num_embeddings, embedding_dim)) {}
EmbeddingImpl::EmbeddingImpl(const EmbeddingOptions& options_) : options(options_) { reset(); }

void EmbeddingImpl::reset() { register_table("Embedding", *this, "_weight"); }

void EmbeddingImpl::reset_parameters() {
  init::normal_(weight);
  if (options.padding_idx()) init::zeros_(weight.detach()[*options.padding_idx()]);
}

XGRAD_DEFINE_LAYER(Embedding,
                   functional::embedding(input, weight,
                                         functional::EmbeddingFuncOptions()
                                             .padding_idx(options.padding_idx())
                                             .max_norm(options.max_norm())
                                             .norm_type(options.norm_type())
                                             .scale_grad_by_freq(options.scale_grad_by_freq())
                                             .sparse(options.sparse())),
                   const Tensor& input)

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
