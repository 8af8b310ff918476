// New tensors whose options are given one by one: torch::zeros({2, 3}, torch::kFloat, torch::kStrided, torch::kCPU, false), as at::zeros has it.
// Not a header of libtorch.
#pragma once

#include <torch/functions_outf.h>
#include <xgrad/autograd/ops/ops.h>

namespace torch { inline namespace xgrad {
#define XGRAD_OR(...)
#define XGRAD_OPTIONS_NONE(...)
#define XGRAD_OPTIONS_FACTORY(name, parameters, arguments)                                 \
  inline Tensor name(XGRAD_UNPACK parameters, XGRAD_OPTIONS_ONE_BY_ONE) {                  \
    return name(XGRAD_UNPACK arguments, TensorOptions(dtype, layout, device, pin_memory)); \
  }
#define XGRAD_OPTIONS_LIKE(name, parameters, arguments)                                                       \
  inline Tensor name(XGRAD_UNPACK parameters, XGRAD_OPTIONS_ONE_BY_ONE, std::optional<MemoryFormat> format) { \
    return name(XGRAD_UNPACK arguments, TensorOptions(dtype, layout, device, pin_memory), format);            \
  }
XGRAD_EACH_RESULT_OUT(XGRAD_OPTIONS_NONE, XGRAD_OPTIONS_NONE, XGRAD_OPTIONS_NONE, XGRAD_OPTIONS_FACTORY, XGRAD_OPTIONS_FACTORY)
XGRAD_OPTIONS_FACTORY(arange, (const Scalar& start, const Scalar& end), (start, end))
XGRAD_OPTIONS_FACTORY(scalar_tensor, (const Scalar& s), (s))
XGRAD_OPTIONS_FACTORY(empty_strided, (IntArrayRef size, IntArrayRef stride), (size, stride))
XGRAD_OPTIONS_FACTORY(bartlett_window, (int64_t window_length), (window_length))
XGRAD_OPTIONS_FACTORY(bartlett_window, (int64_t window_length, bool periodic), (window_length, periodic))
XGRAD_OPTIONS_FACTORY(blackman_window, (int64_t window_length), (window_length))
XGRAD_OPTIONS_FACTORY(blackman_window, (int64_t window_length, bool periodic), (window_length, periodic))
XGRAD_OPTIONS_FACTORY(hann_window, (int64_t window_length), (window_length))
XGRAD_OPTIONS_FACTORY(hann_window, (int64_t window_length, bool periodic), (window_length, periodic))
XGRAD_OPTIONS_FACTORY(hamming_window, (int64_t window_length), (window_length))
XGRAD_OPTIONS_FACTORY(hamming_window, (int64_t window_length, bool periodic), (window_length, periodic))
XGRAD_OPTIONS_FACTORY(hamming_window, (int64_t window_length, bool periodic, double alpha), (window_length, periodic, alpha))
XGRAD_OPTIONS_FACTORY(hamming_window, (int64_t window_length, bool periodic, double alpha, double beta), (window_length, periodic, alpha, beta))
XGRAD_OPTIONS_FACTORY(kaiser_window, (int64_t window_length), (window_length))
XGRAD_OPTIONS_FACTORY(kaiser_window, (int64_t window_length, bool periodic), (window_length, periodic))
XGRAD_OPTIONS_FACTORY(kaiser_window, (int64_t window_length, bool periodic, double beta), (window_length, periodic, beta))
XGRAD_OPTIONS_FACTORY(from_file, (std::string_view filename, std::optional<bool> shared, std::optional<int64_t> size), (filename, shared, size))
XGRAD_OPTIONS_LIKE(empty, (IntArrayRef size), (size))
XGRAD_OPTIONS_LIKE(empty_like, (const Tensor& self), (self))
XGRAD_OPTIONS_LIKE(full_like, (const Tensor& self, const Scalar& fill_value), (self, fill_value))
XGRAD_OPTIONS_LIKE(ones_like, (const Tensor& self), (self))
XGRAD_OPTIONS_LIKE(rand_like, (const Tensor& self), (self))
XGRAD_OPTIONS_LIKE(randint_like, (const Tensor& self, int64_t high), (self, high))
XGRAD_OPTIONS_LIKE(randint_like, (const Tensor& self, int64_t low, int64_t high), (self, low, high))
XGRAD_OPTIONS_LIKE(randn_like, (const Tensor& self), (self))
XGRAD_OPTIONS_LIKE(zeros_like, (const Tensor& self), (self))
#undef XGRAD_OR
#undef XGRAD_OPTIONS_NONE
#undef XGRAD_OPTIONS_FACTORY
#undef XGRAD_OPTIONS_LIKE
}}  // namespace torch::xgrad
