// Bags of embeddings, rows of a table that are added up, averaged or compared: their options, as a function and as a module.
#pragma once

#include <cstdint>
#include <optional>
#include <variant>

#include <xgrad/io/fields.h>
#include <xgrad/nn/any_module.h>
#include <xgrad/nn/cloneable.h>
#include <xgrad/nn/enum.h>

namespace torch { inline namespace xgrad { namespace nn {

/// What becomes of the rows of a bag: their sum, mean, or largest elements.
using EmbeddingBagMode = std::variant<enumtype::kSum, enumtype::kMean, enumtype::kMax>;

// What the kinds of options share.
#define XGRAD_EMBEDDING_BAG_LIMITS \
  (std::optional<double>, max_norm, , changed), (double, norm_type, 2.0, changed), (bool, scale_grad_by_freq, false, changed)
#define XGRAD_EMBEDDING_BAG_MODE (EmbeddingBagMode, mode, enumtype::kMean(), changed)
#define XGRAD_EMBEDDING_BAG_ENDS (bool, include_last_offset, false, changed), (std::optional<int64_t>, padding_idx, , changed)

/// max_norm, norm_type, scale_grad_by_freq, sparse, _weight: as in EmbeddingOptions; the third and fourth not with kMax.
/// include_last_offset: the last offset only ends the last bag. padding_idx: a row that is left out of the bags; negative counts from the
/// back.
struct EmbeddingBagOptions {
  EmbeddingBagOptions(int64_t num_embeddings, int64_t embedding_dim) : num_embeddings_(num_embeddings), embedding_dim_(embedding_dim) {}
  XGRAD_FIELDS((int64_t, num_embeddings, ), (int64_t, embedding_dim, ), XGRAD_EMBEDDING_BAG_LIMITS, (bool, sparse, false, changed),
               XGRAD_EMBEDDING_BAG_MODE, (Tensor, _weight, , never), XGRAD_EMBEDDING_BAG_ENDS)
};

/// Of EmbeddingBag::from_pretrained. freeze: the rows get no gradient. The others as above.
struct EmbeddingBagFromPretrainedOptions {
  XGRAD_FIELDS((bool, freeze, true), XGRAD_EMBEDDING_BAG_LIMITS, XGRAD_EMBEDDING_BAG_MODE, (bool, sparse, false), XGRAD_EMBEDDING_BAG_ENDS)
};

namespace functional {

/// offsets: where each bag begins in a 1-D input, the first at 0. per_sample_weights: what each row is multiplied with, with kSum alone; of
/// the input's shape. The others as above.
struct EmbeddingBagFuncOptions {
  XGRAD_FIELDS((Tensor, offsets, , never), XGRAD_EMBEDDING_BAG_LIMITS, XGRAD_EMBEDDING_BAG_MODE, (bool, sparse, false),
               (Tensor, per_sample_weights, , never), XGRAD_EMBEDDING_BAG_ENDS)
};

/// The bags of rows of `weight` [rows, size] at the integers `input`: of each row of a 2-D input [bags, n], without offsets; or of a 1-D
/// input, divided by the offsets. Result: [bags, size], 0 for an empty bag. Throws for an index outside the table, offsets that are not
/// ascending from 0 within the input, and options that don't go together. With max_norm, the rows asked for are first scaled in place,
/// without a graph.
XGRAD_API Tensor embedding_bag(const Tensor& input, const Tensor& weight, const EmbeddingBagFuncOptions& options = {});

}  // namespace functional
#undef XGRAD_EMBEDDING_BAG_LIMITS
#undef XGRAD_EMBEDDING_BAG_MODE
#undef XGRAD_EMBEDDING_BAG_ENDS

/// functional::embedding_bag with its parameter `weight` [num_embeddings, embedding_dim], whose rows are standard normal at first.
class XGRAD_API EmbeddingBagImpl : public Cloneable<EmbeddingBagImpl> {
 public:
  EmbeddingBagImpl(int64_t num_embeddings, int64_t embedding_dim);
  explicit EmbeddingBagImpl(const EmbeddingBagOptions& options_);

  void reset() override;
  /// Draws new initial values.
  void reset_parameters();
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& input, const Tensor& offsets = {}, const Tensor& per_sample_weights = {});

  EmbeddingBagOptions options;
  Tensor weight;

 protected:
  FORWARD_HAS_DEFAULT_ARGS({1, AnyValue(Tensor())}, {2, AnyValue(Tensor())})
};

class EmbeddingBag : public ModuleHolder<EmbeddingBagImpl> {
 public:
  using ModuleHolder<EmbeddingBagImpl>::ModuleHolder;
  using Impl [[maybe_unused]] = EmbeddingBagImpl;
  /// Starts with these rows [num_embeddings, embedding_dim], whose memory it shares; frozen unless the options say otherwise.
  XGRAD_API static EmbeddingBag from_pretrained(const Tensor& embeddings, const EmbeddingBagFromPretrainedOptions& options = {});
};

}}}  // namespace torch::xgrad::nn
