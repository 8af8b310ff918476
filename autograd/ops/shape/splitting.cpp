// Cutting tensors apart along an axis.
#include <xgrad/autograd/core/shape.h>
#include <xgrad/autograd/graph/in_place.h>
#include <xgrad/autograd/ops/ops.h>
#include <xgrad/autograd/tensor/allocate.h>
#include <xgrad/autograd/tensor/copy.h>

#ifndef XGRAD_SAMPLES

namespace torch { inline namespace xgrad {

// ---- by lengths

namespace {

enum class Parts { Views, Tensors };

template <class... A>
std::vector<Tensor> cut(const Operation& operation, const With<A...>& attributes, Parts kind, const Tensor& self, int axis, IntArrayRef lengths) {
  std::vector<Forward> parts;
  int64_t start = 0;
  for (int64_t length : lengths) {
    Dims sizes = self.sizes();
    sizes[axis] = length;
    const int64_t offset = self.storage_offset() + start * self.stride(axis);
    if (kind == Parts::Views) parts.push_back(make_view(operation, self, sizes, self.impl().strides, offset, ViewKind::MultiOutput));
    else parts.emplace_back(operation, tensor_on(self.storage(), self.dtype(), sizes, self.impl().strides, offset));
    start += length;
  }
  const int n = static_cast<int>(lengths.size());
  return record_all(std::move(parts), attributes, wrt_all({self}, [axis, n](Gradients& g) {
                      std::vector<Tensor> pieces;
                      for (int i = 0; i < n; ++i) pieces.push_back(g.gy_or_zeros(i));
                      g.gx(0) = cat(pieces, axis);
                    }));
}

std::vector<Tensor> split_as(const Operation& op, Parts kind, const Tensor& self, int64_t split_size, int64_t dim) {
  XGRAD_CHECK(self.dim() > 0, op, "expects at least a 1-dimensional tensor");
  XGRAD_CHECK(split_size >= 0, op, "split expects split_size be non-negative, but got split_size=", split_size);
  const auto axis = static_cast<int>(wrap_axis(op.name(), dim, self.dim()));
  const int64_t size = self.size(axis);
  XGRAD_CHECK(split_size > 0 || size == 0, op, "split_size can only be 0 if dimension size is 0, but got dimension size of ", size);
  std::vector<int64_t> lengths;
  for (int64_t start = 0; start < size; start += split_size) lengths.push_back(std::min(split_size, size - start));
  if (lengths.empty()) lengths.push_back(0);
  return cut(op, with("split_size", split_size, "dim", dim), kind, self, axis, lengths);
}

std::vector<Tensor> split_with_sizes_as(const Operation& op, Parts kind, const Tensor& self, IntArrayRef split_sizes, int64_t dim) {
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
  return cut(op, with("split_sizes", split_sizes, "dim", dim), kind, self, axis, split_sizes);
}

// The length of all chunks but the last; 0 where the axis has none.
int64_t chunk_length(const Operation& op, const Tensor& self, int64_t chunks, int64_t dim) {
  XGRAD_CHECK(self.dim() > 0, op, "chunk expects at least a 1-dimensional tensor");
  XGRAD_CHECK(chunks > 0, op, "chunk expects `chunks` to be greater than 0, got: ", chunks);
  const int64_t size = self.size(dim);
  return size / chunks + (size % chunks != 0);
}

Dims no_lengths(int64_t chunks) { return Dims(static_cast<int>(chunks), 0); }

}  // namespace

std::vector<Tensor> split(const Tensor& self, int64_t split_size, int64_t dim) {
  return split_as(operation<"split">, Parts::Views, self, split_size, dim);
}
std::vector<Tensor> split(const Tensor& self, IntArrayRef split_size, int64_t dim) { return split_with_sizes(self, split_size, dim); }
std::vector<Tensor> split_with_sizes(const Tensor& self, IntArrayRef split_sizes, int64_t dim) {
  return split_with_sizes_as(operation<"split_with_sizes">, Parts::Views, self, split_sizes, dim);
}
std::vector<Tensor> unsafe_split(const Tensor& self, int64_t split_size, int64_t dim) {
  return split_as(operation<"unsafe_split">, Parts::Tensors, self, split_size, dim);
}
std::vector<Tensor> unsafe_split_with_sizes(const Tensor& self, IntArrayRef split_sizes, int64_t dim) {
  return split_with_sizes_as(operation<"unsafe_split_with_sizes">, Parts::Tensors, self, split_sizes, dim);
}

std::vector<Tensor> chunk(const Tensor& self, int64_t chunks, int64_t dim) {
  const int64_t length = chunk_length(operation<"chunk">, self, chunks, dim);
  return length == 0 ? split_with_sizes(self, no_lengths(chunks), dim) : split(self, length, dim);
}
std::vector<Tensor> unsafe_chunk(const Tensor& self, int64_t chunks, int64_t dim) {
  const int64_t length = chunk_length(operation<"unsafe_chunk">, self, chunks, dim);
  return length == 0 ? unsafe_split_with_sizes(self, no_lengths(chunks), dim) : unsafe_split(self, length, dim);
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

// ---- by positions: slices, each a view of its own

std::vector<Tensor> tensor_split(const Tensor& self, int64_t sections, int64_t dim) {
  const Operation& op = operation<"tensor_split">;
  XGRAD_CHECK(self.dim() > 0, op, "expected at least a 1-dimensional tensor, but got a tensor with ", self.dim(), " dims");
  const int64_t axis = wrap_axis(op.name(), dim, self.dim());
  XGRAD_CHECK(sections > 0, op, "number of sections must be larger than 0, got ", sections);
  std::vector<Tensor> out;
  int64_t start = 0;
  for (int64_t i = 0; i < sections; ++i) {
    const int64_t length = self.size(axis) / sections + (i < self.size(axis) % sections);
    out.push_back(slice(self, axis, start, start + length));
    start += length;
  }
  return out;
}

std::vector<Tensor> tensor_split(const Tensor& self, IntArrayRef indices, int64_t dim) {
  const Operation& op = operation<"tensor_split">;
  XGRAD_CHECK(self.dim() > 0, op, "expected at least a 1-dimensional tensor, but got a tensor with ", self.dim(), " dims");
  const int64_t axis = wrap_axis(op.name(), dim, self.dim());
  std::vector<Tensor> out;
  int64_t start = 0;
  for (int64_t end : indices) {
    out.push_back(slice(self, axis, start, end));
    start = end;
  }
  out.push_back(slice(self, axis, start));
  return out;
}

std::vector<Tensor> tensor_split(const Tensor& self, const Tensor& positions, int64_t dim) {
  const Operation& op = operation<"tensor_split">;
  XGRAD_CHECK(positions.dtype() == kLong, op, "expected tensor_indices_or_sections to have dtype of long, but got ", positions.dtype());
  XGRAD_CHECK(positions.dim() <= 1, op,
              "expected tensor_indices_or_sections to be a zero-dimensional or one-dimensional tensor, but got a tensor with ", positions.dim(),
              " dims");
  if (positions.dim() == 0) return tensor_split(self, positions.item<int64_t>(), dim);
  const Tensor flat = contiguous_as(positions, kLong);
  return tensor_split(self, IntArrayRef(flat.data_ptr<int64_t>(), static_cast<size_t>(flat.numel())), dim);
}

namespace {

// The axis that hsplit, vsplit and dsplit cut, of a tensor with enough of them.
int64_t axis_to_cut(const Operation& op, const Tensor& self, int64_t least, int64_t axis) {
  XGRAD_CHECK(self.dim() >= least, op, "torch.", op.name(), " requires a tensor with at least ", least, " dimension, but got a tensor with ",
              self.dim(), " dimensions!");
  return self.dim() == 1 ? 0 : axis;
}

std::vector<Tensor> cut_evenly(const Operation& op, const Tensor& self, int64_t least, int64_t axis, int64_t sections) {
  const int64_t dim = axis_to_cut(op, self, least, axis);
  XGRAD_CHECK(sections != 0 && self.size(dim) % sections == 0, op, "torch.", op.name(), " attempted to split along dimension ", dim,
              ", but the size of the dimension ", self.size(dim), " is not divisible by the split_size ", sections, "!");
  return tensor_split(self, sections, dim);
}

}  // namespace

#define XGRAD_SPLIT_ALONG(name, least, axis)                                                                                           \
  std::vector<Tensor> name(const Tensor& self, int64_t sections) { return cut_evenly(operation<#name>, self, least, axis, sections); } \
  std::vector<Tensor> name(const Tensor& self, IntArrayRef indices) {                                                                  \
    return tensor_split(self, indices, axis_to_cut(operation<#name>, self, least, axis));                                              \
  }
XGRAD_SPLIT_ALONG(hsplit, 1, 1)
XGRAD_SPLIT_ALONG(vsplit, 2, 0)
XGRAD_SPLIT_ALONG(dsplit, 3, 2)
#undef XGRAD_SPLIT_ALONG

}}  // namespace torch::xgrad

#else  // ---- samples

#include <xgrad/autograd/catalogue/catalogue.h>

namespace torch { inline namespace xgrad {

using catalogue::Inputs;

namespace {

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

static const catalogue::Entry split_entry("split", split_samples);

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

static const catalogue::Entry unsafe_split_entry("unsafe_split", [](catalogue::Samples& s) {
  s.add("torch.unsafe_split(x[0], 2)", {s.normal({5, 2})}, [](Inputs x) { return unsafe_split(x[0], 2); });
  s.add("torch.unsafe_split(x[0].clone(), 2, -1)[1].mul_(3)", {s.normal({2, 4})},
        [](Inputs x) { return unsafe_split(x[0].clone(), 2, -1).at(1).mul_(3); });
  s.rejects("a size of 0", "split_size can only be 0 if dimension size is 0", [] { unsafe_split(ones({3}), 0); });
});

static const catalogue::Entry unsafe_split_with_sizes_entry("unsafe_split_with_sizes", [](catalogue::Samples& s) {
  s.add("torch.unsafe_split_with_sizes(x[0], [1, 0, 2], 1)", {s.normal({2, 3})}, [](Inputs x) {
    return unsafe_split_with_sizes(x[0], {1, 0, 2}, 1);
  });
  s.rejects("sizes that don't add up", "sum exactly to 3", [] { unsafe_split_with_sizes(ones({3}), {1, 1}); });
});

static const catalogue::Entry unsafe_chunk_entry("unsafe_chunk", [](catalogue::Samples& s) {
  for (int64_t n : {1, 3, 9})
    s.add("torch.unsafe_chunk(x[0], " + std::to_string(n) + ")", {s.normal({5})}, [n](Inputs x) { return unsafe_chunk(x[0], n); });
  s.add("torch.unsafe_chunk(x[0], 3)", {s.normal({0})}, [](Inputs x) { return unsafe_chunk(x[0], 3); });
  s.rejects("no chunks", "to be greater than 0, got: 0", [] { unsafe_chunk(ones({3}), 0); });
});

static const catalogue::Entry tensor_split_entry("tensor_split", [](catalogue::Samples& s) {
  for (int64_t n : {1, 2, 3, 7})
    s.add("torch.tensor_split(x[0], " + std::to_string(n) + ", 1)", {s.normal({2, 5})}, [n](Inputs x) { return tensor_split(x[0], n, 1); });
  s.add("torch.tensor_split(x[0], [3, 1, -1, 9])", {s.normal({4, 2})}, [](Inputs x) { return tensor_split(x[0], {3, 1, -1, 9}); });
  s.add("torch.tensor_split(x[0], torch.tensor([1, 2]), -1)", {s.normal({2, 4})}, [](Inputs x) { return tensor_split(x[0], tensor({1, 2}), -1); });
  s.add("torch.tensor_split(x[0], torch.tensor(2))", {s.normal({3})}, [](Inputs x) { return tensor_split(x[0], tensor(2)); });
  s.add("torch.tensor_split(x[0], 3)", {s.normal({0})}, [](Inputs x) { return tensor_split(x[0], 3); });
  s.add("torch.tensor_split(x[0] * 1, 2)[0].mul_(3)", {s.normal({3})}, [](Inputs x) { return tensor_split(x[0] * 1, 2)[0].mul_(3); });
  s.rejects("no axes", "expected at least a 1-dimensional tensor, but got a tensor with 0 dims", [] { tensor_split(ones({}), 2); });
  s.rejects("no sections", "number of sections must be larger than 0, got 0", [] { tensor_split(ones({4}), 0); });
  s.rejects("floating positions", "to have dtype of long, but got Float", [] { tensor_split(ones({4}), ones({1})); });
  s.rejects("a matrix of positions", "zero-dimensional or one-dimensional tensor, but got a tensor with 2 dims",
            [] { tensor_split(ones({4}), tensor({{1}})); });
});

static const catalogue::Entry hsplit_entry("hsplit", [](catalogue::Samples& s) {
  s.add("torch.hsplit(x[0], 2)", {s.normal({2, 4})}, [](Inputs x) { return hsplit(x[0], 2); });
  s.add("torch.hsplit(x[0], 2)", {s.normal({4})}, [](Inputs x) { return hsplit(x[0], 2); });
  s.add("torch.hsplit(x[0], [1, 3])", {s.normal({2, 4, 1})}, [](Inputs x) { return hsplit(x[0], {1, 3}); });
  s.rejects("no axes", "torch.hsplit requires a tensor with at least 1 dimension, but got a tensor with 0 dimensions!", [] { hsplit(ones({}), 1); });
  s.rejects("a number that doesn't divide the axis", "the size of the dimension 4 is not divisible by the split_size 3!", [] {
    hsplit(ones({4, 4}), 3);
  });
  s.rejects("no sections", "is not divisible by the split_size 0!", [] { hsplit(ones({4}), 0); });
});

static const catalogue::Entry vsplit_entry("vsplit", [](catalogue::Samples& s) {
  s.add("torch.vsplit(x[0], 2)", {s.normal({4, 1})}, [](Inputs x) { return vsplit(x[0], 2); });
  s.add("torch.vsplit(x[0], [1])", {s.normal({3, 2})}, [](Inputs x) { return vsplit(x[0], IntArrayRef{1}); });
  s.rejects("a vector", "torch.vsplit requires a tensor with at least 2 dimension", [] { vsplit(ones({4}), 2); });
});

static const catalogue::Entry dsplit_entry("dsplit", [](catalogue::Samples& s) {
  s.add("torch.dsplit(x[0], 2)", {s.normal({2, 1, 4})}, [](Inputs x) { return dsplit(x[0], 2); });
  s.add("torch.dsplit(x[0], [1])", {s.normal({1, 2, 3})}, [](Inputs x) { return dsplit(x[0], IntArrayRef{1}); });
  s.rejects("a matrix", "torch.dsplit requires a tensor with at least 3 dimension", [] { dsplit(ones({4, 4}), 2); });
});

}}  // namespace torch::xgrad

#endif
