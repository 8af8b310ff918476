#include <xgrad/autograd/ops/pointwise/activation.h>

#include <cmath>

#include <xgrad/autograd/graph/record.h>
#include <xgrad/autograd/kernels/pointwise/activation.h>
#include <xgrad/autograd/kernels/pointwise/selection.h>
#include <xgrad/autograd/ops/creation/creation.h>
#include <xgrad/autograd/ops/pointwise/arithmetic.h>
#include <xgrad/autograd/ops/pointwise/comparison.h>
#include <xgrad/autograd/ops/pointwise/elementary.h>
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

Forward activation(const char* operation, const kernels::LoopTable& table, const Tensor& x, const void* parameters = nullptr) {
  return pointwise(operation, table, x.dtype(), {x}, parameters);
}

Forward slope(const char* operation, const kernels::LoopTable& table, const Tensor& gy, const Tensor& x, const void* parameters = nullptr) {
  return pointwise(operation, table, gy.dtype(), {gy, x}, parameters);
}

// The derivative of straight lines: its own derivative in x is 0.
Tensor band_slope(const char* node, const Tensor& gy, const Tensor& x, const kernels::Band& band) {
  return record(node, slope(node, kernels::band_slope, gy, x, &band),
                wrt_in_place(gy, [node, band, x = save(x)](const Tensor& g) { return band_slope(node, g, x, band); }), wrt(x, zero_slope));
}

// gy where x > limit or NaN, elsewhere 0.
Tensor slope_above(const Tensor& gy, const Tensor& x, double limit) {
  constexpr const char* node = "ThresholdBackwardBackward0";
  return record(node, slope(node, kernels::slope_above, gy, x, &limit),
                wrt_in_place(gy, [limit, x = save(x)](const Tensor& g) { return slope_above(g, x, limit); }), wrt(x, zero_slope));
}

}  // namespace

// ---- sigmoid and tanh, whose derivatives need only their value

namespace {

Tensor sigmoid_slope(const Tensor& gy, const Tensor& y) {
  return record("SigmoidBackwardBackward0", slope("sigmoid", kernels::sigmoid_slope, gy, y),
                wrt_in_place(gy, [y = save(y)](const Tensor& g) { return sigmoid_slope(g, y); }),
                wrt(y, [gy = save(gy), y = save(y)](const Tensor& g) { return g * *gy * (1 - *y * 2); }));
}

Tensor tanh_slope(const Tensor& gy, const Tensor& y) {
  return record("TanhBackwardBackward0", slope("tanh", kernels::tanh_slope, gy, y),
                wrt_in_place(gy, [y = save(y)](const Tensor& g) { return tanh_slope(g, y); }),
                wrt(y, [gy = save(gy), y = save(y)](const Tensor& g) { return g * *gy * *y * -2; }));
}

}  // namespace

Tensor sigmoid(const Tensor& self) {
  return record("SigmoidBackward0", pointwise("sigmoid", kernels::sigmoid, floating_result_type(self), {self}), wrt_in_place(self, sigmoid_slope));
}

Tensor tanh(const Tensor& self) {
  return record("TanhBackward0", pointwise("tanh", kernels::tanh, floating_result_type(self), {self}), wrt_in_place(self, tanh_slope));
}

// ---- straight lines

namespace {

Tensor relu_slope(const Tensor& gy, const Tensor& y) { return slope_above(gy, y, 0); }

}  // namespace

Tensor relu(const Tensor& self) {
  XGRAD_CHECK(self.dtype() != kBool, "[relu] Boolean inputs not supported for relu");
  return record("ReluBackward0", pointwise("relu", kernels::clamp_min, self.dtype(), {self, Scalar(0)}), wrt_in_place(self, relu_slope));
}

const OutputActivation kReluOutput{"ReluBackward0", relu, {relu_slope}};
const OutputActivation kTanhOutput{"TanhBackward0", tanh, {tanh_slope}};
const OutputActivation kSigmoidOutput{"SigmoidBackward0", sigmoid, {sigmoid_slope}};

Tensor relu6(const Tensor& self) { return hardtanh(self, 0, 6); }

Tensor hardtanh(const Tensor& self, const Scalar& min_val, const Scalar& max_val) {
  const double low = min_val.toDouble(), high = max_val.toDouble();
  XGRAD_CHECK(self.dtype() != kByte || (low > -1 && high > -1), "[hardtanh] cannot do hardtanh on an unsigned type with negative limits");
  return record("HardtanhBackward0", pointwise("hardtanh", kernels::clamp, self.dtype(), {self, min_val, max_val}),
                wrt_in_place(self, [low, high, x = save(self)](const Tensor& gy) {
                  return band_slope("HardtanhBackwardBackward0", gy, x, {low, high, 1, 0, 0});
                }));
}

