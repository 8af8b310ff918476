// Axes in another order, axes of size 1, axes that repeat.
#include <xgrad/autograd/core/shape.h>
#include <xgrad/autograd/graph/in_place.h>
#include <xgrad/autograd/graph/record.h>
#include <xgrad/autograd/ops/creation/creation.h>
#include <xgrad/autograd/ops/shape/view.h>

#ifndef XGRAD_SAMPLES

namespace torch { inline namespace xgrad {

// ---- axes in another order

namespace {

Tensor transpose_as(const Operation& operation, const Tensor& self, int64_t dim0, int64_t dim1) {
  const auto axis = [&](int64_t dim) { return static_cast<int>(wrap_axis(operation.name(), dim, self.dim())); };
  const int a = axis(dim0), b = axis(dim1);
  Dims sizes = self.impl().sizes, strides = self.impl().strides;
  if (a != b) {
    std::swap(sizes[a], sizes[b]);
    std::swap(strides[a], strides[b]);
  }
  return record(make_view(operation, self, sizes, strides, self.storage_offset()), with("dim0", dim0, "dim1", dim1),
                wrt(self, [a, b](const Tensor& gy) { return transpose(gy, a, b); }));
}

Tensor t_as(const Operation& operation, const Tensor& self) {
  XGRAD_CHECK(self.dim() <= 2, operation, "expects a tensor with <= 2 dimensions, but self is ", self.dim(), "D");
  Dims sizes = self.impl().sizes, strides = self.impl().strides;
  std::reverse(sizes.begin(), sizes.end());
  std::reverse(strides.begin(), strides.end());
  return record(make_view(operation, self, sizes, strides, self.storage_offset()), wrt(self, [](const Tensor& gy) { return t(gy); }));
}

}  // namespace

Tensor transpose(const Tensor& self, int64_t dim0, int64_t dim1) { return transpose_as(operation<"transpose">, self, dim0, dim1); }
Tensor& Tensor::transpose_(int64_t dim0, int64_t dim1) const {
  return take_shape("transpose_", *this, transpose_as(operation<"transpose", 1>, *this, dim0, dim1));
}

Tensor swapaxes(const Tensor& self, int64_t axis0, int64_t axis1) { return transpose(self, axis0, axis1); }
Tensor swapdims(const Tensor& self, int64_t dim0, int64_t dim1) { return transpose(self, dim0, dim1); }
Tensor& Tensor::swapaxes_(int64_t axis0, int64_t axis1) const { return transpose_(axis0, axis1); }
Tensor& Tensor::swapdims_(int64_t dim0, int64_t dim1) const { return transpose_(dim0, dim1); }

namespace {

// The last two axes swapped, for `what` of PyTorch's names.
Tensor matrices_transposed(const Operation& operation, const char* what, const Tensor& self) {
  XGRAD_CHECK(self.dim() != 1, operation, "tensor.", what, " is only supported on matrices or batches of matrices. Got 1-D tensor.");
  return self.dim() == 0 ? self : transpose(self, -2, -1);
}

}  // namespace

Tensor adjoint(const Tensor& self) { return matrices_transposed(operation<"adjoint">, "adjoint()", self); }
Tensor Tensor::mT() const { return matrices_transposed(operation<"mT">, "mT", *this); }
Tensor Tensor::mH() const { return matrices_transposed(operation<"mH">, "mH", *this); }
Tensor Tensor::matrix_H() const {
  XGRAD_CHECK(dim() == 0 || dim() == 2, operation<"matrix_H">, "tensor.H is only supported on matrices (2-D tensors). Got ", dim(), "-D tensor.",
              dim() > 2 ? " For batches of matrices, consider using tensor.mH" : "");
  return dim() == 0 ? *this : transpose(0, 1);
}
Tensor Tensor::numpy_T() const {
  Dims reversed;
  for (int64_t axis = dim() - 1; axis >= 0; --axis) reversed.push_back(axis);
  return permute(reversed);
}

Tensor t(const Tensor& self) { return t_as(operation<"t">, self); }
Tensor& Tensor::t_() const { return take_shape("t_", *this, t_as(operation<"t", 1>, *this)); }

Tensor permute(const Tensor& self, IntArrayRef dims) {
  const Operation& op = operation<"permute">;
  XGRAD_CHECK(static_cast<int64_t>(dims.size()) == self.dim(), op, "number of dims don't match in permute, got ", dims, " for shape ", self.sizes());
  const int n = static_cast<int>(dims.size());
  Dims sizes(n, 0), strides(n, 0), inverse(n, -1);
  for (int i = 0; i < n; ++i) {
    const auto axis = static_cast<int>(wrap_axis(op.name(), dims[static_cast<size_t>(i)], n));
    XGRAD_CHECK(inverse[axis] == -1, op, "repeated dim in permute, got ", dims);
    inverse[axis] = i;
    sizes[i] = self.impl().sizes[axis];
    strides[i] = self.impl().strides[axis];
  }
  return record(make_view(op, self, sizes, strides, self.storage_offset()), with("dims", dims),
                wrt(self, [inverse](const Tensor& gy) { return permute(gy, inverse); }));
}

Tensor movedim(const Tensor& self, IntArrayRef source, IntArrayRef destination) {
  const Operation& op = operation<"movedim">;
  XGRAD_CHECK(source.size() == destination.size(), op, "Invalid source or destination dims: source ", source, " and destination ", destination,
              " should contain the same number of dims");
  const int n = static_cast<int>(self.dim());
  Dims order(std::max(n, 1), -1), taken(std::max(n, 1), 0);
  for (size_t i = 0; i < source.size(); ++i) {
    const auto from = static_cast<int>(wrap_axis(op.name(), source[i], n)), to = static_cast<int>(wrap_axis(op.name(), destination[i], n));
    XGRAD_CHECK(!taken[from] && order[to] == -1, op, "repeated dim in source ", source, " or destination ", destination);
    order[to] = from;
    taken[from] = 1;
  }
  if (n == 0) return permute(self, {});
  int next = 0;
  for (int i = 0; i < n; ++i) {
    if (order[i] != -1) continue;
    while (taken[next]) ++next;
    order[i] = next++;
  }
  return permute(self, order);
}

Tensor movedim(const Tensor& self, int64_t source, int64_t destination) {
  return movedim(self, IntArrayRef(&source, 1), IntArrayRef(&destination, 1));
}

Tensor moveaxis(const Tensor& self, IntArrayRef source, IntArrayRef destination) { return movedim(self, source, destination); }
Tensor moveaxis(const Tensor& self, int64_t source, int64_t destination) { return movedim(self, source, destination); }

// ---- axes of size 1

namespace {

template <class... A> Tensor squeeze_axes(const Operation& operation, const With<A...>& attributes, const Tensor& self, uint64_t mask) {
  Dims sizes, strides;
  const TensorImpl& impl = self.impl();
  for (int a = 0; a < impl.sizes.size(); ++a) {
    if ((mask >> a & 1) && impl.sizes[a] == 1) continue;
    sizes.push_back(impl.sizes[a]);
    strides.push_back(impl.strides[a]);
  }
  const Dims before = self.sizes();
  return record(make_view(operation, self, sizes, strides, self.storage_offset()), attributes,
                wrt(self, [before](const Tensor& gy) { return gy.reshape(before); }));
}

Tensor squeeze_all(const Operation& operation, const Tensor& self) { return squeeze_axes(operation, with(), self, ~uint64_t{0}); }
Tensor squeeze_one(const Operation& operation, const Tensor& self, int64_t dim) {
  return squeeze_axes(operation, with("dim", dim), self, uint64_t{1} << wrap_axis(operation.name(), dim, self.dim()));
}

Tensor unsqueeze_as(const Operation& operation, const Tensor& self, int64_t dim) {
  const auto axis = static_cast<int>(wrap_axis(operation.name(), dim, self.dim() + 1));
  Dims sizes = self.impl().sizes, strides = self.impl().strides;
  strides.insert(axis, axis < sizes.size() ? sizes[axis] * strides[axis] : 1);
  sizes.insert(axis, 1);
  return record(make_view(operation, self, sizes, strides, self.storage_offset()), with("dim", dim),
                wrt(self, [axis](const Tensor& gy) { return squeeze(gy, axis); }));
}

}  // namespace

Tensor squeeze(const Tensor& self) { return squeeze_all(operation<"squeeze">, self); }
Tensor squeeze(const Tensor& self, int64_t dim) { return squeeze_one(operation<"squeeze", 1>, self, dim); }
Tensor& Tensor::squeeze_() const { return take_shape("squeeze_", *this, squeeze_all(operation<"squeeze", 2>, *this)); }
Tensor& Tensor::squeeze_(int64_t dim) const { return take_shape("squeeze_", *this, squeeze_one(operation<"squeeze", 3>, *this, dim)); }

Tensor unsqueeze(const Tensor& self, int64_t dim) { return unsqueeze_as(operation<"unsqueeze">, self, dim); }
Tensor& Tensor::unsqueeze_(int64_t dim) const { return take_shape("unsqueeze_", *this, unsqueeze_as(operation<"unsqueeze", 1>, *this, dim)); }

// ---- more elements of the same memory

Tensor expand(const Tensor& self, IntArrayRef size, bool) {
  const Operation& op = operation<"expand">;
  const int n = static_cast<int>(size.size()), lead = n - static_cast<int>(self.dim());
  XGRAD_CHECK(lead >= 0, op, "the number of sizes provided (", n, ") must be greater or equal to the number of dimensions in the tensor (",
              self.dim(), "), got ", size, " for shape ", self.sizes());
  Dims sizes(size), strides(n, 0);
  for (int a = n - 1; a >= 0; --a) {
    const int64_t have = a < lead ? 1 : self.impl().sizes[a - lead];
    if (sizes[a] == -1) {
      XGRAD_CHECK(a >= lead, op, "The expanded size of the tensor (-1) isn't allowed in a leading, non-existing dimension ", a);
      sizes[a] = have;
    }
    XGRAD_CHECK(sizes[a] >= 0 && (have == 1 || have == sizes[a]), op, "The expanded size of the tensor (", sizes[a],
                ") must match the existing size (", have, ") at non-singleton dimension ", a, ". Target sizes: ", size,
                ". Tensor sizes: ", self.sizes());
    if (a >= lead && (have == sizes[a])) strides[a] = self.impl().strides[a - lead];
  }
  checked_numel(op.name(), sizes);
  return record(make_view(op, self, sizes, strides, self.storage_offset()), with("size", size), wrt(self, passed_on));
}

Tensor broadcast_to(const Tensor& self, IntArrayRef size) { return expand(self, size); }

std::vector<Tensor> broadcast_tensors(TensorList tensors) {
  Dims shape;
  for (const Tensor& x : tensors) shape = broadcast_shapes("broadcast_tensors", shape, x.sizes());
  std::vector<Tensor> out;
  for (const Tensor& x : tensors) out.push_back(x.sizes() == shape ? x : expand(x, shape));
  return out;
}

std::vector<Tensor> meshgrid(TensorList tensors) { return meshgrid(tensors, "ij"); }

std::vector<Tensor> meshgrid(TensorList tensors, std::string_view indexing) {
  const Operation& op = operation<"meshgrid">;
  XGRAD_CHECK(indexing == "ij" || indexing == "xy", op, "indexing must be one of \"xy\" or \"ij\", got \"", indexing, "\"");
  XGRAD_CHECK(!tensors.empty(), op, "expects a non-empty TensorList");
  const bool swap = indexing == "xy" && tensors.size() >= 2;
  Dims shape;
  for (const Tensor& x : tensors) {
    XGRAD_CHECK(x.dim() <= 1, op, "expected scalar or 1D tensor, got shape ", x.sizes());
    XGRAD_CHECK(x.dtype() == tensors[0].dtype(), op, "expects all tensors to have the same dtype, got ", tensors[0].dtype(), " and ", x.dtype());
    shape.push_back(x.numel());
  }
  if (swap) std::swap(shape[0], shape[1]);
  std::vector<Tensor> out;
  for (int i = 0; i < shape.size(); ++i) {
    const int axis = swap && i < 2 ? 1 - i : i;
    Dims own(shape.size(), 1);
    own[axis] = shape[axis];
    out.push_back(expand(view(tensors[static_cast<size_t>(i)], own), shape));
  }
  return out;
}

}}  // namespace torch::xgrad

