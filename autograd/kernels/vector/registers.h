// What loops with their own vector code share, written once for all instruction sets.
//
// A file that includes this defines XGRAD_TARGET, the attribute of functions compiled for its instruction set, and passes
// a type V with
//   T, kLanes, R            the element, how many of them a register has, the register
//   Mask, mask(n)           the first n lanes, 1 <= n <= kLanes
//   zero, load, store, broadcast, add, fused (a * b + c); of floats subtract
//   low(x, y), high(x, y)   x0 y0 x1 y1 ... of the lower, of the upper halves
//   even(x, y)              x0 x2 ... y0 y2 ...
//   transpose(x)            exchanges rows and columns of kLanes registers, if that takes less than low and high
//   kRows, kVectors         the largest tile: kRows rows of kVectors registers
//   kRowVectors             registers of a tile with one row
// Nothing of the standard library is included here: its inline functions would be compiled for the instruction set and
// then be shared with files that run everywhere.
#pragma once

#include <cstdint>

#include <xgrad/autograd/core/namespace.h>
#include <xgrad/autograd/kernels/hidden_access.h>

#define XGRAD_UNROLLED _Pragma("GCC unroll 16")
#define XGRAD_INLINED XGRAD_TARGET inline __attribute__((always_inline))

namespace torch { inline namespace xgrad { namespace kernels { namespace {

// Says that x is used so often that it is to be read once: GCC reads it again for every multiply-add that can take it from memory.
#if defined(__x86_64__)
#define XGRAD_READ_ONCE(x) asm("" : "+v"(x))
#elif defined(__aarch64__)
#define XGRAD_READ_ONCE(x) asm("" : "+w"(x))
#else
#define XGRAD_READ_ONCE(x)
#endif

inline int64_t smaller(int64_t a, int64_t b) { return a < b ? a : b; }

// Exchanges rows and columns of kLanes registers: as often as kLanes has bits, the upper half is mixed into the lower.
template <class V, int kRound = 1> XGRAD_INLINED void transpose(typename V::R (&x)[V::kLanes]) {
  if constexpr (kRound == 1 && requires { V::transpose(x); }) {
    V::transpose(x);
  } else if constexpr (kRound < V::kLanes) {
    typename V::R y[V::kLanes];
    XGRAD_UNROLLED for (int i = 0; i < V::kLanes / 2; ++i) {
      y[2 * i] = V::low(x[i], x[i + V::kLanes / 2]);
      y[2 * i + 1] = V::high(x[i], x[i + V::kLanes / 2]);
    }
    transpose<V, 2 * kRound>(y);
    XGRAD_UNROLLED for (int i = 0; i < V::kLanes; ++i) x[i] = y[i];
  }
}

// Lane l of the result, and lanes l + n, l + 2n ... after it, add up to the sum of register l.
template <class V, int n> XGRAD_INLINED typename V::R lane_sums(const typename V::R (&x)[n]) {
  if constexpr (n == 1) {
    return x[0];
  } else {
    typename V::R y[n / 2];
    XGRAD_UNROLLED for (int i = 0; i < n / 2; ++i) y[i] = V::add(V::low(x[i], x[i + n / 2]), V::high(x[i], x[i + n / 2]));
    return lane_sums<V, n / 2>(y);
  }
}

// to[k][j] = b[j][k] for a register's width of columns, of which `columns` exist.
template <class V>
XGRAD_TARGET void copy_transposed(int64_t depth, int64_t columns, const typename V::T* b, int64_t b_column, typename V::T* to, int64_t to_row) {
  int64_t k = 0;
  for (; columns == V::kLanes && depth - k >= V::kLanes; k += V::kLanes) {
    typename V::R x[V::kLanes];
    XGRAD_UNROLLED for (int i = 0; i < V::kLanes; ++i) x[i] = V::load(b + i * b_column + k);
    transpose<V>(x);
    XGRAD_UNROLLED for (int i = 0; i < V::kLanes; ++i) V::store(to + (k + i) * to_row, x[i]);
  }
  for (; k < depth; k += V::kLanes) {
    const int64_t n = smaller(V::kLanes, depth - k);
    const auto mask = V::mask(n);
    typename V::R x[V::kLanes];
    XGRAD_UNROLLED for (int i = 0; i < V::kLanes; ++i) x[i] = i < columns ? V::load(b + i * b_column + k, mask) : V::zero();
    transpose<V>(x);
    XGRAD_UNROLLED for (int i = 0; i < V::kLanes; ++i) if (i < n) V::store(to + (k + i) * to_row, x[i]);
  }
}

}}}}  // namespace torch::xgrad::kernels