Tensor leaky_relu(const Tensor& self, const Scalar& negative_slope) {
  const double k = negative_slope.toDouble();
  return record("LeakyReluBackward0", activation("leaky_relu", kernels::leaky_relu, self, &k), wrt_in_place(self, [k, x = save(self)](const Tensor& gy) {
                  return band_slope("LeakyReluBackwardBackward0", gy, x, {0, NAN, 1, k, k});
                }));
}

namespace {

// The value as it is: a step function of `other` too.
Tensor in_steps_of(const Tensor& other, const Tensor& value) {
  return record("PreluBackwardBackward0", Forward(detail::alias(value)), wrt(value, [](const Tensor& gy) { return gy; }), wrt(other, zero_slope));
}

}  // namespace

Tensor prelu(const Tensor& self, const Tensor& weight) {
  XGRAD_CHECK(self.is_floating_point() && self.dtype() == weight.dtype(), "[prelu] expected an input and weights of one floating dtype, got ",
              self.dtype(), " and ", weight.dtype());
  Dims shape;
  if (weight.numel() != 1) {
    const int64_t channels = self.dim() > 1 ? self.size(1) : 1;
    XGRAD_CHECK(self.dim() > 0, "[prelu] Not allow zero-dim input tensor.");
    XGRAD_CHECK(channels == weight.numel(), "[prelu] Mismatch of parameter numbers and input channel size. Found parameter numbers = ",
                weight.numel(), " and channel size = ", channels, ".");
    shape = Dims(static_cast<int>(self.dim()), 1);
    shape[1] = channels;
  }
  const Tensor x = self.contiguous(), slope = where(x > 0, 1, weight.reshape(shape));
  // The gradient of the weights is, as in PyTorch, a function of the weights.
  const Tensor slopes = record("PreluBackwardBackward0", Forward(detail::alias(slope)),
                               wrt(slope, [w = save(slope)](const Tensor& gy) { return in_steps_of(*w, gy); }), wrt(x, zero_slope));
  return x * slopes;
}

Tensor hardsigmoid(const Tensor& self) {
  return record("HardsigmoidBackward0", activation("hardsigmoid", kernels::hardsigmoid, self), wrt_in_place(self, [x = save(self)](const Tensor& gy) {
                  return band_slope("HardsigmoidBackwardBackward0", gy, x, {-3, 3, 1.0 / 6, 0, 0});
                }));
}

Tensor threshold(const Tensor& self, const Scalar& threshold, const Scalar& value) {
  const kernels::Threshold parameters{threshold.toDouble(), value.toDouble()};
  return record("ThresholdBackward0", activation("threshold", kernels::threshold, self, &parameters),
                wrt_in_place(self, [limit = parameters.limit, x = save(self)](const Tensor& gy) { return slope_above(gy, x, limit); }));
}

namespace {

Tensor shrink_slope(const char* node, const Tensor& gy, const Tensor& x, double lambd) {
  return record(node, slope(node, kernels::shrink_slope, gy, x, &lambd),
                wrt_in_place(gy, [node, lambd, x = save(x)](const Tensor& g) { return shrink_slope(node, g, x, lambd); }), wrt(x, zero_slope));
}

}  // namespace

Tensor hardshrink(const Tensor& self, const Scalar& lambd) {
  const double l = lambd.toDouble();
  return record("HardshrinkBackward0", activation("hardshrink", kernels::hardshrink, self, &l),
                wrt_in_place(self, [l, x = save(self)](const Tensor& gy) { return shrink_slope("HardshrinkBackwardBackward0", gy, x, l); }));
}

Tensor softshrink(const Tensor& self, const Scalar& lambd) {
  const double l = lambd.toDouble();
  XGRAD_CHECK(l >= 0, "[softshrink] lambda must be greater or equal to 0, but found to be ", l);
  return record("SoftshrinkBackward0", activation("softshrink", kernels::softshrink, self, &l),
                wrt_in_place(self, [l, x = save(self)](const Tensor& gy) { return shrink_slope("SoftshrinkBackwardBackward0", gy, x, l); }));
}

