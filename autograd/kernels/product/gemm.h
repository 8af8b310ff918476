// Products of matrices in memory.
#pragma once

#include <cstdint>

#include <xgrad/autograd/core/namespace.h>

namespace torch { inline namespace xgrad { namespace kernels {

/// Where the elements of a batch of matrices lie; strides in elements. A stride of 0 shows the same elements again.
template <class T> struct Matrices {
  T* data;
  int64_t batch_stride, row_stride, column_stride;

  T* at(int64_t batch, int64_t row, int64_t column) const { return data + batch * batch_stride + row * row_stride + column * column_stride; }
};

/// `batch` products of rows x depth by depth x columns.
struct ProductSizes {
  int64_t batch, rows, columns, depth;
};

/// c = alpha * a b + beta * s, matrix by matrix, for float, double, int64_t, int32_t and uint8_t (integers wrap around).
///
/// c has column stride 1 and overlaps no other operand, except that it may be s. With beta 0, s is not read, and what c
/// held never matters. An alpha of 0 multiplies all the same, so that NaN and infinity survive. Depth 0 gives beta * s.
///
/// a and b may lie in any way. The loops and the order of every sum follow from the sizes and strides alone, so that results
/// don't depend on the number of threads.
template <class T>
void multiply(const ProductSizes& sizes, T alpha, Matrices<const T> a, Matrices<const T> b, T beta, Matrices<const T> s, Matrices<T> c);

/// Where multiply() cuts c = a b + c, one product of floats or doubles, into blocks of whole rows, how many rows a block has; else 0.
template <class T> int64_t rows_of_block(const ProductSizes& sizes, Matrices<const T> a, Matrices<const T> b, Matrices<T> c);
/// Rows first to last - 1 of that, with the bits they have in the whole: both are multiples of rows_of_block(), or last is the end.
template <class T>
void multiply_rows_of(const ProductSizes& sizes, int64_t first, int64_t last, Matrices<const T> a, Matrices<const T> b, Matrices<T> c);

/// A matrix whose rows lie `row` elements apart.
template <class T> struct MatrixRows {
  T* data;
  int64_t row, column = 1;
};
/// c = a b, or c += a b, for one product of rows x depth by depth x columns; c has column stride 1.
template <class T>
void multiply_rows(int64_t rows, int64_t columns, int64_t depth, MatrixRows<const T> a, MatrixRows<const T> b, bool add, MatrixRows<T> c) {
  multiply<T>({1, rows, columns, depth}, T(1), {a.data, 0, a.row, a.column}, {b.data, 0, b.row, b.column}, add ? T(1) : T(0), {c.data, 0, c.row, 1},
              {c.data, 0, c.row, 1});
}

/// *sum is that of x[i] * y[i], added up over fixed leaves in a fixed order.
template <class T> void dot(int64_t n, const T* x, int64_t x_stride, const T* y, int64_t y_stride, T* sum);

}}}  // namespace torch::xgrad::kernels
