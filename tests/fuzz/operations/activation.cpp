#include "../rules.h"

namespace graphs {

std::vector<Operation> activation_operations() {
  return {
      GRAPHS_CALL(floating_rule, torch::relu(x)),
      GRAPHS_CALL(floating_rule, torch::relu6(x)),
      GRAPHS_CALL(floating_rule, torch::leaky_relu(x, a)),
      GRAPHS_CALL(floating_rule, torch::elu(x, b)),
      GRAPHS_CALL(floating_rule, torch::celu(x, b)),
      GRAPHS_CALL(floating_rule, torch::selu(x)),
      GRAPHS_CALL(floating_rule, torch::gelu(x)),
      GRAPHS_CALL(floating_rule, torch::gelu(x, "tanh")),
      GRAPHS_CALL(floating_rule, torch::silu(x)),
      GRAPHS_CALL(floating_rule, torch::mish(x)),
      GRAPHS_CALL(floating_rule, torch::softplus(x, b)),
      GRAPHS_CALL(floating_rule, torch::log_sigmoid(x)),
      GRAPHS_CALL(floating_rule, torch::hardtanh(x, -b, b)),
      GRAPHS_CALL(floating_rule, torch::hardsigmoid(x)),
      GRAPHS_CALL(floating_rule, torch::hardswish(x)),
      GRAPHS_CALL(floating_rule, torch::hardshrink(x, b)),
      GRAPHS_CALL(floating_rule, torch::softshrink(x, b)),
      GRAPHS_CALL(floating_rule, torch::threshold(x, a, b)),
      GRAPHS_CALL(floating_rule, F::tanhshrink(x)),
      GRAPHS_CALL(floating_rule, F::softsign(x)),
      GRAPHS_CALL(floating_rule, F::elu(x, F::ELUFuncOptions().alpha(b))),
      GRAPHS_CALL(floating_rule, F::leaky_relu(x, F::LeakyReLUFuncOptions().negative_slope(b))),
      GRAPHS_CALL(floating_rule, F::hardtanh(x, F::HardtanhFuncOptions().min_val(-b).max_val(b))),
      GRAPHS_CALL(floating_rule, F::softplus(x, F::SoftplusFuncOptions().beta(b).threshold(1))),
      GRAPHS_CALL(floating_rule, F::gelu(x)),
      GRAPHS_CALL(floating_rule, F::logsigmoid(x)),
      GRAPHS_CALL(floating_rule, F::mish(x)),
      GRAPHS_CALL(floating_axis_rule, torch::softmax(x, i)),
      GRAPHS_CALL(floating_axis_rule, torch::log_softmax(x, i)),
      GRAPHS_CALL(floating_axis_rule, F::softmin(x, F::SoftminFuncOptions(i))),
      GRAPHS_CALL(floating_axis_rule, F::softmax(x, F::SoftmaxFuncOptions(i))),
      GRAPHS_CALL(floating_axis_rule, torch::softmax(x, i, torch::kDouble)),
      GRAPHS_CALL(even_axis_rule, F::glu(x, F::GLUFuncOptions(i))),
      GRAPHS_CALL(prelu_rule, F::prelu(x, y)),
  };
}

}  // namespace graphs
