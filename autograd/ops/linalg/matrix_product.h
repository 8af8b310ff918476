// Tensors as operands of the products in kernels/gemm.h.
#pragma once

#include <xgrad/autograd/graph/record.h>
#include <xgrad/autograd/kernels/product/gemm.h>

namespace torch { inline namespace xgrad {

/// Where the matrices of a factor or a summand lie; strides in elements.
struct MatrixOperand {
  const void* data = nullptr;
  int64_t batch_stride = 0, row_stride = 0, column_stride = 0;
};

/// A vector as a column, a matrix, the same transposed, a batch of matrices. Along axes of size 1 strides are those of a row-major
/// tensor.
MatrixOperand column(const Tensor& t);
MatrixOperand matrix(const Tensor& t);
MatrixOperand transposed(const MatrixOperand& x);
/// A matrix of ones of any size, float or double.
MatrixOperand ones_operand(ScalarType dtype);
MatrixOperand batch(const Tensor& t);

/// The summand `t` broadcast to `sizes`, whose last axes are those of the matrices. Throws if it doesn't broadcast.
MatrixOperand summand(const Tensor& t, const Dims& sizes);

struct Factors {
  Scalar alpha = 1, beta = 0;
};

/// alpha * a b + beta * s as a tensor of shape `sizes`. Throws for bool, naming `kernel`, as PyTorch calls it.
Forward product(const Operation& operation, const char* kernel, ScalarType dtype, IntArrayRef sizes, const kernels::ProductSizes& n,
                const MatrixOperand& a, const MatrixOperand& b, const MatrixOperand& s = {}, const Factors& factors = {});

/// sum += a b in the memory of a row-major floating tensor, which overlaps neither factor; no graph.
void add_product(const Tensor& sum, const kernels::ProductSizes& n, const MatrixOperand& a, const MatrixOperand& b);
/// The same for some of the rows of one product: from `first` on, 0 or where a call before stopped, to about `wanted`. Returns where it stopped. What
/// all calls have added has the bits of add_product.
int64_t add_product_rows(const Tensor& sum, const kernels::ProductSizes& n, const MatrixOperand& a, const MatrixOperand& b, int64_t first,
                         int64_t wanted);

}}  // namespace torch::xgrad
