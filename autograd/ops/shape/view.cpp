// The same elements in another shape.
#include <algorithm>

#include <xgrad/autograd/core/shape.h>
#include <xgrad/autograd/graph/in_place.h>
#include <xgrad/autograd/graph/record.h>
#include <xgrad/autograd/ops/creation/creation.h>
#include <xgrad/autograd/ops/shape/view.h>

#ifndef XGRAD_SAMPLES

namespace torch { inline namespace xgrad {

Tensor view(const Tensor& self, IntArrayRef shape) {
  const Operation& op = operation<"view">;
  const Dims sizes = infer_shape(op.name(), shape, self.numel());
  Dims strides;
  XGRAD_CHECK(view_strides(self.sizes(), self.strides(), sizes, strides), op,
              "view size is not compatible with input tensor's size and "
              "stride (at least one dimension spans across two contiguous subspaces). Use .reshape(...) instead; got shape ",
              shape, " for sizes ", self.sizes(), " and strides ", self.strides());
  const Dims before = self.sizes();
  return record(make_view(op, self, sizes, strides, self.storage_offset()), with("size", shape),
                wrt(self, [before](const Tensor& gy) { return gy.reshape(before); }));
}

Tensor reshape(const Tensor& self, IntArrayRef shape) {
  const Operation& op = operation_recorded_as<"reshape", "ReshapeAliasBackward0">;
  const Dims sizes = infer_shape(op.name(), shape, self.numel());
  Dims strides;
  if (!view_strides(self.sizes(), self.strides(), sizes, strides)) return view(self.clone(MemoryFormat::Contiguous), sizes);
  const Dims before = self.sizes();
  return record(make_view(op, self, sizes, strides, self.storage_offset()), with("shape", shape),
                wrt(self, [before](const Tensor& gy) { return gy.reshape(before); }));
}

Tensor flatten(const Tensor& self, int64_t start_dim, int64_t end_dim) {
  const Operation& op = operation<"flatten">;
  const int64_t start = wrap_axis(op.name(), start_dim, self.dim()), end = wrap_axis(op.name(), end_dim, self.dim());
  XGRAD_CHECK(start <= end, op, "start_dim cannot come after end_dim, got ", start_dim, " and ", end_dim);
  if (self.dim() == 0) return reshape(self, {1});
  if (start == end) return self;
  Dims shape;
  int64_t joined = 1;
  for (int64_t a = 0; a < self.dim(); ++a) {
    if (a < start || a > end) shape.push_back(self.size(a));
    else joined *= self.size(a);
    if (a == end) shape.push_back(joined);
  }
  return reshape(self, shape);
}

Tensor ravel(const Tensor& self) { return reshape(self, {-1}); }

namespace {

// True iff the product of `sizes` is n, or one of them is left open and the others divide n; wrong sizes pass.
bool multiply_up(IntArrayRef sizes, int64_t n) {
  bool open = false;
  __int128 product = 1;  // or n + 1, if it is more
  for (const int64_t s : sizes) {
    if (s < -1 || (s == -1 && open)) return true;
    if (s == -1) open = true;
    else product = std::min(product * s, static_cast<__int128>(n) + 1);
  }
  return open ? product == 0 || n % static_cast<int64_t>(product) == 0 : product == n;
}

}  // namespace

Tensor unflatten(const Tensor& self, int64_t dim, IntArrayRef sizes) {
  const Operation& op = operation<"unflatten">;
  const int64_t axis = wrap_axis(op.name(), dim, self.dim());
  XGRAD_CHECK(!sizes.empty(), op, "sizes must be non-empty");
  XGRAD_CHECK(multiply_up(sizes, self.size(axis)), op, "unflatten: Provided sizes ", sizes, " don't multiply up to the size of dim ", dim, " (",
              self.size(axis), ") in the input tensor, got shape ", self.sizes());
  const Dims cut = infer_shape(op.name(), sizes, self.size(axis));
  Dims shape;
  for (int64_t a = 0; a < self.dim(); ++a) {
    if (a != axis) shape.push_back(self.size(a));
    else
      for (int64_t s : cut) shape.push_back(s);
  }
  return view(self, shape);
}

}}  // namespace torch::xgrad

#else  // ---- samples

#include <xgrad/autograd/catalogue/catalogue.h>

