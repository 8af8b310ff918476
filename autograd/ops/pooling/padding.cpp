#include <xgrad/autograd/ops/pooling/padding.h>

#include <algorithm>
#include <memory>

#include <xgrad/autograd/core/shape.h>
#include <xgrad/autograd/ops/pooling/images.h>
#include <xgrad/autograd/ops/pooling/separable.h>
#include <xgrad/autograd/ops/shape/joining.h>
#include <xgrad/autograd/tensor/allocate.h>
#include <xgrad/autograd/tensor/copy.h>
#include <xgrad/autograd/tensor/memory_order.h>

namespace torch { inline namespace xgrad {

Tensor constant_pad_nd(const Tensor& self, IntArrayRef pad, const Scalar& value) {
  const Operation& op = operation<"constant_pad_nd">;
  XGRAD_CHECK(pad.size() % 2 == 0, op, "Length of pad must be even but instead it equals ", pad.size());
  XGRAD_CHECK(static_cast<int64_t>(pad.size()) <= 2 * self.dim(), op,
              "Length of pad should be no more than twice the number of dimensions of the input. ", "Pad length is ", pad.size(),
              "while the input has ", self.dim(), "dimensions.");
  Dims sizes = self.sizes(), inside = self.sizes(), back = pad;
  int64_t from = self.storage_offset();
  bool adds = false;
  for (int i = 0; i < back.size() / 2; ++i) {
    const int axis = sizes.size() - 1 - i;
    const int64_t before = back[2 * i], behind = back[2 * i + 1];
    inside[axis] += std::min<int64_t>(before, 0) + std::min<int64_t>(behind, 0);
    XGRAD_CHECK(sizes[axis] + before + behind >= 0 && inside[axis] >= 0, op, "The input size ", sizes[axis], ", plus negative padding ", before,
                " and ", behind, ", resulted in a negative output size, which is invalid. Check dimension ", axis, " of your input.");
    sizes[axis] += before + behind;
    from += std::max<int64_t>(-before, 0) * self.impl().strides[axis];
    adds = adds || before > 0 || behind > 0;
  }
  checked_numel(op.name(), sizes);
  const bool empty = std::find(inside.begin(), inside.end(), 0) != inside.end();
  const Tensor part = tensor_on(self.storage(), self.dtype(), inside, self.impl().strides, empty ? self.storage_offset() : from);
  Tensor y = adds ? allocate_tensor(sizes, self.dtype()) : copy_in_order_of(part, self.dtype());
  if (adds) {
    untraced([&] { return y.fill_(value); });
    int64_t to = 0;
    for (int i = 0; i < back.size() / 2; ++i) to += std::max<int64_t>(back[2 * i], 0) * y.impl().strides[sizes.size() - 1 - i];
    if (!empty) copy_elements(tensor_on(y.storage(), y.dtype(), inside, y.impl().strides, to), part);
    if (self.dim() == 4 || self.dim() == 5) y = with_channels_as(self, static_cast<int>(self.dim()) - 2, y);
  }
  for (int64_t& n : back) n = -n;
  return record(Forward(op, y), with("pad", pad, "value", value), wrt(self, [back](const Tensor& gy) { return constant_pad_nd(gy, back, 0); }));
}

namespace {

// source(position before the edge or inside or behind the other, size) for each axis.
template <class Source>
Tensor padded(const Operation& operation, const Operation& backward, const Tensor& x, int axes, IntArrayRef padding, bool below_size, Source source) {
  XGRAD_CHECK(padding.size() == static_cast<size_t>(2 * axes), operation, "padding size is expected to be ", 2 * axes, ", but got ", padding);
  bool good = x.dim() == axes + 1 || x.dim() == axes + 2;
  // PyTorch reflects images without channels along fewer than three axes.
  for (int64_t i = x.dim() - axes - (below_size && axes < 3 && x.dim() == axes + 1 ? 0 : 1); good && i < x.dim(); ++i) good = x.size(i) > 0;
  XGRAD_CHECK(good, operation, axes + 1, "D or ", axes + 2, "D (batch mode) tensor with possibly 0 batch size and other non-zero dimensions expected",
              " for input, but got: ", x.sizes());
  dispatch_floating(x.dtype(), operation.name(), [](auto) {});
  auto map = std::make_shared<SeparableMap>();
  for (int i = 0; i < axes; ++i) {
    const int64_t axis = x.dim() - axes + i, in = x.size(axis);
    const int64_t before = padding[static_cast<size_t>(2 * (axes - 1 - i))], behind = padding[static_cast<size_t>(2 * (axes - 1 - i) + 1)];
    XGRAD_CHECK(!below_size || (before < in && behind < in), operation,
                "Padding size should be less than the corresponding input dimension, but got: padding (", before, ", ", behind, ") at dimension ",
                axis, " of input ", x.sizes());
    const int64_t out = in + before + behind;
    XGRAD_CHECK(out >= 1, operation, "input of size ", in, " is too small. Calculated output size: ", out, " at dimension ", axis);
    map->axes[3 - axes + i] = AxisMap::picking(in, out, [&](int64_t o) { return source(o - before, in); });
  }
  return record_mapped_in_steps(operation, backward, with("padding", padding), x, axes, mapped_value(operation, x, axes, *map), map);
}

int64_t mirrored(int64_t at, int64_t size) { return at < 0 ? -at : at < size ? at : 2 * (size - 1) - at; }
int64_t replicated(int64_t at, int64_t size) { return std::clamp<int64_t>(at, 0, size - 1); }

}  // namespace

#define XGRAD_PAD(axes, name, below_size, source)                                                                            \
  Tensor name##axes##d(const Tensor& self, IntArrayRef padding) {                                                            \
    return padded(operation<#name #axes "d">, operation<#name #axes "d_backward">, self, axes, padding, below_size, source); \
  }
XGRAD_PAD(1, reflection_pad, true, mirrored)
XGRAD_PAD(2, reflection_pad, true, mirrored)
XGRAD_PAD(3, reflection_pad, true, mirrored)
XGRAD_PAD(1, replication_pad, false, replicated)
XGRAD_PAD(2, replication_pad, false, replicated)
XGRAD_PAD(3, replication_pad, false, replicated)
#undef XGRAD_PAD

Tensor _pad_circular(const Tensor& self, IntArrayRef pad) {
  const Operation& op = operation<"_pad_circular">;
  XGRAD_CHECK(static_cast<int64_t>(pad.size()) == 2 * (self.dim() - 2), op, "Invalid padding size, expected ", 2 * (self.dim() - 2), " but got ",
              pad.size());
  const auto each_axis = [&](auto f) {
    for (size_t i = 0; i < pad.size() / 2; ++i) f(self.dim() - 1 - static_cast<int64_t>(i), pad[2 * i], pad[2 * i + 1]);
  };
  each_axis([&](int64_t axis, int64_t before, int64_t behind) {
    const int64_t size = self.size(axis), kept = size + std::min<int64_t>(before, 0) + std::min<int64_t>(behind, 0);
    XGRAD_CHECK(before <= size && behind <= size, op, "Padding value causes wrapping around more than once.");
    XGRAD_CHECK(size + before + behind >= 0, op, "Negative padding value is resulting in an empty dimension: padding (", before, ", ", behind,
                ") at dimension ", axis, " of input ", self.sizes());
    XGRAD_CHECK(before <= kept && behind <= kept, op, "Padding value causes wrapping around more than once.");
  });
  Tensor y = self;
  each_axis([&](int64_t axis, int64_t before, int64_t behind) {
    const int64_t first = std::max<int64_t>(-before, 0), kept = y.size(axis) - first + std::min<int64_t>(behind, 0);
    const Tensor middle = y.narrow(axis, first, kept);
    std::vector<Tensor> parts;
    if (before > 0) parts.push_back(middle.narrow(axis, kept - before, before));
    parts.push_back(middle);
    if (behind > 0) parts.push_back(middle.narrow(axis, 0, behind));
    y = parts.size() > 1 ? cat(parts, axis) : middle;
  });
  return y.is_contiguous() && !y.is_same(self) && !y.is_alias_of(self) ? y : y.clone(MemoryFormat::Contiguous);
}

Tensor pad(const Tensor& self, IntArrayRef pad, std::string_view mode, std::optional<double> value) {
  const Operation& op = operation<"pad">;
  XGRAD_CHECK(pad.size() % 2 == 0, op, "Padding length must be divisible by 2, got ", pad);
  XGRAD_CHECK(static_cast<int64_t>(pad.size()) <= 2 * self.dim(), op, "Padding length too large, got ", pad, " for shape ", self.sizes());
  if (mode == "constant") return constant_pad_nd(self, pad, value.value_or(0));
  XGRAD_CHECK(value.value_or(0) == 0, op, "Padding mode \"", mode, "\" doesn't take in value argument, got ", value.value_or(0));
  using Function = Tensor (*)(const Tensor&, IntArrayRef);
  const Function reflect[] = {reflection_pad1d, reflection_pad2d, reflection_pad3d};
  const Function replicate[] = {replication_pad1d, replication_pad2d, replication_pad3d};
  const auto axes = static_cast<int64_t>(pad.size() / 2);
  const bool fits = axes >= 1 && axes <= 3 && (self.dim() == axes + 1 || self.dim() == axes + 2);
  XGRAD_CHECK_AS(NotImplementedError, fits, op, "Only 2D, 3D, 4D, 5D padding with non-constant padding are supported for now, got ", pad,
                 " for shape ", self.sizes());
  if (mode == "reflect") return reflect[axes - 1](self, pad);
  if (mode == "replicate") return replicate[axes - 1](self, pad);
  XGRAD_CHECK_AS(NotImplementedError, mode == "circular", op, "Unrecognised padding mode ", mode);
  return _pad_circular(self, pad);
}

}}  // namespace torch::xgrad
