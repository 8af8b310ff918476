// Activation functions: their options, as functions and as modules. Each computes what the operation of its name does
// (autograd/ops/pointwise/activation.h); `inplace` overwrites the input, which is then also the result.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include <xgrad/nn/layers/layer.h>

namespace torch { inline namespace xgrad { namespace nn {

/// Declares functional::function of a tensor, its options `NameFuncOptions`, which are `NameOptions`, and the module `Name`.
#define XGRAD_ACTIVATION(Name, function) XGRAD_ACTIVATION_OF(const Tensor& input, Name, function)
#define XGRAD_INPLACE_ACTIVATION(Name, function) XGRAD_ACTIVATION_OF(Tensor input, Name, function)
#define XGRAD_ACTIVATION_OF(parameter, Name, function)                         \
  namespace functional {                                                       \
  using Name##FuncOptions = Name##Options;                                     \
  XGRAD_API Tensor function(parameter, const Name##FuncOptions& options = {}); \
  }                                                                            \
  XGRAD_LAYER(Name, parameter)

/// The same without options.
#define XGRAD_PLAIN_ACTIVATION(Name, function)    \
  namespace functional {                          \
  XGRAD_API Tensor function(const Tensor& input); \
  }                                               \
  XGRAD_PLAIN_LAYER(Name, const Tensor& input)

struct ELUOptions {
  XGRAD_FIELDS((double, alpha, 1.0), (bool, inplace, false, changed))
};
XGRAD_INPLACE_ACTIVATION(ELU, elu);

struct SELUOptions {
  SELUOptions(bool inplace = false) : inplace_(inplace) {}
  XGRAD_FIELDS((bool, inplace, , changed))
};
XGRAD_INPLACE_ACTIVATION(SELU, selu);

struct CELUOptions {
  XGRAD_FIELDS((double, alpha, 1.0), (bool, inplace, false, changed))
};
XGRAD_INPLACE_ACTIVATION(CELU, celu);

struct ReLUOptions {
  ReLUOptions(bool inplace = false) : inplace_(inplace) {}
  XGRAD_FIELDS((bool, inplace, , changed))
};
XGRAD_INPLACE_ACTIVATION(ReLU, relu);

struct ReLU6Options {
  ReLU6Options(bool inplace = false) : inplace_(inplace) {}
  XGRAD_FIELDS((bool, inplace, , changed))
};
XGRAD_INPLACE_ACTIVATION(ReLU6, relu6);

struct LeakyReLUOptions {
  XGRAD_FIELDS((double, negative_slope, 1e-2), (bool, inplace, false, changed))
};
XGRAD_INPLACE_ACTIVATION(LeakyReLU, leaky_relu);

/// lower, upper: the bounds of the slopes that are drawn for negative elements in training; in evaluation they have the mean of both.
struct RReLUOptions {
  XGRAD_FIELDS((double, lower, 1.0 / 8), (double, upper, 1.0 / 3), (bool, inplace, false, changed))
};
namespace functional {
struct RReLUFuncOptions {
  XGRAD_FIELDS((double, lower, 1.0 / 8), (double, upper, 1.0 / 3), (bool, training, false), (bool, inplace, false))
};
XGRAD_API Tensor rrelu(Tensor input, const RReLUFuncOptions& options = {});

struct GumbelSoftmaxFuncOptions {
  XGRAD_FIELDS((double, tau, 1.0), (bool, hard, false), (int, dim, -1))
};
/// softmax along `dim` of (logits + noise of the Gumbel distribution) / tau; `hard` gives a 1 at its largest element and 0 elsewhere, with the
/// gradient of the softmax.
XGRAD_API Tensor gumbel_softmax(const Tensor& logits, const GumbelSoftmaxFuncOptions& options = {});
}  // namespace functional
XGRAD_LAYER(RReLU, Tensor input);

struct HardtanhOptions {
  XGRAD_FIELDS((double, min_val, -1.0), (double, max_val, 1.0), (bool, inplace, false, changed))
};
namespace functional {
using HardtanhFuncOptions = HardtanhOptions;
XGRAD_API Tensor hardtanh(Tensor input, const HardtanhFuncOptions& options = {});
}  // namespace functional
/// Throws unless min_val is below max_val.
class XGRAD_API HardtanhImpl : public Cloneable<HardtanhImpl> {
 public:
  explicit HardtanhImpl(const HardtanhOptions& options_ = {}) : options(options_) { reset(); }
  void reset() override;
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(Tensor input);
  HardtanhOptions options;
};
TORCH_MODULE(Hardtanh);

struct HardshrinkOptions {
  HardshrinkOptions(double lambda = 0.5) : lambda_(lambda) {}
  XGRAD_FIELDS((double, lambda, , bare))
};
XGRAD_ACTIVATION(Hardshrink, hardshrink);

struct SoftshrinkOptions {
  SoftshrinkOptions(double lambda = 0.5) : lambda_(lambda) {}
  XGRAD_FIELDS((double, lambda, , bare))
};
XGRAD_ACTIVATION(Softshrink, softshrink);

/// approximate: "none" or "tanh".
struct GELUOptions {
  XGRAD_FIELDS((std::string, approximate, "none", never))
};
XGRAD_ACTIVATION(GELU, gelu);

/// a * sigmoid(b), where a and b are the halves of the input along axis `dim`, whose size must be even.
struct GLUOptions {
  GLUOptions(int64_t dim = -1) : dim_(dim) {}
  XGRAD_FIELDS((int64_t, dim, ))
};
XGRAD_ACTIVATION(GLU, glu);

struct SoftplusOptions {
  XGRAD_FIELDS((double, beta, 1.0), (double, threshold, 20.0))
};
XGRAD_ACTIVATION(Softplus, softplus);

XGRAD_PLAIN_ACTIVATION(SiLU, silu);
XGRAD_PLAIN_ACTIVATION(Mish, mish);
XGRAD_PLAIN_ACTIVATION(LogSigmoid, logsigmoid);
/// input / (1 + |input|), which is -1 and 1 at the infinities.
XGRAD_PLAIN_ACTIVATION(Softsign, softsign);
/// input - tanh(input).
XGRAD_PLAIN_ACTIVATION(Tanhshrink, tanhshrink);
XGRAD_PLAIN_LAYER(Sigmoid, const Tensor& input);
XGRAD_PLAIN_LAYER(Tanh, const Tensor& input);
/// Softmax over the channels of an image: axis -3 of an input with 3 or 4 axes.
XGRAD_PLAIN_LAYER(Softmax2d, const Tensor& input);

/// Along axis `dim`. The function's `dtype`: convert the input first.
#define XGRAD_SOFTMAX(Name, function)                                               \
  struct Name##Options {                                                            \
    Name##Options(int64_t dim) : dim_(dim) {}                                       \
    XGRAD_FIELDS((int64_t, dim, ))                                                  \
  };                                                                                \
  namespace functional {                                                            \
  struct Name##FuncOptions {                                                        \
    Name##FuncOptions(int64_t dim) : dim_(dim) {}                                   \
    XGRAD_FIELDS((int64_t, dim, ), (std::optional<Dtype>, dtype, ))                 \
  };                                                                                \
  XGRAD_API Tensor function(const Tensor& input, const Name##FuncOptions& options); \
  }                                                                                 \
  XGRAD_LAYER(Name, const Tensor& input)

XGRAD_SOFTMAX(Softmax, softmax);
/// softmax of -input.
XGRAD_SOFTMAX(Softmin, softmin);
XGRAD_SOFTMAX(LogSoftmax, log_softmax);

#undef XGRAD_ACTIVATION
#undef XGRAD_INPLACE_ACTIVATION
#undef XGRAD_ACTIVATION_OF
#undef XGRAD_PLAIN_ACTIVATION
#undef XGRAD_SOFTMAX

struct ThresholdOptions {
  ThresholdOptions(double threshold, double value) : threshold_(threshold), value_(value) {}
  XGRAD_FIELDS((double, threshold, ), (double, value, ), (bool, inplace, false, changed))
};

namespace functional {
using ThresholdFuncOptions = ThresholdOptions;
XGRAD_API Tensor threshold(Tensor input, const ThresholdFuncOptions& options);
}  // namespace functional

class XGRAD_API ThresholdImpl : public StatelessModule<ThresholdImpl, ThresholdOptions> {
 public:
  using StatelessModule<ThresholdImpl, ThresholdOptions>::StatelessModule;
  ThresholdImpl(double threshold, double value);
  Tensor forward(Tensor input);
  void pretty_print(std::ostream& stream) const override;
};
TORCH_MODULE(Threshold);

/// num_parameters: 1, or the number of channels (the size of axis 1). init: the slopes at first.
struct PReLUOptions {
  XGRAD_FIELDS((int64_t, num_parameters, 1), (double, init, 0.25, never))
};

namespace functional {
/// input where it is positive, else weight * input. weight: one slope, or one for each channel (axis 1).
XGRAD_API Tensor prelu(const Tensor& input, const Tensor& weight);
}  // namespace functional

/// Has a parameter `weight`: the slopes for negative inputs.
class XGRAD_API PReLUImpl : public Cloneable<PReLUImpl> {
 public:
  explicit PReLUImpl(const PReLUOptions& options_ = {});
  void reset() override;
  Tensor forward(const Tensor& input);
  void pretty_print(std::ostream& stream) const override;

  PReLUOptions options;
  Tensor weight;
};
TORCH_MODULE(PReLU);

}}}  // namespace torch::xgrad::nn
