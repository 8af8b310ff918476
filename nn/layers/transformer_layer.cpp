#include <xgrad/nn/layers/transformer_layer.h>

#include <xgrad/autograd/ops/ops.h>

namespace torch { inline namespace xgrad { namespace nn {

namespace {

Tensor activated(const activation_t& activation, const Tensor& x) {
  if (std::holds_alternative<enumtype::kReLU>(activation)) return relu(x);
  if (std::holds_alternative<enumtype::kGELU>(activation)) return gelu(x);
  const auto& f = std::get<std::function<Tensor(const Tensor&)>>(activation);
  XGRAD_CHECK(f != nullptr, "[TransformerLayer] activation should be kGELU, kReLU, or a callable, got an empty function");
  return f(x);
}

// Nobody looks at the weights: they need no memory.
Tensor attended(MultiheadAttention& attention, const Tensor& query, const Tensor& key, const Tensor& mask, const Tensor& key_padding_mask) {
  return std::get<0>(attention(query, key, key, key_padding_mask, false, mask));
}

}  // namespace

TransformerEncoderLayerImpl::TransformerEncoderLayerImpl(int64_t d_model, int64_t nhead)
    : TransformerEncoderLayerImpl(TransformerEncoderLayerOptions(d_model, nhead)) {}
TransformerEncoderLayerImpl::TransformerEncoderLayerImpl(const TransformerEncoderLayerOptions& options_) : options(options_) { reset(); }

void TransformerEncoderLayerImpl::reset() {
  const int64_t d = options.d_model(), wide = options.dim_feedforward();
  const double p = options.dropout();
  self_attn = register_module("self_attn", MultiheadAttention(MultiheadAttentionOptions(d, options.nhead()).dropout(p)));
  linear1 = register_module("linear1", Linear(d, wide));
  dropout = register_module("dropout", Dropout(p));
  linear2 = register_module("linear2", Linear(wide, d));
  norm1 = register_module("norm1", LayerNorm(LayerNormOptions({d})));
  norm2 = register_module("norm2", LayerNorm(LayerNormOptions({d})));
  dropout1 = register_module("dropout1", Dropout(p));
  dropout2 = register_module("dropout2", Dropout(p));
}

void TransformerEncoderLayerImpl::reset_parameters() {
  self_attn->_reset_parameters();
  linear1->reset_parameters();
  linear2->reset_parameters();
  norm1->reset_parameters();
  norm2->reset_parameters();
}

Tensor TransformerEncoderLayerImpl::forward(const Tensor& src, const Tensor& src_mask, const Tensor& src_key_padding_mask) {
  const Tensor y = norm1(src + dropout1(attended(self_attn, src, src, src_mask, src_key_padding_mask)));
  return norm2(y + dropout2(linear2(dropout(activated(options.activation(), linear1(y))))));
}

TransformerDecoderLayerImpl::TransformerDecoderLayerImpl(int64_t d_model, int64_t nhead)
    : TransformerDecoderLayerImpl(TransformerDecoderLayerOptions(d_model, nhead)) {}
TransformerDecoderLayerImpl::TransformerDecoderLayerImpl(const TransformerDecoderLayerOptions& options_) : options(options_) { reset(); }

void TransformerDecoderLayerImpl::reset() {
  const int64_t d = options.d_model(), wide = options.dim_feedforward();
  const double p = options.dropout();
  self_attn = register_module("self_attn", MultiheadAttention(MultiheadAttentionOptions(d, options.nhead()).dropout(p)));
  multihead_attn = register_module("multihead_attn", MultiheadAttention(MultiheadAttentionOptions(d, options.nhead()).dropout(p)));
  linear1 = register_module("linear1", Linear(d, wide));
  dropout = register_module("dropout", Dropout(p));
  linear2 = register_module("linear2", Linear(wide, d));
  norm1 = register_module("norm1", LayerNorm(LayerNormOptions({d})));
  norm2 = register_module("norm2", LayerNorm(LayerNormOptions({d})));
  norm3 = register_module("norm3", LayerNorm(LayerNormOptions({d})));
  dropout1 = register_module("dropout1", Dropout(p));
  dropout2 = register_module("dropout2", Dropout(p));
  dropout3 = register_module("dropout3", Dropout(p));
}

void TransformerDecoderLayerImpl::reset_parameters() {
  self_attn->_reset_parameters();
  norm1->reset_parameters();
  multihead_attn->_reset_parameters();
  norm2->reset_parameters();
  linear1->reset_parameters();
  linear2->reset_parameters();
  norm3->reset_parameters();
}

Tensor TransformerDecoderLayerImpl::activation(const Tensor& input) { return activated(options.activation(), input); }

Tensor TransformerDecoderLayerImpl::forward(Tensor tgt, const Tensor& memory, const Tensor& tgt_mask, const Tensor& memory_mask,
                                            const Tensor& tgt_key_padding_mask, const Tensor& memory_key_padding_mask) {
  tgt = norm1(tgt + dropout1(attended(self_attn, tgt, tgt, tgt_mask, tgt_key_padding_mask)));
  tgt = norm2(tgt + dropout2(attended(multihead_attn, tgt, memory, memory_mask, memory_key_padding_mask)));
  return norm3(tgt + dropout3(linear2(dropout(activation(linear1(tgt))))));
}

XGRAD_DEFINE_DEFAULT_ARGS(TransformerEncoderLayerImpl, 1, AnyValue(Tensor()), AnyValue(Tensor()))
XGRAD_DEFINE_DEFAULT_ARGS(TransformerDecoderLayerImpl, 2, AnyValue(Tensor()), AnyValue(Tensor()), AnyValue(Tensor()), AnyValue(Tensor()))

}}}  // namespace torch::xgrad::nn
