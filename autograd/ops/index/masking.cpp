// Elements of a whole tensor: at positions counted over all axes, and where a mask is true.
#include <cmath>

#include <xgrad/autograd/core/scalar_conversion.h>
#include <xgrad/autograd/core/shape.h>
#include <xgrad/autograd/graph/record.h>
#include <xgrad/autograd/kernels/index/positions.h>
#include <xgrad/autograd/kernels/pointwise/selection.h>
#include <xgrad/autograd/ops/creation/numbers.h>
#include <xgrad/autograd/ops/index/index_checks.h>
#include <xgrad/autograd/ops/ops.h>
#include <xgrad/autograd/tensor/allocate.h>
#include <xgrad/autograd/tensor/copy.h>
#include <xgrad/autograd/tensor/memory_order.h>
#include <xgrad/autograd/tensor/pointwise.h>
#include <xgrad/autograd/tensor/tensor_memory.h>

#ifndef XGRAD_SAMPLES

namespace torch { inline namespace xgrad {

// ---- positions in a whole tensor

namespace {

// The row-major elements y in a tensor that lies as `self` does.
Tensor in_order_of(const Tensor& self, const Tensor& y) {
  const Tensor out = allocate_in_order_of(self, y.dtype());
  copy_elements(out, y);
  return out;
}

// The elements at `index` of x seen as a vector.
Tensor taken(const Operation& operation, const Tensor& x, const Tensor& index) {
  const Tensor flat = contiguous_as(x, x.dtype());
  const Tensor at = contiguous_as(index, kLong);
  const Tensor y = gathered(operation, tensor_on(flat.storage(), flat.dtype(), {flat.numel()}, {1}, flat.storage_offset()), 0,
                            tensor_on(at.storage(), kLong, {at.numel()}, {1}, at.storage_offset()));
  return tensor_on(y.storage(), y.dtype(), index.sizes(), contiguous_strides(index.sizes()), 0);
}

// `chooses`: what the positions were asked for by.
Tensor take_at(const Operation& operation, const Tensor& x, const Tensor& index, const Tensor& chooses) {
  const Dims before = x.sizes();
  return record(Forward(operation, taken(operation, x, index)),
                wrt(x,
                    [before, index = save(index)](const Tensor& gy) {
                      return slices_sum({numel_of(before)}, 0, (*index).reshape({numel_of((*index).sizes())}), gy.reshape({gy.numel()})).view(before);
                    }),
                given(chooses));
}

// Positions, in row-major order, of the elements that are not 0.
Tensor flat_nonzero(const Operation& operation, const Tensor& t) {
  const Tensor flat = contiguous_as(t, t.dtype());
  const int64_t n = flat.numel(), count = kernels::count_nonzero(flat.dtype(), flat.data_ptr(), n);
  const Tensor out = allocate_tensor({count}, kLong);
  launch(operation, kernels::find_nonzero, reads(flat), writes(out), flat.dtype(), flat.data_ptr(), n, count, out.data_ptr<int64_t>());
  return out;
}

// self with the elements at the positions `at` of it, seen as a vector, combined with those of `source` in order, row-major on request.
Forward with_elements(const Operation& operation, const Tensor& self, const Tensor& at, const Tensor& source, Combine how, bool row_major = false) {
  const Tensor y = copy_of(self, self.dtype()), from = contiguous_as(source, self.dtype());
  scatter_into(operation, tensor_on(y.storage(), y.dtype(), {y.numel()}, {1}, y.storage_offset()), 0,
               tensor_on(at.storage(), kLong, {at.numel()}, {1}, at.storage_offset()),
               tensor_on(from.storage(), from.dtype(), {from.numel()}, {1}, from.storage_offset()), how);
  return Forward(operation, row_major || self.is_contiguous() ? y : in_order_of(self, y));
}

}  // namespace

Tensor take(const Tensor& self, const Tensor& index) {
  const Operation& op = operation<"take">;
  XGRAD_CHECK_AS(TypeError, index.dtype() == kLong, op, "take(): Expected a long tensor for index, but got ", index.dtype());
  XGRAD_CHECK_AS(IndexError, self.numel() > 0 || index.numel() == 0, op, "tried to take from an empty tensor");
  return take_at(op, self, wrapped_positions(op, index, self.numel(), 0, "out of range: tried to access an index on a tensor"), index);
}

Tensor put(const Tensor& self, const Tensor& index, const Tensor& source, bool accumulate) {
  const Operation& op = operation<"put">;
  XGRAD_CHECK_AS(TypeError, index.dtype() == kLong, op, "put_(): Expected a long tensor for index, but got ", index.dtype());
  XGRAD_CHECK_AS(TypeError, self.dtype() == source.dtype(), op,
                 "put_(): self and source expected to have the same dtype, but got self.dtype = ", self.dtype(),
                 " and source.dtype = ", source.dtype());
  XGRAD_CHECK_AS(IndexError, source.numel() == index.numel(), op,
                 "put_(): Expected source and index to have the same number of elements, but got source.numel() = ", source.numel(),
                 ", index.numel() = ", index.numel());
  XGRAD_CHECK_AS(IndexError, self.numel() > 0 || index.numel() == 0, op, "put_(): Tried to put elements into an empty tensor");
  const Tensor at = contiguous_as(wrapped_positions(op, index, self.numel(), 0, "out of range: tried to access an index on a tensor"), kLong);
  const Dims before = source.sizes();
  return record(with_elements(op, self, at, source, accumulate ? Combine::Add : Combine::Overwrite), with("accumulate", accumulate),
                wrt(self, [accumulate, at = save(at)](const Tensor& gy) { return accumulate ? gy : put(gy, *at, zeros_like(*at, gy.options())); }),
                given(index), wrt(source, [before, at = save(at)](const Tensor& gy) { return take(gy, *at).reshape(before); }));
}

Tensor masked_scatter(const Tensor& self, const Tensor& mask, const Tensor& source) {
  const Operation& op = operation<"masked_scatter">;
  XGRAD_CHECK_AS(TypeError, self.dtype() == source.dtype(), op, "masked_scatter: expected self and source to have same dtypes but got ", self.dtype(),
                 " and ", source.dtype());
  const Dims shape = broadcast_shapes(op.name(), self.sizes(), mask.sizes());
  const Tensor whole = mask.sizes() == shape ? mask : untraced([&] { return mask.expand(shape); });
  check_mask(op, mask);
  const Tensor at = flat_nonzero(op, whole);
  XGRAD_CHECK(at.numel() <= source.numel(), op, "Number of elements of source < number of ones in mask, got ", source.numel(), " and ", at.numel());
  const Dims before = source.sizes();
  return record(with_elements(op, self.sizes() == shape ? self : untraced([&] { return self.expand(shape); }), at, source, Combine::Overwrite, true),
                wrt(self, [at = save(at)](const Tensor& gy) { return put(gy, *at, zeros_like(*at, gy.options())); }), given(mask),
                wrt(source, [before, at = save(at)](const Tensor& gy) {
                  const Tensor g = take(gy, *at);
                  return cat({g, zeros({numel_of(before) - g.numel()}, g.options())}).view(before);
                }));
}

Tensor masked_select(const Tensor& self, const Tensor& mask) {
  const Operation& op = operation<"masked_select">;
  check_mask(op, mask);
  const Dims shape = broadcast_shapes(op.name(), self.sizes(), mask.sizes());
  const Tensor at = flat_nonzero(op, mask.sizes() == shape ? mask : untraced([&] { return mask.expand(shape); }));
  return take_at(op, self.sizes() == shape ? self : self.expand(shape), at, mask);
}

Tensor nonzero(const Tensor& self) {
  const Operation& op = operation<"nonzero">;
  const Tensor flat = flat_nonzero(op, self);
  const IntArrayRef sizes = self.sizes();
  const Tensor y = allocate_tensor({flat.numel(), self.dim()}, kLong);
  launch(op, kernels::split_positions, reads(flat), writes(y), flat.data_ptr<int64_t>(), flat.numel(),
         kernels::Constants<int64_t>{sizes.data(), self.dim()}, y.data_ptr<int64_t>());
  return not_differentiable(Forward(op, y), self);
}

Tensor argwhere(const Tensor& self) { return nonzero(self); }
std::vector<Tensor> nonzero_numpy(const Tensor& self) { return nonzero(self.dim() == 0 ? self.unsqueeze(0) : self).unbind(1); }

// ---- masks

namespace {

// self with `value`'s element where the mask is true, in their broadcast shape; row-major, as in PyTorch.
Forward masked(const Operation& operation, const Tensor& self, const Tensor& mask, const Tensor& value) {
  check_mask(operation, mask);
  const Forward y = pointwise(operation, kernels::where, self.dtype(), {as_it_is(mask), value, self});
  return Forward(operation, contiguous_as(y.value(), self.dtype()));
}

void check_element(const Operation& operation, const Scalar& value, ScalarType dtype) {
  dispatch_stored(dtype, operation.name(), [&](auto zero) { element_of<decltype(zero)>(operation.name(), value); });
}

}  // namespace

Tensor masked_fill(const Tensor& self, const Tensor& mask, const Scalar& value) {
  const Operation& op = operation<"masked_fill">;
  return record(masked(op, self, mask, number_tensor(op, value, self.dtype())), with("value", value),
                wrt(self, [mask = save(mask)](const Tensor& gy) { return masked_fill(gy, *mask, 0); }), given(mask));
}

Tensor masked_fill(const Tensor& self, const Tensor& mask, const Tensor& value) {
  const Operation& op = operation<"masked_fill", 1>;
  XGRAD_CHECK(value.dim() == 0, op, "only supports a 0-dimensional value tensor, but got tensor with ", value.dim(), " dimension(s)");
  check_element(op, value.item(), self.dtype());
  return record(masked(op, self, mask, contiguous_as(value, self.dtype())),
                wrt(self, [mask = save(mask)](const Tensor& gy) { return masked_fill(gy, *mask, 0); }), given(mask),
                wrt(value, [mask = save(mask)](const Tensor& gy) { return masked_select(gy, *mask).sum(); }));
}

}}  // namespace torch::xgrad

