// Of the list in operations.h: products of vectors, matrices and batches of matrices, and linear algebra.
#ifdef XGRAD_METHOD

// ---- products: both factors have the same dtype, floating or integer (whose products wrap around). Transposed views and other
// strided factors are read where they lie.

/// (n, k) by (k, m) gives (n, m). Throws "mat1 and mat2 shapes cannot be multiplied" when the k differ.
Tensor mm(XGRAD_SELF_AND const Tensor& mat2) XGRAD_METHOD(mm(*this, mat2));
/// (n, k) by (k) gives (n).
Tensor mv(XGRAD_SELF_AND const Tensor& vec) XGRAD_METHOD(mv(*this, vec));
/// The sum of the products of two vectors of equal length, as a 0-d tensor. vdot conjugates the first, which for real numbers is dot.
Tensor dot(XGRAD_SELF_AND const Tensor& tensor) XGRAD_METHOD(dot(*this, tensor));
Tensor vdot(XGRAD_SELF_AND const Tensor& other) XGRAD_METHOD(vdot(*this, other));
/// (b, n, k) by (b, k, m) gives (b, n, m), matrix by matrix.
Tensor bmm(XGRAD_SELF_AND const Tensor& mat2) XGRAD_METHOD(bmm(*this, mat2));
/// The product of tensors of any rank from 1 on. The last two axes hold matrices, the axes in front broadcast. A 1-d
/// factor is a row on the left and a column on the right, and its axis is missing in the result.
Tensor matmul(XGRAD_SELF_AND const Tensor& other) XGRAD_METHOD(matmul(*this, other));

/// beta * self + alpha * mat1 mat2; self broadcasts to the product's shape and has its dtype.
/// With beta 0, self is ignored, NaN included. With alpha 0, NaN and infinity in the product still show.
/// For integers alpha and beta are truncated.
Tensor addmm(XGRAD_SELF_AND const Tensor& mat1, const Tensor& mat2, const Scalar& beta = 1, const Scalar& alpha = 1)
    XGRAD_METHOD(addmm(*this, mat1, mat2, beta, alpha))
        XGRAD_REPLACED_BY(addmm_(const Tensor& mat1, const Tensor& mat2, const Scalar& beta XGRAD_OR(1), const Scalar& alpha XGRAD_OR(1)),
                          addmm(x, mat1, mat2, beta, alpha));
/// beta * self + alpha * mat vec, as addmm.
Tensor addmv(XGRAD_SELF_AND const Tensor& mat, const Tensor& vec, const Scalar& beta = 1, const Scalar& alpha = 1)
    XGRAD_METHOD(addmv(*this, mat, vec, beta, alpha))
        XGRAD_REPLACED_BY(addmv_(const Tensor& mat, const Tensor& vec, const Scalar& beta XGRAD_OR(1), const Scalar& alpha XGRAD_OR(1)),
                          addmv(x, mat, vec, beta, alpha));
/// beta * self + alpha * batch1 batch2, matrix by matrix, as addmm.
Tensor baddbmm(XGRAD_SELF_AND const Tensor& batch1, const Tensor& batch2, const Scalar& beta = 1, const Scalar& alpha = 1)
    XGRAD_METHOD(baddbmm(*this, batch1, batch2, beta, alpha))
        XGRAD_REPLACED_BY(baddbmm_(const Tensor& batch1, const Tensor& batch2, const Scalar& beta XGRAD_OR(1), const Scalar& alpha XGRAD_OR(1)),
                          baddbmm(x, batch1, batch2, beta, alpha));
/// beta * self + alpha * the sum of the products batch1[i] batch2[i], as addmm; self (n, m) or what broadcasts to it.
Tensor addbmm(XGRAD_SELF_AND const Tensor& batch1, const Tensor& batch2, const Scalar& beta = 1, const Scalar& alpha = 1)
    XGRAD_METHOD(addbmm(*this, batch1, batch2, beta, alpha))
        XGRAD_REPLACED_BY(addbmm_(const Tensor& batch1, const Tensor& batch2, const Scalar& beta XGRAD_OR(1), const Scalar& alpha XGRAD_OR(1)),
                          addbmm(x, batch1, batch2, beta, alpha));
/// beta * self + alpha * outer(vec1, vec2); dtypes promote. With beta 0, self is ignored, NaN included. For Bool + is or and * is and.
Tensor addr(XGRAD_SELF_AND const Tensor& vec1, const Tensor& vec2, const Scalar& beta = 1, const Scalar& alpha = 1)
    XGRAD_METHOD(addr(*this, vec1, vec2, beta, alpha))
        XGRAD_REPLACED_BY(addr_(const Tensor& vec1, const Tensor& vec2, const Scalar& beta XGRAD_OR(1), const Scalar& alpha XGRAD_OR(1)),
                          addr(x, vec1, vec2, beta, alpha));

