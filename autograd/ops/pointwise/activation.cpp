#include <xgrad/autograd/ops/pointwise/activation.h>

#include <cmath>

#include <xgrad/autograd/core/shape.h>
#include <xgrad/autograd/graph/record.h>
#include <xgrad/autograd/kernels/pointwise/activation.h>
#include <xgrad/autograd/kernels/pointwise/selection.h>
#include <xgrad/autograd/ops/creation/creation.h>
#include <xgrad/autograd/ops/pointwise/arithmetic.h>
#include <xgrad/autograd/ops/pointwise/comparison.h>
#include <xgrad/autograd/ops/pointwise/elementary.h>
#include <xgrad/autograd/ops/pointwise/into.h>
#include <xgrad/autograd/ops/pointwise/output_activation.h>
#include <xgrad/autograd/ops/pointwise/selection.h>
#include <xgrad/autograd/ops/pointwise/zero_slope.h>
#include <xgrad/autograd/tensor/copy.h>
#include <xgrad/autograd/tensor/pointwise.h>

#ifndef XGRAD_SAMPLES

// Every first derivative is one kernel: an operation of its own, linear in the gradient it is given, whose derivative in
// the other input is written with differentiable operations.

namespace torch { inline namespace xgrad {

namespace {

Forward activation(const Operation& operation, const kernels::LoopTable& table, const Tensor& x, Parameters parameters = {}) {
  return pointwise(operation, table, x.dtype(), {x}, parameters);
}

Forward slope(const Operation& operation, const kernels::LoopTable& table, const Tensor& gy, const Tensor& x, Out out, Parameters parameters = {}) {
  return pointwise(operation, table, gy.dtype(), {gy, x}, parameters, out);
}

// The derivative of straight lines: its own derivative in x is 0.
Tensor band_slope(const Operation& operation, const Tensor& gy, const Tensor& x, const kernels::Band& band, Out out = {}) {
  return record(slope(operation, kernels::band_slope, gy, x, out, &band),
                wrt_in_place(gy, [&operation, band, x = save(x)](const Tensor& g, Out out) { return band_slope(operation, g, x, band, out); }),
                wrt(x, zero_slope));
}

// gy where x > limit or NaN, elsewhere 0.
Tensor slope_above(const Tensor& gy, const Tensor& x, double limit, Out out = {}) {
  return record(slope(operation<"threshold_backward">, kernels::slope_above, gy, x, out, &limit),
                wrt_in_place(gy, [limit, x = save(x)](const Tensor& g, Out out) { return slope_above(g, x, limit, out); }), wrt(x, zero_slope));
}

}  // namespace

// ---- sigmoid and tanh, whose derivatives need only their value

namespace {

// -2 a b y: how tanh's slope b (1 - y^2) changes with y, times a.
Tensor tanh_bend(const Tensor& a, const Tensor& b, const Tensor& y) {
  return record(pointwise(operation<"tanh_double_backward">, kernels::tanh_bend, y.dtype(), {a, b, y}),
                wrt(a, [b = save(b), y = save(y)](const Tensor& g) { return tanh_bend(g, b, y); }),
                wrt(b, [a = save(a), y = save(y)](const Tensor& g) { return tanh_bend(a, g, y); }),
                wrt(y, [a = save(a), b = save(b)](const Tensor& g) { return tanh_bend(g, a, b); }));
}
// a b (1 - 2 y): the same of sigmoid's b y (1 - y).
Tensor sigmoid_bend(const Tensor& a, const Tensor& b, const Tensor& y) {
  return record(pointwise(operation<"sigmoid_double_backward">, kernels::sigmoid_bend, y.dtype(), {a, b, y}),
                wrt(a, [b = save(b), y = save(y)](const Tensor& g) { return sigmoid_bend(g, b, y); }),
                wrt(b, [a = save(a), y = save(y)](const Tensor& g) { return sigmoid_bend(a, g, y); }),
                wrt(y, [a = save(a), b = save(b)](const Tensor& g) { return tanh_bend(g, a, b); }));
}

Tensor sigmoid_slope(const Tensor& gy, const Tensor& y, Out out = {}) {
  return record(slope(operation<"sigmoid_backward">, kernels::sigmoid_slope, gy, y, out),
                wrt_in_place(gy, [y = save(y)](const Tensor& g, Out out) { return sigmoid_slope(g, y, out); }),
                wrt(y, [gy = save(gy), y = save(y)](const Tensor& g) { return sigmoid_bend(g, gy, y); }));
}

Tensor tanh_slope(const Tensor& gy, const Tensor& y, Out out = {}) {
  return record(slope(operation<"tanh_backward">, kernels::tanh_slope, gy, y, out),
                wrt_in_place(gy, [y = save(y)](const Tensor& g, Out out) { return tanh_slope(g, y, out); }),
                wrt(y, [gy = save(gy), y = save(y)](const Tensor& g) { return tanh_bend(g, gy, y); }));
}

}  // namespace

Tensor into::sigmoid(const Tensor& self, Out out) {
  return record(pointwise(operation<"sigmoid">, kernels::sigmoid, floating_result_type(self), {self}, {}, out), wrt_in_place(self, sigmoid_slope));
}

Tensor into::tanh(const Tensor& self, Out out) {
  return record(pointwise(operation<"tanh">, kernels::tanh, floating_result_type(self), {self}, {}, out), wrt_in_place(self, tanh_slope));
}

// ---- straight lines

namespace {

Tensor relu_slope(const Tensor& gy, const Tensor& y, Out out) { return slope_above(gy, y, 0, out); }

}  // namespace

Tensor into::relu(const Tensor& self, Out out) {
  const Operation& op = operation<"relu">;
  XGRAD_CHECK(self.dtype() != kBool, op, "Boolean inputs not supported for relu");
  return record(pointwise(op, kernels::clamp_min, self.dtype(), {self, Scalar(0)}, {}, out), wrt_in_place(self, relu_slope));
}

const OutputActivation kReluOutput{operation_recorded_as<"linear_relu", "ReluBackward0">, into::relu, {relu_slope}};
const OutputActivation kTanhOutput{operation_recorded_as<"linear_tanh", "TanhBackward0">, into::tanh, {tanh_slope}};
const OutputActivation kSigmoidOutput{operation_recorded_as<"linear_sigmoid", "SigmoidBackward0">, into::sigmoid, {sigmoid_slope}};

Tensor relu6(const Tensor& self) { return hardtanh(self, 0, 6); }

Tensor hardtanh(const Tensor& self, const Scalar& min_val, const Scalar& max_val) {
  const double low = min_val.toDouble(), high = max_val.toDouble();
  const Operation& op = operation<"hardtanh">;
  XGRAD_CHECK(self.dtype() != kByte || (low > -1 && high > -1), op, "cannot do hardtanh on an unsigned type with negative limits");
  return record(pointwise(op, kernels::clamp, self.dtype(), {self, min_val, max_val}), with("min_val", min_val, "max_val", max_val),
                wrt_in_place(self, [low, high, x = save(self)](const Tensor& gy, Out out) {
                  return band_slope(operation<"hardtanh_backward">, gy, x, {low, high, 1, 0, 0}, out);
                }));
}

Tensor leaky_relu(const Tensor& self, const Scalar& negative_slope) {
  const double k = negative_slope.toDouble();
  return record(activation(operation<"leaky_relu">, kernels::leaky_relu, self, &k), with("negative_slope", negative_slope),
                wrt_in_place(self, [k, x = save(self)](const Tensor& gy, Out out) {
                  return band_slope(operation<"leaky_relu_backward">, gy, x, {0, NAN, 1, k, k}, out);
                }));
}

Tensor prelu(const Tensor& self, const Tensor& weight) {
  const Operation& op = operation<"prelu">;
  XGRAD_CHECK(self.is_floating_point() && self.dtype() == weight.dtype(), op, "expected an input and weights of one floating dtype, got ",
              self.dtype(), " and ", weight.dtype());
  Dims shape;
  if (weight.numel() != 1) {
    const int64_t channels = self.dim() > 1 ? self.size(1) : 1;
    XGRAD_CHECK(self.dim() > 0, op, "Not allow zero-dim input tensor.");
    XGRAD_CHECK(channels == weight.numel(), op, "Mismatch of parameter numbers and input channel size. Found parameter numbers = ", weight.numel(),
                " and channel size = ", channels, ".");
    shape = Dims(static_cast<int>(self.dim()), 1);
    shape[1] = channels;
  }
  const Tensor x = self.contiguous(self.suggest_memory_format()), slope = where(x > 0, 1, weight.reshape(shape));
  // The gradient of the weights is, as in PyTorch, a function of the weights.
  const Tensor slopes =
      record(Forward(operation<"prelu_backward">, detail::alias(slope)),
             wrt(slope, [w = save(slope)](const Tensor& gy) { return in_steps_of(operation<"prelu_backward">, *w, gy); }), wrt(x, zero_slope));
  return x * slopes;
}

Tensor glu(const Tensor& self, int64_t dim) {
  XGRAD_CHECK(self.dim() != 0, "[glu] glu does not support scalars because halving size must be even");
  XGRAD_CHECK(self.is_floating_point(), "[glu] \"glu_cpu\" not implemented for '", self.dtype(), "'");
  const int64_t axis = wrap_axis("glu", dim, self.dim()), half = self.size(axis) / 2;
  XGRAD_CHECK(self.size(axis) % 2 == 0, "[glu] Halving dimension must be even, but dimension ", axis, " is size ", self.size(axis));
  return self.narrow(axis, 0, half) * self.narrow(axis, half, half).sigmoid();
}

Tensor hardsigmoid(const Tensor& self) {
  return record(activation(operation<"hardsigmoid">, kernels::hardsigmoid, self), wrt_in_place(self, [x = save(self)](const Tensor& gy, Out out) {
                  return band_slope(operation<"hardsigmoid_backward">, gy, x, {-3, 3, 1.0 / 6, 0, 0}, out);
                }));
}

Tensor threshold(const Tensor& self, const Scalar& threshold, const Scalar& value) {
  const kernels::Threshold parameters{threshold.toDouble(), value.toDouble()};
  return record(activation(operation<"threshold">, kernels::threshold, self, &parameters), with("threshold", threshold, "value", value),
                wrt_in_place(self, [limit = parameters.limit, x = save(self)](const Tensor& gy, Out out) { return slope_above(gy, x, limit, out); }));
}

namespace {

Tensor shrink_slope(const Operation& operation, const Tensor& gy, const Tensor& x, double lambd, Out out = {}) {
  return record(slope(operation, kernels::shrink_slope, gy, x, out, &lambd),
                wrt_in_place(gy, [&operation, lambd, x = save(x)](const Tensor& g, Out out) { return shrink_slope(operation, g, x, lambd, out); }),
                wrt(x, zero_slope));
}

}  // namespace

Tensor hardshrink(const Tensor& self, const Scalar& lambd) {
  const double l = lambd.toDouble();
  return record(
      activation(operation<"hardshrink">, kernels::hardshrink, self, &l), with("lambd", lambd),
      wrt_in_place(self, [l, x = save(self)](const Tensor& gy, Out out) { return shrink_slope(operation<"hardshrink_backward">, gy, x, l, out); }));
}

Tensor softshrink(const Tensor& self, const Scalar& lambd) {
  const double l = lambd.toDouble();
  const Operation& op = operation<"softshrink">;
  XGRAD_CHECK(l >= 0, op, "lambda must be greater or equal to 0, but found to be ", l);
  return record(
      activation(op, kernels::softshrink, self, &l), with("lambd", lambd),
      wrt_in_place(self, [l, x = save(self)](const Tensor& gy, Out out) { return shrink_slope(operation<"softshrink_backward">, gy, x, l, out); }));
}

namespace {

Tensor hardswish_slope(const Tensor& gy, const Tensor& x, Out out = {}) {
  return record(slope(operation<"hardswish_backward">, kernels::hardswish_slope, gy, x, out),
                wrt_in_place(gy, [x = save(x)](const Tensor& g, Out out) { return hardswish_slope(g, x, out); }),
                wrt(x, [gy = save(gy), x = save(x)](const Tensor& g) {
                  return band_slope(operation<"hardswish_backward">, g * *gy, x, {-3, 3, 1.0 / 3, 0, 0});
                }));
}

}  // namespace

Tensor hardswish(const Tensor& self) {
  return record(activation(operation<"hardswish">, kernels::hardswish, self),
                wrt_in_place(self, [x = save(self)](const Tensor& gy, Out out) { return hardswish_slope(gy, x, out); }));
}

// ---- exponential below 0

namespace {

Tensor elu_slope(const Tensor& gy, const Tensor& x, const kernels::Elu& e, Out out = {}) {
  return record(slope(operation<"elu_backward">, kernels::elu_slope, gy, x, out, &e),
                wrt_in_place(gy, [e, x = save(x)](const Tensor& g, Out out) { return elu_slope(g, x, e, out); }),
                wrt(x, [e, gy = save(gy), x = save(x)](const Tensor& g) { return where(*x < 0, elu_slope(g * *gy * e.rate, x, e), 0.0); }));
}

Forward elu_forward(const Tensor& x, const kernels::Elu& e) { return activation(operation<"elu">, kernels::elu, x, &e); }

template <class... T> Tensor elu_like(Forward y, const With<T...>& attributes, const Tensor& x, const kernels::Elu& e) {
  return record(std::move(y), attributes, wrt_in_place(x, [e, x = save(x)](const Tensor& gy, Out out) { return elu_slope(gy, x, e, out); }));
}

}  // namespace

Tensor elu(const Tensor& self, const Scalar& alpha, const Scalar& scale, const Scalar& input_scale) {
  const kernels::Elu e{alpha.toDouble() * scale.toDouble(), scale.toDouble(), input_scale.toDouble()};
  return elu_like(elu_forward(self, e), with("alpha", alpha, "scale", scale, "input_scale", input_scale), self, e);
}

Tensor celu(const Tensor& self, const Scalar& alpha) {
  const Operation& op = operation<"celu">;
  XGRAD_CHECK(alpha.toDouble() != 0, op, "ZeroDivisionError: alpha cannot be 0 for CELU");
  const kernels::Elu e{alpha.toDouble(), 1, 1 / alpha.toDouble()};
  return elu_like(Forward(op, elu_forward(self, e).value()), with("alpha", alpha), self, e);
}

Tensor selu(const Tensor& self) {
  // The fixed point that keeps mean 0 and variance 1 (Klambauer et al., 2017).
  constexpr double alpha = 1.6732632423543772848170429916717, scale = 1.0507009873554804934193349852946;
  const kernels::Elu e{alpha * scale, scale, 1};
  return elu_like(elu_forward(self, e), with("alpha", alpha, "scale", scale, "input_scale", 1), self, e);
}

// ---- softened steps

namespace {

Tensor softplus_slope(const Tensor& gy, const Tensor& x, const kernels::Softplus& p, Out out = {}) {
  return record(slope(operation<"softplus_backward">, kernels::softplus_slope, gy, x, out, &p),
                wrt_in_place(gy, [p, x = save(x)](const Tensor& g, Out out) { return softplus_slope(g, x, p, out); }),
                wrt(x, [p, gy = save(gy), x = save(x)](const Tensor& g) {
                  const Tensor z = *x * p.beta;
                  return where(z < p.threshold, sigmoid_slope(g * *gy, sigmoid(z)) * p.beta, 0.0);
                }));
}

Tensor log_sigmoid_slope(const Tensor& gy, const Tensor& x, Out out = {}) {
  return record(slope(operation<"log_sigmoid_backward">, kernels::log_sigmoid_slope, gy, x, out),
                wrt_in_place(gy, [x = save(x)](const Tensor& g, Out out) { return log_sigmoid_slope(g, x, out); }),
                wrt(x, [gy = save(gy), x = save(x)](const Tensor& g) { return -sigmoid_slope(g * *gy, sigmoid(x)); }));
}

Tensor silu_slope(const Tensor& gy, const Tensor& x, Out out = {}) {
  return record(slope(operation<"silu_backward">, kernels::silu_slope, gy, x, out),
                wrt_in_place(gy, [x = save(x)](const Tensor& g, Out out) { return silu_slope(g, x, out); }),
                wrt(x, [gy = save(gy), x = save(x)](const Tensor& g) {
                  const Tensor s = sigmoid(x);
                  return sigmoid_slope(g * *gy, s) * (2 + *x * (1 - s * 2));
                }));
}

// With t = tanh(softplus(x)) and s = sigmoid(x): t' = (1 - t^2) s.
Tensor mish_slope(const Tensor& gy, const Tensor& x, Out out = {}) {
  return record(slope(operation<"mish_backward">, kernels::mish_slope, gy, x, out),
                wrt_in_place(gy, [x = save(x)](const Tensor& g, Out out) { return mish_slope(g, x, out); }),
                wrt(x, [gy = save(gy), x = save(x)](const Tensor& g) {
                  const Tensor s = sigmoid(x), t = tanh(softplus(x));
                  return tanh_slope(g * *gy, t) * s * (2 + *x * (1 - s - s * t * 2));
                }));
}

// x Phi(x): the second derivative is phi(x) (2 - x^2).
Tensor gelu_slope(const Tensor& gy, const Tensor& x, Out out = {}) {
  return record(slope(operation<"gelu_backward">, kernels::gelu_slope, gy, x, out),
                wrt_in_place(gy, [x = save(x)](const Tensor& g, Out out) { return gelu_slope(g, x, out); }),
                wrt(x, [gy = save(gy), x = save(x)](const Tensor& g) {
                  const Tensor square = *x * *x;
                  return g * *gy * exp(square * -0.5) * ((2 - square) * (0.5 * M_2_SQRTPI * M_SQRT1_2));
                }));
}

// x (1 + t) / 2 with t = tanh(v), v = k (x + c x^3): the second derivative is (1 - t^2) (v' + x v'' / 2 - x t v'^2).
Tensor gelu_tanh_slope(const Tensor& gy, const Tensor& x, Out out = {}) {
  return record(slope(operation<"gelu_backward">, kernels::gelu_tanh_slope, gy, x, out),
                wrt_in_place(gy, [x = save(x)](const Tensor& g, Out out) { return gelu_tanh_slope(g, x, out); }),
                wrt(x, [gy = save(gy), x = save(x)](const Tensor& g) {
                  constexpr double k = M_2_SQRTPI * M_SQRT1_2, c = 0.044715;
                  const Tensor square = *x * *x, t = tanh(*x * (square * (k * c) + k));
                  const Tensor dv = square * (3 * k * c) + k;
                  return tanh_slope(g * *gy, t) * (dv + square * (3 * k * c) - *x * t * dv * dv);
                }));
}

}  // namespace

Tensor softplus(const Tensor& self, const Scalar& beta, const Scalar& threshold) {
  const kernels::Softplus p{beta.toDouble(), threshold.toDouble()};
  return record(activation(operation<"softplus">, kernels::softplus, self, &p), with("beta", beta, "threshold", threshold),
                wrt_in_place(self, [p, x = save(self)](const Tensor& gy, Out out) { return softplus_slope(gy, x, p, out); }));
}

Tensor log_sigmoid(const Tensor& self) {
  const Operation& op = operation<"log_sigmoid">;
  const Forward y = activation(op, kernels::log_sigmoid, self);  // row-major in PyTorch
  return record(Forward(op, contiguous_as(y.value(), self.dtype())),
                wrt_in_place(self, [x = save(self)](const Tensor& gy, Out out) { return log_sigmoid_slope(gy, x, out); }));
}

Tensor silu(const Tensor& self) {
  return record(activation(operation<"silu">, kernels::silu, self),
                wrt_in_place(self, [x = save(self)](const Tensor& gy, Out out) { return silu_slope(gy, x, out); }));
}

Tensor mish(const Tensor& self) {
  return record(activation(operation<"mish">, kernels::mish, self),
                wrt_in_place(self, [x = save(self)](const Tensor& gy, Out out) { return mish_slope(gy, x, out); }));
}

Tensor gelu(const Tensor& self, std::string_view approximate) {
  const Operation& op = operation<"gelu">;
  XGRAD_CHECK(approximate == "none" || approximate == "tanh", op, "approximate argument must be either none or tanh, got ", approximate);
  const char* const kind = approximate == "tanh" ? "tanh" : "none";
  if (approximate == "tanh")
    return record(activation(op, kernels::gelu_tanh, self), with("approximate", kind),
                  wrt_in_place(self, [x = save(self)](const Tensor& gy, Out out) { return gelu_tanh_slope(gy, x, out); }));
  return record(activation(op, kernels::gelu, self), with("approximate", kind),
                wrt_in_place(self, [x = save(self)](const Tensor& gy, Out out) { return gelu_slope(gy, x, out); }));
}

}}  // namespace torch::xgrad

