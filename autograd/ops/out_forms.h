// Operations that write their result into tensors given to them: torch::sum_out(out, x, 0). The elementwise ones: pointwise/out_forms.h, whose
// rules hold here too. What has several results takes a tensor for each, of int64 for integers, in their order, and gives all of them.
#pragma once

#include <string_view>
#include <tuple>
#include <utility>

#include <xgrad/autograd/ops/loss/loss.h>
#include <xgrad/autograd/ops/pointwise/into.h>
#include <xgrad/autograd/tensor/tensor.h>

namespace torch { inline namespace xgrad {

/// Name, parameters and the arguments that they make, by the number of results. A FACTORY makes elements of out's dtype, which is also the
/// one that sums and products are taken in; a SEQUENCE of as many elements as out has keeps its shape.
// clang-format off
#define XGRAD_EACH_RESULT_OUT(ONE, TWO, THREE, FACTORY, SEQUENCE) \
  SEQUENCE(arange, (const Scalar& end), (end)) SEQUENCE(arange, (const Scalar& start, const Scalar& end, const Scalar& step), (start, end, step)) \
  FACTORY(eye, (int64_t n), (n)) FACTORY(eye, (int64_t n, int64_t m), (n, m)) \
  FACTORY(full, (IntArrayRef size, const Scalar& fill_value), (size, fill_value)) \
  SEQUENCE(linspace, (const Scalar& start, const Scalar& end, int64_t steps), (start, end, steps)) \
  SEQUENCE(logspace, (const Scalar& start, const Scalar& end, int64_t steps, double base XGRAD_OR(10.0)), (start, end, steps, base)) \
  FACTORY(ones, (IntArrayRef size), (size)) FACTORY(rand, (IntArrayRef size), (size)) \
  FACTORY(rand, (IntArrayRef size, std::optional<Generator> generator), (size, generator)) \
  FACTORY(randint, (int64_t high, IntArrayRef size), (high, size)) \
  FACTORY(randint, (int64_t high, IntArrayRef size, std::optional<Generator> generator), (high, size, generator)) \
  FACTORY(randint, (int64_t low, int64_t high, IntArrayRef size), (low, high, size)) \
  FACTORY(randint, (int64_t low, int64_t high, IntArrayRef size, std::optional<Generator> generator), (low, high, size, generator)) \
  FACTORY(randn, (IntArrayRef size), (size)) FACTORY(randn, (IntArrayRef size, std::optional<Generator> generator), (size, generator)) \
  FACTORY(randperm, (int64_t n), (n)) FACTORY(randperm, (int64_t n, std::optional<Generator> generator), (n, generator)) \
  FACTORY(tril_indices, (int64_t row, int64_t col, int64_t offset XGRAD_OR(0)), (row, col, offset)) \
  FACTORY(triu_indices, (int64_t row, int64_t col, int64_t offset XGRAD_OR(0)), (row, col, offset)) FACTORY(zeros, (IntArrayRef size), (size)) \
  ONE(addbmm, (const Tensor& self, const Tensor& batch1, const Tensor& batch2, const Scalar& beta XGRAD_OR(1), const Scalar& alpha XGRAD_OR(1)), \
      (self, batch1, batch2, beta, alpha)) \
  ONE(addmm, (const Tensor& self, const Tensor& mat1, const Tensor& mat2, const Scalar& beta XGRAD_OR(1), const Scalar& alpha XGRAD_OR(1)), \
      (self, mat1, mat2, beta, alpha)) \
  ONE(addmv, (const Tensor& self, const Tensor& mat, const Tensor& vec, const Scalar& beta XGRAD_OR(1), const Scalar& alpha XGRAD_OR(1)), \
      (self, mat, vec, beta, alpha)) \
  ONE(addr, (const Tensor& self, const Tensor& vec1, const Tensor& vec2, const Scalar& beta XGRAD_OR(1), const Scalar& alpha XGRAD_OR(1)), \
      (self, vec1, vec2, beta, alpha)) \
  ONE(all, (const Tensor& self, int64_t dim, bool keepdim XGRAD_OR(false)), (self, dim, keepdim)) ONE(all, (const Tensor& self), (self)) \
  ONE(amax, (const Tensor& self, IntArrayRef dim XGRAD_OR({}), bool keepdim XGRAD_OR(false)), (self, dim, keepdim)) \
  ONE(amin, (const Tensor& self, IntArrayRef dim XGRAD_OR({}), bool keepdim XGRAD_OR(false)), (self, dim, keepdim)) \
  ONE(any, (const Tensor& self, int64_t dim, bool keepdim XGRAD_OR(false)), (self, dim, keepdim)) ONE(any, (const Tensor& self), (self)) \
  ONE(argmax, (const Tensor& self, std::optional<int64_t> dim XGRAD_OR(std::nullopt), bool keepdim XGRAD_OR(false)), (self, dim, keepdim)) \
  ONE(argmin, (const Tensor& self, std::optional<int64_t> dim XGRAD_OR(std::nullopt), bool keepdim XGRAD_OR(false)), (self, dim, keepdim)) \
  ONE(baddbmm, (const Tensor& self, const Tensor& batch1, const Tensor& batch2, const Scalar& beta XGRAD_OR(1), const Scalar& alpha XGRAD_OR(1)), \
      (self, batch1, batch2, beta, alpha)) \
  ONE(binary_cross_entropy, (const Tensor& self, const Tensor& target, const std::optional<Tensor>& weight XGRAD_OR({}), \
      int64_t reduction XGRAD_OR(Reduction::Mean)), (self, target, weight, reduction)) \
  ONE(bitwise_and, (const Scalar& self, const Tensor& other), (self, other)) \
  ONE(bitwise_or, (const Scalar& self, const Tensor& other), (self, other)) \
  ONE(bitwise_xor, (const Scalar& self, const Tensor& other), (self, other)) \
  ONE(bitwise_left_shift, (const Scalar& self, const Tensor& other), (self, other)) \
  ONE(bitwise_right_shift, (const Scalar& self, const Tensor& other), (self, other)) \
  ONE(float_power, (const Scalar& self, const Tensor& exponent), (self, exponent)) \
  ONE(pow, (const Scalar& self, const Tensor& exponent), (self, exponent)) ONE(remainder, (const Scalar& self, const Tensor& other), (self, other)) \
  ONE(bmm, (const Tensor& self, const Tensor& mat2), (self, mat2)) \
  ONE(bucketize, (const Tensor& self, const Tensor& boundaries, bool out_int32 XGRAD_OR(false), bool right XGRAD_OR(false)), \
      (self, boundaries, out_int32, right)) \
  ONE(bucketize, (const Scalar& self, const Tensor& boundaries, bool out_int32 XGRAD_OR(false), bool right XGRAD_OR(false)), \
      (self, boundaries, out_int32, right)) \
  ONE(cat, (TensorList tensors, int64_t dim XGRAD_OR(0)), (tensors, dim)) ONE(chain_matmul, (TensorList matrices), (matrices)) \
  ONE(cholesky, (const Tensor& self, bool upper XGRAD_OR(false)), (self, upper)) \
  ONE(cholesky_inverse, (const Tensor& self, bool upper XGRAD_OR(false)), (self, upper)) \
  ONE(cholesky_solve, (const Tensor& self, const Tensor& input2, bool upper XGRAD_OR(false)), (self, input2, upper)) \
  ONE(column_stack, (TensorList tensors), (tensors)) ONE(concat, (TensorList tensors, int64_t dim XGRAD_OR(0)), (tensors, dim)) \
  ONE(concatenate, (TensorList tensors, int64_t dim XGRAD_OR(0)), (tensors, dim)) \
  ONE(cross, (const Tensor& self, const Tensor& other, std::optional<int64_t> dim XGRAD_OR(std::nullopt)), (self, other, dim)) \
  ONE(cumprod, (const Tensor& self, int64_t dim, std::optional<ScalarType> dtype XGRAD_OR(std::nullopt)), \
      (self, dim, dtype.value_or(out.scalar_type()))) \
  ONE(cumsum, (const Tensor& self, int64_t dim, std::optional<ScalarType> dtype XGRAD_OR(std::nullopt)), \
      (self, dim, dtype.value_or(out.scalar_type()))) \
  ONE(diag, (const Tensor& self, int64_t diagonal XGRAD_OR(0)), (self, diagonal)) \
  ONE(diag_embed, (const Tensor& self, int64_t offset XGRAD_OR(0), int64_t dim1 XGRAD_OR(-2), int64_t dim2 XGRAD_OR(-1)), \
      (self, offset, dim1, dim2)) \
  ONE(diff, (const Tensor& self, int64_t n XGRAD_OR(1), int64_t dim XGRAD_OR(-1), const std::optional<Tensor>& prepend XGRAD_OR({}), \
      const std::optional<Tensor>& append XGRAD_OR({})), (self, n, dim, prepend, append)) \
  ONE(dot, (const Tensor& self, const Tensor& tensor), (self, tensor)) ONE(dstack, (TensorList tensors), (tensors)) \
  ONE(elu, (const Tensor& self, const Scalar& alpha XGRAD_OR(1), const Scalar& scale XGRAD_OR(1), const Scalar& input_scale XGRAD_OR(1)), \
      (self, alpha, scale, input_scale)) \
  ONE(flip, (const Tensor& self, IntArrayRef dims), (self, dims)) \
  ONE(gather, (const Tensor& self, int64_t dim, const Tensor& index, bool sparse_grad XGRAD_OR(false)), (self, dim, index, sparse_grad)) \
  ONE(gelu, (const Tensor& self, std::string_view approximate XGRAD_OR("none")), (self, approximate)) \
  ONE(ger, (const Tensor& self, const Tensor& vec2), (self, vec2)) \
  ONE(hardshrink, (const Tensor& self, const Scalar& lambd XGRAD_OR(0.5)), (self, lambd)) ONE(hardsigmoid, (const Tensor& self), (self)) \
  ONE(hardswish, (const Tensor& self), (self)) \
  ONE(hardtanh, (const Tensor& self, const Scalar& min_val XGRAD_OR(-1), const Scalar& max_val XGRAD_OR(1)), (self, min_val, max_val)) \
  ONE(histc, (const Tensor& self, int64_t bins XGRAD_OR(100), const Scalar& min XGRAD_OR(0), const Scalar& max XGRAD_OR(0)), \
      (self, bins, min, max)) \
  ONE(hstack, (TensorList tensors), (tensors)) \
  ONE(huber_loss, (const Tensor& self, const Tensor& target, int64_t reduction XGRAD_OR(Reduction::Mean), double delta XGRAD_OR(1.0)), \
      (self, target, reduction, delta)) \
  ONE(index_add, (const Tensor& self, int64_t dim, const Tensor& index, const Tensor& source, const Scalar& alpha XGRAD_OR(1)), \
      (self, dim, index, source, alpha)) \
  ONE(index_copy, (const Tensor& self, int64_t dim, const Tensor& index, const Tensor& source), (self, dim, index, source)) \
  ONE(index_select, (const Tensor& self, int64_t dim, const Tensor& index), (self, dim, index)) \
  ONE(inner, (const Tensor& self, const Tensor& other), (self, other)) ONE(inverse, (const Tensor& self), (self)) \
  ONE(isin, (const Tensor& elements, const Tensor& test_elements, bool assume_unique XGRAD_OR(false), bool invert XGRAD_OR(false)), \
      (elements, test_elements, assume_unique, invert)) \
  ONE(isin, (const Tensor& elements, const Scalar& test_element, bool assume_unique XGRAD_OR(false), bool invert XGRAD_OR(false)), \
      (elements, test_element, assume_unique, invert)) \
  ONE(isin, (const Scalar& element, const Tensor& test_elements, bool assume_unique XGRAD_OR(false), bool invert XGRAD_OR(false)), \
      (element, test_elements, assume_unique, invert)) \
  ONE(kron, (const Tensor& self, const Tensor& other), (self, other)) \
  ONE(leaky_relu, (const Tensor& self, const Scalar& negative_slope XGRAD_OR(0.01)), (self, negative_slope)) \
  ONE(log_sigmoid, (const Tensor& self), (self)) \
  ONE(log_softmax, (const Tensor& self, int64_t dim, std::optional<ScalarType> dtype XGRAD_OR(std::nullopt)), (self, dim, dtype)) \
  ONE(logcumsumexp, (const Tensor& self, int64_t dim), (self, dim)) \
  ONE(logsumexp, (const Tensor& self, IntArrayRef dim, bool keepdim XGRAD_OR(false)), (self, dim, keepdim)) \
  ONE(lu_solve, (const Tensor& self, const Tensor& LU_data, const Tensor& LU_pivots), (self, LU_data, LU_pivots)) \
  ONE(masked_select, (const Tensor& self, const Tensor& mask), (self, mask)) \
  ONE(matmul, (const Tensor& self, const Tensor& other), (self, other)) ONE(matrix_power, (const Tensor& self, int64_t n), (self, n)) \
  ONE(max, (const Tensor& self, const Tensor& other), (self, other)) \
  ONE(mean, (const Tensor& self, OptionalIntArrayRef dim, bool keepdim XGRAD_OR(false), std::optional<ScalarType> dtype XGRAD_OR(std::nullopt)), \
      (self, dim, keepdim, dtype)) \
  ONE(median, (const Tensor& self), (self)) ONE(min, (const Tensor& self, const Tensor& other), (self, other)) \
  ONE(mish, (const Tensor& self), (self)) ONE(mm, (const Tensor& self, const Tensor& mat2), (self, mat2)) \
  ONE(mse_loss, (const Tensor& self, const Tensor& target, int64_t reduction XGRAD_OR(Reduction::Mean)), (self, target, reduction)) \
  ONE(msort, (const Tensor& self), (self)) \
  ONE(multi_margin_loss, (const Tensor& self, const Tensor& target, const Scalar& p XGRAD_OR(1), const Scalar& margin XGRAD_OR(1), \
      const std::optional<Tensor>& weight XGRAD_OR({}), int64_t reduction XGRAD_OR(Reduction::Mean)), (self, target, p, margin, weight, reduction)) \
  ONE(multinomial, (const Tensor& self, int64_t num_samples, bool replacement XGRAD_OR(false), \
      std::optional<Generator> generator XGRAD_OR(std::nullopt)), (self, num_samples, replacement, generator)) \
  ONE(mv, (const Tensor& self, const Tensor& vec), (self, vec)) ONE(nanmedian, (const Tensor& self), (self)) \
  ONE(nanquantile, (const Tensor& self, const Tensor& q, std::optional<int64_t> dim XGRAD_OR(std::nullopt), bool keepdim XGRAD_OR(false), \
      std::string_view interpolation XGRAD_OR("linear")), (self, q, dim, keepdim, interpolation)) \
  ONE(nanquantile, (const Tensor& self, double q, std::optional<int64_t> dim XGRAD_OR(std::nullopt), bool keepdim XGRAD_OR(false), \
      std::string_view interpolation XGRAD_OR("linear")), (self, q, dim, keepdim, interpolation)) \
  ONE(nansum, (const Tensor& self, OptionalIntArrayRef dim XGRAD_OR(std::nullopt), bool keepdim XGRAD_OR(false), \
      std::optional<ScalarType> dtype XGRAD_OR(std::nullopt)), (self, dim, keepdim, dtype.value_or(out.scalar_type()))) \
  ONE(nll_loss, (const Tensor& self, const Tensor& target, const std::optional<Tensor>& weight XGRAD_OR({}), \
      int64_t reduction XGRAD_OR(Reduction::Mean), int64_t ignore_index XGRAD_OR(-100)), (self, target, weight, reduction, ignore_index)) \
  ONE(nonzero, (const Tensor& self), (self)) \
  ONE(norm, (const Tensor& self, const std::optional<Scalar>& p, IntArrayRef dim, bool keepdim, ScalarType dtype), \
      (self, p, dim, keepdim, dtype)) \
  ONE(norm, (const Tensor& self, const std::optional<Scalar>& p, IntArrayRef dim, bool keepdim XGRAD_OR(false)), (self, p, dim, keepdim)) \
  ONE(norm, (const Tensor& self, const std::optional<Scalar>& p, ScalarType dtype), (self, p, dtype)) \
  ONE(norm, (const Tensor& self, const Scalar& p XGRAD_OR(2)), (self, p)) ONE(orgqr, (const Tensor& self, const Tensor& input2), (self, input2)) \
  ONE(ormqr, (const Tensor& self, const Tensor& input2, const Tensor& input3, bool left XGRAD_OR(true), bool transpose XGRAD_OR(false)), \
      (self, input2, input3, left, transpose)) \
  ONE(outer, (const Tensor& self, const Tensor& vec2), (self, vec2)) ONE(polygamma, (int64_t n, const Tensor& self), (n, self)) \
  ONE(prod, (const Tensor& self, int64_t dim, bool keepdim XGRAD_OR(false), std::optional<ScalarType> dtype XGRAD_OR(std::nullopt)), \
      (self, dim, keepdim, dtype.value_or(out.scalar_type()))) \
  ONE(prod, (const Tensor& self, std::optional<ScalarType> dtype XGRAD_OR(std::nullopt)), (self, dtype.value_or(out.scalar_type()))) \
  ONE(quantile, (const Tensor& self, const Tensor& q, std::optional<int64_t> dim XGRAD_OR(std::nullopt), bool keepdim XGRAD_OR(false), \
      std::string_view interpolation XGRAD_OR("linear")), (self, q, dim, keepdim, interpolation)) \
  ONE(quantile, (const Tensor& self, double q, std::optional<int64_t> dim XGRAD_OR(std::nullopt), bool keepdim XGRAD_OR(false), \
      std::string_view interpolation XGRAD_OR("linear")), (self, q, dim, keepdim, interpolation)) \
  ONE(renorm, (const Tensor& self, const Scalar& p, int64_t dim, const Scalar& maxnorm), (self, p, dim, maxnorm)) \
  ONE(row_stack, (TensorList tensors), (tensors)) \
  ONE(scatter, (const Tensor& self, int64_t dim, const Tensor& index, const Tensor& src), (self, dim, index, src)) \
  ONE(scatter, (const Tensor& self, int64_t dim, const Tensor& index, const Scalar& value), (self, dim, index, value)) \
  ONE(scatter, (const Tensor& self, int64_t dim, const Tensor& index, const Tensor& src, std::string_view reduce), \
      (self, dim, index, src, reduce)) \
  ONE(scatter, (const Tensor& self, int64_t dim, const Tensor& index, const Scalar& value, std::string_view reduce), \
      (self, dim, index, value, reduce)) \
  ONE(scatter_add, (const Tensor& self, int64_t dim, const Tensor& index, const Tensor& src), (self, dim, index, src)) \
  ONE(scatter_reduce, (const Tensor& self, int64_t dim, const Tensor& index, const Tensor& src, std::string_view reduce, \
      bool include_self XGRAD_OR(true)), (self, dim, index, src, reduce, include_self)) \
  ONE(searchsorted, (const Tensor& sorted_sequence, const Tensor& self, bool out_int32 XGRAD_OR(false), bool right XGRAD_OR(false), \
      std::optional<std::string_view> side XGRAD_OR(std::nullopt), const std::optional<Tensor>& sorter XGRAD_OR({})), \
      (sorted_sequence, self, out_int32, right, side, sorter)) \
  ONE(searchsorted, (const Tensor& sorted_sequence, const Scalar& self, bool out_int32 XGRAD_OR(false), bool right XGRAD_OR(false), \
      std::optional<std::string_view> side XGRAD_OR(std::nullopt), const std::optional<Tensor>& sorter XGRAD_OR({})), \
      (sorted_sequence, self, out_int32, right, side, sorter)) \
  ONE(silu, (const Tensor& self), (self)) \
  ONE(smooth_l1_loss, (const Tensor& self, const Tensor& target, int64_t reduction XGRAD_OR(Reduction::Mean), double beta XGRAD_OR(1.0)), \
      (self, target, reduction, beta)) \
  ONE(soft_margin_loss, (const Tensor& self, const Tensor& target, int64_t reduction XGRAD_OR(Reduction::Mean)), (self, target, reduction)) \
  ONE(softmax, (const Tensor& self, int64_t dim, std::optional<ScalarType> dtype XGRAD_OR(std::nullopt)), (self, dim, dtype)) \
  ONE(softplus, (const Tensor& self, const Scalar& beta XGRAD_OR(1), const Scalar& threshold XGRAD_OR(20)), (self, beta, threshold)) \
  ONE(softshrink, (const Tensor& self, const Scalar& lambd XGRAD_OR(0.5)), (self, lambd)) \
  ONE(special_gammainc, (const Tensor& self, const Tensor& other), (self, other)) \
  ONE(special_gammaincc, (const Tensor& self, const Tensor& other), (self, other)) \
  ONE(special_logit, (const Tensor& self, std::optional<double> eps XGRAD_OR(std::nullopt)), (self, eps)) \
  ONE(special_logsumexp, (const Tensor& self, IntArrayRef dim, bool keepdim XGRAD_OR(false)), (self, dim, keepdim)) \
  ONE(special_multigammaln, (const Tensor& self, int64_t p), (self, p)) ONE(special_polygamma, (int64_t n, const Tensor& self), (n, self)) \
  ONE(special_xlog1py, (const Tensor& self, const Tensor& other), (self, other)) \
  ONE(special_xlog1py, (const Scalar& self, const Tensor& other), (self, other)) \
  ONE(special_xlog1py, (const Tensor& self, const Scalar& other), (self, other)) \
  ONE(special_xlogy, (const Tensor& self, const Tensor& other), (self, other)) \
  ONE(special_xlogy, (const Scalar& self, const Tensor& other), (self, other)) \
  ONE(special_xlogy, (const Tensor& self, const Scalar& other), (self, other)) \
  ONE(special_zeta, (const Tensor& self, const Tensor& other), (self, other)) \
  ONE(special_zeta, (const Scalar& self, const Tensor& other), (self, other)) \
  ONE(special_zeta, (const Tensor& self, const Scalar& other), (self, other)) \
  ONE(stack, (TensorList tensors, int64_t dim XGRAD_OR(0)), (tensors, dim)) \
  ONE(std, (const Tensor& self, OptionalIntArrayRef dim, bool unbiased XGRAD_OR(true), bool keepdim XGRAD_OR(false)), \
      (self, dim, unbiased, keepdim)) \
  ONE(std, (const Tensor& self, OptionalIntArrayRef dim, std::optional<int64_t> correction, bool keepdim XGRAD_OR(false)), \
      (self, dim, correction, keepdim)) \
  ONE(sum, (const Tensor& self, OptionalIntArrayRef dim, bool keepdim XGRAD_OR(false), std::optional<ScalarType> dtype XGRAD_OR(std::nullopt)), \
      (self, dim, keepdim, dtype.value_or(out.scalar_type()))) \
  ONE(sum, (const Tensor& self, std::optional<ScalarType> dtype XGRAD_OR(std::nullopt)), (self, dtype.value_or(out.scalar_type()))) \
  ONE(take, (const Tensor& self, const Tensor& index), (self, index)) \
  ONE(take_along_dim, (const Tensor& self, const Tensor& indices, std::optional<int64_t> dim XGRAD_OR(std::nullopt)), (self, indices, dim)) \
  ONE(tensordot, (const Tensor& self, const Tensor& other, IntArrayRef dims_self, IntArrayRef dims_other), \
      (self, other, dims_self, dims_other)) \
  ONE(threshold, (const Tensor& self, const Scalar& threshold, const Scalar& value), (self, threshold, value)) \
  ONE(tril, (const Tensor& self, int64_t diagonal XGRAD_OR(0)), (self, diagonal)) \
  ONE(triu, (const Tensor& self, int64_t diagonal XGRAD_OR(0)), (self, diagonal)) \
  ONE(var, (const Tensor& self, OptionalIntArrayRef dim, bool unbiased XGRAD_OR(true), bool keepdim XGRAD_OR(false)), \
      (self, dim, unbiased, keepdim)) \
  ONE(var, (const Tensor& self, OptionalIntArrayRef dim, std::optional<int64_t> correction, bool keepdim XGRAD_OR(false)), \
      (self, dim, correction, keepdim)) \
  ONE(vdot, (const Tensor& self, const Tensor& other), (self, other)) ONE(vstack, (TensorList tensors), (tensors)) \
  ONE(where, (const Tensor& condition, const Tensor& self, const Tensor& other), (condition, self, other)) \
  ONE(xlogy, (const Scalar& self, const Tensor& other), (self, other)) \
  TWO(aminmax, (const Tensor& self, std::optional<int64_t> dim XGRAD_OR(std::nullopt), bool keepdim XGRAD_OR(false)), (self, dim, keepdim)) \
  TWO(cummax, (const Tensor& self, int64_t dim), (self, dim)) TWO(cummin, (const Tensor& self, int64_t dim), (self, dim)) \
  TWO(frexp, (const Tensor& self), (self)) TWO(geqrf, (const Tensor& self), (self)) \
  TWO(kthvalue, (const Tensor& self, int64_t k, int64_t dim XGRAD_OR(-1), bool keepdim XGRAD_OR(false)), (self, k, dim, keepdim)) \
  TWO(max, (const Tensor& self, int64_t dim, bool keepdim XGRAD_OR(false)), (self, dim, keepdim)) \
  TWO(median, (const Tensor& self, int64_t dim, bool keepdim XGRAD_OR(false)), (self, dim, keepdim)) \
  TWO(min, (const Tensor& self, int64_t dim, bool keepdim XGRAD_OR(false)), (self, dim, keepdim)) \
  TWO(mode, (const Tensor& self, int64_t dim XGRAD_OR(-1), bool keepdim XGRAD_OR(false)), (self, dim, keepdim)) \
  TWO(nanmedian, (const Tensor& self, int64_t dim, bool keepdim XGRAD_OR(false)), (self, dim, keepdim)) \
  TWO(qr, (const Tensor& self, bool some XGRAD_OR(true)), (self, some)) \
  TWO(sort, (const Tensor& self, int64_t dim XGRAD_OR(-1), bool descending XGRAD_OR(false)), (self, dim, descending)) \
  TWO(sort, (const Tensor& self, std::optional<bool> stable, int64_t dim XGRAD_OR(-1), bool descending XGRAD_OR(false)), \
      (self, stable, dim, descending)) \
  TWO(topk, (const Tensor& self, int64_t k, int64_t dim XGRAD_OR(-1), bool largest XGRAD_OR(true), bool sorted XGRAD_OR(true)), \
      (self, k, dim, largest, sorted)) \
  TWO(triangular_solve, (const Tensor& self, const Tensor& A, bool upper XGRAD_OR(true), bool transpose XGRAD_OR(false), \
      bool unitriangular XGRAD_OR(false)), (self, A, upper, transpose, unitriangular)) \
  ONE(adaptive_avg_pool2d, (const Tensor& self, IntArrayRef output_size), (self, output_size)) \
  ONE(adaptive_avg_pool3d, (const Tensor& self, IntArrayRef output_size), (self, output_size)) \
  TWO(adaptive_max_pool2d, (const Tensor& self, IntArrayRef output_size), (self, output_size)) \
  TWO(adaptive_max_pool3d, (const Tensor& self, IntArrayRef output_size), (self, output_size)) \
  ONE(avg_pool2d, (const Tensor& self, IntArrayRef kernel_size, IntArrayRef stride XGRAD_OR({}), IntArrayRef padding XGRAD_OR(0), bool \
      ceil_mode XGRAD_OR(false), bool count_include_pad XGRAD_OR(true), std::optional<int64_t> divisor_override XGRAD_OR(std::nullopt)), (self, \
      kernel_size, stride, padding, ceil_mode, count_include_pad, divisor_override)) \
  ONE(avg_pool3d, (const Tensor& self, IntArrayRef kernel_size, IntArrayRef stride XGRAD_OR({}), IntArrayRef padding XGRAD_OR(0), bool \
      ceil_mode XGRAD_OR(false), bool count_include_pad XGRAD_OR(true), std::optional<int64_t> divisor_override XGRAD_OR(std::nullopt)), (self, \
      kernel_size, stride, padding, ceil_mode, count_include_pad, divisor_override)) \
  ONE(col2im, (const Tensor& self, IntArrayRef output_size, IntArrayRef kernel_size, IntArrayRef dilation, IntArrayRef padding, IntArrayRef \
      stride), (self, output_size, kernel_size, dilation, padding, stride)) \
  TWO(fractional_max_pool2d, (const Tensor& self, IntArrayRef kernel_size, IntArrayRef output_size, const Tensor& random_samples), (self, \
      kernel_size, output_size, random_samples)) \
  TWO(fractional_max_pool3d, (const Tensor& self, IntArrayRef kernel_size, IntArrayRef output_size, const Tensor& random_samples), (self, \
      kernel_size, output_size, random_samples)) \
  ONE(frobenius_norm, (const Tensor& self, IntArrayRef dim, bool keepdim XGRAD_OR(false)), (self, dim, keepdim)) \
  ONE(glu, (const Tensor& self, int64_t dim XGRAD_OR(-1)), (self, dim)) \
  TWO(histogram, (const Tensor& self, const Tensor& bins, const std::optional<Tensor>& weight XGRAD_OR({}), bool density XGRAD_OR(false)), \
      (self, bins, weight, density)) \
  TWO(histogram, (const Tensor& self, int64_t bins XGRAD_OR(100), std::optional<ArrayRef<double>> range XGRAD_OR(std::nullopt), const \
      std::optional<Tensor>& weight XGRAD_OR({}), bool density XGRAD_OR(false)), (self, bins, range, weight, density)) \
  ONE(im2col, (const Tensor& self, IntArrayRef kernel_size, IntArrayRef dilation, IntArrayRef padding, IntArrayRef stride), (self, \
      kernel_size, dilation, padding, stride)) \
  ONE(linear, (const Tensor& input, const Tensor& weight, const std::optional<Tensor>& bias XGRAD_OR({})), (input, weight, bias)) \
  THREE(lu_unpack, (const Tensor& LU_data, const Tensor& LU_pivots, bool unpack_data XGRAD_OR(true), bool unpack_pivots XGRAD_OR(true)), \
      (LU_data, LU_pivots, unpack_data, unpack_pivots)) \
  TWO(max_pool2d_with_indices, (const Tensor& self, IntArrayRef kernel_size, IntArrayRef stride XGRAD_OR({}), IntArrayRef padding XGRAD_OR(0), \
      IntArrayRef dilation XGRAD_OR(1), bool ceil_mode XGRAD_OR(false)), (self, kernel_size, stride, padding, dilation, ceil_mode)) \
  TWO(max_pool3d_with_indices, (const Tensor& self, IntArrayRef kernel_size, IntArrayRef stride XGRAD_OR({}), IntArrayRef padding XGRAD_OR(0), \
      IntArrayRef dilation XGRAD_OR(1), bool ceil_mode XGRAD_OR(false)), (self, kernel_size, stride, padding, dilation, ceil_mode)) \
  ONE(max_unpool2d, (const Tensor& self, const Tensor& indices, IntArrayRef output_size), (self, indices, output_size)) \
  ONE(max_unpool3d, (const Tensor& self, const Tensor& indices, IntArrayRef output_size, IntArrayRef stride, IntArrayRef padding), (self, \
      indices, output_size, stride, padding)) \
  ONE(multilabel_margin_loss, (const Tensor& self, const Tensor& target, int64_t reduction XGRAD_OR(Reduction::Mean)), (self, target, reduction)) \
  ONE(nanmean, (const Tensor& self, OptionalIntArrayRef dim XGRAD_OR(std::nullopt), bool keepdim XGRAD_OR(false), std::optional<ScalarType> \
      dtype XGRAD_OR(std::nullopt)), (self, dim, keepdim, dtype)) \
  ONE(narrow_copy, (const Tensor& self, int64_t dim, int64_t start, int64_t length), (self, dim, start, length)) \
  ONE(nll_loss2d, (const Tensor& self, const Tensor& target, const std::optional<Tensor>& weight XGRAD_OR({}), int64_t reduction \
      XGRAD_OR(Reduction::Mean), int64_t ignore_index XGRAD_OR(-100)), (self, target, weight, reduction, ignore_index)) \
  ONE(normal, (const Tensor& mean, double std XGRAD_OR(1), std::optional<Generator> generator XGRAD_OR(std::nullopt)), (mean, std, generator)) \
  ONE(normal, (double mean, const Tensor& std, std::optional<Generator> generator XGRAD_OR(std::nullopt)), (mean, std, generator)) \
  ONE(normal, (const Tensor& mean, const Tensor& std, std::optional<Generator> generator XGRAD_OR(std::nullopt)), (mean, std, generator)) \
  FACTORY(normal, (double mean, double std, IntArrayRef size, std::optional<Generator> generator XGRAD_OR(std::nullopt)), (mean, std, size, \
      generator)) ONE(nuclear_norm, (const Tensor& self, bool keepdim XGRAD_OR(false)), (self, keepdim)) \
  ONE(nuclear_norm, (const Tensor& self, IntArrayRef dim, bool keepdim XGRAD_OR(false)), (self, dim, keepdim)) \
  SEQUENCE(range, (const Scalar& start, const Scalar& end), (start, end)) \
  SEQUENCE(range, (const Scalar& start, const Scalar& end, const Scalar& step), (start, end, step)) \
  ONE(reflection_pad1d, (const Tensor& self, IntArrayRef padding), (self, padding)) \
  ONE(reflection_pad2d, (const Tensor& self, IntArrayRef padding), (self, padding)) \
  ONE(reflection_pad3d, (const Tensor& self, IntArrayRef padding), (self, padding)) \
  ONE(replication_pad1d, (const Tensor& self, IntArrayRef padding), (self, padding)) \
  ONE(replication_pad2d, (const Tensor& self, IntArrayRef padding), (self, padding)) \
  ONE(replication_pad3d, (const Tensor& self, IntArrayRef padding), (self, padding)) \
  ONE(rrelu_with_noise, (const Tensor& self, const Tensor& noise, const Scalar& lower XGRAD_OR(0.125), const Scalar& upper XGRAD_OR(1.0 / 3), \
      bool training XGRAD_OR(false), std::optional<Generator> generator XGRAD_OR(std::nullopt)), (self, noise, lower, upper, training, generator)) \
  TWO(slogdet, (const Tensor& self), (self)) \
  THREE(svd, (const Tensor& self, bool some XGRAD_OR(true), bool compute_uv XGRAD_OR(true)), (self, some, compute_uv)) \
  TWO(symeig, (const Tensor& self, bool eigenvectors XGRAD_OR(false), bool upper XGRAD_OR(true)), (self, eigenvectors, upper)) \
  ONE(upsample_bicubic2d, (const Tensor& self, IntArrayRef output_size, bool align_corners, std::optional<double> scales_h \
      XGRAD_OR(std::nullopt), std::optional<double> scales_w XGRAD_OR(std::nullopt)), (self, output_size, align_corners, scales_h, scales_w)) \
  ONE(upsample_bicubic2d, (const Tensor& input, OptionalIntArrayRef output_size, bool align_corners, std::optional<ArrayRef<double>> \
      scale_factors), (input, output_size, align_corners, scale_factors)) \
  ONE(upsample_bilinear2d, (const Tensor& self, IntArrayRef output_size, bool align_corners, std::optional<double> scales_h \
      XGRAD_OR(std::nullopt), std::optional<double> scales_w XGRAD_OR(std::nullopt)), (self, output_size, align_corners, scales_h, scales_w)) \
  ONE(upsample_bilinear2d, (const Tensor& input, OptionalIntArrayRef output_size, bool align_corners, std::optional<ArrayRef<double>> \
      scale_factors), (input, output_size, align_corners, scale_factors)) \
  ONE(upsample_linear1d, (const Tensor& self, IntArrayRef output_size, bool align_corners, std::optional<double> scales \
      XGRAD_OR(std::nullopt)), (self, output_size, align_corners, scales)) \
  ONE(upsample_linear1d, (const Tensor& input, OptionalIntArrayRef output_size, bool align_corners, std::optional<ArrayRef<double>> \
      scale_factors), (input, output_size, align_corners, scale_factors)) \
  ONE(upsample_nearest1d, (const Tensor& self, IntArrayRef output_size, std::optional<double> scales XGRAD_OR(std::nullopt)), (self, \
      output_size, scales)) \
  ONE(upsample_nearest1d, (const Tensor& input, OptionalIntArrayRef output_size, std::optional<ArrayRef<double>> scale_factors), (input, \
      output_size, scale_factors)) \
  ONE(upsample_nearest2d, (const Tensor& self, IntArrayRef output_size, std::optional<double> scales_h XGRAD_OR(std::nullopt), \
      std::optional<double> scales_w XGRAD_OR(std::nullopt)), (self, output_size, scales_h, scales_w)) \
  ONE(upsample_nearest2d, (const Tensor& input, OptionalIntArrayRef output_size, std::optional<ArrayRef<double>> scale_factors), (input, \
      output_size, scale_factors)) \
  ONE(upsample_nearest3d, (const Tensor& self, IntArrayRef output_size, std::optional<double> scales_d XGRAD_OR(std::nullopt), \
      std::optional<double> scales_h XGRAD_OR(std::nullopt), std::optional<double> scales_w XGRAD_OR(std::nullopt)), (self, output_size, scales_d, \
      scales_h, scales_w)) \
  ONE(upsample_nearest3d, (const Tensor& input, OptionalIntArrayRef output_size, std::optional<ArrayRef<double>> scale_factors), (input, \
      output_size, scale_factors)) \
  ONE(upsample_trilinear3d, (const Tensor& self, IntArrayRef output_size, bool align_corners, std::optional<double> scales_d \
      XGRAD_OR(std::nullopt), std::optional<double> scales_h XGRAD_OR(std::nullopt), std::optional<double> scales_w XGRAD_OR(std::nullopt)), \
      (self, output_size, align_corners, scales_d, scales_h, scales_w)) \
  ONE(upsample_trilinear3d, (const Tensor& input, OptionalIntArrayRef output_size, bool align_corners, std::optional<ArrayRef<double>> \
      scale_factors), (input, output_size, align_corners, scale_factors))

/// Those of linear algebra: linalg_name_out and torch::linalg::name_out.
#define XGRAD_EACH_LINALG_OUT(ONE, TWO, THREE) \
  ONE(cholesky, (const Tensor& self, bool upper XGRAD_OR(false)), (self, upper)) \
  TWO(cholesky_ex, (const Tensor& self, bool upper XGRAD_OR(false), bool check_errors XGRAD_OR(false)), (self, upper, check_errors)) \
  ONE(cond, (const Tensor& self, const std::optional<Scalar>& p XGRAD_OR(std::nullopt)), (self, p)) \
  ONE(cond, (const Tensor& self, std::string_view p), (self, p)) \
  ONE(cross, (const Tensor& self, const Tensor& other, int64_t dim XGRAD_OR(-1)), (self, other, dim)) \
  ONE(det, (const Tensor& A), (A)) TWO(eigh, (const Tensor& self, std::string_view UPLO XGRAD_OR("L")), (self, UPLO)) \
  ONE(eigvalsh, (const Tensor& self, std::string_view UPLO XGRAD_OR("L")), (self, UPLO)) \
  ONE(householder_product, (const Tensor& input, const Tensor& tau), (input, tau)) ONE(inv, (const Tensor& A), (A)) \
  TWO(inv_ex, (const Tensor& A, bool check_errors XGRAD_OR(false)), (A, check_errors)) \
  TWO(ldl_factor, (const Tensor& self, bool hermitian XGRAD_OR(false)), (self, hermitian)) \
  THREE(ldl_factor_ex, (const Tensor& self, bool hermitian XGRAD_OR(false), bool check_errors XGRAD_OR(false)), (self, hermitian, \
      check_errors)) \
  ONE(ldl_solve, (const Tensor& LD, const Tensor& pivots, const Tensor& B, bool hermitian XGRAD_OR(false)), (LD, pivots, B, hermitian)) \
  THREE(lu, (const Tensor& A, bool pivot XGRAD_OR(true)), (A, pivot)) \
  TWO(lu_factor, (const Tensor& A, bool pivot XGRAD_OR(true)), (A, pivot)) \
  THREE(lu_factor_ex, (const Tensor& A, bool pivot XGRAD_OR(true), bool check_errors XGRAD_OR(false)), (A, pivot, check_errors)) \
  ONE(lu_solve, (const Tensor& LU, const Tensor& pivots, const Tensor& B, bool left XGRAD_OR(true), bool adjoint XGRAD_OR(false)), (LU, \
      pivots, B, left, adjoint)) ONE(matmul, (const Tensor& self, const Tensor& other), (self, other)) \
  ONE(matrix_norm, (const Tensor& self, const Scalar& ord, IntArrayRef dim XGRAD_OR({-2, -1}), bool keepdim XGRAD_OR(false), \
      std::optional<ScalarType> dtype XGRAD_OR(std::nullopt)), (self, ord, dim, keepdim, dtype)) \
  ONE(matrix_norm, (const Tensor& self, std::string_view ord XGRAD_OR("fro"), IntArrayRef dim XGRAD_OR({-2, -1}), bool keepdim \
      XGRAD_OR(false), std::optional<ScalarType> dtype XGRAD_OR(std::nullopt)), (self, ord, dim, keepdim, dtype)) \
  ONE(matrix_power, (const Tensor& self, int64_t n), (self, n)) \
  ONE(matrix_rank, (const Tensor& input, const std::optional<Tensor>& atol XGRAD_OR({}), const std::optional<Tensor>& rtol \
      XGRAD_OR({}), bool hermitian XGRAD_OR(false)), (input, atol, rtol, hermitian)) \
  ONE(matrix_rank, (const Tensor& self, std::optional<double> atol, std::optional<double> rtol, bool hermitian XGRAD_OR(false)), (self, \
      atol, rtol, hermitian)) ONE(matrix_rank, (const Tensor& self, double tol, bool hermitian XGRAD_OR(false)), (self, tol, hermitian)) \
  ONE(matrix_rank, (const Tensor& input, const Tensor& tol, bool hermitian XGRAD_OR(false)), (input, tol, hermitian)) \
  ONE(multi_dot, (TensorList tensors), (tensors)) \
  ONE(norm, (const Tensor& self, const std::optional<Scalar>& ord XGRAD_OR(std::nullopt), OptionalIntArrayRef dim \
      XGRAD_OR(std::nullopt), bool keepdim XGRAD_OR(false), std::optional<ScalarType> dtype XGRAD_OR(std::nullopt)), (self, ord, dim, keepdim, \
      dtype)) \
  ONE(norm, (const Tensor& self, std::string_view ord, OptionalIntArrayRef dim XGRAD_OR(std::nullopt), bool keepdim XGRAD_OR(false), \
      std::optional<ScalarType> dtype XGRAD_OR(std::nullopt)), (self, ord, dim, keepdim, dtype)) \
  ONE(pinv, (const Tensor& self, const std::optional<Tensor>& atol XGRAD_OR({}), const std::optional<Tensor>& rtol XGRAD_OR({}), bool \
      hermitian XGRAD_OR(false)), (self, atol, rtol, hermitian)) \
  ONE(pinv, (const Tensor& self, std::optional<double> atol, std::optional<double> rtol, bool hermitian XGRAD_OR(false)), (self, atol, \
      rtol, hermitian)) ONE(pinv, (const Tensor& self, double rcond, bool hermitian XGRAD_OR(false)), (self, rcond, hermitian)) \
  ONE(pinv, (const Tensor& self, const Tensor& rcond, bool hermitian XGRAD_OR(false)), (self, rcond, hermitian)) \
  TWO(qr, (const Tensor& A, std::string_view mode XGRAD_OR("reduced")), (A, mode)) TWO(slogdet, (const Tensor& A), (A)) \
  ONE(solve, (const Tensor& A, const Tensor& B, bool left XGRAD_OR(true)), (A, B, left)) \
  TWO(solve_ex, (const Tensor& A, const Tensor& B, bool left XGRAD_OR(true), bool check_errors XGRAD_OR(false)), (A, B, left, \
      check_errors)) \
  ONE(solve_triangular, (const Tensor& self, const Tensor& B, bool upper, bool left XGRAD_OR(true), bool unitriangular \
      XGRAD_OR(false)), (self, B, upper, left, unitriangular)) \
  THREE(svd, (const Tensor& A, bool full_matrices XGRAD_OR(true), std::optional<std::string_view> driver XGRAD_OR(std::nullopt)), (A, \
      full_matrices, driver)) ONE(svdvals, (const Tensor& A, std::optional<std::string_view> driver XGRAD_OR(std::nullopt)), (A, driver)) \
  ONE(tensorinv, (const Tensor& self, int64_t ind XGRAD_OR(2)), (self, ind)) \
  ONE(tensorsolve, (const Tensor& self, const Tensor& other, OptionalIntArrayRef dims XGRAD_OR(std::nullopt)), (self, other, dims)) \
  ONE(vecdot, (const Tensor& x, const Tensor& y, int64_t dim XGRAD_OR(-1)), (x, y, dim)) \
  ONE(vector_norm, (const Tensor& self, const Scalar& ord XGRAD_OR(2), OptionalIntArrayRef dim XGRAD_OR(std::nullopt), bool keepdim \
      XGRAD_OR(false), std::optional<ScalarType> dtype XGRAD_OR(std::nullopt)), (self, ord, dim, keepdim, dtype))
// clang-format on

#define XGRAD_OR(...) = __VA_ARGS__
#define XGRAD_ONE_OUT(name, parameters, arguments) XGRAD_API Tensor& name##_out(Tensor& out, XGRAD_UNPACK parameters);
#define XGRAD_TWO_OUT(name, parameters, arguments) \
  XGRAD_API std::tuple<Tensor&, Tensor&> name##_out(Tensor& first, Tensor& second, XGRAD_UNPACK parameters);
#define XGRAD_THREE_OUT(name, parameters, arguments) \
  XGRAD_API std::tuple<Tensor&, Tensor&, Tensor&> name##_out(Tensor& first, Tensor& second, Tensor& third, XGRAD_UNPACK parameters);
XGRAD_EACH_RESULT_OUT(XGRAD_ONE_OUT, XGRAD_TWO_OUT, XGRAD_THREE_OUT, XGRAD_ONE_OUT, XGRAD_ONE_OUT)
#define XGRAD_LINALG_ONE_OUT(name, parameters, arguments) XGRAD_ONE_OUT(linalg_##name, parameters, arguments)
#define XGRAD_LINALG_TWO_OUT(name, parameters, arguments) XGRAD_TWO_OUT(linalg_##name, parameters, arguments)
#define XGRAD_LINALG_THREE_OUT(name, parameters, arguments) XGRAD_THREE_OUT(linalg_##name, parameters, arguments)
XGRAD_EACH_LINALG_OUT(XGRAD_LINALG_ONE_OUT, XGRAD_LINALG_TWO_OUT, XGRAD_LINALG_THREE_OUT)
#undef XGRAD_ONE_OUT
#undef XGRAD_TWO_OUT
#undef XGRAD_THREE_OUT

namespace linalg {
#define XGRAD_ONE_OUT(name, parameters, arguments) \
  inline Tensor& name##_out(Tensor& out, XGRAD_UNPACK parameters) { return linalg_##name##_out(out, XGRAD_UNPACK arguments); }
#define XGRAD_TWO_OUT(name, parameters, arguments)                                                         \
  inline std::tuple<Tensor&, Tensor&> name##_out(Tensor& first, Tensor& second, XGRAD_UNPACK parameters) { \
    return linalg_##name##_out(first, second, XGRAD_UNPACK arguments);                                     \
  }
#define XGRAD_THREE_OUT(name, parameters, arguments)                                                                               \
  inline std::tuple<Tensor&, Tensor&, Tensor&> name##_out(Tensor& first, Tensor& second, Tensor& third, XGRAD_UNPACK parameters) { \
    return linalg_##name##_out(first, second, third, XGRAD_UNPACK arguments);                                                      \
  }
XGRAD_EACH_LINALG_OUT(XGRAD_ONE_OUT, XGRAD_TWO_OUT, XGRAD_THREE_OUT)
#undef XGRAD_OR
#undef XGRAD_ONE_OUT
#undef XGRAD_TWO_OUT
#undef XGRAD_THREE_OUT
#undef XGRAD_LINALG_ONE_OUT
#undef XGRAD_LINALG_TWO_OUT
#undef XGRAD_LINALG_THREE_OUT
}  // namespace linalg

}}  // namespace torch::xgrad
