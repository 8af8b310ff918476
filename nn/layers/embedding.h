// Embeddings: a vector for each of a number of things.
#pragma once

#include <xgrad/nn/cloneable.h>
#include <xgrad/nn/options/embedding.h>

namespace xgrad::nn {

/// Gives row input[i] of its parameter `weight` [num_embeddings, embedding_dim] for every element of an integer tensor.
/// The rows are standard normal at first.
class XGRAD_API EmbeddingImpl : public Cloneable<EmbeddingImpl> {
 public:
  EmbeddingImpl(int64_t num_embeddings, int64_t embedding_dim) : EmbeddingImpl(EmbeddingOptions(num_embeddings, embedding_dim)) {}
  explicit EmbeddingImpl(const EmbeddingOptions& options_);

  void reset() override;
  /// Draws new initial values.
  void reset_parameters();
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& input);

  EmbeddingOptions options;
  Tensor weight;
};
TORCH_MODULE(Embedding);

}  // namespace xgrad::nn
