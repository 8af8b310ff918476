#include <xgrad/autograd/ops/activation.h>

#include <cmath>

#include <xgrad/autograd/kernels/activation.h>
#include <xgrad/autograd/kernels/selection.h>
#include <xgrad/autograd/ops/arithmetic.h>
#include <xgrad/autograd/ops/comparison.h>
#include <xgrad/autograd/ops/elementary.h>
#include <xgrad/autograd/ops/selection.h>
#include <xgrad/autograd/pointwise.h>

// Every first derivative is one kernel: an operation of its own, linear in the gradient it is given, whose derivative in
// the other input is written with differentiable operations.

namespace xgrad {

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
                wrt(gy, [node, band, x = save(x)](const Tensor& g) { return band_slope(node, g, x, band); }));
}

// Where x > limit: 1, also for NaN; elsewhere 0.
kernels::Band above(double limit) { return {limit, NAN, 1, 0, 1}; }

}  // namespace

// ---- sigmoid and tanh, whose derivatives need only their value

namespace {

Tensor sigmoid_slope(const Tensor& gy, const Tensor& y) {
  return record("SigmoidBackwardBackward0", slope("sigmoid", kernels::sigmoid_slope, gy, y),
                wrt(gy, [y = save(y)](const Tensor& g) { return sigmoid_slope(g, y); }),
                wrt(y, [gy = save(gy), y = save(y)](const Tensor& g) { return g * *gy * (1 - *y * 2); }));
}

Tensor tanh_slope(const Tensor& gy, const Tensor& y) {
  return record("TanhBackwardBackward0", slope("tanh", kernels::tanh_slope, gy, y),
                wrt(gy, [y = save(y)](const Tensor& g) { return tanh_slope(g, y); }),
                wrt(y, [gy = save(gy), y = save(y)](const Tensor& g) { return g * *gy * *y * -2; }));
}

}  // namespace

Tensor sigmoid(const Tensor& self) {
  return record("SigmoidBackward0", pointwise("sigmoid", kernels::sigmoid, floating_result_type({self}), {self}), wrt(self, sigmoid_slope));
}

Tensor tanh(const Tensor& self) {
  return record("TanhBackward0", pointwise("tanh", kernels::tanh, floating_result_type({self}), {self}), wrt(self, tanh_slope));
}

// ---- straight lines

Tensor relu(const Tensor& self) {
  XGRAD_CHECK(self.dtype() != kBool, "[relu] Boolean inputs not supported for relu");
  return record("ReluBackward0", pointwise("relu", kernels::clamp_min, self.dtype(), {self, Scalar(0)}),
                wrt(self, [](const Tensor& gy, const Tensor& y) { return band_slope("ThresholdBackwardBackward0", gy, y, above(0)); }));
}

Tensor relu6(const Tensor& self) { return hardtanh(self, 0, 6); }

Tensor hardtanh(const Tensor& self, const Scalar& min_val, const Scalar& max_val) {
  const double low = min_val.toDouble(), high = max_val.toDouble();
  XGRAD_CHECK(self.dtype() != kByte || (low >= 0 && high >= 0), "[hardtanh] cannot do hardtanh on an unsigned type with negative limits");
  return record("HardtanhBackward0", pointwise("hardtanh", kernels::clamp, self.dtype(), {self, min_val, max_val}),
                wrt(self, [low, high, x = save(self)](const Tensor& gy) {
                  return band_slope("HardtanhBackwardBackward0", gy, x, {low, high, 1, 0, 0});
                }));
}

Tensor leaky_relu(const Tensor& self, const Scalar& negative_slope) {
  const double k = negative_slope.toDouble();
  return record("LeakyReluBackward0", activation("leaky_relu", kernels::leaky_relu, self, &k), wrt(self, [k, x = save(self)](const Tensor& gy) {
                  return band_slope("LeakyReluBackwardBackward0", gy, x, {0, NAN, 1, k, k});
                }));
}

