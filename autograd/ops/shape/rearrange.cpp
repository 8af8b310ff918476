#include <xgrad/autograd/ops/shape/rearrange.h>

#include <cmath>

#include <xgrad/autograd/core/shape.h>
#include <xgrad/autograd/graph/record.h>
#include <xgrad/autograd/graph/strided_geometry.h>
#include <xgrad/autograd/kernels/index/positions.h>
#include <xgrad/autograd/ops/ops.h>
#include <xgrad/autograd/tensor/allocate.h>
#include <xgrad/autograd/tensor/copy.h>
#include <xgrad/autograd/tensor/memory_order.h>
#include <xgrad/autograd/tensor/tensor_memory.h>

#ifndef XGRAD_SAMPLES

namespace torch { inline namespace xgrad {

// ---- the same elements in another order

Tensor flip(const Tensor& self, IntArrayRef dims) {
  const Operation& op = operation<"flip">;
  const uint64_t flipped = dims.empty() ? 0 : axis_mask(op.name(), dims, self.dim());
  Dims strides = self.impl().strides;
  int64_t offset = self.storage_offset();
  for (int a = 0; a < strides.size() && self.numel() > 0; ++a) {
    if (!(flipped >> a & 1)) continue;
    offset += strides[a] * (self.size(a) - 1);
    strides[a] = -strides[a];
  }
  const Tensor reversed = tensor_on(self.storage(), self.dtype(), self.sizes(), strides, offset);
  const Tensor y = allocate_in_order_of(self, self.dtype());
  copy_elements(y, reversed);
  const Dims axes = dims;
  return record(Forward(op, y), with("dims", dims), wrt(self, [axes](const Tensor& gy) { return flip(gy, axes); }));
}

namespace {

// Copies positions [from, from + length) of x's axis to [to, to + length) of y's.
void copy_stretch(const Tensor& y, int64_t to, const Tensor& x, int64_t from, int64_t length, int axis) {
  Dims sizes = x.sizes();
  sizes[axis] = length;
  const auto part = [&](const Tensor& t, int64_t start) {
    return tensor_on(t.storage(), t.dtype(), sizes, t.impl().strides, t.storage_offset() + start * t.stride(axis));
  };
  copy_elements(part(y, to), part(x, from));
}

Tensor rolled(const Tensor& x, int64_t shift, int axis) {
  const Tensor y = allocate_tensor(x.sizes(), x.dtype());
  const int64_t n = x.size(axis);
  if (n == 0) return y;
  const int64_t by = ((shift % n) + n) % n;
  copy_stretch(y, by, x, 0, n - by, axis);
  copy_stretch(y, 0, x, n - by, by, axis);
  return y;
}

}  // namespace

Tensor roll(const Tensor& self, IntArrayRef shifts, IntArrayRef dims) {
  const Operation& op = operation<"roll">;
  XGRAD_CHECK(!shifts.empty(), op, "`shifts` required");
  if (dims.empty() && shifts.size() == 1) return roll(self.flatten(), shifts, {0}).view(self.sizes());
  XGRAD_CHECK(shifts.size() == dims.size(), op, "shifts and dimensions must align. shifts: ", shifts.size(), ", dims:", dims.size());
  Tensor y = detail::alias(self);
  Dims back = shifts;
  for (size_t i = 0; i < dims.size(); ++i) {
    XGRAD_CHECK_AS(IndexError, self.dim() > 0, op, "Dimension specified as ", dims[i], " but tensor has no dimensions");
    y = rolled(y, shifts[i], static_cast<int>(wrap_axis(op.name(), dims[i], self.dim())));
    back[static_cast<int>(i)] = -shifts[i];
  }
  const Dims axes = dims;
  return record(Forward(op, y), with("shifts", shifts, "dims", dims), wrt(self, [back, axes](const Tensor& gy) { return roll(gy, back, axes); }));
}

// ---- repetitions

namespace {

// A row-major tensor in another shape.
Tensor shown_as(const Tensor& t, const Dims& sizes) {
  return tensor_on(t.storage(), t.dtype(), sizes, contiguous_strides(sizes), t.storage_offset());
}

}  // namespace

Tensor Tensor::repeat(IntArrayRef repeats) const {
  const Operation& op = operation<"repeat">;
  const int n = static_cast<int>(repeats.size()), lead = n - static_cast<int>(dim());
  XGRAD_CHECK(lead >= 0, op, "Number of dimensions of repeat dims can not be smaller than number of dimensions of tensor, got ", repeats,
              " for shape ", sizes());
  // Both as [count, size, count, size, ...], where the counts are axes of size 1 in the one and whole in the other.
  Dims shape, paired, once;
  std::vector<int64_t> counts;
  for (int a = 0; a < n; ++a) {
    const int64_t count = repeats[static_cast<size_t>(a)], size = a < lead ? 1 : impl().sizes[a - lead];
    XGRAD_CHECK(count >= 0, op, "Trying to create tensor with negative dimension: repeats ", repeats);
    int64_t product;
    XGRAD_CHECK(!__builtin_mul_overflow(count, size, &product), op, "the number of elements overflows, got repeats ", repeats);
    shape.push_back(product);
    counts.push_back(2 * a);
    for (int64_t s : {count, size}) paired.push_back(s);
    for (int64_t s : {int64_t{1}, size}) once.push_back(s);
  }
  checked_numel(op.name(), shape);
  const Tensor y = allocate_tensor(shape, dtype());
  const Tensor x = contiguous_as(*this, dtype());
  copy_elements(shown_as(y, paired), shown_as(x, once));
  return record(Forward(op, y), with("repeats", repeats),
                wrt(*this, [paired, counts](const Tensor& gy) { return counts.empty() ? gy : gy.reshape(paired).sum(counts); }));
}

Tensor tile(const Tensor& self, IntArrayRef reps) {
  Dims repeats = reps;
  while (repeats.size() < self.dim()) repeats.insert(0, 1);
  return self.repeat(repeats);
}

Tensor repeat_interleave(const Tensor& repeats, std::optional<int64_t> output_size) {
  const Operation& op = operation<"repeat_interleave">;
  XGRAD_CHECK(repeats.dim() == 1, op, "only accept 1D vector as repeat, got shape ", repeats.sizes());
  XGRAD_CHECK_AS(TypeError, repeats.dtype() == kLong || repeats.dtype() == kInt, op, "repeats has to be Long or Int tensor, got ", repeats.dtype());
  const Tensor counts = contiguous_as(repeats, kLong);
  const int64_t* n = counts.data_ptr<int64_t>();
  int64_t total = 0;
  bool overflow = false;
  for (int64_t i = 0; i < counts.numel(); ++i) {
    XGRAD_CHECK(n[i] >= 0, op, "repeats can not be negative, got ", n[i]);
    overflow |= __builtin_add_overflow(total, n[i], &total);
  }
  XGRAD_CHECK(!overflow && checked_numel(op.name(), {total}) == output_size.value_or(total), op,
              "allocated size does not match required size, got output_size ", output_size.value_or(total), " for ", total);
  Tensor y = allocate_tensor({total}, kLong);
  launch(op, kernels::repeat_positions, reads(counts), writes(y), n, counts.numel(), total, y.data_ptr<int64_t>());
  return not_differentiable(Forward(op, repeats.dtype() == kLong ? y : copy_of(y, repeats.dtype())), repeats);
}

Tensor repeat_interleave(const Tensor& self, const Tensor& repeats, std::optional<int64_t> dim, std::optional<int64_t> output_size) {
  const Operation& op = operation<"repeat_interleave">;
  const Tensor x = dim ? self : self.flatten();
  const int64_t axis = wrap_axis(op.name(), dim.value_or(0), x.dim()), size = x.dim() > 0 ? x.size(axis) : 1;
  XGRAD_CHECK(repeats.dim() <= 1 && (repeats.numel() == 1 || repeats.numel() == size), op, "repeats must have the same size as input along dim, got ",
              repeats.sizes(), " for ", size);
  const Tensor each = repeats.numel() == 1 ? repeats.reshape({1}).expand({size}) : repeats;
  return index_select(x, axis, repeat_interleave(each, output_size));
}

Tensor repeat_interleave(const Tensor& self, int64_t repeats, std::optional<int64_t> dim, std::optional<int64_t> output_size) {
  return repeat_interleave(self, full({1}, repeats, kLong), dim, output_size);
}

// ---- diagonals

namespace {

// Zeros of `sizes` with `values` on the diagonal that `part` shows.
Tensor on_diagonal(const Tensor& values, const Dims& sizes, const Tensor& part) {
  return as_strided_adjoint(values, {sizes, contiguous_strides(sizes), 0}, geometry_of(part));
}

// The diagonal of a row-major tensor of `sizes`: of its geometry alone.
Tensor diagonal_of(const Tensor& y, int64_t offset, int64_t dim1, int64_t dim2) {
  return untraced([&] { return diagonal(y.detach(), offset, dim1, dim2); });
}

}  // namespace

Tensor diag_embed(const Tensor& self, int64_t offset, int64_t dim1, int64_t dim2) {
  const Operation& op = operation<"diag_embed">;
  XGRAD_CHECK(self.dim() > 0, op, "expected at least one axis, got a 0-d tensor");
  const int n = static_cast<int>(self.dim()) + 1;
  const auto a = static_cast<int>(wrap_axis(op.name(), dim1, n)), b = static_cast<int>(wrap_axis(op.name(), dim2, n));
  XGRAD_CHECK(a != b, op, "diagonal dimensions cannot be identical ", dim1, ", ", dim2);
  XGRAD_CHECK(offset > -(int64_t{1} << 31) && offset < int64_t{1} << 31, op, "offset out of range, got ", offset);
  Dims shape = self.sizes();
  const int64_t size = shape.back() + std::abs(offset);
  shape.erase(shape.size() - 1);
  for (int axis : {std::min(a, b), std::max(a, b)}) shape.insert(axis, size);
  checked_numel(op.name(), shape);
  const Tensor y = zeros(shape, self.dtype());
  copy_elements(diagonal_of(y, offset, a, b), self);
  return record(Forward(op, y), with("offset", offset, "dim1", dim1, "dim2", dim2),
                wrt(self, [=](const Tensor& gy) { return diagonal(gy, offset, a, b); }));
}

Tensor diag(const Tensor& self, int64_t k) {
  const Operation& op = operation<"diag">;
  XGRAD_CHECK(self.dim() == 1 || self.dim() == 2, op, "matrix or a vector expected, got shape ", self.sizes());
  if (self.dim() == 1)
    return record(Forward(op, untraced([&] { return diag_embed(self.detach(), k); })), with("diagonal", k),
                  wrt(self, [k](const Tensor& gy) { return diag(gy, k); }));
  XGRAD_CHECK(k >= -self.size(0) && k <= self.size(1), op, "invalid size: diagonal ", k, " lies outside a matrix of shape ", self.sizes());
  const Dims before = self.sizes();
  return record(Forward(op, copy_of(diagonal_of(self, k, 0, 1), self.dtype())), with("diagonal", k),
                wrt(self, [before, k](const Tensor& gy) { return on_diagonal(gy, before, diagonal_of(empty(before, gy.dtype()), k, 0, 1)); }));
}

Tensor diagflat(const Tensor& self, int64_t offset) { return diag(self.reshape({-1}), offset); }

namespace {

template <class T> using Term = std::conditional_t<is_floating<T>, double, int64_t>;

template <class T> void add_terms(const Term<T>* terms, int64_t n, T* y) {
  Term<T> sum = 0;
  for (int64_t i = 0; i < n; ++i) sum += terms[i];
  *y = static_cast<T>(sum);
}

}  // namespace

Tensor trace(const Tensor& self) {
  const Operation& op = operation<"trace">;
  XGRAD_CHECK(self.dim() == 2, op, "trace: expected a matrix, but got tensor with dim ", self.dim());
  XGRAD_CHECK_AS(NotImplementedError, self.dtype() != kBool, "\"trace\" not implemented for 'Bool'");
  const Tensor on = diagonal_of(self, 0, 0, 1);
  // The sum of floating numbers is kept in double precision and rounded once.
  const bool floating = self.is_floating_point();
  const Tensor terms = copy_of(on, floating ? kDouble : kLong);
  Tensor y = allocate_tensor({}, floating ? self.dtype() : kLong);
  dispatch_stored(y.dtype(), op.name(), [&](auto zero) {
    using T = decltype(zero);
    launch(op, add_terms<T>, reads(terms), writes(y), static_cast<const Term<T>*>(terms.data_ptr()), terms.numel(), y.data_ptr<T>());
  });
  const Dims before = self.sizes();
  return record(Forward(op, y), wrt(self, [before](const Tensor& gy) {
                  const Tensor part = diagonal_of(empty(before, gy.dtype()), 0, 0, 1);
                  return on_diagonal(gy.expand(part.sizes()), before, part);
                }));
}

// ---- triangles

namespace {

enum class Triangle { Upper, Lower };

// Zeros below (above) diagonal k of each of several matrices, `all_rows` in all.
template <class T> void clear_triangle(Triangle kept, T* row, int64_t all_rows, int64_t rows, int64_t columns, int64_t k) {
  for (int64_t i = 0; i < all_rows; ++i, row += columns) {
    const int64_t on = i % rows + k;  // the column on the diagonal
    if (kept == Triangle::Upper) std::fill(row, row + std::clamp<int64_t>(on, 0, columns), T(0));
    else std::fill(row + std::clamp<int64_t>(on + 1, 0, columns), row + columns, T(0));
  }
}

Forward triangle(const Operation& operation, Triangle which, const Tensor& x, int64_t diagonal) {
  XGRAD_CHECK_AS(IndexError, x.dim() >= 2, operation, "Dimension out of range: expected at least 2 axes, got shape ", x.sizes());
  const Tensor y = copy_of(x, x.dtype());
  const int64_t rows = x.size(-2), columns = x.size(-1);
  if (y.numel() == 0) return Forward(operation, y);
  const int64_t k = std::clamp(diagonal, -rows - 1, columns + 1);
  dispatch_stored(y.dtype(), operation.name(), [&](auto zero) {
    using T = decltype(zero);
    launch(operation, clear_triangle<T>, reads(y), writes(y), which, y.data_ptr<T>(), y.numel() / columns, rows, columns, k);
  });
  return Forward(operation, y);
}

}  // namespace

Tensor triu(const Tensor& self, int64_t diagonal) {
  return record(triangle(operation<"triu">, Triangle::Upper, self, diagonal), with("diagonal", diagonal),
                wrt(self, [diagonal](const Tensor& gy) { return triu(gy, diagonal); }));
}

Tensor tril(const Tensor& self, int64_t diagonal) {
  return record(triangle(operation<"tril">, Triangle::Lower, self, diagonal), with("diagonal", diagonal),
                wrt(self, [diagonal](const Tensor& gy) { return tril(gy, diagonal); }));
}

}}  // namespace torch::xgrad

