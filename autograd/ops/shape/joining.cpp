#include <xgrad/autograd/ops/shape/joining.h>

#include <xgrad/autograd/core/shape.h>
#include <xgrad/autograd/graph/in_place.h>
#include <xgrad/autograd/kernels/index/joined_rows.h>
#include <xgrad/autograd/ops/ops.h>
#include <xgrad/autograd/tensor/allocate.h>
#include <xgrad/autograd/tensor/copy.h>
#include <xgrad/autograd/tensor/memory_order.h>
#include <xgrad/autograd/tensor/tensor_memory.h>

#ifndef XGRAD_SAMPLES

namespace torch { inline namespace xgrad {

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
  const auto is_image = [](const Tensor& t) { return (t.dim() == 4 || t.dim() == 5) && !t.is_contiguous() && has_channels_innermost(t); };
  const bool images = std::all_of(tensors.begin(), tensors.end(), is_image);
  const Tensor y = images ? allocate_with_channels_innermost(shape.sizes, shape.dtype) : allocate_tensor(shape.sizes, shape.dtype);
  struct Part {
    int64_t length;  // -1 for a skipped one
    ScalarType dtype;
  };
  std::vector<Part> parts;
  const bool done = !images && put_rows(op, y, axis, tensors);
  int64_t start = 0;
  for (const Tensor& t : tensors) {
    parts.push_back({is_skipped(t) ? -1 : t.size(axis), t.dtype()});
    if (done || is_skipped(t)) continue;
    put(y, axis, start, t);
    start += t.size(axis);
  }
  if (!isFloatingType(shape.dtype)) return not_differentiable(Forward(op, y), with("dim", dim), tensors);
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
    for (size_t i = 0; i < tensors.size(); ++i) put(y, axis, static_cast<int64_t>(i), untraced([&] { return tensors[i].detach().unsqueeze(axis); }));
  if (!isFloatingType(dtype)) return not_differentiable(Forward(op, y), with("dim", dim), tensors);
  return record(Forward(op, y), with("dim", dim), wrt_all(tensors.vec(), [axis, dtypes = std::move(dtypes)](Gradients& g) {
                  for (int i = 0; i < static_cast<int>(dtypes.size()); ++i)
                    if (g.needs(i)) g.gx(i) = g.gy().select(axis, i).to(dtypes[static_cast<size_t>(i)]);
                }));
}

Tensor concatenate(TensorList tensors, int64_t dim) { return cat(tensors, dim); }

// ---- brought to a number of axes

namespace {

template <class F> std::vector<Tensor> each(TensorList tensors, F f) {
  std::vector<Tensor> out;
  for (const Tensor& t : tensors) out.push_back(f(t));
  return out;
}

// What cat takes: the tensors, each as f gives it.
std::vector<Tensor> parts(const Operation& operation, TensorList tensors, Tensor (*f)(const Tensor&)) {
  XGRAD_CHECK(!tensors.empty(), operation, operation.name(), " expects a non-empty TensorList");
  return each(tensors, f);
}

Tensor column(const Tensor& t) { return t.dim() <= 1 ? t.reshape({t.numel(), 1}) : t; }

}  // namespace

Tensor atleast_1d(const Tensor& self) { return self.dim() == 0 ? self.reshape({1}) : self; }
Tensor atleast_2d(const Tensor& self) { return self.dim() == 0 ? self.reshape({1, 1}) : self.dim() == 1 ? self.unsqueeze(0) : self; }
Tensor atleast_3d(const Tensor& self) {
  if (self.dim() == 0) return self.reshape({1, 1, 1});
  return self.dim() == 1 ? self.unsqueeze(0).unsqueeze(-1) : self.dim() == 2 ? self.unsqueeze(-1) : self;
}
std::vector<Tensor> atleast_1d(TensorList tensors) {
  return each(tensors, [](const Tensor& t) { return atleast_1d(t); });
}
std::vector<Tensor> atleast_2d(TensorList tensors) {
  return each(tensors, [](const Tensor& t) { return atleast_2d(t); });
}
std::vector<Tensor> atleast_3d(TensorList tensors) {
  return each(tensors, [](const Tensor& t) { return atleast_3d(t); });
}

Tensor hstack(TensorList tensors) {
  const std::vector<Tensor> rows = parts(operation<"hstack">, tensors, atleast_1d);
  return cat(rows, rows[0].dim() == 1 ? 0 : 1);
}

Tensor vstack(TensorList tensors) { return cat(parts(operation<"vstack">, tensors, atleast_2d), 0); }
Tensor row_stack(TensorList tensors) { return vstack(tensors); }
Tensor dstack(TensorList tensors) { return cat(parts(operation<"dstack">, tensors, atleast_3d), 2); }
Tensor column_stack(TensorList tensors) { return cat(parts(operation<"column_stack">, tensors, column), 1); }

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

}  // namespace

