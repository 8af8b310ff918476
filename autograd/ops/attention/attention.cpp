#include <xgrad/autograd/ops/attention/attention.h>

#include <xgrad/autograd/core/shape.h>
#include <xgrad/autograd/ops/attention/heads.h>
#include <xgrad/autograd/ops/ops.h>

namespace torch { inline namespace xgrad {

namespace {

constexpr const Operation& kAttention = operation_recorded_as<"scaled_dot_product_attention", "ScaledDotProductAttentionBackward0">;

void check_dtypes(const Tensor& query, const Tensor& key, const Tensor& value) {
  const Operation& op = kAttention;
  if (query.dtype() == kHalf) detail::raise<NotImplementedError>(op, "\"bmm\" not implemented for 'Half'");
  XGRAD_CHECK(query.is_floating_point(), op, "expected scalar type Float but found ", query.dtype());
  for (const Tensor* t : {&key, &value})
    XGRAD_CHECK(t->dtype() == query.dtype(), op, "expected scalar type ", query.dtype(), " but found ", t->dtype());
}

void check_factor(int64_t batch, int64_t rows, int64_t found) {
  XGRAD_CHECK(rows == found, kAttention, "Expected size for first two dimensions of batch2 tensor to be: [", batch, ", ", rows, "] but got: [", batch,
              ", ", found, "].");
}

Dims leading(const Tensor& t) { return t.sizes().slice(0, static_cast<size_t>(t.dim() - 2)); }
Dims with_matrix(const Dims& batch, int64_t rows, int64_t columns) {
  Dims sizes = batch;
  sizes.push_back(rows);
  sizes.push_back(columns);
  return sizes;
}

// [..., rows, columns] with these leading axes, as two of them.
Tensor with_two_axes(const Tensor& t, const Dims& batch) {
  const Tensor whole = leading(t) == batch ? t : t.expand(with_matrix(batch, t.size(-2), t.size(-1)));
  if (batch.size() == 2) return whole;
  if (batch.size() < 2) return batch.size() == 1 ? whole.unsqueeze(0) : whole.unsqueeze(0).unsqueeze(0);
  return whole.reshape({-1, batch[batch.size() - 1], whole.size(-2), whole.size(-1)});
}

void check_mask(const Tensor& mask, const Dims& scores) {
  const Dims shape = broadcast_shapes(kAttention.name(), scores, mask.sizes());
  XGRAD_CHECK(shape == scores, kAttention, "output with shape ", IntArrayRef(scores), " doesn't match the broadcast shape ", IntArrayRef(shape));
}

}  // namespace

std::tuple<Tensor, Tensor> _scaled_dot_product_attention(const Tensor& query, const Tensor& key, const Tensor& value,
                                                         const std::optional<Tensor>& attn_mask, double dropout_p, bool need_attn_weights,
                                                         bool is_causal) {
  const Operation& op = kAttention;
  const Tensor mask = attn_mask.value_or(Tensor());
  XGRAD_CHECK(!is_causal || !mask.defined(), op, "_scaled_dot_product_attention: Explicit attn_mask should not be set when is_causal=True");
  const int64_t queries = query.size(-2), width = query.size(-1), keys = key.size(-2);
  value.size(-2);
  const Dims batch = broadcast_shapes(op.name(), broadcast_shapes(op.name(), leading(query), leading(key)), leading(value));
  check_dtypes(query, key, value);
  check_factor(numel_of(batch), width, key.size(-1));
  check_factor(numel_of(batch), keys, value.size(-2));
  XGRAD_CHECK(!(dropout_p > 1), op, "dropout probability has to be between 0 and 1, but got ", dropout_p);
  HeadRules rules{&op, is_causal, {}, {}, dropout_p};
  if (mask.defined()) {
    check_mask(mask, with_matrix(batch, queries, keys));
    rules.mask = batch.size() > 2 ? with_two_axes(mask.expand(with_matrix(batch, queries, keys)), batch) : mask;
  }
  auto [y, w] = attend({{with_two_axes(query, batch), with_two_axes(key, batch), with_two_axes(value, batch)}}, rules, need_attn_weights);
  if (batch.size() == 2) return {y, w};
  return {y.reshape(with_matrix(batch, queries, value.size(-1))), w.defined() ? w.reshape(with_matrix(batch, queries, keys)) : w};
}

Tensor scaled_dot_product_attention(const Tensor& query, const Tensor& key, const Tensor& value, const std::optional<Tensor>& attn_mask,
                                    double dropout_p, bool is_causal) {
  return std::get<0>(_scaled_dot_product_attention(query, key, value, attn_mask, dropout_p, false, is_causal));
}

}}  // namespace torch::xgrad
