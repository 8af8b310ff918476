#include <xgrad/nn/functional/linear.h>

#include <xgrad/autograd/ops/ops.h>

namespace torch { inline namespace xgrad { namespace nn::functional {

Tensor linear(const Tensor& input, const Tensor& weight, const Tensor& bias) {
  return xgrad::linear(input, weight, bias.defined() ? std::optional<Tensor>(bias) : std::nullopt);
}

Tensor bilinear(const Tensor& input1, const Tensor& input2, const Tensor& weight, const Tensor& bias) {
  XGRAD_CHECK(weight.dim() == 3, "[bilinear] weight must be a 3-D tensor, got ", weight);
  XGRAD_CHECK(input1.dim() == input2.dim() && input1.dim() > 0, "[bilinear] input dimensions do not match: got ", input1, " and ", input2);
  const int last = static_cast<int>(input1.dim()) - 1;
  for (int i = 0; i < last; ++i)
    XGRAD_CHECK(input1.size(i) == input2.size(i), "[bilinear] input batch dimensions do not match at dim ", i, ": got ", input1.size(i), " and ",
                input2.size(i));
  const int64_t out = weight.size(0), in1 = weight.size(1), in2 = weight.size(2);
  XGRAD_CHECK(input1.size(-1) == in1, "[bilinear] input1 size does not match weight size: got ", input1.size(-1), " but expected ", in1);
  XGRAD_CHECK(input2.size(-1) == in2, "[bilinear] input2 size does not match weight size: got ", input2.size(-1), " but expected ", in2);
  XGRAD_CHECK(!bias.defined() || (bias.dim() == 1 && bias.size(0) == out), "[bilinear] bias must have size ", out, ", got ", bias);

  Dims rows = input1.sizes();
  rows[last] = out;
  rows.push_back(in2);
  // [..., in1] x [in1, out * in2] as [..., out, in2], times input2 in its last axis.
  const Tensor half = input1.matmul(weight.permute({1, 0, 2}).reshape({in1, out * in2})).view(rows);
  const Tensor y = half.matmul(input2.unsqueeze(-1)).squeeze(-1);
  return bias.defined() ? y + bias : y;
}

}}}  // namespace torch::xgrad::nn::functional
