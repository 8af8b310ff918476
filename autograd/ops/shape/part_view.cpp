// Views of parts: windows into the memory of a larger tensor.
#include <xgrad/autograd/core/shape.h>
#include <xgrad/autograd/graph/in_place.h>
#include <xgrad/autograd/graph/record.h>
#include <xgrad/autograd/graph/strided_geometry.h>
#include <xgrad/autograd/kernels/index/placed_elements.h>
#include <xgrad/autograd/kernels/index/zeros_between.h>
#include <xgrad/autograd/ops/creation/creation.h>
#include <xgrad/autograd/ops/shape/view.h>
#include <xgrad/autograd/tensor/allocate.h>
#include <xgrad/autograd/tensor/copy.h>
#include <xgrad/autograd/tensor/tensor_memory.h>

#ifndef XGRAD_SAMPLES

namespace torch { inline namespace xgrad {

// ---- the elements of a view within the memory of a larger tensor

namespace {

kernels::Constants<int64_t> constants(const Dims& numbers) { return {numbers.data(), numbers.size()}; }

// The elements of `x` at the places of `part` in a flat array.
kernels::Iteration placed(const Tensor& flat, const StridedGeometry& part, const Tensor& x) {
  const auto bytes = static_cast<int64_t>(elementSize(x.dtype()));
  XGRAD_CHECK(x.dim() <= kernels::kMaxAxes, "[as_strided] tensors have up to ", kernels::kMaxAxes, " dimensions here, got ", x.dim());
  kernels::Iteration it;
  it.operands = 2;
  it.axes = part.sizes.size();
  it.pointers[0] = static_cast<char*>(flat.data_ptr()) + part.offset * bytes;
  it.pointers[1] = x.impl().data;
  it.bytes[0] = it.bytes[1] = static_cast<int8_t>(bytes);
  for (int a = 0; a < it.axes; ++a) {
    it.sizes[a] = part.sizes[a];
    it.strides[0][a] = part.strides[a] * bytes;
    it.strides[1][a] = x.impl().strides[a] * bytes;
  }
  it.simplify();
  return it;
}

Tensor window(const Tensor& flat, const StridedGeometry& g) {
  return tensor_on(flat.storage(), flat.dtype(), g.sizes, g.strides, flat.storage_offset() + g.offset);
}

Tensor extract(const Tensor& flat, const StridedGeometry& part);

// Zeros of a shape, with x added at the positions of `part` in the flat array.
Tensor embed(const Tensor& x, const Dims& shape, const StridedGeometry& part) {
  const Operation& op = operation<"as_strided_adjoint">;
  Tensor flat = allocate_tensor(shape, x.dtype());
  if (x.numel() > 0 && !may_overlap(part.sizes, part.strides)) {
    launch(op, kernels::write_between_zeros, reads(x), writes(flat), placed(flat, part, x), static_cast<char*>(flat.data_ptr()),
           static_cast<int64_t>(flat.nbytes()));
  } else {
    clear_elements(flat);
    const Tensor source = contiguous_as(x, x.dtype());
    launch(op, kernels::add_at_places, reads(source, flat), writes(flat), x.dtype(), source.data_ptr(), flat.data_ptr(), constants(part.sizes),
           constants(part.strides), part.offset);
  }
  return record(Forward(op, std::move(flat)), with("size", shape, "part_size", part.sizes, "stride", part.strides, "storage_offset", part.offset),
                wrt(x, [part](const Tensor& gy) { return extract(gy, part); }));
}

// The values of a tensor, seen as a flat array, at the positions of `part`, as a new tensor.
Tensor extract(const Tensor& flat, const StridedGeometry& part) {
  const Tensor y = copy_of(window(contiguous_as(flat, flat.dtype()), part), flat.dtype());
  return record(Forward(operation<"as_strided_part">, y), with("size", part.sizes, "stride", part.strides, "storage_offset", part.offset),
                wrt(flat, [shape = Dims(flat.sizes()), part](const Tensor& gy) { return embed(gy, shape, part); }));
}

// A flat array with zeros at the positions of `part`.
Tensor erase(const Tensor& flat, const StridedGeometry& part) {
  const Operation& op = operation<"as_strided_zeroed">;
  const Tensor y = copy_of(flat, flat.dtype());
  launch(op, kernels::clear_places, reads(y), writes(y), y.dtype(), y.data_ptr(), constants(part.sizes), constants(part.strides), part.offset);
  return record(Forward(op, y), with("size", part.sizes, "stride", part.strides, "storage_offset", part.offset),
                wrt(flat, [part](const Tensor& gy) { return erase(gy, part); }));
}

// The stretch of the storage that both geometries lie in, with both counted from its start.
struct Stretch {
  int64_t length;
  StridedGeometry whole, part;
  bool whole_is_flat;  // True iff `whole` is row-major and fills the stretch
};

Stretch stretch_of(const StridedGeometry& whole, const StridedGeometry& part) {
  int64_t low = INT64_MAX, high = INT64_MIN;
  for (const StridedGeometry* g : {&whole, &part}) {
    if (numel_of(g->sizes) == 0) continue;
    int64_t last = g->offset;
    for (int a = 0; a < g->sizes.size(); ++a) last += (g->sizes[a] - 1) * g->strides[a];
    low = std::min(low, g->offset);
    high = std::max(high, last);
  }
  Stretch s{high < low ? 0 : high - low + 1, whole, part, false};
  if (s.length == 0) low = whole.offset;
  s.whole.offset -= low;
  s.part.offset -= low;
  s.whole_is_flat = is_contiguous(whole.sizes, whole.strides) && numel_of(whole.sizes) == s.length;
  return s;
}

Tensor to_flat(const Tensor& g, const Stretch& s) { return s.whole_is_flat ? g.reshape({s.length}) : embed(g, {s.length}, s.whole); }
Tensor from_flat(const Tensor& flat, const Stretch& s) { return s.whole_is_flat ? flat.view(s.whole.sizes) : extract(flat, s.whole); }

// A view of part of `self`: where its elements are if `self` were row-major.
StridedGeometry row_major(const Tensor& self) { return {self.impl().sizes, contiguous_strides(self.sizes()), 0}; }

}  // namespace

StridedGeometry geometry_of(const Tensor& t) { return {t.impl().sizes, t.impl().strides, t.storage_offset()}; }

Tensor as_strided_adjoint(const Tensor& gy, const StridedGeometry& whole, const StridedGeometry& part) {
  const Stretch s = stretch_of(whole, part);
  if (s.whole_is_flat) return embed(gy, s.whole.sizes, s.part);
  const Tensor g = extract(embed(gy, {s.length}, s.part), s.whole);
  if (!may_overlap(whole.sizes, whole.strides)) return g;
  // Elements of `whole` that lie at one place share its gradient.
  return g / extract(embed(ones(s.whole.sizes, gy.dtype()), {s.length}, s.whole), s.whole);
}

Tensor as_strided_part(const Tensor& g, const StridedGeometry& whole, const StridedGeometry& part) {
  const Stretch s = stretch_of(whole, part);
  return extract(to_flat(g, s), s.part);
}

Tensor as_strided_zeroed(const Tensor& g, const StridedGeometry& whole, const StridedGeometry& part) {
  const Stretch s = stretch_of(whole, part);
  return from_flat(erase(to_flat(g, s), s.part), s);
}

namespace {

Tensor as_strided_as(const Operation& op, const Tensor& self, IntArrayRef size, IntArrayRef stride, std::optional<int64_t> storage_offset) {
  XGRAD_CHECK(size.size() == stride.size(), op, "mismatch in length of strides and shape, got ", stride, " and ", size);
  const StridedGeometry part{size, stride, storage_offset.value_or(self.storage_offset())};
  checked_numel(op.name(), size);
  __int128 last = part.offset;
  for (size_t a = 0; a < size.size(); ++a) {
    XGRAD_CHECK(stride[a] >= 0, op, "Negative strides are not supported at the moment, got strides: ", stride);
    last += static_cast<__int128>(std::max<int64_t>(size[a] - 1, 0)) * stride[a];
  }
  const auto elements = static_cast<int64_t>(self.storage().nbytes() / elementSize(self.dtype()));
  XGRAD_CHECK(part.offset >= 0 && (numel_of(size) == 0 || last < elements), op, "setStorage: sizes ", size, ", strides ", stride, ", storage offset ",
              part.offset, " are out of bounds for storage of ", elements, " elements");
  const StridedGeometry whole = geometry_of(self);
  return record(make_view(op, self, part.sizes, part.strides, part.offset), with("size", size, "stride", stride, "storage_offset", storage_offset),
                wrt(self, [=](const Tensor& gy) { return as_strided_adjoint(gy, whole, part); }));
}

}  // namespace

Tensor as_strided(const Tensor& self, IntArrayRef size, IntArrayRef stride, std::optional<int64_t> storage_offset) {
  return as_strided_as(operation<"as_strided">, self, size, stride, storage_offset);
}
Tensor& Tensor::as_strided_(IntArrayRef size, IntArrayRef stride, std::optional<int64_t> storage_offset) const {
  return take_shape("as_strided_", *this, as_strided_as(operation<"as_strided", 1>, *this, size, stride, storage_offset));
}

// ---- parts along axes

namespace {

// A view of the elements at `sizes`, `strides`, `offset`, the same elements being at `place` if self were row-major.
template <class... A>
Tensor part_view(const Operation& operation, const With<A...>& attributes, const Tensor& self, const Dims& sizes, const Dims& strides, int64_t offset,
                 const StridedGeometry& place) {
  const Dims before = self.sizes();
  return record(make_view(operation, self, sizes, strides, offset), attributes,
                wrt(self, [before, place](const Tensor& gy) { return embed(gy, before, place); }));
}

}  // namespace

Tensor select(const Tensor& self, int64_t dim, int64_t index) {
  const Operation& op = operation<"select">;
  XGRAD_CHECK_AS(IndexError, self.dim() > 0, op, "cannot be applied to a 0-dim tensor");
  const auto axis = static_cast<int>(wrap_axis(op.name(), dim, self.dim()));
  const TensorImpl& impl = self.impl();
  const int64_t size = impl.sizes[axis];
  XGRAD_CHECK_AS(IndexError, index >= -size && index < size, op, "index ", index, " out of range for tensor of size ", self.sizes(), " at dimension ",
                 dim);
  const int64_t position = index < 0 ? index + size : index;
  StridedGeometry place = row_major(self);
  Dims sizes = impl.sizes, strides = impl.strides;
  const int64_t offset = self.storage_offset() + position * strides[axis];
  place.offset = position * place.strides[axis];
  for (Dims* d : {&sizes, &strides, &place.sizes, &place.strides}) d->erase(axis);
  return part_view(op, with("dim", dim, "index", index), self, sizes, strides, offset, place);
}

Tensor slice(const Tensor& self, int64_t dim, std::optional<int64_t> start, std::optional<int64_t> end, int64_t step) {
  const Operation& op = operation<"slice">;
  XGRAD_CHECK(self.dim() > 0, op, "cannot be applied to a 0-dim tensor");
  XGRAD_CHECK(step > 0, op, "step must be positive, got ", step);
  const auto axis = static_cast<int>(wrap_axis(op.name(), dim, self.dim()));
  const TensorImpl& impl = self.impl();
  const int64_t size = impl.sizes[axis];
  const auto into_range = [size](int64_t i) { return std::clamp<int64_t>(i < 0 ? i + size : i, 0, size); };
  const int64_t from = into_range(start.value_or(0)), to = std::max(from, into_range(end.value_or(size)));
  StridedGeometry place = row_major(self);
  Dims sizes = impl.sizes, strides = impl.strides;
  const int64_t offset = self.storage_offset() + from * strides[axis];
  place.offset = from * place.strides[axis];
  sizes[axis] = place.sizes[axis] = (to - from) / step + ((to - from) % step != 0);
  strides[axis] *= step;
  place.strides[axis] *= step;
  return part_view(op, with("dim", dim, "start", start, "end", end, "step", step), self, sizes, strides, offset, place);
}

Tensor narrow(const Tensor& self, int64_t dim, int64_t start, int64_t length) {
  const Operation& op = operation<"narrow">;
  XGRAD_CHECK(self.dim() > 0, op, "cannot be applied to a 0-dim tensor");
  XGRAD_CHECK(length >= 0, op, "length must be non-negative, got ", length);
  const int64_t axis = wrap_axis(op.name(), dim, self.dim()), size = self.size(axis);
  XGRAD_CHECK_AS(IndexError, start >= -size && start <= size, op, "start ", start, " is out of range for dimension ", dim, " of size ", size);
  if (start < 0) start += size;
  XGRAD_CHECK(length <= size - start, op, "start (", start, ") + length (", length, ") exceeds dimension size (", size, ")");
  return slice(self, axis, start, start + length, 1);
}

Tensor narrow(const Tensor& self, int64_t dim, const Tensor& start, int64_t length) {
  XGRAD_CHECK(start.dim() == 0 && isIntegralType(start.dtype(), false), "[narrow] start must be an 0-dim integral Tensor, got ", start);
  return narrow(self, dim, start.item<int64_t>(), length);
}

Tensor narrow_copy(const Tensor& self, int64_t dim, int64_t start, int64_t length) {
  return narrow(self, dim, start, length).clone(MemoryFormat::Contiguous);
}

Tensor Tensor::unfold(int64_t dimension, int64_t size, int64_t step) const {
  const Operation& op = operation<"unfold">;
  const auto axis = static_cast<int>(wrap_axis(op.name(), dimension, dim()));
  const int64_t length = dim() == 0 ? 1 : impl().sizes[axis];
  XGRAD_CHECK(size >= 0, op, "size is ", size, " but must be >= 0");
  XGRAD_CHECK(size <= length, op, "maximum size for tensor at dimension ", axis, " is ", length, " but size is ", size);
  XGRAD_CHECK(step > 0, op, "step is ", step, " but must be > 0");
  StridedGeometry place = row_major(*this);
  Dims sizes = impl().sizes, strides = impl().strides;
  for (Dims* d : {&sizes, &place.sizes}) d->push_back(size);
  for (Dims* d : {&strides, &place.strides}) d->push_back(dim() == 0 ? 1 : (*d)[axis]);
  if (dim() > 0) {
    sizes[axis] = place.sizes[axis] = (length - size) / step + 1;
    // Of a single window it has no meaning and might overflow.
    for (Dims* d : {&strides, &place.strides}) (*d)[axis] *= sizes[axis] > 1 ? step : 1;
  }
  return part_view(op, with("dimension", dimension, "size", size, "step", step), *this, sizes, strides, storage_offset(), place);
}

Tensor diagonal(const Tensor& self, int64_t offset, int64_t dim1, int64_t dim2) {
  const Operation& op = operation<"diagonal">;
  const auto a = static_cast<int>(wrap_axis(op.name(), dim1, self.dim())), b = static_cast<int>(wrap_axis(op.name(), dim2, self.dim()));
  XGRAD_CHECK(self.dim() >= 2 && a != b, op, "diagonal dimensions cannot be identical ", dim1, ", ", dim2, ", got shape ", self.sizes());
  const TensorImpl& impl = self.impl();
  const int64_t rows = impl.sizes[a], columns = impl.sizes[b];
  const int64_t length = std::max<int64_t>(offset >= 0 ? std::min(rows, columns - offset) : std::min(rows + offset, columns), 0);
  StridedGeometry place = row_major(self);
  Dims sizes = impl.sizes, strides = impl.strides;
  const auto first = [&](const Dims& s) { return length == 0 ? 0 : offset >= 0 ? offset * s[b] : -offset * s[a]; };
  const int64_t start = self.storage_offset() + first(strides);
  place.offset = first(place.strides);
  for (Dims* d : {&strides, &place.strides}) d->push_back((*d)[a] + (*d)[b]);
  for (Dims* d : {&sizes, &place.sizes}) d->push_back(length);
  for (Dims* d : {&sizes, &strides, &place.sizes, &place.strides}) {
    d->erase(std::max(a, b));
    d->erase(std::min(a, b));
  }
  return part_view(op, with("offset", offset, "dim1", dim1, "dim2", dim2), self, sizes, strides, start, place);
}

}}  // namespace torch::xgrad

