#include <xgrad/autograd/ops/index/sorting.h>

#include <limits>
#include <utility>

#include <xgrad/autograd/core/shape.h>
#include <xgrad/autograd/graph/record.h>
#include <xgrad/autograd/kernels/order/sort.h>
#include <xgrad/autograd/ops/creation/creation.h>
#include <xgrad/autograd/ops/creation/tensor_literal.h>
#include <xgrad/autograd/ops/index/gathering.h>
#include <xgrad/autograd/ops/reduction/along_axis.h>
#include <xgrad/autograd/tensor/allocate.h>
#include <xgrad/autograd/tensor/copy.h>
#include <xgrad/autograd/tensor/memory_order.h>
#include <xgrad/autograd/tensor/tensor_memory.h>

#ifndef XGRAD_SAMPLES

namespace torch { inline namespace xgrad {

namespace {

struct Sorted {
  Tensor values, indices;
};

Sorted sort_along(const Operation& operation, const Tensor& self, int64_t axis, int64_t k, bool descending, bool want_values) {
  const Tensor x = contiguous_computed(self);
  Dims sizes(x.sizes());
  if (x.dim() > 0) sizes[static_cast<int>(axis)] = k;
  Sorted out{want_values ? allocate_tensor(sizes, x.dtype()) : Tensor(), allocate_tensor(sizes, kLong)};
  if (out.indices.numel() == 0) return {rounded_to(self.dtype(), out.values), out.indices};
  launch(operation, kernels::sort, reads(x), writes(out.values, out.indices), x.dtype(), layout_along(x, axis), x.dim() > 0 ? k : 1, descending,
         x.data_ptr(), want_values ? out.values.data_ptr() : nullptr, out.indices.data_ptr<int64_t>());
  out.values = rounded_to(self.dtype(), std::move(out.values));
  return out;
}

// Of whole lines: as self lies.
Sorted sort_in_order(const Operation& operation, const Tensor& self, int64_t axis, bool descending, bool want_values) {
  Sorted y = sort_along(operation, self, axis, self.dim() == 0 ? 1 : self.size(axis), descending, want_values);
  if (self.is_contiguous()) return y;
  for (Tensor* t : {&y.values, &y.indices}) {
    if (!t->defined()) continue;
    const Tensor row_major = std::exchange(*t, allocate_in_order_of(self, t->dtype()));
    copy_elements(*t, row_major);
  }
  return y;
}

template <class... A>
std::tuple<Tensor, Tensor> recorded(const Operation& operation, const With<A...>& attributes, const Tensor& self, int64_t axis, const Sorted& y) {
  return {record(Forward(operation, y.values), attributes,
                 wrt(self, [sizes = Dims(self.sizes()), axis, at = save(y.indices)](
                               const Tensor& gy) { return sizes.empty() ? gy.clone() : zeros(sizes, gy.options()).scatter(axis, *at, gy); }),
                 also(y.indices)),
          y.indices};
}

int64_t length(const Tensor& self, int64_t axis) { return self.dim() == 0 ? 1 : self.size(axis); }

}  // namespace

std::tuple<Tensor, Tensor> topk(const Tensor& self, int64_t k, int64_t dim, bool largest, bool sorted) {
  const Operation& op = operation<"topk">;
  const int64_t axis = wrap_axis(op.name(), dim, self.dim());
  XGRAD_CHECK(k >= 0 && k <= length(self, axis), op, "selected index k out of range, got k = ", k, " for shape ", self.sizes());
  XGRAD_CHECK_AS(NotImplementedError, self.dtype() != kBool || self.dim() == 0, "\"topk_cpu\" not implemented for 'Bool'");
  return recorded(op, with("k", k, "dim", dim, "largest", largest, "sorted", sorted), self, axis, sort_along(op, self, axis, k, largest, true));
}

std::tuple<Tensor, Tensor> sort(const Tensor& self, int64_t dim, bool descending) {
  const Operation& op = operation<"sort">;
  const int64_t axis = wrap_axis(op.name(), dim, self.dim());
  return recorded(op, with("dim", dim, "descending", descending), self, axis, sort_in_order(op, self, axis, descending, true));
}

std::tuple<Tensor, Tensor> sort(const Tensor& self, std::optional<bool> stable, int64_t dim, bool descending) {
  const Operation& op = operation<"sort", 1>;
  const int64_t axis = wrap_axis(op.name(), dim, self.dim());
  return recorded(op, with("stable", stable, "dim", dim, "descending", descending), self, axis, sort_in_order(op, self, axis, descending, true));
}

Tensor msort(const Tensor& self) { return std::get<0>(sort(self, 0)); }

Tensor argsort(const Tensor& self, int64_t dim, bool descending) {
  const Operation& op = operation<"argsort">;
  const int64_t axis = wrap_axis(op.name(), dim, self.dim());
  return not_differentiable(Forward(op, sort_in_order(op, self, axis, descending, false).indices), with("dim", dim, "descending", descending), self);
}

Tensor argsort(const Tensor& self, bool, int64_t dim, bool descending) { return argsort(self, dim, descending); }

}}  // namespace torch::xgrad

#else  // ---- samples

#include <xgrad/autograd/catalogue/catalogue.h>