namespace {

Tensor hardswish_slope(const Tensor& gy, const Tensor& x) {
  return record("HardswishBackwardBackward0", slope("hardswish", kernels::hardswish_slope, gy, x),
                wrt_in_place(gy, [x = save(x)](const Tensor& g) { return hardswish_slope(g, x); }), wrt(x, [gy = save(gy), x = save(x)](const Tensor& g) {
                  return band_slope("HardswishBackwardBackward0", g * *gy, x, {-3, 3, 1.0 / 3, 0, 0});
                }));
}

}  // namespace

Tensor hardswish(const Tensor& self) {
  return record("HardswishBackward0", activation("hardswish", kernels::hardswish, self),
                wrt_in_place(self, [x = save(self)](const Tensor& gy) { return hardswish_slope(gy, x); }));
}

// ---- exponential below 0

namespace {

Tensor elu_slope(const Tensor& gy, const Tensor& x, const kernels::Elu& e) {
  return record("EluBackwardBackward0", slope("elu", kernels::elu_slope, gy, x, &e),
                wrt_in_place(gy, [e, x = save(x)](const Tensor& g) { return elu_slope(g, x, e); }),
                wrt(x, [e, gy = save(gy), x = save(x)](const Tensor& g) { return where(*x < 0, elu_slope(g * *gy * e.rate, x, e), 0.0); }));
}

Tensor elu_like(const char* node, const Tensor& x, const kernels::Elu& e) {
  return record(node, activation("elu", kernels::elu, x, &e), wrt_in_place(x, [e, x = save(x)](const Tensor& gy) { return elu_slope(gy, x, e); }));
}

}  // namespace

Tensor elu(const Tensor& self, const Scalar& alpha, const Scalar& scale, const Scalar& input_scale) {
  return elu_like("EluBackward0", self, {alpha.toDouble() * scale.toDouble(), scale.toDouble(), input_scale.toDouble()});
}

Tensor celu(const Tensor& self, const Scalar& alpha) {
  XGRAD_CHECK(alpha.toDouble() != 0, "[celu] ZeroDivisionError: alpha cannot be 0 for CELU");
  return elu_like("CeluBackward0", self, {alpha.toDouble(), 1, 1 / alpha.toDouble()});
}

Tensor selu(const Tensor& self) {
  // The fixed point that keeps mean 0 and variance 1 (Klambauer et al., 2017).
  constexpr double alpha = 1.6732632423543772848170429916717, scale = 1.0507009873554804934193349852946;
  return elu_like("EluBackward0", self, {alpha * scale, scale, 1});
}

// ---- softened steps

