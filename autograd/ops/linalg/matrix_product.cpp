#include <xgrad/autograd/ops/linalg/matrix_product.h>

#include <algorithm>
#include <climits>
#include <type_traits>

#include <xgrad/autograd/core/scalar_conversion.h>
#include <xgrad/autograd/core/shape.h>
#include <xgrad/autograd/ops/creation/tensor_literal.h>
#include <xgrad/autograd/ops/shape/view.h>
#include <xgrad/autograd/tensor/allocate.h>
#include <xgrad/autograd/tensor/copy.h>
#include <xgrad/autograd/tensor/pointwise.h>
#include <xgrad/autograd/tensor/tensor_memory.h>

namespace torch { inline namespace xgrad {

namespace {

// Along an axis of size 1 the stride means nothing, and a product's way must not depend on it.
int64_t stride_or(const TensorImpl& t, int axis, int64_t row_major) { return t.sizes[axis] == 1 ? row_major : t.strides[axis]; }

constexpr float kOne = 1;
constexpr double kDoubleOne = 1;

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

MatrixOperand ones_operand(ScalarType dtype) { return {dtype == kFloat ? static_cast<const void*>(&kOne) : &kDoubleOne, 0, 0, 0}; }

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

template <class T> kernels::Matrices<const T> elements(const MatrixOperand& x) {
  return {static_cast<const T*>(x.data), x.batch_stride, x.row_stride, x.column_stride};
}
template <class T> kernels::Matrices<T> row_major(const Tensor& out, const kernels::ProductSizes& n) {
  return {static_cast<T*>(out.data_ptr()), n.rows * n.columns, n.columns, 1};
}

// What a product reads of operands with elements of so many bytes.
struct ProductOperands {
  const kernels::ProductSizes& n;
  const MatrixOperand &a, &b, &s;
  int64_t bytes;
};

// The ones are no memory that anybody writes.
[[gnu::cold]] void append_memory(kernels::MemoryRanges& ranges, const ProductOperands& p) {
  const auto& [batch, rows, columns, depth] = p.n;
  if (batch * rows * columns == 0) return;
  const auto append = [&](const MatrixOperand& x, int64_t height, int64_t width) {
    if (!x.data || x.data == &kOne || x.data == &kDoubleOne || height * width == 0) return;
    ranges.push_back(strided_range(x.data, p.bytes, {p.n.batch, height, width}, {x.batch_stride, x.row_stride, x.column_stride}));
  };
  append(p.a, rows, depth);
  append(p.b, depth, columns);
  append(p.s, rows, columns);
}

// Booleans aren't multiplied; without any to multiply there is a product.
Forward zeros_of_nothing(const Operation& operation, const char* kernel, IntArrayRef sizes, const kernels::ProductSizes& n) {
  if (n.batch * n.rows * n.columns * n.depth > 0) detail::raise<NotImplementedError>("\"", kernel, "\" not implemented for 'Bool'");
  return Forward(operation, allocate_zeros(sizes, kBool));
}

template <class T> T factor(const char* kernel, const Scalar& value) {
  if constexpr (std::is_integral_v<T>) return element_of<T>(kernel, value);
  else return value.to<T>();
}

// The matrices' elements of `dtype` in the type that it is computed in, in memory that `room` keeps.
MatrixOperand widened(const MatrixOperand& x, ScalarType dtype, const Dims& sizes, Tensor& room) {
  if (!x.data) return x;
  room = copy_of(from_blob(const_cast<void*>(x.data), sizes, {x.batch_stride, x.row_stride, x.column_stride}, dtype), computed_in(dtype));
  return batch(room);
}

// Of a narrow dtype: computed in its wider one and rounded once.
[[gnu::noinline, gnu::cold]] Forward narrow_product(const Operation& operation, const char* kernel, ScalarType dtype, IntArrayRef sizes,
                                                    const kernels::ProductSizes& n, const MatrixOperand& a, const MatrixOperand& b,
                                                    const MatrixOperand& s, const Factors& factors) {
  Tensor room[3];
  const MatrixOperand wide_a = widened(a, dtype, {n.batch, n.rows, n.depth}, room[0]),
                      wide_b = widened(b, dtype, {n.batch, n.depth, n.columns}, room[1]),
                      wide_s = widened(s, dtype, {n.batch, n.rows, n.columns}, room[2]);
  return Forward(operation, rounded_to(dtype, product(operation, kernel, computed_in(dtype), sizes, n, wide_a, wide_b, wide_s, factors).value()));
}

}  // namespace

Forward product(const Operation& operation, const char* kernel, ScalarType dtype, IntArrayRef sizes, const kernels::ProductSizes& n,
                const MatrixOperand& a, const MatrixOperand& b, const MatrixOperand& s, const Factors& factors) {
  if (dtype == kBool) return zeros_of_nothing(operation, kernel, sizes, n);
  if (is_narrow(dtype)) return narrow_product(operation, kernel, dtype, sizes, n, a, b, s, factors);
  XGRAD_CHECK(n.rows <= INT_MAX && n.columns <= INT_MAX, "[", kernel, "] matrices of up to ", INT_MAX, " rows and columns can be multiplied, got ",
              n.rows, " and ", n.columns);
  Tensor out = allocate_tensor(sizes, dtype);
  dispatch_all(dtype, kernel, [&](auto zero) {
    using T = decltype(zero);
    if constexpr (!std::is_same_v<T, bool>)
      launch(operation, kernels::multiply<T>, reads(ProductOperands{n, a, b, s, sizeof(T)}), writes(out), n, factor<T>(kernel, factors.alpha),
             elements<T>(a), elements<T>(b), factor<T>(kernel, factors.beta), elements<T>(s), row_major<T>(out, n));
  });
  return Forward(operation, std::move(out));
}

void add_product(const Tensor& sum, const kernels::ProductSizes& n, const MatrixOperand& a, const MatrixOperand& b) {
  const Operation& op = operation<"addmm_">;
  if (is_narrow(sum.dtype())) return add_into(sum, product(op, op.name(), sum.dtype(), sum.sizes(), n, a, b).value());
  dispatch_floating(sum.dtype(), op.name(), [&](auto zero) {
    using T = decltype(zero);
    const auto c = row_major<T>(sum, n);
    launch(op, kernels::multiply<T>, reads(ProductOperands{n, a, b, {}, sizeof(T)}, sum), writes(sum), n, T(1), elements<T>(a), elements<T>(b), T(1),
           kernels::Matrices<const T>{c.data, c.batch_stride, c.row_stride, 1}, c);
  });
}

int64_t add_product_rows(const Tensor& sum, const kernels::ProductSizes& n, const MatrixOperand& a, const MatrixOperand& b, int64_t first,
                         int64_t wanted) {
  int64_t last = n.rows;
  if ((first > 0 || wanted < n.rows) && !is_narrow(sum.dtype())) {
    dispatch_floating(sum.dtype(), "addmm_", [&](auto zero) {
      using T = decltype(zero);
      const auto c = row_major<T>(sum, n);
      if (const int64_t block = kernels::rows_of_block<T>(n, elements<T>(a), elements<T>(b), c); block > 0)
        last = std::min((wanted + block - 1) / block * block, n.rows);
      if (first == 0 && last == n.rows) return;
      launch(operation<"addmm_">, kernels::multiply_rows_of<T>, reads(ProductOperands{n, a, b, {}, sizeof(T)}, sum), writes(sum), n, first, last,
             elements<T>(a), elements<T>(b), c);
    });
  }
  if (first == 0 && last == n.rows) add_product(sum, n, a, b);
  return last;
}

}}  // namespace torch::xgrad
