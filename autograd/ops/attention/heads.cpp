#include <xgrad/autograd/ops/attention/heads.h>

#include <cmath>

#include <xgrad/autograd/graph/record.h>
#include <xgrad/autograd/kernels/attention/attention.h>
#include <xgrad/autograd/ops/ops.h>
#include <xgrad/autograd/tensor/allocate.h>
#include <xgrad/autograd/tensor/copy.h>
#include <xgrad/autograd/tensor/tensor_memory.h>

// Note: derivatives of all orders
//
// With s = scale q k^T + mask, p = softmax(s), d what dropout multiplies probabilities by, y = (p d) v, and the gradients gy of the
// result and gw of the probabilities after dropout:
//
//   a = (gy v^T + gw) d,  gs = p (a - sum(p a)),  gq = scale gs k,  gk = scale gs^T q,  gv = (p d)^T gy,  gmask = gs.
//
// The kernel computes these block by block where gw is zero. What these gradients depend on their operands by, for gradients vq, vk, vv
// and vm of them, follows from u = scale (vq k^T + q vk^T) + vm, the gradient of gs:
//
//   ha = p (u - sum(p u)),  hp = u (a - sum(p a)) - a sum(p u) + (gy vv^T) d,  hs = p (hp - sum(p hp)),
//   q: scale (hs k + gs vk),  k: scale (hs^T q + gs^T vq),  v: (ha d)^T gy,  gy: (p d) vv + (ha d) v,  mask: hs.

namespace torch { inline namespace xgrad {

namespace {

// An attention with its shapes, and what dropout drew.
struct Attending {
  const Operation* operation;
  int64_t heads;  // as Heads has it
  int parts;
  kernels::AttentionSizes sizes;
  double scale;
  bool causal;
  Tensor padding, keep;
  double kept;

  bool sequences() const { return heads > 0; }
  // The tensor that holds query, key or value (0, 1, 2), its place in the tensor's rows, and how many places these have.
  int part_of(int operand) const { return std::min(operand, parts - 1); }
  int place_of(int operand) const { return operand - part_of(operand); }
  int places_in(int part) const { return part == parts - 1 ? 4 - parts : 1; }
};

kernels::HeadRows rows_of(const Attending& a, const Tensor& t, int place, int places) {
  const Dims& strides = t.impl().strides;
  if (!a.sequences()) return {t.data_ptr(), strides[0], strides[1], strides[2]};
  const int64_t width = t.size(2) / places;
  return {static_cast<char*>(t.data_ptr()) + place * width * t.element_size(), strides[1], width / a.heads, strides[0]};
}

kernels::AttentionOperands operands_of(const Attending& a, const std::array<Tensor, 3>& parts) {
  kernels::HeadRows rows[3] = {};
  for (int i = 0; i < 3; ++i) {
    const int part = a.part_of(i);
    if (const Tensor& t = parts[static_cast<size_t>(part)]; t.defined()) rows[i] = rows_of(a, t, a.place_of(i), a.places_in(part));
  }
  return {rows[0], rows[1], rows[2]};
}

// The elements of a row lie side by side.
Tensor with_rows(const Tensor& t) { return !t.defined() || t.stride(-1) == 1 || t.size(-1) == 1 ? t : contiguous_as(t, t.dtype()); }

Tensor shown_mask(const Attending& a, const Tensor& mask) {
  if (!mask.defined()) return mask;
  return untraced([&] { return mask.detach().expand({a.sizes.batch, a.sizes.heads, a.sizes.queries, a.sizes.keys}); });
}

kernels::AttentionRules rules_of(const Attending& a, const Tensor& mask) {
  kernels::AttentionRules rules{a.scale, a.causal, false, nullptr, 0, 0, 0, 0, nullptr, nullptr, a.kept};
  if (mask.defined()) {
    const Dims& strides = mask.impl().strides;
    rules.boolean = mask.dtype() == kBool;
    rules.mask = mask.data_ptr();
    rules.mask_batch = strides[0], rules.mask_head = strides[1], rules.mask_row = strides[2], rules.mask_column = strides[3];
  }
  if (a.padding.defined()) rules.padding = a.padding.data_ptr<bool>();
  if (a.keep.defined()) rules.keep = a.keep.data_ptr<bool>();
  return rules;
}

// Query, key and value as tensors [batch, heads, rows, width], with a graph, and back.
Tensor operand_as_heads(const Attending& a, const std::array<Tensor, 3>& parts, int operand) {
  const int part = a.part_of(operand), places = a.places_in(part);
  const Tensor& t = parts[static_cast<size_t>(part)];
  if (!a.sequences()) return t;
  const int64_t width = t.size(2) / places;
  return t.narrow(2, a.place_of(operand) * width, width).reshape({t.size(0), t.size(1), a.heads, width / a.heads}).permute({1, 2, 0, 3});
}
Tensor as_heads(const Attending& a, const Tensor& sequences) {
  if (!a.sequences()) return sequences;
  return sequences.reshape({sequences.size(0), sequences.size(1), a.heads, sequences.size(2) / a.heads}).permute({1, 2, 0, 3});
}
Tensor as_sequences(const Attending& a, const Tensor& heads) {
  if (!a.sequences()) return heads;
  return heads.permute({2, 0, 1, 3}).reshape({heads.size(2), heads.size(0), -1});
}
Tensor part_of_heads(const Attending& a, const std::array<Tensor, 3>& operands, int part) {
  std::vector<Tensor> places;
  for (int i = 0; i < 3; ++i)
    if (a.part_of(i) == part) places.push_back(as_sequences(a, operands[static_cast<size_t>(i)]));
  return places.size() == 1 ? places[0] : cat(places, 2);
}

// The same of tensors and their functions, all probabilities in memory.
struct Composition {
  double scale;
  Tensor q, k, v, padding, p, d;

