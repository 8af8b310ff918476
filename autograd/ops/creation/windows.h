// Windows: weights that fade a stretch of a signal out towards both ends.
//
// A periodic window is the first window_length numbers of the symmetric one that is one longer. A window of one number is 1, and empty options
// mean the default dtype. Throws for a negative length and unless the dtype is floating.
#pragma once

#include <xgrad/autograd/tensor/tensor.h>

namespace torch { inline namespace xgrad {

/// In straight lines from 0 to 1 and back.
XGRAD_API Tensor bartlett_window(int64_t window_length, TensorOptions options = {});
XGRAD_API Tensor bartlett_window(int64_t window_length, bool periodic, TensorOptions options = {});
/// 0.42 - 0.5 cos(2 pi i / (N - 1)) + 0.08 cos(4 pi i / (N - 1)).
XGRAD_API Tensor blackman_window(int64_t window_length, TensorOptions options = {});
XGRAD_API Tensor blackman_window(int64_t window_length, bool periodic, TensorOptions options = {});
/// alpha - beta cos(2 pi i / (N - 1)).
XGRAD_API Tensor hamming_window(int64_t window_length, TensorOptions options = {});
XGRAD_API Tensor hamming_window(int64_t window_length, bool periodic, TensorOptions options = {});
XGRAD_API Tensor hamming_window(int64_t window_length, bool periodic, double alpha, TensorOptions options = {});
XGRAD_API Tensor hamming_window(int64_t window_length, bool periodic, double alpha, double beta, TensorOptions options = {});
/// The same with alpha = beta = 0.5.
XGRAD_API Tensor hann_window(int64_t window_length, TensorOptions options = {});
XGRAD_API Tensor hann_window(int64_t window_length, bool periodic, TensorOptions options = {});
/// I0(beta sqrt(1 - x^2)) / I0(beta) for x from -1 to 1, with the modified Bessel function I0; beta is 12 unless given.
XGRAD_API Tensor kaiser_window(int64_t window_length, TensorOptions options = {});
XGRAD_API Tensor kaiser_window(int64_t window_length, bool periodic, TensorOptions options = {});
XGRAD_API Tensor kaiser_window(int64_t window_length, bool periodic, double beta, TensorOptions options = {});

}}  // namespace torch::xgrad
