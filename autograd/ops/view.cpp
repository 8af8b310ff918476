#include <xgrad/autograd/ops/view.h>

#include <cstring>

#include <xgrad/autograd/allocate.h>
#include <xgrad/autograd/catalogue.h>
#include <xgrad/autograd/copy.h>
#include <xgrad/autograd/in_place.h>
#include <xgrad/autograd/ops/creation.h>
#include <xgrad/autograd/shape.h>

namespace xgrad {

// ---- the elements of a view within the memory of a larger tensor

namespace {

// Calls f(position in the flat array, index of the element) for each element of a geometry, in row-major order.
template <class F>
void for_each_position(const StridedGeometry& g, F f) {
  const int n = g.sizes.size();
  Dims index(n, 0);
  int64_t position = g.offset;
  const int64_t numel = numel_of(g.sizes);
  for (int64_t i = 0; i < numel; ++i) {
    f(position, i);
    for (int a = n - 1; a >= 0; --a) {
      position += g.strides[a];
      if (++index[a] < g.sizes[a]) break;
      position -= g.strides[a] * g.sizes[a];
      index[a] = 0;
    }
  }
}

Tensor window(const Tensor& flat, const StridedGeometry& g) {
  return tensor_on(flat.storage(), flat.dtype(), g.sizes, g.strides, flat.storage_offset() + g.offset);
}

Tensor extract(const Tensor& flat, const StridedGeometry& part);

// A flat array of n zeros with x added at the positions of `part`.
Tensor embed(const Tensor& x, int64_t n, const StridedGeometry& part) {
  Tensor flat = allocate_tensor({n}, x.dtype());
  std::memset(flat.data_ptr(), 0, flat.nbytes());
  if (!may_overlap(part.sizes, part.strides)) {
    copy_elements(window(flat, part), x);
  } else {
    const Tensor source = contiguous_as(x, x.dtype());
    dispatch_all(x.dtype(), "as_strided", [&](auto zero) {
      using T = decltype(zero);
      T* to = reinterpret_cast<T*>(flat.data_ptr());
      const T* from = reinterpret_cast<const T*>(source.data_ptr());
      for_each_position(part, [=](int64_t position, int64_t i) { to[position] = static_cast<T>(to[position] + from[i]); });
    });
  }
  return record("AsStridedAdjointBackward0", Forward(flat), wrt(x, [part](const Tensor& gy) { return extract(gy, part); }));
}

// The values of a flat array at the positions of `part`, as a new tensor.
Tensor extract(const Tensor& flat, const StridedGeometry& part) {
  const int64_t n = flat.numel();
  const Tensor y = copy_of(window(contiguous_as(flat, flat.dtype()), part), flat.dtype());
  return record("AsStridedPartBackward0", Forward(y), wrt(flat, [n, part](const Tensor& gy) { return embed(gy, n, part); }));
}

// A flat array with zeros at the positions of `part`.
Tensor erase(const Tensor& flat, const StridedGeometry& part) {
  const Tensor y = copy_of(flat, flat.dtype());
  dispatch_all(y.dtype(), "as_strided", [&](auto zero) {
    using T = decltype(zero);
    T* to = reinterpret_cast<T*>(y.data_ptr());
    for_each_position(part, [=](int64_t position, int64_t) { to[position] = T(0); });
  });
  return record("AsStridedZeroedBackward0", Forward(y), wrt(flat, [part](const Tensor& gy) { return erase(gy, part); }));
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

Tensor to_flat(const Tensor& g, const Stretch& s) {
  return s.whole_is_flat ? g.reshape({s.length}) : embed(g, s.length, s.whole);
}
Tensor from_flat(const Tensor& flat, const Stretch& s) {
  return s.whole_is_flat ? flat.view(s.whole.sizes) : extract(flat, s.whole);
}

// A view of part of `self`: where its elements are if `self` were row-major.
StridedGeometry row_major(const Tensor& self) { return {self.impl().sizes, contiguous_strides(self.sizes()), 0}; }

}  // namespace

StridedGeometry geometry_of(const Tensor& t) { return {t.impl().sizes, t.impl().strides, t.storage_offset()}; }

Tensor as_strided_adjoint(const Tensor& gy, const StridedGeometry& whole, const StridedGeometry& part) {
  const Stretch s = stretch_of(whole, part);
  return from_flat(embed(gy, s.length, s.part), s);
}

Tensor as_strided_part(const Tensor& g, const StridedGeometry& whole, const StridedGeometry& part) {
  const Stretch s = stretch_of(whole, part);
  return extract(to_flat(g, s), s.part);
}

Tensor as_strided_zeroed(const Tensor& g, const StridedGeometry& whole, const StridedGeometry& part) {
  const Stretch s = stretch_of(whole, part);
  return from_flat(erase(to_flat(g, s), s.part), s);
}

Tensor as_strided(const Tensor& self, IntArrayRef size, IntArrayRef stride, std::optional<int64_t> storage_offset) {
  XGRAD_CHECK(size.size() == stride.size(), "[as_strided] mismatch in length of strides and shape, got ", stride, " and ", size);
  const StridedGeometry part{size, stride, storage_offset.value_or(self.storage_offset())};
  checked_numel("as_strided", size);
  __int128 last = part.offset;
  for (size_t a = 0; a < size.size(); ++a) {
    XGRAD_CHECK(stride[a] >= 0, "[as_strided] Negative strides are not supported at the moment, got strides: ", stride);
    last += static_cast<__int128>(std::max<int64_t>(size[a] - 1, 0)) * stride[a];
  }
  const auto elements = static_cast<int64_t>(self.storage().nbytes() / elementSize(self.dtype()));
  XGRAD_CHECK(part.offset >= 0 && (numel_of(size) == 0 || last < elements), "[as_strided] setStorage: sizes ", size, ", strides ", stride,
              ", storage offset ", part.offset, " are out of bounds for storage of ", elements, " elements");
  const StridedGeometry whole = geometry_of(self);
  return record("AsStridedBackward0", make_view(self, part.sizes, part.strides, part.offset),
                wrt(self, [=](const Tensor& gy) { return as_strided_adjoint(gy, whole, part); }));
}

// ---- the same elements in another shape

Tensor view(const Tensor& self, IntArrayRef shape) {
  const Dims sizes = infer_shape("view", shape, self.numel());
  Dims strides;
  XGRAD_CHECK(view_strides(self.sizes(), self.strides(), sizes, strides), "[view] view size is not compatible with input tensor's size and "
              "stride (at least one dimension spans across two contiguous subspaces). Use .reshape(...) instead; got shape ", shape,
              " for sizes ", self.sizes(), " and strides ", self.strides());
  const Dims before = self.sizes();
  return record("ViewBackward0", make_view(self, sizes, strides, self.storage_offset()),
                wrt(self, [before](const Tensor& gy) { return gy.reshape(before); }));
}

Tensor reshape(const Tensor& self, IntArrayRef shape) {
  const Dims sizes = infer_shape("reshape", shape, self.numel());
  Dims strides;
  if (!view_strides(self.sizes(), self.strides(), sizes, strides)) return view(self.clone(), sizes);
  const Dims before = self.sizes();
  return record("ReshapeAliasBackward0", make_view(self, sizes, strides, self.storage_offset()),
                wrt(self, [before](const Tensor& gy) { return gy.reshape(before); }));
}

Tensor flatten(const Tensor& self, int64_t start_dim, int64_t end_dim) {
  const int64_t start = wrap_axis("flatten", start_dim, self.dim()), end = wrap_axis("flatten", end_dim, self.dim());
  XGRAD_CHECK(start <= end, "[flatten] start_dim cannot come after end_dim, got ", start_dim, " and ", end_dim);
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

Tensor unflatten(const Tensor& self, int64_t dim, IntArrayRef sizes) {
  const int64_t axis = wrap_axis("unflatten", dim, self.dim());
  XGRAD_CHECK(!sizes.empty(), "[unflatten] sizes must be non-empty");
  const Dims cut = infer_shape("unflatten", sizes, self.size(axis));
  Dims shape;
  for (int64_t a = 0; a < self.dim(); ++a) {
    if (a != axis) shape.push_back(self.size(a));
    else for (int64_t s : cut) shape.push_back(s);
  }
  return view(self, shape);
}

// ---- axes in another order

Tensor transpose(const Tensor& self, int64_t dim0, int64_t dim1) {
  const auto a = static_cast<int>(wrap_axis("transpose", dim0, self.dim())), b = static_cast<int>(wrap_axis("transpose", dim1, self.dim()));
  Dims sizes = self.impl().sizes, strides = self.impl().strides;
  if (a != b) {
    std::swap(sizes[a], sizes[b]);
    std::swap(strides[a], strides[b]);
  }
  return record("TransposeBackward0", make_view(self, sizes, strides, self.storage_offset()),
                wrt(self, [a, b](const Tensor& gy) { return transpose(gy, a, b); }));
}

Tensor t(const Tensor& self) {
  XGRAD_CHECK(self.dim() <= 2, "[t] expects a tensor with <= 2 dimensions, but self is ", self.dim(), "D");
  Dims sizes = self.impl().sizes, strides = self.impl().strides;
  std::reverse(sizes.begin(), sizes.end());
  std::reverse(strides.begin(), strides.end());
  return record("TBackward0", make_view(self, sizes, strides, self.storage_offset()), wrt(self, [](const Tensor& gy) { return t(gy); }));
}

Tensor permute(const Tensor& self, IntArrayRef dims) {
  XGRAD_CHECK(static_cast<int64_t>(dims.size()) == self.dim(), "[permute] number of dims don't match in permute, got ", dims, " for shape ", self.sizes());
  const int n = static_cast<int>(dims.size());
  Dims sizes(n, 0), strides(n, 0), inverse(n, -1);
  for (int i = 0; i < n; ++i) {
    const auto axis = static_cast<int>(wrap_axis("permute", dims[static_cast<size_t>(i)], n));
    XGRAD_CHECK(inverse[axis] == -1, "[permute] repeated dim in permute, got ", dims);
    inverse[axis] = i;
    sizes[i] = self.impl().sizes[axis];
    strides[i] = self.impl().strides[axis];
  }
  return record("PermuteBackward0", make_view(self, sizes, strides, self.storage_offset()),
                wrt(self, [inverse](const Tensor& gy) { return permute(gy, inverse); }));
}

Tensor movedim(const Tensor& self, IntArrayRef source, IntArrayRef destination) {
  XGRAD_CHECK(source.size() == destination.size(), "[movedim] Invalid source or destination dims: source ", source, " and destination ", destination,
              " should contain the same number of dims");
  const int n = static_cast<int>(self.dim());
  Dims order(n, -1), taken(n, 0);
  for (size_t i = 0; i < source.size(); ++i) {
    const auto from = static_cast<int>(wrap_axis("movedim", source[i], n)), to = static_cast<int>(wrap_axis("movedim", destination[i], n));
    XGRAD_CHECK(!taken[from] && order[to] == -1, "[movedim] repeated dim in source ", source, " or destination ", destination);
    order[to] = from;
    taken[from] = 1;
  }
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

// ---- axes of size 1

namespace {

Tensor squeeze_axes(const char* name, const Tensor& self, uint64_t mask) {
  Dims sizes, strides;
  const TensorImpl& impl = self.impl();
  for (int a = 0; a < impl.sizes.size(); ++a) {
    if ((mask >> a & 1) && impl.sizes[a] == 1) continue;
    sizes.push_back(impl.sizes[a]);
    strides.push_back(impl.strides[a]);
  }
  const Dims before = self.sizes();
  return record(name, make_view(self, sizes, strides, self.storage_offset()),
                wrt(self, [before](const Tensor& gy) { return gy.reshape(before); }));
}

}  // namespace

Tensor squeeze(const Tensor& self) { return squeeze_axes("SqueezeBackward0", self, ~uint64_t{0}); }

Tensor squeeze(const Tensor& self, int64_t dim) {
  return squeeze_axes("SqueezeBackward1", self, uint64_t{1} << wrap_axis("squeeze", dim, self.dim()));
}

Tensor unsqueeze(const Tensor& self, int64_t dim) {
  const auto axis = static_cast<int>(wrap_axis("unsqueeze", dim, self.dim() + 1));
  Dims sizes = self.impl().sizes, strides = self.impl().strides;
  strides.insert(axis, axis < sizes.size() ? sizes[axis] * strides[axis] : 1);
  sizes.insert(axis, 1);
  return record("UnsqueezeBackward0", make_view(self, sizes, strides, self.storage_offset()),
                wrt(self, [axis](const Tensor& gy) { return squeeze(gy, axis); }));
}

Tensor expand(const Tensor& self, IntArrayRef size) {
  const int n = static_cast<int>(size.size()), lead = n - static_cast<int>(self.dim());
  XGRAD_CHECK(lead >= 0, "[expand] the number of sizes provided (", n, ") must be greater or equal to the number of dimensions in the tensor (",
              self.dim(), "), got ", size, " for shape ", self.sizes());
  Dims sizes(size), strides(n, 0);
  for (int a = 0; a < n; ++a) {
    const int64_t have = a < lead ? 1 : self.impl().sizes[a - lead];
    if (sizes[a] == -1) {
      XGRAD_CHECK(a >= lead, "[expand] The expanded size of the tensor (-1) isn't allowed in a leading, non-existing dimension ", a);
      sizes[a] = have;
    }
    XGRAD_CHECK(sizes[a] >= 0 && (have == 1 || have == sizes[a]), "[expand] The expanded size of the tensor (", sizes[a],
                ") must match the existing size (", have, ") at non-singleton dimension ", a, ". Target sizes: ", size, ". Tensor sizes: ", self.sizes());
    if (a >= lead && (have == sizes[a])) strides[a] = self.impl().strides[a - lead];
  }
  checked_numel("expand", sizes);
  return record("ExpandBackward0", make_view(self, sizes, strides, self.storage_offset()), wrt(self, [](const Tensor& gy) { return gy; }));
}

Tensor broadcast_to(const Tensor& self, IntArrayRef size) { return expand(self, size); }

std::vector<Tensor> broadcast_tensors(TensorList tensors) {
  Dims shape;
  for (const Tensor& x : tensors) shape = broadcast_shapes("broadcast_tensors", shape, x.sizes());
  std::vector<Tensor> out;
  for (const Tensor& x : tensors) out.push_back(expand(x, shape));
  return out;
}

std::vector<Tensor> meshgrid(TensorList tensors) { return meshgrid(tensors, "ij"); }

std::vector<Tensor> meshgrid(TensorList tensors, std::string_view indexing) {
  XGRAD_CHECK(indexing == "ij" || indexing == "xy", "[meshgrid] indexing must be one of \"xy\" or \"ij\", got \"", indexing, "\"");
  XGRAD_CHECK(!tensors.empty(), "[meshgrid] expects a non-empty TensorList");
  const bool swap = indexing == "xy" && tensors.size() >= 2;
  Dims shape;
  for (const Tensor& x : tensors) {
    XGRAD_CHECK(x.dim() <= 1, "[meshgrid] expected scalar or 1D tensor, got shape ", x.sizes());
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

// ---- parts

namespace {

// A view of the elements at `sizes`, `strides`, `offset`, the same elements being at `place` if self were row-major.
Tensor part_view(const char* name, const Tensor& self, const Dims& sizes, const Dims& strides, int64_t offset, const StridedGeometry& place) {
  const Dims before = self.sizes();
  return record(name, make_view(self, sizes, strides, offset),
                wrt(self, [before, place](const Tensor& gy) { return embed(gy, numel_of(before), place).view(before); }));
}

}  // namespace

Tensor select(const Tensor& self, int64_t dim, int64_t index) {
  XGRAD_CHECK_AS(IndexError, self.dim() > 0, "[select] cannot be applied to a 0-dim tensor");
  const auto axis = static_cast<int>(wrap_axis("select", dim, self.dim()));
  const TensorImpl& impl = self.impl();
  const int64_t size = impl.sizes[axis];
  XGRAD_CHECK_AS(IndexError, index >= -size && index < size, "[select] index ", index, " out of range for tensor of size ", self.sizes(),
                 " at dimension ", dim);
  if (index < 0) index += size;
  StridedGeometry place = row_major(self);
  Dims sizes = impl.sizes, strides = impl.strides;
  const int64_t offset = self.storage_offset() + index * strides[axis];
  place.offset = index * place.strides[axis];
  for (Dims* d : {&sizes, &strides, &place.sizes, &place.strides}) d->erase(axis);
  return part_view("SelectBackward0", self, sizes, strides, offset, place);
}

Tensor slice(const Tensor& self, int64_t dim, std::optional<int64_t> start, std::optional<int64_t> end, int64_t step) {
  XGRAD_CHECK(self.dim() > 0, "[slice] cannot be applied to a 0-dim tensor");
  XGRAD_CHECK(step > 0, "[slice] step must be positive, got ", step);
  const auto axis = static_cast<int>(wrap_axis("slice", dim, self.dim()));
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
  return part_view("SliceBackward0", self, sizes, strides, offset, place);
}

Tensor narrow(const Tensor& self, int64_t dim, int64_t start, int64_t length) {
  XGRAD_CHECK(self.dim() > 0, "[narrow] cannot be applied to a 0-dim tensor");
  XGRAD_CHECK(length >= 0, "[narrow] length must be non-negative, got ", length);
  const int64_t axis = wrap_axis("narrow", dim, self.dim()), size = self.size(axis);
  XGRAD_CHECK_AS(IndexError, start >= -size && start <= size, "[narrow] start ", start, " is out of range for dimension ", dim, " of size ", size);
  if (start < 0) start += size;
  XGRAD_CHECK(length <= size - start, "[narrow] start (", start, ") + length (", length, ") exceeds dimension size (", size, ")");
  return slice(self, axis, start, start + length, 1);
}

Tensor diagonal(const Tensor& self, int64_t offset, int64_t dim1, int64_t dim2) {
  const auto a = static_cast<int>(wrap_axis("diagonal", dim1, self.dim())), b = static_cast<int>(wrap_axis("diagonal", dim2, self.dim()));
  XGRAD_CHECK(self.dim() >= 2 && a != b, "[diagonal] diagonal dimensions cannot be identical ", dim1, ", ", dim2, ", got shape ", self.sizes());
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
  return part_view("DiagonalBackward0", self, sizes, strides, start, place);
}

// ---- samples

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

static const catalogue::Entry t_entry("t", [](Samples& s) {
  for (const std::vector<int64_t>& shape : {std::vector<int64_t>{2, 3}, {3}, {}}) s.add("x[0].t()", {s.normal(shape)}, [](Inputs x) { return t(x[0]); });
  s.rejects("three axes", "expects a tensor with <= 2 dimensions", [] { t(ones({2, 2, 2})); });
});

static const catalogue::Entry transpose_entry("transpose", [](Samples& s) {
  s.add("x[0].transpose(0, 2)", {s.normal({2, 3, 2})}, [](Inputs x) { return transpose(x[0], 0, 2); });
  s.add("x[0].transpose(-1, 0)", {s.normal({2, 3})}, [](Inputs x) { return transpose(x[0], -1, 0); });
  s.add("x[0].transpose(1, 1)", {s.normal({2, 3})}, [](Inputs x) { return transpose(x[0], 1, 1); });
  s.add("x[0].transpose(0, -1)", {s.normal({})}, [](Inputs x) { return transpose(x[0], 0, -1); });
  s.rejects("an axis out of range", "Dimension out of range", [] { transpose(ones({2, 3}), 0, 2); });
});

static const catalogue::Entry swapaxes_entry("swapaxes", [](Samples& s) {
  s.add("torch.swapaxes(x[0], 0, 1)", {s.normal({2, 3})}, [](Inputs x) { return swapaxes(x[0], 0, 1); });
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

static const catalogue::Entry flatten_entry("flatten", [](Samples& s) {
  s.add("torch.flatten(x[0])", {s.normal({2, 3, 2})}, [](Inputs x) { return flatten(x[0]); });
  s.add("torch.flatten(x[0], 1, -1)", {s.normal({2, 3, 2})}, [](Inputs x) { return flatten(x[0], 1, -1); });
  s.add("torch.flatten(x[0].t())", {s.normal({2, 3})}, [](Inputs x) { return flatten(x[0].t()); });
  s.add("torch.flatten(x[0])", {s.normal({})}, [](Inputs x) { return flatten(x[0]); });
  s.rejects("ends in the wrong order", "start_dim cannot come after end_dim", [] { flatten(ones({2, 3}), 1, 0); });
});

static const catalogue::Entry unflatten_entry("unflatten", [](Samples& s) {
  s.add("x[0].unflatten(1, (2, -1))", {s.normal({2, 6})}, [](Inputs x) { return unflatten(x[0], 1, {2, -1}); });
  s.rejects("sizes that don't fit", "is invalid for input of size 6", [] { unflatten(ones({6}), 0, {4}); });
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
  s.add("torch.meshgrid(x[0], x[1], x[2], indexing='xy')", {s.normal({2}), s.normal({3}), s.normal({})},
        [](Inputs x) { return meshgrid({x[0], x[1], x[2]}, "xy"); });
  s.rejects("a matrix", "expected scalar or 1D tensor", [] { meshgrid({ones({2, 2})}); });
  s.rejects("another order", "must be one of", [] { meshgrid({ones({2})}, "ji"); });
});

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
  s.rejects("a window beyond the memory", "out of bounds for storage", [] { as_strided(ones({4}), {2}, {4}); });
  s.rejects("a negative stride", "Negative strides are not supported", [] { as_strided(ones({4}), {2}, {-1}, 3); });
  s.rejects("fewer strides than sizes", "mismatch in length of strides and shape", [] { as_strided(ones({4}), {2}, {1, 1}); });
});

}  // namespace xgrad