namespace torch { inline namespace xgrad {

using catalogue::Inputs;
using catalogue::Samples;

static const catalogue::Entry view_entry("view", [](Samples& s) {
  s.add("(x[0] * 1).view(3, 2)", {s.normal({2, 3})}, [](Inputs x) { return view(x[0] * 1, {3, 2}); });
  s.add("(x[0] * 1).view(-1)", {s.normal({2, 3})}, [](Inputs x) { return view(x[0] * 1, {-1}); });
  s.add("(x[0] * 1).view(1, 1)", {s.normal({})}, [](Inputs x) { return view(x[0] * 1, {1, 1}); });
  s.add("(x[0] * 1).view(0, 5)", {s.normal({2, 0})}, [](Inputs x) { return view(x[0] * 1, {0, 5}); });
  s.rejects("a shape of another size", "shape '[4]' is invalid for input of size 6", [] { view(ones({2, 3}), {4}); });
  s.rejects("two sizes to infer", "only one dimension can be inferred", [] { view(ones({2, 3}), {-1, -1}); });
  s.rejects("strides that don't allow it", "view size is not compatible with input tensor's size and stride", [] { view(ones({2, 3}).t(), {6}); });
});

static const catalogue::Entry reshape_entry("reshape", [](Samples& s) {
  s.add("x[0].reshape(3, -1)", {s.normal({2, 3})}, [](Inputs x) { return reshape(x[0], {3, -1}); });
  s.add("x[0].t().reshape(6)", {s.normal({2, 3})}, [](Inputs x) { return reshape(x[0].t(), {6}); });
  s.add("x[0].reshape([])", {s.normal({1, 1})}, [](Inputs x) { return reshape(x[0], IntArrayRef()); });
  s.rejects("a shape of another size", "is invalid for input of size 6", [] { reshape(ones({2, 3}), {5}); });
  s.rejects("an ambiguous size", "can be any value and is ambiguous", [] { reshape(ones({0}), {0, -1}); });
});

static const catalogue::Entry flatten_entry("flatten", [](Samples& s) {
  s.add("torch.flatten(x[0])", {s.normal({2, 3, 2})}, [](Inputs x) { return flatten(x[0]); });
  s.add("torch.flatten(x[0], 1, -1)", {s.normal({2, 3, 2})}, [](Inputs x) { return flatten(x[0], 1, -1); });
  s.add("torch.flatten(x[0].t())", {s.normal({2, 3})}, [](Inputs x) { return flatten(x[0].t()); });
  s.add("torch.flatten(x[0])", {s.normal({})}, [](Inputs x) { return flatten(x[0]); });
  s.rejects("ends in the wrong order", "start_dim cannot come after end_dim", [] { flatten(ones({2, 3}), 1, 0); });
});

static const catalogue::Entry ravel_entry("ravel", [](Samples& s) {
  for (const std::vector<int64_t>& shape : {std::vector<int64_t>{2, 3}, {3}, {}, {0, 2}})
    s.add("torch.ravel(x[0] * 1)", {s.normal(shape)}, [](Inputs x) { return ravel(x[0] * 1); });
  s.add("torch.ravel(x[0].t())", {s.normal({2, 3})}, [](Inputs x) { return ravel(x[0].t()); });
});

static const catalogue::Entry unflatten_entry("unflatten", [](Samples& s) {
  s.add("x[0].unflatten(1, (2, -1))", {s.normal({2, 6})}, [](Inputs x) { return unflatten(x[0], 1, {2, -1}); });
  for (const auto& [call, sizes] : {std::pair("x[0].unflatten(1, (0,))", Dims{0}), std::pair("x[0].unflatten(1, (3, 0))", Dims{3, 0}),
                                    std::pair("x[0].unflatten(1, (-1, 2))", Dims{-1, 2})})
    s.add(call, {s.normal({2, 0})}, [sizes = sizes](Inputs x) { return unflatten(x[0], 1, sizes); });
  s.rejects("a size for none", "don't multiply up", [] { unflatten(ones({2, 0}), 1, {3}); });
  s.rejects("sizes that don't fit", "Provided sizes [4] don't multiply up to the size of dim 0 (6) in the input tensor",
            [] { unflatten(ones({6}), 0, {4}); });
  s.rejects("an open size that doesn't fit", "don't multiply up", [] { unflatten(ones({2, 6}), 1, {-1, 4}); });
  s.rejects("sizes whose product overflows", "don't multiply up", [] { unflatten(ones({6}), 0, {int64_t{1} << 32, int64_t{1} << 32, 6}); });
  s.rejects("two open sizes", "only one dimension can be inferred", [] { unflatten(ones({6}), 0, {-1, -1}); });
  s.rejects("a negative size", "invalid shape dimension -2", [] { unflatten(ones({6}), 0, {-2, 3}); });
  s.rejects("no sizes", "sizes must be non-empty", [] { unflatten(ones({6}), 0, IntArrayRef()); });
});

}}  // namespace torch::xgrad

#endif
