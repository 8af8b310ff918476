#include <xgrad/nn/layers/transformer.h>

#include <limits>

#include <xgrad/autograd/ops/ops.h>
#include <xgrad/nn/init.h>

namespace torch { inline namespace xgrad { namespace nn {

namespace {

// The copies of a stack, and its norm if there is one.
template <class Stack, class Layer> void register_stack(Stack& stack, const Layer& layer) {
  stack.layers = stack.register_module("layers", ModuleList());
  for (int64_t i = 0; i < stack.options.num_layers(); ++i) stack.layers->push_back(layer->clone());
  if (stack.options.norm().is_empty()) return;
  stack.norm = stack.options.norm().clone();
  stack.register_module("norm", stack.norm.ptr());
}

template <class Layer, class Stack> void reset_stack(Stack& stack, const char* name) {
  const auto wanted = static_cast<size_t>(stack.options.num_layers());
  XGRAD_CHECK(stack.layers->size() == wanted, "[", name, "] should have ", wanted, " layers, but got ", stack.layers->size());
  for (size_t i = 0; i < wanted; ++i) stack.layers->template at<Layer>(i).reset_parameters();
  if (!stack.norm.is_empty()) {
    stack.unregister_module("norm");
    stack.norm = AnyModule();
  }
  if (stack.options.norm().is_empty()) return;
  stack.norm = stack.options.norm().clone();
  stack.register_module("norm", stack.norm.ptr());
}

template <class Layer, class Stack, class... More> Tensor through_stack(Stack& stack, Tensor x, const More&... more) {
  for (size_t i = 0; i < stack.layers->size(); ++i) x = stack.layers->template at<Layer>(i).forward(x, more...);
  return stack.norm.is_empty() ? x : stack.norm.template forward<Tensor>(x);
}

template <class LayerOptions> LayerOptions layer_options(const TransformerOptions& o) {
  return LayerOptions(o.d_model(), o.nhead()).dim_feedforward(o.dim_feedforward()).dropout(o.dropout()).activation(o.activation());
}

}  // namespace

TransformerEncoderOptions::TransformerEncoderOptions(TransformerEncoderLayer encoder_layer, int64_t num_layers)
    : encoder_layer_(std::move(encoder_layer)), num_layers_(num_layers) {}
TransformerEncoderOptions::TransformerEncoderOptions(const TransformerEncoderLayerOptions& encoder_layer_options, int64_t num_layers)
    : encoder_layer_(encoder_layer_options), num_layers_(num_layers) {}

TransformerDecoderOptions::TransformerDecoderOptions(TransformerDecoderLayer decoder_layer, int64_t num_layers)
    : decoder_layer_(std::move(decoder_layer)), num_layers_(num_layers) {}
TransformerDecoderOptions::TransformerDecoderOptions(const TransformerDecoderLayerOptions& decoder_layer_options, int64_t num_layers)
    : decoder_layer_(decoder_layer_options), num_layers_(num_layers) {}

TransformerEncoderImpl::TransformerEncoderImpl(TransformerEncoderLayer encoder_layer, int64_t num_layers)
    : TransformerEncoderImpl(TransformerEncoderOptions(std::move(encoder_layer), num_layers)) {}
TransformerEncoderImpl::TransformerEncoderImpl(TransformerEncoderOptions options_) : options(std::move(options_)) { reset(); }
void TransformerEncoderImpl::reset() { register_stack(*this, options.encoder_layer()); }
void TransformerEncoderImpl::reset_parameters() { reset_stack<TransformerEncoderLayerImpl>(*this, "TransformerEncoder"); }
Tensor TransformerEncoderImpl::forward(const Tensor& src, const Tensor& src_mask, const Tensor& src_key_padding_mask) {
  return through_stack<TransformerEncoderLayerImpl>(*this, src, src_mask, src_key_padding_mask);
}

TransformerDecoderImpl::TransformerDecoderImpl(TransformerDecoderLayer decoder_layer, int64_t num_layers)
    : TransformerDecoderImpl(TransformerDecoderOptions(std::move(decoder_layer), num_layers)) {}
TransformerDecoderImpl::TransformerDecoderImpl(TransformerDecoderOptions options_) : options(std::move(options_)) { reset(); }
void TransformerDecoderImpl::reset() { register_stack(*this, options.decoder_layer()); }
void TransformerDecoderImpl::reset_parameters() { reset_stack<TransformerDecoderLayerImpl>(*this, "TransformerDecoder"); }
Tensor TransformerDecoderImpl::forward(const Tensor& tgt, const Tensor& memory, const Tensor& tgt_mask, const Tensor& memory_mask,
                                       const Tensor& tgt_key_padding_mask, const Tensor& memory_key_padding_mask) {
  return through_stack<TransformerDecoderLayerImpl>(*this, tgt, memory, tgt_mask, memory_mask, tgt_key_padding_mask, memory_key_padding_mask);
}

TransformerImpl::TransformerImpl(TransformerOptions options_) : options(std::move(options_)) { reset(); }

void TransformerImpl::reset() {
  const auto norm = [&] { return AnyModule(LayerNorm(LayerNormOptions({options.d_model()}))); };
  if (options.custom_encoder().is_empty())
    encoder = AnyModule(TransformerEncoder(
        TransformerEncoderOptions(layer_options<TransformerEncoderLayerOptions>(options), options.num_encoder_layers()).norm(norm())));
  else encoder = options.custom_encoder().clone();
  register_module("encoder", encoder.ptr());
  if (options.custom_decoder().is_empty())
    decoder = AnyModule(TransformerDecoder(
        TransformerDecoderOptions(layer_options<TransformerDecoderLayerOptions>(options), options.num_decoder_layers()).norm(norm())));
  else decoder = options.custom_decoder().clone();
  register_module("decoder", decoder.ptr());
  reset_parameters();
}

void TransformerImpl::reset_parameters() {
  for (const Tensor& parameter : parameters())
    if (parameter.dim() > 1) init::xavier_uniform_(parameter);
}

Tensor TransformerImpl::forward(const Tensor& src, const Tensor& tgt, const Tensor& src_mask, const Tensor& tgt_mask, const Tensor& memory_mask,
                                const Tensor& src_key_padding_mask, const Tensor& tgt_key_padding_mask, const Tensor& memory_key_padding_mask) {
  XGRAD_CHECK(src.dim() == 3 && tgt.dim() == 3, "[Transformer] src and tgt should have 3 dimensions, but got ", src.dim(), " and ", tgt.dim());
  XGRAD_CHECK(src.size(1) == tgt.size(1), "[Transformer] src and tgt should have equal batch size (at dim 1), but got ", src.size(1), " and ",
              tgt.size(1));
  XGRAD_CHECK(src.size(2) == options.d_model() && tgt.size(2) == options.d_model(),
              "[Transformer] src and tgt should have same feature size as d_model (at dim 2), but got ", src.size(2), " and ", tgt.size(2),
              " while d_model is ", options.d_model());
  const auto memory = encoder.forward<Tensor>(src, src_mask, src_key_padding_mask);
  return decoder.forward<Tensor>(tgt, memory, tgt_mask, memory_mask, tgt_key_padding_mask, memory_key_padding_mask);
}

Tensor TransformerImpl::generate_square_subsequent_mask(int64_t sz) {
  XGRAD_CHECK(sz >= 0, "[Transformer] Input size must be non-negative to generate a valid square subsequent mask, but got ", sz);
  return full({sz, sz}, -std::numeric_limits<float>::infinity()).triu(1);
}

XGRAD_DEFINE_DEFAULT_ARGS(TransformerEncoderImpl, 1, AnyValue(Tensor()), AnyValue(Tensor()))
XGRAD_DEFINE_DEFAULT_ARGS(TransformerDecoderImpl, 2, AnyValue(Tensor()), AnyValue(Tensor()), AnyValue(Tensor()), AnyValue(Tensor()))
XGRAD_DEFINE_DEFAULT_ARGS(TransformerImpl, 2, AnyValue(Tensor()), AnyValue(Tensor()), AnyValue(Tensor()), AnyValue(Tensor()), AnyValue(Tensor()),
                          AnyValue(Tensor()))

}}}  // namespace torch::xgrad::nn
