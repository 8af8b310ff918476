#include <xgrad/nn/layers/attention.h>

#include <xgrad/autograd/core/shape.h>
#include <xgrad/autograd/ops/attention/heads.h>
#include <xgrad/autograd/ops/ops.h>
#include <xgrad/autograd/tensor/if_defined.h>
#include <xgrad/nn/init.h>

namespace torch { inline namespace xgrad { namespace nn {

namespace {

using MhaOptions = functional::MultiheadAttentionForwardFuncOptions;
constexpr const Operation& kMultiHead = operation_recorded_as<"multi_head_attention_forward", "MultiHeadAttentionBackward0">;

void check_sequences(const Tensor& query, const Tensor& key, const Tensor& value, const MhaOptions& o) {
  const Operation& op = kMultiHead;
  XGRAD_CHECK(query.dim() == 3 && key.dim() == 3 && value.dim() == 3, op, "expected query, key and value of 3 dimensions, got ", query.sizes(), ", ",
              key.sizes(), " and ", value.sizes());
  const int64_t embed_dim = query.size(2);
  XGRAD_CHECK(embed_dim == o.embed_dim_to_check(), op, "embed_dim == embed_dim_to_check must hold, got ", embed_dim, " and ", o.embed_dim_to_check());
  XGRAD_CHECK(key.size(0) == value.size(0) && key.size(1) == value.size(1), op, "key.sizes() == value.sizes() must hold, got ", key.sizes(), " and ",
              value.sizes());
  XGRAD_CHECK(key.size(1) == query.size(1), op, "expected key and value for the batch of query, got ", key.sizes(), " and ", query.sizes());
  XGRAD_CHECK(o.num_heads() > 0 && embed_dim % o.num_heads() == 0, op, "embed_dim must be divisible by num_heads, got ", embed_dim, " and ",
              o.num_heads());
  XGRAD_CHECK(o.bias_k().defined() == o.bias_v().defined(), op, "expected bias_k and bias_v together, or !bias_k.defined() and !bias_v.defined()");
  XGRAD_CHECK_AS(ValueError, o.dropout_p() >= 0 && o.dropout_p() <= 1, op, "dropout probability has to be between 0 and 1, but got ", o.dropout_p());
}

Tensor slice_of(const Tensor& t, int64_t first, int64_t last) { return t.defined() ? t.slice(0, first, last) : t; }

// Rows first to last - 1 of the projection, in units of the embedding.
Tensor in_projected(const Tensor& x, const MhaOptions& o, int64_t first, int64_t last) {
  const int64_t e = o.embed_dim_to_check();
  if (first == 0 && last == 3) return xgrad::linear(x, o.in_proj_weight(), if_defined(o.in_proj_bias()));
  return xgrad::linear(x, slice_of(o.in_proj_weight(), first * e, last * e), if_defined(slice_of(o.in_proj_bias(), first * e, last * e)));
}

Tensor separately_projected(const Tensor& x, const Tensor& weight, const MhaOptions& o, int64_t part) {
  const int64_t e = o.embed_dim_to_check();
  XGRAD_CHECK(weight.dim() == 2 && weight.size(0) == e && weight.size(1) == x.size(-1), kMultiHead,
              "Expected len1 == embed_dim && len2 == size(-1) to be true, but got false: a weight of shape ", weight.sizes(),
              " for an input of shape ", x.sizes());
  return xgrad::linear(x, weight, if_defined(slice_of(o.in_proj_bias(), part * e, (part + 1) * e)));
}

// What is the same tensor is projected in one product.
Heads projected(const Tensor& query, const Tensor& key, const Tensor& value, const MhaOptions& o) {
  Heads h{{}, o.num_heads()};
  if (o.use_separate_proj_weight()) {
    h.parts = {separately_projected(query, o.q_proj_weight(), o, 0), separately_projected(key, o.k_proj_weight(), o, 1),
               separately_projected(value, o.v_proj_weight(), o, 2)};
  } else if (query.is_same(key) && key.is_same(value)) {
    h.parts[0] = in_projected(query, o, 0, 3);
  } else if (key.is_same(value)) {
    h.parts[0] = in_projected(query, o, 0, 1);
    h.parts[1] = in_projected(key, o, 1, 3);
  } else {
    h.parts = {in_projected(query, o, 0, 1), in_projected(key, o, 1, 2), in_projected(value, o, 2, 3)};
  }
  return h;
}

void separate(Heads& h) {
  const int count = h.count();
  if (count == 3) return;
  const std::vector<Tensor> places = h.parts[static_cast<size_t>(count - 1)].chunk(4 - count, -1);
  std::copy(places.begin(), places.end(), h.parts.begin() + count - 1);
}

// [N * heads, S, E / heads] as a sequence [S, N, E].
Tensor given_sequence(const char* name, const Tensor& t, const Tensor& query, const MhaOptions& o) {
  const int64_t batch = query.size(1), e = query.size(2);
  XGRAD_CHECK(t.dim() == 3 && t.size(0) == batch * o.num_heads() && t.size(2) == e / o.num_heads(), kMultiHead, "Expected ", name,
              ".size(0) == bsz * num_heads and ", name, ".size(2) == head_dim to be true, but got a shape of ", t.sizes());
  return t.transpose(0, 1).reshape({t.size(1), batch, e});
}

struct MhaMasks {
  Tensor attention, padding;

