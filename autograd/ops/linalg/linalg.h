// Linear algebra through LAPACK.
//
// Matrices are the last two axes; axes in front are batches. Elements are floating, others are refused. A matrix
// that cannot be factored is refused with its position in the batch.
#pragma once

#include <string_view>

#include <xgrad/autograd/tensor/tensor.h>

namespace torch { inline namespace xgrad {

/// The inverse of each square matrix. Throws "the input matrix is singular" when LU meets a zero pivot.
XGRAD_API Tensor linalg_inv(const Tensor& A);

/// The x with A x = B, or x A = B unless `left`, batches broadcasting. B is a matrix, or a vector if it is 1-d or has
/// exactly the shape of A without its last axis. Throws "the input matrix is singular".
XGRAD_API Tensor linalg_solve(const Tensor& A, const Tensor& B, bool left = true);

/// The same, and for each matrix 0 or the position of its first zero pivot, as int32. Singular matrices give infinities and
/// NaN unless `check_errors`.
XGRAD_API std::tuple<Tensor, Tensor> linalg_solve_ex(const Tensor& A, const Tensor& B, bool left = true, bool check_errors = false);

/// As linalg_solve for a triangular A, of which only the upper or lower triangle is read; unitriangular: its diagonal counts
/// as 1. B is a matrix. A zero on the diagonal gives infinities and NaN.
XGRAD_API Tensor linalg_solve_triangular(const Tensor& A, const Tensor& B, bool upper, bool left = true, bool unitriangular = false);

/// The determinant of each square matrix: 0 for a singular one, with its derivatives of any order; 1 for size 0.
XGRAD_API Tensor linalg_det(const Tensor& A);

/// The determinant's sign (-1, 0 or 1) and the logarithm of its absolute value (-inf when singular).
XGRAD_API std::tuple<Tensor, Tensor> linalg_slogdet(const Tensor& A);

/// The lower triangular L with L L^T = self, or upper U with U^T U = self, for symmetric positive definite matrices, of
/// which only that triangle is read. The gradient is symmetric. Throws "not positive-definite".
XGRAD_API Tensor linalg_cholesky(const Tensor& self, bool upper = false);

/// Q with orthonormal columns and upper triangular R with Q R = A, of shape (..., m, n). mode "reduced": Q (..., m, k),
/// R (..., k, n) with k = min(m, n). "complete": Q (..., m, m), R (..., m, n), not differentiable if m > n.
/// "r": Q is empty, not differentiable. R's diagonal may be negative. Needs the first k columns independent for gradients.
XGRAD_API std::tuple<Tensor, Tensor> linalg_qr(const Tensor& A, std::string_view mode = "reduced");

/// U, S and Vh with A = U diag(S) Vh: the singular values S (..., k) in descending order, k = min(m, n), orthonormal columns of U
/// (..., m, m) and rows of Vh (..., n, n), or (..., m, k) and (..., k, n) unless full_matrices. Signs of the frames are LAPACK's.
/// Gradients through U and Vh need distinct singular values and, for A that is not square, no zeros among them; they pass
/// through the first k columns and rows only. Throws for elements that are not finite.
XGRAD_API std::tuple<Tensor, Tensor, Tensor> linalg_svd(const Tensor& A, bool full_matrices = true);
/// S alone. Its gradient exists for repeated values too.
XGRAD_API Tensor linalg_svdvals(const Tensor& A);
/// U, S and V = Vh^T; `some`: not full. Without compute_uv, U and V are zeros.
XGRAD_API std::tuple<Tensor, Tensor, Tensor> svd(const Tensor& self, bool some = true, bool compute_uv = true);

/// (sum of |x|^ord)^(1/ord) over the axes `dim`, or all; ord may also be 0 (how many are not 0), inf or -inf.
XGRAD_API Tensor linalg_vector_norm(const Tensor& self, const Scalar& ord = 2, OptionalIntArrayRef dim = std::nullopt, bool keepdim = false,
                                    std::optional<ScalarType> dtype = std::nullopt);
/// Of the matrices in two axes: "fro" is the root of the sum of squares, "nuc" the sum of the singular values.
XGRAD_API Tensor linalg_matrix_norm(const Tensor& self, std::string_view ord = "fro", IntArrayRef dim = {-2, -1}, bool keepdim = false,
                                    std::optional<ScalarType> dtype = std::nullopt);
/// 1 and -1: the largest and smallest sum of absolute values in a column; inf and -inf: in a row; 2 and -2: the largest and
/// smallest singular value.
XGRAD_API Tensor linalg_matrix_norm(const Tensor& self, const Scalar& ord, IntArrayRef dim = {-2, -1}, bool keepdim = false,
                                    std::optional<ScalarType> dtype = std::nullopt);
/// Without ord, the 2-norm of all elements in `dim`; with ord, the vector norm over one axis or of a 1-d tensor, the
/// matrix norm over two axes or of a 2-d tensor.
XGRAD_API Tensor linalg_norm(const Tensor& self, const std::optional<Scalar>& ord = std::nullopt, OptionalIntArrayRef dim = std::nullopt,
                             bool keepdim = false, std::optional<ScalarType> dtype = std::nullopt);
XGRAD_API Tensor linalg_norm(const Tensor& self, std::string_view ord, OptionalIntArrayRef dim = std::nullopt, bool keepdim = false,
                             std::optional<ScalarType> dtype = std::nullopt);

/// The same under the names of torch::linalg.
namespace linalg {

inline Tensor inv(const Tensor& input) { return linalg_inv(input); }
inline Tensor solve(const Tensor& input, const Tensor& other, bool left = true) { return linalg_solve(input, other, left); }
inline std::tuple<Tensor, Tensor> solve_ex(const Tensor& input, const Tensor& other, bool left = true, bool check_errors = false) {
  return linalg_solve_ex(input, other, left, check_errors);
}
inline Tensor solve_triangular(const Tensor& input, const Tensor& other, bool upper, bool left = true, bool unitriangular = false) {
  return linalg_solve_triangular(input, other, upper, left, unitriangular);
}
inline Tensor det(const Tensor& self) { return linalg_det(self); }
inline std::tuple<Tensor, Tensor> slogdet(const Tensor& input) { return linalg_slogdet(input); }
inline Tensor cholesky(const Tensor& self) { return linalg_cholesky(self); }
inline std::tuple<Tensor, Tensor> qr(const Tensor& input, std::string_view mode = "reduced") { return linalg_qr(input, mode); }
inline std::tuple<Tensor, Tensor, Tensor> svd(const Tensor& input, bool full_matrices = true) { return linalg_svd(input, full_matrices); }
inline Tensor svdvals(const Tensor& input) { return linalg_svdvals(input); }
inline Tensor vector_norm(const Tensor& self, const Scalar& ord = 2, OptionalIntArrayRef dim = std::nullopt, bool keepdim = false,
                          std::optional<ScalarType> dtype = std::nullopt) {
  return linalg_vector_norm(self, ord, dim, keepdim, dtype);
}
inline Tensor matrix_norm(const Tensor& self, std::string_view ord = "fro", IntArrayRef dim = {-2, -1}, bool keepdim = false,
                          std::optional<ScalarType> dtype = std::nullopt) {
  return linalg_matrix_norm(self, ord, dim, keepdim, dtype);
}
inline Tensor matrix_norm(const Tensor& self, const Scalar& ord, IntArrayRef dim = {-2, -1}, bool keepdim = false,
                          std::optional<ScalarType> dtype = std::nullopt) {
  return linalg_matrix_norm(self, ord, dim, keepdim, dtype);
}
inline Tensor norm(const Tensor& self, const std::optional<Scalar>& ord = std::nullopt, OptionalIntArrayRef dim = std::nullopt, bool keepdim = false,
                   std::optional<ScalarType> dtype = std::nullopt) {
  return linalg_norm(self, ord, dim, keepdim, dtype);
}
inline Tensor norm(const Tensor& self, std::string_view ord, OptionalIntArrayRef dim = std::nullopt, bool keepdim = false,
                   std::optional<ScalarType> dtype = std::nullopt) {
  return linalg_norm(self, ord, dim, keepdim, dtype);
}

}  // namespace linalg
}}  // namespace torch::xgrad
