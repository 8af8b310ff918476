#include <xgrad/autograd/ops/linalg/matrix_product.h>

#include <algorithm>
#include <climits>
#include <type_traits>

#include <xgrad/autograd/core/scalar_conversion.h>
#include <xgrad/autograd/core/shape.h>
#include <xgrad/autograd/ops/shape/view.h>
#include <xgrad/autograd/tensor/allocate.h>

namespace torch { inline namespace xgrad {

namespace {

// Along an axis of size 1 the stride means nothing, and a product's way must not depend on it.
int64_t stride_or(const TensorImpl& t, int axis, int64_t row_major) { return t.sizes[axis] == 1 ? row_major : t.strides[axis]; }

}  // namespace

MatrixOperand column(const Tensor& t) { return {t.data_ptr(), 0, stride_or(t.impl(), 0, 1), 1}; }
MatrixOperand matrix(const Tensor& t) {
  const TensorImpl& impl = t.impl();
  return {impl.data, 0, stride_or(impl, 0, impl.sizes[1]), stride_or(impl, 1, 1)};
}
MatrixOperand transposed(const MatrixOperand& x) { return {x.data, x.batch_stride, x.column_stride, x.row_stride}; }
MatrixOperand batch(const Tensor& t) {
  const TensorImpl& impl = t.impl();
  return {impl.data, stride_or(impl, 0, impl.sizes[1] * impl.sizes[2]), stride_or(impl, 1, impl.sizes[2]), stride_or(impl, 2, 1)};
}

MatrixOperand ones_operand(ScalarType dtype) {
  static constexpr float one = 1;
  static constexpr double double_one = 1;
  return {dtype == kFloat ? static_cast<const void*>(&one) : &double_one, 0, 0, 0};
}

MatrixOperand summand(const Tensor& t, const Dims& sizes) {
  if (!broadcasts_to(t.sizes(), sizes)) expand(t, sizes);  // throws what is wrong
  const TensorImpl& impl = t.impl();
  int64_t strides[3] = {0, 0, 0};
  for (int from_end = 1; from_end <= impl.sizes.size(); ++from_end) {
    const int axis = impl.sizes.size() - from_end;
    strides[3 - from_end] = impl.sizes[axis] == 1 ? 0 : impl.strides[axis];
  }
  return {impl.data, strides[0], strides[1], strides[2]};
}

namespace {

template <class T>
kernels::Matrices<const T> elements(const MatrixOperand& x) {
  return {static_cast<const T*>(x.data), x.batch_stride, x.row_stride, x.column_stride};
}
template <class T>
kernels::Matrices<T> row_major(const Tensor& out, const kernels::ProductSizes& n) {
  return {static_cast<T*>(out.data_ptr()), n.rows * n.columns, n.columns, 1};
}

// Booleans aren't multiplied; without any to multiply there is a product.
Forward zeros_of_nothing(const char* kernel, IntArrayRef sizes, const kernels::ProductSizes& n) {
  if (n.batch * n.rows * n.columns * n.depth > 0) detail::raise<NotImplementedError>("\"", kernel, "\" not implemented for 'Bool'");
  Tensor out = allocate_tensor(sizes, kBool);
  std::fill_n(static_cast<bool*>(out.data_ptr()), out.numel(), false);
  return Forward(std::move(out));
}

template <class T>
T factor(const char* kernel, const Scalar& value) {
  if constexpr (std::is_integral_v<T>) return element_of<T>(kernel, value);
  else return value.to<T>();
}

}  // namespace

Forward product(const char* kernel, ScalarType dtype, IntArrayRef sizes, const kernels::ProductSizes& n, const MatrixOperand& a, const MatrixOperand& b,
                const MatrixOperand& s, const Factors& factors) {
  if (dtype == kBool) return zeros_of_nothing(kernel, sizes, n);
  XGRAD_CHECK(n.rows <= INT_MAX && n.columns <= INT_MAX, "[", kernel, "] matrices of up to ", INT_MAX, " rows and columns can be multiplied, got ",
              n.rows, " and ", n.columns);
  Tensor out = allocate_tensor(sizes, dtype);
  dispatch_all(dtype, kernel, [&](auto zero) {
    using T = decltype(zero);
    if constexpr (!std::is_same_v<T, bool>)
      kernels::multiply<T>(n, factor<T>(kernel, factors.alpha), elements<T>(a), elements<T>(b), factor<T>(kernel, factors.beta), elements<T>(s),
                           row_major<T>(out, n));
  });
  return Forward(std::move(out));
}

void add_product(const Tensor& sum, const kernels::ProductSizes& n, const MatrixOperand& a, const MatrixOperand& b) {
  dispatch_floating(sum.dtype(), "add_product", [&](auto zero) {
    using T = decltype(zero);
    const auto c = row_major<T>(sum, n);
    kernels::multiply<T>(n, T(1), elements<T>(a), elements<T>(b), T(1), {c.data, c.batch_stride, c.row_stride, 1}, c);
  });
}

}}  // namespace torch::xgrad