Tensor hardsigmoid(const Tensor& self) {
  return record("HardsigmoidBackward0", activation("hardsigmoid", kernels::hardsigmoid, self), wrt(self, [x = save(self)](const Tensor& gy) {
                  return band_slope("HardsigmoidBackwardBackward0", gy, x, {-3, 3, 1.0 / 6, 0, 0});
                }));
}

Tensor threshold(const Tensor& self, const Scalar& threshold, const Scalar& value) {
  const kernels::Threshold parameters{threshold.toDouble(), value.toDouble()};
  return record("ThresholdBackward0", activation("threshold", kernels::threshold, self, &parameters),
                wrt(self, [limit = parameters.limit, x = save(self)](const Tensor& gy) {
                  return band_slope("ThresholdBackwardBackward0", gy, x, above(limit));
                }));
}

namespace {

Tensor shrink_slope(const char* node, const Tensor& gy, const Tensor& x, double lambd) {
  return record(node, slope(node, kernels::shrink_slope, gy, x, &lambd),
                wrt(gy, [node, lambd, x = save(x)](const Tensor& g) { return shrink_slope(node, g, x, lambd); }));
}

}  // namespace

Tensor hardshrink(const Tensor& self, const Scalar& lambd) {
  const double l = lambd.toDouble();
  return record("HardshrinkBackward0", activation("hardshrink", kernels::hardshrink, self, &l),
                wrt(self, [l, x = save(self)](const Tensor& gy) { return shrink_slope("HardshrinkBackwardBackward0", gy, x, l); }));
}

Tensor softshrink(const Tensor& self, const Scalar& lambd) {
  const double l = lambd.toDouble();
  XGRAD_CHECK(l >= 0, "[softshrink] lambda must be greater or equal to 0, but found to be ", l);
  return record("SoftshrinkBackward0", activation("softshrink", kernels::softshrink, self, &l),
                wrt(self, [l, x = save(self)](const Tensor& gy) { return shrink_slope("SoftshrinkBackwardBackward0", gy, x, l); }));
}

namespace {

Tensor hardswish_slope(const Tensor& gy, const Tensor& x) {
  return record("HardswishBackwardBackward0", slope("hardswish", kernels::hardswish_slope, gy, x),
                wrt(gy, [x = save(x)](const Tensor& g) { return hardswish_slope(g, x); }), wrt(x, [gy = save(gy), x = save(x)](const Tensor& g) {
                  return band_slope("HardswishBackwardBackward0", g * *gy, x, {-3, 3, 1.0 / 3, 0, 0});
                }));
}

}  // namespace

Tensor hardswish(const Tensor& self) {
  return record("HardswishBackward0", activation("hardswish", kernels::hardswish, self),
                wrt(self, [x = save(self)](const Tensor& gy) { return hardswish_slope(gy, x); }));
}

// ---- exponential below 0

namespace {

Tensor elu_slope(const Tensor& gy, const Tensor& x, const kernels::Elu& e) {
  return record("EluBackwardBackward0", slope("elu", kernels::elu_slope, gy, x, &e),
                wrt(gy, [e, x = save(x)](const Tensor& g) { return elu_slope(g, x, e); }),
                wrt(x, [e, gy = save(gy), x = save(x)](const Tensor& g) { return where(*x < 0, elu_slope(g * *gy * e.rate, x, e), 0.0); }));
}

Tensor elu_like(const char* node, const Tensor& x, const kernels::Elu& e) {
  return record(node, activation("elu", kernels::elu, x, &e), wrt(x, [e, x = save(x)](const Tensor& gy) { return elu_slope(gy, x, e); }));
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
                wrt(gy, [p, x = save(x)](const Tensor& g) { return softplus_slope(g, x, p); }),
                wrt(x, [p, gy = save(gy), x = save(x)](const Tensor& g) {
                  const Tensor z = *x * p.beta;
                  return where(z < p.threshold, sigmoid_slope(g * *gy, sigmoid(z)) * p.beta, 0.0);
                }));
}

