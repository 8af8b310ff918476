#include <xgrad/autograd/ops/index/index_checks.h>

#include <algorithm>
#include <string>

#include <xgrad/autograd/core/shape.h>
#include <xgrad/autograd/core/warning.h>
#include <xgrad/autograd/graph/record.h>
#include <xgrad/autograd/graph/strided_geometry.h>
#include <xgrad/autograd/ops/creation/creation.h>
#include <xgrad/autograd/tensor/copy.h>

namespace torch { inline namespace xgrad {

int axis_of(const Operation& operation, int64_t dim, const Tensor& self) { return static_cast<int>(wrap_axis(operation.name(), dim, self.dim())); }
int64_t size_along(const Tensor& t, int axis) { return t.dim() == 0 ? 1 : t.size(axis); }

void check_index_dtype(const Operation& operation, const Tensor& index) {
  XGRAD_CHECK_AS(TypeError, index.dtype() == kLong, operation, operation.name(), "(): Expected dtype int64 for index, got ", index.dtype());
}

bool fits(const Tensor& index, const Tensor& limit, int except_axis) {
  for (int a = 0; a < index.dim(); ++a)
    if (a != except_axis && index.size(a) > size_along(limit, a)) return false;
  return true;
}

void check_ndim(const Operation& operation, const Tensor& index, const Tensor& t, const char* role) {
  XGRAD_CHECK(index.numel() == 0 || std::max<int64_t>(index.dim(), 1) == std::max<int64_t>(t.dim(), 1), operation,
              "Index tensor must have the same number of dimensions as ", role, " tensor, got ", index.sizes(), " and ", t.sizes());
}

void warn_of_bytes(const Operation& operation, const std::string& text) { Warning::warn({operation.name(), __FILE__, __LINE__}, text, false); }

void check_mask(const Operation& operation, const Tensor& mask) {
  XGRAD_CHECK_AS(TypeError, mask.dtype() == kBool || mask.dtype() == kByte, operation, operation.name(),
                 ": expected BoolTensor or ByteTensor for mask, got ", mask.dtype());
  if (mask.dtype() == kByte)
    warn_of_bytes(operation, std::string(operation.name()) +
                                 " received a mask with dtype torch.uint8, this behavior is now deprecated, please use a "
                                 "mask with dtype torch.bool instead.");
}

int check_scatter(const Operation& operation, const Tensor& self, int64_t dim, const Tensor& index, const Tensor& src) {
  const int axis = axis_of(operation, dim, self);
  check_index_dtype(operation, index);
  XGRAD_CHECK_AS(TypeError, self.dtype() == src.dtype(), operation, "scatter(): Expected self.dtype to be equal to src.dtype, got ", self.dtype(),
                 " and ", src.dtype());
  check_ndim(operation, index, self, "self");
  check_ndim(operation, index, src, "src");
  XGRAD_CHECK(index.numel() == 0 || (fits(index, self, axis) && fits(index, src, -1)), operation, "Expected index ", index.sizes(),
              " to be smaller than self ", self.sizes(), " apart from dimension ", axis, " and to be smaller size than src ", src.sizes());
  check_positions(operation, index, size_along(self, axis), axis);
  return axis;
}

Tensor in_corner(const Tensor& g, const Dims& sizes) {
  if (g.sizes() == sizes) return g;
  const Dims strides = contiguous_strides(sizes);
  return as_strided_adjoint(g, {sizes, strides, 0}, {g.sizes(), strides, 0});
}

Tensor slice_index(const Operation& operation, const Tensor& index, bool int32_too) {
  XGRAD_CHECK_AS(IndexError, index.dim() <= 1, operation, "Index is supposed to be a vector, got shape ", index.sizes());
  XGRAD_CHECK_AS(TypeError, index.dtype() == kLong || (int32_too && index.dtype() == kInt), operation, operation.name(),
                 int32_too ? "(): Expected dtype int32 or int64 for index" : "(): Expected dtype int64 for index", ", got ", index.dtype());
  return contiguous_as(index, kLong);
}

void check_source(const Operation& operation, const Tensor& self, int axis, const Tensor& index, const Tensor& source) {
  XGRAD_CHECK_AS(TypeError, self.dtype() == source.dtype(), operation,
                 "self and source expected to have the same dtype: they must have the "
                 "same scalar type, but got (self) ",
                 self.dtype(), " and (source) ", source.dtype());
  XGRAD_CHECK_AS(IndexError, std::max<int64_t>(self.dim(), 1) == std::max<int64_t>(source.dim(), 1), operation,
                 "When source and destination are not scalars, their dimensionality must match. Source dimensionality (", source.dim(),
                 "), destination dimensionality (", self.dim(), ")");
  XGRAD_CHECK_AS(IndexError, index.numel() == size_along(source, axis), operation, "Number of indices (", index.numel(),
                 ") should be equal to source.size(dim): (", size_along(source, axis), "), for dim: ", axis);
  for (int a = 0; a < source.dim(); ++a)
    XGRAD_CHECK(a == axis || source.size(a) == size_along(self, a), operation, "Source/destination tensor must have same slice shapes, got ",
                source.sizes(), " and ", self.sizes(), " along dimension ", axis);
}

Tensor slices_sum(const Dims& sizes, int axis, const Tensor& index, const Tensor& src) {
  const Tensor y = zeros(sizes, src.dtype());
  const Operation& op = operation<"index_add">;
  scatter_into(op, y, axis, index_along(index, axis, src.sizes()), src, Combine::Add);
  return record(Forward(op, y), with("dim", axis), wrt(src, [axis, index = save(index)](const Tensor& gy) { return index_select(gy, axis, *index); }),
                given(index));
}

}}  // namespace torch::xgrad
