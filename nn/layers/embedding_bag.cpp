#include <xgrad/nn/layers/embedding_bag.h>

#include <xgrad/autograd/tensor/if_defined.h>
#include <xgrad/nn/layers/embedding_table.h>
#include <xgrad/nn/layers/print_layer.h>

namespace torch { inline namespace xgrad { namespace nn {

namespace {

using BagOptions = functional::EmbeddingBagFuncOptions;

struct Bags {
  Tensor indices, offsets, factors;
};

Bags bags_of(const Tensor& input, const BagOptions& options) {
  const Tensor &offsets = options.offsets(), &factors = options.per_sample_weights();
  XGRAD_CHECK(!factors.defined() || input.sizes() == factors.sizes(), "[embedding_bag] If per_sample_weights (",
              factors.defined() ? factors.sizes() : IntArrayRef(), ") is not null, then it must have the same shape as the input (", input.sizes(),
              ")");
  if (input.dim() == 2) {
    XGRAD_CHECK(
        !offsets.defined(),
        "[embedding_bag] If input is 2D, then offsets has to be null, as input is treated is a mini-batch of fixed length sequences. However, "
        "found offsets of shape ",
        offsets.defined() ? offsets.sizes() : IntArrayRef());
    XGRAD_CHECK_AS(ValueError, input.size(1) > 0, "[embedding_bag] step must be nonzero: a 2D input needs columns, got ", input);
    return {input.reshape({-1}), arange(0, input.numel(), input.size(1), kLong), factors.defined() ? factors.reshape({-1}) : factors};
  }
  XGRAD_CHECK(input.dim() == 1, "[embedding_bag] input has to be 1D or 2D Tensor, but got Tensor of dimension ", input.dim());
  XGRAD_CHECK(offsets.defined(), "[embedding_bag] offsets has to be a 1D Tensor but got null");
  XGRAD_CHECK(offsets.dim() == 1, "[embedding_bag] offsets has to be a 1D Tensor, got shape ", offsets.sizes());
  XGRAD_CHECK_AS(IndexError, offsets.numel() > 0, "[embedding_bag] index 0 is out of bounds for dimension 0 with size 0: offsets is empty");
  return {input, offsets, factors};
}

int64_t number_of(const EmbeddingBagMode& mode) { return static_cast<int64_t>(mode.index()); }
constexpr int64_t kSumMode = 0, kMaxMode = 2;

// All that could throw after the table has been changed.
void check_before_limits(const Tensor& weight, const Bags& bags, const BagOptions& options) {
  const NoGradGuard no_graph;
  torch::embedding_bag(weight, bags.indices, bags.offsets, options.scale_grad_by_freq(), number_of(options.mode()), options.sparse(),
                       if_defined(bags.factors), options.include_last_offset(), options.padding_idx());
}

}  // namespace

Tensor functional::embedding_bag(const Tensor& input, const Tensor& weight, const EmbeddingBagFuncOptions& options) {
  const Bags bags = bags_of(input, options);
  const int64_t mode = number_of(options.mode());
  XGRAD_CHECK(mode != kMaxMode || !options.scale_grad_by_freq(),
              "[embedding_bag] max mode does not support scaling the gradient by the frequency, got scale_grad_by_freq=true");
  XGRAD_CHECK(mode != kMaxMode || !options.sparse(), "[embedding_bag] max mode does not support sparse weights, got sparse=true");
  XGRAD_CHECK(!bags.factors.defined() || mode == kSumMode,
              "[embedding_bag] per_sample_weights was not null. per_sample_weights is only supported for ", "mode='kSum' (got mode='",
              enumtype::get_enum_name(options.mode()), "')");
  if (options.max_norm()) check_before_limits(weight, bags, options);
  limit_rows_asked_for(weight, bags.indices, options.max_norm(), options.norm_type());
  return std::get<0>(torch::embedding_bag(weight, bags.indices, bags.offsets, options.scale_grad_by_freq(), mode, options.sparse(),
                                          if_defined(bags.factors), options.include_last_offset(), options.padding_idx()));
}

EmbeddingBagImpl::EmbeddingBagImpl(int64_t num_embeddings, int64_t embedding_dim)
    : EmbeddingBagImpl(EmbeddingBagOptions(num_embeddings, embedding_dim)) {}
EmbeddingBagImpl::EmbeddingBagImpl(const EmbeddingBagOptions& options_) : options(options_) { reset(); }

void EmbeddingBagImpl::reset() { register_table("EmbeddingBag", *this, "weight"); }

// libtorch clears the padding row first and then draws it too; it is never read.
void EmbeddingBagImpl::reset_parameters() { init::normal_(weight); }

XGRAD_DEFINE_LAYER(EmbeddingBag,
                   functional::embedding_bag(input, weight,
                                             BagOptions()
                                                 .offsets(offsets)
                                                 .max_norm(options.max_norm())
                                                 .norm_type(options.norm_type())
                                                 .scale_grad_by_freq(options.scale_grad_by_freq())
                                                 .mode(options.mode())
                                                 .sparse(options.sparse())
                                                 .per_sample_weights(per_sample_weights)
                                                 .include_last_offset(options.include_last_offset())
                                                 .padding_idx(options.padding_idx())),
                   const Tensor& input, const Tensor& offsets, const Tensor& per_sample_weights)

EmbeddingBag EmbeddingBag::from_pretrained(const Tensor& embeddings, const EmbeddingBagFromPretrainedOptions& options) {
  XGRAD_CHECK(embeddings.dim() == 2, "[EmbeddingBag] Embeddings parameter is expected to be 2-dimensional, got ", embeddings);
  EmbeddingBag table(EmbeddingBagOptions(embeddings.size(0), embeddings.size(1))
                         ._weight(embeddings)
                         .max_norm(options.max_norm())
                         .norm_type(options.norm_type())
                         .scale_grad_by_freq(options.scale_grad_by_freq())
                         .mode(options.mode())
                         .sparse(options.sparse())
                         .include_last_offset(options.include_last_offset())
                         .padding_idx(options.padding_idx()));
  table->weight.set_requires_grad(!options.freeze());
  return table;
}

}}}  // namespace torch::xgrad::nn