#else  // ---- samples

#include <xgrad/autograd/catalogue/catalogue.h>
#include <xgrad/autograd/ops/creation/tensor_literal.h>

namespace torch { inline namespace xgrad {

using catalogue::Inputs;
using catalogue::Samples;

static const catalogue::Entry select_entry("select", [](Samples& s) {
  s.add("x[0].select(0, 1)", {s.normal({3, 2})}, [](Inputs x) { return select(x[0], 0, 1); });
  s.add("x[0].select(-1, -2)", {s.normal({2, 3})}, [](Inputs x) { return select(x[0], -1, -2); });
  s.rejects("an index too large", "index 3 out of range for tensor of size [3]", [] { select(ones({3}), 0, 3); });
  s.rejects("no axes", "cannot be applied to a 0-dim tensor", [] { select(ones({}), 0, 0); });
});

static const catalogue::Entry slice_entry("slice", [](Samples& s) {
  s.add("x[0][1:]", {s.normal({3, 2})}, [](Inputs x) { return slice(x[0], 0, 1); });
  s.add("x[0][:, -3:-1]", {s.normal({2, 4})}, [](Inputs x) { return slice(x[0], 1, -3, -1); });
  s.add("x[0][1:99:2]", {s.normal({6})}, [](Inputs x) { return slice(x[0], 0, 1, 99, 2); });
  s.add("x[0][3:1]", {s.normal({4, 2})}, [](Inputs x) { return slice(x[0], 0, 3, 1); });
  s.add("x[0].t()[::2]", {s.normal({2, 3})}, [](Inputs x) { return slice(x[0].t(), 0, std::nullopt, std::nullopt, 2); });
  s.rejects("a step of 0", "step must be positive", [] { slice(ones({3}), 0, 0, 2, 0); });
});

static const catalogue::Entry narrow_entry("narrow", [](Samples& s) {
  s.add("torch.narrow(x[0], 1, 1, 2)", {s.normal({2, 4})}, [](Inputs x) { return narrow(x[0], 1, 1, 2); });
  s.add("torch.narrow(x[0], 0, -2, 1)", {s.normal({3})}, [](Inputs x) { return narrow(x[0], 0, -2, 1); });
  s.add("torch.narrow(x[0], 0, 1, 0)", {s.normal({3})}, [](Inputs x) { return narrow(x[0], 0, 1, 0); });
  s.rejects("a part that leaves the axis", "start (2) + length (2) exceeds dimension size (3)", [] { narrow(ones({3}), 0, 2, 2); });
});

static const catalogue::Entry narrow_copy_entry("narrow_copy", [](Samples& s) {
  const char* reason = "narrow-copy-derivative";
  s.add("torch.narrow_copy(x[0], 1, 1, 2)", {s.normal({2, 4})}, [](Inputs x) { return narrow_copy(x[0], 1, 1, 2); }).deviation = reason;
  s.flat("torch.narrow_copy(x[0], 0, -2, 1)", {s.integers({3}, 0, 9)}, [](Inputs x) { return narrow_copy(x[0], 0, -2, 1); });
  s.flat("torch.narrow(x[0], 0, x[1], 2)", {s.integers({3}, 0, 9), tensor(1)}, [](Inputs x) { return narrow(x[0], 0, x[1], 2); });
  s.rejects("a part that leaves the axis", "start (1) + length (9) exceeds dimension size (4)", [] { narrow_copy(ones({4}), 0, 1, 9); });
  s.rejects("a vector as start", "start must be an 0-dim integral Tensor", [] { narrow(ones({4}), 0, tensor({1}), 2); });
});

static const catalogue::Entry unfold_entry("unfold", [](Samples& s) {
  const auto add = [&](std::vector<int64_t> shape, int64_t dim, int64_t size, int64_t step) {
    s.add("x[0].unfold(" + std::to_string(dim) + ", " + std::to_string(size) + ", " + std::to_string(step) + ")", {s.normal(shape)},
          [=](Inputs x) { return x[0].unfold(dim, size, step); });
  };
  add({5}, 0, 3, 1);
  add({5}, 0, 2, 2);
  add({6, 2}, 0, 2, 3);
  add({2, 5}, -1, 3, 2);
  add({2, 4, 2}, 1, 2, 1);
  add({4}, 0, 4, 9);
  add({4}, 0, 0, 3);
  add({0}, 0, 0, 1);
  add({}, 0, 1, 1);
  s.add("x[0].t().unfold(0, 2, 1)", {s.normal({2, 4})}, [](Inputs x) { return x[0].t().unfold(0, 2, 1); });
  s.flat("x[0].unfold(0, 2, 1)", {s.booleans({4})}, [](Inputs x) { return x[0].unfold(0, 2, 1); });
  s.rejects("windows larger than the axis", "maximum size for tensor at dimension 0 is 4 but size is 5", [] { ones({4}).unfold(0, 5, 1); });
  s.rejects("a step of 0", "step is 0 but must be > 0", [] { ones({4}).unfold(0, 2, 0); });
  s.rejects("a negative size", "size is -1", [] { ones({4}).unfold(0, -1, 1); });
  s.rejects("an axis out of range", "Dimension out of range", [] { ones({4}).unfold(1, 2, 1); });
});

static const catalogue::Entry diagonal_entry("diagonal", [](Samples& s) {
  for (int64_t k : {0, 1, -1, 3, -9})
    s.add("torch.diagonal(x[0], " + std::to_string(k) + ")", {s.normal({3, 4})}, [k](Inputs x) { return diagonal(x[0], k); });
  s.add("torch.diagonal(x[0], 0, -1, 0)", {s.normal({2, 3, 2})}, [](Inputs x) { return diagonal(x[0], 0, -1, 0); });
  s.rejects("one axis twice", "diagonal dimensions cannot be identical", [] { diagonal(ones({2, 2}), 0, 1, 1); });
});

static const catalogue::Entry as_strided_entry("as_strided", [](Samples& s) {
  s.add("torch.as_strided(x[0] * 1, (2, 2), (1, 2), 1)", {s.normal({6})}, [](Inputs x) { return as_strided(x[0] * 1, {2, 2}, {1, 2}, 1); });
  s.add("torch.as_strided(x[0] * 1, (3, 2), (1, 1))", {s.normal({4})}, [](Inputs x) { return as_strided(x[0] * 1, {3, 2}, {1, 1}); });
  s.add("torch.as_strided(x[0] * 1, (2,), (0,))", {s.normal({2, 3})}, [](Inputs x) { return as_strided(x[0] * 1, {2}, {0}); });
  s.add("(x[0] * 1).as_strided_((2, 2), (1, 1))", {s.normal({4})}, [](Inputs x) { return (x[0] * 1).as_strided_({2, 2}, {1, 1}); });
  s.rejects("a window beyond the memory", "out of bounds for storage", [] { as_strided(ones({4}), {2}, {4}); });
  s.rejects("a negative stride", "Negative strides are not supported", [] { as_strided(ones({4}), {2}, {-1}, 3); });
  s.rejects("fewer strides than sizes", "mismatch in length of strides and shape", [] { as_strided(ones({4}), {2}, {1, 1}); });
});

}}  // namespace torch::xgrad

#endif
