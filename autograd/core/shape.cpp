#include <xgrad/autograd/core/shape.h>

#include <ostream>

namespace torch { inline namespace xgrad {

void append(std::string& text, IntArrayRef values) {
  text.push_back('[');
  for (size_t i = 0; i < values.size(); ++i) {
    if (i) text.append(", ");
    text.append(std::to_string(values[i]));
  }
  text.push_back(']');
}

std::string str(IntArrayRef values) {
  std::string text;
  append(text, values);
  return text;
}

std::ostream& operator<<(std::ostream& stream, IntArrayRef values) { return stream << str(values); }

void Dims::assign_large(IntArrayRef values) {
  // `values` may point into this object's own block.
  const std::vector<int64_t> copy = values.vec();
  resize(static_cast<int>(copy.size()));
  std::copy(copy.begin(), copy.end(), data());
}

void Dims::grow(int n) {
  const int capacity = std::max(n, 2 * capacity_);
  int64_t* block = new int64_t[static_cast<size_t>(capacity)];
  std::copy(begin(), end(), block);
  if (!is_inline()) delete[] heap_;
  heap_ = block;
  capacity_ = capacity;
}

int64_t checked_numel(const char* operation, IntArrayRef sizes) {
  int64_t n = 1;
  bool overflow = false, empty = false;
  for (int64_t s : sizes) {
    XGRAD_CHECK(s >= 0, "[", operation, "] Trying to create tensor with negative dimension ", s, ": ", sizes);
    empty |= s == 0;
    overflow |= __builtin_mul_overflow(n, s, &n);
  }
  if (empty) return 0;
  // The byte count of the widest element must fit as well.
  int64_t bytes;
  overflow |= __builtin_mul_overflow(n, int64_t{8}, &bytes);
  XGRAD_CHECK(!overflow, "[", operation, "] the number of elements overflows, got sizes ", sizes);
  return n;
}

Dims contiguous_strides(IntArrayRef sizes) {
  Dims strides(sizes);
  set_contiguous_strides(sizes, strides.data());
  return strides;
}

bool is_contiguous(IntArrayRef sizes, IntArrayRef strides) {
  int64_t step = 1;
  bool ordered = true;
  for (size_t i = sizes.size(); i-- > 0;) {
    if (sizes[i] == 0) return true;
    if (sizes[i] == 1) continue;
    ordered &= strides[i] == step;
    step *= sizes[i];
  }
  return ordered;
}

bool may_overlap(IntArrayRef sizes, IntArrayRef strides) {
  // Axes sorted by stride: each must step over everything the smaller ones reach.
  std::vector<std::pair<int64_t, int64_t>> axes;
  for (size_t i = 0; i < sizes.size(); ++i) {
    if (sizes[i] == 0) return false;
    if (sizes[i] > 1) axes.emplace_back(std::abs(strides[i]), sizes[i]);
  }
  std::sort(axes.begin(), axes.end());
  int64_t reach = 0;
  for (const auto& [stride, size] : axes) {
    if (stride <= reach) return true;
    reach += stride * (size - 1);
  }
  return false;
}

Dims broadcast_shapes(const char* operation, IntArrayRef a, IntArrayRef b) {
  if (a == b) return Dims(a);
  const int n = static_cast<int>(std::max(a.size(), b.size()));
  Dims out(n, 1);
  for (int i = n - 1; i >= 0; --i) {
    const int ia = static_cast<int>(a.size()) - n + i, ib = static_cast<int>(b.size()) - n + i;
    const int64_t sa = ia < 0 ? 1 : a[static_cast<size_t>(ia)], sb = ib < 0 ? 1 : b[static_cast<size_t>(ib)];
    XGRAD_CHECK(sa == sb || sa == 1 || sb == 1, "[", operation, "] The size of tensor a (", sa, ") must match the size of tensor b (", sb,
                ") at non-singleton dimension ", i, ", got shapes ", a, " and ", b);
    out[i] = sa == 1 ? sb : sa;
  }
  return out;
}

bool broadcasts_to(IntArrayRef from, IntArrayRef to) {
  if (from.size() > to.size()) return false;
  const size_t lead = to.size() - from.size();
  for (size_t i = 0; i < from.size(); ++i)
    if (from[i] != 1 && from[i] != to[lead + i]) return false;
  return true;
}

int64_t wrap_axis(const char* operation, int64_t axis, int64_t ndim) {
  const int64_t n = std::max<int64_t>(ndim, 1);
  XGRAD_CHECK_AS(IndexError, axis >= -n && axis < n, "[", operation, "] Dimension out of range (expected to be in range of [", -n, ", ", n - 1,
                 "], but got ", axis, ")");
  return axis < 0 ? axis + n : axis;
}

uint64_t axis_mask(const char* operation, IntArrayRef axes, int64_t ndim) {
  XGRAD_CHECK(ndim <= 64, "[", operation, "] reductions take tensors of up to 64 dimensions, got ", ndim);
  if (axes.empty()) return ~uint64_t{0};
  uint64_t mask = 0;
  for (int64_t axis : axes) {
    const uint64_t bit = uint64_t{1} << wrap_axis(operation, axis, ndim);
    XGRAD_CHECK(!(mask & bit), "[", operation, "] dim ", axis, " appears multiple times in the list of dims ", axes);
    mask |= bit;
  }
  return mask;
}

Dims reduced_shape(IntArrayRef sizes, uint64_t mask, bool keepdim) {
  Dims out;
  for (size_t i = 0; i < sizes.size(); ++i) {
    if (!(mask >> i & 1)) out.push_back(sizes[i]);
    else if (keepdim) out.push_back(1);
  }
  return out;
}

Dims infer_shape(const char* operation, IntArrayRef shape, int64_t numel) {
  Dims out(shape);
  int unknown = -1;
  int64_t known = 1;
  bool overflow = false;
  for (int i = 0; i < out.size(); ++i) {
    if (out[i] == -1) {
      XGRAD_CHECK(unknown < 0, "[", operation, "] only one dimension can be inferred, got shape ", shape);
      unknown = i;
    } else {
      XGRAD_CHECK(out[i] >= 0, "[", operation, "] invalid shape dimension ", out[i], " in ", shape);
      overflow |= __builtin_mul_overflow(known, out[i], &known);
    }
  }
  if (unknown >= 0 && known > 0 && !overflow && numel % known == 0) {
    out[unknown] = numel / known;
    return out;
  }
  XGRAD_CHECK(unknown < 0 || known != 0, "[", operation, "] cannot reshape tensor of ", numel, " elements into shape ", shape,
              " because the unspecified dimension size -1 can be any value and is ambiguous");
  XGRAD_CHECK(unknown < 0 && !overflow && known == numel, "[", operation, "] shape '", shape, "' is invalid for input of size ", numel);
  return out;
}

bool view_strides(IntArrayRef sizes, IntArrayRef strides, IntArrayRef shape, Dims& out) {
  out.resize(static_cast<int>(shape.size()));
  const int64_t numel = numel_of(sizes);
  if (numel == 0) {
    out = contiguous_strides(shape);
    return true;
  }
  // Walk both shapes from the back; a run of old axes that lie in one piece may be cut anew.
  int view = static_cast<int>(shape.size()) - 1;
  int64_t base_stride = sizes.empty() ? 1 : strides[sizes.size() - 1];
  int64_t run = 1, cut = 1;
  for (int64_t i = static_cast<int64_t>(sizes.size()) - 1; i >= 0; --i) {
    const size_t at = static_cast<size_t>(i);
    run *= sizes[at];
    if (i == 0 || (sizes[at - 1] != 1 && strides[at - 1] != run * base_stride)) {
      while (view >= 0 && (cut < run || shape[static_cast<size_t>(view)] == 1)) {
        out[view] = cut * base_stride;
        cut *= shape[static_cast<size_t>(view)];
        --view;
      }
      if (cut != run) return false;
      if (i > 0) {
        base_stride = strides[at - 1];
        run = cut = 1;
      }
    }
  }
  while (view >= 0) {
    if (shape[static_cast<size_t>(view)] != 1) return false;
    out[view--] = base_stride;
  }
  return true;
}

}}  // namespace torch::xgrad
