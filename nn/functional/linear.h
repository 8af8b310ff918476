// Linear maps.
#pragma once

#include <xgrad/autograd/tensor/tensor.h>

namespace torch { inline namespace xgrad { namespace nn::functional {

/// input weight^T + bias. input: [..., in], weight: [out, in], bias: [out] or undefined; result: [..., out].
XGRAD_API Tensor linear(const Tensor& input, const Tensor& weight, const Tensor& bias = {});
/// For each output o: input1^T weight[o] input2 + bias[o]. input1: [..., in1], input2: [..., in2] with the same leading
/// axes, weight: [out, in1, in2], bias: [out] or undefined; result: [..., out].
XGRAD_API Tensor bilinear(const Tensor& input1, const Tensor& input2, const Tensor& weight, const Tensor& bias = {});

}}}  // namespace torch::xgrad::nn::functional
