#include <xgrad/nn/layers/embedding.h>

#include <xgrad/autograd/ops/ops.h>
#include <xgrad/nn/init.h>
#include <xgrad/nn/layers/print_layer.h>

namespace torch { inline namespace xgrad { namespace nn {

namespace {

std::optional<int64_t> padding_row(const std::optional<int64_t>& padding, int64_t rows) {
  if (!padding) return padding;
  XGRAD_CHECK_AS(IndexError, *padding >= -rows && *padding < rows, "[embedding] Padding_idx must be within num_embeddings, got ", *padding, " of ",
                 rows);
  return *padding < 0 ? *padding + rows : *padding;
}

void check_options(bool sparse) { XGRAD_CHECK_AS(NotImplementedError, !sparse, "[Embedding] sparse gradients are not supported, got sparse=true"); }

}  // namespace

Tensor functional::embedding(const Tensor& input, const Tensor& weight, const EmbeddingFuncOptions& options) {
  check_options(options.sparse());
  XGRAD_CHECK(weight.dim() == 2, "[embedding] 'weight' must be 2-D, got ", weight);
  const std::optional<int64_t> padding = padding_row(options.padding_idx(), weight.size(0));
  if (options.max_norm()) {
    const NoGradGuard no_graph;
    Tensor table = weight;
    embedding_renorm_(table, input, *options.max_norm(), options.norm_type());
  }
  return torch::embedding(weight, input, padding.value_or(-1), options.scale_grad_by_freq());
}

EmbeddingImpl::EmbeddingImpl(int64_t num_embeddings, int64_t embedding_dim) : EmbeddingImpl(EmbeddingOptions(num_embeddings, embedding_dim)) {}
EmbeddingImpl::EmbeddingImpl(const EmbeddingOptions& options_) : options(options_) { reset(); }

void EmbeddingImpl::reset() {
  check_options(options.sparse());
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

XGRAD_DEFINE_LAYER(Embedding,
                   functional::embedding(input, weight,
                                         functional::EmbeddingFuncOptions()
                                             .padding_idx(options.padding_idx())
                                             .max_norm(options.max_norm())
                                             .norm_type(options.norm_type())
                                             .scale_grad_by_freq(options.scale_grad_by_freq())),
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
