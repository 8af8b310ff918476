#include <xgrad/autograd/ops/shape/joining.h>

#include <xgrad/autograd/core/shape.h>
#include <xgrad/autograd/graph/in_place.h>
#include <xgrad/autograd/kernels/index/joined_rows.h>
#include <xgrad/autograd/ops/ops.h>
#include <xgrad/autograd/tensor/allocate.h>
#include <xgrad/autograd/tensor/copy.h>
#include <xgrad/autograd/tensor/tensor_memory.h>

#ifndef XGRAD_SAMPLES

namespace torch { inline namespace xgrad {

// ---- joining

namespace {

// The elements of `t` as part [start, start + t.size(axis)) of y along `axis`.
void put(const Tensor& y, int axis, int64_t start, const Tensor& t) {
  Dims sizes = y.sizes();
  sizes[axis] = t.size(axis);
  copy_elements(tensor_on(y.storage(), y.dtype(), sizes, y.impl().strides, y.storage_offset() + start * y.stride(axis)), t);
}

// All tensors one beside the other along `axis` of y, by rows of what lies inside it; false, and y is as it was, where there are
// few rows or a tensor's don't follow one another.
bool put_rows(const Operation& operation, const Tensor& y, int axis, TensorList tensors) {
  constexpr int64_t kFewRows = 16;
  int64_t rows = 1;
  for (int a = 0; a < axis; ++a) rows *= y.size(a);
  if (rows < kFewRows || y.numel() == 0) return false;
  std::vector<kernels::RowPart> parts;
  for (const Tensor& t : tensors) {
    if (t.numel() == 0) continue;
    if (t.dtype() != y.dtype() || !t.is_contiguous()) return false;
    parts.push_back({static_cast<const char*>(t.data_ptr()), t.numel() / rows * t.element_size()});
  }
  launch(operation, kernels::join_rows, reads(tensors), writes(y), static_cast<char*>(y.data_ptr()),
         kernels::Constants<kernels::RowPart>{parts.data(), static_cast<int64_t>(parts.size())}, rows);
  return true;
}

bool is_skipped(const Tensor& t) { return t.dim() == 1 && t.numel() == 0; }

// What cat's result looks like: all tensors that count agree with the first of them but along `axis`.
struct CatShape {
  int axis = 0;
  Dims sizes{0};
  ScalarType dtype;
};

CatShape check_cat(const Operation& op, TensorList tensors, int64_t dim) {
  XGRAD_CHECK(!tensors.empty(), op, "expected a non-empty list of Tensors");
  CatShape y;
  y.dtype = tensors[0].dtype();
  const Tensor* first = nullptr;
  for (size_t i = 0; i < tensors.size(); ++i) {
    const Tensor& t = tensors[i];
    XGRAD_CHECK(t.dim() > 0, op, "zero-dimensional tensor (at position ", i, ") cannot be concatenated");
    y.dtype = promote_types(y.dtype, t.dtype());
    if (is_skipped(t)) continue;
    if (!first) {
      first = &t;
      y.axis = static_cast<int>(wrap_axis(op.name(), dim, t.dim()));
      y.sizes = t.sizes();
      continue;
    }
    XGRAD_CHECK(t.dim() == first->dim(), op, "Tensors must have same number of dimensions: got ", first->dim(), " and ", t.dim());
    for (int a = 0; a < y.sizes.size(); ++a)
      XGRAD_CHECK(a == y.axis || t.size(a) == y.sizes[a], op, "Sizes of tensors must match except in dimension ", y.axis, ". Expected size ",
                  y.sizes[a], " but got size ", t.size(a), " for tensor number ", i, " in the list");
    y.sizes[y.axis] += t.size(y.axis);
  }
  checked_numel(op.name(), y.sizes);
  return y;
}

}  // namespace

Tensor cat(TensorList tensors, int64_t dim) {
  const Operation& op = operation<"cat">;
  const CatShape shape = check_cat(op, tensors, dim);
  const int axis = shape.axis;
  const Tensor y = allocate_tensor(shape.sizes, shape.dtype);
  struct Part {
    int64_t length;  // -1 for a skipped one
    ScalarType dtype;
  };
  std::vector<Part> parts;
  const bool done = put_rows(op, y, axis, tensors);
  int64_t start = 0;
  for (const Tensor& t : tensors) {
    parts.push_back({is_skipped(t) ? -1 : t.size(axis), t.dtype()});
    if (done || is_skipped(t)) continue;
    put(y, axis, start, t);
    start += t.size(axis);
  }
  if (!isFloatingType(shape.dtype)) return not_differentiable(Forward(op, y));
  return record(Forward(op, y), with("dim", dim), wrt_all(tensors.vec(), [axis, parts = std::move(parts)](Gradients& g) {
                  int64_t at = 0;
                  for (size_t i = 0; i < parts.size(); ++i) {
                    const int64_t length = std::max<int64_t>(parts[i].length, 0);
                    if (g.needs(static_cast<int>(i)))
                      g.gx(static_cast<int>(i)) =
                          parts[i].length < 0 ? zeros({0}, parts[i].dtype) : g.gy().narrow(axis, at, length).to(parts[i].dtype);
                    at += length;
                  }
                }));
}

Tensor concat(TensorList tensors, int64_t dim) { return cat(tensors, dim); }

Tensor stack(TensorList tensors, int64_t dim) {
  const Operation& op = operation<"stack">;
  XGRAD_CHECK(!tensors.empty(), op, "expects a non-empty TensorList");
  const Tensor& first = tensors[0];
  const auto axis = static_cast<int>(wrap_axis(op.name(), dim, first.dim() + 1));
  std::vector<ScalarType> dtypes;
  ScalarType dtype = first.dtype();
  for (size_t i = 0; i < tensors.size(); ++i) {
    XGRAD_CHECK(tensors[i].sizes() == first.sizes(), op, "expects each tensor to be equal size, but got ", first.sizes(), " at entry 0 and ",
                tensors[i].sizes(), " at entry ", i);
    dtypes.push_back(tensors[i].dtype());
    dtype = promote_types(dtype, tensors[i].dtype());
  }
  Dims shape = first.sizes();
  shape.insert(axis, static_cast<int64_t>(tensors.size()));
  checked_numel(op.name(), shape);
  const Tensor y = allocate_tensor(shape, dtype);
  if (!put_rows(op, y, axis, tensors))
    for (size_t i = 0; i < tensors.size(); ++i) put(y, axis, static_cast<int64_t>(i), tensors[i].detach().unsqueeze(axis));
  if (!isFloatingType(dtype)) return not_differentiable(Forward(op, y));
  return record(Forward(op, y), with("dim", dim), wrt_all(tensors.vec(), [axis, dtypes = std::move(dtypes)](Gradients& g) {
                  for (int i = 0; i < static_cast<int>(dtypes.size()); ++i)
                    if (g.needs(i)) g.gx(i) = g.gy().select(axis, i).to(dtypes[static_cast<size_t>(i)]);
                }));
}

namespace {

// With at least `n` axes: numbers become vectors, and vectors rows.
std::vector<Tensor> with_axes(TensorList tensors, int64_t n) {
  std::vector<Tensor> out = tensors.vec();
  for (Tensor& t : out)
    while (t.dim() < n) t = t.unsqueeze(0);
  return out;
}

}  // namespace

Tensor hstack(TensorList tensors) {
  XGRAD_CHECK(!tensors.empty(), "[hstack] expects a non-empty TensorList");
  const std::vector<Tensor> parts = with_axes(tensors, 1);
  return cat(parts, parts[0].dim() == 1 ? 0 : 1);
}

Tensor vstack(TensorList tensors) {
  XGRAD_CHECK(!tensors.empty(), "[vstack] expects a non-empty TensorList");
  return cat(with_axes(tensors, 2), 0);
}

// ---- cutting apart

namespace {

template <class... A>
std::vector<Tensor> cut(const Operation& operation, const With<A...>& attributes, const Tensor& self, int axis, IntArrayRef lengths) {
  std::vector<Forward> parts;
  int64_t start = 0;
  for (int64_t length : lengths) {
    Dims sizes = self.sizes();
    sizes[axis] = length;
    parts.push_back(make_view(operation, self, sizes, self.impl().strides, self.storage_offset() + start * self.stride(axis), ViewKind::MultiOutput));
    start += length;
  }
  const int n = static_cast<int>(lengths.size());
  return record_all(std::move(parts), attributes, wrt_all({self}, [axis, n](Gradients& g) {
                      std::vector<Tensor> pieces;
                      for (int i = 0; i < n; ++i) pieces.push_back(g.gy_or_zeros(i));
                      g.gx(0) = cat(pieces, axis);
                    }));
}

}  // namespace

std::vector<Tensor> split(const Tensor& self, int64_t split_size, int64_t dim) {
  const Operation& op = operation<"split">;
  XGRAD_CHECK(self.dim() > 0, op, "expects at least a 1-dimensional tensor");
  XGRAD_CHECK(split_size >= 0, op, "split expects split_size be non-negative, but got split_size=", split_size);
  const auto axis = static_cast<int>(wrap_axis(op.name(), dim, self.dim()));
  const int64_t size = self.size(axis);
  XGRAD_CHECK(split_size > 0 || size == 0, op, "split_size can only be 0 if dimension size is 0, but got dimension size of ", size);
  std::vector<int64_t> lengths;
  for (int64_t start = 0; start < size; start += split_size) lengths.push_back(std::min(split_size, size - start));
  if (lengths.empty()) lengths.push_back(0);
  return cut(op, with("split_size", split_size, "dim", dim), self, axis, lengths);
}

std::vector<Tensor> split(const Tensor& self, IntArrayRef split_size, int64_t dim) { return split_with_sizes(self, split_size, dim); }

std::vector<Tensor> split_with_sizes(const Tensor& self, IntArrayRef split_sizes, int64_t dim) {
  const Operation& op = operation<"split_with_sizes">;
  XGRAD_CHECK(self.dim() > 0, op, "split expects at least a 1-dimensional tensor");
  const auto axis = static_cast<int>(wrap_axis(op.name(), dim, self.dim()));
  int64_t sum = 0;
  bool overflow = false;
  for (int64_t length : split_sizes) {
    XGRAD_CHECK(length >= 0, op, "split_with_sizes expects split_sizes have only non-negative entries, but got split_sizes=", split_sizes);
    overflow |= __builtin_add_overflow(sum, length, &sum);
  }
  XGRAD_CHECK(!overflow && sum == self.size(axis), op, "split_with_sizes expects split_sizes to sum exactly to ", self.size(axis),
              " (input tensor's size at dimension ", axis, "), but got split_sizes=", split_sizes);
  return cut(op, with("split_sizes", split_sizes, "dim", dim), self, axis, split_sizes);
}

std::vector<Tensor> chunk(const Tensor& self, int64_t chunks, int64_t dim) {
  const Operation& op = operation<"chunk">;
  XGRAD_CHECK(self.dim() > 0, op, "chunk expects at least a 1-dimensional tensor");
  XGRAD_CHECK(chunks > 0, op, "chunk expects `chunks` to be greater than 0, got: ", chunks);
  const int64_t size = self.size(dim);
  if (size == 0) return split_with_sizes(self, Dims(static_cast<int>(chunks), 0), dim);
  return split(self, size / chunks + (size % chunks != 0), dim);
}

std::vector<Tensor> unbind(const Tensor& self, int64_t dim) {
  const Operation& op = operation<"unbind">;
  XGRAD_CHECK_AS(IndexError, self.dim() > 0, op, "Dimension specified as ", dim, " but tensor has no dimensions");
  const auto axis = static_cast<int>(wrap_axis(op.name(), dim, self.dim()));
  Dims sizes = self.sizes(), strides = self.impl().strides;
  sizes.erase(axis);
  strides.erase(axis);
  const int64_t step = self.stride(axis);
  const int n = static_cast<int>(self.size(axis));
  std::vector<Forward> parts;
  for (int i = 0; i < n; ++i) parts.push_back(make_view(op, self, sizes, strides, self.storage_offset() + i * step, ViewKind::MultiOutput));
  return record_all(std::move(parts), with("dim", dim), wrt_all({self}, [axis, n](Gradients& g) {
                      std::vector<Tensor> slices;
                      for (int i = 0; i < n; ++i) slices.push_back(g.gy_or_zeros(i));
                      g.gx(0) = stack(slices, axis);
                    }));
}

}}  // namespace torch::xgrad

