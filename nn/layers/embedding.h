// Embeddings: a vector for each of a number of things.
#pragma once

#include <xgrad/nn/cloneable.h>
#include <xgrad/nn/options/embedding.h>

namespace torch { inline namespace xgrad { namespace nn {

/// Gives row input[i] of its parameter `weight` [num_embeddings, embedding_dim] for every element of an integer tensor.
/// The rows are standard normal at first.
class XGRAD_API EmbeddingImpl : public Cloneable<EmbeddingImpl> {
 public:
  EmbeddingImpl(int64_t num_embeddings, int64_t embedding_dim);
  explicit EmbeddingImpl(const EmbeddingOptions& options_);

  void reset() override;
  /// Draws new initial values.
  void reset_parameters();
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& input);

  EmbeddingOptions options;
  Tensor weight;
};

class Embedding : public ModuleHolder<EmbeddingImpl> {
 public:
  using ModuleHolder<EmbeddingImpl>::ModuleHolder;
  using Impl [[maybe_unused]] = EmbeddingImpl;
  /// Starts with these rows [num_embeddings, embedding_dim], whose memory it shares; frozen unless the options say otherwise.
  XGRAD_API static Embedding from_pretrained(const Tensor& embeddings, const EmbeddingFromPretrainedOptions& options = {});
};

}}}  // namespace torch::xgrad::nn
