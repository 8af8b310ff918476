// Linear algebra through LAPACK.
//
// Matrices are the last two axes; axes in front are batches. Elements are floating, others are refused. A matrix
// that cannot be factored is refused with its position in the batch.
#pragma once

#include <string_view>

#include <xgrad/autograd/tensor/tensor.h>

namespace torch { inline namespace xgrad {

/// A function with its parameters, the arguments they make, and what it returns, under both of its names: linalg_inv and linalg::inv.
#define XGRAD_LINALG(name, parameters, arguments, ...)                   \
  XGRAD_API __VA_ARGS__ linalg_##name parameters;                        \
  namespace linalg {                                                     \
  inline __VA_ARGS__ name parameters { return linalg_##name arguments; } \
  }

// ---- systems of equations

/// The inverse of each square matrix. Throws "the input matrix is singular" when LU meets a zero pivot.
XGRAD_LINALG(inv, (const Tensor& A), (A), Tensor)
/// The same, and for each matrix 0 or the position of its first zero pivot, as int32. Singular matrices give infinities and
/// NaN unless `check_errors`.
XGRAD_LINALG(inv_ex, (const Tensor& A, bool check_errors = false), (A, check_errors), std::tuple<Tensor, Tensor>)

/// The x with A x = B, or x A = B unless `left`, batches broadcasting. B is a matrix, or a vector if it is 1-d or has
/// exactly the shape of A without its last axis. Throws "the input matrix is singular".
XGRAD_LINALG(solve, (const Tensor& A, const Tensor& B, bool left = true), (A, B, left), Tensor)
/// The same, and what inv_ex says of each matrix.
XGRAD_LINALG(solve_ex, (const Tensor& A, const Tensor& B, bool left = true, bool check_errors = false), (A, B, left, check_errors),
             std::tuple<Tensor, Tensor>)

/// As linalg_solve for a triangular A, of which only the upper or lower triangle is read; unitriangular: its diagonal counts
/// as 1. B is a matrix. A zero on the diagonal gives infinities and NaN.
XGRAD_LINALG(solve_triangular, (const Tensor& A, const Tensor& B, bool upper, bool left = true, bool unitriangular = false),
             (A, B, upper, left, unitriangular), Tensor)

/// The x that makes |self x - b| least, the squared lengths of what remains, for each column of b, the ranks and the singular values of
/// self (..., m, n). b is (..., m, k), or vectors (..., m). driver "gelsy", "gelsd" and "gelss" find ranks, singular values below rcond
/// (epsilon * max(m, n) if not given) times the largest counting as 0, and the shortest x; "gels" takes full rank for granted. The
/// singular values are those of gelsd and gelss. Nothing remains, and that result is empty, unless m > n and all ranks are n, nor for
/// gelsy. The derivative of x holds for full rank.
XGRAD_LINALG(lstsq,
             (const Tensor& self, const Tensor& b, std::optional<double> rcond = std::nullopt, std::optional<std::string_view> driver = std::nullopt),
             (self, b, rcond, driver), std::tuple<Tensor, Tensor, Tensor, Tensor>)

/// The x with A x = other, of A's axes `dims` moved behind the others: other has the shape of the axes in front, x that of the rest.
XGRAD_LINALG(tensorsolve, (const Tensor& self, const Tensor& other, OptionalIntArrayRef dims = std::nullopt), (self, other, dims), Tensor)
/// The inverse of self as a map from its axes behind the first `ind` to those.
XGRAD_LINALG(tensorinv, (const Tensor& self, int64_t ind = 2), (self, ind), Tensor)

/// Penrose's inverse (..., n, m) of matrices (..., m, n), symmetric if `hermitian`. Singular values up to the larger of atol and rtol
/// times the largest count as 0. rtol is epsilon * max(m, n) unless given, or 0 where atol is positive.
XGRAD_LINALG(pinv,
             (const Tensor& self, const std::optional<Tensor>& atol = std::nullopt, const std::optional<Tensor>& rtol = std::nullopt,
              bool hermitian = false),
             (self, atol, rtol, hermitian), Tensor)
XGRAD_LINALG(pinv, (const Tensor& self, std::optional<double> atol, std::optional<double> rtol, bool hermitian = false),
             (self, atol, rtol, hermitian), Tensor)
XGRAD_LINALG(pinv, (const Tensor& self, double rcond, bool hermitian = false), (self, rcond, hermitian), Tensor)
XGRAD_LINALG(pinv, (const Tensor& self, const Tensor& rcond, bool hermitian = false), (self, rcond, hermitian), Tensor)

// ---- determinants and ranks

/// The determinant of each square matrix: 0 for a singular one, with its derivatives of any order; 1 for size 0.
XGRAD_LINALG(det, (const Tensor& A), (A), Tensor)
/// The determinant's sign (-1, 0 or 1) and the logarithm of its absolute value (-inf when singular).
XGRAD_LINALG(slogdet, (const Tensor& A), (A), std::tuple<Tensor, Tensor>)

/// How many singular values, or absolute eigenvalues if `hermitian`, exceed pinv's bound, as int64; `tol` stands for atol with rtol 0.
XGRAD_LINALG(matrix_rank,
             (const Tensor& input, const std::optional<Tensor>& atol = std::nullopt, const std::optional<Tensor>& rtol = std::nullopt,
              bool hermitian = false),
             (input, atol, rtol, hermitian), Tensor)
XGRAD_LINALG(matrix_rank, (const Tensor& self, std::optional<double> atol, std::optional<double> rtol, bool hermitian = false),
             (self, atol, rtol, hermitian), Tensor)
XGRAD_LINALG(matrix_rank, (const Tensor& self, double tol, bool hermitian = false), (self, tol, hermitian), Tensor)
XGRAD_LINALG(matrix_rank, (const Tensor& input, const Tensor& tol, bool hermitian = false), (input, tol, hermitian), Tensor)

/// The condition of each matrix: its largest singular value over the smallest, for p = -2 the inverse of that, else the product of
/// the matrix_norm of order p of it and of its inverse, inf where there is none. 0 for matrices without elements.
XGRAD_LINALG(cond, (const Tensor& self, const std::optional<Scalar>& p = std::nullopt), (self, p), Tensor)
XGRAD_LINALG(cond, (const Tensor& self, std::string_view p), (self, p), Tensor)

// ---- factorizations

/// The lower triangular L with L L^T = self, or upper U with U^T U = self, for symmetric positive definite matrices, of
/// which only that triangle is read. The gradient is symmetric. Throws "not positive-definite".
XGRAD_LINALG(cholesky, (const Tensor& self, bool upper = false), (self, upper), Tensor)
/// The same, and for each matrix 0 or the order of its first leading minor that is not positive, as int32; what L holds there is how far
/// LAPACK came. Throws only if `check_errors`.
XGRAD_LINALG(cholesky_ex, (const Tensor& self, bool upper = false, bool check_errors = false), (self, upper, check_errors),
             std::tuple<Tensor, Tensor>)

/// P (..., m, m), a permutation, L (..., m, k), lower triangular with ones on its diagonal, and U (..., k, n), upper triangular, with
/// P L U = A of shape (..., m, n), k = min(m, n). Pivots are the largest of their column; `pivot` must be true.
XGRAD_LINALG(lu, (const Tensor& A, bool pivot = true), (A, pivot), std::tuple<Tensor, Tensor, Tensor>)
/// L below and U on and above the diagonal of one matrix, and the pivots as int32 (..., k): row i was exchanged with row pivots[i] - 1.
/// Throws "would result in a division by zero" where U's diagonal has a 0.
XGRAD_LINALG(lu_factor, (const Tensor& A, bool pivot = true), (A, pivot), std::tuple<Tensor, Tensor>)
/// The same, and what inv_ex says of each matrix.
XGRAD_LINALG(lu_factor_ex, (const Tensor& A, bool pivot = true, bool check_errors = false), (A, pivot, check_errors),
             std::tuple<Tensor, Tensor, Tensor>)
/// The x with A x = B, or x A = B unless `left`, for the A that lu_factor factored, or its transpose if `adjoint`; batches broadcast.
XGRAD_LINALG(lu_solve, (const Tensor& LU, const Tensor& pivots, const Tensor& B, bool left = true, bool adjoint = false),
             (LU, pivots, B, left, adjoint), Tensor)

/// L and D, of blocks of one or two rows, with L D L^T = self for symmetric matrices, of which the lower triangle is read, in one matrix,
/// and LAPACK's pivots (sytrf); `hermitian` makes no difference for real numbers. No derivative. J. R. Bunch, L. Kaufman, Some stable
/// methods for calculating inertia and solving symmetric linear systems, 1977.
XGRAD_LINALG(ldl_factor, (const Tensor& self, bool hermitian = false), (self, hermitian), std::tuple<Tensor, Tensor>)
/// The same, and for each matrix 0 or the position of the first 0 that D has on its diagonal, as int32; the others throw there.
XGRAD_LINALG(ldl_factor_ex, (const Tensor& self, bool hermitian = false, bool check_errors = false), (self, hermitian, check_errors),
             std::tuple<Tensor, Tensor, Tensor>)
/// The x with A x = B for the A that ldl_factor factored, batches broadcasting. No derivative.
XGRAD_LINALG(ldl_solve, (const Tensor& LD, const Tensor& pivots, const Tensor& B, bool hermitian = false), (LD, pivots, B, hermitian), Tensor)

/// Q with orthonormal columns and upper triangular R with Q R = A, of shape (..., m, n). mode "reduced": Q (..., m, k),
/// R (..., k, n) with k = min(m, n). "complete": Q (..., m, m), R (..., m, n), not differentiable if m > n.
/// "r": Q is empty, not differentiable. R's diagonal may be negative. Needs the first k columns independent for gradients.
XGRAD_LINALG(qr, (const Tensor& A, std::string_view mode = "reduced"), (A, mode), std::tuple<Tensor, Tensor>)
/// The first n columns of the product of reflections 1 - tau[i] v v^T, where v is column i of input (..., m, n) below the diagonal, with
/// a 1 on it and zeros above. tau (..., k) with k <= n <= m.
XGRAD_LINALG(householder_product, (const Tensor& input, const Tensor& tau), (input, tau), Tensor)

/// U, S and Vh with A = U diag(S) Vh: the singular values S (..., k) in descending order, k = min(m, n), orthonormal columns of U
/// (..., m, m) and rows of Vh (..., n, n), or (..., m, k) and (..., k, n) unless full_matrices. Signs of the frames are LAPACK's.
/// Gradients through U and Vh need distinct singular values and, for A that is not square, no zeros among them; they pass
/// through the first k columns and rows only. Throws for elements that are not finite, and for a driver, which only CUDA has.
XGRAD_LINALG(svd, (const Tensor& A, bool full_matrices = true, std::optional<std::string_view> driver = std::nullopt), (A, full_matrices, driver),
             std::tuple<Tensor, Tensor, Tensor>)
/// S alone. Its gradient exists for repeated values too.
XGRAD_LINALG(svdvals, (const Tensor& A, std::optional<std::string_view> driver = std::nullopt), (A, driver), Tensor)

/// The eigenvalues (..., n) of symmetric matrices in ascending order, and orthonormal eigenvectors as columns (..., n, n); UPLO "L" or
/// "U" is the triangle read. Signs are LAPACK's. Gradients through the vectors need distinct eigenvalues. NaN where elements are not finite.
XGRAD_LINALG(eigh, (const Tensor& self, std::string_view UPLO = "L"), (self, UPLO), std::tuple<Tensor, Tensor>)
/// The eigenvalues alone. Their gradient exists for repeated values too.
XGRAD_LINALG(eigvalsh, (const Tensor& self, std::string_view UPLO = "L"), (self, UPLO), Tensor)
/// The eigenvalues (..., n) of square matrices, in LAPACK's order, and eigenvectors of length 1 as columns, real parts of PyTorch's
/// complex results. Throws "complex eigenvalues" where one is not real.
XGRAD_LINALG(eig, (const Tensor& self), (self), std::tuple<Tensor, Tensor>)
XGRAD_LINALG(eigvals, (const Tensor& self), (self), Tensor)

// ---- functions of matrices

/// The sum of self^k / k! for each square matrix. N. J. Higham, The scaling and squaring method for the matrix exponential revisited, 2005.
XGRAD_LINALG(matrix_exp, (const Tensor& self), (self), Tensor)
/// The product of n factors self, by repeated squares; of its inverse for n < 0.
XGRAD_LINALG(matrix_power, (const Tensor& self, int64_t n), (self, n), Tensor)
/// The product of two or more matrices, the first or last of which may be vectors, in the order that multiplies least.
XGRAD_LINALG(multi_dot, (TensorList tensors), (tensors), Tensor)
/// Tensor::matmul, and Tensor::diagonal of the last two axes.
XGRAD_LINALG(matmul, (const Tensor& self, const Tensor& other), (self, other), Tensor)
XGRAD_LINALG(diagonal, (const Tensor& A, int64_t offset = 0, int64_t dim1 = -2, int64_t dim2 = -1), (A, offset, dim1, dim2), Tensor)
/// The powers 0 to N - 1 of each element in a new last axis; N is the last size of x unless given.
XGRAD_LINALG(vander, (const Tensor& x, std::optional<int64_t> N = std::nullopt), (x, N), Tensor)

// ---- vectors and norms

/// The sum of x * y along an axis; shapes broadcast.
XGRAD_LINALG(vecdot, (const Tensor& x, const Tensor& y, int64_t dim = -1), (x, y, dim), Tensor)
/// The vector product along an axis of size 3; the other axes broadcast.
XGRAD_LINALG(cross, (const Tensor& self, const Tensor& other, int64_t dim = -1), (self, other, dim), Tensor)

/// (sum of |x|^ord)^(1/ord) over the axes `dim`, or all; ord may also be 0 (how many are not 0), inf or -inf.
XGRAD_LINALG(vector_norm,
             (const Tensor& self, const Scalar& ord = 2, OptionalIntArrayRef dim = std::nullopt, bool keepdim = false,
              std::optional<ScalarType> dtype = std::nullopt),
             (self, ord, dim, keepdim, dtype), Tensor)
/// Of the matrices in two axes: "fro" is the root of the sum of squares, "nuc" the sum of the singular values.
XGRAD_LINALG(matrix_norm,
             (const Tensor& self, std::string_view ord = "fro", IntArrayRef dim = {-2, -1}, bool keepdim = false,
              std::optional<ScalarType> dtype = std::nullopt),
             (self, ord, dim, keepdim, dtype), Tensor)
/// 1 and -1: the largest and smallest sum of absolute values in a column; inf and -inf: in a row; 2 and -2: the largest and
/// smallest singular value.
XGRAD_LINALG(matrix_norm,
             (const Tensor& self, const Scalar& ord, IntArrayRef dim = {-2, -1}, bool keepdim = false,
              std::optional<ScalarType> dtype = std::nullopt),
             (self, ord, dim, keepdim, dtype), Tensor)
/// Without ord, the 2-norm of all elements in `dim`; with ord, the vector norm over one axis or of a 1-d tensor, the
/// matrix norm over two axes or of a 2-d tensor.
XGRAD_LINALG(norm,
             (const Tensor& self, const std::optional<Scalar>& ord = std::nullopt, OptionalIntArrayRef dim = std::nullopt, bool keepdim = false,
              std::optional<ScalarType> dtype = std::nullopt),
             (self, ord, dim, keepdim, dtype), Tensor)
XGRAD_LINALG(norm,
             (const Tensor& self, std::string_view ord, OptionalIntArrayRef dim = std::nullopt, bool keepdim = false,
              std::optional<ScalarType> dtype = std::nullopt),
             (self, ord, dim, keepdim, dtype), Tensor)

#undef XGRAD_LINALG

/// P, L and U of lu_factor's results, empty where not asked for.
XGRAD_API std::tuple<Tensor, Tensor, Tensor> lu_unpack(const Tensor& LU_data, const Tensor& LU_pivots, bool unpack_data = true,
                                                       bool unpack_pivots = true);

/// The root of the sum of squares, over one or two axes or all.
XGRAD_API Tensor frobenius_norm(const Tensor& self);
XGRAD_API Tensor frobenius_norm(const Tensor& self, IntArrayRef dim, bool keepdim = false);
/// The sum of the singular values of a matrix, or of the matrices in two axes.
XGRAD_API Tensor nuclear_norm(const Tensor& self, bool keepdim = false);
XGRAD_API Tensor nuclear_norm(const Tensor& self, IntArrayRef dim, bool keepdim = false);

}}  // namespace torch::xgrad