#else  // ---- samples

#include <xgrad/autograd/catalogue/pointwise_samples.h>

namespace torch { inline namespace xgrad {

using catalogue::Domain;
using catalogue::Inputs;
using catalogue::Samples;
using catalogue::special_values_without;

namespace {

Tensor vector_of(const std::vector<double>& values) { return catalogue::vector_of(values); }

const catalogue::Entry sigmoid_entry("sigmoid", [](Samples& s) {
  catalogue::unary_samples(s, "torch.sigmoid(x[0])", sigmoid);
  catalogue::integer_samples(s, "torch.sigmoid(x[0])", sigmoid);
});
const catalogue::Entry tanh_entry("tanh", [](Samples& s) {
  catalogue::unary_samples(s, "torch.tanh(x[0])", tanh);
  catalogue::integer_samples(s, "torch.tanh(x[0])", tanh);
});

// Smooth functions that PyTorch computes for floating dtypes only. `name` is a call with $ for the input.
void smooth_samples(Samples& s, const std::string& name, const catalogue::UnaryFunction& f, const std::vector<double>& points,
                    const Domain& domain = {-3, 3}) {
  const size_t at = name.find('$');
  catalogue::unary_samples(s, name.substr(0, at) + "x[0]" + name.substr(at + 1), f, domain, points);
  s.rejects(name + " of integers", "not implemented for 'Long'", [f] { f(ones({2}, kLong)); });
}

// At infinities PyTorch's formulas give inf * 0.
void limit_samples(Samples& s, const std::string& call, const catalogue::UnaryFunction& f) {
  smooth_samples(s, call, f, special_values_without({INFINITY, -INFINITY}));
  const size_t at = call.find('$');
  s.at(call.substr(0, at) + "x[0]" + call.substr(at + 1), {vector_of({INFINITY, -INFINITY})}, [f](Inputs x) { return f(x[0]); }).deviation =
      "activations-at-infinity";
}

const catalogue::Entry glu_entry("glu", [](Samples& s) {
  s.add("F.glu(x[0])", {s.normal({3, 4})}, [](Inputs x) { return glu(x[0]); });
  s.add("F.glu(x[0], 0)", {s.normal({4, 3})}, [](Inputs x) { return glu(x[0], 0); });
  s.add("F.glu(x[0], -2)", {s.normal({2, 2, 2})}, [](Inputs x) { return glu(x[0], -2); });
  s.add("F.glu(x[0], 0)", {s.normal({2, 0})}, [](Inputs x) { return glu(x[0], 0); });
  s.rejects("a number", "glu does not support scalars because halving size must be even", [] { glu(ones({})); });
  s.rejects("an odd size", "Halving dimension must be even, but dimension 1 is size 3", [] { glu(ones({2, 3}), 1); });
});
const catalogue::Entry silu_entry("silu", [](Samples& s) { limit_samples(s, "F.silu($)", silu); });
const catalogue::Entry mish_entry("mish", [](Samples& s) { limit_samples(s, "F.mish($)", mish); });
const catalogue::Entry gelu_entry("gelu", [](Samples& s) {
  limit_samples(s, "F.gelu($)", [](const Tensor& x) { return gelu(x); });
  limit_samples(s, "F.gelu($, approximate='tanh')", [](const Tensor& x) { return gelu(x, "tanh"); });
  s.rejects("another approximation", "approximate argument must be either none or tanh", [] { gelu(ones({2}), "erf"); });
});

const catalogue::Entry softplus_entry("softplus", [](Samples& s) {
  smooth_samples(
      s, "F.softplus($)", [](const Tensor& x) { return softplus(x); }, catalogue::special_values());
  smooth_samples(s, "F.softplus($, beta=2, threshold=1)", [](const Tensor& x) { return softplus(x, 2, 1); }, catalogue::special_values(),
                 {-2, 2, {0.5}});
  s.at("F.softplus(x[0])", {vector_of({19.99, 20, 20.01, 21})}, [](Inputs x) { return softplus(x[0]); });
});
const catalogue::Entry log_sigmoid_entry("log_sigmoid",
                                         [](Samples& s) { smooth_samples(s, "F.logsigmoid($)", log_sigmoid, catalogue::special_values()); });

// The slope at NaN depends in PyTorch on the position in the tensor: here and below NaN is left out where it does.
const catalogue::Entry elu_entry("elu", [](Samples& s) {
  const std::vector<double> points = special_values_without({NAN});
  smooth_samples(s, "F.elu($)", [](const Tensor& x) { return elu(x); }, points, {-3, 3, {0}});
  smooth_samples(s, "F.elu($, alpha=0.7)", [](const Tensor& x) { return elu(x, 0.7); }, points, {-3, 3, {0}});
  s.add("torch._C._nn.elu(x[0], 0.7, 1.5, 2.0)", {s.avoiding({6}, -3, 3, {0})}, [](Inputs x) { return elu(x[0], 0.7, 1.5, 2.0); });
});
const catalogue::Entry celu_entry("celu", [](Samples& s) {
  const std::vector<double> points = special_values_without({NAN});
  smooth_samples(s, "F.celu($)", [](const Tensor& x) { return celu(x); }, points, {-3, 3, {0}});
  smooth_samples(s, "F.celu($, alpha=2)", [](const Tensor& x) { return celu(x, 2); }, points, {-3, 3, {0}});
  s.rejects("alpha 0", "alpha cannot be 0 for CELU", [] { celu(ones({2}), 0); });
});
const catalogue::Entry selu_entry("selu", [](Samples& s) { smooth_samples(s, "F.selu($)", selu, special_values_without({NAN}), {-3, 3, {0}}); });

const catalogue::Entry relu_entry("relu", [](Samples& s) {
  catalogue::unary_samples(s, "torch.relu(x[0])", relu, {-2, 2, {0}});
  catalogue::integer_samples(s, "torch.relu(x[0])", relu, false);
  s.rejects("a mask", "Boolean inputs not supported for relu", [] { relu(ones({2}, kBool)); });
});
const catalogue::Entry prelu_entry("prelu", [](Samples& s) {
  const auto call = [](Inputs x) { return prelu(x[0], x[1]); };
  s.add("F.prelu(x[0], x[1])", {s.avoiding({2, 3}, -2, 2, {0}), s.normal({1})}, call);
  s.add("F.prelu(x[0], x[1])", {s.avoiding({2, 3, 2}, -2, 2, {0}), s.normal({3})}, call);
  s.add("F.prelu(x[0], x[1])", {s.avoiding({4}, -2, 2, {0}), s.normal({1})}, call);
  s.add("F.prelu(x[0], x[1])", {s.avoiding({}, -2, 2, {0}), s.normal({1})}, call);
  s.add("F.prelu(x[0], x[1])", {s.normal({0, 3}), s.normal({3})}, call);
  s.add("F.prelu(x[0], x[1])", {s.avoiding({2, 3}, -2, 2, {0}), catalogue::constant(s.normal({3}))}, call);
  s.add("F.prelu(x[0], x[1])", {catalogue::constant(s.avoiding({2, 3}, -2, 2, {0})), s.normal({3})}, call);
  s.at("F.prelu(x[0], x[1])", {full({1, 3}, 0.0, kDouble), full({3}, 0.5, kDouble)}, call);
  s.rejects("weights for other channels", "parameter numbers = 2 and channel size = 3", [] { prelu(ones({2, 3}), ones({2})); });
  s.rejects("weights for no axis", "Not allow zero-dim input tensor", [] { prelu(ones({}), ones({2})); });
});

const catalogue::Entry leaky_relu_entry("leaky_relu", [](Samples& s) {
  smooth_samples(s, "F.leaky_relu($)", [](const Tensor& x) { return leaky_relu(x); }, catalogue::special_values(), {-2, 2, {0}});
  smooth_samples(s, "F.leaky_relu($, negative_slope=0.3)", [](const Tensor& x) { return leaky_relu(x, 0.3); }, catalogue::special_values(),
                 {-2, 2, {0}});
});

const catalogue::Entry hardtanh_entry("hardtanh", [](Samples& s) {
  const auto f = [](const Tensor& x) { return hardtanh(x); };
  catalogue::unary_samples(s, "F.hardtanh(x[0])", f, {-2, 2, {-1, 1}}, special_values_without({NAN}));
  s.add("F.hardtanh(x[0], -0.5, 2.0)", {s.avoiding({6}, -2, 3, {-0.5, 2})}, [](Inputs x) { return hardtanh(x[0], -0.5, 2.0); });
  s.flat("F.hardtanh(x[0], -2, 3)", {s.integers({9}, -5, 6)}, [](Inputs x) { return hardtanh(x[0], -2, 3); });
  s.rejects("negative limits of uint8", "unsigned type with negative limits", [] { hardtanh(ones({2}, kByte)); });
});
const catalogue::Entry relu6_entry("relu6", [](Samples& s) {
  catalogue::unary_samples(s, "F.relu6(x[0])", relu6, {-2, 8, {0, 6}}, special_values_without({NAN}));
  s.at("F.relu6(x[0])", {vector_of({6, 5.999, 6.001})}, [](Inputs x) { return relu6(x[0]); });
});
const catalogue::Entry hardsigmoid_entry("hardsigmoid", [](Samples& s) {
  const std::vector<double> inside = {0, -0.0, 1, -1, 2.9, -2.9};
  smooth_samples(s, "F.hardsigmoid($)", hardsigmoid, {3, -3, 1000, -1000, INFINITY, -INFINITY}, {-5, -3.1});
  s.at("F.hardsigmoid(x[0])", {catalogue::constant(vector_of(inside))}, [](Inputs x) { return hardsigmoid(x[0]); });
  s.at("F.hardsigmoid(x[0])", {vector_of(inside)}, [](Inputs x) { return hardsigmoid(x[0]); }).deviation = "hardsigmoid-slope";
});
const catalogue::Entry hardswish_entry("hardswish", [](Samples& s) {
  smooth_samples(s, "F.hardswish($)", hardswish, special_values_without({NAN}), {-5, 5, {-3, 3}});
  s.at("F.hardswish(x[0])", {vector_of({-3})}, [](Inputs x) { return hardswish(x[0]); });
  s.at("F.hardswish(x[0])", {vector_of({3})}, [](Inputs x) { return hardswish(x[0]); });
});
const catalogue::Entry hardshrink_entry("hardshrink", [](Samples& s) {
  smooth_samples(s, "F.hardshrink($)", [](const Tensor& x) { return hardshrink(x); }, special_values_without({NAN}), {-2, 2, {-0.5, 0.5}});
  s.add("F.hardshrink(x[0], 1.2)", {s.avoiding({6}, -2, 2, {-1.2, 1.2})}, [](Inputs x) { return hardshrink(x[0], 1.2); });
});
const catalogue::Entry softshrink_entry("softshrink", [](Samples& s) {
  smooth_samples(s, "F.softshrink($)", [](const Tensor& x) { return softshrink(x); }, special_values_without({NAN}), {-2, 2, {-0.5, 0.5}});
  s.add("F.softshrink(x[0], 1.2)", {s.avoiding({6}, -2, 2, {-1.2, 1.2})}, [](Inputs x) { return softshrink(x[0], 1.2); });
  s.at("F.softshrink(x[0])", {vector_of({NAN})}, [](Inputs x) { return softshrink(x[0]); }).deviation = "softshrink-of-nan";
  s.rejects("a negative bound", "lambda must be greater or equal to 0", [] { softshrink(ones({2}), -1); });
});
const catalogue::Entry threshold_entry("threshold", [](Samples& s) {
  catalogue::unary_samples(s, "F.threshold(x[0], 0, 7)", [](const Tensor& x) { return threshold(x, 0, 7); }, {-2, 2, {0}});
  s.flat("F.threshold(x[0], 1, 5)", {s.integers({6}, -3, 4)}, [](Inputs x) { return threshold(x[0], 1, 5); });
  s.rejects("a mask", "not implemented for 'Bool'", [] { threshold(ones({2}, kBool), 0, 1); });
});

}  // namespace

}}  // namespace torch::xgrad

#endif
