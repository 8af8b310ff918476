// What recurrent cells do elementwise, on rows that lie one after the other, for float and double.
#pragma once

#include <cstdint>

#include <xgrad/autograd/kernels/recurrent/recurrent.h>

namespace torch { inline namespace xgrad { namespace kernels {

/// h = tanh(h) or relu(h).
template <class T> void activate(RecurrentCell cell, int64_t n, T* h);
/// slopes = dh times the derivative, by h itself.
template <class T> void activation_slopes(RecurrentCell cell, int64_t n, const T* h, const T* dh, T* slopes);

/// gates, rows of i, f, g, o before and after their sigmoid or tanh; c and h from them.
template <class T> void lstm_gates(int64_t rows, int64_t hidden, T* gates, const T* c_before, T* c, T* h);
/// The gradients of what the gates were made of, for those of h and c; dc becomes that of c_before.
template <class T> void lstm_slopes(int64_t rows, int64_t hidden, const T* gates, const T* c_before, const T* c, const T* dh, T* dc, T* slopes);

/// gates, rows of r, z, W_hn h + b_hn, n, before and after their sigmoid or tanh; h from them.
template <class T> void gru_gates(int64_t rows, int64_t hidden, T* gates, const T* h_before, T* h);
/// The gradients of r, z and n by input and by state, rows of 3 hidden; dh becomes the part of h_before's that passes no weight.
template <class T> void gru_slopes(int64_t rows, int64_t hidden, const T* gates, const T* h_before, T* dh, T* by_input, T* by_hidden);

/// y += x.
template <class T> void add_elements(int64_t n, const T* x, T* y);

}}}  // namespace torch::xgrad::kernels
