// Attention and transformers, beyond what tests/compat/programs/attention.cpp compares with libtorch.
#include <doctest/doctest.h>

#include "message.h"
#include <xgrad/autograd/core/memory/memory.h>
#include <xgrad/autograd/engine/engine.h>
#include <xgrad/autograd/ops/ops.h>
#include <xgrad/nn/nn.h>

using namespace xgrad;
using namespace xgrad::nn;

namespace {

Tensor result_of(MultiheadAttention& attention, const Tensor& x, const Tensor& mask) {
  return std::get<0>(attention(x, x, x, Tensor(), false, mask));
}

bool near(const Tensor& a, const Tensor& b) { return allclose(a, b, 1e-5, 1e-6); }

}  // namespace

TEST_CASE("a boolean mask of attention hides keys") {
  manual_seed(1);
  MultiheadAttention attention(8, 2);
  const Tensor x = randn({5, 3, 8}), added = TransformerImpl::generate_square_subsequent_mask(5);
  CHECK(near(result_of(attention, x, added), result_of(attention, x, added.isinf())));
  CHECK_FALSE(near(result_of(attention, x, added), result_of(attention, x, {})));
}

TEST_CASE("keys and values may have another number of elements each") {
  manual_seed(2);
  MultiheadAttention attention(MultiheadAttentionOptions(8, 2).kdim(3).vdim(5));
  const Tensor query = randn({4, 2, 8}), key = randn({6, 2, 3}), value = randn({6, 2, 5});
  const auto [y, weights] = attention(query, key, value);
  CHECK(y.sizes() == IntArrayRef({4, 2, 8}));
  CHECK(weights.sizes() == IntArrayRef({2, 4, 6}));
  CHECK(near(weights.sum(-1), ones({2, 4})));
}

TEST_CASE("tensors with the same elements have gradients of their own") {
  manual_seed(3);
  MultiheadAttention attention(8, 2);
  const Tensor x = randn({4, 2, 8}), query = x.clone().requires_grad_(), key = x.clone().requires_grad_(), value = x.clone().requires_grad_();
  const Tensor same = x.clone().requires_grad_();
  std::get<0>(attention(query, key, value)).square().sum().backward();
  std::get<0>(attention(same, same, same)).square().sum().backward();
  CHECK(key.grad().abs().sum().item<float>() > 0);
  CHECK(near(query.grad() + key.grad() + value.grad(), same.grad()));
}

TEST_CASE("keys of another batch are refused, and nothing changes") {
  manual_seed(4);
  MultiheadAttention attention(4, 2);
  const Tensor x = ones({3, 2, 4}), other = ones({2, 3, 4});
  CHECK(contains(message_of([&] { attention(x, other, other); }), "expected key and value for the batch of query"));
  CHECK(contains(message_of([&] { attention(ones({3, 4}), x, x); }), "3 dimensions"));
  CHECK(contains(message_of([&] { attention(x, x, x, zeros({2, 3})); }), "expected BoolTensor or ByteTensor for mask"));
  manual_seed(4);
  const Tensor next = rand({1});
  manual_seed(4);
  attention = MultiheadAttention(MultiheadAttentionOptions(4, 2).dropout(0.5));
  manual_seed(4);
  CHECK(contains(message_of([&] { attention(x, x, x, Tensor(), true, zeros({3, 4})); }), "must match the size of tensor b"));
  CHECK(rand({1}).item<float>() == next.item<float>());
}

TEST_CASE("keys and values that are given replace projected ones") {
  manual_seed(5);
  MultiheadAttention attention(4, 2);
  const Tensor x = randn({3, 2, 4}), k = randn({4, 5, 2}), v = randn({4, 5, 2});
  functional::MultiheadAttentionForwardFuncOptions options(4, 2, attention->in_proj_weight, attention->in_proj_bias, {}, {}, false, 0,
                                                           attention->out_proj->weight, attention->out_proj->bias);
  const Tensor y = std::get<0>(functional::multi_head_attention_forward(x, x, x, options.static_k(k).static_v(v)));
  const Tensor q = (x.matmul(attention->in_proj_weight.slice(0, 0, 4).t())).view({3, 4, 2}).transpose(0, 1);
  const Tensor heads = scaled_dot_product_attention(q, k, v);
  CHECK(near(y, attention->out_proj(heads.transpose(0, 1).reshape({3, 2, 4}))));
  CHECK(contains(message_of([&] { functional::multi_head_attention_forward(x, x, x, options.static_k(ones({3, 5, 2}))); }), "bsz * num_heads"));
  options.static_k(k).bias_k(ones({1, 1, 4})).bias_v(ones({1, 1, 4}));
  CHECK(contains(message_of([&] { functional::multi_head_attention_forward(x, x, x, options); }), "bias cannot be added to static key"));
}

TEST_CASE("a stack without layers gives what went in") {
  manual_seed(6);
  TransformerEncoder encoder(TransformerEncoderOptions(TransformerEncoderLayerOptions(4, 2), 0));
  const Tensor x = randn({3, 2, 4});
  CHECK(near(encoder(x), x));
}

TEST_CASE("a transformer's second derivatives exist") {
  manual_seed(7);
  TransformerEncoderLayer layer(TransformerEncoderLayerOptions(4, 2).dim_feedforward(5).dropout(0).activation(kGELU));
  layer->to(kDouble);
  const Tensor x = randn({3, 1, 4}, kDouble), v = randn({3, 1, 4}, kDouble);
  const auto gradient = [&](const Tensor& at, bool graph) {
    const Tensor leaf = at.detach().requires_grad_();
    const Tensor g = autograd::grad({layer(leaf).square().sum()}, {leaf}, {}, std::nullopt, graph)[0];
    return std::pair(leaf, g);
  };
  const auto [leaf, g] = gradient(x, true);
  const Tensor product = autograd::grad({(g * v).sum()}, {leaf})[0];
  constexpr double kStep = 1e-5;
  const Tensor numeric = (gradient(x + v * kStep, false).second - gradient(x - v * kStep, false).second) / (2 * kStep);
  CHECK(allclose(product, numeric, 1e-6, 1e-8));
}

TEST_CASE("a query whose keys are all padding has no part in the gradients of queries and keys") {
  manual_seed(7);
  MultiheadAttention attention(4, 2);
  const Tensor x = randn({3, 2, 4}), padding = tensor({true, true, true, false, true, false}).view({2, 3});
  for (const bool need_weights : {false, true}) {
    attention->zero_grad();
    const auto [y, weights] = attention(x, x, x, padding, need_weights);
    CHECK(y.select(1, 0).isnan().all().item<bool>());
    (need_weights ? (y * y).sum() + (weights * weights).sum() : (y * y).sum()).backward();
    const Tensor of_queries_and_keys = attention->in_proj_bias.grad().narrow(0, 0, 8);
    CHECK(of_queries_and_keys.isfinite().all().item<bool>());
    CHECK(of_queries_and_keys.narrow(0, 0, 4).abs().max().item<double>() > 0);
  }
}
