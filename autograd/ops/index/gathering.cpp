#include <xgrad/autograd/ops/index/gathering.h>

#include <cmath>

#include <xgrad/autograd/core/scalar_conversion.h>
#include <xgrad/autograd/core/shape.h>
#include <xgrad/autograd/graph/record.h>
#include <xgrad/autograd/graph/strided_geometry.h>
#include <xgrad/autograd/kernels/index/positions.h>
#include <xgrad/autograd/kernels/pointwise/selection.h>
#include <xgrad/autograd/ops/creation/numbers.h>
#include <xgrad/autograd/ops/index/positions.h>
#include <xgrad/autograd/ops/ops.h>
#include <xgrad/autograd/tensor/allocate.h>
#include <xgrad/autograd/tensor/copy.h>
#include <xgrad/autograd/tensor/memory_order.h>
#include <xgrad/autograd/tensor/pointwise.h>
#include <xgrad/autograd/tensor/tensor_memory.h>

#ifndef XGRAD_SAMPLES

namespace torch { inline namespace xgrad {

namespace {

int axis_of(const Operation& operation, int64_t dim, const Tensor& self) { return static_cast<int>(wrap_axis(operation.name(), dim, self.dim())); }
int64_t size_along(const Tensor& t, int axis) { return t.dim() == 0 ? 1 : t.size(axis); }

void check_index_dtype(const Operation& operation, const Tensor& index) {
  XGRAD_CHECK_AS(TypeError, index.dtype() == kLong, operation, operation.name(), "(): Expected dtype int64 for index, got ", index.dtype());
}

// `index` is no larger than `limit`, but along `axis` where that may be exceeded.
bool fits(const Tensor& index, const Tensor& limit, int except_axis) {
  for (int a = 0; a < index.dim(); ++a)
    if (a != except_axis && index.size(a) > size_along(limit, a)) return false;
  return true;
}

void check_ndim(const Operation& operation, const Tensor& index, const Tensor& t, const char* role) {
  XGRAD_CHECK(index.numel() == 0 || std::max<int64_t>(index.dim(), 1) == std::max<int64_t>(t.dim(), 1), operation,
              "Index tensor must have the same number of dimensions as ", role, " tensor, got ", index.sizes(), " and ", t.sizes());
}

}  // namespace

// ---- gather and scatter

namespace {

// Zeros of `sizes` with src added at `index` along `axis`: the derivative of gather.
Tensor scattered_sum(const Dims& sizes, int axis, const Tensor& index, const Tensor& src) {
  const Tensor y = zeros(sizes, src.dtype());
  const Operation& op = operation<"scatter_add">;
  scatter_into(op, y, axis, index, src, Combine::Add);
  return record(Forward(op, y), with("dim", axis), wrt(src, [axis, index = save(index)](const Tensor& gy) { return gather(gy, axis, *index); }));
}

// The gradient of `src`, whose corner of index's shape was read: zeros outside it.
Tensor in_corner(const Tensor& g, const Dims& sizes) {
  if (g.sizes() == sizes) return g;
  const Dims strides = contiguous_strides(sizes);
  return as_strided_adjoint(g, {sizes, strides, 0}, {g.sizes(), strides, 0});
}

// The checks of the scatter family, and the value.
Forward scattered(const Operation& operation, const Tensor& self, int64_t dim, const Tensor& index, const Tensor& src, Combine how) {
  const int axis = axis_of(operation, dim, self);
  check_index_dtype(operation, index);
  XGRAD_CHECK_AS(TypeError, self.dtype() == src.dtype(), operation, "scatter(): Expected self.dtype to be equal to src.dtype, got ", self.dtype(),
                 " and ", src.dtype());
  check_ndim(operation, index, self, "self");
  check_ndim(operation, index, src, "src");
  XGRAD_CHECK(index.numel() == 0 || (fits(index, self, axis) && fits(index, src, -1)), operation, "Expected index ", index.sizes(),
              " to be smaller than self ", self.sizes(), " apart from dimension ", axis, " and to be smaller size than src ", src.sizes());
  check_positions(operation, index, size_along(self, axis), axis);
  const Tensor y = copy_of(self, self.dtype());
  scatter_into(operation, y, axis, index, src, how);
  return Forward(operation, y);
}

Combine combination(std::string_view reduce) {
  XGRAD_CHECK_AS(ValueError, reduce == "add" || reduce == "multiply", "[scatter] reduce argument must be either add or multiply, got \"", reduce,
                 "\"");
  return reduce == "add" ? Combine::Add : Combine::Multiply;
}

Tensor no_derivative_of_multiply(const Tensor&) {
  detail::raise<NotImplementedError>("[scatter] the derivative for 'scatter' with reduce=\"multiply\" is not implemented");
}

Tensor value_like(const Operation& operation, const Tensor& self, const Tensor& index, const Scalar& value) {
  return repeated(number_tensor(operation, value, self.dtype()), index.sizes());
}

}  // namespace

Tensor gather(const Tensor& self, int64_t dim, const Tensor& index, bool) {
  const Operation& op = operation<"gather">;
  const int axis = axis_of(op, dim, self);
  check_index_dtype(op, index);
  check_ndim(op, index, self, "input");
  XGRAD_CHECK(index.numel() == 0 || fits(index, self, axis), op, "Size does not match: expected index ", index.sizes(), " to be smaller than self ",
              self.sizes(), " apart from dimension ", axis);
  check_positions(op, index, size_along(self, axis), axis);
  const Dims before = self.sizes();
  return record(Forward(op, gathered(op, self, axis, index)), with("dim", dim),
                wrt(self, [before, axis, index = save(index)](const Tensor& gy) { return scattered_sum(before, axis, *index, gy); }));
}

Tensor scatter(const Tensor& self, int64_t dim, const Tensor& index, const Tensor& src) {
  const Dims before = src.sizes();
  return record(scattered(operation<"scatter">, self, dim, index, src, Combine::Overwrite), with("dim", dim),
                wrt(self, [dim, index = save(index)](const Tensor& gy) { return scatter(gy, dim, *index, 0); }),
                wrt(src, [dim, before, index = save(index)](const Tensor& gy) { return in_corner(gather(gy, dim, *index), before); }));
}

Tensor scatter(const Tensor& self, int64_t dim, const Tensor& index, const Scalar& value) {
  const Operation& op = operation<"scatter", 1>;
  return record(scattered(op, self, dim, index, value_like(op, self, index, value), Combine::Overwrite), with("dim", dim, "value", value),
                wrt(self, [dim, index = save(index)](const Tensor& gy) { return scatter(gy, dim, *index, 0); }));
}

Tensor scatter_add(const Tensor& self, int64_t dim, const Tensor& index, const Tensor& src) {
  const Dims before = src.sizes();
  return record(scattered(operation<"scatter_add">, self, dim, index, src, Combine::Add), with("dim", dim),
                wrt(self, [](const Tensor& gy) { return gy; }),
                wrt(src, [dim, before, index = save(index)](const Tensor& gy) { return in_corner(gather(gy, dim, *index), before); }));
}

Tensor scatter(const Tensor& self, int64_t dim, const Tensor& index, const Tensor& src, std::string_view reduce) {
  if (combination(reduce) == Combine::Add) return scatter_add(self, dim, index, src);
  const char* const multiply = "multiply";
  return record(scattered(operation_recorded_as<"scatter", "ScatterReduceBackward0">, self, dim, index, src, Combine::Multiply),
                with("dim", dim, "reduce", multiply), wrt(self, no_derivative_of_multiply), wrt(src, no_derivative_of_multiply));
}

Tensor scatter(const Tensor& self, int64_t dim, const Tensor& index, const Scalar& value, std::string_view reduce) {
  const bool add = combination(reduce) == Combine::Add;
  const Operation& op = add ? operation_recorded_as<"scatter", "ScatterAddBackward0"> : operation_recorded_as<"scatter", "ScatterReduceBackward0">;
  const char* const how = add ? "add" : "multiply";
  Forward y = scattered(op, self, dim, index, value_like(op, self, index, value), add ? Combine::Add : Combine::Multiply);
  if (add) return record(std::move(y), with("dim", dim, "value", value, "reduce", how), wrt(self, [](const Tensor& gy) { return gy; }));
  return record(std::move(y), with("dim", dim, "value", value, "reduce", how), wrt(self, no_derivative_of_multiply));
}

Tensor take_along_dim(const Tensor& self, const Tensor& indices, std::optional<int64_t> dim) {
  const Operation& op = operation<"take_along_dim">;
  XGRAD_CHECK_AS(TypeError, indices.dtype() == kLong, op, "dtype of indices should be Long but got ", indices.dtype());
  if (!dim) return gather(self.flatten(), 0, indices.flatten());
  XGRAD_CHECK(self.dim() == indices.dim(), op, "input and indices should have the same number of dimensions, but got ", self.dim(),
              " dimensions for input, and ", indices.dim(), " dimensions for indices");
  const int axis = axis_of(op, *dim, self);
  Dims own = self.sizes(), wanted = indices.sizes();
  if (self.dim() > 0) own[axis] = wanted[axis] = 1;
  own = wanted = broadcast_shapes(op.name(), own, wanted);
  if (self.dim() > 0) {
    own[axis] = self.size(axis);
    wanted[axis] = indices.size(axis);
  }
  return gather(self.expand(own), axis, indices.expand(wanted));
}

// ---- whole slices along one axis

namespace {

// The index of a slice operation as a vector of int64.
Tensor slice_index(const Operation& operation, const Tensor& index, bool int32_too) {
  XGRAD_CHECK_AS(IndexError, index.dim() <= 1, operation, "Index is supposed to be a vector, got shape ", index.sizes());
  XGRAD_CHECK_AS(TypeError, index.dtype() == kLong || (int32_too && index.dtype() == kInt), operation, operation.name(),
                 int32_too ? "(): Expected dtype int32 or int64 for index" : "(): Expected dtype int64 for index", ", got ", index.dtype());
  return contiguous_as(index, kLong);
}

// The shape of `t` with `n` slices along `axis`; a 0-d tensor stays one when n is 1.
Dims with_slices(const Operation& operation, const Tensor& t, int axis, int64_t n) {
  Dims shape = t.sizes();
  if (t.dim() > 0) shape[axis] = n;
  else XGRAD_CHECK(n == 1, operation, "Index to scalar can have only 1 value, got ", n, " value(s)");
  return shape;
}

// `source` holds one slice for each position.
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

// Zeros of `sizes` with the slices of src added at `index`: the derivative of index_select.
Tensor slices_sum(const Dims& sizes, int axis, const Tensor& index, const Tensor& src) {
  const Tensor y = zeros(sizes, src.dtype());
  const Operation& op = operation<"index_add">;
  scatter_into(op, y, axis, index_along(index, axis, src.sizes()), src, Combine::Add);
  return record(Forward(op, y), with("dim", axis),
                wrt(src, [axis, index = save(index)](const Tensor& gy) { return index_select(gy, axis, *index); }));
}

Forward with_slices_combined(const Operation& operation, const Tensor& self, int axis, const Tensor& index, const Tensor& source, Combine how) {
  const Tensor y = copy_of(self, self.dtype());
  scatter_into(operation, y, axis, index_along(index, axis, source.sizes()), source, how);
  return Forward(operation, y);
}

Forward with_slices_filled(const Operation& operation, const Tensor& self, int axis, const Tensor& index, const Tensor& value) {
  const Dims shape = with_slices(operation, self, axis, index.numel());
  const Tensor y = copy_in_order_of(self, self.dtype());
  scatter_into(operation, y, axis, index_along(index, axis, shape), repeated(value, shape), Combine::Overwrite);
  return Forward(operation, y);
}

}  // namespace

Tensor index_select(const Tensor& self, int64_t dim, const Tensor& index) {
  const Operation& op = operation<"index_select">;
  const int axis = axis_of(op, dim, self);
  const Tensor at = slice_index(op, index, true);
  const Dims before = self.sizes(), shape = with_slices(op, self, axis, at.numel());
  check_positions(op, at, size_along(self, axis), axis, "index out of range in self");
  return record(Forward(op, gathered(op, self, axis, index_along(at, axis, shape))), with("dim", dim),
                wrt(self, [before, axis, at = save(at)](const Tensor& gy) { return slices_sum(before, axis, *at, gy); }));
}

Tensor index_add(const Tensor& self, int64_t dim, const Tensor& index, const Tensor& source, const Scalar& alpha) {
  const Operation& op = operation<"index_add">;
  const int axis = axis_of(op, dim, self);
  const Tensor at = slice_index(op, index, true);
  check_source(op, self, axis, at, source);
  check_positions(op, at, size_along(self, axis), axis, "index out of range in self");
  const Tensor scaled = alpha.equal(1) ? source : copy_of(source.detach() * alpha, self.dtype());
  const Dims before = source.sizes();
  return record(with_slices_combined(op, self, axis, at, scaled, Combine::Add), with("dim", dim, "alpha", alpha),
                wrt(self, [](const Tensor& gy) { return gy; }), wrt(source, [=, at = save(at)](const Tensor& gy) {
                  const Tensor g = index_select(gy, axis, *at).reshape(before);
                  return alpha.equal(1) ? g : g * alpha;
                }));
}

Tensor index_copy(const Tensor& self, int64_t dim, const Tensor& index, const Tensor& source) {
  const Operation& op = operation<"index_copy">;
  const int axis = axis_of(op, dim, self);
  const Tensor at = slice_index(op, index, false);
  check_source(op, self, axis, at, source);
  check_positions(op, at, size_along(self, axis), axis);
  const Dims before = source.sizes();
  return record(with_slices_combined(op, self, axis, at, source, Combine::Overwrite), with("dim", dim),
                wrt(self, [axis, at = save(at)](const Tensor& gy) { return index_fill(gy, axis, *at, 0); }),
                wrt(source, [axis, before, at = save(at)](const Tensor& gy) { return index_select(gy, axis, *at).reshape(before); }));
}

Tensor index_fill(const Tensor& self, int64_t dim, const Tensor& index, const Scalar& value) {
  const Operation& op = operation<"index_fill">;
  const int axis = axis_of(op, dim, self);
  if (self.dim() == 0) return index_fill(self.unsqueeze(0), 0, index, value).squeeze(0);
  const Tensor at = wrapped_positions(op, slice_index(op, index, false), size_along(self, axis), axis);
  return record(with_slices_filled(op, self, axis, at, number_tensor(op, value, self.dtype())), with("dim", dim, "value", value),
                wrt(self, [axis, at = save(at)](const Tensor& gy) { return index_fill(gy, axis, *at, 0); }));
}

Tensor index_fill(const Tensor& self, int64_t dim, const Tensor& index, const Tensor& value) {
  const Operation& op = operation<"index_fill", 1>;
  XGRAD_CHECK(value.dim() == 0, op, "only supports a 0-dimensional value tensor, but got tensor with ", value.dim(), " dimension(s)");
  const int axis = axis_of(op, dim, self);
  if (self.dim() == 0) return index_fill(self.unsqueeze(0), 0, index, value).squeeze(0);
  const Tensor at = wrapped_positions(op, slice_index(op, index, false), size_along(self, axis), axis);
  return record(with_slices_filled(op, self, axis, at, contiguous_as(value, self.dtype())), with("dim", dim),
                wrt(self, [axis, at = save(at)](const Tensor& gy) { return index_fill(gy, axis, *at, 0); }),
                wrt(value, [axis, at = save(at)](const Tensor& gy) { return index_select(gy, axis, *at).sum(); }));
}

// ---- positions in a whole tensor

namespace {

// The elements at `index` of x seen as a vector.
Tensor taken(const Operation& operation, const Tensor& x, const Tensor& index) {
  const Tensor flat = contiguous_as(x, x.dtype());
  const Tensor at = contiguous_as(index, kLong);
  const Tensor y = gathered(operation, tensor_on(flat.storage(), flat.dtype(), {flat.numel()}, {1}, flat.storage_offset()), 0,
                            tensor_on(at.storage(), kLong, {at.numel()}, {1}, at.storage_offset()));
  return tensor_on(y.storage(), y.dtype(), index.sizes(), contiguous_strides(index.sizes()), 0);
}

Tensor take_at(const Operation& operation, const Tensor& x, const Tensor& index) {
  const Dims before = x.sizes();
  return record(Forward(operation, taken(operation, x, index)), wrt(x, [before, index = save(index)](const Tensor& gy) {
                  return slices_sum({numel_of(before)}, 0, (*index).reshape({numel_of((*index).sizes())}), gy.reshape({gy.numel()})).view(before);
                }));
}

void check_mask(const Operation& operation, const Tensor& mask) {
  XGRAD_CHECK_AS(TypeError, mask.dtype() == kBool || mask.dtype() == kByte, operation, operation.name(),
                 ": expected BoolTensor or ByteTensor for mask, got ", mask.dtype());
}

// Positions, in row-major order, of the elements that are not 0.
Tensor flat_nonzero(const Operation& operation, const Tensor& t) {
  const Tensor flat = contiguous_as(t, t.dtype());
  const int64_t n = flat.numel(), count = kernels::count_nonzero(flat.dtype(), flat.data_ptr(), n);
  const Tensor out = allocate_tensor({count}, kLong);
  launch(operation, kernels::find_nonzero, reads(flat), writes(out), flat.dtype(), flat.data_ptr(), n, count, out.data_ptr<int64_t>());
  return out;
}

}  // namespace

Tensor take(const Tensor& self, const Tensor& index) {
  const Operation& op = operation<"take">;
  XGRAD_CHECK_AS(TypeError, index.dtype() == kLong, op, "take(): Expected a long tensor for index, but got ", index.dtype());
  XGRAD_CHECK_AS(IndexError, self.numel() > 0 || index.numel() == 0, op, "tried to take from an empty tensor");
  return take_at(op, self, wrapped_positions(op, index, self.numel(), 0, "out of range: tried to access an index on a tensor"));
}

Tensor masked_select(const Tensor& self, const Tensor& mask) {
  const Operation& op = operation<"masked_select">;
  check_mask(op, mask);
  const Dims shape = broadcast_shapes(op.name(), self.sizes(), mask.sizes());
  const Tensor at = flat_nonzero(op, mask.sizes() == shape ? mask : mask.expand(shape));
  return take_at(op, self.sizes() == shape ? self : self.expand(shape), at);
}

Tensor nonzero(const Tensor& self) {
  const Operation& op = operation<"nonzero">;
  const Tensor flat = flat_nonzero(op, self);
  const IntArrayRef sizes = self.sizes();
  const Tensor y = allocate_tensor({flat.numel(), self.dim()}, kLong);
  launch(op, kernels::split_positions, reads(flat), writes(y), flat.data_ptr<int64_t>(), flat.numel(),
         kernels::Constants<int64_t>{sizes.data(), self.dim()}, y.data_ptr<int64_t>());
  return not_differentiable(Forward(op, y));
}

// ---- masks

namespace {

// self with `value`'s element where the mask is true, in their broadcast shape; row-major, as in PyTorch.
Forward masked(const Operation& operation, const Tensor& self, const Tensor& mask, const Tensor& value) {
  check_mask(operation, mask);
  const Forward y = pointwise(operation, kernels::where, self.dtype(), {as_it_is(mask), value, self});
  return Forward(operation, contiguous_as(y.value(), self.dtype()));
}

void check_element(const Operation& operation, const Scalar& value, ScalarType dtype) {
  dispatch_all(dtype, operation.name(), [&](auto zero) { element_of<decltype(zero)>(operation.name(), value); });
}

}  // namespace

Tensor masked_fill(const Tensor& self, const Tensor& mask, const Scalar& value) {
  const Operation& op = operation<"masked_fill">;
  return record(masked(op, self, mask, number_tensor(op, value, self.dtype())), with("value", value),
                wrt(self, [mask = save(mask)](const Tensor& gy) { return masked_fill(gy, *mask, 0); }));
}

Tensor masked_fill(const Tensor& self, const Tensor& mask, const Tensor& value) {
  const Operation& op = operation<"masked_fill", 1>;
  XGRAD_CHECK(value.dim() == 0, op, "only supports a 0-dimensional value tensor, but got tensor with ", value.dim(), " dimension(s)");
  check_element(op, value.item(), self.dtype());
  return record(masked(op, self, mask, contiguous_as(value, self.dtype())),
                wrt(self, [mask = save(mask)](const Tensor& gy) { return masked_fill(gy, *mask, 0); }),
                wrt(value, [mask = save(mask)](const Tensor& gy) { return masked_select(gy, *mask).sum(); }));
}

// ---- one_hot

Tensor one_hot(const Tensor& self, int64_t num_classes) {
  const Operation& op = operation<"one_hot">;
  XGRAD_CHECK_AS(TypeError, self.dtype() == kLong, op, "is only applicable to index tensor, got ", self.dtype());
  const Tensor at = contiguous_as(self, kLong);
  const int64_t* p = at.data_ptr<int64_t>();
  const int64_t n = at.numel();
  XGRAD_CHECK(n > 0 || num_classes > 0, op, "Can not infer total number of classes from empty tensor");
  int64_t least = 0, most = 0;
  for (int64_t i = 0; i < n; ++i) {
    least = std::min(least, p[i]);
    most = std::max(most, p[i]);
  }
  XGRAD_CHECK(least >= 0, op, "Class values must be non-negative, got ", least);
  const int64_t classes = num_classes == -1 ? most + 1 : num_classes;
  XGRAD_CHECK(most < classes || n == 0, op, "Class values must be smaller than num_classes, got ", most, " and ", num_classes);
  Dims shape = self.sizes();
  shape.push_back(classes);
  const Tensor y = zeros(shape, kLong);
  launch(op, kernels::mark_classes, reads(at, y), writes(y), p, n, classes, y.data_ptr<int64_t>());
  return not_differentiable(Forward(op, y));
}

}}  // namespace torch::xgrad