  Composition(const Attending& a, const std::array<Tensor, 3>& parts, const Tensor& mask)
      : scale(a.scale), q(operand_as_heads(a, parts, 0)), k(operand_as_heads(a, parts, 1)), v(operand_as_heads(a, parts, 2)) {
    Tensor s = matmul(q * scale, k.transpose(-2, -1));
    if (mask.defined()) s = mask.dtype() == kBool ? s.masked_fill(logical_not(mask), -INFINITY) : s + mask;
    if (a.padding.defined()) {
      padding = a.padding.view({a.sizes.batch, 1, 1, a.sizes.keys});
      s = s.masked_fill(padding, -INFINITY);
    }
    if (a.causal) s = s.masked_fill(logical_not(ones({a.sizes.queries, a.sizes.keys}, kBool).tril()), -INFINITY);
    p = softmax(s, -1);
    if (a.keep.defined()) d = a.keep.to(q.dtype()) * a.kept;
  }
  Tensor dropped(const Tensor& t) const { return d.defined() ? t * d : t; }
  // What p times (t, less the mean that p gives t) is; 0 at padding, also where a query sees no key and p is NaN.
  Tensor slope(const Tensor& t) const {
    const Tensor s = p * (t - mean(t));
    return padding.defined() ? s.masked_fill(padding, 0) : s;
  }
  Tensor mean(const Tensor& t) const { return (p * t).sum(-1, true); }
  // a of the note; one of the two may be undefined.
  Tensor gradient_of_p(const Tensor& gy, const Tensor& gw) const {
    const Tensor g = gy.defined() ? matmul(gy, v.transpose(-2, -1)) : Tensor();
    return dropped(!gw.defined() ? g : g.defined() ? g + gw : gw);
  }
};

struct PartGradients {
  std::array<Tensor, 3> parts;
  Tensor mask;
};

PartGradients composed_gradients(const Attending& a, const std::array<Tensor, 3>& parts, const Tensor& mask, const Tensor& gy_, const Tensor& gw) {
  const Composition c(a, parts, mask);
  const Tensor gy = gy_.defined() ? as_heads(a, gy_) : gy_, gs = c.slope(c.gradient_of_p(gy, gw));
  const Tensor gv = gy.defined() ? matmul(c.dropped(c.p).transpose(-2, -1), gy) : zeros_like(c.v);
  const std::array<Tensor, 3> operands = {matmul(gs, c.k) * c.scale, matmul(gs.transpose(-2, -1), c.q) * c.scale, gv};
  PartGradients g;
  for (int i = 0; i < a.parts; ++i) g.parts[static_cast<size_t>(i)] = part_of_heads(a, operands, i);
  g.mask = gs;
  return g;
}

void add_to(Tensor& sum, const Tensor& term) { sum = sum.defined() ? sum + term : term; }

// The derivative of the gradients, for those of theirs: of the parts, of the mask's.
void differentiate_again(const Attending& a, Gradients& s, const std::array<Tensor, 3>& v_parts, const Tensor& v_mask,
                         const std::array<Tensor, 3>& parts, const Tensor& mask, const Tensor& gy_) {
  const Composition c(a, parts, mask);
  std::array<Tensor, 3> given = v_parts;
  for (int i = 0; i < a.parts; ++i)
    if (auto& g = given[static_cast<size_t>(i)]; !g.defined()) g = zeros_like(parts[static_cast<size_t>(i)]);
  const Tensor gy = as_heads(a, gy_), vq = operand_as_heads(a, given, 0), vk = operand_as_heads(a, given, 1), vv = operand_as_heads(a, given, 2);
  const auto turned = [](const Tensor& t) { return t.transpose(-2, -1); };
  Tensor u = (matmul(vq, turned(c.k)) + matmul(c.q, turned(vk))) * c.scale;
  if (v_mask.defined()) add_to(u, v_mask);
  const Tensor g = c.gradient_of_p(gy, {}), gs = c.slope(g), ha = c.dropped(c.slope(u));
  const Tensor hs = c.slope(u * (g - c.mean(g)) - g * c.mean(u) + c.dropped(matmul(gy, turned(vv))));
  const std::array<Tensor, 3> operands = {(matmul(hs, c.k) + matmul(gs, vk)) * c.scale, (matmul(turned(hs), c.q) + matmul(turned(gs), vq)) * c.scale,
                                          matmul(turned(ha), gy)};
  for (int i = 0; i < a.parts; ++i)
    if (s.needs(i)) s.gx(i) = part_of_heads(a, operands, i);
  if (s.needs(3)) s.gx(3) = hs;
  if (s.needs(4)) s.gx(4) = as_sequences(a, matmul(c.dropped(c.p), vv) + matmul(ha, c.v));
}

// The gradients by the kernel; those not wanted are undefined. An operation of the parts, the mask and gy.
PartGradients attention_gradients(const Attending& a, const std::array<Tensor, 3>& parts, const Tensor& mask, const Tensor& y,
                                  const Tensor& statistics, const Tensor& gy, std::array<bool, 4> wanted) {
  PartGradients g;
  std::array<Tensor, 3> x;
  for (size_t i = 0; i < 3; ++i) {
    x[i] = with_rows(parts[i]);
    if (wanted[i]) g.parts[i] = allocate_tensor(x[i].sizes(), x[i].dtype());
  }
  const kernels::AttentionSizes& n = a.sizes;
  if (wanted[3]) g.mask = allocate_tensor({n.batch, n.heads, n.queries, n.keys}, mask.dtype());
  const Tensor gy_rows = with_rows(gy), shown = shown_mask(a, mask);
  launch(*a.operation, kernels::attention_backward, reads(x[0], x[1], x[2], shown, a.padding, a.keep, y, statistics, gy_rows),
         writes(g.parts[0], g.parts[1], g.parts[2], g.mask), gy.dtype(), n, rules_of(a, shown), operands_of(a, x), rows_of(a, y, 0, 1),
         statistics.data_ptr(), rows_of(a, gy_rows, 0, 1), operands_of(a, g.parts), g.mask.defined() ? g.mask.data_ptr() : nullptr);

  std::vector<Forward> outputs;
  for (const Tensor& t : g.parts)
    if (t.defined()) outputs.emplace_back(*a.operation, t);
  if (g.mask.defined()) outputs.emplace_back(*a.operation, g.mask);
  std::vector<Tensor> recorded = record_all(
      std::move(outputs), wrt_all({parts[0], parts[1], parts[2], mask, gy},
                                  [=, q = save(parts[0]), k = save(parts[1]), v = save(parts[2]), m = save(mask), gy = save(gy)](Gradients& s) {
                                    std::array<Tensor, 3> given;
                                    int output = 0;
                                    for (size_t i = 0; i < 3; ++i)
                                      if (wanted[i]) given[i] = s.gy(output++);
                                    differentiate_again(a, s, given, wanted[3] ? s.gy(output) : Tensor(), {q, k, v}, m, gy);
                                  }));
  size_t output = 0;
  for (size_t i = 0; i < 3; ++i)
    if (wanted[i]) g.parts[i] = std::move(recorded[output++]);
  if (wanted[3]) g.mask = std::move(recorded[output]);
  return g;
}

// The result. statistics and weights may be undefined.
Tensor computed(const Attending& a, const std::array<Tensor, 3>& parts, const Tensor& mask, const Tensor& statistics, const Tensor& weights) {
  const kernels::AttentionSizes& n = a.sizes;
  std::array<Tensor, 3> x;
  for (size_t i = 0; i < 3; ++i) x[i] = with_rows(parts[i]);
  const Dims shape = a.sequences() ? Dims{n.queries, n.batch, n.heads * n.value_width} : Dims{n.batch, n.heads, n.queries, n.value_width};
  const Tensor y = allocate_tensor(shape, x[0].dtype()), shown = shown_mask(a, mask);
  const auto data = [](const Tensor& t) { return t.defined() ? t.data_ptr() : nullptr; };
  launch(*a.operation, kernels::attention, reads(x[0], x[1], x[2], shown, a.padding, a.keep), writes(y, statistics, weights), y.dtype(), n,
         rules_of(a, shown), operands_of(a, x), rows_of(a, y, 0, 1), data(statistics), data(weights));
  return y;
}

// A result that its derivative reads, computed again if it was edited since: PyTorch's derivative doesn't read it.
class KeptResult {
 public:
  explicit KeptResult(const Tensor& y) : y_(detail::alias(y)), version_(y.storage()->version()) {}
  Tensor get(const Attending& a, const std::array<Tensor, 3>& parts, const Tensor& mask) const {
    return y_.storage()->version() == version_ ? y_ : computed(a, parts, mask, {}, {});
  }