#else  // ---- samples

#include <xgrad/autograd/catalogue/catalogue.h>

namespace torch { inline namespace xgrad {

using catalogue::Inputs;

static const catalogue::Entry flip_entry("flip", [](catalogue::Samples& s) {
  s.add("torch.flip(x[0], [0])", {s.normal({3, 2})}, [](Inputs x) { return flip(x[0], {0}); });
  s.add("torch.flip(x[0], [-1, 0])", {s.normal({2, 3, 2})}, [](Inputs x) { return flip(x[0], {-1, 0}); });
  s.add("torch.flip(x[0].t(), [1])", {s.normal({2, 3})}, [](Inputs x) { return flip(x[0].t(), {1}); });
  s.add("torch.flip(x[0], [])", {s.normal({2})}, [](Inputs x) { return flip(x[0], {}); });
  s.add("torch.flip(x[0], [1])", {s.normal({2, 0})}, [](Inputs x) { return flip(x[0], {1}); });
  s.flat("torch.flip(x[0], [0])", {s.integers({4}, 0, 9)}, [](Inputs x) { return flip(x[0], {0}); });
  s.rejects("an axis twice", "appears multiple times", [] { flip(ones({2, 2}), {0, 0}); });
  s.rejects("an axis out of range", "Dimension out of range", [] { flip(ones({2}), {1}); });
});

static const catalogue::Entry roll_entry("roll", [](catalogue::Samples& s) {
  for (int64_t shift : {0, 1, -2, 7})
    s.add("torch.roll(x[0], " + std::to_string(shift) + ", 1)", {s.normal({2, 4})}, [shift](Inputs x) { return roll(x[0], {shift}, {1}); });
  s.add("torch.roll(x[0], 4)", {s.normal({2, 3})}, [](Inputs x) { return roll(x[0], {4}); });
  s.add("torch.roll(x[0], [1, -1], [0, -1])", {s.normal({2, 3})}, [](Inputs x) { return roll(x[0], {1, -1}, {0, -1}); });
  s.add("torch.roll(x[0], 1, 0)", {s.normal({0, 3})}, [](Inputs x) { return roll(x[0], {1}, {0}); });
  s.add("torch.roll(x[0], 1)", {s.normal({})}, [](Inputs x) { return roll(x[0], {1}); });
  s.rejects("no shifts", "`shifts` required", [] { roll(ones({2}), {}); });
  s.rejects("more axes than shifts", "must align. shifts: 1, dims:2", [] { roll(ones({2, 2}), {1}, {0, 1}); });
});

static const catalogue::Entry tile_entry("tile", [](catalogue::Samples& s) {
  s.add("torch.tile(x[0], (2,))", {s.normal({2, 3})}, [](Inputs x) { return tile(x[0], {2}); });
  s.add("torch.tile(x[0], (2, 1, 3))", {s.normal({2})}, [](Inputs x) { return tile(x[0], {2, 1, 3}); });
});

static const catalogue::Entry repeat_entry("repeat", [](catalogue::Samples& s) {
  s.add("x[0].repeat(2, 3)", {s.normal({2, 2})}, [](Inputs x) { return x[0].repeat({2, 3}); });
  s.add("x[0].repeat(2, 1, 3)", {s.normal({1, 2})}, [](Inputs x) { return x[0].repeat({2, 1, 3}); });
  s.add("x[0].repeat(3)", {s.normal({})}, [](Inputs x) { return x[0].repeat({3}); });
  s.add("x[0].repeat([])", {s.normal({})}, [](Inputs x) { return x[0].repeat(IntArrayRef()); });
  s.add("x[0].repeat(0, 2)", {s.normal({2, 2})}, [](Inputs x) { return x[0].repeat({0, 2}); });
  s.flat("x[0].repeat(2)", {s.booleans({3})}, [](Inputs x) { return x[0].repeat({2}); });
  s.rejects("fewer repeats than axes", "can not be smaller than number of dimensions", [] { ones({2, 2}).repeat({2}); });
  s.rejects("negative repeats", "negative dimension", [] { ones({2}).repeat({-1}); });
});

static const catalogue::Entry repeat_interleave_entry("repeat_interleave", [](catalogue::Samples& s) {
  s.add("torch.repeat_interleave(x[0], 2)", {s.normal({2, 3})}, [](Inputs x) { return repeat_interleave(x[0], 2); });
  s.add("torch.repeat_interleave(x[0], 2, 1)", {s.normal({2, 3})}, [](Inputs x) { return repeat_interleave(x[0], 2, 1); });
  s.add("torch.repeat_interleave(x[0], x[1], 0)", {s.normal({3, 2}), tensor({2, 0, 1})}, [](Inputs x) { return repeat_interleave(x[0], x[1], 0); });
  s.add("torch.repeat_interleave(x[0], x[1], -1)", {s.normal({3, 2}), tensor({2})}, [](Inputs x) { return repeat_interleave(x[0], x[1], -1); });
  s.add("torch.repeat_interleave(x[0], 3)", {s.normal({})}, [](Inputs x) { return repeat_interleave(x[0], 3); });
  s.flat("torch.repeat_interleave(x[0])", {tensor({1, 0, 3})}, [](Inputs x) { return repeat_interleave(x[0]); });
  s.rejects("negative repeats", "repeats can not be negative", [] { repeat_interleave(tensor({1, -1})); });
  s.rejects("as many repeats as nothing has", "repeats must have the same size as input along dim", [] {
    repeat_interleave(ones({3}), tensor({1, 2}), 0);
  });
  s.rejects("a wrong output size", "allocated size does not match required size", [] {
    repeat_interleave(tensor({1, 2}), std::optional<int64_t>(4));
  });
});

static const catalogue::Entry diag_entry("diag", [](catalogue::Samples& s) {
  for (int64_t k : {0, 1, -2}) {
    const std::string call = "torch.diag(x[0], " + std::to_string(k) + ")";
    const auto run = [k](Inputs x) { return diag(x[0], k); };
    s.add(call, {s.normal({3})}, run);
    s.add(call, {s.normal({3, 4})}, run);
    s.add(call, {s.normal({4, 2})}, run);
  }
  s.rejects("three axes", "matrix or a vector expected", [] { diag(ones({2, 2, 2})); });
});

static const catalogue::Entry diagflat_entry("diagflat", [](catalogue::Samples& s) {
  s.add("torch.diagflat(x[0])", {s.normal({2, 2})}, [](Inputs x) { return diagflat(x[0]); });
  s.add("torch.diagflat(x[0].t(), 1)", {s.normal({2, 3})}, [](Inputs x) { return diagflat(x[0].t(), 1); });
  s.add("x[0].diagflat(-2)", {s.normal({})}, [](Inputs x) { return x[0].diagflat(-2); });
  s.add("torch.diagflat(x[0])", {s.normal({0, 3})}, [](Inputs x) { return diagflat(x[0]); });
});

static const catalogue::Entry diag_embed_entry("diag_embed", [](catalogue::Samples& s) {
  s.add("torch.diag_embed(x[0])", {s.normal({2, 3})}, [](Inputs x) { return diag_embed(x[0]); });
  s.add("torch.diag_embed(x[0], 1, 0, 2)", {s.normal({2, 3})}, [](Inputs x) { return diag_embed(x[0], 1, 0, 2); });
  s.add("torch.diag_embed(x[0], -2, 1, 0)", {s.normal({2})}, [](Inputs x) { return diag_embed(x[0], -2, 1, 0); });
  s.rejects("one axis twice", "diagonal dimensions cannot be identical", [] { diag_embed(ones({2}), 0, 1, 1); });
});

namespace {

template <Tensor (*f)(const Tensor&, int64_t)> void triangle_samples(catalogue::Samples& s) {
  for (int64_t k : {0, 1, -1, 9, -9})
    s.add("torch." + s.operation() + "(x[0], " + std::to_string(k) + ")", {s.normal({3, 4})}, [k](Inputs x) { return f(x[0], k); });
  s.add("torch." + s.operation() + "(x[0])", {s.normal({2, 3, 2})}, [](Inputs x) { return f(x[0], 0); });
  s.at("torch." + s.operation() + "(x[0])", {full({2, 2}, NAN, kDouble)}, [](Inputs x) { return f(x[0], 0); });
  s.add("torch." + s.operation() + "(x[0])", {s.normal({0, 3})}, [](Inputs x) { return f(x[0], 0); });
  s.flat("torch." + s.operation() + "(x[0])", {s.booleans({3, 3})}, [](Inputs x) { return f(x[0], 0); });
  s.rejects("a vector", "Dimension out of range", [] { f(ones({3}), 0); });
}

}  // namespace

static const catalogue::Entry triu_entry("triu", triangle_samples<triu>);
static const catalogue::Entry tril_entry("tril", triangle_samples<tril>);

static const catalogue::Entry trace_entry("trace", [](catalogue::Samples& s) {
  for (const std::vector<int64_t>& shape : {std::vector<int64_t>{3, 3}, {2, 4}, {0, 2}})
    s.add("torch.trace(x[0])", {s.normal(shape)}, [](Inputs x) { return trace(x[0]); });
  s.add("torch.trace(x[0])", {s.normal({3, 1})}, [](Inputs x) { return trace(x[0]); }).deviation = "trace-of-a-tall-matrix";
  s.flat("torch.trace(x[0])", {s.integers({3, 3}, -9, 9)}, [](Inputs x) { return trace(x[0]); });
  s.rejects("a vector", "expected a matrix", [] { trace(ones({3})); });
});

}}  // namespace torch::xgrad

#endif
