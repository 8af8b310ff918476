// Copies with a part replaced: what a view shows of them.
#include <cmath>

#include <xgrad/autograd/graph/record.h>
#include <xgrad/autograd/ops/creation/creation.h>
#include <xgrad/autograd/ops/shape/view.h>
#include <xgrad/autograd/tensor/copy.h>
#include <xgrad/autograd/tensor/memory_order.h>

#ifndef XGRAD_SAMPLES

namespace torch { inline namespace xgrad {

namespace {

// A copy of self with `src` at the elements that view(copy) shows. `row_major`: what a view shows follows from strides, so that the
// copy and its gradients must have those of a row-major tensor.
template <class... A, class View>
Tensor with_part(const Operation& op, const With<A...>& attributes, const Tensor& self, const Tensor& src, View view, bool row_major = false) {
  const Tensor y = row_major ? copy_of(self, self.dtype()) : copy_in_order_of(self, self.dtype()), part = untraced([&] { return view(y); });
  XGRAD_CHECK(part.sizes() == src.sizes(), op, "expected src to have a size equal to the slice of self. src size = ", src.sizes(),
              ", slice size = ", part.sizes());
  copy_elements(part, src);
  if (!self.is_floating_point()) return not_differentiable(Forward(op, y), attributes, self, src);
  const ScalarType before = src.dtype();
  return record(Forward(op, y), attributes,
                wrt(self,
                    [=, &op](const Tensor& gy) {
                      const Tensor zero = zeros_like(view(row_major ? gy.detach().contiguous() : gy.detach()));
                      return with_part(op, With<>(), gy, zero, view, row_major);
                    }),
                wrt(src, [=](const Tensor& gy) { return view(row_major ? gy.contiguous() : gy).to(before); }));
}

}  // namespace

Tensor select_scatter(const Tensor& self, const Tensor& src, int64_t dim, int64_t index) {
  return with_part(operation<"select_scatter">, with("dim", dim, "index", index), self, src, [=](const Tensor& t) { return select(t, dim, index); });
}

Tensor slice_scatter(const Tensor& self, const Tensor& src, int64_t dim, std::optional<int64_t> start, std::optional<int64_t> end, int64_t step) {
  return with_part(operation<"slice_scatter">, with("dim", dim, "start", start, "end", end, "step", step), self, src,
                   [=](const Tensor& t) { return slice(t, dim, start, end, step); });
}

Tensor diagonal_scatter(const Tensor& self, const Tensor& src, int64_t offset, int64_t dim1, int64_t dim2) {
  return with_part(operation<"diagonal_scatter">, with("offset", offset, "dim1", dim1, "dim2", dim2), self, src,
                   [=](const Tensor& t) { return diagonal(t, offset, dim1, dim2); });
}

Tensor as_strided_scatter(const Tensor& self, const Tensor& src, IntArrayRef size, IntArrayRef stride, std::optional<int64_t> storage_offset) {
  const Operation& op = operation<"as_strided_scatter">;
  const bool graph = self.requires_grad() || src.requires_grad();
  XGRAD_CHECK(!graph || self.is_contiguous(), op, "as_strided_scatter is currently only supported for contiguous inputs, got strides ",
              self.strides());
  return with_part(
      op, with("size", size, "stride", stride, "storage_offset", storage_offset), self, src,
      [sizes = Dims(size), strides = Dims(stride), offset = storage_offset.value_or(0)](const Tensor& t) {
        return as_strided(t, sizes, strides, t.storage_offset() + offset);
      },
      graph);
}

}}  // namespace torch::xgrad

#else  // ---- samples

#include <xgrad/autograd/catalogue/catalogue.h>
#include <xgrad/autograd/ops/creation/tensor_literal.h>

