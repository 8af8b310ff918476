// Activation functions as modules. Each calls the function of nn::functional with its options.
#pragma once

#include <xgrad/nn/layers/stateless.h>
#include <xgrad/nn/options/activation.h>

namespace torch { inline namespace xgrad { namespace nn {

/// Declares module `NameImpl` with options `NameOptions`, which maps a tensor to a tensor, and its holder `Name`.
#define XGRAD_ACTIVATION(Name)                                                          \
  class XGRAD_API Name##Impl : public StatelessModule<Name##Impl, Name##Options> {      \
   public:                                                                              \
    using StatelessModule<Name##Impl, Name##Options>::StatelessModule;                  \
    Tensor forward(Tensor input);                                                       \
    void pretty_print(std::ostream& stream) const override;                             \
  };                                                                                    \
  TORCH_MODULE(Name)

/// The same without options.
#define XGRAD_PLAIN_ACTIVATION(Name)                                                    \
  class XGRAD_API Name##Impl : public StatelessModule<Name##Impl, void> {               \
   public:                                                                              \
    Tensor forward(const Tensor& input);                                                \
    void pretty_print(std::ostream& stream) const override;                             \
  };                                                                                    \
  TORCH_MODULE(Name)

XGRAD_ACTIVATION(ELU);
XGRAD_ACTIVATION(SELU);
XGRAD_ACTIVATION(CELU);
XGRAD_ACTIVATION(ReLU);
XGRAD_ACTIVATION(ReLU6);
XGRAD_ACTIVATION(LeakyReLU);
XGRAD_ACTIVATION(Hardtanh);
XGRAD_ACTIVATION(Hardshrink);
XGRAD_ACTIVATION(Softshrink);
XGRAD_ACTIVATION(GELU);
XGRAD_ACTIVATION(GLU);
XGRAD_ACTIVATION(Softplus);
XGRAD_ACTIVATION(Softmax);
XGRAD_ACTIVATION(Softmin);
XGRAD_ACTIVATION(LogSoftmax);
XGRAD_PLAIN_ACTIVATION(SiLU);
XGRAD_PLAIN_ACTIVATION(Mish);
XGRAD_PLAIN_ACTIVATION(Sigmoid);
XGRAD_PLAIN_ACTIVATION(LogSigmoid);
XGRAD_PLAIN_ACTIVATION(Softsign);
XGRAD_PLAIN_ACTIVATION(Tanh);
XGRAD_PLAIN_ACTIVATION(Tanhshrink);
/// Softmax over the channels of an image: axis -3 of an input with 3 or 4 axes.
XGRAD_PLAIN_ACTIVATION(Softmax2d);

#undef XGRAD_ACTIVATION
#undef XGRAD_PLAIN_ACTIVATION

class XGRAD_API ThresholdImpl : public StatelessModule<ThresholdImpl, ThresholdOptions> {
 public:
  using StatelessModule<ThresholdImpl, ThresholdOptions>::StatelessModule;
  ThresholdImpl(double threshold, double value);
  Tensor forward(Tensor input);
  void pretty_print(std::ostream& stream) const override;
};
TORCH_MODULE(Threshold);

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
