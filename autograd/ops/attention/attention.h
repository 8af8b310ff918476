// Scaled dot-product attention.
#pragma once

#include <optional>
#include <tuple>

#include <xgrad/autograd/tensor/tensor.h>

namespace torch { inline namespace xgrad {

/// softmax(query key^T / sqrt(E) + mask) value, in memory that grows with the length of the sequences and not with its square.
///
/// query: [..., L, E], key: [..., S, E], value: [..., S, V], whose leading axes broadcast; the result is [..., L, V]. attn_mask broadcasts to
/// [..., L, S]: where a boolean one is false, a query does not see a key; another is added to the products. is_causal: query i sees keys 0 to i
/// alone; it excludes a mask. A query that sees no key gives NaN, as softmax does, and without any keys the result is 0. With
/// dropout_p above 0 each probability is dropped with this probability and else divided by 1 - p, drawn as dropout() draws.
///
/// Throws unless all are of one floating dtype, shapes fit, and dropout_p is at most 1. Source of the blocks: Dao et al.,
/// "FlashAttention: fast and memory-efficient exact attention with IO-awareness", 2022.
XGRAD_API Tensor scaled_dot_product_attention(const Tensor& query, const Tensor& key, const Tensor& value,
                                              const std::optional<Tensor>& attn_mask = std::nullopt, double dropout_p = 0.0, bool is_causal = false);

/// libtorch 1.13's name of it: the result, and the probabilities [..., L, S] after dropout if need_attn_weights, which take memory of their size.
XGRAD_API std::tuple<Tensor, Tensor> _scaled_dot_product_attention(const Tensor& query, const Tensor& key, const Tensor& value,
                                                                   const std::optional<Tensor>& attn_mask = std::nullopt, double dropout_p = 0.0,
                                                                   bool need_attn_weights = false, bool is_causal = false);

}}  // namespace torch::xgrad
