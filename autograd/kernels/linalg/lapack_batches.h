// What lapack.h does to a matrix, of `count` matrices: each lies behind the one before without gaps, in all operands. On several
// threads if that pays. info[i] is what lapack.h's function returns of matrix i. T: float or double.
#pragma once

#include <cstdint>

#include <xgrad/autograd/core/namespace.h>

namespace torch { inline namespace xgrad { namespace kernels {

/// Replaces b (n x columns) by the x of a x = b; a (n x n) is spent.
template <class T> void solve_each(int64_t count, int64_t n, int64_t columns, T* a, T* b, int* info);

/// The determinants of a (n x n), which is spent.
template <class T> void determinant_of_each(int64_t count, int64_t n, T* a, T* determinants);
/// Their signs, 0 for that of a zero, and the logarithms of their absolute values.
template <class T> void log_determinant_of_each(int64_t count, int64_t n, T* a, T* signs, T* logs);

template <class T> void cholesky_factor_each(int64_t count, int64_t n, T* a, int* info);

template <class T> void qr_factor_each(int64_t count, int64_t rows, int64_t columns, int64_t q_columns, T* a, T* q);

template <class T> void singular_values_of_each(int64_t count, int64_t rows, int64_t columns, bool full, T* a, T* s, T* u, T* vh, int* info);

/// blas::solve_triangular, whose matrices are row-major.
template <class T> void solve_triangular_each(int64_t count, bool left, bool upper, bool unit, int64_t rows, int64_t columns, const T* a, T* b);

}}}  // namespace torch::xgrad::kernels
