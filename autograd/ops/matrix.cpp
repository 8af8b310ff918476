#include <xgrad/autograd/ops/matrix.h>

#include <climits>
#include <type_traits>

#include <xgrad/autograd/allocate.h>
#include <xgrad/autograd/catalogue.h>
#include <xgrad/autograd/kernels/gemm.h>
#include <xgrad/autograd/ops/view.h>
#include <xgrad/autograd/record.h>
#include <xgrad/autograd/shape.h>

namespace xgrad {

namespace {

// An operand of a product: where its matrices lie.
struct Operand {
  const void* data = nullptr;
  int64_t batch_stride = 0, row_stride = 0, column_stride = 0;
};

Operand column(const Tensor& t) { return {t.data_ptr(), 0, t.impl().strides[0], 1}; }
Operand matrix(const Tensor& t) { return {t.data_ptr(), 0, t.impl().strides[0], t.impl().strides[1]}; }
Operand batch(const Tensor& t) { return {t.data_ptr(), t.impl().strides[0], t.impl().strides[1], t.impl().strides[2]}; }

// The summand `t` broadcast to `sizes`, whose last axes are those of the matrices.
Operand summand(const Tensor& t, const Dims& sizes) {
  if (!broadcasts_to(t.sizes(), sizes)) expand(t, sizes);  // throws what is wrong
  const TensorImpl& impl = t.impl();
  int64_t strides[3] = {0, 0, 0};
  for (int from_end = 1; from_end <= impl.sizes.size(); ++from_end) {
    const int axis = impl.sizes.size() - from_end;
    strides[3 - from_end] = impl.sizes[axis] == 1 ? 0 : impl.strides[axis];
  }
  return {impl.data, strides[0], strides[1], strides[2]};
}

// The same for a product with a vector, which is a column.
Operand column_summand(const Tensor& t, const Dims& sizes) {
  const Operand row = summand(t, sizes);
  return {row.data, 0, row.column_stride, 1};
}

struct Factors {
  Scalar alpha = 1, beta = 0;
};

// alpha * a b + beta * s as a tensor of shape `sizes`.
Forward product(const char* kernel, ScalarType dtype, IntArrayRef sizes, const kernels::ProductSizes& n, const Operand& a, const Operand& b,
                const Operand& s = {}, const Factors& factors = {}) {
  if (dtype == kBool) detail::raise<NotImplementedError>("\"", kernel, "\" not implemented for '", dtype, "'");
  XGRAD_CHECK(n.rows <= INT_MAX && n.columns <= INT_MAX, "[", kernel, "] matrices of up to ", INT_MAX, " rows and columns can be multiplied, got ",
              n.rows, " and ", n.columns);
  Tensor out = allocate_tensor(sizes, dtype);
  dispatch_all(dtype, kernel, [&](auto zero) {
    using T = decltype(zero);
    if constexpr (!std::is_same_v<T, bool>) {
      const auto in = [](const Operand& x) {
        return kernels::Matrices<const T>{static_cast<const T*>(x.data), x.batch_stride, x.row_stride, x.column_stride};
      };
      const kernels::Matrices<T> c{static_cast<T*>(out.data_ptr()), n.rows * n.columns, n.columns, 1};
      kernels::multiply<T>(n, factors.alpha.to<T>(), in(a), in(b), factors.beta.to<T>(), in(s), c);
    }
  });
  return Forward(std::move(out));
}

void check_same_dtype(const char* operation, const Tensor& a, const Tensor& b) {
  XGRAD_CHECK(a.dtype() == b.dtype(), "[", operation, "] expected m1 and m2 to have the same dtype: expected scalar type ", a.dtype(),
              " but found ", b.dtype());
}

Tensor scaled(const Tensor& t, const Scalar& factor) { return factor.equal(1) ? t : t * factor; }

// ---- shapes

void check_matrices(const char* operation, const Tensor& a, const Tensor& b) {
  XGRAD_CHECK(a.dim() == 2, "[", operation, "] mat1 must be a matrix, got ", a.dim(), "-D tensor");
  XGRAD_CHECK(b.dim() == 2, "[", operation, "] mat2 must be a matrix, got ", b.dim(), "-D tensor");
  XGRAD_CHECK(a.size(1) == b.size(0), "[", operation, "] mat1 and mat2 shapes cannot be multiplied (", a.size(0), "x", a.size(1), " and ",
              b.size(0), "x", b.size(1), ")");
  check_same_dtype(operation, a, b);
}

void check_matrix_and_vector(const char* operation, const Tensor& a, const Tensor& x) {
  XGRAD_CHECK(a.dim() == 2 && x.dim() == 1, "[", operation, "] vector + matrix @ vector expected, got a ", a.dim(), "-D matrix and a ", x.dim(),
              "-D vector");
  XGRAD_CHECK(a.size(1) == x.size(0), "[", operation, "] size mismatch, got ", a.size(0), "x", a.size(1), " and ", x.size(0));
  check_same_dtype(operation, a, x);
}

void check_batches(const char* operation, const Tensor& a, const Tensor& b) {
  XGRAD_CHECK(a.dim() == 3, "[", operation, "] batch1 must be a 3D tensor, got ", a.dim(), "D");
  XGRAD_CHECK(b.dim() == 3, "[", operation, "] batch2 must be a 3D tensor, got ", b.dim(), "D");
  XGRAD_CHECK(a.size(0) == b.size(0) && a.size(2) == b.size(1), "[", operation,
              "] Expected size for first two dimensions of batch2 tensor to be: [", a.size(0), ", ", a.size(2), "] but got: [", b.size(0), ", ",
              b.size(1), "].");
  check_same_dtype(operation, a, b);
}

void check_summand(const char* operation, const Tensor& self, const Tensor& mat2) {
  XGRAD_CHECK(self.dtype() == mat2.dtype(), "[", operation, "] self and mat2 must have the same dtype, got ", self.dtype(), " and ", mat2.dtype());
}

kernels::ProductSizes sizes_of(const Tensor& a, const Tensor& b) { return {1, a.size(0), b.size(1), a.size(1)}; }
kernels::ProductSizes batched_sizes_of(const Tensor& a, const Tensor& b) { return {a.size(0), a.size(1), b.size(2), a.size(2)}; }

}  // namespace

Tensor mm(const Tensor& self, const Tensor& mat2) {
  check_matrices("mm", self, mat2);
  return record("MmBackward0",
                product("addmm_impl_cpu_", self.dtype(), {self.size(0), mat2.size(1)}, sizes_of(self, mat2), matrix(self), matrix(mat2)),
                wrt(self, [b = save(mat2)](const Tensor& gy) { return mm(gy, t(b)); }),
                wrt(mat2, [a = save(self)](const Tensor& gy) { return mm(t(a), gy); }));
}

Tensor mv(const Tensor& self, const Tensor& vec) {
  check_matrix_and_vector("mv", self, vec);
  return record("MvBackward0",
                product("addmv_impl_cpu", self.dtype(), {self.size(0)}, {1, self.size(0), 1, self.size(1)}, matrix(self), column(vec)),
                wrt(self, [x = save(vec)](const Tensor& gy) { return outer(gy, x); }),
                wrt(vec, [a = save(self)](const Tensor& gy) { return mv(t(a), gy); }));
}

Tensor dot(const Tensor& self, const Tensor& tensor) {
  XGRAD_CHECK(self.dim() == 1 && tensor.dim() == 1, "[dot] 1D tensors expected, but got ", self.dim(), "D and ", tensor.dim(), "D tensors");
  XGRAD_CHECK(self.dtype() == tensor.dtype(), "[dot] expected both vectors to have same dtype, but found ", self.dtype(), " and ", tensor.dtype());
  XGRAD_CHECK(self.size(0) == tensor.size(0), "[dot] inconsistent tensor size, expected tensor ", self.sizes(), " and src ", tensor.sizes(),
              " to have the same number of elements, but got ", self.size(0), " and ", tensor.size(0), " elements respectively");
  if (self.dtype() == kBool) detail::raise<NotImplementedError>("\"dot\" not implemented for '", self.dtype(), "'");
  Tensor y = allocate_tensor({}, self.dtype());
  dispatch_all(y.dtype(), "dot", [&](auto zero) {
    using T = decltype(zero);
    if constexpr (!std::is_same_v<T, bool>)
      *static_cast<T*>(y.data_ptr()) = kernels::dot(self.size(0), static_cast<const T*>(self.data_ptr()), self.stride(0),
                                                    static_cast<const T*>(tensor.data_ptr()), tensor.stride(0));
  });
  return record("DotBackward0", Forward(std::move(y)), wrt(self, [b = save(tensor)](const Tensor& gy) { return gy * *b; }),
                wrt(tensor, [a = save(self)](const Tensor& gy) { return gy * *a; }));
}

Tensor bmm(const Tensor& self, const Tensor& mat2) {
  check_batches("bmm", self, mat2);
  return record("BmmBackward0",
                product("bmm", self.dtype(), {self.size(0), self.size(1), mat2.size(2)}, batched_sizes_of(self, mat2), batch(self), batch(mat2)),
                wrt(self, [b = save(mat2)](const Tensor& gy) { return bmm(gy, transpose(b, 1, 2)); }),
                wrt(mat2, [a = save(self)](const Tensor& gy) { return bmm(transpose(a, 1, 2), gy); }));
}

Tensor addmm(const Tensor& self, const Tensor& mat1, const Tensor& mat2, const Scalar& beta, const Scalar& alpha) {
  check_matrices("addmm", mat1, mat2);
  check_summand("addmm", self, mat2);
  const Dims sizes{mat1.size(0), mat2.size(1)};
  return record("AddmmBackward0",
                product("addmm_impl_cpu_", mat1.dtype(), sizes, sizes_of(mat1, mat2), matrix(mat1), matrix(mat2),
                        summand(self, sizes), {alpha, beta}),
                wrt(self, [beta](const Tensor& gy) { return scaled(gy, beta); }),
                wrt(mat1, [b = save(mat2), alpha](const Tensor& gy) { return scaled(mm(gy, t(b)), alpha); }),
                wrt(mat2, [a = save(mat1), alpha](const Tensor& gy) { return scaled(mm(t(a), gy), alpha); }));
}

Tensor addmv(const Tensor& self, const Tensor& mat, const Tensor& vec, const Scalar& beta, const Scalar& alpha) {
  check_matrix_and_vector("addmv", mat, vec);
  check_summand("addmv", self, vec);
  const Dims sizes{mat.size(0)};
  return record("AddmvBackward0",
                product("addmv_impl_cpu", mat.dtype(), sizes, {1, mat.size(0), 1, mat.size(1)}, matrix(mat), column(vec),
                        column_summand(self, sizes), {alpha, beta}),
                wrt(self, [beta](const Tensor& gy) { return scaled(gy, beta); }),
                wrt(mat, [x = save(vec), alpha](const Tensor& gy) { return scaled(outer(gy, x), alpha); }),
                wrt(vec, [a = save(mat), alpha](const Tensor& gy) { return scaled(mv(t(a), gy), alpha); }));
}

Tensor baddbmm(const Tensor& self, const Tensor& batch1, const Tensor& batch2, const Scalar& beta, const Scalar& alpha) {
  check_batches("baddbmm", batch1, batch2);
  check_summand("baddbmm", self, batch2);
  const Dims sizes{batch1.size(0), batch1.size(1), batch2.size(2)};
  return record("BaddbmmBackward0",
                product("baddbmm", batch1.dtype(), sizes, batched_sizes_of(batch1, batch2), batch(batch1), batch(batch2),
                        summand(self, sizes), {alpha, beta}),
                wrt(self, [beta](const Tensor& gy) { return scaled(gy, beta); }),
                wrt(batch1, [b = save(batch2), alpha](const Tensor& gy) { return scaled(bmm(gy, transpose(b, 1, 2)), alpha); }),
                wrt(batch2, [a = save(batch1), alpha](const Tensor& gy) { return scaled(bmm(transpose(a, 1, 2), gy), alpha); }));
}

}  // namespace xgrad