#else  // ---- samples

#include <xgrad/autograd/catalogue/catalogue.h>

namespace torch { inline namespace xgrad {

using catalogue::Inputs;
using catalogue::Samples;

static const catalogue::Entry t_entry("t", [](Samples& s) {
  for (const std::vector<int64_t>& shape : {std::vector<int64_t>{2, 3}, {3}, {}})
    s.add("x[0].t()", {s.normal(shape)}, [](Inputs x) { return t(x[0]); });
  s.rejects("three axes", "expects a tensor with <= 2 dimensions", [] { t(ones({2, 2, 2})); });
});

static const catalogue::Entry transpose_entry("transpose", [](Samples& s) {
  s.add("x[0].transpose(0, 2)", {s.normal({2, 3, 2})}, [](Inputs x) { return transpose(x[0], 0, 2); });
  s.add("x[0].transpose(-1, 0)", {s.normal({2, 3})}, [](Inputs x) { return transpose(x[0], -1, 0); });
  s.add("x[0].transpose(1, 1)", {s.normal({2, 3})}, [](Inputs x) { return transpose(x[0], 1, 1); });
  s.add("x[0].transpose(0, -1)", {s.normal({})}, [](Inputs x) { return transpose(x[0], 0, -1); });
  s.rejects("an axis out of range", "Dimension out of range", [] { transpose(ones({2, 3}), 0, 2); });
});

static void matrix_samples(Samples& s, const std::string& call, Tensor (*f)(const Tensor&), const char* refusal) {
  for (const std::vector<int64_t>& shape : std::vector<std::vector<int64_t> >{{2, 3}, {}, {0, 2}})
    s.add(call, {s.normal(shape)}, [f](Inputs x) { return f(x[0]); });
  s.rejects("a vector", refusal, [f] { f(ones({2})); });
}

static const catalogue::Entry adjoint_entry("adjoint", [](Samples& s) {
  matrix_samples(s, "torch.adjoint(x[0])", adjoint, "tensor.adjoint() is only supported on matrices or batches of matrices. Got 1-D tensor.");
  s.add("x[0].adjoint()", {s.normal({2, 3, 4})}, [](Inputs x) { return x[0].adjoint(); });
});

static const catalogue::Entry transposed_names_entry("mT", [](Samples& s) {
  const auto mT = [](const Tensor& x) { return x.mT(); };
  const auto mH = [](const Tensor& x) { return x.mH(); };
  matrix_samples(s, "x[0].mT", mT, "tensor.mT is only supported on matrices or batches of matrices. Got 1-D tensor.");
  matrix_samples(s, "x[0].mH", mH, "tensor.mH is only supported on matrices or batches of matrices. Got 1-D tensor.");
  s.add("x[0].mT", {s.normal({2, 3, 4})}, [](Inputs x) { return x[0].mT(); });
  s.add("x[0].mH", {s.normal({2, 3, 4})}, [](Inputs x) { return x[0].mH(); });
});

static const catalogue::Entry matrix_H_entry("matrix_H", [](Samples& s) {
  const auto H = [](const Tensor& x) { return x.matrix_H(); };
  matrix_samples(s, "x[0].H", H, "tensor.H is only supported on matrices (2-D tensors). Got 1-D tensor.");
  s.rejects("a batch", "Got 3-D tensor. For batches of matrices, consider using tensor.mH", [] { ones({2, 2, 2}).matrix_H(); });
});

static const catalogue::Entry numpy_T_entry("numpy_T", [](Samples& s) {
  for (const std::vector<int64_t>& shape : std::vector<std::vector<int64_t> >{{2, 3, 4}, {2, 3}, {3}, {}})
    s.add("x[0].T", {s.normal(shape)}, [](Inputs x) { return x[0].numpy_T(); });
});

static const catalogue::Entry swapaxes_entry("swapaxes", [](Samples& s) {
  s.add("torch.swapaxes(x[0], 0, 1)", {s.normal({2, 3})}, [](Inputs x) { return swapaxes(x[0], 0, 1); });
  s.add("(x[0] * 1).swapaxes_(0, -1)", {s.normal({2, 3, 1})}, [](Inputs x) { return (x[0] * 1).swapaxes_(0, -1); });
  s.rejects("an axis out of range", "Dimension out of range", [] { swapaxes(ones({2, 3}), 0, 2); });
});

static const catalogue::Entry swapdims_entry("swapdims", [](Samples& s) {
  s.add("torch.swapdims(x[0], 0, 1)", {s.normal({2, 3})}, [](Inputs x) { return swapdims(x[0], 0, 1); });
  s.add("(x[0] * 1).swapdims_(1, 2)", {s.normal({2, 3, 1})}, [](Inputs x) { return (x[0] * 1).swapdims_(1, 2); });
});

static const catalogue::Entry permute_entry("permute", [](Samples& s) {
  s.add("x[0].permute(2, 0, 1)", {s.normal({2, 3, 4})}, [](Inputs x) { return permute(x[0], {2, 0, 1}); });
  s.add("x[0].permute(-1, 0)", {s.normal({2, 3})}, [](Inputs x) { return permute(x[0], {-1, 0}); });
  s.rejects("an axis twice", "repeated dim in permute", [] { permute(ones({2, 3}), {0, 0}); });
  s.rejects("too few axes", "number of dims don't match in permute", [] { permute(ones({2, 3}), {0}); });
});

static const catalogue::Entry movedim_entry("movedim", [](Samples& s) {
  s.add("torch.movedim(x[0], 0, -1)", {s.normal({2, 3, 2})}, [](Inputs x) { return movedim(x[0], 0, -1); });
  s.add("torch.movedim(x[0], (2, 0), (0, 1))", {s.normal({2, 3, 2})}, [](Inputs x) { return movedim(x[0], {2, 0}, {0, 1}); });
  s.rejects("two axes of none", "repeated dim", [] { movedim(ones({}), {0, 0}, {0, 0}); });
});

static const catalogue::Entry moveaxis_entry("moveaxis", [](Samples& s) {
  s.add("torch.moveaxis(x[0], 0, -1)", {s.normal({2, 3, 2})}, [](Inputs x) { return moveaxis(x[0], 0, -1); });
  s.add("torch.moveaxis(x[0], (2, 0), (0, 1))", {s.normal({2, 3, 2})}, [](Inputs x) { return moveaxis(x[0], {2, 0}, {0, 1}); });
});

static const catalogue::Entry squeeze_entry("squeeze", [](Samples& s) {
  s.add("x[0].squeeze()", {s.normal({1, 2, 1})}, [](Inputs x) { return squeeze(x[0]); });
  s.add("x[0].squeeze(-1)", {s.normal({1, 2, 1})}, [](Inputs x) { return squeeze(x[0], -1); });
  s.add("x[0].squeeze(1)", {s.normal({1, 2})}, [](Inputs x) { return squeeze(x[0], 1); });
  s.add("x[0].squeeze(0)", {s.normal({})}, [](Inputs x) { return squeeze(x[0], 0); });
  s.rejects("an axis out of range", "Dimension out of range", [] { squeeze(ones({2}), 1); });
});

static const catalogue::Entry unsqueeze_entry("unsqueeze", [](Samples& s) {
  for (int64_t dim : {0, 2, -1, -2})
    s.add("x[0].unsqueeze(" + std::to_string(dim) + ")", {s.normal({2, 3})}, [dim](Inputs x) { return unsqueeze(x[0], dim); });
  s.add("x[0].unsqueeze(0)", {s.normal({})}, [](Inputs x) { return unsqueeze(x[0], 0); });
  s.rejects("an axis out of range", "expected to be in range of [-2, 1], but got 2", [] { unsqueeze(ones({2}), 2); });
});

static const catalogue::Entry expand_entry("expand", [](Samples& s) {
  s.add("x[0].expand(2, 3)", {s.normal({1, 3})}, [](Inputs x) { return expand(x[0], {2, 3}); });
  s.add("x[0].expand(2, -1, 3)", {s.normal({2, 1})}, [](Inputs x) { return expand(x[0], {2, -1, 3}); });
  s.add("x[0].expand(2, 2)", {s.normal({})}, [](Inputs x) { return expand(x[0], {2, 2}); });
  s.add("x[0].expand(0, 3)", {s.normal({1, 3})}, [](Inputs x) { return expand(x[0], {0, 3}); });
  s.rejects("a size that differs", "must match the existing size (2) at non-singleton dimension 0", [] { expand(ones({2}), {3}); });
  s.rejects("a new size left open", "isn't allowed in a leading, non-existing dimension", [] { expand(ones({2}), {-1, 2}); });
  s.rejects("too few sizes", "greater or equal to the number of dimensions", [] { expand(ones({2, 2}), {2}); });
});

static const catalogue::Entry broadcast_to_entry("broadcast_to", [](Samples& s) {
  s.add("torch.broadcast_to(x[0], (2, 3))", {s.normal({3})}, [](Inputs x) { return broadcast_to(x[0], {2, 3}); });
});

static const catalogue::Entry broadcast_tensors_entry("broadcast_tensors", [](Samples& s) {
  s.add("torch.broadcast_tensors(x[0], x[1])", {s.normal({2, 1}), s.normal({3})}, [](Inputs x) { return broadcast_tensors({x[0], x[1]}); });
});

static const catalogue::Entry meshgrid_entry("meshgrid", [](Samples& s) {
  s.add("torch.meshgrid(x[0], x[1], indexing='ij')", {s.normal({2}), s.normal({3})}, [](Inputs x) { return meshgrid({x[0], x[1]}); });
  s.add("torch.meshgrid(x[0], x[1], x[2], indexing='xy')", {s.normal({2}), s.normal({3}), s.normal({})}, [](Inputs x) {
    return meshgrid({x[0], x[1], x[2]}, "xy");
  });
  s.rejects("a matrix", "expected scalar or 1D tensor", [] { meshgrid({ones({2, 2})}); });
  s.rejects("another order", "must be one of", [] { meshgrid({ones({2})}, "ji"); });
});

}}  // namespace torch::xgrad

#endif
