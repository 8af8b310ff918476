// Recurrent layers over whole sequences: their options and modules. Single steps: recurrent_cell.h.
#pragma once

#include <optional>
#include <string>
#include <tuple>
#include <variant>
#include <vector>

#include <xgrad/io/fields.h>
#include <xgrad/nn/any_module.h>
#include <xgrad/nn/cloneable.h>
#include <xgrad/nn/enum.h>
#include <xgrad/nn/packed_sequence.h>
#include <xgrad/nn/reparametrisation.h>

namespace torch { inline namespace xgrad { namespace nn {

namespace internal {
enum class RecurrentMode { kRNN_TANH, kRNN_RELU, kLSTM, kGRU };
}  // namespace internal

namespace detail {

/// What the options of all recurrent layers have in common.
struct RNNOptionsBase {
  RNNOptionsBase(internal::RecurrentMode mode, int64_t input_size, int64_t hidden_size)
      : mode_(mode), input_size_(input_size), hidden_size_(hidden_size) {}
  XGRAD_ARG(internal::RecurrentMode, mode);
  XGRAD_ARG(int64_t, input_size);
  XGRAD_ARG(int64_t, hidden_size);
  XGRAD_ARG(int64_t, num_layers) = 1;
  XGRAD_ARG(bool, bias) = true;
  XGRAD_ARG(bool, batch_first) = false;
  XGRAD_ARG(double, dropout) = 0;
  XGRAD_ARG(bool, bidirectional) = false;
  XGRAD_ARG(int64_t, proj_size) = 0;
};

}  // namespace detail

// num_layers: each works on the states of the one before; dropout: with this probability elements between layers are dropped in training.
// batch_first: sequences are [batch, steps, features] instead of [steps, batch, features]. bidirectional: each layer runs backward in time
// too, with weights of its own, and gives both states side by side.
#define XGRAD_RECURRENT_FIELDS (bool, bias, true), (bool, batch_first, false), (double, dropout, 0.0), (bool, bidirectional, false)

struct RNNOptions {
  using nonlinearity_t = std::variant<enumtype::kTanh, enumtype::kReLU>;
  RNNOptions(int64_t input_size, int64_t hidden_size) : input_size_(input_size), hidden_size_(hidden_size) {}
  XGRAD_FIELDS((int64_t, input_size, ), (int64_t, hidden_size, ), (int64_t, num_layers, 1), (nonlinearity_t, nonlinearity, kTanh, never),
               XGRAD_RECURRENT_FIELDS)
};

/// proj_size: the state h is projected to that many elements; 0 for none.
struct LSTMOptions {
  LSTMOptions(int64_t input_size, int64_t hidden_size) : input_size_(input_size), hidden_size_(hidden_size) {}
  XGRAD_FIELDS((int64_t, input_size, ), (int64_t, hidden_size, ), (int64_t, num_layers, 1), XGRAD_RECURRENT_FIELDS, (int64_t, proj_size, 0, changed))
};

struct GRUOptions {
  GRUOptions(int64_t input_size, int64_t hidden_size) : input_size_(input_size), hidden_size_(hidden_size) {}
  XGRAD_FIELDS((int64_t, input_size, ), (int64_t, hidden_size, ), (int64_t, num_layers, 1), XGRAD_RECURRENT_FIELDS)
};
#undef XGRAD_RECURRENT_FIELDS

namespace internal {

/// Recurrent layers. Parameters of layer k: weight_ih_lk, weight_hh_lk, bias_ih_lk, bias_hh_lk, with a projection weight_hr_lk, and the same
/// again with "_reverse"; all uniform in +-1/sqrt(hidden_size) at first.
template <class Derived> class XGRAD_API RNNImplBase : public Cloneable<Derived> {
 public:
  explicit RNNImplBase(const detail::RNNOptionsBase& options_);

  detail::RNNOptionsBase options_base;

  void reset() override;
  /// Draws new initial values.
  void reset_parameters();
  /// Does nothing: the weights need not lie together.
  void flatten_parameters() {}
  /// In the order of the layers.
  std::vector<Tensor> all_weights() const { return flat_weights_; }
  /// The weight of that name, for weight_norm and its kind. Throws a ValueError if there is none.
  ParameterMember member(const std::string& name) const;

 protected:
  /// y and, for each initial state (undefined for zeros), the last one.
  std::vector<Tensor> run(const Tensor& input, std::vector<Tensor> states);
  std::vector<Tensor> run(const utils::rnn::PackedSequence& input, std::vector<Tensor> states);

  std::vector<Tensor> flat_weights_;
  std::vector<std::string> flat_names_;
};

/// A layer whose state is one tensor.
template <class Derived> class XGRAD_API OneStateImpl : public RNNImplBase<Derived> {
 public:
  using RNNImplBase<Derived>::RNNImplBase;

  /// input [steps, batch, input_size], or [batch, steps, input_size] with batch_first, or [steps, input_size] without a batch; hx
  /// [num_layers * directions, batch, hidden_size], zeros if it is undefined. Gives the last layer's states at all steps, [steps, batch,
  /// directions * hidden_size], and all layers' last states. Throws for other shapes.
  std::tuple<Tensor, Tensor> forward(const Tensor& input, Tensor hx = {});
  /// The same of packed sequences.
  std::tuple<utils::rnn::PackedSequence, Tensor> forward_with_packed_input(const utils::rnn::PackedSequence& packed_input, Tensor hx = {});
};

}  // namespace internal

/// h' = tanh or relu(W_ih x + b_ih + W_hh h + b_hh).
class XGRAD_API RNNImpl : public internal::OneStateImpl<RNNImpl> {
 public:
  RNNImpl(int64_t input_size, int64_t hidden_size) : RNNImpl(RNNOptions(input_size, hidden_size)) {}
  explicit RNNImpl(const RNNOptions& options_);
  void pretty_print(std::ostream& stream) const override;
  RNNOptions options;

