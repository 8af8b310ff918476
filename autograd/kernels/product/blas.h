// OpenBLAS, kept on the calling thread.
#pragma once

#include <cstdint>

#include <xgrad/autograd/core/namespace.h>

namespace torch { inline namespace xgrad { namespace kernels::blas {

/// A matrix as BLAS takes it: row-major with rows `ld` elements apart, or the transpose of such a matrix.
struct Layout {
  bool transposed;
  int64_t ld;
};

/// c = alpha * op(a) op(b) + beta * c; c is row-major with rows ldc apart. No size is 0, every ld fits an int.
/// A row or a column of c goes through gemv, which is faster for it.
template <class T>
void gemm(int64_t rows, int64_t columns, int64_t depth, T alpha, const T* a, Layout la, const T* b, Layout lb, T beta, T* c, int64_t ldc);

template <class T> T dot(int64_t n, const T* x, int64_t x_stride, const T* y, int64_t y_stride);

/// b = a^-1 b (left) or b a^-1, for a triangular a of which one triangle is read; b (rows x columns) and a are
/// row-major without gaps. unit: a's diagonal counts as 1. A zero on the diagonal gives infinities.
template <class T> void solve_triangular(bool left, bool upper, bool unit, int64_t rows, int64_t columns, const T* a, T* b);

/// What OpenBLAS calls the kernels it has chosen.
const char* core_name();

/// Sets OpenBLAS to one thread, once in the life of the process: its own threads change results and spin.
/// Every use of OpenBLAS or LAPACK comes after it.
void keep_single_threaded();

}}}  // namespace torch::xgrad::kernels::blas
