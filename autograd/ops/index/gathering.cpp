#include <xgrad/autograd/ops/index/gathering.h>

#include <xgrad/autograd/core/shape.h>
#include <xgrad/autograd/core/step_observer.h>
#include <xgrad/autograd/graph/record.h>
#include <xgrad/autograd/kernels/index/positions.h>
#include <xgrad/autograd/ops/creation/numbers.h>
#include <xgrad/autograd/ops/index/index_checks.h>
#include <xgrad/autograd/ops/index/positions.h>
#include <xgrad/autograd/ops/ops.h>
#include <xgrad/autograd/tensor/allocate.h>
#include <xgrad/autograd/tensor/copy.h>
#include <xgrad/autograd/tensor/memory_order.h>
#include <xgrad/autograd/tensor/tensor_memory.h>

#ifndef XGRAD_SAMPLES

namespace torch { inline namespace xgrad {

// ---- gather and scatter

namespace {

// Zeros of `sizes` with src added at `index` along `axis`: the derivative of gather.
Tensor scattered_sum(const Dims& sizes, int axis, const Tensor& index, const Tensor& src) {
  const Tensor y = zeros(sizes, src.dtype());
  const Operation& op = operation<"scatter_add">;
  scatter_into(op, y, axis, index, src, Combine::Add);
  return record(Forward(op, y), with("dim", axis), wrt(src, [axis, index = save(index)](const Tensor& gy) { return gather(gy, axis, *index); }),
                given(index));
}

Forward scattered(const Operation& operation, const Tensor& self, int64_t dim, const Tensor& index, const Tensor& src, Combine how) {
  const int axis = check_scatter(operation, self, dim, index, src);
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
                wrt(self, [before, axis, index = save(index)](const Tensor& gy) { return scattered_sum(before, axis, *index, gy); }), given(index));
}

Tensor scatter(const Tensor& self, int64_t dim, const Tensor& index, const Tensor& src) {
  const Dims before = src.sizes();
  return record(scattered(operation<"scatter">, self, dim, index, src, Combine::Overwrite), with("dim", dim),
                wrt(self, [dim, index = save(index)](const Tensor& gy) { return scatter(gy, dim, *index, 0); }), given(index),
                wrt(src, [dim, before, index = save(index)](const Tensor& gy) { return in_corner(gather(gy, dim, *index), before); }));
}

Tensor scatter(const Tensor& self, int64_t dim, const Tensor& index, const Scalar& value) {
  const Operation& op = operation<"scatter", 1>;
  return record(scattered(op, self, dim, index, value_like(op, self, index, value), Combine::Overwrite), with("dim", dim, "value", value),
                wrt(self, [dim, index = save(index)](const Tensor& gy) { return scatter(gy, dim, *index, 0); }), given(index));
}

Tensor scatter_add(const Tensor& self, int64_t dim, const Tensor& index, const Tensor& src) {
  const Dims before = src.sizes();
  return record(scattered(operation<"scatter_add">, self, dim, index, src, Combine::Add), with("dim", dim), wrt(self, passed_on), given(index),
                wrt(src, [dim, before, index = save(index)](const Tensor& gy) { return in_corner(gather(gy, dim, *index), before); }));
}

Tensor scatter(const Tensor& self, int64_t dim, const Tensor& index, const Tensor& src, std::string_view reduce) {
  if (combination(reduce) == Combine::Add) return scatter_add(self, dim, index, src);
  const char* const multiply = "multiply";
  return record(scattered(operation_recorded_as<"scatter", "ScatterReduceBackward0">, self, dim, index, src, Combine::Multiply),
                with("dim", dim, "reduce", multiply), wrt(self, no_derivative_of_multiply), given(index), wrt(src, no_derivative_of_multiply));
}

Tensor scatter(const Tensor& self, int64_t dim, const Tensor& index, const Scalar& value, std::string_view reduce) {
  const bool add = combination(reduce) == Combine::Add;
  const Operation& op = add ? operation_recorded_as<"scatter", "ScatterAddBackward0"> : operation_recorded_as<"scatter", "ScatterReduceBackward0">;
  const char* const how = add ? "add" : "multiply";
  Forward y = scattered(op, self, dim, index, value_like(op, self, index, value), add ? Combine::Add : Combine::Multiply);
  if (add) return record(std::move(y), with("dim", dim, "value", value, "reduce", how), wrt(self, passed_on), given(index));
  return record(std::move(y), with("dim", dim, "value", value, "reduce", how), wrt(self, no_derivative_of_multiply), given(index));
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

// The shape of `t` with `n` slices along `axis`; a 0-d tensor stays one when n is 1.
Dims with_slices(const Operation& operation, const Tensor& t, int axis, int64_t n) {
  Dims shape = t.sizes();
  if (t.dim() > 0) shape[axis] = n;
  else XGRAD_CHECK(n == 1, operation, "Index to scalar can have only 1 value, got ", n, " value(s)");
  return shape;
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
                wrt(self, [before, axis, at = save(at)](const Tensor& gy) { return slices_sum(before, axis, *at, gy); }), given(index));
}

Tensor index_add(const Tensor& self, int64_t dim, const Tensor& index, const Tensor& source, const Scalar& alpha) {
  const Operation& op = operation<"index_add">;
  const int axis = axis_of(op, dim, self);
  const Tensor at = slice_index(op, index, true);
  check_source(op, self, axis, at, source);
  check_positions(op, at, size_along(self, axis), axis, "index out of range in self");
  const Tensor scaled = alpha.equal(1) ? source : untraced([&] { return copy_of(source.detach() * alpha, self.dtype()); });
  const Dims before = source.sizes();
  return record(with_slices_combined(op, self, axis, at, scaled, Combine::Add), with("dim", dim, "alpha", alpha), wrt(self, passed_on), given(index),
                wrt(source, [=, at = save(at)](const Tensor& gy) {
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
                wrt(self, [axis, at = save(at)](const Tensor& gy) { return index_fill(gy, axis, *at, 0); }), given(index),
                wrt(source, [axis, before, at = save(at)](const Tensor& gy) { return index_select(gy, axis, *at).reshape(before); }));
}

Tensor index_fill(const Tensor& self, int64_t dim, const Tensor& index, const Scalar& value) {
  const Operation& op = operation<"index_fill">;
  const int axis = axis_of(op, dim, self);
  if (self.dim() == 0) return index_fill(self.unsqueeze(0), 0, index, value).squeeze(0);
  const Tensor at = wrapped_positions(op, slice_index(op, index, false), size_along(self, axis), axis);
  return record(with_slices_filled(op, self, axis, at, number_tensor(op, value, self.dtype())), with("dim", dim, "value", value),
                wrt(self, [axis, at = save(at)](const Tensor& gy) { return index_fill(gy, axis, *at, 0); }), given(index));
}

Tensor index_fill(const Tensor& self, int64_t dim, const Tensor& index, const Tensor& value) {
  const Operation& op = operation<"index_fill", 1>;
  XGRAD_CHECK(value.dim() == 0, op, "only supports a 0-dimensional value tensor, but got tensor with ", value.dim(), " dimension(s)");
  const int axis = axis_of(op, dim, self);
  if (self.dim() == 0) return index_fill(self.unsqueeze(0), 0, index, value).squeeze(0);
  const Tensor at = wrapped_positions(op, slice_index(op, index, false), size_along(self, axis), axis);
  return record(with_slices_filled(op, self, axis, at, contiguous_as(value, self.dtype())), with("dim", dim),
                wrt(self, [axis, at = save(at)](const Tensor& gy) { return index_fill(gy, axis, *at, 0); }), given(index),
                wrt(value, [axis, at = save(at)](const Tensor& gy) { return index_select(gy, axis, *at).sum(); }));
}

// ---- one_hot

// `classes`: -1 for as many as there are.
static void check_classes(const int64_t* values, int64_t n, int64_t classes) {
  const Operation& op = operation<"one_hot">;
  if (n == 0) return;
  const auto [least, most] = std::minmax_element(values, values + n);
  XGRAD_CHECK(*least >= 0, op, "Class values must be non-negative, got ", *least);
  XGRAD_CHECK(classes == -1 || *most < classes, op, "Class values must be smaller than num_classes, got ", *most, " and ", classes);
}

Tensor one_hot(const Tensor& self, int64_t num_classes) {
  const Operation& op = operation<"one_hot">;
  XGRAD_CHECK_AS(TypeError, self.dtype() == kLong, op, "is only applicable to index tensor, got ", self.dtype());
  const Tensor at = contiguous_as(self, kLong);
  const int64_t* p = at.data_ptr<int64_t>();
  const int64_t n = at.numel();
  XGRAD_CHECK(n > 0 || num_classes > 0, op, "Can not infer total number of classes from empty tensor");
  launch(op, check_classes, reads(at), writes(), p, n, num_classes);
  if (num_classes == -1) detail::note_leaving_launches("one_hot without a number of classes");
  const int64_t classes = num_classes == -1 ? std::max<int64_t>(*std::max_element(p, p + n), 0) + 1 : num_classes;
  Dims shape = self.sizes();
  shape.push_back(classes);
  const Tensor y = zeros(shape, kLong);
  launch(op, kernels::mark_classes, reads(at, y), writes(y), p, n, classes, y.data_ptr<int64_t>());
  return not_differentiable(Forward(op, y), with("num_classes", classes), self);
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

static const catalogue::Entry take_along_dim_entry("take_along_dim", [](Samples& s) {
  s.add("torch.take_along_dim(x[0], x[1], 1)", {s.normal({3, 4}), tensor({{0}, {1}, {0}})}, [](Inputs x) { return take_along_dim(x[0], x[1], 1); });
  s.add("torch.take_along_dim(x[0], x[1], 0)", {s.normal({3, 4}), tensor({{0}, {2}})}, [](Inputs x) { return take_along_dim(x[0], x[1], 0); });
  s.add("torch.take_along_dim(x[0], x[1])", {s.normal({2, 2}), tensor({3, 0, 3})}, [](Inputs x) { return take_along_dim(x[0], x[1]); });
  s.rejects("fewer axes", "should have the same number of dimensions", [] { take_along_dim(ones({3, 4}), tensor({0}), 0); });
  s.rejects("a floating index", "dtype of indices should be Long", [] { take_along_dim(ones({3}), ones({1}), 0); });
});

}}  // namespace torch::xgrad

#endif
