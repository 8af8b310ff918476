// Loops on the library's threads: at::parallel_for, at::parallel_reduce.
#pragma once

#include <cstdint>
#include <string>

#include <c10/util/Exception.h>
#include <xgrad/autograd/core/threads.h>

namespace torch { inline namespace xgrad {

inline int64_t divup(int64_t x, int64_t y) { return (x + y - 1) / y; }
/// The threads are there when they are needed.
inline void init_num_threads() {}

/// Operations don't run beside each other on threads of their own.
inline int get_num_interop_threads() { return 1; }
inline void set_num_interop_threads(int n) { TORCH_CHECK_VALUE(n >= 1, "[set_num_interop_threads] expected a positive number of threads, got ", n); }
inline std::string get_parallel_info() { return str("xgrad threads : ", get_num_threads(), '\n'); }

}}  // namespace torch::xgrad
