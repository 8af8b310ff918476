// Layers of a transformer: attention, then two linear maps on each element of a sequence.
#pragma once

#include <functional>
#include <variant>

#include <xgrad/nn/enum.h>
#include <xgrad/nn/layers/attention.h>
#include <xgrad/nn/layers/dropout.h>
#include <xgrad/nn/layers/normalisation.h>

namespace torch { inline namespace xgrad { namespace nn {

/// What lies between the linear maps: torch::kReLU, torch::kGELU, or a function.
using activation_t = std::variant<enumtype::kReLU, enumtype::kGELU, std::function<Tensor(const Tensor&)>>;

/// d_model: elements of what goes in and comes out, which nhead divides. dim_feedforward: elements between the linear maps.
struct TransformerEncoderLayerOptions {
  TransformerEncoderLayerOptions(int64_t d_model, int64_t nhead) : d_model_(d_model), nhead_(nhead) {}
  XGRAD_FIELDS((int64_t, d_model, ), (int64_t, nhead, ), (int64_t, dim_feedforward, 2048), (double, dropout, 0.1), (activation_t, activation, kReLU))
};

struct TransformerDecoderLayerOptions {
  TransformerDecoderLayerOptions(int64_t d_model, int64_t nhead) : d_model_(d_model), nhead_(nhead) {}
  XGRAD_FIELDS((int64_t, d_model, ), (int64_t, nhead, ), (int64_t, dim_feedforward, 2048), (double, dropout, 0.1), (activation_t, activation, kReLU))
};

/// norm1(x + attention(x)), then norm2(y + linear2(activation(linear1(y)))), with dropout of every term.
///
/// src: [S, N, E]; src_mask: [S, S], src_key_padding_mask: [N, S], as MultiheadAttention takes them.
class XGRAD_API TransformerEncoderLayerImpl : public Cloneable<TransformerEncoderLayerImpl> {
 public:
  TransformerEncoderLayerImpl(int64_t d_model, int64_t nhead);
  explicit TransformerEncoderLayerImpl(const TransformerEncoderLayerOptions& options_);

  void reset() override;
  void reset_parameters();
  Tensor forward(const Tensor& src, const Tensor& src_mask = {}, const Tensor& src_key_padding_mask = {});

  TransformerEncoderLayerOptions options;
  MultiheadAttention self_attn = nullptr;
  Linear linear1 = nullptr;
  Dropout dropout = nullptr;
  Linear linear2 = nullptr;
  LayerNorm norm1 = nullptr;
  LayerNorm norm2 = nullptr;
  Dropout dropout1 = nullptr;
  Dropout dropout2 = nullptr;

  XGRAD_HAS_DEFAULT_ARGS;
};
TORCH_MODULE(TransformerEncoderLayer);

/// As the encoder's layer, with attention to `memory` between the two steps.
///
/// tgt: [T, N, E], memory: [S, N, E]; tgt_mask: [T, T], memory_mask: [T, S], tgt_key_padding_mask: [N, T], memory_key_padding_mask: [N, S].
class XGRAD_API TransformerDecoderLayerImpl : public Cloneable<TransformerDecoderLayerImpl> {
 public:
  TransformerDecoderLayerImpl(int64_t d_model, int64_t nhead);
  explicit TransformerDecoderLayerImpl(const TransformerDecoderLayerOptions& options_);

  void reset() override;
  void reset_parameters();
  Tensor forward(Tensor tgt, const Tensor& memory, const Tensor& tgt_mask = {}, const Tensor& memory_mask = {},
                 const Tensor& tgt_key_padding_mask = {}, const Tensor& memory_key_padding_mask = {});

  TransformerDecoderLayerOptions options;
  MultiheadAttention self_attn = nullptr;
  Dropout dropout1 = nullptr;
  LayerNorm norm1 = nullptr;
  MultiheadAttention multihead_attn = nullptr;
  Dropout dropout2 = nullptr;
  LayerNorm norm2 = nullptr;
  Linear linear1 = nullptr;
  Dropout dropout = nullptr;
  Linear linear2 = nullptr;
  Dropout dropout3 = nullptr;
  LayerNorm norm3 = nullptr;

  XGRAD_HAS_DEFAULT_ARGS;
  Tensor activation(const Tensor& input);
};
TORCH_MODULE(TransformerDecoderLayer);

}}}  // namespace torch::xgrad::nn
