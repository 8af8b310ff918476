// Embeddings, a vector for each of a number of things: their options, as a function and as a module.
#pragma once

#include <cstdint>
#include <optional>

#include <xgrad/io/fields.h>
#include <xgrad/nn/cloneable.h>

namespace torch { inline namespace xgrad { namespace nn {

// What the three kinds of options share.
#define XGRAD_EMBEDDING_FIELDS                                                                                                       \
  (std::optional<int64_t>, padding_idx, , changed), (std::optional<double>, max_norm, , changed), (double, norm_type, 2.0, changed), \
      (bool, scale_grad_by_freq, false, changed), (bool, sparse, false, changed)

/// padding_idx: the row that gets no gradient and is 0 at first; negative counts from the back. max_norm: rows asked for
/// whose norm_type-norm is larger are scaled to it, in the parameter itself. _weight: the rows to start with.
/// scale_grad_by_freq: a row's gradient is divided by the number of times that it was asked for. sparse: the gradient lists the rows
/// asked for, a sparse tensor (tensor.h), and a step of SGD, Adagrad or SparseAdam costs what those rows cost; not together with
/// scale_grad_by_freq.
struct EmbeddingOptions {
  EmbeddingOptions(int64_t num_embeddings, int64_t embedding_dim) : num_embeddings_(num_embeddings), embedding_dim_(embedding_dim) {}
  XGRAD_FIELDS((int64_t, num_embeddings, ), (int64_t, embedding_dim, ), XGRAD_EMBEDDING_FIELDS, (Tensor, _weight, , never))
};

/// Of Embedding::from_pretrained. freeze: the rows get no gradient. The others as above.
struct EmbeddingFromPretrainedOptions {
  XGRAD_FIELDS((bool, freeze, true), XGRAD_EMBEDDING_FIELDS)
};

namespace functional {

struct EmbeddingFuncOptions {
  XGRAD_FIELDS(XGRAD_EMBEDDING_FIELDS)
};

/// Row input[i] of weight [rows, size] for every element of the integer tensor `input`; result: [input's shape..., size].
/// Throws IndexError for an element outside [0, rows). With max_norm, the rows asked for are first scaled in place, without
/// a graph.
XGRAD_API Tensor embedding(const Tensor& input, const Tensor& weight, const EmbeddingFuncOptions& options = {});

/// torch::one_hot: a 1 at each class and 0 elsewhere, on a new last axis.
XGRAD_API Tensor one_hot(const Tensor& tensor, int64_t num_classes = -1);

}  // namespace functional
#undef XGRAD_EMBEDDING_FIELDS

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