#else  // ---- samples

#include <xgrad/autograd/catalogue/catalogue.h>

namespace torch { inline namespace xgrad {

using catalogue::Inputs;
using catalogue::Samples;

static const catalogue::Entry gather_entry("gather", [](Samples& s) {
  s.add("torch.gather(x[0], 0, x[1])", {s.normal({3, 2}), s.integers({4, 2}, 0, 3)}, [](Inputs x) { return gather(x[0], 0, x[1]); });
  s.add("torch.gather(x[0], -1, x[1])", {s.normal({3, 4}), s.integers({2, 5}, 0, 4)}, [](Inputs x) { return gather(x[0], -1, x[1]); });
  s.add("torch.gather(x[0], 1, x[1])", {s.normal({2, 3, 2}), s.integers({2, 1, 2}, 0, 3)}, [](Inputs x) { return gather(x[0], 1, x[1]); });
  s.add("torch.gather(x[0], 0, x[1])", {s.normal({}), tensor({0})}, [](Inputs x) { return gather(x[0], 0, x[1]); });
  s.add("torch.gather(x[0], 0, x[1])", {s.normal({3}), tensor(2)}, [](Inputs x) { return gather(x[0], 0, x[1]); });
  s.add("torch.gather(x[0], 0, x[1])", {s.normal({3, 2}), zeros({0, 2}, kLong)}, [](Inputs x) { return gather(x[0], 0, x[1]); });
  s.flat("torch.gather(x[0], 0, x[1])", {s.booleans({3}), tensor({2, 2, 0})}, [](Inputs x) { return gather(x[0], 0, x[1]); });
  s.rejects("a negative index", "index -1 is out of bounds for dimension 0 with size 3", [] { gather(ones({3}), 0, tensor({0, -1})); });
  s.rejects("an index too large", "index 9 is out of bounds for dimension 1 with size 4", [] { gather(ones({3, 4}), 1, tensor({{0, 9}})); });
  s.rejects("an int32 index", "[gather] gather(): Expected dtype int64 for index", [] { gather(ones({3}), 0, tensor({0}, kInt)); });
  s.rejects("an index of fewer axes", "same number of dimensions as input", [] { gather(ones({3, 4}), 0, tensor({0})); });
  s.rejects("an index larger elsewhere", "to be smaller than self", [] { gather(ones({3, 4}), 0, zeros({1, 5}, kLong)); });
});

static const catalogue::Entry scatter_entry("scatter", [](Samples& s) {
  const Tensor rows = tensor({{2, 0}, {0, 1}}), once = tensor({{2, 0, 1, 3}});
  s.add("torch.scatter(x[0], 0, x[1], x[2])", {s.normal({3, 2}), rows, s.normal({2, 2})}, [](Inputs x) { return scatter(x[0], 0, x[1], x[2]); });
  s.add("torch.scatter(x[0], -1, x[1], x[2])", {s.normal({2, 4}), once, s.normal({1, 4})}, [](Inputs x) { return scatter(x[0], -1, x[1], x[2]); });
  s.add("torch.scatter(x[0], 1, x[1], 2.5)", {s.normal({2, 4}), once}, [](Inputs x) { return scatter(x[0], 1, x[1], 2.5); });
  s.add("torch.scatter(x[0], 0, x[1], x[2])", {s.normal({}), tensor(0), s.normal({})}, [](Inputs x) { return scatter(x[0], 0, x[1], x[2]); });
  s.flat("torch.scatter(x[0], 0, x[1], 1.7)", {s.integers({4}, 0, 9), tensor({1, 1})}, [](Inputs x) { return scatter(x[0], 0, x[1], 1.7); });
  s.flat("torch.scatter(x[0], 0, x[1], x[2], reduce='multiply')",
         {catalogue::constant(s.normal({3})), tensor({1, 1, 2}), catalogue::constant(s.normal({3}))},
         [](Inputs x) { return scatter(x[0], 0, x[1], x[2], "multiply"); });
  s.flat("torch.scatter(x[0], 0, x[1], 3., reduce='multiply')", {catalogue::constant(s.normal({3})), tensor({1, 1})},
         [](Inputs x) { return scatter(x[0], 0, x[1], 3., "multiply"); });
  s.flat("torch.scatter(x[0], 0, x[1], x[2], reduce='add')",
         {catalogue::constant(s.normal({3})), tensor({1, 1, 2}), catalogue::constant(s.normal({3}))},
         [](Inputs x) { return scatter(x[0], 0, x[1], x[2], "add"); });
  s.rejects("an index out of range", "index 5 is out of bounds for dimension 0 with size 3", [] { scatter(ones({3}), 0, tensor({5}), 1); });
  s.rejects("another dtype", "Expected self.dtype to be equal to src.dtype", [] { scatter(ones({3}), 0, tensor({0}), ones({1}, kDouble)); });
  s.rejects("an index larger than src", "Expected index [2] to be smaller than self", [] { scatter(ones({3}), 0, tensor({0, 1}), ones({1})); });
  s.rejects("another reduction", "reduce argument must be either add or multiply", [] { scatter(ones({3}), 0, tensor({0}), 1, "mean"); });
  s.rejects("the derivative of multiply", "is not implemented",
            [] { scatter(ones({3}).requires_grad_(), 0, tensor({0}), 2, "multiply").backward(ones({3})); });
});

static const catalogue::Entry scatter_add_entry("scatter_add", [](Samples& s) {
  const auto run = [](Inputs x) { return scatter_add(x[0], 0, x[1], x[2]); };
  s.add("torch.scatter_add(x[0], 0, x[1], x[2])", {s.normal({3, 2}), tensor({{2, 0}, {2, 1}, {2, 1}}), s.normal({3, 2})}, run);
  s.add("torch.scatter_add(x[0], 0, x[1], x[2])", {s.normal({3}), tensor({1, 1, 1, 1}), s.normal({4})}, run);
  s.add("torch.scatter_add(x[0], 1, x[1], x[2])", {s.normal({2, 3, 2}), s.integers({2, 4, 1}, 0, 3), s.normal({2, 4, 1})},
        [](Inputs x) { return scatter_add(x[0], 1, x[1], x[2]); });
  s.flat("torch.scatter_add(x[0], 0, x[1], x[2])", {s.integers({3}, 0, 9), tensor({1, 1}), s.integers({2}, 0, 9)}, run);
  s.rejects("an index out of range", "index 9 is out of bounds for dimension 0 with size 3",
            [] { scatter_add(ones({3}), 0, tensor({9}), ones({1})); });
});

static const catalogue::Entry index_select_entry("index_select", [](Samples& s) {
  for (int64_t dim : {0, 1, -1})
    s.add("torch.index_select(x[0], " + std::to_string(dim) + ", x[1])", {s.normal({3, 2, 4}), tensor({1, 0, 1})},
          [dim](Inputs x) { return index_select(x[0], dim, x[1]); });
  const auto run = [](Inputs x) { return index_select(x[0], 0, x[1]); };
  s.add("torch.index_select(x[0], 0, x[1])", {s.normal({3, 2}), tensor(1)}, run);
  s.add("torch.index_select(x[0], 0, x[1])", {s.normal({3, 2}), tensor({2, 0}, kInt)}, run);
  s.add("torch.index_select(x[0], 0, x[1])", {s.normal({3, 2}), zeros({0}, kLong)}, run);
  s.add("torch.index_select(x[0], 0, x[1])", {s.normal({}), tensor({0})}, run);
  s.flat("torch.index_select(x[0], 0, x[1])", {s.integers({3}, 0, 9), tensor({2, 2})}, run);
  s.rejects("a negative index", "index out of range in self", [] { index_select(ones({3}), 0, tensor({-1})); });
  s.rejects("an index too large", "index 7 is out of bounds for dimension 0 with size 3", [] { index_select(ones({3}), 0, tensor({7})); });
  s.rejects("a matrix as index", "Index is supposed to be a vector", [] { index_select(ones({3}), 0, zeros({1, 1}, kLong)); });
  s.rejects("a floating index", "[index_select] index_select(): Expected dtype int32 or int64 for index",
            [] { index_select(ones({3}), 0, zeros({1})); });
});

static const catalogue::Entry index_add_entry("index_add", [](Samples& s) {
  s.add("torch.index_add(x[0], 0, x[1], x[2])", {s.normal({3, 2}), tensor({1, 1, 2, 1}), s.normal({4, 2})},
        [](Inputs x) { return index_add(x[0], 0, x[1], x[2]); });
  s.add("torch.index_add(x[0], -1, x[1], x[2], alpha=-0.5)", {s.normal({2, 3}), tensor({0, 2}), s.normal({2, 2})},
        [](Inputs x) { return index_add(x[0], -1, x[1], x[2], -0.5); });
  s.add("torch.index_add(x[0], 0, x[1], x[2])", {s.normal({3, 2}), tensor(1), s.normal({1, 2})},
        [](Inputs x) { return index_add(x[0], 0, x[1], x[2]); });
  s.flat("torch.index_add(x[0], 0, x[1], x[2], alpha=2)", {s.integers({3}, 0, 9), tensor({1, 1}), s.integers({2}, 0, 9)},
         [](Inputs x) { return index_add(x[0], 0, x[1], x[2], 2); });
  s.rejects("a negative index", "index out of range in self", [] { index_add(ones({3}), 0, tensor({-1}), ones({1})); });
  s.rejects("more slices than positions", "Number of indices (1) should be equal to source.size(dim): (3)",
            [] { index_add(ones({3}), 0, tensor({0}), ones({3})); });
  s.rejects("another dtype", "must have the same scalar type", [] { index_add(ones({3}), 0, tensor({0}), ones({1}, kDouble)); });
});

static const catalogue::Entry index_copy_entry("index_copy", [](Samples& s) {
  s.add("torch.index_copy(x[0], 0, x[1], x[2])", {s.normal({3, 2}), tensor({2, 0}), s.normal({2, 2})},
        [](Inputs x) { return index_copy(x[0], 0, x[1], x[2]); });
  s.add("torch.index_copy(x[0], -1, x[1], x[2])", {s.normal({2, 3}), tensor({1}), s.normal({2, 1})},
        [](Inputs x) { return index_copy(x[0], -1, x[1], x[2]); });
  s.rejects("a negative index", "index -1 is out of bounds for dimension 0 with size 3", [] { index_copy(ones({3}), 0, tensor({-1}), ones({1})); });
  s.rejects("slices of another shape", "must have same slice shapes", [] { index_copy(ones({3, 4}), 0, tensor({0}), ones({1, 2})); });
  s.rejects("another dtype", "expected to have the same dtype", [] { index_copy(ones({3}), 0, tensor({0}), ones({1}, kDouble)); });
});

static const catalogue::Entry index_fill_entry("index_fill", [](Samples& s) {
  s.add("torch.index_fill(x[0], 0, x[1], 2.5)", {s.normal({3, 2}), tensor({-1, 0})}, [](Inputs x) { return index_fill(x[0], 0, x[1], 2.5); });
  s.add("torch.index_fill(x[0], 1, x[1], x[2])", {s.normal({2, 3}), tensor({1, 2}), s.normal({})},
        [](Inputs x) { return index_fill(x[0], 1, x[1], x[2]); });
  s.flat("torch.index_fill(x[0], 0, x[1], 1.5)", {s.integers({3}, 0, 9), tensor({0})}, [](Inputs x) { return index_fill(x[0], 0, x[1], 1.5); });
  s.rejects("an index too large", "index 7 is out of bounds for dimension 0 with size 3", [] { index_fill(ones({3}), 0, tensor({7}), 1); });
  s.rejects("a value with axes", "only supports a 0-dimensional value tensor", [] { index_fill(ones({3}), 0, tensor({0}), ones({1})); });
});

static const catalogue::Entry masked_fill_entry("masked_fill", [](Samples& s) {
  s.add("torch.masked_fill(x[0], x[1], 2.5)", {s.normal({2, 3}), s.booleans({2, 3})}, [](Inputs x) { return masked_fill(x[0], x[1], 2.5); });
  s.add("torch.masked_fill(x[0], x[1], -math.inf)", {s.normal({2, 3}), s.booleans({3})}, [](Inputs x) {
     return masked_fill(x[0], x[1], -INFINITY);
   }).smooth = false;
  s.add("torch.masked_fill(x[0], x[1], x[2])", {s.normal({2, 1, 3}), s.booleans({4, 1}), s.normal({})},
        [](Inputs x) { return masked_fill(x[0], x[1], x[2]); });
  s.at("torch.masked_fill(x[0], x[1], 0.)", {tensor({NAN, INFINITY, 1.f}, kDouble), tensor({true, true, false})},
       [](Inputs x) { return masked_fill(x[0], x[1], 0.); });
  s.flat("torch.masked_fill(x[0], x[1], 1.5)", {s.integers({3}, 0, 9), s.booleans({3})}, [](Inputs x) { return masked_fill(x[0], x[1], 1.5); });
  s.rejects("a mask that doesn't fit", "must match the size of tensor b", [] { masked_fill(ones({4}), ones({2}, kBool), 1); });
  s.rejects("a floating mask", "[masked_fill] masked_fill: expected BoolTensor or ByteTensor for mask, got Float",
            [] { masked_fill(ones({2}), ones({2}), 1); });
  s.rejects("a value with axes", "only supports a 0-dimensional value tensor", [] { masked_fill(ones({2}), ones({2}, kBool), ones({1})); });
  s.rejects("a number the dtype can't hold", "without overflow", [] { masked_fill(ones({2}, kByte), ones({2}, kBool), 300); });
});

static const catalogue::Entry masked_select_entry("masked_select", [](Samples& s) {
  const auto run = [](Inputs x) { return masked_select(x[0], x[1]); };
  for (const std::vector<int64_t>& shape : {std::vector<int64_t>{2, 3}, {3}, {2, 1}, {4, 1, 1}, {}})
    s.add("torch.masked_select(x[0], x[1])", {s.normal({2, 3}), s.booleans(shape)}, run);
  s.add("torch.masked_select(x[0], x[1])", {s.normal({3}), s.booleans({2, 3})}, run);
  s.add("torch.masked_select(x[0], x[1])", {s.normal({}), tensor(true)}, run);
  s.flat("torch.masked_select(x[0], x[1])", {s.integers({4}, 0, 9), zeros({4}, kBool)}, run);
  s.rejects("a floating mask", "[masked_select] masked_select: expected BoolTensor or ByteTensor for mask",
            [] { masked_select(ones({2}), ones({2})); });
});

static const catalogue::Entry one_hot_entry("one_hot", [](Samples& s) {
  s.flat("F.one_hot(x[0])", {tensor({{0, 2}, {1, 0}})}, [](Inputs x) { return one_hot(x[0]); });
  s.flat("F.one_hot(x[0], 5)", {tensor({4, 0})}, [](Inputs x) { return one_hot(x[0], 5); });
  s.flat("F.one_hot(x[0])", {tensor(1)}, [](Inputs x) { return one_hot(x[0]); });
  s.flat("F.one_hot(x[0], 3)", {zeros({0}, kLong)}, [](Inputs x) { return one_hot(x[0], 3); });
  s.rejects("a negative class", "Class values must be non-negative", [] { one_hot(tensor({-1})); });
  s.rejects("a class too large", "Class values must be smaller than num_classes", [] { one_hot(tensor({2}), 2); });
  s.rejects("nothing to count", "Can not infer total number of classes from empty tensor", [] { one_hot(zeros({0}, kLong)); });
  s.rejects("floating classes", "only applicable to index tensor", [] { one_hot(ones({2})); });
});

static const catalogue::Entry take_entry("take", [](Samples& s) {
  const auto run = [](Inputs x) { return take(x[0], x[1]); };
  s.add("torch.take(x[0], x[1])", {s.normal({2, 3}), tensor({{0, 5}, {-1, 0}})}, run);
  s.add("torch.take(x[0].t(), x[1])", {s.normal({2, 3}), tensor({1, 4})}, [](Inputs x) { return take(x[0].t(), x[1]); });
  s.add("torch.take(x[0], x[1])", {s.normal({2, 3}), tensor(2)}, run);
  s.add("torch.take(x[0], x[1])", {s.normal({0}), zeros({0}, kLong)}, run);
  s.rejects("an index too large", "out of range", [] { take(ones({3}), tensor({3})); });
  s.rejects("nothing to take from", "tried to take from an empty tensor", [] { take(ones({0}), tensor({0})); });
  s.rejects("a floating index", "Expected a long tensor for index", [] { take(ones({3}), ones({1})); });
});

static const catalogue::Entry take_along_dim_entry("take_along_dim", [](Samples& s) {
  s.add("torch.take_along_dim(x[0], x[1], 1)", {s.normal({3, 4}), tensor({{0}, {1}, {0}})}, [](Inputs x) { return take_along_dim(x[0], x[1], 1); });
  s.add("torch.take_along_dim(x[0], x[1], 0)", {s.normal({3, 4}), tensor({{0}, {2}})}, [](Inputs x) { return take_along_dim(x[0], x[1], 0); });
  s.add("torch.take_along_dim(x[0], x[1])", {s.normal({2, 2}), tensor({3, 0, 3})}, [](Inputs x) { return take_along_dim(x[0], x[1]); });
  s.rejects("fewer axes", "should have the same number of dimensions", [] { take_along_dim(ones({3, 4}), tensor({0}), 0); });
  s.rejects("a floating index", "dtype of indices should be Long", [] { take_along_dim(ones({3}), ones({1}), 0); });
});

static const catalogue::Entry nonzero_entry("nonzero", [](Samples& s) {
  const auto run = [](Inputs x) { return nonzero(x[0]); };
  for (const std::vector<int64_t>& shape : {std::vector<int64_t>{3, 4}, {5}, {2, 2, 2}, {0, 2}})
    s.flat("torch.nonzero(x[0])", {s.booleans(shape)}, run);
  s.flat("torch.nonzero(x[0])", {tensor({NAN, 0.f, -0.f, 2.f}, kDouble)}, run);
  s.flat("torch.nonzero(x[0])", {tensor(3)}, run);
});

}}  // namespace torch::xgrad

#endif