static const catalogue::Entry cat_entry("cat", cat_samples);
static const catalogue::Entry stack_entry("stack", stack_samples);

static const catalogue::Entry concat_entry("concat", [](catalogue::Samples& s) {
  s.add("torch.concat([x[0], x[1]], 1)", {s.normal({2, 3}), s.normal({2, 1})}, [](Inputs x) { return concat({x[0], x[1]}, 1); });
});

static const catalogue::Entry concatenate_entry("concatenate", [](catalogue::Samples& s) {
  s.add("torch.concatenate([x[0], x[1]])", {s.normal({2}), s.normal({1})}, [](Inputs x) { return concatenate({x[0], x[1]}); });
});

namespace {

const std::vector<int64_t> kShapes[] = {{}, {3}, {0}, {2, 3}, {2, 1, 2}, {2, 2, 1, 1}};

template <Tensor (*f)(TensorList)> void stack_of_samples(catalogue::Samples& s) {
  for (const auto& shape : kShapes)
    s.add("torch." + s.operation() + "([x[0], x[1]])", {s.normal(shape), s.normal(shape)}, [](Inputs x) { return f({x[0], x[1]}); });
  s.add("torch." + s.operation() + "([x[0], x[1]])", {s.normal({2, 3}), s.integers({2, 3}, 0, 9)}, [](Inputs x) { return f({x[0], x[1]}); });
  s.rejects("no tensors", "non-empty TensorList", [] { f(std::vector<Tensor>()); });
}

template <Tensor (*one)(const Tensor&), std::vector<Tensor> (*all)(TensorList)> void axes_samples(catalogue::Samples& s) {
  for (const auto& shape : kShapes) s.add("torch." + s.operation() + "(x[0] * 1)", {s.normal(shape)}, [](Inputs x) { return one(x[0] * 1); });
  s.add("torch." + s.operation() + "(x[0] * 1, x[1] * 1)", {s.normal({}), s.normal({2, 3})}, [](Inputs x) { return all({x[0] * 1, x[1] * 1}); });
}

}  // namespace

static const catalogue::Entry hstack_entry("hstack", stack_of_samples<hstack>);
static const catalogue::Entry vstack_entry("vstack", stack_of_samples<vstack>);
static const catalogue::Entry row_stack_entry("row_stack", stack_of_samples<row_stack>);
static const catalogue::Entry dstack_entry("dstack", stack_of_samples<dstack>);
static const catalogue::Entry column_stack_entry("column_stack", [](catalogue::Samples& s) {
  stack_of_samples<column_stack>(s);
  s.add("torch.column_stack([x[0], x[1]])", {s.normal({2}), s.normal({2, 3})}, [](Inputs x) { return column_stack({x[0], x[1]}); });
});
static const catalogue::Entry atleast_1d_entry("atleast_1d", axes_samples<atleast_1d, atleast_1d>);
static const catalogue::Entry atleast_2d_entry("atleast_2d", axes_samples<atleast_2d, atleast_2d>);
static const catalogue::Entry atleast_3d_entry("atleast_3d", axes_samples<atleast_3d, atleast_3d>);

}}  // namespace torch::xgrad

#endif
