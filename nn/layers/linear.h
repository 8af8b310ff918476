// Linear layers.
#pragma once

#include <xgrad/nn/cloneable.h>
#include <xgrad/nn/options/linear.h>

namespace torch { inline namespace xgrad { namespace nn {

/// input weight^T + bias, on the last axis of the input. Parameters: weight [out_features, in_features] and, unless the
/// option is off, bias [out_features], both uniform in +-1/sqrt(in_features) at first.
class XGRAD_API LinearImpl : public Cloneable<LinearImpl> {
 public:
  LinearImpl(int64_t in_features, int64_t out_features);
  explicit LinearImpl(const LinearOptions& options_);

  void reset() override;
  /// Draws new initial values.
  void reset_parameters();
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& input);

  LinearOptions options;
  Tensor weight;
  Tensor bias;
};
TORCH_MODULE(Linear);

/// For each output o: input1^T weight[o] input2 + bias[o]. Parameters: weight [out, in1, in2] and, unless the option is
/// off, bias [out], both uniform in +-1/sqrt(in1) at first.
class XGRAD_API BilinearImpl : public Cloneable<BilinearImpl> {
 public:
  BilinearImpl(int64_t in1_features, int64_t in2_features, int64_t out_features);
  explicit BilinearImpl(const BilinearOptions& options_);

  void reset() override;
  void reset_parameters();
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& input1, const Tensor& input2);

  BilinearOptions options;
  Tensor weight;
  Tensor bias;
};
TORCH_MODULE(Bilinear);

}}}  // namespace torch::xgrad::nn