namespace torch { inline namespace xgrad { namespace {

using catalogue::Inputs;

struct ShapeAndAxis {
  std::vector<int64_t> shape;
  int64_t axis;
};
const ShapeAndAxis kShapes[] = {{{}, 0},     {{}, -1},       {{1}, 0},        {{6}, 0}, {{200}, 0},  {{2, 3}, 1},
                                {{3, 2}, 0}, {{2, 3, 4}, 1}, {{2, 3, 4}, -1}, {{0}, 0}, {{2, 0}, 1}, {{3, 0}, 0}};

// Calls f(dim, descending, ", dim, descending)") for every way to sort.
template <class F> void for_each_order(int64_t dim, F f) {
  for (const bool descending : {false, true}) f(descending, "dim=" + std::to_string(dim) + ", descending=" + catalogue::text(descending) + ")");
}

std::vector<Tensor> ties_and_special_points() {
  constexpr double inf = std::numeric_limits<double>::infinity(), nan = std::numeric_limits<double>::quiet_NaN();
  return {tensor({1.0, 2.0, 1.0, 2.0, 1.0}, kDouble), tensor({3.0, nan, inf, -inf, nan, -1.0}, kDouble), tensor({-0.0, 0.0, -0.0}, kDouble)};
}

const catalogue::Entry sort_entry("sort", [](catalogue::Samples& s) {
  for (const auto& [shape, axis] : kShapes)
    for_each_order(axis, [&, axis = axis, shape = shape](bool descending, const std::string& text) {
      s.add("torch.sort(x[0], " + text, {s.distinct(shape)}, [=](Inputs x) { return sort(x[0], axis, descending); });
      s.add("torch.sort(x[0], stable=True, " + text, {s.distinct(shape)}, [=](Inputs x) { return sort(x[0], true, axis, descending); });
    });
  for_each_order(0, [&](bool descending, const std::string& text) {
    for (const Tensor& x : ties_and_special_points())
      s.at("torch.sort(x[0], stable=True, " + text, {x}, [=](Inputs x) { return sort(x[0], std::optional<bool>(true), 0, descending); });
    for (const ScalarType dtype : {kLong, kInt, kByte, kBool})
      s.flat("torch.sort(x[0], stable=True, " + text, {s.integers({5, 2}, 0, 4).to(dtype)},
             [=](Inputs x) { return sort(x[0], true, 0, descending); });
  });
  s.rejects("an axis too far", "Dimension out of range", [] { sort(ones({2}), 1); });
});

const catalogue::Entry msort_entry("msort", [](catalogue::Samples& s) {
  for (const std::vector<int64_t>& shape : {std::vector<int64_t>{}, {1}, {6}, {3, 2}, {3, 0}, {0, 2}})
    s.add("torch.msort(x[0])", {s.distinct(shape)}, [](Inputs x) { return msort(x[0]); });
  for (const Tensor& x : ties_and_special_points()) s.at("torch.msort(x[0])", {x}, [](Inputs x) { return msort(x[0]); });
  s.flat("torch.msort(x[0])", {s.integers({4, 2}, 0, 4)}, [](Inputs x) { return msort(x[0]); });
});

const catalogue::Entry argsort_entry("argsort", [](catalogue::Samples& s) {
  for (const auto& [shape, axis] : kShapes)
    for_each_order(axis, [&, axis = axis, shape = shape](bool descending, const std::string& text) {
      s.flat("torch.argsort(x[0], " + text, {s.distinct(shape)}, [=](Inputs x) { return argsort(x[0], axis, descending); });
    });
  for (const Tensor& x : ties_and_special_points())
    s.flat("torch.argsort(x[0], stable=True, dim=0)", {x}, [](Inputs x) { return argsort(x[0], true, 0); });
  s.rejects("an axis too far", "Dimension out of range", [] { argsort(ones({2}), int64_t{1}); });
});

const catalogue::Entry topk_entry("topk", [](catalogue::Samples& s) {
  for (const auto& [shape, axis] : kShapes)
    for (const int64_t k : {0, 1, 2, 3})
      for (const bool largest : {true, false}) {
        if (k > (shape.empty() ? 1 : shape[static_cast<size_t>(axis < 0 ? axis + static_cast<int64_t>(shape.size()) : axis)])) continue;
        s.add("torch.topk(x[0], " + std::to_string(k) + ", dim=" + std::to_string(axis) + ", largest=" + catalogue::text(largest) + ")",
              {s.distinct(shape)}, [=, axis = axis](Inputs x) { return topk(x[0], k, axis, largest); });
      }
  constexpr double nan = std::numeric_limits<double>::quiet_NaN();
  for (const char* largest : {"True", "False"})
    s.at(std::string("torch.topk(x[0], 3, largest=") + largest + ")", {tensor({3.0, nan, 1.0, 5.0}, kDouble)},
         [=](Inputs x) { return topk(x[0], 3, -1, largest[0] == 'T'); });
  for (const ScalarType dtype : {kLong, kInt, kByte})
    s.flat("torch.topk(x[0], 2)", {tensor({5, 9, 2, 7}).to(dtype)}, [](Inputs x) { return topk(x[0], 2); });
  s.rejects("k beyond the axis", "selected index k out of range", [] { topk(ones({2}), 3); });
  s.rejects("a negative k", "selected index k out of range", [] { topk(ones({2}), -1); });
  s.rejects("an axis too far", "Dimension out of range", [] { topk(ones({2}), 1, 1); });
  s.rejects("booleans", "not implemented for 'Bool'", [] { topk(ones({2}, kBool), 1); });
});

}  // namespace

}}  // namespace torch::xgrad

#endif