#else  // ---- samples

#include <xgrad/autograd/catalogue/catalogue.h>

namespace torch { inline namespace xgrad {

using catalogue::Inputs;

namespace {

void cat_samples(catalogue::Samples& s) {
  s.add("torch.cat([x[0], x[1]])", {s.normal({2, 3}), s.normal({1, 3})}, [](Inputs x) { return cat({x[0], x[1]}); });
  s.add("torch.cat([x[0], x[1], x[0]], -1)", {s.normal({2, 3}), s.normal({2, 1})}, [](Inputs x) { return cat({x[0], x[1], x[0]}, -1); });
  s.add("torch.cat([x[0], x[1]], 1)", {s.normal({0}), s.normal({2, 3})}, [](Inputs x) { return cat({x[0], x[1]}, 1); });
  s.add("torch.cat([x[0], x[1]])", {s.normal({0, 3}), s.normal({2, 3})}, [](Inputs x) { return cat({x[0], x[1]}); });
  s.add("torch.cat([x[0], x[1]], 1)", {s.normal({2, 2, 2}), s.normal({2, 1, 2})}, [](Inputs x) { return cat({x[0], x[1]}, 1); });
  s.add("torch.cat([x[0], x[1]])", {s.normal({2}), s.integers({3}, -5, 5)}, [](Inputs x) { return cat({x[0], x[1]}); });
  s.flat("torch.cat([x[0], x[1]])", {s.booleans({2}), s.integers({3}, -5, 5)}, [](Inputs x) { return cat({x[0], x[1]}); });
  s.add("torch.cat([x[0]])", {s.normal({2})}, [](Inputs x) { return cat({x[0]}); });
  s.rejects("no tensors", "non-empty list of Tensors", [] { cat(std::vector<Tensor>()); });
  s.rejects("a tensor without axes", "zero-dimensional tensor (at position 1) cannot be concatenated", [] { cat({ones({1}), ones({})}); });
  s.rejects("different numbers of axes", "same number of dimensions: got 2 and 1", [] { cat({ones({2, 2}), ones({2})}); });
  s.rejects("sizes that differ elsewhere", "Expected size 3 but got size 2 for tensor number 1", [] { cat({ones({2, 3}), ones({2, 2})}); });
  s.rejects("an axis out of range", "Dimension out of range", [] { cat({ones({2}), ones({2})}, 1); });
}

void stack_samples(catalogue::Samples& s) {
  for (int64_t dim : {0, 1, -1})
    s.add("torch.stack([x[0], x[1]], " + std::to_string(dim) + ")", {s.normal({2, 3}), s.normal({2, 3})}, [dim](Inputs x) {
      return stack({x[0], x[1]}, dim);
    });
  s.add("torch.stack([x[0], x[0], x[1]])", {s.normal({}), s.normal({})}, [](Inputs x) { return stack({x[0], x[0], x[1]}); });
  s.add("torch.stack([x[0], x[1]], 1)", {s.normal({2, 0}), s.normal({2, 0})}, [](Inputs x) { return stack({x[0], x[1]}, 1); });
  s.add("torch.stack([x[0], x[1]])", {s.normal({2}), s.integers({2}, 0, 9)}, [](Inputs x) { return stack({x[0], x[1]}); });
  s.rejects("no tensors", "non-empty TensorList", [] { stack(std::vector<Tensor>()); });
  s.rejects("different shapes", "expects each tensor to be equal size, but got [2] at entry 0 and [3] at entry 1", [] {
    stack({ones({2}), ones({3})});
  });
}

void split_samples(catalogue::Samples& s) {
  s.add("x[0].split(2)", {s.normal({5, 2})}, [](Inputs x) { return split(x[0], 2); });
  s.add("x[0].split(2, -1)", {s.normal({2, 4})}, [](Inputs x) { return split(x[0], 2, -1); });
  s.add("x[0].split(9)", {s.normal({3})}, [](Inputs x) { return split(x[0], 9); });
  s.add("x[0].split(0)", {s.normal({0, 2})}, [](Inputs x) { return split(x[0], 0); });
  s.add("x[0].split([1, 0, 3], 1)", {s.normal({2, 4})}, [](Inputs x) { return split(x[0], {1, 0, 3}, 1); });
  s.add("x[0].split(2)[1]", {s.normal({5})}, [](Inputs x) { return split(x[0], 2).at(1); });
  s.rejects("a size of 0", "split_size can only be 0 if dimension size is 0", [] { split(ones({3}), 0); });
  s.rejects("a negative size", "split_size be non-negative, but got split_size=-1", [] { split(ones({3}), -1); });
  s.rejects("no axes", "at least a 1-dimensional tensor", [] { split(ones({}), 1); });
  s.rejects("an edit of a part in a graph", "output of a function that returns multiple views",
            [] { split(ones({4}).requires_grad_() * 2, 2)[0].mul_(2); });
}

}  // namespace

static const catalogue::Entry cat_entry("cat", cat_samples);
static const catalogue::Entry stack_entry("stack", stack_samples);
static const catalogue::Entry split_entry("split", split_samples);

static const catalogue::Entry concat_entry("concat", [](catalogue::Samples& s) {
  s.add("torch.concat([x[0], x[1]], 1)", {s.normal({2, 3}), s.normal({2, 1})}, [](Inputs x) { return concat({x[0], x[1]}, 1); });
});

static const catalogue::Entry hstack_entry("hstack", [](catalogue::Samples& s) {
  for (const std::vector<int64_t>& shape : {std::vector<int64_t>{}, {3}, {2, 3}, {2, 1, 2}})
    s.add("torch.hstack([x[0], x[1]])", {s.normal(shape), s.normal(shape)}, [](Inputs x) { return hstack({x[0], x[1]}); });
  s.rejects("no tensors", "non-empty TensorList", [] { hstack(std::vector<Tensor>()); });
});

static const catalogue::Entry vstack_entry("vstack", [](catalogue::Samples& s) {
  for (const std::vector<int64_t>& shape : {std::vector<int64_t>{}, {3}, {2, 3}, {2, 1, 2}})
    s.add("torch.vstack([x[0], x[1]])", {s.normal(shape), s.normal(shape)}, [](Inputs x) { return vstack({x[0], x[1]}); });
  s.rejects("no tensors", "non-empty TensorList", [] { vstack(std::vector<Tensor>()); });
});

static const catalogue::Entry split_with_sizes_entry("split_with_sizes", [](catalogue::Samples& s) {
  s.add("x[0].split_with_sizes([2, 1], -2)", {s.normal({3, 2})}, [](Inputs x) { return split_with_sizes(x[0], {2, 1}, -2); });
  s.rejects("sizes that don't add up", "sum exactly to 3", [] { split_with_sizes(ones({3}), {1, 1}); });
  s.rejects("a negative size", "only non-negative entries", [] { split_with_sizes(ones({3}), {4, -1}); });
});

static const catalogue::Entry chunk_entry("chunk", [](catalogue::Samples& s) {
  for (int64_t n : {1, 2, 3, 4, 9})
    s.add("x[0].chunk(" + std::to_string(n) + ", 1)", {s.normal({2, 5})}, [n](Inputs x) { return chunk(x[0], n, 1); });
  s.add("x[0].chunk(3)", {s.normal({0})}, [](Inputs x) { return chunk(x[0], 3); });
  s.rejects("no chunks", "to be greater than 0, got: 0", [] { chunk(ones({3}), 0); });
});

static const catalogue::Entry unbind_entry("unbind", [](catalogue::Samples& s) {
  s.add("x[0].unbind()", {s.normal({3, 2})}, [](Inputs x) { return unbind(x[0]); });
  s.add("x[0].unbind(-1)", {s.normal({2, 3})}, [](Inputs x) { return unbind(x[0], -1); });
  s.add("x[0].unbind(1)[1]", {s.normal({2, 3})}, [](Inputs x) { return unbind(x[0], 1).at(1); });
  s.rejects("no axes", "tensor has no dimensions", [] { unbind(ones({})); });
});

}}  // namespace torch::xgrad

#endif