 private:
  Tensor y_;
  uint32_t version_;
};

Attending attending(const Heads& h, const HeadRules& rules) {
  Attending a{rules.operation, h.heads, h.count(), {}, 0, rules.causal, rules.padding, {}, 0};
  kernels::AttentionSizes& n = a.sizes;
  const auto part = [&](int operand) -> const Tensor& { return h.parts[static_cast<size_t>(a.part_of(operand))]; };
  if (a.sequences()) {
    const auto width = [&](int operand) { return part(operand).size(2) / a.places_in(a.part_of(operand)) / h.heads; };
    n = {part(0).size(1), h.heads, part(0).size(0), part(1).size(0), width(0), width(2)};
  } else {
    n = {part(0).size(0), part(0).size(1), part(0).size(2), part(1).size(2), part(0).size(3), part(2).size(3)};
  }
  a.scale = 1 / std::sqrt(static_cast<double>(n.width));
  const double p = rules.dropout;
  if (p > 0) {
    const Dims shape = {n.batch, n.heads, n.queries, n.keys};
    // As dropout() draws, and as it scales: in the precision of the elements.
    a.keep = p < 1 ? untraced([&] { return allocate_tensor(shape, kBool).bernoulli_(1 - p); }) : allocate_zeros(shape, kBool);
    a.kept = p == 1 ? 0 : part(0).dtype() == kFloat ? 1.0f / static_cast<float>(1 - p) : 1 / (1 - p);
  }
  return a;
}

}  // namespace

std::array<Tensor, 2> attend(const Heads& h, const HeadRules& given, bool need_weights) {
  const ScalarType dtype = h.parts[0].dtype();
  if (is_narrow(dtype)) {
    Heads wide = h;
    for (Tensor& t : wide.parts)
      if (t.defined()) t = t.to(computed_in(dtype));
    const auto [y, w] = attend(wide, given, need_weights);
    return {y.to(dtype), w.defined() ? w.to(dtype) : w};
  }
  HeadRules rules = given;
  if (rules.mask.defined() && rules.mask.dtype() != kBool) rules.mask = rules.mask.to(dtype);
  const Attending a = attending(h, rules);
  const kernels::AttentionSizes& n = a.sizes;
  const Tensor& mask = rules.mask;
  const bool nothing = n.keys == 0 || n.batch == 0 || n.heads == 0 || n.value_width == 0 || n.queries == 0 || n.width == 0;
  if (nothing) {
    // Products without elements: what they are composed of knows what comes of each.
    const Composition c(a, h.parts, mask);
    const Tensor w = c.dropped(c.p);
    return {as_sequences(a, matmul(w, c.v)), need_weights ? w : Tensor()};
  }
  const Tensor weights = need_weights ? allocate_tensor({n.batch, n.heads, n.queries, n.keys}, dtype) : Tensor();
  const Tensor statistics = allocate_tensor({2, n.batch, n.heads, n.queries}, dtype), y = computed(a, h.parts, mask, statistics, weights);

  std::vector<Forward> outputs;
  outputs.emplace_back(*a.operation, y);
  if (need_weights) outputs.emplace_back(*a.operation, weights);
  std::vector<Tensor> recorded = record_all(
      std::move(outputs), with("dropout_p", rules.dropout, "is_causal", rules.causal, "num_heads", h.heads),
      wrt_all({h.parts[0], h.parts[1], h.parts[2], mask},
              [a, statistics, need_weights, result = KeptResult(y), q = save(h.parts[0]), k = save(h.parts[1]), v = save(h.parts[2]),
               m = save(mask)](Gradients& g) {
                const std::array<bool, 4> wanted = {g.needs(0), g.needs(1), g.needs(2), g.needs(3)};
                const std::array<Tensor, 3> parts = {q, k, v};
                const Tensor gw = need_weights ? g.gy(1) : Tensor();
                const PartGradients found = gw.defined() ? composed_gradients(a, parts, m, g.gy(0), gw)
                                                         : attention_gradients(a, parts, m, result.get(a, parts, m), statistics, g.gy(0), wanted);
                for (int i = 0; i < 3; ++i)
                  if (g.needs(i)) g.gx(i) = found.parts[static_cast<size_t>(i)];
                if (g.needs(3)) g.gx(3) = found.mask;
              }),
      xgrad::given(a.padding), xgrad::given(a.keep));
  return {std::move(recorded[0]), need_weights ? std::move(recorded[1]) : Tensor()};
}

}}  // namespace torch::xgrad
