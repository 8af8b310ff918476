#include <xgrad/inspect/summary/multiply_adds.h>

#include <string_view>

namespace torch { inline namespace xgrad { namespace inspect {

namespace {

// What an operation was given, in its order; operands that aren't there are undefined.
struct Operands {
  const TracedOperation& operation;

  bool has(size_t i) const { return i < operation.inputs.size() && operation.inputs[i].defined(); }
  int64_t numel(size_t i) const { return has(i) ? operation.inputs[i].numel() : 0; }
  int64_t size(size_t i, int64_t axis) const {
    if (!has(i) || operation.inputs[i].dim() == 0) return has(i) ? 1 : 0;
    return operation.inputs[i].size(axis);
  }
  int64_t out() const { return operation.outputs.empty() ? 0 : operation.outputs[0].numel(); }
  // Of what an input has for each number of its first axis.
  int64_t per_first(size_t i) const { return size(i, 0) > 0 ? numel(i) / size(i, 0) : 0; }
};

// Bias, input, weight [features out, features in].
int64_t of_linear(const Operands& o) { return o.out() * o.size(2, -1); }
// Two factors; the last axis of the first is summed over.
int64_t of_product(const Operands& o) { return o.out() * o.size(0, -1); }
// The same behind a term that is added.
int64_t of_added_product(const Operands& o) { return o.out() * o.size(1, -1); }
int64_t of_summed_products(const Operands& o) { return o.out() * o.size(1, 0) * o.size(1, -1); }
int64_t of_outer_product(const Operands& o) { return o.out(); }
// Input and weight [channels out, channels in / groups, kernel...]: every output is a sum over all but the first axis.
int64_t of_convolution(const Operands& o) { return o.out() * o.per_first(1); }
// Input and weight [channels in, channels out / groups, kernel...]: every input goes to all but the first axis.
int64_t of_transposed_convolution(const Operands& o) { return o.numel(0) * o.per_first(1); }
// Rows, states, and the weights of both and of a projection.
int64_t of_recurrent_layer(const Operands& o) { return o.size(0, -1) > 0 ? o.numel(0) / o.size(0, -1) * (o.numel(3) + o.numel(4) + o.numel(7)) : 0; }
// Query and key [..., rows, width], value [..., rows, width of the output].
int64_t of_attention(const Operands& o) { return o.numel(0) * o.size(1, -2) + o.out() * o.size(1, -2); }
// Sequences [rows, batch, elements]; one alone has query, key and value beside each other.
int64_t of_heads(const Operands& o) { return 2 * o.out() * o.size(o.has(1) ? 1 : 0, 0); }

struct Cost {
  std::string_view name;
  int64_t (*of)(const Operands&);
};
constexpr Cost kCosts[] = {
    {"linear", of_linear},
    {"linear_relu", of_linear},
    {"linear_tanh", of_linear},
    {"linear_sigmoid", of_linear},
    {"mm", of_product},
    {"bmm", of_product},
    {"mv", of_product},
    {"dot", of_product},
    {"matmul", of_product},
    {"addmm", of_added_product},
    {"addmv", of_added_product},
    {"baddbmm", of_added_product},
    {"addbmm", of_summed_products},
    {"addr", of_outer_product},
    {"conv1d", of_convolution},
    {"conv2d", of_convolution},
    {"conv3d", of_convolution},
    {"convolution", of_convolution},
    {"conv_transpose1d", of_transposed_convolution},
    {"conv_transpose2d", of_transposed_convolution},
    {"conv_transpose3d", of_transposed_convolution},
    {"lstm", of_recurrent_layer},
    {"gru", of_recurrent_layer},
    {"rnn_tanh", of_recurrent_layer},
    {"rnn_relu", of_recurrent_layer},
    {"lstm_cell", of_recurrent_layer},
    {"gru_cell", of_recurrent_layer},
    {"rnn_tanh_cell", of_recurrent_layer},
    {"rnn_relu_cell", of_recurrent_layer},
    {"scaled_dot_product_attention", of_attention},
    {"multi_head_attention_forward", of_heads},
};

}  // namespace

int64_t multiply_adds(const TracedOperation& operation) {
  for (const Cost& cost : kCosts)
    if (cost.name == operation.operation.name()) return cost.of({operation});
  return 0;
}

}}}  // namespace torch::xgrad::inspect