  XGRAD_HAS_DEFAULT_ARGS;
};
TORCH_MODULE(RNN);

/// r, z = sigmoid(W_ih x + b_ih + W_hh h + b_hh); n = tanh(W_in x + b_in + r (W_hn h + b_hn)); h' = (1 - z) n + z h.
class XGRAD_API GRUImpl : public internal::OneStateImpl<GRUImpl> {
 public:
  GRUImpl(int64_t input_size, int64_t hidden_size) : GRUImpl(GRUOptions(input_size, hidden_size)) {}
  explicit GRUImpl(const GRUOptions& options_);
  void pretty_print(std::ostream& stream) const override;
  GRUOptions options;

  XGRAD_HAS_DEFAULT_ARGS;
};
TORCH_MODULE(GRU);

/// i, f, o = sigmoid, g = tanh (W_ih x + b_ih + W_hh h + b_hh); c' = f c + i g; h' = o tanh(c'), or W_hr times that.
class XGRAD_API LSTMImpl : public internal::RNNImplBase<LSTMImpl> {
 public:
  using States = std::tuple<Tensor, Tensor>;

  LSTMImpl(int64_t input_size, int64_t hidden_size) : LSTMImpl(LSTMOptions(input_size, hidden_size)) {}
  explicit LSTMImpl(const LSTMOptions& options_);
  void pretty_print(std::ostream& stream) const override;

  /// As of the others, with h [..., proj_size or hidden_size] and c [..., hidden_size].
  std::tuple<Tensor, States> forward(const Tensor& input, std::optional<States> hx_opt = {});
  std::tuple<utils::rnn::PackedSequence, States> forward_with_packed_input(const utils::rnn::PackedSequence& packed_input,
                                                                           std::optional<States> hx_opt = {});

  LSTMOptions options;

  XGRAD_HAS_DEFAULT_ARGS;
};
TORCH_MODULE(LSTM);

}}}  // namespace torch::xgrad::nn
