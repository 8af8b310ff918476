// Recurrent layers and single steps, as ONNX's own operators.
#include <algorithm>

#include <xgrad/io/onnx/translation.h>

namespace torch { inline namespace xgrad { namespace onnx {

namespace {

// A matrix or vector whose parts are of the gates i, f, g, o or r, z, n, in the order of ONNX: i, o, f, g and z, r, n.
std::string in_gate_order(const Call& c, const std::string& x, int64_t gates, int64_t hidden) {
  const std::vector<int64_t> order = gates == 4 ? std::vector<int64_t>{0, 3, 1, 2} : std::vector<int64_t>{1, 0, 2};
  if (gates == 1) return x;
  Names parts;
  for (const int64_t gate : order)
    parts.push_back(c.node("Slice", {x, c.vector({gate * hidden}), c.vector({(gate + 1) * hidden}), c.vector({0}), c.vector({1})}));
  return c.node("Concat", parts, {{"axis", int64_t{0}}});
}

// Inputs: rows [steps * batch, width], h0, c0, the weights of input and state, their biases, a projection, the sizes of the steps. Results:
// the state after each row, the last state and, of an LSTM, the last c.
void recurrent(const Call& c, const char* onnx) {
  constexpr size_t kX = 0, kH0 = 1, kC0 = 2, kInputWeight = 3, kStateWeight = 4, kInputBias = 5, kStateBias = 6, kProjection = 7, kSteps = 8;
  const std::string kind = onnx, name = c.operation();
  const int64_t gates = kind == "LSTM" ? 4 : kind == "GRU" ? 3 : 1, hidden = c.fixed_size(kStateWeight, 0) / gates, steps = c.fixed_size(kSteps, 0);
  if (c.has(kProjection)) c.refuse("LSTMs with a projection have no counterpart");
  const Tensor& sizes = c.input(kSteps).elements;
  const Symbolic batch = c.in_sizes(kH0)[0];
  if (!sizes.defined() || (sizes != c.input(kH0).sizes[0]).any().item<bool>()) c.refuse("its sequences are packed and of several lengths");

  const Symbolic width = c.in_sizes(kX)[1];
  const std::string x = c.node("Reshape", {c.in(kX), c.t.sizes({{0, steps}, batch, width})});
  const auto one_direction = [&](const std::string& t) { return c.node("Unsqueeze", {t, c.vector({0})}); };
  const auto weight = [&](size_t i) { return one_direction(in_gate_order(c, c.in(i), gates, hidden)); };
  std::string biases;
  if (c.has(kInputBias) || c.has(kStateBias)) {
    const auto bias = [&](size_t i) {
      return c.has(i) ? in_gate_order(c, c.in(i), gates, hidden) : c.t.constant(zeros({gates * hidden}, c.output().dtype));
    };
    biases = one_direction(c.node("Concat", {bias(kInputBias), bias(kStateBias)}, {{"axis", int64_t{0}}}));
  }
  // A state of zeros is what they start with.
  const auto state = [&](size_t i) {
    const Tensor& elements = c.input(i).elements;
    const bool starts = elements.defined() && !elements.ne(0).any().item<bool>();
    return starts ? std::string() : one_direction(c.in(i));
  };
  Names inputs = {x, weight(kInputWeight), weight(kStateWeight), biases, "", state(kH0)};
  if (gates == 4) inputs.push_back(state(kC0));
  Settings settings = {{"hidden_size", hidden}, {"direction", std::string(c.flag("reverse") ? "reverse" : "forward")}};
  if (gates == 3) settings.emplace_back("linear_before_reset", int64_t{1});
  if (name.starts_with("rnn_relu")) settings.emplace_back("activations", std::vector<std::string>{"Relu"});

  const Names found = c.t.add(kind, inputs, settings, gates == 4 ? 3 : 2);
  c.result(c.node("Reshape", {found[0], c.t.sizes(c.out_sizes(0))}), 0);  // [steps, 1, batch, hidden]
  for (size_t i = 1; i < found.size(); ++i) c.result(c.node("Squeeze", {found[i], c.vector({0})}), i);
}

}  // namespace

std::vector<Mapping> recurrent_mappings() {
  return {
      {"lstm", recurrent, "LSTM"},    {"lstm_cell", recurrent, "LSTM"},    {"gru", recurrent, "GRU"},      {"gru_cell", recurrent, "GRU"},
      {"rnn_tanh", recurrent, "RNN"}, {"rnn_tanh_cell", recurrent, "RNN"}, {"rnn_relu", recurrent, "RNN"}, {"rnn_relu_cell", recurrent, "RNN"},
  };
}

}}}  // namespace torch::xgrad::onnx