#else  // ---- samples

#include <xgrad/autograd/catalogue/catalogue.h>

namespace torch { inline namespace xgrad {

using catalogue::Inputs;
using catalogue::Samples;

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

static const catalogue::Entry put_entry("put", [](Samples& s) {
  const auto put_at = [&](std::vector<int64_t> shape, Tensor at, std::vector<int64_t> of_source, bool accumulate) {
    s.add(std::string("x[0].put(x[1], x[2], ") + catalogue::text(accumulate) + ")", {s.normal(shape), at, s.normal(of_source)},
          [=](Inputs x) { return put(x[0], x[1], x[2], accumulate); });
  };
  put_at({2, 3}, tensor({{0, 5}, {-2, 1}}), {4}, false);
  put_at({2, 3}, tensor({1, 1, -1}), {3, 1}, true);
  put_at({}, tensor({0, 0}), {2}, true);
  put_at({3}, tensor(2), {}, false);
  put_at({3}, zeros({0}, kLong), {0}, false);
  put_at({0}, zeros({0}, kLong), {0}, true);
  s.add("x[0].t().put(x[1], x[2])", {s.normal({2, 3}), tensor({1, 4}), s.normal({2})}, [](Inputs x) { return x[0].t().put(x[1], x[2]); });
  s.add("(x[0] * 1).put_(x[1], x[2], True)", {s.normal({3}), tensor({1, 1}), s.normal({2})},
        [](Inputs x) { return (x[0] * 1).put_(x[1], x[2], true); });
  s.flat("x[0].put(x[1], x[2])", {s.integers({3}, 0, 9), tensor({1}), s.integers({1}, 0, 9)}, [](Inputs x) { return x[0].put(x[1], x[2]); });
  s.rejects("an index too large", "index 5 is out of bounds", [] { put(ones({3}), tensor({5}), ones({1})); });
  s.rejects("an index too far back", "out of range: tried to access", [] { put(ones({3}), tensor({-4}), ones({1})); });
  s.rejects("more elements than positions", "same number of elements, but got source.numel() = 2, index.numel() = 1",
            [] { put(ones({3}), tensor({0}), ones({2})); });
  s.rejects("another dtype", "expected to have the same dtype", [] { put(ones({3}), tensor({0}), ones({1}, kDouble)); });
  s.rejects("an int32 index", "Expected a long tensor for index, but got Int", [] { put(ones({3}), tensor({0}, kInt), ones({1})); });
  s.rejects("nothing to put into", "Tried to put elements into an empty tensor", [] { put(ones({0}), tensor({0}), ones({1})); });
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

static const catalogue::Entry masked_scatter_entry("masked_scatter", [](Samples& s) {
  const auto run = [](Inputs x) { return masked_scatter(x[0], x[1], x[2]); };
  s.add("x[0].masked_scatter(x[1], x[2])", {s.normal({2, 3}), s.booleans({2, 3}), s.normal({2, 3})}, run);
  s.add("x[0].masked_scatter(x[1], x[2])", {s.normal({2, 3}), s.booleans({3}), s.normal({7})}, run);
  s.add("x[0].masked_scatter(x[1], x[2])", {s.normal({3}), s.booleans({2, 3}), s.normal({6})}, run);
  s.add("x[0].masked_scatter(x[1], x[2])", {s.normal({}), tensor(true), s.normal({2})}, run);
  s.add("x[0].masked_scatter(x[1], x[2])", {s.normal({0, 2}), s.booleans({0, 2}), s.normal({0})}, run);
  s.add("x[0].masked_scatter(x[1], x[2])", {s.normal({3}), zeros({3}, kBool), s.normal({0})}, run);
  s.add("x[0].t().masked_scatter(x[1], x[2])", {s.normal({2, 3}), s.booleans({3, 2}), s.normal({6})},
        [](Inputs x) { return masked_scatter(x[0].t(), x[1], x[2]); });
  s.add("(x[0] * 1).masked_scatter_(x[1], x[2])", {s.normal({2, 3}), s.booleans({3}), s.normal({6})},
        [](Inputs x) { return (x[0] * 1).masked_scatter_(x[1], x[2]); });
  s.flat("x[0].masked_scatter(x[1], x[2])", {s.integers({3}, 0, 9), s.booleans({3}), s.integers({3}, 0, 9)}, run);
  s.rejects("too few elements", "Number of elements of source < number of ones in mask",
            [] { masked_scatter(ones({3}), ones({3}, kBool), ones({2})); });
  s.rejects("another dtype", "expected self and source to have same dtypes", [] { masked_scatter(ones({3}), ones({3}, kBool), ones({3}, kDouble)); });
  s.rejects("a floating mask", "expected BoolTensor or ByteTensor for mask", [] { masked_scatter(ones({3}), ones({3}), ones({3})); });
});

static const catalogue::Entry nonzero_entry("nonzero", [](Samples& s) {
  const auto run = [](Inputs x) { return nonzero(x[0]); };
  for (const std::vector<int64_t>& shape : {std::vector<int64_t>{3, 4}, {5}, {2, 2, 2}, {0, 2}})
    s.flat("torch.nonzero(x[0])", {s.booleans(shape)}, run);
  s.flat("torch.nonzero(x[0])", {tensor({NAN, 0.f, -0.f, 2.f}, kDouble)}, run);
  s.flat("torch.nonzero(x[0])", {tensor(3)}, run);
});

static const catalogue::Entry argwhere_entry("argwhere", [](Samples& s) {
  s.flat("torch.argwhere(x[0])", {s.booleans({3, 4})}, [](Inputs x) { return argwhere(x[0]); });
  s.flat("torch.argwhere(x[0])", {tensor(3)}, [](Inputs x) { return argwhere(x[0]); });
});

static const catalogue::Entry nonzero_numpy_entry("nonzero_numpy", [](Samples& s) {
  for (const std::vector<int64_t>& shape : {std::vector<int64_t>{3, 4}, {5}, {}, {0, 2}})
    s.flat("torch.nonzero(x[0], as_tuple=True)", {s.booleans(shape)}, [](Inputs x) { return nonzero_numpy(x[0]); });
});

}}  // namespace torch::xgrad

#endif
