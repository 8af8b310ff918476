#include <xgrad/nn/layers/recurrent_cell.h>

#include <cmath>

#include <xgrad/autograd/ops/ops.h>
#include <xgrad/autograd/tensor/if_defined.h>
#include <xgrad/nn/init.h>
#include <xgrad/nn/layers/print_layer.h>

namespace torch { inline namespace xgrad { namespace nn {

namespace internal {

void RNNCellParameters::register_all() {
  const auto& o = options_base;
  const int64_t gates = o.num_chunks() * o.hidden_size();
  weight_ih = register_parameter("weight_ih", empty({gates, o.input_size()}));
  weight_hh = register_parameter("weight_hh", empty({gates, o.hidden_size()}));
  bias_ih = register_parameter("bias_ih", o.bias() ? empty({gates}) : Tensor(), o.bias());
  bias_hh = register_parameter("bias_hh", o.bias() ? empty({gates}) : Tensor(), o.bias());
  reset_parameters();
}

void RNNCellParameters::reset_parameters() {
  const double bound = 1 / std::sqrt(static_cast<double>(options_base.hidden_size()));
  for (Tensor* weight : {&weight_ih, &weight_hh, &bias_ih, &bias_hh})
    if (weight->defined()) init::uniform_(*weight, -bound, bound);
}

bool RNNCellParameters::prepare(Tensor& input, std::initializer_list<Tensor*> states) {
  prepare_forward(*this);
  const char* const name = options_base.num_chunks() == 4 ? "LSTMCell" : options_base.num_chunks() == 3 ? "GRUCell" : "RNNCell";
  XGRAD_CHECK(input.dim() == 1 || input.dim() == 2, "[", name, "] Expected input to be 1-D or 2-D but received ", input.dim(), "-D tensor");
  XGRAD_CHECK(input.size(-1) == options_base.input_size(), "[", name, "] input has inconsistent input_size: got ", input.size(-1), " expected ",
              options_base.input_size());
  const bool is_single = input.dim() == 1;
  if (is_single) input = input.unsqueeze(0);
  size_t i = 0;
  for (Tensor* state : states) {
    const std::string which = states.size() == 1 ? "hidden" : "hidden[" + std::to_string(i++) + "]";
    if (!state->defined()) *state = zeros({input.size(0), options_base.hidden_size()}, input.options().requires_grad(false));
    else if (is_single) *state = state->unsqueeze(0);
    XGRAD_CHECK(state->dim() == 2, "[", name, "] Expected ", which, " to have as many axes as the input, got ", *state);
    XGRAD_CHECK(state->size(0) == input.size(0), "[", name, "] Input batch size ", input.size(0), " doesn't match ", which, " batch size ",
                state->size(0));
    XGRAD_CHECK(state->size(1) == options_base.hidden_size(), "[", name, "] ", which, " has inconsistent hidden_size: got ", state->size(1),
                ", expected ", options_base.hidden_size());
  }
  return is_single;
}

}  // namespace internal

namespace {
template <class Options> detail::RNNCellOptionsBase cell_base(const Options& o, int64_t num_chunks) {
  return {o.input_size(), o.hidden_size(), o.bias(), num_chunks};
}
}  // namespace

RNNCellImpl::RNNCellImpl(const RNNCellOptions& options_) : RNNCellParameters(cell_base(options_, 1)), options(options_) { reset(); }
GRUCellImpl::GRUCellImpl(const GRUCellOptions& options_) : RNNCellParameters(cell_base(options_, 3)), options(options_) { reset(); }
LSTMCellImpl::LSTMCellImpl(const LSTMCellOptions& options_) : RNNCellParameters(cell_base(options_, 4)), options(options_) { reset(); }
void RNNCellImpl::pretty_print(std::ostream& stream) const { print_layer(stream, "RNNCell", options); }
void GRUCellImpl::pretty_print(std::ostream& stream) const { print_layer(stream, "GRUCell", options); }
void LSTMCellImpl::pretty_print(std::ostream& stream) const { print_layer(stream, "LSTMCell", options); }

Tensor RNNCellImpl::forward(const Tensor& input, Tensor hx) {
  Tensor x = input;
  const bool is_single = prepare(x, {&hx}), is_tanh = std::holds_alternative<enumtype::kTanh>(options.nonlinearity());
  const Tensor h = (is_tanh ? rnn_tanh_cell : rnn_relu_cell)(x, hx, weight_ih, weight_hh, if_defined(bias_ih), if_defined(bias_hh));
  return is_single ? h.squeeze(0) : h;
}

Tensor GRUCellImpl::forward(const Tensor& input, Tensor hx) {
  Tensor x = input;
  const bool is_single = prepare(x, {&hx});
  const Tensor h = gru_cell(x, hx, weight_ih, weight_hh, if_defined(bias_ih), if_defined(bias_hh));
  return is_single ? h.squeeze(0) : h;
}

std::tuple<Tensor, Tensor> LSTMCellImpl::forward(const Tensor& input, std::optional<std::tuple<Tensor, Tensor>> hx_opt) {
  Tensor x = input, h, c;
  if (hx_opt) std::tie(h, c) = *hx_opt;
  const bool is_single = prepare(x, {&h, &c});
  const Tensor states[] = {h, c};
  std::tie(h, c) = lstm_cell(x, states, weight_ih, weight_hh, if_defined(bias_ih), if_defined(bias_hh));
  if (is_single) return {h.squeeze(0), c.squeeze(0)};
  return {h, c};
}

XGRAD_DEFINE_DEFAULT_ARGS(RNNCellImpl, 1, AnyValue(Tensor()))
XGRAD_DEFINE_DEFAULT_ARGS(GRUCellImpl, 1, AnyValue(Tensor()))
XGRAD_DEFINE_DEFAULT_ARGS(LSTMCellImpl, 1, AnyValue(std::optional<std::tuple<Tensor, Tensor>>()))

}}}  // namespace torch::xgrad::nn
