// Activation functions and their derivatives, elementwise. In a derivative's loop a is the gradient of the output.
#pragma once

#include <xgrad/autograd/kernels/strided.h>

namespace torch { inline namespace xgrad { namespace kernels {

extern const LoopTable sigmoid, tanh, silu, mish, log_sigmoid, hardsigmoid, hardswish;
/// x Phi(x), with the error function and with PyTorch's approximation by tanh.
extern const LoopTable gelu, gelu_tanh;
/// Derivatives in the input b.
extern const LoopTable silu_slope, mish_slope, log_sigmoid_slope, hardswish_slope, gelu_slope, gelu_tanh_slope;
/// Derivatives in the output b.
extern const LoopTable sigmoid_slope, tanh_slope;
/// Those times a, in the output c: a b (1 - 2 c) and -2 a b c.
extern const LoopTable sigmoid_bend, tanh_bend;

/// x for x > 0, else slope * x; parameters: double.
extern const LoopTable leaky_relu;
/// positive * x for x > 0, else negative * (exp(rate x) - 1).
struct Elu {
  double negative, positive, rate;
};
extern const LoopTable elu, elu_slope;
/// log(1 + exp(beta x)) / beta; x itself where beta x > threshold.
struct Softplus {
  double beta, threshold;
};
extern const LoopTable softplus, softplus_slope;
/// x outside [-lambd, lambd], 0 inside; and x moved towards 0 by lambd. Parameters: double lambd.
extern const LoopTable hardshrink, softshrink;
/// a outside [-lambd, lambd], 0 inside: the derivative of both in the input b.
extern const LoopTable shrink_slope;
/// x > limit ? x : value, a NaN stays.
struct Threshold {
  double limit, value;
};
extern const LoopTable threshold;

/// The derivative of a function made of straight lines: a times `inside` where low < b < high, times `outside`
/// elsewhere, times `at_nan` where b is NaN. A NaN as bound stands for no bound. A factor of 0 gives 0.
struct Band {
  double low, high, inside, outside, at_nan;
};
extern const LoopTable band_slope;
/// g where x > a limit, a double, or is NaN; elsewhere 0.
extern const LoopTable slope_above;

}}}  // namespace torch::xgrad::kernels
