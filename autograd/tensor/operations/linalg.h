// Of the list in operations.h: products of vectors, matrices and batches of matrices, and linear algebra.
#ifdef XGRAD_METHOD

// ---- products: both factors have the same dtype, floating or integer (whose products wrap around). Transposed views and other
// strided factors are read where they lie.

/// (n, k) by (k, m) gives (n, m). Throws "mat1 and mat2 shapes cannot be multiplied" when the k differ.
Tensor mm(XGRAD_SELF_AND const Tensor& mat2) XGRAD_METHOD(mm(*this, mat2));
/// (n, k) by (k) gives (n).
Tensor mv(XGRAD_SELF_AND const Tensor& vec) XGRAD_METHOD(mv(*this, vec));
/// The sum of the products of two vectors of equal length, as a 0-d tensor.
Tensor dot(XGRAD_SELF_AND const Tensor& tensor) XGRAD_METHOD(dot(*this, tensor));
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
    XGRAD_METHOD(addmv(*this, mat, vec, beta, alpha));
/// beta * self + alpha * batch1 batch2, matrix by matrix, as addmm.
Tensor baddbmm(XGRAD_SELF_AND const Tensor& batch1, const Tensor& batch2, const Scalar& beta = 1, const Scalar& alpha = 1)
    XGRAD_METHOD(baddbmm(*this, batch1, batch2, beta, alpha));

/// All products of an element of `self` (n) with one of `vec2` (m), as (n, m); dtypes promote.
Tensor outer(XGRAD_SELF_AND const Tensor& vec2) XGRAD_METHOD(outer(*this, vec2));
Tensor ger(XGRAD_SELF_AND const Tensor& vec2) XGRAD_METHOD(ger(*this, vec2));
/// Sums of products over the last axis of both: shape self[..., k], other[..., k] gives the axes of self in front of its
/// last, then those of other. With a 0-d factor it is the product of all elements with it.
Tensor inner(XGRAD_SELF_AND const Tensor& other) XGRAD_METHOD(inner(*this, other));

// ---- through LAPACK (autograd/ops/linalg/linalg.h): matrices are the last two axes, axes in front are batches

/// linalg_inv: the inverse of each square matrix.
Tensor inverse(XGRAD_SELF) XGRAD_METHOD(inverse(*this));
/// linalg_det: the determinant of each square matrix.
Tensor det(XGRAD_SELF) XGRAD_METHOD(det(*this));
/// linalg_slogdet: the determinant's sign and the logarithm of its absolute value.
std::tuple<Tensor, Tensor> slogdet(XGRAD_SELF) XGRAD_METHOD(slogdet(*this));
/// linalg_cholesky: the lower triangular L with L L^T = self, or upper U with U^T U = self.
Tensor cholesky(XGRAD_SELF_AND bool upper = false) XGRAD_METHOD(cholesky(*this, upper));
/// linalg_qr in the mode "reduced" or, unless `some`, "complete": Q with orthonormal columns and upper triangular R with Q R = self.
std::tuple<Tensor, Tensor> qr(XGRAD_SELF_AND bool some = true) XGRAD_METHOD(qr(*this, some));

#else
#include <xgrad/autograd/tensor/tensor.h>
#endif