  // One more key that every query sees.
  void add_key() {
    if (attention.defined()) attention = cat({attention, zeros({attention.size(0), 1}, attention.dtype())}, 1);
    if (padding.defined()) padding = cat({padding, zeros({padding.size(0), 1}, padding.dtype())}, 1);
  }
};

Tensor padding_as_bool(const Tensor& mask) {
  if (!mask.defined() || mask.dtype() == kBool) return mask;
  XGRAD_CHECK(mask.dtype() == kByte, kMultiHead, "masked_fill: expected BoolTensor or ByteTensor for mask, got ", mask.dtype(),
              " as key_padding_mask");
  return mask.to(kBool);
}

void check_padding(const Tensor& mask, int64_t batch, int64_t keys) {
  if (!mask.defined()) return;
  XGRAD_CHECK(mask.dim() == 2 && mask.size(0) == batch && mask.size(1) == keys, kMultiHead,
              "Expected key_padding_mask_.size(0) == bsz and key_padding_mask_.size(1) == src_len to be true, but got a shape of ", mask.sizes(),
              " for ", batch, " and ", keys);
}

void check_attention_mask(const Tensor& mask, const Tensor& query, int64_t keys, int64_t heads) {
  if (!mask.defined()) return;
  const Dims scores = {query.size(1) * heads, query.size(0), keys}, shape = broadcast_shapes(kMultiHead.name(), scores, mask.unsqueeze(0).sizes());
  XGRAD_CHECK(shape == scores, kMultiHead, "output with shape ", IntArrayRef(scores), " doesn't match the broadcast shape ", IntArrayRef(shape));
}

}  // namespace

functional::MultiheadAttentionForwardFuncOptions::MultiheadAttentionForwardFuncOptions(int64_t embed_dim_to_check, int64_t num_heads,
                                                                                       Tensor in_proj_weight, Tensor in_proj_bias, Tensor bias_k,
                                                                                       Tensor bias_v, bool add_zero_attn, double dropout_p,
                                                                                       Tensor out_proj_weight, Tensor out_proj_bias)
    : embed_dim_to_check_(embed_dim_to_check),
      num_heads_(num_heads),
      in_proj_weight_(std::move(in_proj_weight)),
      in_proj_bias_(std::move(in_proj_bias)),
      bias_k_(std::move(bias_k)),
      bias_v_(std::move(bias_v)),
      add_zero_attn_(add_zero_attn),
      dropout_p_(dropout_p),
      out_proj_weight_(std::move(out_proj_weight)),
      out_proj_bias_(std::move(out_proj_bias)) {}

std::tuple<Tensor, Tensor> functional::multi_head_attention_forward(const Tensor& query, const Tensor& key, const Tensor& value,
                                                                    const MultiheadAttentionForwardFuncOptions& o) {
  check_sequences(query, key, value, o);
  const int64_t batch = query.size(1);
  MhaMasks masks{o.attn_mask(), padding_as_bool(o.key_padding_mask())};
  Heads h = projected(query, key, value, o);
  const bool given = o.static_k().defined() || o.static_v().defined();
  if (o.bias_k().defined() || given || o.add_zero_attn()) separate(h);
  auto& [q, k, v] = h.parts;
  if (o.bias_k().defined()) {
    XGRAD_CHECK(!o.static_k().defined(), kMultiHead, "bias cannot be added to static key.");
    XGRAD_CHECK(!o.static_v().defined(), kMultiHead, "bias cannot be added to static value.");
    k = cat({k, o.bias_k().repeat({1, batch, 1})});
    v = cat({v, o.bias_v().repeat({1, batch, 1})});
    masks.add_key();
  }
  if (o.static_k().defined()) k = given_sequence("static_k", o.static_k(), query, o);
  if (o.static_v().defined()) v = given_sequence("static_v", o.static_v(), query, o);
  const auto keys = [&] { return h.parts[h.count() == 1 ? 0 : 1].size(0); };
  check_padding(masks.padding, batch, keys());
  if (o.add_zero_attn()) {
    k = cat({k, zeros({1, batch, query.size(2)}, k.dtype())});
    v = cat({v, zeros({1, batch, query.size(2)}, v.dtype())});
    masks.add_key();
  }
  XGRAD_CHECK(h.count() < 3 || k.size(0) == v.size(0), kMultiHead, "Expected size for first two dimensions of batch2 tensor to be: [",
              batch * o.num_heads(), ", ", keys(), "] but got: [", batch * o.num_heads(), ", ", v.size(0), "].");
  check_attention_mask(masks.attention, query, keys(), o.num_heads());
  HeadRules rules{&kMultiHead, false, {}, masks.padding, o.training() ? o.dropout_p() : 0};
  if (masks.attention.defined()) rules.mask = masks.attention.dtype() == kBool ? logical_not(masks.attention) : masks.attention;
  const auto [y, weights] = attend(h, rules, o.need_weights());
  const Tensor output = xgrad::linear(y, o.out_proj_weight(), if_defined(o.out_proj_bias()));
  if (!o.need_weights()) return {output, Tensor()};
  return {output, o.average_attn_weights() ? weights.sum(1) / o.num_heads() : weights};
}

MultiheadAttentionImpl::MultiheadAttentionImpl(int64_t embed_dim, int64_t num_heads)
    : MultiheadAttentionImpl(MultiheadAttentionOptions(embed_dim, num_heads)) {}
MultiheadAttentionImpl::MultiheadAttentionImpl(const MultiheadAttentionOptions& options_)
    : Module("torch::nn::MultiheadAttention"), options(options_) {
  reset();
}

void MultiheadAttentionImpl::reset() {
  const int64_t e = options.embed_dim();
  XGRAD_CHECK(options.num_heads() > 0 && e % options.num_heads() == 0, "[MultiheadAttention] embed_dim must be divisible by num_heads, got ", e,
              " and ", options.num_heads());
  _qkv_same_embed_dim = options.kdim() == e && options.vdim() == e;
  head_dim = e / options.num_heads();
  const auto parameter = [&](const char* name, bool wanted, IntArrayRef shape) {
    return wanted ? register_parameter(name, empty(shape)) : register_parameter(name, Tensor(), false);
  };
  in_proj_weight = parameter("in_proj_weight", _qkv_same_embed_dim, {3 * e, e});
  q_proj_weight = parameter("q_proj_weight", !_qkv_same_embed_dim, {e, e});
  k_proj_weight = parameter("k_proj_weight", !_qkv_same_embed_dim, {e, options.kdim()});
  v_proj_weight = parameter("v_proj_weight", !_qkv_same_embed_dim, {e, options.vdim()});
  in_proj_bias = parameter("in_proj_bias", options.bias(), {3 * e});
  out_proj = register_module("out_proj", Linear(LinearOptions(e, e).bias(options.bias())));
  bias_k = options.add_bias_kv() ? register_parameter("bias_k", empty({1, 1, e})) : Tensor();
  bias_v = options.add_bias_kv() ? register_parameter("bias_v", empty({1, 1, e})) : Tensor();
  _reset_parameters();
}

void MultiheadAttentionImpl::_reset_parameters() {
  for (Tensor* weight : {&in_proj_weight, &q_proj_weight, &k_proj_weight, &v_proj_weight})
    if (weight->defined()) init::xavier_uniform_(*weight);
  if (in_proj_bias.defined()) {
    init::constant_(in_proj_bias, 0.0);
    init::constant_(out_proj->bias, 0.0);
  }
  if (bias_k.defined()) init::xavier_normal_(bias_k);
  if (bias_v.defined()) init::xavier_normal_(bias_v);
}

std::tuple<Tensor, Tensor> MultiheadAttentionImpl::forward(const Tensor& query, const Tensor& key, const Tensor& value,
                                                           const Tensor& key_padding_mask, bool need_weights, const Tensor& attn_mask,
                                                           bool average_attn_weights) {
  functional::MultiheadAttentionForwardFuncOptions o(options.embed_dim(), options.num_heads(), in_proj_weight, in_proj_bias, bias_k, bias_v,
                                                     options.add_zero_attn(), options.dropout(), out_proj->weight, out_proj->bias);
  o.training(is_training()).key_padding_mask(key_padding_mask).need_weights(need_weights).attn_mask(attn_mask);
  o.average_attn_weights(average_attn_weights).use_separate_proj_weight(!_qkv_same_embed_dim);
  if (!_qkv_same_embed_dim) o.q_proj_weight(q_proj_weight).k_proj_weight(k_proj_weight).v_proj_weight(v_proj_weight);
  return functional::multi_head_attention_forward(query, key, value, o);
}

XGRAD_DEFINE_DEFAULT_ARGS(MultiheadAttentionImpl, 3, AnyValue(Tensor()), AnyValue(true), AnyValue(Tensor()), AnyValue(true))

}}}  // namespace torch::xgrad::nn
