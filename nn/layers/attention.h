// Attention of several heads: options, as function and as module.
#pragma once

#include <tuple>

#include <xgrad/io/fields.h>
#include <xgrad/nn/any_module.h>
#include <xgrad/nn/layers/linear.h>

namespace torch { inline namespace xgrad { namespace nn {

/// embed_dim: elements of a query and of a result, which num_heads divides. dropout: the probability of a weight to be dropped in training.
/// add_bias_kv: every sequence of keys and values ends in one more, which are parameters; add_zero_attn: in one more of zeros.
/// kdim, vdim: elements of a key and of a value.
struct MultiheadAttentionOptions {
  MultiheadAttentionOptions(int64_t embed_dim, int64_t num_heads)
      : embed_dim_(embed_dim), num_heads_(num_heads), kdim_(embed_dim), vdim_(embed_dim) {}
  XGRAD_FIELDS((int64_t, embed_dim, ), (int64_t, num_heads, ), (double, dropout, 0.0), (bool, bias, true), (bool, add_bias_kv, false),
               (bool, add_zero_attn, false), (int64_t, kdim, ), (int64_t, vdim, ))
};

namespace functional {

struct XGRAD_API MultiheadAttentionForwardFuncOptions {
  MultiheadAttentionForwardFuncOptions(int64_t embed_dim_to_check, int64_t num_heads, Tensor in_proj_weight, Tensor in_proj_bias, Tensor bias_k,
                                       Tensor bias_v, bool add_zero_attn, double dropout_p, Tensor out_proj_weight, Tensor out_proj_bias);
  XGRAD_ARG(int64_t, embed_dim_to_check);
  XGRAD_ARG(int64_t, num_heads);
  XGRAD_ARG(Tensor, in_proj_weight);
  XGRAD_ARG(Tensor, in_proj_bias);
  XGRAD_ARG(Tensor, bias_k);
  XGRAD_ARG(Tensor, bias_v);
  XGRAD_ARG(bool, add_zero_attn);
  XGRAD_ARG(double, dropout_p);
  XGRAD_ARG(Tensor, out_proj_weight);
  XGRAD_ARG(Tensor, out_proj_bias);
  XGRAD_ARG(bool, training) = true;
  XGRAD_ARG(Tensor, key_padding_mask);
  XGRAD_ARG(bool, need_weights) = true;
  XGRAD_ARG(Tensor, attn_mask);
  XGRAD_ARG(bool, use_separate_proj_weight) = false;
  XGRAD_ARG(Tensor, q_proj_weight);
  XGRAD_ARG(Tensor, k_proj_weight);
  XGRAD_ARG(Tensor, v_proj_weight);
  XGRAD_ARG(Tensor, static_k);
  XGRAD_ARG(Tensor, static_v);
  XGRAD_ARG(bool, average_attn_weights) = true;
};

/// Projects query [L, N, E], key [S, N, kdim] and value [S, N, vdim], attends with each of num_heads parts of their elements, and projects
/// the parts side by side: [L, N, E]. With need_weights the attention weights after dropout are the second result, [N, L, S] averaged over heads or
/// [N, heads, L, S]; without, it is undefined, and memory grows with the length of the sequences and not with its square.
///
/// attn_mask: [L, S] or what broadcasts to it, added to the products of queries and keys; or bool, true where a query does not see a key.
/// key_padding_mask: [N, S], bool or uint8, true for keys that nobody sees. static_k, static_v: [N * heads, S, E / heads], instead of projected
/// ones. Throws where shapes and dtypes don't fit.
XGRAD_API std::tuple<Tensor, Tensor> multi_head_attention_forward(const Tensor& query, const Tensor& key, const Tensor& value,
                                                                  const MultiheadAttentionForwardFuncOptions& options);

}  // namespace functional

/// functional::multi_head_attention_forward(). Parameters: in_proj_weight [3E, E], or q_proj_weight [E, E], k_proj_weight [E, kdim] and v_proj_weight
/// [E, vdim] unless kdim and vdim are E, Xavier-uniform at first; in_proj_bias [3E], zeros; bias_k, bias_v [1, 1, E], Xavier-normal; and those of the
/// module out_proj, a Linear. Throws unless num_heads divides embed_dim.
class XGRAD_API MultiheadAttentionImpl : public Cloneable<MultiheadAttentionImpl> {
 public:
  MultiheadAttentionImpl(int64_t embed_dim, int64_t num_heads);
  explicit MultiheadAttentionImpl(const MultiheadAttentionOptions& options_);

  void reset() override;
  /// Draws new initial values; those of out_proj's weight stay.
  void _reset_parameters();
  std::tuple<Tensor, Tensor> forward(const Tensor& query, const Tensor& key, const Tensor& value, const Tensor& key_padding_mask = {},
                                     bool need_weights = true, const Tensor& attn_mask = {}, bool average_attn_weights = true);

  MultiheadAttentionOptions options;
  bool _qkv_same_embed_dim = true;
  Tensor in_proj_weight;
  Tensor in_proj_bias;
  Tensor bias_k;
  Tensor bias_v;
  Linear out_proj = nullptr;
  Tensor q_proj_weight;
  Tensor k_proj_weight;
  Tensor v_proj_weight;
  int64_t head_dim = 0;

  XGRAD_HAS_DEFAULT_ARGS;
};
TORCH_MODULE(MultiheadAttention);

}}}  // namespace torch::xgrad::nn
