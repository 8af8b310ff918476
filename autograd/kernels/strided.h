// Elementwise loops over strided memory: one-dimensional loops, and the driver that walks the other axes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <type_traits>

#include <xgrad/autograd/core/dtype.h>
#include <xgrad/autograd/kernels/launch.h>
#include <xgrad/autograd/kernels/parallel.h>

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
    if (__builtin_expect(t == ScalarType::Float, 1)) return f32;
    switch (t) {
      case ScalarType::Double: return f64;
      case ScalarType::Long: return i64;
      case ScalarType::Int: return i32;
      case ScalarType::Byte: return u8;
      case ScalarType::Bool: return b;
      default: return nullptr;
    }
  }
};

/// What an operation passes to its loop: a plain struct of the caller's, or nothing.
struct Parameters {
  Parameters(std::nullptr_t = nullptr) {}
  template <class T> Parameters(const T* p) : data(p), bytes(sizeof(T)) { static_assert(std::is_trivially_copyable_v<T>); }
  const void* data = nullptr;
  int64_t bytes = 0;
};
void keep_argument(Parameters& parameters, Keep& keep);

/// Operands whose elements lie side by side, or are one number, as pointers[0] to pointers[operands - 1] of a loop.
struct OperandRows {
  int64_t n;  ///< elements
  int operands;
  uint32_t constants;  ///< bit k: operand k is numbers[k]
  char* pointers[kMaxOperands];
  int64_t steps[kMaxOperands];
  alignas(8) char numbers[kMaxOperands][8];
};
void keep_argument(OperandRows& rows, Keep& keep);

/// Where the elements of every operand lie, over one common shape. Row-major: the last axis is the innermost.
/// Invariants after simplify(): no axis of size 1 unless it is the only one; axes that are contiguous for all operands
/// are merged.
struct Iteration {
  int operands = 0;
  int axes = 0;
  int64_t sizes[kMaxAxes];
  char* pointers[kMaxOperands];
  int64_t strides[kMaxOperands][kMaxAxes];  ///< bytes
  uint32_t constants = 0;                   ///< bit k: operand k is a number of up to 8 bytes that the caller keeps
  int8_t bytes[kMaxOperands] = {};          ///< of an element; 0 where run() must leave the operand in its place

  /// Drops and merges axes, and puts those with the output's smallest strides innermost.
  void simplify();
  int64_t numel() const;
};

void keep_argument(Iteration& it, Keep& keep);

/// Runs `loop` over the whole iteration, on several threads when `cost_per_element` (nanoseconds, roughly) times the
/// elements is worth it. Each element is computed once by the same code, so threads don't change results.
void run(const Iteration& it, Loop loop, Parameters parameters, double cost_per_element);
/// The same of rows.
void run_on_threads(const OperandRows& rows, Loop loop, Parameters parameters, double cost_per_element);
inline void run_rows(const OperandRows& rows, Loop loop, Parameters parameters, double cost_per_element) {
  if (rows.n == 0) return;
  if (static_cast<double>(rows.n) * cost_per_element < least_shared_nanoseconds()) loop(rows.pointers, rows.steps, rows.n, parameters.data);
  else run_on_threads(rows, loop, parameters, cost_per_element);
}
/// The same, with the results added by `add` (a loop of operands sum, sum and term) to what was there.
void add_rows(const OperandRows& rows, Loop loop, Parameters parameters, double cost_per_element, Loop add, Parameters add_parameters);

/// Copies operand 1 to operand 0, which have elements of one size and don't overlap.
void copy(const Iteration& it);

/// run() on the calling thread, in row-major order after simplify().
void run_serial(const Iteration& it, Loop loop, const void* parameters);

}}}  // namespace torch::xgrad::kernels
