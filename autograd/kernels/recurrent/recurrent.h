// One layer of a recurrent network in one direction: all its time steps, and the way back.
#pragma once

#include <cstdint>

#include <xgrad/autograd/core/dtype.h>

namespace torch { inline namespace xgrad { namespace kernels {

enum class RecurrentCell : int { kTanh, kRelu, kLstm, kGru };
/// i, f, g, o of an LSTM; r, z, n of a GRU.
constexpr int64_t gates_of(RecurrentCell cell) { return cell == RecurrentCell::kLstm ? 4 : cell == RecurrentCell::kGru ? 3 : 1; }

/// Sequences are packed as time_steps.h says. All matrices are row-major.
struct RecurrentShape {
  RecurrentCell cell;
  bool reverse;
  int64_t steps, rows, batch;     ///< rows: the lengths of all `batch` sequences together
  int64_t input, hidden, output;  ///< output: size of the state h, `hidden` unless an LSTM projects it

  bool is_lstm() const { return cell == RecurrentCell::kLstm; }
  bool is_gru() const { return cell == RecurrentCell::kGru; }
  bool projects() const { return is_lstm() && output != hidden; }
  /// Rows of the weights, those of one gate after the other.
  int64_t gates() const { return gates_of(cell) * hidden; }
  /// What is kept of the gates for each row: i, f, g, o; r, z, W_hn h + b_hn, n. The others are known by y.
  int64_t kept() const { return is_lstm() || is_gru() ? 4 * hidden : 0; }
};

/// Biases may be null.
struct RecurrentInputs {
  const int64_t* batch_sizes;         ///< [steps], none grows, the last at least 1
  const void* x;                      ///< [rows, input]
  const void *h0, *c0;                ///< [batch, output]; [batch, hidden] of an LSTM
  const void *weight_ih, *weight_hh;  ///< [gates, input], [gates, output]
  const void *bias_ih, *bias_hh;      ///< [gates]
  const void* weight_hr;              ///< [output, hidden] if it projects
};

/// What the layer computes, and what its derivative needs.
struct RecurrentValues {
  void* y;            ///< [rows, output]: h after every step
  void *h, *c;        ///< [batch, output], [batch, hidden]: each sequence's last
  void* kept;         ///< [rows, kept()]
  void* cells;        ///< [rows, hidden] of an LSTM: c after every step
  void* unprojected;  ///< [rows, hidden] if it projects
};

/// Of an LSTM: c = f c_before + i g, h = o tanh(c), with i, f, o sigmoids and g the tanh of W_ih x + b_ih + W_hh h_before + b_hh.
/// Of a GRU: h = n + z (h_before - n), with n = tanh(W_in x + b_in + r (W_hn h_before + b_hn)), r and z sigmoids.
/// Else: h = tanh or relu(W_ih x + b_ih + W_hh h_before + b_hh).
void recurrent_forward(ScalarType dtype, const RecurrentShape& shape, const RecurrentInputs& in, const RecurrentValues& out);

/// The way back. What is null among gy, gh and gc stands for zeros, what is null of the others is not wanted.
struct RecurrentSlopes {
  const void *gy, *gh, *gc;
  void *by_input, *by_hidden;  ///< [rows, gates]: gradients of W_ih x + b_ih and of W_hh h_before + b_hh; the same but for a GRU
  void* before;                ///< [rows, output]: h_before of every row
  void* projected;             ///< [rows, output]: the gradients of h, if it projects
  void *gh0, *gc0;             ///< [batch, output], [batch, hidden]; always wanted, gc0 of an LSTM
};
void recurrent_backward(ScalarType dtype, const RecurrentShape& shape, const RecurrentInputs& in, const RecurrentValues& values,
                        const RecurrentSlopes& slopes);

}}}  // namespace torch::xgrad::kernels
