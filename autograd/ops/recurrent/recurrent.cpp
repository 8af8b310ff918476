#include <xgrad/autograd/ops/recurrent/recurrent.h>

#include <xgrad/autograd/core/grad_mode.h>
#include <xgrad/autograd/ops/ops.h>
#include <xgrad/autograd/ops/recurrent/recurrent_layer.h>

namespace torch { inline namespace xgrad {

namespace {

using kernels::RecurrentCell;
using L = RecurrentLayer;

// What a call is made of, whichever cell it has.
struct Network {
  const Operation& operation;
  RecurrentCell cell;
  Tensor x, batch_sizes;  // rows of all sequences
  Tensor h0, c0;          // [layers * directions, batch, ...]
  bool has_biases;
  int64_t num_layers;
  double dropout;
  bool train, bidirectional;
};

// Throws as PyTorch does unless the layer's inputs fit together.
void check_layer(const Operation& op, const RecurrentLayer& l, int64_t batch) {
  const Tensor &x = l[L::kX], &h0 = l[L::kH0], &c0 = l[L::kC0], &w_ih = l[L::kWeightIh], &w_hh = l[L::kWeightHh], &w_hr = l[L::kWeightHr];
  const bool is_gated = gates_of(l.cell) > 1;
  XGRAD_CHECK(!is_gated || x.is_floating_point(), op, "result type Float can't be cast to the desired output type ", x.dtype());
  for (const Tensor* t : {&h0, &w_ih, &w_hh})
    XGRAD_CHECK(t->dtype() == x.dtype(), op, "mat1 and mat2 must have the same dtype, got ", x.dtype(), " and ", t->dtype());
  XGRAD_CHECK(w_ih.dim() == 2 && w_hh.dim() == 2, op, "weights must be matrices, got ", w_ih, " and ", w_hh);
  XGRAD_CHECK(x.size(1) == w_ih.size(1), op, "mat1 and mat2 shapes cannot be multiplied (", x.size(0), "x", x.size(1), " and ", w_ih.size(1), "x",
              w_ih.size(0), ")");
  XGRAD_CHECK(h0.size(1) == w_hh.size(1), op, "mat1 and mat2 shapes cannot be multiplied (", h0.size(0), "x", h0.size(1), " and ", w_hh.size(1), "x",
              w_hh.size(0), ")");
  const int64_t gates = w_hh.size(0), hidden = gates / gates_of(l.cell), state = w_hr.defined() ? w_hr.size(0) : hidden;
  const auto fits = [&](const Tensor& t, IntArrayRef sizes) { return !t.defined() || t.sizes() == sizes; };
  const auto broadcasts = [&](const Tensor& t) { return !t.defined() || t.dim() == 0 || (t.dim() == 1 && (t.size(0) == gates || t.size(0) == 1)); };
  XGRAD_CHECK(gates % gates_of(l.cell) == 0 && w_ih.size(0) == gates && broadcasts(l[L::kBiasIh]) && broadcasts(l[L::kBiasHh]) &&
                  fits(w_hr, {state, hidden}) && w_hh.size(1) == state,
              op, "weights must have ", gates_of(l.cell), " gates of one size, got w_ih ", w_ih.sizes(), " and w_hh ", w_hh.sizes());
  for (const Tensor* t : {&h0, &c0})
    XGRAD_CHECK(!t->defined() || t->size(0) == batch, op, "The size of tensor a (", t->size(0), ") must match the size of tensor b (", batch,
                ") at non-singleton dimension 0: the batch of the initial states and that of the input");
  XGRAD_CHECK(!c0.defined() || c0.size(1) == hidden, op, "The size of tensor a (", c0.size(1), ") must match the size of tensor b (", hidden,
              ") at non-singleton dimension 1: the initial c and the gates");
}

// All layers' parameters, as one list.
class Parameters {
 public:
  Parameters(const Operation& op, TensorList list, bool has_biases, bool projects)
      : op_(op), list_(list), has_biases_(has_biases), each_(2 + (has_biases ? 2 : 0) + (projects ? 1 : 0)) {
    XGRAD_CHECK(list.size() % each_ == 0, op, "got an incorrect number of RNN parameters: ", list.size(), ", which is no multiple of ", each_);
  }
  void fill(RecurrentLayer& layer, size_t i) const {
    XGRAD_CHECK((i + 1) * each_ <= list_.size(), op_, "Expected more weights in stacked_rnn, got ", list_.size() / each_, " layers and directions");
    const Tensor* next = &list_[i * each_];
    layer.inputs[L::kWeightIh] = *next++;
    layer.inputs[L::kWeightHh] = *next++;
    if (has_biases_) {
      layer.inputs[L::kBiasIh] = *next++;
      layer.inputs[L::kBiasHh] = *next++;
    }
    if (each_ % 2 == 1) layer.inputs[L::kWeightHr] = *next;
  }

