// Stacks of transformer layers, and the two together.
#pragma once

#include <xgrad/nn/containers/module_list.h>
#include <xgrad/nn/layers/transformer_layer.h>

namespace torch { inline namespace xgrad { namespace nn {

/// num_layers copies of a layer, and what their result passes at the end, nothing at first. From options, a layer is made.
struct XGRAD_API TransformerEncoderOptions {
  TransformerEncoderOptions(TransformerEncoderLayer encoder_layer, int64_t num_layers);
  TransformerEncoderOptions(const TransformerEncoderLayerOptions& encoder_layer_options, int64_t num_layers);
  XGRAD_FIELDS((TransformerEncoderLayer, encoder_layer, nullptr), (int64_t, num_layers, ), (AnyModule, norm, ))
};

struct XGRAD_API TransformerDecoderOptions {
  TransformerDecoderOptions(TransformerDecoderLayer decoder_layer, int64_t num_layers);
  TransformerDecoderOptions(const TransformerDecoderLayerOptions& decoder_layer_options, int64_t num_layers);
  XGRAD_FIELDS((TransformerDecoderLayer, decoder_layer, nullptr), (int64_t, num_layers, ), (AnyModule, norm, ))
};

/// Arguments as TransformerEncoderLayer's; every layer gets the masks.
class XGRAD_API TransformerEncoderImpl : public Cloneable<TransformerEncoderImpl> {
 public:
  TransformerEncoderImpl(TransformerEncoderLayer encoder_layer, int64_t num_layers);
  explicit TransformerEncoderImpl(TransformerEncoderOptions options_);

  void reset() override;
  /// Draws new initial values, and takes a new copy of the options' norm.
  void reset_parameters();
  Tensor forward(const Tensor& src, const Tensor& src_mask = {}, const Tensor& src_key_padding_mask = {});

  TransformerEncoderOptions options;
  ModuleList layers = nullptr;
  AnyModule norm;

  XGRAD_HAS_DEFAULT_ARGS;
};
TORCH_MODULE(TransformerEncoder);

/// Arguments as TransformerDecoderLayer's; every layer gets memory and masks.
class XGRAD_API TransformerDecoderImpl : public Cloneable<TransformerDecoderImpl> {
 public:
  TransformerDecoderImpl(TransformerDecoderLayer decoder_layer, int64_t num_layers);
  explicit TransformerDecoderImpl(TransformerDecoderOptions options_);

  void reset() override;
  void reset_parameters();
  Tensor forward(const Tensor& tgt, const Tensor& memory, const Tensor& tgt_mask = {}, const Tensor& memory_mask = {},
                 const Tensor& tgt_key_padding_mask = {}, const Tensor& memory_key_padding_mask = {});

  TransformerDecoderOptions options;
  ModuleList layers = nullptr;
  AnyModule norm;

  XGRAD_HAS_DEFAULT_ARGS;
};
TORCH_MODULE(TransformerDecoder);

/// custom_encoder, custom_decoder: modules used in place of those that the other options describe.
struct TransformerOptions {
  TransformerOptions() = default;
  TransformerOptions(int64_t d_model, int64_t nhead) : d_model_(d_model), nhead_(nhead) {}
  TransformerOptions(int64_t d_model, int64_t nhead, int64_t num_encoder_layers, int64_t num_decoder_layers)
      : d_model_(d_model), nhead_(nhead), num_encoder_layers_(num_encoder_layers), num_decoder_layers_(num_decoder_layers) {}
  XGRAD_FIELDS((int64_t, d_model, 512), (int64_t, nhead, 8), (int64_t, num_encoder_layers, 6), (int64_t, num_decoder_layers, 6),
               (int64_t, dim_feedforward, 2048), (double, dropout, 0.1), (activation_t, activation, kReLU), (AnyModule, custom_encoder, ),
               (AnyModule, custom_decoder, ))
};

/// An encoder of src [S, N, E] whose result is the memory of a decoder of tgt [T, N, E], each with a LayerNorm at its end: [T, N, E].
/// Parameters with more than one axis are Xavier-uniform at first.
class XGRAD_API TransformerImpl : public Cloneable<TransformerImpl> {
 public:
  explicit TransformerImpl(TransformerOptions options_);

  void reset() override;
  void reset_parameters();
  Tensor forward(const Tensor& src, const Tensor& tgt, const Tensor& src_mask = {}, const Tensor& tgt_mask = {}, const Tensor& memory_mask = {},
                 const Tensor& src_key_padding_mask = {}, const Tensor& tgt_key_padding_mask = {}, const Tensor& memory_key_padding_mask = {});
  /// [sz, sz] of zeros, and -inf where a column is behind its row: position i sees positions 0 to i. Throws if sz is negative.
  static Tensor generate_square_subsequent_mask(int64_t sz);

  TransformerOptions options;
  AnyModule encoder;
  AnyModule decoder;

  XGRAD_HAS_DEFAULT_ARGS;
};
TORCH_MODULE(Transformer);

}}}  // namespace torch::xgrad::nn
