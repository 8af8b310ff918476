// Elementwise loops over strided memory: one-dimensional loops, and the driver that walks the other axes.
#pragma once

#include <cstdint>

#include <xgrad/autograd/core/dtype.h>

namespace torch { inline namespace xgrad { namespace kernels {

constexpr int kMaxOperands = 5;
constexpr int kMaxAxes = 64;

/// Computes n elements. pointers[0] is the output, the rest inputs; strides are in bytes, one per operand; `parameters`
/// is what the operation passes to its loop. All operands may be strided, an input's stride may be 0.
using Loop = void (*)(char* const* pointers, const int64_t* strides, int64_t n, const void* parameters);

/// One loop per dtype it computes in; null where the operation is not defined.
struct LoopTable {
  Loop f32 = nullptr, f64 = nullptr, i64 = nullptr, i32 = nullptr, u8 = nullptr, b = nullptr;
  double cost = 1.0;  ///< nanoseconds per element, roughly: decides about threads

  Loop of(ScalarType t) const {
    switch (t) {
      case ScalarType::Float: return f32;
      case ScalarType::Double: return f64;
      case ScalarType::Long: return i64;
      case ScalarType::Int: return i32;
      case ScalarType::Byte: return u8;
      case ScalarType::Bool: return b;
      default: return nullptr;
    }
  }
};

/// Where the elements of every operand lie, over one common shape. Row-major: the last axis is the innermost.
/// Invariants after simplify(): no axis of size 1 unless it is the only one; axes that are contiguous for all operands
/// are merged.
struct Iteration {
  int operands = 0;
  int axes = 0;
  int64_t sizes[kMaxAxes];
  char* pointers[kMaxOperands];
  int64_t strides[kMaxOperands][kMaxAxes];  ///< bytes
  int8_t bytes[kMaxOperands] = {};          ///< of an element; 0 where run() must leave the operand in its place

  /// Drops and merges axes, and puts those with the output's smallest strides innermost.
  void simplify();
  int64_t numel() const;
};

/// Runs `loop` over the whole iteration, on several threads when `cost_per_element` (nanoseconds, roughly) times the
/// elements is worth it. Each element is computed once by the same code, so threads don't change results.
void run(const Iteration& it, Loop loop, const void* parameters, double cost_per_element = 1.0);

/// Copies operand 1 to operand 0, which have elements of one size and don't overlap.
void copy(const Iteration& it);

/// run() on the calling thread, in row-major order after simplify().
void run_serial(const Iteration& it, Loop loop, const void* parameters);

}}}  // namespace torch::xgrad::kernels