namespace torch { inline namespace xgrad {

using catalogue::Inputs;
using catalogue::Samples;

namespace {

template <class F> void rejects_another_size(Samples& s, F f) {
  s.rejects("a part of another size", "expected src to have a size equal to the slice of self. src size = [9], slice size = ", [f] { f(ones({9})); });
}

}  // namespace

static const catalogue::Entry select_scatter_entry("select_scatter", [](Samples& s) {
  s.add("torch.select_scatter(x[0], x[1], 0, 1)", {s.normal({3, 2}), s.normal({2})}, [](Inputs x) { return select_scatter(x[0], x[1], 0, 1); });
  s.add("torch.select_scatter(x[0], x[1], -1, -2)", {s.normal({2, 3}), s.normal({2})}, [](Inputs x) { return select_scatter(x[0], x[1], -1, -2); });
  s.add("torch.select_scatter(x[0].t(), x[1], 0, 1)", {s.normal({2, 3}), s.normal({2})},
        [](Inputs x) { return select_scatter(x[0].t(), x[1], 0, 1); });
  s.add("torch.select_scatter(x[0], x[1], 0, 2)", {s.normal({3}), s.normal({})}, [](Inputs x) { return select_scatter(x[0], x[1], 0, 2); });
  s.add("torch.select_scatter(x[0], x[1], 1, 0)", {s.normal({0, 3}), s.normal({0})}, [](Inputs x) { return select_scatter(x[0], x[1], 1, 0); });
  s.flat("torch.select_scatter(x[0], x[1], 0, 0)", {s.integers({2, 2}, 0, 9), catalogue::constant(s.normal({2}))},
         [](Inputs x) { return select_scatter(x[0], x[1], 0, 0); });
  rejects_another_size(s, [](const Tensor& src) { select_scatter(ones({4}), src, 0, 1); });
  s.rejects("an index too large", "index 5 out of range for tensor of size [4, 4]", [] { select_scatter(ones({4, 4}), ones({4}), 0, 5); });
});

static const catalogue::Entry slice_scatter_entry("slice_scatter", [](Samples& s) {
  s.add("torch.slice_scatter(x[0], x[1], 0, 1, 3, 1)", {s.normal({4, 2}), s.normal({2, 2})},
        [](Inputs x) { return slice_scatter(x[0], x[1], 0, 1, 3); });
  s.add("torch.slice_scatter(x[0], x[1], -1, 0, 99, 2)", {s.normal({2, 5}), s.normal({2, 3})},
        [](Inputs x) { return slice_scatter(x[0], x[1], -1, 0, 99, 2); });
  s.add("torch.slice_scatter(x[0], x[1], 0, -2, 4, 1)", {s.normal({4}), s.normal({2})}, [](Inputs x) { return slice_scatter(x[0], x[1], 0, -2, 4); });
  s.add("torch.slice_scatter(x[0].t(), x[1], 0, 1, 2, 1)", {s.normal({2, 3}), s.normal({1, 2})},
        [](Inputs x) { return slice_scatter(x[0].t(), x[1], 0, 1, 2); });
  s.add("torch.slice_scatter(x[0], x[1], 0, 2, 1, 1)", {s.normal({3}), s.normal({0})}, [](Inputs x) { return slice_scatter(x[0], x[1], 0, 2, 1); });
  s.at("torch.slice_scatter(x[0], x[1], 0, 1, 2, 1)", {tensor({1.f, NAN, INFINITY}, kDouble), tensor({-INFINITY}, kDouble)},
       [](Inputs x) { return slice_scatter(x[0], x[1], 0, 1, 2); });
  rejects_another_size(s, [](const Tensor& src) { slice_scatter(ones({4}), src, 0, 1, 3); });
  s.rejects("a step of 0", "step must be positive", [] { slice_scatter(ones({4}), ones({2}), 0, 1, 3, 0); });
  s.rejects("no axes", "cannot be applied to a 0-dim tensor", [] { slice_scatter(ones({}), ones({})); });
});

static const catalogue::Entry diagonal_scatter_entry("diagonal_scatter", [](Samples& s) {
  s.add("torch.diagonal_scatter(x[0], x[1])", {s.normal({3, 4}), s.normal({3})}, [](Inputs x) { return diagonal_scatter(x[0], x[1]); });
  s.add("torch.diagonal_scatter(x[0], x[1], 1)", {s.normal({3, 3}), s.normal({2})}, [](Inputs x) { return diagonal_scatter(x[0], x[1], 1); });
  s.add("torch.diagonal_scatter(x[0], x[1], -1, 2, 0)", {s.normal({3, 2, 3}), s.normal({2, 2})},
        [](Inputs x) { return diagonal_scatter(x[0], x[1], -1, 2, 0); });
  s.add("torch.diagonal_scatter(x[0], x[1], 9)", {s.normal({2, 2}), s.normal({0})}, [](Inputs x) { return diagonal_scatter(x[0], x[1], 9); });
  rejects_another_size(s, [](const Tensor& src) { diagonal_scatter(ones({4, 4}), src); });
});

static const catalogue::Entry as_strided_scatter_entry("as_strided_scatter", [](Samples& s) {
  s.add("torch.as_strided_scatter(x[0] * 1, x[1], (2, 2), (1, 2), 1)", {s.normal({6}), s.normal({2, 2})}, [](Inputs x) {
     return as_strided_scatter(x[0] * 1, x[1], {2, 2}, {1, 2}, 1);
   }).deviation = "as-strided-scatter-derivative";
  s.add("torch.as_strided_scatter(x[0] * 1, x[1], (2,), (3,))", {catalogue::constant(s.normal({6})), s.normal({2})},
        [](Inputs x) { return as_strided_scatter(x[0] * 1, x[1], {2}, {3}); });
  rejects_another_size(s, [](const Tensor& src) { as_strided_scatter(ones({4}), src, {2}, {1}); });
  s.rejects("a window beyond the memory", "out of bounds for storage", [] { as_strided_scatter(ones({4}), ones({2}), {2}, {4}); });
  s.rejects("columns in a graph", "only supported for contiguous inputs", [] {
    as_strided_scatter(ones({3, 4}).requires_grad_().t(), ones({2}), {2}, {1});
  });
});

}}  // namespace torch::xgrad

#endif
