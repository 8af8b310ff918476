#include <xgrad/autograd/tensor/memory_order.h>

#include <algorithm>

#include <xgrad/autograd/core/shape.h>
#include <xgrad/autograd/tensor/allocate.h>
#include <xgrad/autograd/tensor/copy.h>

namespace torch { inline namespace xgrad {

namespace {

// Below 0 where axis `a` lies inside axis `b` in memory, above 0 for outside, 0 where the strides don't say.
int compare_axes(IntArrayRef sizes, ArrayRef<const int64_t*> inputs, int64_t a, int64_t b) {
  for (const int64_t* strides : inputs) {
    const int64_t sa = strides[a], sb = strides[b];
    if (sa == 0 || sb == 0) continue;
    if (sa != sb) return sa < sb ? -1 : 1;
    if (sizes[static_cast<size_t>(a)] > sizes[static_cast<size_t>(b)]) return 1;
  }
  return 0;
}

}  // namespace

// An insertion sort that swaps, as PyTorch's does: that matters where axes compare as 0.
Dims strides_in_order_of(IntArrayRef sizes, ArrayRef<const int64_t*> inputs) {
  const int n = static_cast<int>(sizes.size());
  Dims order(n, 0);  // innermost first
  for (int i = 0; i < n; ++i) order[i] = n - 1 - i;
  for (int i = 1; i < n; ++i)
    for (int moving = i, j = i - 1; j >= 0; --j) {
      const int outer = compare_axes(sizes, inputs, order[j], order[moving]);
      if (outer < 0) break;
      if (outer > 0) {
        std::swap(order[j], order[moving]);
        moving = j;
      }
    }
  Dims strides(n, 1);
  int64_t step = 1;
  for (int64_t axis : order) {
    strides[static_cast<int>(axis)] = step;
    step *= std::max<int64_t>(sizes[static_cast<size_t>(axis)], 1);
  }
  return strides;
}

// Axes of size 0 and 1 don't count.
bool fills_memory(const TensorImpl& t) {
  if (t.contiguous) return true;
  Dims order;
  for (int a = 0; a < t.sizes.size(); ++a) {
    if (t.sizes[a] == 0) return true;
    if (t.sizes[a] > 1) order.push_back(a);
  }
  std::sort(order.begin(), order.end(), [&t](int64_t a, int64_t b) { return t.strides[static_cast<int>(a)] < t.strides[static_cast<int>(b)]; });
  int64_t step = 1;
  for (const int64_t axis : order) {
    const auto a = static_cast<int>(axis);
    if (t.strides[a] != step) return false;
    step *= t.sizes[a];
  }
  return true;
}

Tensor allocate_with_strides(IntArrayRef sizes, const Dims& strides, ScalarType dtype) {
  Tensor out = allocate_tensor(sizes, dtype);
  TensorImpl& impl = out.impl();
  impl.strides = strides;
  impl.contiguous = is_contiguous(sizes, strides);
  return out;
}

Tensor allocate_in_order_of(const Tensor& self, ScalarType dtype) {
  const TensorImpl& impl = self.impl();
  if (fills_memory(impl)) return allocate_with_strides(impl.sizes, impl.strides, dtype);
  return allocate_with_strides(impl.sizes, strides_in_order_of(impl.sizes, {impl.strides.data()}), dtype);
}

Tensor copy_in_order_of(const Tensor& self, ScalarType dtype) {
  const Tensor out = allocate_in_order_of(self, dtype);
  copy_elements(out, self);
  return out;
}

bool has_channels_innermost(const Tensor& images) {
  if (images.stride(1) == 0) return false;
  int64_t least = 0;
  const auto follows = [&](int64_t axis) {
    if (images.size(axis) == 0 || images.stride(axis) < least || (axis == 0 && least == images.stride(1))) return false;
    least = images.stride(axis) * images.size(axis);
    return true;
  };
  if (!follows(1)) return false;
  for (int64_t axis = images.dim() - 1; axis > 1; --axis)
    if (!follows(axis)) return false;
  return follows(0);
}

Tensor allocate_with_channels_innermost(IntArrayRef sizes, ScalarType dtype) {
  const int axes = static_cast<int>(sizes.size());
  Dims strides(axes, 0);
  int64_t step = 1;
  const auto place = [&](int axis) {
    strides[axis] = step;
    step *= std::max<int64_t>(sizes[static_cast<size_t>(axis)], 1);
  };
  place(1);
  for (int axis = axes - 1; axis > 1; --axis) place(axis);
  place(0);
  return allocate_with_strides(sizes, strides, dtype);
}

// ---- memory formats

namespace {

size_t axes_of(MemoryFormat format) { return format == MemoryFormat::ChannelsLast ? 4 : 5; }

// visit(axis) from the innermost axis to the outermost.
template <class Visit> void from_channels_outward(int axes, Visit&& visit) {
  visit(1);
  for (int axis = axes - 1; axis > 1; --axis) visit(axis);
  visit(0);
}

}  // namespace

Dims strides_in_format(const char* operation, IntArrayRef sizes, MemoryFormat format) {
  if (format == MemoryFormat::Contiguous) return contiguous_strides(sizes);
  XGRAD_CHECK(format != MemoryFormat::Preserve, "[", operation, "] unsupported memory format Preserve");
  XGRAD_CHECK(sizes.size() == axes_of(format), "[", operation, "] required rank ", axes_of(format), " tensor to use ",
              format == MemoryFormat::ChannelsLast ? "channels_last" : "channels_last_3d", " format, got sizes ", sizes);
  Dims strides(static_cast<int>(sizes.size()), 0);
  int64_t step = 1;
  from_channels_outward(strides.size(), [&](int axis) {
    strides[axis] = step;
    step *= sizes[static_cast<size_t>(axis)];
  });
  return strides;
}

Tensor allocate_in_format(const char* operation, const Tensor& self, ScalarType dtype, MemoryFormat format) {
  if (format == MemoryFormat::Preserve) return allocate_in_order_of(self, dtype);
  return allocate_with_strides(self.sizes(), strides_in_format(operation, self.sizes(), format), dtype);
}

MemoryFormat format_of(const char* operation, const TensorOptions& options, std::optional<MemoryFormat> format, MemoryFormat otherwise) {
  XGRAD_CHECK(!format || !options.has_memory_format(), "[", operation,
              "] Cannot set memory_format both in TensorOptions and explicit argument; please delete the redundant setter.");
  return format.value_or(options.memory_format_opt().value_or(otherwise));
}

bool Tensor::has_channels_last(MemoryFormat format) const {
  const TensorImpl& t = impl();
  if (t.sizes.size() != static_cast<int>(axes_of(format))) return false;
  bool follows = true;
  int64_t step = 1;
  from_channels_outward(t.sizes.size(), [&](int axis) {
    if (t.sizes[axis] == 1) return;
    follows = follows && t.strides[axis] == step;
    step *= t.sizes[axis];
  });
  return follows;
}

MemoryFormat Tensor::suggest_memory_format(bool channels_last_strides_exact_match) const {
  if (is_sparse() || (dim() != 4 && dim() != 5) || !has_channels_innermost(*this)) return MemoryFormat::Contiguous;
  const MemoryFormat format = dim() == 4 ? MemoryFormat::ChannelsLast : MemoryFormat::ChannelsLast3d;
  const bool fits = !channels_last_strides_exact_match || strides() == strides_in_format("suggest_memory_format", sizes(), format);
  return fits ? format : MemoryFormat::Contiguous;
}

bool Tensor::is_non_overlapping_and_dense() const { return fills_memory(impl()); }

Tensor with_channels_innermost(const Tensor& images) {
  const Tensor ordered = allocate_with_channels_innermost(images.sizes(), images.dtype());
  copy_elements(ordered, images);
  return ordered;
}

}}  // namespace torch::xgrad