/// All products of an element of `self` (n) with one of `vec2` (m), as (n, m); dtypes promote.
Tensor outer(XGRAD_SELF_AND const Tensor& vec2) XGRAD_METHOD(outer(*this, vec2));
Tensor ger(XGRAD_SELF_AND const Tensor& vec2) XGRAD_METHOD(ger(*this, vec2));
/// Sums of products over the last axis of both: shape self[..., k], other[..., k] gives the axes of self in front of its
/// last, then those of other. With a 0-d factor it is the product of all elements with it.
Tensor inner(XGRAD_SELF_AND const Tensor& other) XGRAD_METHOD(inner(*this, other));
/// Kronecker's product: every element of self times all of other, sizes multiplied axis by axis from the last; dtypes promote.
Tensor kron(XGRAD_SELF_AND const Tensor& other) XGRAD_METHOD(kron(*this, other));
/// linalg_cross along `dim`, or the first axis of self of size 3.
Tensor cross(XGRAD_SELF_AND const Tensor& other, std::optional<int64_t> dim = std::nullopt) XGRAD_METHOD(cross(*this, other, dim));

// ---- through LAPACK (autograd/ops/linalg/linalg.h): matrices are the last two axes, axes in front are batches

/// linalg_inv: the inverse of each square matrix.
Tensor inverse(XGRAD_SELF) XGRAD_METHOD(inverse(*this));
/// linalg_det: the determinant of each square matrix.
Tensor det(XGRAD_SELF) XGRAD_METHOD(det(*this));
/// linalg_slogdet: the determinant's sign and the logarithm of its absolute value.
std::tuple<Tensor, Tensor> slogdet(XGRAD_SELF) XGRAD_METHOD(slogdet(*this));
/// The logarithm of the determinant: -inf where it is 0, NaN where it is negative.
Tensor logdet(XGRAD_SELF) XGRAD_METHOD(logdet(*this));
/// linalg_cholesky: the lower triangular L with L L^T = self, or upper U with U^T U = self.
Tensor cholesky(XGRAD_SELF_AND bool upper = false) XGRAD_METHOD(cholesky(*this, upper));
/// The x with A x = self for A = L L^T, or U^T U if `upper`, of which input2 is that triangle; batches broadcast.
Tensor cholesky_solve(XGRAD_SELF_AND const Tensor& input2, bool upper = false) XGRAD_METHOD(cholesky_solve(*this, input2, upper));
/// The inverse of A = L L^T, or U^T U if `upper`, of which self is that triangle. Throws "the input matrix is singular".
Tensor cholesky_inverse(XGRAD_SELF_AND bool upper = false) XGRAD_METHOD(cholesky_inverse(*this, upper));
/// linalg_qr in the mode "reduced" or, unless `some`, "complete": Q with orthonormal columns and upper triangular R with Q R = self.
std::tuple<Tensor, Tensor> qr(XGRAD_SELF_AND bool some = true) XGRAD_METHOD(qr(*this, some));
/// LAPACK's form of qr: R on and above the diagonal, below it the vectors of Householder's reflections, and their scales tau. No derivative.
std::tuple<Tensor, Tensor> geqrf(XGRAD_SELF) XGRAD_METHOD(geqrf(*this));
/// linalg_householder_product: the first columns of the Q that geqrf describes.
Tensor orgqr(XGRAD_SELF_AND const Tensor& input2) XGRAD_METHOD(orgqr(*this, input2));
/// Q input3, or input3 Q unless `left`, for the whole Q (or Q^T if `transpose`) that self and input2 of geqrf describe. No derivative.
Tensor ormqr(XGRAD_SELF_AND const Tensor& input2, const Tensor& input3, bool left = true, bool transpose = false)
    XGRAD_METHOD(ormqr(*this, input2, input3, left, transpose));
/// linalg_svd's U, S and V = Vh^T; `some`: not full. Without compute_uv, U and V are zeros.
std::tuple<Tensor, Tensor, Tensor> svd(XGRAD_SELF_AND bool some = true, bool compute_uv = true) XGRAD_METHOD(svd(*this, some, compute_uv));
/// linalg_eigh of the upper or the lower triangle. Without `eigenvectors` they are empty and the eigenvalues have no derivative. Warns once that
/// its name is deprecated.
std::tuple<Tensor, Tensor> symeig(XGRAD_SELF_AND bool eigenvectors = false, bool upper = true) XGRAD_METHOD(symeig(*this, eigenvectors, upper));
/// linalg_pinv with rtol = rcond.
Tensor pinverse(XGRAD_SELF_AND double rcond = 1e-15) XGRAD_METHOD(pinverse(*this, rcond));
/// linalg_lu_solve of self by the factors.
Tensor lu_solve(XGRAD_SELF_AND const Tensor& LU_data, const Tensor& LU_pivots) XGRAD_METHOD(lu_solve(*this, LU_data, LU_pivots));
/// The x with A x = self, or A^T x = self if `transpose`, for a triangular A as linalg_solve_triangular has it, and a copy of A; both of the
/// batches' broadcast shape.
std::tuple<Tensor, Tensor> triangular_solve(XGRAD_SELF_AND const Tensor& A, bool upper = true, bool transpose = false, bool unitriangular = false)
    XGRAD_METHOD(triangular_solve(*this, A, upper, transpose, unitriangular));
/// linalg_matrix_exp: the sum of self^k / k! for each square matrix.
Tensor matrix_exp(XGRAD_SELF) XGRAD_METHOD(matrix_exp(*this));
/// linalg_matrix_power: the product of n factors self, of its inverse for n < 0.
Tensor matrix_power(XGRAD_SELF_AND int64_t n) XGRAD_METHOD(matrix_power(*this, n));

#else
#include <xgrad/autograd/tensor/tensor.h>
#endif