 private:
  const Operation& op_;
  TensorList list_;
  bool has_biases_;
  size_t each_;
};

Tensor joined_states(const std::vector<Tensor>& states) { return states.size() == 1 ? states[0].unsqueeze(0) : stack(states); }

// The rows of the last layer; all last h and c.
RecurrentResult run(const Network& n, TensorList params) {
  const Operation& op = n.operation;
  const int64_t directions = n.bidirectional ? 2 : 1, all = n.num_layers * directions;
  XGRAD_CHECK(n.num_layers > 0, op, "num_layers must be greater than zero, got ", n.num_layers);
  for (const Tensor* t : {&n.h0, &n.c0}) {
    if (!t->defined()) continue;
    XGRAD_CHECK(t->dim() == 3, op, "initial states must be 3-D, got ", *t);
    XGRAD_CHECK(t->size(0) >= all, op, "Expected more hidden states in stacked_rnn, got ", t->size(0), " for ", all, " layers and directions");
  }
  const Parameters parameters(op, params, n.has_biases, n.c0.defined() && n.h0.size(2) != n.c0.size(2));
  const int64_t batch = static_cast<const int64_t*>(n.batch_sizes.data_ptr())[0];
  Tensor x = n.x;
  std::vector<Tensor> h, c;
  for (int64_t layer = 0; layer < n.num_layers; ++layer) {
    std::vector<Tensor> ways;
    for (int64_t way = 0; way < directions; ++way) {
      const int64_t i = layer * directions + way;
      RecurrentLayer l{n.cell, way == 1, n.batch_sizes, {}};
      l.inputs[L::kX] = x;
      l.inputs[L::kH0] = n.h0.select(0, i);
      if (n.c0.defined()) l.inputs[L::kC0] = n.c0.select(0, i);
      parameters.fill(l, static_cast<size_t>(i));
      check_layer(op, l, batch);
      RecurrentResult result = recurrent_layer(op, l);
      ways.push_back(std::move(result.y));
      h.push_back(std::move(result.h));
      if (n.c0.defined()) c.push_back(std::move(result.c));
    }
    x = directions == 1 ? ways[0] : cat(ways, 1);
    if (n.dropout != 0 && n.train && layer + 1 < n.num_layers) x = dropout(x, n.dropout, true);
  }
  return {x, joined_states(h), n.c0.defined() ? joined_states(c) : Tensor()};
}

Tensor checked_batch_sizes(const Operation& op, const Tensor& data, const Tensor& sizes) {
  XGRAD_CHECK(sizes.scalar_type() == kLong, op, "expected scalar type Long but found ", sizes.dtype(), " for batch_sizes");
  XGRAD_CHECK(sizes.numel() > 0, op, "Expected sequence length to be larger than 0 in RNN");
  const Tensor ordered = sizes.detach().clone();
  const auto* of = static_cast<const int64_t*>(ordered.data_ptr());
  int64_t rows = 0;
  for (int64_t t = 0; t < ordered.numel(); ++t) {
    XGRAD_CHECK(of[t] >= 0 && (t == 0 || of[t] <= of[t - 1]), op, "batch_sizes must not grow nor be negative, got ", of[t], " at step ", t);
    rows += of[t];
  }
  XGRAD_CHECK(data.dim() == 2, op, "packed data must be 2-D, got ", data);
  XGRAD_CHECK(rows == data.size(0), op, "batch_sizes add up to ", rows, ", which exceeds dimension size or leaves rows: the data has ", data.size(0));
  return ordered;
}

RecurrentResult run_packed(Network n, const Tensor& data, const Tensor& batch_sizes, TensorList params) {
  n.x = data;
  n.batch_sizes = checked_batch_sizes(n.operation, data, batch_sizes);
  return run(n, params);
}

RecurrentResult run_padded(Network n, const Tensor& input, bool batch_first, TensorList params) {
  XGRAD_CHECK(input.dim() == 3, n.operation, "input must be 3-D, got ", input);
  const Tensor x = batch_first ? input.transpose(0, 1) : input;
  const int64_t steps = x.size(0), batch = x.size(1);
  XGRAD_CHECK(steps > 0, n.operation, "Expected sequence length to be larger than 0 in RNN, got an input of shape ", input.sizes());
  n.x = x.reshape({steps * batch, x.size(2)});
  n.batch_sizes = full({steps}, batch, kLong);
  RecurrentResult result = run(n, params);
  result.y = result.y.view({steps, batch, result.y.size(1)});
  if (batch_first) result.y = result.y.transpose(0, 1);
  return result;
}

template <detail::Text name>
Network network(RecurrentCell cell, const Tensor& h0, const Tensor& c0, bool has_biases, int64_t num_layers, double dropout, bool train,
                bool bidirectional) {
  return {operation<name>, cell, {}, {}, h0, c0, has_biases, num_layers, dropout, train, bidirectional};
}
Network lstm_network(TensorList hx, bool has_biases, int64_t num_layers, double dropout, bool train, bool bidirectional) {
  XGRAD_CHECK(hx.size() == 2, operation<"lstm">, "lstm expects two hidden states, got ", hx.size());
  return network<"lstm">(RecurrentCell::kLstm, hx[0], hx[1], has_biases, num_layers, dropout, train, bidirectional);
}

// ---- single steps

void check_step(const Operation& op, const Tensor& input, const Tensor& hx, const Tensor& w_ih, const Tensor& w_hh) {
  XGRAD_CHECK(input.size(1) == w_ih.size(1), op, "input has inconsistent input_size: got ", input.size(1), " expected ", w_ih.size(1));
  XGRAD_CHECK(input.size(0) == hx.size(0), op, "Input batch size ", input.size(0), " doesn't match hidden0 batch size ", hx.size(0));
  XGRAD_CHECK(hx.size(1) == w_hh.size(1), op, "hidden0 has inconsistent hidden_size: got ", hx.size(1), ", expected ", w_hh.size(1));
  XGRAD_CHECK(input.dim() == 2 && hx.dim() == 2, op, "input and state must be 2-D, got ", input, " and ", hx);
}

RecurrentResult run_step(const Operation& op, RecurrentCell cell, const Tensor& input, const Tensor& h, const Tensor& c, const Tensor& w_ih,
                         const Tensor& w_hh, const std::optional<Tensor>& b_ih, const std::optional<Tensor>& b_hh) {
  check_step(op, input, h, w_ih, w_hh);
  if (c.defined()) check_step(op, input, c, w_ih, w_hh);
  RecurrentLayer l{cell, false, full({1}, input.size(0), kLong), {input, h, c, w_ih, w_hh, b_ih.value_or(Tensor()), b_hh.value_or(Tensor()), {}}};
  check_layer(op, l, input.size(0));
  return recurrent_layer(op, l);
}

}  // namespace

std::tuple<Tensor, Tensor, Tensor> lstm(const Tensor& input, TensorList hx, TensorList params, bool has_biases, int64_t num_layers, double dropout,
                                        bool train, bool bidirectional, bool batch_first) {
  auto [y, h, c] = run_padded(lstm_network(hx, has_biases, num_layers, dropout, train, bidirectional), input, batch_first, params);
  return {y, h, c};
}
std::tuple<Tensor, Tensor, Tensor> lstm(const Tensor& data, const Tensor& batch_sizes, TensorList hx, TensorList params, bool has_biases,
                                        int64_t num_layers, double dropout, bool train, bool bidirectional) {
  auto [y, h, c] = run_packed(lstm_network(hx, has_biases, num_layers, dropout, train, bidirectional), data, batch_sizes, params);
  return {y, h, c};
}

// Both forms of a network whose state is h alone.
#define XGRAD_RECURRENT(name, cell)                                                                                                               \
  std::tuple<Tensor, Tensor> name(const Tensor& input, const Tensor& hx, TensorList params, bool has_biases, int64_t num_layers, double dropout,  \
                                  bool train, bool bidirectional, bool batch_first) {                                                             \
    auto [y, h, c] = run_padded(network<#name>(cell, hx, {}, has_biases, num_layers, dropout, train, bidirectional), input, batch_first, params); \
    return {y, h};                                                                                                                                \
  }                                                                                                                                               \
  std::tuple<Tensor, Tensor> name(const Tensor& data, const Tensor& batch_sizes, const Tensor& hx, TensorList params, bool has_biases,            \
                                  int64_t num_layers, double dropout, bool train, bool bidirectional) {                                           \
    auto [y, h, c] = run_packed(network<#name>(cell, hx, {}, has_biases, num_layers, dropout, train, bidirectional), data, batch_sizes, params);  \
    return {y, h};                                                                                                                                \
  }
XGRAD_RECURRENT(gru, RecurrentCell::kGru)
XGRAD_RECURRENT(rnn_tanh, RecurrentCell::kTanh)
XGRAD_RECURRENT(rnn_relu, RecurrentCell::kRelu)
#undef XGRAD_RECURRENT

std::tuple<Tensor, Tensor> lstm_cell(const Tensor& input, TensorList hx, const Tensor& w_ih, const Tensor& w_hh, const std::optional<Tensor>& b_ih,
                                     const std::optional<Tensor>& b_hh) {
  const Operation& op = operation<"lstm_cell">;
  XGRAD_CHECK(hx.size() == 2, op, "lstm_cell expects two hidden states, got ", hx.size());
  auto [y, h, c] = run_step(op, RecurrentCell::kLstm, input, hx[0], hx[1], w_ih, w_hh, b_ih, b_hh);
  return {y, c};
}

#define XGRAD_STEP(name, cell)                                                                                                  \
  Tensor name(const Tensor& input, const Tensor& hx, const Tensor& w_ih, const Tensor& w_hh, const std::optional<Tensor>& b_ih, \
              const std::optional<Tensor>& b_hh) {                                                                              \
    return run_step(operation<#name>, cell, input, hx, {}, w_ih, w_hh, b_ih, b_hh).y;                                           \
  }
XGRAD_STEP(gru_cell, RecurrentCell::kGru)
XGRAD_STEP(rnn_tanh_cell, RecurrentCell::kTanh)
XGRAD_STEP(rnn_relu_cell, RecurrentCell::kRelu)
#undef XGRAD_STEP

}}  // namespace torch::xgrad
