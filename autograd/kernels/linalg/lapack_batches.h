// What lapack.h does to a matrix, of `count` matrices: each lies behind the one before without gaps, in all operands. On several
// threads if that pays. info[i] is what lapack.h's function returns of matrix i. T: float or double.
#pragma once

#include <cstdint>

#include <xgrad/autograd/kernels/linalg/lapack.h>

namespace torch { inline namespace xgrad { namespace kernels {

/// Replaces b (n x columns) by the x of a x = b; a (n x n) is spent.
template <class T> void solve_each(int64_t count, int64_t n, int64_t columns, T* a, T* b, int* info);

template <class T> void lu_factor_each(int64_t count, int64_t rows, int64_t columns, T* a, int* pivots, int* info);
template <class T> void lu_solve_each(int64_t count, int64_t n, int64_t columns, bool transposed, const T* factors, const int* pivots, T* b);
template <class T> void permutation_matrix_of_each(int64_t count, int64_t rows, int64_t pivots_each, const int* pivots, T* p);

template <class T> void ldl_factor_each(int64_t count, int64_t n, T* a, int* pivots, int* info);
template <class T> void ldl_solve_each(int64_t count, int64_t n, int64_t columns, const T* factors, const int* pivots, T* b);

/// The determinants of a (n x n), which is spent.
template <class T> void determinant_of_each(int64_t count, int64_t n, T* a, T* determinants);
/// Their signs, 0 for that of a zero, and the logarithms of their absolute values.
template <class T> void log_determinant_of_each(int64_t count, int64_t n, T* a, T* signs, T* logs);

template <class T> void cholesky_factor_each(int64_t count, int64_t n, T* a, int* info);

template <class T> void cholesky_inverse_each(int64_t count, int64_t n, T* a, int* info);

template <class T> void qr_factor_each(int64_t count, int64_t rows, int64_t columns, int64_t q_columns, T* a, T* q);

template <class T> void qr_reflections_each(int64_t count, int64_t rows, int64_t columns, T* a, T* tau);
template <class T> void multiply_reflections_each(int64_t count, int64_t rows, int64_t columns, int64_t reflections, T* a, const T* tau);
/// a has a_columns, of which the first hold the reflections.
template <class T>
void apply_reflections_each(int64_t count, bool left, bool transposed, int64_t rows, int64_t columns, int64_t a_columns, int64_t reflections, T* a,
                            const T* tau, T* c);

template <class T> void symmetric_eigenvalues_of_each(int64_t count, int64_t n, bool lower, T* a, T* values, int* info);
/// info[i] is a negative number where an element is not finite and -2 where an eigenvalue is not real.
template <class T> void eigenvalues_of_each(int64_t count, int64_t n, T* a, T* values, T* vectors, int* info);

/// singular_values may be null unless the driver computes them.
template <class T>
void least_squares_each(int64_t count, LeastSquares driver, int64_t rows, int64_t columns, int64_t right_sides, T* a, T* b, T rcond, int64_t* ranks,
                        T* singular_values, int* info);

/// y = e^a; both row-major.
template <class T> void exponential_of_each(int64_t count, int64_t n, const T* a, T* y);

template <class T> void singular_values_of_each(int64_t count, int64_t rows, int64_t columns, bool full, T* a, T* s, T* u, T* vh, int* info);

/// blas::solve_triangular, whose matrices are row-major.
template <class T> void solve_triangular_each(int64_t count, bool left, bool upper, bool unit, int64_t rows, int64_t columns, const T* a, T* b);

}}}  // namespace torch::xgrad::kernels
