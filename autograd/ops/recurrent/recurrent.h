// Recurrent networks: all layers and directions over all time steps, and single steps.
//
// Weights come as PyTorch lays them out, for each layer and in it for each direction: w_ih [gates, input], w_hh [gates, state], with
// has_biases b_ih and b_hh [gates] and, where an LSTM projects its state (its initial states differ in size), w_hr [state, hidden]. gates is
// hidden, 4 hidden (i, f, g, o) for an LSTM, 3 hidden (r, z, n) for a GRU.
#pragma once

#include <optional>
#include <tuple>

#include <xgrad/autograd/tensor/tensor.h>

namespace torch { inline namespace xgrad {

/// input [steps, batch, features], with batch_first [batch, steps, features]; hx: h and c [layers * directions, batch, state or hidden].
/// Returns the last layer's states at all steps, both directions side by side, and all layers' last h and c. With `train`, elements
/// between layers are dropped with probability `dropout`.
///
///   i, f, o = sigmoid, g = tanh (W_ih x + b_ih + W_hh h + b_hh);  c' = f c + i g;  h' = o tanh(c')
///
/// Throws for shapes and dtypes that don't fit.
XGRAD_API std::tuple<Tensor, Tensor, Tensor> lstm(const Tensor& input, TensorList hx, TensorList params, bool has_biases, int64_t num_layers,
                                                  double dropout, bool train, bool bidirectional, bool batch_first);
/// The same of packed sequences: data [rows, features], batch_sizes [steps] (nn::utils::rnn::PackedSequence).
XGRAD_API std::tuple<Tensor, Tensor, Tensor> lstm(const Tensor& data, const Tensor& batch_sizes, TensorList hx, TensorList params, bool has_biases,
                                                  int64_t num_layers, double dropout, bool train, bool bidirectional);

/// The same with hx, h [layers * directions, batch, hidden], and
///
///   r, z = sigmoid(W_ih x + b_ih + W_hh h + b_hh);  n = tanh(W_in x + b_in + r (W_hn h + b_hn));  h' = (1 - z) n + z h
XGRAD_API std::tuple<Tensor, Tensor> gru(const Tensor& input, const Tensor& hx, TensorList params, bool has_biases, int64_t num_layers,
                                         double dropout, bool train, bool bidirectional, bool batch_first);
XGRAD_API std::tuple<Tensor, Tensor> gru(const Tensor& data, const Tensor& batch_sizes, const Tensor& hx, TensorList params, bool has_biases,
                                         int64_t num_layers, double dropout, bool train, bool bidirectional);

/// The same with h' = tanh(W_ih x + b_ih + W_hh h + b_hh).
XGRAD_API std::tuple<Tensor, Tensor> rnn_tanh(const Tensor& input, const Tensor& hx, TensorList params, bool has_biases, int64_t num_layers,
                                              double dropout, bool train, bool bidirectional, bool batch_first);
XGRAD_API std::tuple<Tensor, Tensor> rnn_tanh(const Tensor& data, const Tensor& batch_sizes, const Tensor& hx, TensorList params, bool has_biases,
                                              int64_t num_layers, double dropout, bool train, bool bidirectional);
/// The same with relu.
XGRAD_API std::tuple<Tensor, Tensor> rnn_relu(const Tensor& input, const Tensor& hx, TensorList params, bool has_biases, int64_t num_layers,
                                              double dropout, bool train, bool bidirectional, bool batch_first);
XGRAD_API std::tuple<Tensor, Tensor> rnn_relu(const Tensor& data, const Tensor& batch_sizes, const Tensor& hx, TensorList params, bool has_biases,
                                              int64_t num_layers, double dropout, bool train, bool bidirectional);

/// One step: input [batch, features], hx: h and c [batch, hidden]; gives h' and c'.
XGRAD_API std::tuple<Tensor, Tensor> lstm_cell(const Tensor& input, TensorList hx, const Tensor& w_ih, const Tensor& w_hh,
                                               const std::optional<Tensor>& b_ih = {}, const std::optional<Tensor>& b_hh = {});
XGRAD_API Tensor gru_cell(const Tensor& input, const Tensor& hx, const Tensor& w_ih, const Tensor& w_hh, const std::optional<Tensor>& b_ih = {},
                          const std::optional<Tensor>& b_hh = {});
XGRAD_API Tensor rnn_tanh_cell(const Tensor& input, const Tensor& hx, const Tensor& w_ih, const Tensor& w_hh, const std::optional<Tensor>& b_ih = {},
                               const std::optional<Tensor>& b_hh = {});
XGRAD_API Tensor rnn_relu_cell(const Tensor& input, const Tensor& hx, const Tensor& w_ih, const Tensor& w_hh, const std::optional<Tensor>& b_ih = {},
                               const std::optional<Tensor>& b_hh = {});

/// The rows of padded sequences packed: step after step, those of the sequences that are longer. input [steps, batch, ...], with
/// batch_first [batch, steps, ...]; lengths [batch], none longer than the one before. Gives the rows and the number at each step.
XGRAD_API std::tuple<Tensor, Tensor> _pack_padded_sequence(const Tensor& input, const Tensor& lengths, bool batch_first);
/// The way back: [steps, batch, ...], at least `total_length` steps, filled up with `padding_value`; and the lengths.
XGRAD_API std::tuple<Tensor, Tensor> _pad_packed_sequence(const Tensor& data, const Tensor& batch_sizes, bool batch_first,
                                                          const Scalar& padding_value, int64_t total_length);
/// Sequences [length, ...] of any lengths side by side: [longest, sequences, ...], with batch_first [sequences, longest, ...].
XGRAD_API Tensor pad_sequence(TensorList sequences, bool batch_first = false, double padding_value = 0);

}}  // namespace torch::xgrad