namespace {

Tensor softplus_slope(const Tensor& gy, const Tensor& x, const kernels::Softplus& p) {
  return record("SoftplusBackwardBackward0", slope("softplus", kernels::softplus_slope, gy, x, &p),
                wrt_in_place(gy, [p, x = save(x)](const Tensor& g) { return softplus_slope(g, x, p); }),
                wrt(x, [p, gy = save(gy), x = save(x)](const Tensor& g) {
                  const Tensor z = *x * p.beta;
                  return where(z < p.threshold, sigmoid_slope(g * *gy, sigmoid(z)) * p.beta, 0.0);
                }));
}

Tensor log_sigmoid_slope(const Tensor& gy, const Tensor& x) {
  return record("LogSigmoidBackwardBackward0", slope("log_sigmoid", kernels::log_sigmoid_slope, gy, x),
                wrt_in_place(gy, [x = save(x)](const Tensor& g) { return log_sigmoid_slope(g, x); }),
                wrt(x, [gy = save(gy), x = save(x)](const Tensor& g) { return -sigmoid_slope(g * *gy, sigmoid(x)); }));
}

Tensor silu_slope(const Tensor& gy, const Tensor& x) {
  return record("SiluBackwardBackward0", slope("silu", kernels::silu_slope, gy, x),
                wrt_in_place(gy, [x = save(x)](const Tensor& g) { return silu_slope(g, x); }),
                wrt(x, [gy = save(gy), x = save(x)](const Tensor& g) {
                  const Tensor s = sigmoid(x);
                  return sigmoid_slope(g * *gy, s) * (2 + *x * (1 - s * 2));
                }));
}

// With t = tanh(softplus(x)) and s = sigmoid(x): t' = (1 - t^2) s.
Tensor mish_slope(const Tensor& gy, const Tensor& x) {
  return record("MishBackwardBackward0", slope("mish", kernels::mish_slope, gy, x),
                wrt_in_place(gy, [x = save(x)](const Tensor& g) { return mish_slope(g, x); }),
                wrt(x, [gy = save(gy), x = save(x)](const Tensor& g) {
                  const Tensor s = sigmoid(x), t = tanh(softplus(x));
                  return tanh_slope(g * *gy, t) * s * (2 + *x * (1 - s - s * t * 2));
                }));
}

// x Phi(x): the second derivative is phi(x) (2 - x^2).
Tensor gelu_slope(const Tensor& gy, const Tensor& x) {
  return record("GeluBackwardBackward0", slope("gelu", kernels::gelu_slope, gy, x),
                wrt_in_place(gy, [x = save(x)](const Tensor& g) { return gelu_slope(g, x); }),
                wrt(x, [gy = save(gy), x = save(x)](const Tensor& g) {
                  const Tensor square = *x * *x;
                  return g * *gy * exp(square * -0.5) * ((2 - square) * (0.5 * M_2_SQRTPI * M_SQRT1_2));
                }));
}

// x (1 + t) / 2 with t = tanh(v), v = k (x + c x^3): the second derivative is (1 - t^2) (v' + x v'' / 2 - x t v'^2).
Tensor gelu_tanh_slope(const Tensor& gy, const Tensor& x) {
  return record("GeluBackwardBackward0", slope("gelu", kernels::gelu_tanh_slope, gy, x),
                wrt_in_place(gy, [x = save(x)](const Tensor& g) { return gelu_tanh_slope(g, x); }),
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
  return record("SoftplusBackward0", activation("softplus", kernels::softplus, self, &p),
                wrt_in_place(self, [p, x = save(self)](const Tensor& gy) { return softplus_slope(gy, x, p); }));
}

Tensor log_sigmoid(const Tensor& self) {
  const Forward y = activation("log_sigmoid", kernels::log_sigmoid, self);  // row-major in PyTorch
  return record("LogSigmoidBackward0", Forward(contiguous_as(y.value(), self.dtype())),
                wrt_in_place(self, [x = save(self)](const Tensor& gy) { return log_sigmoid_slope(gy, x); }));
}

Tensor silu(const Tensor& self) {
  return record("SiluBackward0", activation("silu", kernels::silu, self),
                wrt_in_place(self, [x = save(self)](const Tensor& gy) { return silu_slope(gy, x); }));
}

Tensor mish(const Tensor& self) {
  return record("MishBackward0", activation("mish", kernels::mish, self),
                wrt_in_place(self, [x = save(self)](const Tensor& gy) { return mish_slope(gy, x); }));
}

Tensor gelu(const Tensor& self, std::string_view approximate) {
  XGRAD_CHECK(approximate == "none" || approximate == "tanh", "[gelu] approximate argument must be either none or tanh, got ", approximate);
  if (approximate == "tanh")
    return record("GeluBackward0", activation("gelu", kernels::gelu_tanh, self),
                  wrt_in_place(self, [x = save(self)](const Tensor& gy) { return gelu_tanh_slope(gy, x); }));
  return record("GeluBackward0", activation("gelu", kernels::gelu, self),
                wrt_in_place(self, [x = save(self)](const Tensor& gy) { return gelu_slope(gy, x); }));
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

const catalogue::Entry silu_entry("silu", [](Samples& s) { limit_samples(s, "F.silu($)", silu); });
const catalogue::Entry mish_entry("mish", [](Samples& s) { limit_samples(s, "F.mish($)", mish); });
const catalogue::Entry gelu_entry("gelu", [](Samples& s) {
  limit_samples(s, "F.gelu($)", [](const Tensor& x) { return gelu(x); });
  limit_samples(s, "F.gelu($, approximate='tanh')", [](const Tensor& x) { return gelu(x, "tanh"); });
  s.rejects("another approximation", "approximate argument must be either none or tanh", [] { gelu(ones({2}), "erf"); });
});

const catalogue::Entry softplus_entry("softplus", [](Samples& s) {
  smooth_samples(s, "F.softplus($)", [](const Tensor& x) { return softplus(x); }, catalogue::special_values());
  smooth_samples(s, "F.softplus($, beta=2, threshold=1)", [](const Tensor& x) { return softplus(x, 2, 1); }, catalogue::special_values(),
                 {-2, 2, {0.5}});
  s.at("F.softplus(x[0])", {vector_of({19.99, 20, 20.01, 21})}, [](Inputs x) { return softplus(x[0]); });
});
const catalogue::Entry log_sigmoid_entry("log_sigmoid", [](Samples& s) {
  smooth_samples(s, "F.logsigmoid($)", log_sigmoid, catalogue::special_values());
});

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
