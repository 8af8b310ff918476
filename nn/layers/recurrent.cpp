#include <xgrad/nn/layers/recurrent.h>

#include <algorithm>
#include <cmath>

#include <xgrad/autograd/core/warning.h>
#include <xgrad/autograd/ops/ops.h>
#include <xgrad/nn/init.h>
#include <xgrad/nn/layers/print_layer.h>

namespace torch { inline namespace xgrad { namespace nn {
namespace internal {

namespace {

using enum RecurrentMode;

const char* name_of(const nn::detail::RNNOptionsBase& o) { return o.mode() == kLSTM ? "[LSTM] " : o.mode() == kGRU ? "[GRU] " : "[RNN] "; }
int64_t gates_of(const nn::detail::RNNOptionsBase& o) { return (o.mode() == kLSTM ? 4 : o.mode() == kGRU ? 3 : 1) * o.hidden_size(); }
int64_t directions_of(const nn::detail::RNNOptionsBase& o) { return o.bidirectional() ? 2 : 1; }
int64_t state_size(const nn::detail::RNNOptionsBase& o) { return o.proj_size() > 0 ? o.proj_size() : o.hidden_size(); }

void check_options(const nn::detail::RNNOptionsBase& o) {
  XGRAD_CHECK_AS(ValueError, o.dropout() >= 0 && o.dropout() <= 1,
                 "[RNN] dropout should be a number in range [0, 1] representing the probability of an element being zeroed, got ", o.dropout());
  XGRAD_CHECK_AS(ValueError, o.num_layers() > 0, "[RNN] num_layers must be greater than zero, got ", o.num_layers());
  XGRAD_CHECK_AS(ValueError, o.proj_size() >= 0 && o.proj_size() < o.hidden_size(),
                 "[RNN] proj_size has to be a positive integer, smaller than hidden_size or zero to disable projections, got ", o.proj_size(),
                 " and hidden_size ", o.hidden_size());
  if (o.dropout() > 0 && o.num_layers() == 1)
    Warning::warn({"RNN", __FILE__, __LINE__},
                  "dropout option adds dropout after all but last recurrent layer, so non-zero dropout expects num_layers greater than 1, but got "
                  "num_layers=1",
                  false);
}

// The first state h, of an LSTM the second c.
std::vector<int64_t> expected_state(const nn::detail::RNNOptionsBase& o, size_t i, int64_t batch) {
  return {o.num_layers() * directions_of(o), batch, i == 0 ? state_size(o) : o.hidden_size()};
}

void check_features(const nn::detail::RNNOptionsBase& o, const Tensor& input) {
  XGRAD_CHECK(input.size(-1) == o.input_size(), name_of(o), "input.size(-1) must be equal to input_size. Expected ", o.input_size(), ", got ",
              input.size(-1));
}

// States given are checked, zeros take the place of the others.
void complete_states(const nn::detail::RNNOptionsBase& o, const Tensor& input, int64_t batch, std::vector<Tensor>& states) {
  for (size_t i = 0; i < states.size(); ++i) {
    const std::vector<int64_t> expected = expected_state(o, i, batch);
    if (!states[i].defined()) states[i] = zeros(expected, input.options().requires_grad(false));
    const std::string which = states.size() == 1 ? "hidden" : "hidden[" + std::to_string(i) + "]";
    XGRAD_CHECK(states[i].sizes() == IntArrayRef(expected), name_of(o), "Expected ", which, " size ", expected[0], " ", expected[1], " ", expected[2],
                ", got ", states[i].sizes());
  }
}

template <class... T> std::vector<Tensor> as_list(const std::tuple<T...>& results) {
  return std::apply([](const auto&... t) { return std::vector<Tensor>{t...}; }, results);
}

// The operation on padded sequences, which batch_first says the layout of, or on packed ones with their batch sizes.
std::vector<Tensor> compute(const nn::detail::RNNOptionsBase& o, bool training, const std::vector<Tensor>& weights, const std::vector<Tensor>& states,
                            const Tensor& data, const Tensor& batch_sizes) {
  const auto call = [&](auto network, const auto& hx) {
    const TensorList params(weights);
    if (batch_sizes.defined())
      return as_list(network(data, batch_sizes, hx, params, o.bias(), o.num_layers(), o.dropout(), training, o.bidirectional()));
    return as_list(network(data, hx, params, o.bias(), o.num_layers(), o.dropout(), training, o.bidirectional(), o.batch_first()));
  };
  if (o.mode() == kLSTM) return call([](const auto&... a) { return lstm(a...); }, TensorList(states));
  if (o.mode() == kGRU) return call([](const auto&... a) { return gru(a...); }, states[0]);
  if (o.mode() == kRNN_TANH) return call([](const auto&... a) { return rnn_tanh(a...); }, states[0]);
  return call([](const auto&... a) { return rnn_relu(a...); }, states[0]);
}

Tensor permuted(const Tensor& state, const Tensor& permutation) { return permutation.defined() ? state.index_select(1, permutation) : state; }

}  // namespace

template <class Derived> RNNImplBase<Derived>::RNNImplBase(const detail::RNNOptionsBase& options_) : options_base(options_) { reset(); }

template <class Derived> void RNNImplBase<Derived>::reset() {
  const nn::detail::RNNOptionsBase& o = options_base;
  check_options(o);
  const int64_t gates = gates_of(o), state = state_size(o);
  flat_weights_.clear();
  flat_names_.clear();
  for (int64_t layer = 0; layer < o.num_layers(); ++layer) {
    const int64_t input = layer == 0 ? o.input_size() : state * directions_of(o);
    for (int64_t direction = 0; direction < directions_of(o); ++direction) {
      const std::string suffix = "_l" + std::to_string(layer) + (direction == 1 ? "_reverse" : "");
      const auto add = [&](const char* name, IntArrayRef sizes) {
        flat_names_.push_back(name + suffix);
        flat_weights_.push_back(this->register_parameter(flat_names_.back(), empty(sizes)));
      };
      add("weight_ih", {gates, input});
      add("weight_hh", {gates, state});
      if (o.bias()) add("bias_ih", {gates}), add("bias_hh", {gates});
      if (o.proj_size() > 0) add("weight_hr", {state, o.hidden_size()});
    }
  }
  reset_parameters();
}

template <class Derived> void RNNImplBase<Derived>::reset_parameters() {
  const double bound = 1 / std::sqrt(static_cast<double>(options_base.hidden_size()));
  for (Tensor& weight : flat_weights_) init::uniform_(weight, -bound, bound);
}

template <class Derived> ParameterMember RNNImplBase<Derived>::member(const std::string& name) const {
  const auto found = std::find(flat_names_.begin(), flat_names_.end(), name);
  XGRAD_CHECK_AS(ValueError, found != flat_names_.end(), "[RNN] no weight is called '", name, "'");
  return ParameterMember([k = found - flat_names_.begin()](Module& module) -> Tensor* {
    auto* const owner = dynamic_cast<RNNImplBase*>(&module);
    return owner && static_cast<size_t>(k) < owner->flat_weights_.size() ? &owner->flat_weights_[static_cast<size_t>(k)] : nullptr;
  });
}

template <class Derived> std::vector<Tensor> RNNImplBase<Derived>::run(const Tensor& input, std::vector<Tensor> states) {
  prepare_forward(*this);
  const nn::detail::RNNOptionsBase& o = options_base;
  const bool is_batch = input.dim() != 2;
  XGRAD_CHECK(input.dim() == 2 || input.dim() == 3, name_of(o), "input must have 3 dimensions, or 2 without a batch, got shape ", input.sizes());
  check_features(o, input);
  const int64_t batch_axis = o.batch_first() ? 0 : 1;
  const Tensor sequences = is_batch ? input : input.unsqueeze(batch_axis);
  if (!is_batch)
    for (Tensor& state : states)
      if (state.defined()) {
        XGRAD_CHECK(state.dim() == 2, name_of(o), "For unbatched 2-D input, hx should also be 2-D but got ", state.dim(), "-D tensor");
        state = state.unsqueeze(1);
      }
  complete_states(o, sequences, sequences.size(batch_axis), states);
  std::vector<Tensor> results = compute(o, this->is_training(), flat_weights_, states, sequences, {});
  if (!is_batch)
    for (size_t i = 0; i < results.size(); ++i) results[i] = results[i].squeeze(i == 0 ? batch_axis : 1);
  return results;
}

template <class Derived> std::vector<Tensor> RNNImplBase<Derived>::run(const utils::rnn::PackedSequence& input, std::vector<Tensor> states) {
  prepare_forward(*this);
  XGRAD_CHECK(input.data().dim() == 2, name_of(options_base), "input must have 2 dimensions, got shape ", input.data().sizes());
  check_features(options_base, input.data());
  XGRAD_CHECK(input.batch_sizes().numel() > 0, name_of(options_base), "Expected sequence length to be larger than 0 in RNN");
  const auto batch = input.batch_sizes()[0].template item<int64_t>();
  complete_states(options_base, input.data(), batch, states);
  for (Tensor& state : states) state = permuted(state, input.sorted_indices());
  std::vector<Tensor> results = compute(options_base, this->is_training(), flat_weights_, states, input.data(), input.batch_sizes());
  for (size_t i = 1; i < results.size(); ++i) results[i] = permuted(results[i], input.unsorted_indices());
  return results;
}

template <class Derived> std::tuple<Tensor, Tensor> OneStateImpl<Derived>::forward(const Tensor& input, Tensor hx) {
  const std::vector<Tensor> results = this->run(input, {hx});
  return {results[0], results[1]};
}

namespace {
utils::rnn::PackedSequence with_data(const utils::rnn::PackedSequence& sequence, const Tensor& data) {
  return utils::rnn::PackedSequence(data, sequence.batch_sizes(), sequence.sorted_indices(), sequence.unsorted_indices());
}
}  // namespace

template <class Derived>
std::tuple<utils::rnn::PackedSequence, Tensor> OneStateImpl<Derived>::forward_with_packed_input(const utils::rnn::PackedSequence& packed_input,
                                                                                                Tensor hx) {
  const std::vector<Tensor> results = this->run(packed_input, {hx});
  return {with_data(packed_input, results[0]), results[1]};
}

template class RNNImplBase<RNNImpl>;
template class RNNImplBase<GRUImpl>;
template class RNNImplBase<LSTMImpl>;
template class OneStateImpl<RNNImpl>;
template class OneStateImpl<GRUImpl>;

template <class Options> nn::detail::RNNOptionsBase base_of(const Options& o, RecurrentMode mode, int64_t proj_size = 0) {
  return nn::detail::RNNOptionsBase(mode, o.input_size(), o.hidden_size())
      .num_layers(o.num_layers())
      .bias(o.bias())
      .batch_first(o.batch_first())
      .bidirectional(o.bidirectional())
      .dropout(o.dropout())
      .proj_size(proj_size);
}
nn::detail::RNNOptionsBase base_of(const RNNOptions& o) {
  return base_of(o, std::holds_alternative<enumtype::kTanh>(o.nonlinearity()) ? kRNN_TANH : kRNN_RELU);
}

}  // namespace internal

RNNImpl::RNNImpl(const RNNOptions& options_) : OneStateImpl(internal::base_of(options_)), options(options_) {}
void RNNImpl::pretty_print(std::ostream& stream) const { print_layer(stream, "RNN", options); }

GRUImpl::GRUImpl(const GRUOptions& options_) : OneStateImpl(internal::base_of(options_, internal::RecurrentMode::kGRU)), options(options_) {}
void GRUImpl::pretty_print(std::ostream& stream) const { print_layer(stream, "GRU", options); }

LSTMImpl::LSTMImpl(const LSTMOptions& options_)
    : RNNImplBase(internal::base_of(options_, internal::RecurrentMode::kLSTM, options_.proj_size())), options(options_) {}
void LSTMImpl::pretty_print(std::ostream& stream) const { print_layer(stream, "LSTM", options); }

namespace {
std::vector<Tensor> both(const std::optional<LSTMImpl::States>& states) {
  return states ? std::vector<Tensor>{std::get<0>(*states), std::get<1>(*states)} : std::vector<Tensor>(2);
}
}  // namespace

std::tuple<Tensor, LSTMImpl::States> LSTMImpl::forward(const Tensor& input, std::optional<States> hx_opt) {
  const std::vector<Tensor> results = run(input, both(hx_opt));
  return {results[0], States(results[1], results[2])};
}
std::tuple<utils::rnn::PackedSequence, LSTMImpl::States> LSTMImpl::forward_with_packed_input(const utils::rnn::PackedSequence& packed_input,
                                                                                             std::optional<States> hx_opt) {
  const std::vector<Tensor> results = run(packed_input, both(hx_opt));
  return {internal::with_data(packed_input, results[0]), States(results[1], results[2])};
}

XGRAD_DEFINE_DEFAULT_ARGS(RNNImpl, 1, AnyValue(Tensor()))
XGRAD_DEFINE_DEFAULT_ARGS(GRUImpl, 1, AnyValue(Tensor()))
XGRAD_DEFINE_DEFAULT_ARGS(LSTMImpl, 1, AnyValue(std::optional<States>()))

}}}  // namespace torch::xgrad::nn
