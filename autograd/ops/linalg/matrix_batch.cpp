#include <xgrad/autograd/ops/linalg/matrix_batch.h>

#include <climits>

#include <xgrad/autograd/core/shape.h>
#include <xgrad/autograd/graph/record.h>
#include <xgrad/autograd/tensor/copy.h>
#include <xgrad/autograd/tensor/tensor_memory.h>

namespace torch { inline namespace xgrad {

void check_matrix_batch(const Operation& operation, const Tensor& a, const char* name) {
  XGRAD_CHECK(a.is_floating_point(), operation, "Expected a floating point or complex tensor as input. Got ", a.dtype());
  XGRAD_CHECK(a.dim() >= 2, operation, "The input tensor ", name, " must have at least 2 dimensions, got shape ", a.sizes());
  XGRAD_CHECK(a.size(-2) <= INT_MAX && a.size(-1) <= INT_MAX, operation, "matrices of up to ", INT_MAX, " rows and columns are handled, got ",
              a.sizes());
}

void check_square_batch(const Operation& operation, const Tensor& a) {
  check_matrix_batch(operation, a);
  XGRAD_CHECK(a.size(-2) == a.size(-1), operation, "A must be batches of square matrices, but they are ", a.size(-2), " by ", a.size(-1),
              " matrices");
}

Tensor transposed(const Tensor& t) { return t.transpose(-2, -1); }

Tensor transposed_copy(const Tensor& t) {
  return untraced([&] { return copy_of(t.detach().transpose(-2, -1), t.dtype()); });
}

std::pair<Tensor, Tensor> broadcast_batches(const Operation& operation, const Tensor& a, const Tensor& b) {
  const Dims batch = broadcast_shapes(operation.name(), batch_sizes(a), batch_sizes(b));
  const auto expanded = [&](const Tensor& t) { return untraced([&] { return t.detach().expand(batch_shape(batch, {t.size(-2), t.size(-1)})); }); };
  return {expanded(a), expanded(b)};
}

void check_dtype_of(const Operation& operation, const char* names, const Tensor& a, const Tensor& t) {
  XGRAD_CHECK(a.dtype() == t.dtype(), operation, "Expected ", names, " to have the same dtype, but got ", a.dtype(), " and ", t.dtype(), " instead");
}

Dims batch_sizes(const Tensor& t) { return t.sizes().slice(0, static_cast<size_t>(t.dim()) - 2); }
int64_t batch_count(const Tensor& t) { return numel_of(batch_sizes(t)); }

Dims batch_shape(const Dims& batch, std::initializer_list<int64_t> rest) {
  Dims shape = batch;
  for (int64_t n : rest) shape.push_back(n);
  return shape;
}

static void check_each_info(const Operation* operation, const int* each, int64_t n, bool in_batch, std::string (*failure)(int info)) {
  for (int64_t i = 0; i < n; ++i) {
    if (each[i] == 0) continue;
    const std::string element = in_batch ? detail::concatenate("(Batch element ", i, "): ") : std::string();
    detail::raise<LinAlgError>(*operation, element, failure(each[i]));
  }
}

void check_info(const Operation& operation, const Tensor& a, const Tensor& info, std::string (*failure)(int info)) {
  launch(operation, check_each_info, reads(info), writes(), &operation, info.data_ptr<int>(), info.numel(), a.dim() != 2, failure);
}

}}  // namespace torch::xgrad
