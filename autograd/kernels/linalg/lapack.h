// Factorizations of matrices in memory. Every matrix is column-major without gaps, is changed in place, and has float or
// double elements; no size exceeds an int.
#pragma once

#include <cstdint>

#include <xgrad/autograd/core/namespace.h>

namespace torch { inline namespace xgrad { namespace kernels {

/// Factors a (n x n) into P L U with partial pivoting: unit lower L and upper U in its place, row i exchanged with row
/// pivots[i] - 1. Returns 0, or k if the k-th diagonal element of U is the first that is exactly 0.
template <class T> int lu_factor(int64_t n, T* a, int* pivots);

/// Solves a x = b for b of n x columns, given a's factors. Where U is singular the result holds infinities and NaN.
template <class T> void lu_solve(int64_t n, int64_t columns, const T* factors, const int* pivots, T* b);

/// Replaces the lower triangle of a (n x n, symmetric, only that triangle read) by L with L L^T = a and zeros the rest.
/// Returns 0, or k if the leading k x k part is not positive definite.
template <class T> int cholesky_factor(int64_t n, T* a);

/// Householder factors of a (rows x columns): R in its upper triangle, zeros below; the first q_columns columns of Q
/// (rows x q_columns, at most rows) in q unless q is null.
template <class T> void qr_factor(int64_t rows, int64_t columns, int64_t q_columns, T* a, T* q);

/// a (rows x columns) = U diag(s) Vh with k = min(rows, columns) values in descending order; the values of a are spent. U is
/// rows x k, or rows x rows if `full`, and Vh k x columns, or columns x columns. Returns 0, a negative number if an element is
/// not finite, a positive one if the iteration did not converge.
template <class T> int singular_values(int64_t rows, int64_t columns, bool full, T* a, T* s, T* u, T* vh);

/// Where complete pivoting leads: brings a (n x n) by exchanges of rows and columns to a form whose leading k x k part is
/// well conditioned for every k up to the rank. rows[i] and columns[i] are the original positions, *sign is -1 if an odd number
/// of exchanges was needed, else 1. Pivots below n * epsilon times the largest one count as 0. The values of a are spent.
template <class T> void complete_pivoting(int64_t n, T* a, int64_t* rows, int64_t* columns, int64_t* rank, T* sign);

}}}  // namespace torch::xgrad::kernels
