#include <xgrad/nn/containers/linear_with_activation.h>

#include <xgrad/autograd/ops/linalg/matrix.h>
#include <xgrad/nn/layers/activation.h>
#include <xgrad/nn/layers/linear.h>

namespace torch { inline namespace xgrad { namespace nn {

namespace {

using LinearFunction = Tensor (*)(const Tensor& input, const Tensor& weight, const std::optional<Tensor>& bias);

LinearFunction function_ending_in(const std::type_info& activation) {
  if (activation == typeid(ReLUImpl)) return linear_relu;
  if (activation == typeid(TanhImpl)) return linear_tanh;
  if (activation == typeid(SigmoidImpl)) return linear_sigmoid;
  return nullptr;
}

}  // namespace

std::optional<AnyValue> forward_linear_with_activation(AnyModule& first, const AnyModule& second, AnyValue& input) {
  if (first.is_empty() || second.is_empty() || first.type_info() != typeid(LinearImpl)) return std::nullopt;
  const LinearFunction f = function_ending_in(second.type_info());
  const Tensor* x = f ? input.try_get<Tensor>() : nullptr;
  if (!x) return std::nullopt;
  LinearImpl& linear = first.get<LinearImpl>();
  internal::prepare_forward(linear);
  return AnyValue(f(*x, linear.weight, linear.bias));
}

}}}  // namespace torch::xgrad::nn