Tensor log_sigmoid_slope(const Tensor& gy, const Tensor& x) {
  return record("LogSigmoidBackwardBackward0", slope("log_sigmoid", kernels::log_sigmoid_slope, gy, x),
                wrt(gy, [x = save(x)](const Tensor& g) { return log_sigmoid_slope(g, x); }),
                wrt(x, [gy = save(gy), x = save(x)](const Tensor& g) { return -sigmoid_slope(g * *gy, sigmoid(x)); }));
}

Tensor silu_slope(const Tensor& gy, const Tensor& x) {
  return record("SiluBackwardBackward0", slope("silu", kernels::silu_slope, gy, x),
                wrt(gy, [x = save(x)](const Tensor& g) { return silu_slope(g, x); }),
                wrt(x, [gy = save(gy), x = save(x)](const Tensor& g) {
                  const Tensor s = sigmoid(x);
                  return sigmoid_slope(g * *gy, s) * (2 + *x * (1 - s * 2));
                }));
}

// With t = tanh(softplus(x)) and s = sigmoid(x): t' = (1 - t^2) s.
Tensor mish_slope(const Tensor& gy, const Tensor& x) {
  return record("MishBackwardBackward0", slope("mish", kernels::mish_slope, gy, x),
                wrt(gy, [x = save(x)](const Tensor& g) { return mish_slope(g, x); }),
                wrt(x, [gy = save(gy), x = save(x)](const Tensor& g) {
                  const Tensor s = sigmoid(x), t = tanh(softplus(x));
                  return tanh_slope(g * *gy, t) * s * (2 + *x * (1 - s - s * t * 2));
                }));
}

// x Phi(x): the second derivative is phi(x) (2 - x^2).
Tensor gelu_slope(const Tensor& gy, const Tensor& x) {
  return record("GeluBackwardBackward0", slope("gelu", kernels::gelu_slope, gy, x),
                wrt(gy, [x = save(x)](const Tensor& g) { return gelu_slope(g, x); }),
                wrt(x, [gy = save(gy), x = save(x)](const Tensor& g) {
                  const Tensor square = *x * *x;
                  return g * *gy * exp(square * -0.5) * ((2 - square) * (0.5 * M_2_SQRTPI * M_SQRT1_2));
                }));
}

// x (1 + t) / 2 with t = tanh(v), v = k (x + c x^3): the second derivative is (1 - t^2) (v' + x v'' / 2 - x t v'^2).
Tensor gelu_tanh_slope(const Tensor& gy, const Tensor& x) {
  return record("GeluBackwardBackward0", slope("gelu", kernels::gelu_tanh_slope, gy, x),
                wrt(gy, [x = save(x)](const Tensor& g) { return gelu_tanh_slope(g, x); }),
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
                wrt(self, [p, x = save(self)](const Tensor& gy) { return softplus_slope(gy, x, p); }));
}

Tensor log_sigmoid(const Tensor& self) {
  return record("LogSigmoidBackward0", activation("log_sigmoid", kernels::log_sigmoid, self),
                wrt(self, [x = save(self)](const Tensor& gy) { return log_sigmoid_slope(gy, x); }));
}

Tensor silu(const Tensor& self) {
  return record("SiluBackward0", activation("silu", kernels::silu, self),
                wrt(self, [x = save(self)](const Tensor& gy) { return silu_slope(gy, x); }));
}

Tensor mish(const Tensor& self) {
  return record("MishBackward0", activation("mish", kernels::mish, self),
                wrt(self, [x = save(self)](const Tensor& gy) { return mish_slope(gy, x); }));
}

Tensor gelu(const Tensor& self, std::string_view approximate) {
  XGRAD_CHECK(approximate == "none" || approximate == "tanh", "[gelu] approximate argument must be either none or tanh, got ", approximate);
  if (approximate == "tanh")
    return record("GeluBackward0", activation("gelu", kernels::gelu_tanh, self),
                  wrt(self, [x = save(self)](const Tensor& gy) { return gelu_tanh_slope(gy, x); }));
  return record("GeluBackward0", activation("gelu", kernels::gelu, self),
                wrt(self, [x = save(self)](const Tensor& gy) { return gelu_slope(gy, x); }));
}

}  // namespace xgrad
