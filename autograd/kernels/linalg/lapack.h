// Factorizations of matrices in memory. Every matrix is column-major without gaps, is changed in place, and has float or
// double elements; no size exceeds an int.
#pragma once

#include <cstdint>

#include <xgrad/autograd/core/namespace.h>

namespace torch { inline namespace xgrad { namespace kernels {

/// Factors a (rows x columns) into P L U with partial pivoting: unit lower L and upper U in its place, row i exchanged with row
/// pivots[i] - 1, for as many pivots as the smaller size. Returns 0, or k if the k-th diagonal element of U is the first that is exactly 0.
template <class T> int lu_factor(int64_t rows, int64_t columns, T* a, int* pivots);

/// Solves a x = b, or a^T x = b, for b of n x columns, given a's factors. Where U is singular the result holds infinities and NaN.
template <class T> void lu_solve(int64_t n, int64_t columns, bool transposed, const T* factors, const int* pivots, T* b);

/// The P of these factors: p (rows x rows, row-major) of zeros and ones, for `count` pivots, each at least 1 and at most `rows`.
template <class T> void permutation_matrix(int64_t rows, int64_t count, const int* pivots, T* p);

/// Factors a (n x n, symmetric, only the lower triangle read) into L D L^T by Bunch and Kaufman's pivoting, as sytrf describes; zeros the
/// rest. Returns 0, or k if the k-th diagonal element of D is the first that is exactly 0. And solves a x = b by the factors.
template <class T> int ldl_factor(int64_t n, T* a, int* pivots);
template <class T> void ldl_solve(int64_t n, int64_t columns, const T* factors, const int* pivots, T* b);

/// Replaces the lower triangle of a (n x n, symmetric, only that triangle read) by L with L L^T = a and zeros the rest.
/// Returns 0, or k if the leading k x k part is not positive definite.
template <class T> int cholesky_factor(int64_t n, T* a);

/// Replaces L (n x n, lower triangular) by the inverse of L L^T. Returns 0, or k if the k-th diagonal element is the first that is 0.
template <class T> int cholesky_inverse(int64_t n, T* a);

/// Householder factors of a (rows x columns): R in its upper triangle, zeros below; the first q_columns columns of Q
/// (rows x q_columns, at most rows) in q unless q is null.
template <class T> void qr_factor(int64_t rows, int64_t columns, int64_t q_columns, T* a, T* q);

/// R on and above the diagonal of a (rows x columns), below it the vectors of the reflections 1 - tau v v^T whose product is Q.
template <class T> void qr_reflections(int64_t rows, int64_t columns, T* a, T* tau);
/// Replaces a (rows x columns, at most rows) by the first columns of the product of the `count` reflections in its first columns.
template <class T> void multiply_reflections(int64_t rows, int64_t columns, int64_t count, T* a, const T* tau);
/// Replaces c (rows x columns) by Q c or c Q (left or not), or by the same with Q^T, for the product Q of `count` reflections of a.
template <class T> void apply_reflections(bool left, bool transposed, int64_t rows, int64_t columns, int64_t count, T* a, const T* tau, T* c);

/// a (rows x columns) = U diag(s) Vh with k = min(rows, columns) values in descending order; the values of a are spent. U is
/// rows x k, or rows x rows if `full`, and Vh k x columns, or columns x columns. Returns 0, a negative number if an element is
/// not finite, a positive one if the iteration did not converge.
template <class T> int singular_values(int64_t rows, int64_t columns, bool full, T* a, T* s, T* u, T* vh);

/// The eigenvalues of a (n x n, symmetric, one triangle read) in ascending order; a becomes the eigenvectors. All NaN if an element read
/// is not finite. Returns a positive number if the iteration did not converge.
template <class T> int symmetric_eigenvalues(int64_t n, bool lower, T* a, T* values);

/// The real and imaginary parts of the eigenvalues of a (n x n), which is spent, and eigenvectors as geev lays them out. Returns as
/// singular_values().
template <class T> int eigenvalues(int64_t n, T* a, T* real, T* imaginary, T* vectors);

/// LAPACK's drivers for least squares. gels takes full rank for granted, the last two compute singular values.
enum class LeastSquares { kGels, kGelsy, kGelsd, kGelss };
/// Replaces the first rows of b (max(rows, columns) x right_sides) by the x that makes |a x - b| least; a (rows x columns) is spent. Values
/// below rcond times the largest count as 0. Returns 0, or a positive number if the iteration did not converge or gels met a zero.
template <class T>
int least_squares(LeastSquares driver, int64_t rows, int64_t columns, int64_t right_sides, T* a, T* b, T rcond, int64_t* rank, T* singular_values);

/// Where complete pivoting leads: brings a (n x n) by exchanges of rows and columns to a form whose leading k x k part is
/// well conditioned for every k up to the rank. rows[i] and columns[i] are the original positions, *sign is -1 if an odd number
/// of exchanges was needed, else 1. Pivots below n * epsilon times the largest one count as 0. The values of a are spent.
template <class T> void complete_pivoting(int64_t n, T* a, int64_t* rows, int64_t* columns, int64_t* rank, T* sign);

}}}  // namespace torch::xgrad::kernels
