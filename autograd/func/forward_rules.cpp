#include <xgrad/autograd/func/forward_rules.h>

#include <string_view>
#include <unordered_map>

#include <xgrad/autograd/ops/convolution/convolution.h>
#include <xgrad/autograd/tensor/operators.h>

namespace torch { inline namespace xgrad { namespace func {

namespace {

using Call = const RecordedCall&;

// Sums and means over axes. What the engine sums to a matrix's last axis says nothing about axes.
template <class F> Tensor over_axes(Call c, const Tensor& t, F reduce) {
  const std::vector<int64_t> dims = c.integers("dim");
  if (c.node_name() == "SumBackward1" && !c.find("dim")) return t.sum_to_size(c.sizes());
  return reduce(t, dims, c.flag("keepdim")).reshape(c.sizes());
}

// Rows times a matrix; rows that are one row expanded, as directions in space are, are multiplied once.
Tensor rows_by(const Tensor& rows, const Tensor& matrix) {
  if (rows.dim() != 2 || rows.size(0) < 2 || rows.stride(0) != 0) return matmul(rows, matrix);
  return matmul(rows.narrow(0, 0, 1), matrix).expand({rows.size(0), matrix.size(1)});
}

Tensor product(Call c, const Tensor& a, const Tensor& b) {
  return c.flag("left_transposed") ? matmul(a.flatten(0, -2).t(), b.flatten(0, -2)) : rows_by(a, b);
}

Tensor convolved(Call c, const Tensor& image, const Tensor& weight) {
  const std::vector<int64_t> stride = c.integers("stride");
  if (c.flag("transposed") || image.dim() != static_cast<int64_t>(stride.size()) + 2) return {};
  Tensor y = convolution(image, weight, std::nullopt, stride, c.integers("padding"), c.integers("dilation"), false,
                         std::vector<int64_t>(stride.size()), c.integer("groups"));
  return y.sizes() == c.sizes() ? y : Tensor();  // padding "same" may be longer at one end
}

ForwardRule linear_rule(Tensor (*apply)(Call, const Tensor&)) {
  ForwardRule rule;
  rule.kind = ForwardRule::kLinear;
  rule.linear = apply;
  return rule;
}
ForwardRule bilinear_rule(Tensor (*apply)(Call, const Tensor&, const Tensor&), int summand, int left) {
  ForwardRule rule;
  rule.kind = ForwardRule::kBilinear;
  rule.bilinear = apply;
  rule.summand = summand;
  rule.left = left;
  rule.right = left + 1;
  return rule;
}

using Rules = std::unordered_map<std::string_view, ForwardRule>;

// clang-format off
constexpr const char* kElementwiseNames[] = {
    "abs", "acos", "acosh", "add", "addcdiv", "addcmul", "alias", "angle", "asin", "asinh", "atan", "atan2", "atan_slope", "atanh", "ceil", "celu",
    "clamp", "clamp_max", "clamp_min", "clone", "contiguous", "copysign", "cos", "cosh", "deg2rad", "digamma", "div", "dropout", "elu",
    "elu_backward", "erf", "erfc", "erfinv", "exp", "exp2", "expm1", "fill", "floor", "fmax", "fmin", "fmod", "frac", "gelu", "gelu_backward",
    "hardshrink", "hardshrink_backward", "hardsigmoid", "hardsigmoid_backward", "hardswish", "hardswish_backward", "hardtanh", "hardtanh_backward",
    "hypot", "i0", "leaky_relu", "leaky_relu_backward", "lerp", "lgamma", "log", "log10", "log1p", "log2", "log_sigmoid", "log_sigmoid_backward",
    "logaddexp", "logaddexp2", "logit", "masked_fill", "maximum", "mills_ratio", "minimum", "mish", "mish_backward", "mul", "nan_to_num", "neg",
    "polygamma", "positive", "pow", "rad2deg", "reciprocal", "relu", "remainder", "root_slope", "round", "rsqrt", "rsub", "sgn", "sigmoid",
    "sigmoid_backward", "sigmoid_double_backward", "sign", "silu", "silu_backward", "sin", "sinc", "sinh", "softplus", "softplus_backward",
    "softshrink", "softshrink_backward", "special_entr", "special_erfcx", "special_i0e", "special_i1", "special_i1e", "special_log_ndtr",
    "special_ndtr", "special_ndtri", "special_xlog1py", "sqrt", "square", "sub", "tan", "tanh", "tanh_backward", "tanh_double_backward", "threshold",
    "threshold_backward", "to", "_to_copy", "trunc", "where", "xlogy"};
// clang-format on

Rules make_rules() {
  Rules rules;
  for (const char* name : kElementwiseNames) rules[name].kind = ForwardRule::kElementwise;

  const ForwardRule in_row_major_order = linear_rule([](Call c, const Tensor& t) { return t.reshape(c.sizes()); });
  for (const char* name : {"view", "reshape", "_unsafe_view", "flatten", "unflatten", "squeeze", "squeeze_", "unsqueeze"})
    rules[name] = in_row_major_order;
  rules["expand"] = linear_rule([](Call c, const Tensor& t) { return t.expand(c.sizes()); });
  rules["t"] = linear_rule([](Call, const Tensor& t) { return t.t(); });
  rules["transpose"] = linear_rule([](Call c, const Tensor& t) { return t.transpose(c.integer("dim0"), c.integer("dim1")); });
  rules["permute"] = linear_rule([](Call c, const Tensor& t) { return t.permute(c.integers("dims")); });
  rules["select"] = linear_rule([](Call c, const Tensor& t) { return t.select(c.integer("dim"), c.integer("index")); });
  rules["slice"] = linear_rule([](Call c, const Tensor& t) {
    return t.slice(c.integer("dim"), c.optional_integer("start"), c.optional_integer("end"), c.integer("step", 1));
  });
  rules["diagonal"] = linear_rule([](Call c, const Tensor& t) { return t.diagonal(c.integer("offset"), c.integer("dim1"), c.integer("dim2", 1)); });
  rules["flip"] = linear_rule([](Call c, const Tensor& t) { return t.flip(c.integers("dims")); });
  rules["roll"] = linear_rule([](Call c, const Tensor& t) { return t.roll(c.integers("shifts"), c.integers("dims")); });
  rules["triu"] = linear_rule([](Call c, const Tensor& t) { return t.triu(c.integer("diagonal")); });
  rules["tril"] = linear_rule([](Call c, const Tensor& t) { return t.tril(c.integer("diagonal")); });
  rules["sum"] = linear_rule([](Call c, const Tensor& t) {
    return over_axes(c, t, [](const Tensor& t, IntArrayRef dims, bool keepdim) { return dims.empty() ? t.sum() : t.sum(dims, keepdim); });
  });
  rules["mean"] = linear_rule([](Call c, const Tensor& t) {
    return over_axes(c, t, [](const Tensor& t, IntArrayRef dims, bool keepdim) { return dims.empty() ? t.mean() : t.mean(dims, keepdim); });
  });

  rules["mm"] = bilinear_rule(product, -1, 0);
  for (const char* name : {"bmm", "mv", "dot"})
    rules[name] = bilinear_rule([](Call, const Tensor& a, const Tensor& b) { return matmul(a, b); }, -1, 0);
  rules["linear"] = bilinear_rule([](Call, const Tensor& a, const Tensor& w) { return rows_by(a, w.t()); }, 0, 1);
  for (const char* name : {"conv1d", "conv2d", "conv3d"}) {
    rules[name] = bilinear_rule(convolved, 2, 0);
    rules[name].summand_per_channel = true;
  }
  return rules;
}

const Rules& rules() {
  static const Rules all = make_rules();
  return all;
}

}  // namespace

const ForwardRule& forward_rule(const detail::Operation* operation) {
  static const ForwardRule unknown;
  if (!operation) return unknown;
  const auto found = rules().find(operation->name());
  return found == rules().end() ? unknown : found->second;
}

bool needs_operands(const detail::Operation& operation) { return forward_rule(&operation).kind == ForwardRule::kBilinear; }

}}}  // namespace torch::xgrad::func
