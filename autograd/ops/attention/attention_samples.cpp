#include <xgrad/autograd/catalogue/catalogue.h>
#include <xgrad/autograd/ops/ops.h>

namespace torch { inline namespace xgrad {

using catalogue::Input;
using catalogue::Inputs;
using catalogue::kInf;
using catalogue::Samples;

namespace {

std::vector<Input> operands(Samples& s, IntArrayRef batch, int64_t queries, int64_t keys, int64_t width, int64_t value_width) {
  const auto rows = [&](int64_t n, int64_t elements) {
    std::vector<int64_t> shape(batch.begin(), batch.end());
    shape.push_back(n);
    shape.push_back(elements);
    return s.normal(shape);
  };
  std::vector<Input> all;
  all.emplace_back(rows(queries, width));
  all.emplace_back(rows(keys, width));
  all.emplace_back(rows(keys, value_width));
  return all;
}

// Draws after the mask.
std::vector<Input> masked_operands(Samples& s, Tensor mask, IntArrayRef batch, int64_t queries, int64_t keys, int64_t width, int64_t value_width) {
  std::vector<Input> all = operands(s, batch, queries, keys, width, value_width);
  all.emplace_back(std::move(mask));
  return all;
}

Tensor attended(Inputs x) { return scaled_dot_product_attention(x[0], x[1], x[2]); }
Tensor attended_with_mask(Inputs x) { return scaled_dot_product_attention(x[0], x[1], x[2], x[3]); }

constexpr const char* kCall = "F._scaled_dot_product_attention(x[0], x[1], x[2])[0]";
constexpr const char* kMasked = "F._scaled_dot_product_attention(x[0], x[1], x[2], x[3])[0]";
constexpr const char* kCausal = "F._scaled_dot_product_attention(x[0], x[1], x[2], is_causal=True)[0]";

// Every query of these sees the first key.
Tensor seen(Samples& s, IntArrayRef shape) {
  Tensor mask = s.booleans(shape);
  mask.select(-1, 0).fill_(true);
  return mask;
}

void add_shapes(Samples& s) {
  s.add(kCall, operands(s, {2, 3}, 4, 5, 2, 3), attended);
  s.add(kCall, operands(s, {2}, 3, 4, 2, 2), attended);
  s.add(kCall, operands(s, {}, 3, 2, 2, 1), attended);
  s.add(kCall, operands(s, {2, 1, 2}, 2, 3, 1, 2), attended);
  s.add(kCall, operands(s, {2, 2}, 1, 1, 2, 2), attended);
  s.add(kCall, {s.normal({3, 2, 2}), s.normal({2, 1, 4, 2}), s.normal({1, 4, 3})}, attended);
  s.add(kCall, {s.normal({2, 3, 2, 2}), s.normal({2, 3, 2, 2}), s.normal({2, 3, 2, 2})}, [](Inputs x) {
    return attended({x[0].transpose(1, 2).contiguous().transpose(1, 2), x[1], x[2]});
  });
  // More than one block of queries, of keys, and of both.
  s.add(kCall, operands(s, {1, 1}, 100, 3, 2, 1), attended);
  s.add(kCall, operands(s, {1, 1}, 2, 131, 2, 1), attended);
  s.add(kCausal, operands(s, {1, 1}, 99, 99, 1, 1), [](Inputs x) { return scaled_dot_product_attention(x[0], x[1], x[2], {}, 0, true); });
  for (const auto& [batch, queries, keys, width, value_width] : std::vector<std::tuple<int64_t, int64_t, int64_t, int64_t, int64_t>>{
           {2, 3, 0, 2, 2}, {2, 0, 3, 2, 2}, {0, 3, 2, 2, 2}, {2, 3, 2, 0, 2}, {2, 3, 2, 2, 0}})
    s.add(kCall, operands(s, {batch}, queries, keys, width, value_width), attended);
}

void add_masks(Samples& s) {
  for (const std::vector<int64_t>& shape : {std::vector<int64_t>{2, 3, 4, 5}, {4, 5}, {5}, {3, 1, 5}, {2, 1, 1, 5}}) {
    s.add(kMasked, masked_operands(s, s.normal(shape), {2, 3}, 4, 5, 2, 2), attended_with_mask);
    s.add(kMasked, masked_operands(s, seen(s, shape), {2, 3}, 4, 5, 2, 2), attended_with_mask);
  }
  s.add(kMasked, masked_operands(s, s.normal({2, 2, 3}), {2, 1, 2}, 2, 3, 2, 2), attended_with_mask);
  s.add(kMasked, masked_operands(s, tensor({{0, 2, -1}, {1, 0, 0}}), {2, 2}, 2, 3, 2, 2), attended_with_mask);
  s.at(kMasked, masked_operands(s, tensor({{0., -kInf, 1.}, {-kInf, 0.5, -kInf}}), {2}, 2, 3, 2, 2), attended_with_mask);
  // Queries that see nothing.
  s.at(kMasked, masked_operands(s, tensor({{true, false, true}, {false, false, false}}), {2}, 2, 3, 2, 2), attended_with_mask);
  s.at(kMasked, masked_operands(s, full({2, 2}, -kInf, kDouble), {1}, 2, 2, 1, 1), attended_with_mask);
  for (const auto& [queries, keys] : {std::pair<int64_t, int64_t>{3, 3}, {2, 4}, {4, 2}})
    s.add(kCausal, operands(s, {2}, queries, keys, 2, 2), [](Inputs x) { return scaled_dot_product_attention(x[0], x[1], x[2], {}, 0, true); });
}

void add_rejections(Samples& s) {
  const Tensor x = ones({2, 3, 4});
  const auto rejects = [&](const char* what, const char* message, const Tensor& q, const Tensor& k, const Tensor& v, const Tensor& mask = {},
                           double p = 0, bool causal = false) {
    s.rejects(what, message, [=] { scaled_dot_product_attention(q, k, v, mask.defined() ? std::optional(mask) : std::nullopt, p, causal); });
  };
  rejects("a mask beside causal", "Explicit attn_mask should not be set when is_causal=True", x, x, x, ones({3, 3}), 0, true);
  rejects("keys of another width", "Expected size for first two dimensions of batch2 tensor to be: [2, 4] but got: [2, 3].", x, ones({2, 3, 3}), x);
  rejects("fewer values than keys", "Expected size for first two dimensions of batch2 tensor to be: [2, 3] but got: [2, 2].", x, x, ones({2, 2, 4}));
  rejects("batches that don't broadcast", "must match the size of tensor b", x, ones({3, 3, 4}), x);
  rejects("one axis", "Dimension out of range", ones({4}), ones({4}), ones({4}));
  rejects("keys of another dtype", "expected scalar type Float but found Double", x, x.to(kDouble), x);
  rejects("integers", "expected scalar type Float but found Int", x.to(kInt), x.to(kInt), x.to(kInt));
  rejects("halves", "\"bmm\" not implemented for 'Half'", x.to(kHalf), x.to(kHalf), x.to(kHalf));
  rejects("a mask of another length", "must match the size of tensor b (4)", x, x, x, ones({3, 4}));
  rejects("a mask of more axes", "doesn't match the broadcast shape [5, 2, 3, 3]", x, x, x, ones({5, 2, 3, 3}));
  rejects("a probability above 1", "dropout probability has to be between 0 and 1, but got 1.5", x, x, x, {}, 1.5);
}

const catalogue::Entry attention_entry("scaled_dot_product_attention", [](Samples& s) {
  s.sums_depend_on_layout();
  add_shapes(s);
  add_masks(s);
  for (const double p : {0.3, 1.0}) {
    const std::string call = "F._scaled_dot_product_attention(x[0], x[1], x[2], None, " + std::to_string(p) + ")[0]";
    s.add(call, operands(s, {2, 2}, 3, 4, 2, 2), [p](Inputs x) { return scaled_dot_product_attention(x[0], x[1], x[2], {}, p); }).random = true;
  }
  add_rejections(s);
});

const catalogue::Entry weights_entry("_scaled_dot_product_attention", [](Samples& s) {
  s.sums_depend_on_layout();
  const char* const call = "F._scaled_dot_product_attention(x[0], x[1], x[2], None, 0.0, True)";
  const auto run = [](Inputs x) { return _scaled_dot_product_attention(x[0], x[1], x[2], {}, 0, true); };
  s.add(call, operands(s, {2, 3}, 4, 5, 2, 3), run);
  s.add(call, operands(s, {}, 2, 3, 2, 2), run);
  s.add(call, operands(s, {1}, 2, 130, 1, 1), run);
  s.add("F._scaled_dot_product_attention(x[0], x[1], x[2], x[3], 0.0, True)", masked_operands(s, s.normal({2, 3}), {2, 2}, 2, 3, 2, 2),
        [](Inputs x) { return _scaled_dot_product_attention(x[0], x[1], x[2], x[3], 0, true); });
  s.add("F._scaled_dot_product_attention(x[0], x[1], x[2], None, 0.0, True, True)", operands(s, {2}, 3, 3, 2, 2),
        [](Inputs x) { return _scaled_dot_product_attention(x[0], x[1], x[2], {}, 0, true, true); });
  s.add("F._scaled_dot_product_attention(x[0], x[1], x[2], None, 0.4, True)", operands(s, {2}, 3, 4, 2, 2), [](Inputs x) {
     return _scaled_dot_product_attention(x[0], x[1], x[2], {}, 0.4, true);
   }).random = true;
});

}  // namespace

}}  // namespace torch::xgrad
