#include <xgrad/autograd/func/batch_rules.h>

#include <unordered_map>
#include <unordered_set>

#include <xgrad/autograd/ops/ops.h>

namespace torch { inline namespace xgrad { namespace func {

const BatchedCall::Operand& BatchedCall::operator[](size_t i) const {
  XGRAD_CHECK(i < operands_.size(), "operand ", i, " of ", operands_.size());
  return operands_[i];
}

Dims BatchedCall::batched(IntArrayRef sizes) const {
  Dims all{count_};
  for (int64_t size : sizes) all.push_back(size);
  return all;
}

Tensor BatchedCall::aligned(size_t i) const {
  const Operand& x = (*this)[i];
  if (!x.mapped) return x.value;
  int64_t rank = 0;
  for (const Operand& other : operands_) rank = std::max<int64_t>(rank, other.sizes.size());
  if (rank == x.sizes.size()) return x.value;
  Dims sizes{count_};
  for (int64_t k = x.sizes.size(); k < rank; ++k) sizes.push_back(1);
  for (int64_t size : x.sizes) sizes.push_back(size);
  return x.value.reshape(sizes);
}

Tensor BatchedCall::expanded(size_t i) const {
  const Operand& x = (*this)[i];
  return x.mapped ? x.value : x.value.unsqueeze(0).expand(batched(x.sizes));
}

std::vector<int64_t> BatchedCall::axes(const char* name) const {
  std::vector<int64_t> all = integers(name);
  for (int64_t& axis : all) axis = shifted(axis);
  return all;
}

namespace {

using Batch = const BatchedCall&;
using Results = std::vector<Tensor>;

template <Tensor (*f)(const Tensor&)> Results unary(Batch c) { return {f(c[0].value)}; }

// Of two tensors, or of one and a number that stands before or behind it.
template <class F> Results binary(Batch c, F f) {
  if (c.size() == 2) return {f(c.aligned(0), c.aligned(1))};
  if (const auto self = c.scalar("self"))
    return {f(full({}, *self, self->isFloatingPoint() || c[0].value.is_floating_point() ? kDouble : kLong), c[0].value)};
  for (const char* name : {"other", "exponent"})
    if (const auto other = c.scalar(name)) return {f(c[0].value, *other)};
  return {};
}

// a + b * alpha
template <class F> Results sum_with(Batch c, F add) {
  const Scalar alpha = c.scalar("alpha").value_or(1);
  if (c.size() == 2) return {add(c.aligned(0), c.aligned(1), alpha)};
  if (const auto other = c.scalar("other")) return {add(c[0].value, *other, alpha)};
  return {};
}

template <class F> Results reduce(Batch c, F f) {
  std::vector<int64_t> axes = c.axes("dim");
  const Tensor& x = c[0].value;
  if (axes.empty())
    for (int64_t axis = 1; axis < x.dim(); ++axis) axes.push_back(axis);
  // An example without axes is reduced over one of size 1.
  const Tensor y = x.dim() == 1 ? f(x.unsqueeze(1), IntArrayRef{1}) : f(x, axes);
  return {y.reshape(c.batched(c.result()))};
}

// Matrices, one for each example where they are mapped, of all rows of an operand.
Tensor rows(Batch c, size_t i) {
  const BatchedCall::Operand& x = c[i];
  const int64_t length = x.sizes.back();
  return x.mapped ? x.value.reshape({c.count(), x.sizes.size() == 1 ? 1 : -1, length}) : x.value.reshape({-1, length});
}

Results batch_product(Batch c) {
  const Tensor a = rows(c, 0);
  const Tensor y = c.flag("left_transposed") ? matmul(a.transpose(-1, -2), rows(c, 1)) : matmul(a, c[1].value);
  return {y.reshape(c.batched(c.result()))};
}

// Bias or undefined, input, weight.
Results linear_rows(Batch c) {
  if (!c[2].mapped && !(c.has(0) && c[0].mapped))
    return {linear(c[1].value, c[2].value, c.has(0) ? std::optional<Tensor>(c[0].value) : std::nullopt)};
  Tensor y = matmul(rows(c, 1), c[2].value.transpose(-1, -2));
  if (c.has(0)) y = y + (c[0].mapped ? c[0].value.reshape({c.count(), -1, c[0].sizes.back()}) : c[0].value);
  return {y.reshape(c.batched(c.result()))};
}

Results matrices_plus(Batch c) {
  const Tensor y = matmul(c.expanded(1), c[2].value) * c.scalar("alpha").value_or(1);
  Tensor summand = c[0].value;
  if (c[0].mapped && c[0].sizes.size() < 2) summand = summand.reshape({c.count(), 1, -1});
  return {y + summand * c.scalar("beta").value_or(1)};
}

// A loss of elements, reduced as it was asked to be.
template <class F> Results loss(Batch c, F elements) {
  const int64_t reduction = c.integer("reduction", Reduction::Mean);
  const Tensor each = elements(c.aligned(0), c.aligned(1));
  if (reduction == Reduction::None) return {each};
  const Tensor flat = each.reshape({c.count(), -1});
  return {reduction == Reduction::Mean ? flat.mean(1) : flat.sum(1)};
}

// The largest or smallest element: of all, or along an axis with its position.
template <class All, class Along> Results extreme_along(Batch c, All all, Along along) {
  if (c[0].sizes.size() == 0) return {};
  if (!c.find("dim")) return {all(c[0].value.reshape({c.count(), -1}))};
  const auto [value, position] = along(c[0].value, c.axis("dim"), c.flag("keepdim"));
  return {value, position};
}

template <class F> Results position_along(Batch c, F f) {
  const Tensor y = c.find("dim") && c[0].sizes.size() > 0 ? f(c[0].value, c.axis("dim")) : f(c[0].value.reshape({c.count(), -1}), 1);
  return {y.reshape(c.batched(c.result()))};
}

// One weight for all images, of an example or of a batch in it.
Results convolved_images(Batch c) {
  if (!c[0].mapped || c[1].mapped || (c.has(2) && c[2].mapped)) return {};
  const std::vector<int64_t> stride = c.integers("stride");
  const bool has_batch = c[0].sizes.size() == static_cast<int>(stride.size()) + 2;
  const Tensor y =
      convolution(has_batch ? c[0].value.flatten(0, 1) : c[0].value, c[1].value, c.has(2) ? std::optional<Tensor>(c[2].value) : std::nullopt, stride,
                  c.integers("padding"), c.integers("dilation"), false, std::vector<int64_t>(stride.size()), c.integer("groups", 1));
  return {y.reshape(c.batched(c.result()))};
}

Results reshaped(Batch c) { return {c[0].value.reshape(c.batched(c.result()))}; }

std::vector<Tensor> all_expanded(Batch c) {
  std::vector<Tensor> all;
  for (size_t i = 0; i < c.size(); ++i) all.push_back(c.expanded(i));
  return all;
}

using BatchRules = std::unordered_map<std::string_view, BatchRule>;

void add_elementwise(BatchRules& rules) {
#define XGRAD_BATCH_UNARY(name) rules[#name] = unary<static_cast<Tensor (*)(const Tensor&)>(&xgrad::name)>;
  XGRAD_BATCH_UNARY(abs)
  XGRAD_BATCH_UNARY(acos)
  XGRAD_BATCH_UNARY(asin)
  XGRAD_BATCH_UNARY(atan)
  XGRAD_BATCH_UNARY(ceil)
  XGRAD_BATCH_UNARY(cos)
  XGRAD_BATCH_UNARY(cosh)
  XGRAD_BATCH_UNARY(erf)
  XGRAD_BATCH_UNARY(erfc)
  XGRAD_BATCH_UNARY(exp)
  XGRAD_BATCH_UNARY(exp2)
  XGRAD_BATCH_UNARY(expm1)
  XGRAD_BATCH_UNARY(floor)
  XGRAD_BATCH_UNARY(isfinite)
  XGRAD_BATCH_UNARY(isinf)
  XGRAD_BATCH_UNARY(isnan)
  XGRAD_BATCH_UNARY(lgamma)
  XGRAD_BATCH_UNARY(log)
  XGRAD_BATCH_UNARY(log10)
  XGRAD_BATCH_UNARY(log1p)
  XGRAD_BATCH_UNARY(log2)
  XGRAD_BATCH_UNARY(logical_not)
  XGRAD_BATCH_UNARY(neg)
  XGRAD_BATCH_UNARY(reciprocal)
  XGRAD_BATCH_UNARY(relu)
  XGRAD_BATCH_UNARY(rsqrt)
  XGRAD_BATCH_UNARY(sgn)
  XGRAD_BATCH_UNARY(sigmoid)
  XGRAD_BATCH_UNARY(sign)
  XGRAD_BATCH_UNARY(silu)
  XGRAD_BATCH_UNARY(sin)
  XGRAD_BATCH_UNARY(sinh)
  XGRAD_BATCH_UNARY(sqrt)
  XGRAD_BATCH_UNARY(tan)
  XGRAD_BATCH_UNARY(tanh)
  XGRAD_BATCH_UNARY(trunc)
#undef XGRAD_BATCH_UNARY
#define XGRAD_BATCH_BINARY(name) rules[#name] = [](Batch c) { return binary(c, [](const Tensor& a, const auto& b) { return xgrad::name(a, b); }); };
  XGRAD_BATCH_BINARY(eq)
  XGRAD_BATCH_BINARY(fmod)
  XGRAD_BATCH_BINARY(ge)
  XGRAD_BATCH_BINARY(gt)
  XGRAD_BATCH_BINARY(le)
  XGRAD_BATCH_BINARY(lt)
  XGRAD_BATCH_BINARY(mul)
  XGRAD_BATCH_BINARY(ne)
  XGRAD_BATCH_BINARY(pow)
  XGRAD_BATCH_BINARY(remainder)
  XGRAD_BATCH_BINARY(xlogy)
#undef XGRAD_BATCH_BINARY
#define XGRAD_BATCH_TENSORS(name) \
  rules[#name] = [](Batch c) -> Results { return c.size() == 2 ? Results{xgrad::name(c.aligned(0), c.aligned(1))} : Results{}; };
  XGRAD_BATCH_TENSORS(atan2)
  XGRAD_BATCH_TENSORS(bitwise_and)
  XGRAD_BATCH_TENSORS(bitwise_or)
  XGRAD_BATCH_TENSORS(copysign)
  XGRAD_BATCH_TENSORS(fmax)
  XGRAD_BATCH_TENSORS(fmin)
  XGRAD_BATCH_TENSORS(hypot)
  XGRAD_BATCH_TENSORS(logaddexp)
  XGRAD_BATCH_TENSORS(logical_and)
  XGRAD_BATCH_TENSORS(logical_or)
  XGRAD_BATCH_TENSORS(logical_xor)
  XGRAD_BATCH_TENSORS(maximum)
  XGRAD_BATCH_TENSORS(minimum)
#undef XGRAD_BATCH_TENSORS
  rules["add"] = [](Batch c) { return sum_with(c, [](const Tensor& a, const auto& b, const Scalar& k) { return add(a, b, k); }); };
  rules["sub"] = [](Batch c) {
    if (const auto self = c.scalar("self")) return Results{*self - c[0].value};
    return sum_with(c, [](const Tensor& a, const auto& b, const Scalar& k) { return sub(a, b, k); });
  };
  rules["rsub"] = [](Batch c) {
    if (const auto self = c.scalar("self")) return Results{*self - c[0].value};
    return sum_with(c, [](const Tensor& a, const auto& b, const Scalar& k) { return rsub(a, b, k); });
  };
  rules["div"] = [](Batch c) -> Results {
    const std::string mode = c.text("rounding_mode");
    if (!mode.empty()) return c.size() == 2 ? Results{div(c.aligned(0), c.aligned(1), mode)} : Results{div(c[0].value, *c.scalar("other"), mode)};
    if (const auto self = c.scalar("self")) return {*self / c[0].value};
    return binary(c, [](const Tensor& a, const auto& b) { return div(a, b); });
  };
  rules["addcmul"] = [](Batch c) -> Results { return {addcmul(c.aligned(0), c.aligned(1), c.aligned(2), c.scalar("value").value_or(1))}; };
  rules["addcdiv"] = [](Batch c) -> Results { return {addcdiv(c.aligned(0), c.aligned(1), c.aligned(2), c.scalar("value").value_or(1))}; };
  rules["round"] = [](Batch c) -> Results { return {c.find("decimals") ? round(c[0].value, c.integer("decimals")) : round(c[0].value)}; };
  rules["lerp"] = [](Batch c) -> Results {
    if (c.size() == 3) return {lerp(c.aligned(0), c.aligned(1), c.aligned(2))};
    return {lerp(c.aligned(0), c.aligned(1), *c.scalar("weight"))};
  };
  rules["where"] = [](Batch c) -> Results {
    if (c.size() == 3) return {where(c.aligned(0), c.aligned(1), c.aligned(2))};
    return {};
  };
  rules["masked_fill"] = [](Batch c) -> Results {
    const auto value = c.scalar("value");
    return value ? Results{masked_fill(c.aligned(0), c.aligned(1), *value)} : Results{};
  };
  rules["clamp"] = [](Batch c) -> Results { return c.size() == 1 ? Results{clamp(c[0].value, c.scalar("min"), c.scalar("max"))} : Results{}; };
  rules["clamp_min"] = [](Batch c) -> Results { return c.size() == 1 ? Results{clamp_min(c[0].value, *c.scalar("min"))} : Results{}; };
  rules["clamp_max"] = [](Batch c) -> Results { return c.size() == 1 ? Results{clamp_max(c[0].value, *c.scalar("max"))} : Results{}; };
  rules["leaky_relu"] = [](Batch c) -> Results { return {leaky_relu(c[0].value, *c.scalar("negative_slope"))}; };
  rules["softplus"] = [](Batch c) -> Results { return {softplus(c[0].value, *c.scalar("beta"), *c.scalar("threshold"))}; };
  rules["gelu"] = [](Batch c) -> Results { return {gelu(c[0].value, c.text("approximate"))}; };
  // Derivatives of activations, of gy and the value.
  rules["tanh_backward"] = [](Batch c) -> Results { return {c.aligned(0) * (1 - c.aligned(1) * c.aligned(1))}; };
  rules["sigmoid_backward"] = [](Batch c) -> Results { return {c.aligned(0) * ((1 - c.aligned(1)) * c.aligned(1))}; };
  rules["tanh_double_backward"] = [](Batch c) -> Results { return {c.aligned(0) * c.aligned(1) * c.aligned(2) * -2}; };
  rules["sigmoid_double_backward"] = [](Batch c) -> Results { return {c.aligned(0) * c.aligned(1) * (1 - c.aligned(2) * 2)}; };
  rules["threshold_backward"] = [](Batch c) -> Results {
    return {where(c.aligned(1) > c.scalar("threshold").value_or(0), c.aligned(0), zeros_like(c.aligned(0)))};
  };
}

void add_shapes(BatchRules& rules) {
  for (const char* name : {"view", "reshape", "_unsafe_view", "flatten", "unflatten", "squeeze", "squeeze_", "unsqueeze"}) rules[name] = reshaped;
  rules["expand"] = [](Batch c) -> Results {
    Dims sizes{c.count()};
    for (int64_t k = c[0].sizes.size(); k < c.result().size(); ++k) sizes.push_back(1);
    for (int64_t size : c[0].sizes) sizes.push_back(size);
    return {c[0].value.reshape(sizes).expand(c.batched(c.result()))};
  };
  rules["t"] = [](Batch c) -> Results { return {c[0].sizes.size() < 2 ? c[0].value : c[0].value.transpose(1, 2)}; };
  for (const char* name : {"mT", "adjoint"}) rules[name] = [](Batch c) -> Results { return {c[0].value.transpose(-1, -2)}; };
  rules["transpose"] = [](Batch c) -> Results { return {c[0].value.transpose(c.axis("dim0"), c.axis("dim1"))}; };
  rules["permute"] = [](Batch c) -> Results {
    std::vector<int64_t> axes = c.axes("dims");
    axes.insert(axes.begin(), 0);
    return {c[0].value.permute(axes)};
  };
  rules["select"] = [](Batch c) -> Results { return {c[0].value.select(c.axis("dim"), c.integer("index"))}; };
  rules["slice"] = [](Batch c) -> Results {
    return {c[0].value.slice(c.axis("dim"), c.optional_integer("start"), c.optional_integer("end"), c.integer("step", 1))};
  };
  rules["diagonal"] = [](Batch c) -> Results { return {c[0].value.diagonal(c.integer("offset"), c.axis("dim1"), c.axis("dim2", 1))}; };
  rules["flip"] = [](Batch c) -> Results { return {c[0].value.flip(c.axes("dims"))}; };
  rules["cat"] = [](Batch c) -> Results { return {cat(all_expanded(c), c.axis("dim"))}; };
  rules["stack"] = [](Batch c) -> Results {
    const int64_t dim = c.integer("dim");
    return {stack(all_expanded(c), dim < 0 ? dim : dim + 1)};
  };
  rules["clone"] = [](Batch c) -> Results { return {c[0].value.clone()}; };
  for (const char* name : {"contiguous", "alias"}) rules[name] = [](Batch c) -> Results { return {c[0].value}; };
  rules["detach"] = [](Batch c) -> Results { return {c[0].value.detach()}; };
  rules["to"] = [](Batch c) -> Results { return c.dtype("dtype") ? Results{c[0].value.to(*c.dtype("dtype"))} : Results{}; };
  rules["tril"] = [](Batch c) -> Results { return {c[0].value.tril(c.integer("diagonal"))}; };
  rules["triu"] = [](Batch c) -> Results { return {c[0].value.triu(c.integer("diagonal"))}; };
}

void add_reductions(BatchRules& rules) {
  rules["sum"] = [](Batch c) {
    return reduce(c, [&](const Tensor& x, IntArrayRef axes) { return x.sum(axes, c.flag("keepdim"), c.dtype("dtype")); });
  };
  rules["mean"] = [](Batch c) {
    return reduce(c, [&](const Tensor& x, IntArrayRef axes) { return x.mean(axes, c.flag("keepdim"), c.dtype("dtype")); });
  };
  rules["amax"] = [](Batch c) { return reduce(c, [&](const Tensor& x, IntArrayRef axes) { return x.amax(axes, c.flag("keepdim")); }); };
  rules["amin"] = [](Batch c) { return reduce(c, [&](const Tensor& x, IntArrayRef axes) { return x.amin(axes, c.flag("keepdim")); }); };
  rules["logsumexp"] = [](Batch c) { return reduce(c, [&](const Tensor& x, IntArrayRef axes) { return x.logsumexp(axes, c.flag("keepdim")); }); };
  rules["softmax"] = [](Batch c) -> Results { return {softmax(c[0].value, c.axis("dim"))}; };
  rules["log_softmax"] = [](Batch c) -> Results { return {log_softmax(c[0].value, c.axis("dim"))}; };
  rules["cumsum"] = [](Batch c) -> Results { return {c[0].value.cumsum(c.axis("dim"), c.dtype("dtype"))}; };
  rules["cumprod"] = [](Batch c) -> Results { return {c[0].value.cumprod(c.axis("dim"), c.dtype("dtype"))}; };
  rules["var"] = [](Batch c) {
    return reduce(c, [&](const Tensor& x, IntArrayRef axes) { return x.var(axes, c.optional_integer("correction"), c.flag("keepdim")); });
  };
  rules["std"] = [](Batch c) {
    return reduce(c, [&](const Tensor& x, IntArrayRef axes) { return x.std(axes, c.optional_integer("correction"), c.flag("keepdim")); });
  };
  rules["norm"] = [](Batch c) {
    return reduce(c, [&](const Tensor& x, IntArrayRef axes) { return x.norm(c.scalar("p"), axes, c.flag("keepdim")); });
  };
  rules["prod"] = [](Batch c) -> Results {
    if (!c.find("dim")) return {c[0].value.reshape({c.count(), -1}).prod(1, false, c.dtype("dtype"))};
    return {c[0].value.prod(c.axis("dim"), c.flag("keepdim"), c.dtype("dtype"))};
  };
  rules["max"] = [](Batch c) {
    return extreme_along(
        c, [](const Tensor& x) { return x.amax(1); }, [](const Tensor& x, int64_t axis, bool keepdim) { return x.max(axis, keepdim); });
  };
  rules["min"] = [](Batch c) {
    return extreme_along(
        c, [](const Tensor& x) { return x.amin(1); }, [](const Tensor& x, int64_t axis, bool keepdim) { return x.min(axis, keepdim); });
  };
  rules["argmax"] = [](Batch c) { return position_along(c, [](const Tensor& x, int64_t axis) { return x.argmax(axis); }); };
  rules["argmin"] = [](Batch c) { return position_along(c, [](const Tensor& x, int64_t axis) { return x.argmin(axis); }); };
  rules["layer_norm"] = [](Batch c) -> Results {
    Tensor y = layer_norm(c[0].value, c.integers("normalized_shape"), {}, {}, c.number("eps", 1e-5));
    if (c.has(1)) y = y * c.aligned(1);
    return {c.has(2) ? y + c.aligned(2) : y};
  };
  rules["smooth_l1_loss"] = [](Batch c) {
    return loss(c, [&](const Tensor& x, const Tensor& y) { return smooth_l1_loss(x, y, Reduction::None, c.number("beta", 1)); });
  };
  rules["huber_loss"] = [](Batch c) {
    return loss(c, [&](const Tensor& x, const Tensor& y) { return huber_loss(x, y, Reduction::None, c.number("delta", 1)); });
  };
  rules["mse_loss"] = [](Batch c) { return loss(c, [](const Tensor& x, const Tensor& y) { return (x - y).square(); }); };
}

void add_products(BatchRules& rules) {
  rules["mm"] = batch_product;
  rules["mv"] = [](Batch c) -> Results { return {matmul(c[0].value, c[1].value.unsqueeze(-1)).squeeze(-1)}; };
  rules["dot"] = [](Batch c) -> Results { return {(c[0].value * c[1].value).sum(-1)}; };
  rules["bmm"] = [](Batch c) -> Results { return {matmul(c[0].value, c[1].value)}; };
  rules["linear"] = linear_rows;
  rules["linear_relu"] = [](Batch c) -> Results { return {relu(linear_rows(c)[0])}; };
  rules["linear_tanh"] = [](Batch c) -> Results { return {tanh(linear_rows(c)[0])}; };
  rules["linear_sigmoid"] = [](Batch c) -> Results { return {sigmoid(linear_rows(c)[0])}; };
  rules["addmm"] = matrices_plus;
  for (const char* name : {"conv1d", "conv2d", "conv3d"}) rules[name] = convolved_images;
}

void add_choices(BatchRules& rules) {
  rules["gather"] = [](Batch c) -> Results {
    return c[0].sizes.size() == 0 ? Results{} : Results{gather(c.expanded(0), c.axis("dim"), c.expanded(1))};
  };
  rules["index_select"] = [](Batch c) -> Results {
    return c[1].mapped || c[0].sizes.size() == 0 ? Results{} : Results{c[0].value.index_select(c.axis("dim"), c[1].value)};
  };
  rules["embedding"] = [](Batch c) -> Results {
    if (c[0].mapped || c.flag("scale_grad_by_freq") || c.flag("sparse")) return {};
    return {embedding(c[0].value, c[1].value, c.integer("padding_idx", -1))};
  };
}

}  // namespace

BatchRule batch_rule(std::string_view operation) {
  static const BatchRules all = [] {
    BatchRules rules;
    add_elementwise(rules);
    add_shapes(rules);
    add_reductions(rules);
    add_products(rules);
    add_choices(rules);
    return rules;
  }();
  const auto found = all.find(operation);
  return found == all.end() ? nullptr : found->second;
}

bool looks_at_shapes_only(std::string_view operation) {
  static const std::unordered_set<std::string_view> names = {"zeros_like", "ones_like", "empty_like", "full_like", "new_zeros",
                                                             "new_ones",   "new_empty", "new_full",   "empty",     "zeros",
                                                             "ones",       "full",      "eye",        "arange",    "linspace"};
  return names.count(operation) != 0;
}

}}}  // namespace torch::xgrad::func
