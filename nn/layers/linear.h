// Linear maps: their options, as functions and as modules.
#pragma once

#include <cstdint>

#include <xgrad/io/fields.h>
#include <xgrad/nn/cloneable.h>

namespace torch { inline namespace xgrad { namespace nn {

struct LinearOptions {
  LinearOptions(int64_t in_features, int64_t out_features) : in_features_(in_features), out_features_(out_features) {}
  XGRAD_FIELDS((int64_t, in_features, ), (int64_t, out_features, ), (bool, bias, true))
};

namespace functional {
/// input weight^T + bias. input: [..., in], weight: [out, in], bias: [out] or undefined; result: [..., out].
XGRAD_API Tensor linear(const Tensor& input, const Tensor& weight, const Tensor& bias = {});
}  // namespace functional

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

struct BilinearOptions {
  BilinearOptions(int64_t in1_features, int64_t in2_features, int64_t out_features)
      : in1_features_(in1_features), in2_features_(in2_features), out_features_(out_features) {}
  XGRAD_FIELDS((int64_t, in1_features, ), (int64_t, in2_features, ), (int64_t, out_features, ), (bool, bias, true))
};

namespace functional {
/// For each output o: input1^T weight[o] input2 + bias[o]. input1: [..., in1], input2: [..., in2] with the same leading
/// axes, weight: [out, in1, in2], bias: [out] or undefined; result: [..., out].
XGRAD_API Tensor bilinear(const Tensor& input1, const Tensor& input2, const Tensor& weight, const Tensor& bias = {});
}  // namespace functional

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
