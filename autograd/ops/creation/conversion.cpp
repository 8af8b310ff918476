#include <xgrad/autograd/ops/creation/conversion.h>

#include <algorithm>
#include <cmath>
#include <cstring>

#include <xgrad/autograd/core/scalar_conversion.h>
#include <xgrad/autograd/core/shape.h>
#include <xgrad/autograd/graph/in_place.h>
#include <xgrad/autograd/kernels/pointwise/fill.h>
#include <xgrad/autograd/ops/creation/numbers.h>
#include <xgrad/autograd/ops/index/sparse.h>
#include <xgrad/autograd/ops/ops.h>
#include <xgrad/autograd/tensor/allocate.h>
#include <xgrad/autograd/tensor/copy.h>
#include <xgrad/autograd/tensor/memory_order.h>
#include <xgrad/autograd/tensor/tensor_memory.h>

#ifndef XGRAD_SAMPLES

namespace torch { inline namespace xgrad {

// ---- copies

static Tensor copy_in_format(const char* operation, const Tensor& self, ScalarType dtype, MemoryFormat format) {
  if (format == MemoryFormat::Contiguous) return copy_of(self, dtype);
  const Tensor y = allocate_in_format(operation, self, dtype, format);
  copy_elements(y, self);
  return y;
}

Tensor Tensor::clone(std::optional<MemoryFormat> format) const {
  if (is_sparse()) return clone_sparse(*this);
  return record(Forward(operation<"clone">, copy_in_format("clone", *this, dtype(), format.value_or(MemoryFormat::Preserve))), wrt(*this, passed_on));
}

Tensor Tensor::contiguous(MemoryFormat format) const {
  if (is_contiguous(format)) return *this;
  XGRAD_CHECK(format != MemoryFormat::Preserve, "[contiguous] preserve memory format is unsupported by the contiguous operator");
  return clone(format);
}

// ---- conversions

Tensor Tensor::to(ScalarType dtype, bool, bool copy, std::optional<MemoryFormat> format) const {
  const ScalarType before = this->dtype();
  const MemoryFormat order = format.value_or(MemoryFormat::Preserve);
  if (dtype == before && !copy && (order == MemoryFormat::Preserve || order == suggest_memory_format())) return *this;
  if (is_sparse()) return convert_sparse(*this, dtype);
  Forward y(operation_recorded_as<"to", "ToCopyBackward0">, copy_in_format("to", *this, dtype, order));
  if (!isFloatingType(dtype)) return not_differentiable(std::move(y), with("dtype", dtype), *this);
  return record(std::move(y), with("dtype", dtype), wrt(*this, [before](const Tensor& gy) { return gy.to(before); }));
}

Tensor Tensor::to(const TensorOptions& options, bool non_blocking, bool copy, std::optional<MemoryFormat> format) const {
  check_place("to", options);
  XGRAD_CHECK(!options.requires_grad(), "[to] to(options) expects unset requires_grad flag, but got options.requires_grad set as true");
  return to(options.dtype_opt().value_or(dtype()), non_blocking, copy, format_of("to", options, format, MemoryFormat::Preserve));
}

Tensor Tensor::to(Device device, ScalarType dtype, bool non_blocking, bool copy, std::optional<MemoryFormat> format) const {
  check_device("to", device);
  return to(dtype, non_blocking, copy, format);
}

Tensor Tensor::to(const Tensor& other, bool non_blocking, bool copy, std::optional<MemoryFormat> format) const {
  return to(other.dtype(), non_blocking, copy, format);
}

Tensor Tensor::to(std::optional<ScalarType> dtype, std::optional<Layout> layout, std::optional<Device> device, std::optional<bool> pin_memory,
                  bool non_blocking, bool copy, std::optional<MemoryFormat> format) const {
  return to(TensorOptions(dtype, layout, device, pin_memory), non_blocking, copy, format);
}

// ---- overwriting

namespace {

// A tensor that lies as self does, with one element everywhere.
Tensor filled_like(const Tensor& self, const Tensor& one) {
  const Tensor y = allocate_in_order_of(self, self.dtype());
  copy_elements(y, one);
  return y;
}

// Writes `value`, whose graph is complete but for the part that overwriting cuts off: `self` keeps its place in a
// graph, with a gradient of zero. A view's old values are taken care of by write_in_place.
template <class... A, class... F> Tensor& overwrite(Forward value, const With<A...>& attributes, const Tensor& self, Wrt<F>... wrt_value) {
  const char* const name = value.operation().name();
  Tensor y;
  if (self.is_view()) y = record(std::move(value), attributes, given(self), std::move(wrt_value)...);
  else y = record(std::move(value), attributes, wrt(self, [](const Tensor& gy) { return zeros_like(gy); }), std::move(wrt_value)...);
  return write_in_place(name, self, y);
}

Tensor as_element(const Operation& operation, const Tensor& value, ScalarType dtype) {
  if (!isFloatingType(dtype) && value.dtype() != dtype) check_fits(operation.name(), value.item(), dtype);
  return copy_of(value, dtype);
}

void fill_elements(const Operation& operation, const Tensor& self, const Tensor& element) {
  if (!self.is_contiguous()) {
    copy_elements(self, element);
  } else {
    dispatch_stored(self.dtype(), operation.name(), [&](auto zero) {
      using T = decltype(zero);
      launch(operation, kernels::fill_from<T>, reads(element), writes(self), self.data_ptr<T>(), self.numel(), element.data_ptr<T>());
    });
  }
  self.storage()->bump_version();
}

void check_fill_value(const Tensor& value) {
  XGRAD_CHECK(value.dim() == 0, "[fill_] only supports 0-dimension value tensor but got tensor with ", value.dim(), " dimensions");
}

}  // namespace

Tensor& Tensor::copy_(const Tensor& src, bool) const {
  const Operation& op = operation_recorded_as<"copy_", "torch::autograd::CopyBackwards">;
  Tensor& self = const_cast<Tensor&>(*this);
  XGRAD_CHECK(broadcasts_to(src.sizes(), sizes()), op, "output with shape ", sizes(), " doesn't match the broadcast shape ",
              broadcast_shapes(op.name(), sizes(), src.sizes()));
  if (is_same(src)) return self;
  if (may_write_directly(op.name(), *this, {&src})) {
    copy_elements(*this, src);
    storage()->bump_version();
    return self;
  }
  const ScalarType before = src.dtype();
  if (!is_floating_point()) return write_in_place(op.name(), *this, src.to(dtype()));
  Tensor value;
  {
    const StepsOfOne steps;
    const Tensor whole = src.expand(sizes());
    value = before == dtype() ? detail::alias(whole) : copy_of(whole, dtype());
  }
  return overwrite(Forward(op, std::move(value)), with(), *this, wrt(src, [before](const Tensor& gy) { return gy.to(before); }));
}

Tensor& Tensor::fill_(const Scalar& value) const {
  const Operation& op = operation<"fill_", 2>;
  const Tensor one = number_tensor(op, value, dtype());
  if (!may_write_directly(op.name(), *this)) return overwrite(Forward(op, repeated(one, sizes())), with("value", value), *this);
  fill_elements(op, *this, one);
  return const_cast<Tensor&>(*this);
}

Tensor& Tensor::fill_(const Tensor& value) const {
  const Operation& op = operation<"fill_", 3>;
  check_fill_value(value);
  const ScalarType before = value.dtype();
  const Tensor one = as_element(op, value, dtype());
  if (may_write_directly(op.name(), *this, {&value})) {
    fill_elements(op, *this, one);
    return const_cast<Tensor&>(*this);
  }
  if (!is_floating_point()) return write_in_place(op.name(), *this, value.to(dtype()));
  return overwrite(Forward(op, repeated(one, sizes())), with(), *this, wrt(value, [before](const Tensor& gy) { return gy.sum().to(before); }));
}

Tensor& Tensor::fill_diagonal_(const Scalar& fill_value, bool wrap) const {
  const Operation& op = operation<"fill_diagonal_">;
  XGRAD_CHECK(dim() >= 2, op, "dimensions must larger than 1, got ", dim());
  int64_t least = size(0), step = 0;
  for (int64_t axis = 0; axis < dim(); ++axis) {
    XGRAD_CHECK(dim() == 2 || size(axis) == size(0), op, "all dimensions of input must be of equal length, got ", sizes());
    least = std::min(least, size(axis));
    step += stride(axis);
  }
  const int64_t height = size(0), again = wrap && dim() == 2 ? size(1) + 1 : height + 1;
  for (int64_t row = 0; row < height; row += again) {
    const int64_t n = std::min(least, height - row);
    as_strided({n}, {n > 1 ? step : 1}, storage_offset() + row * stride(0)).fill_(fill_value);  // a size of 1 may have any stride
  }
  return const_cast<Tensor&>(*this);
}

Tensor& Tensor::zero_() const {
  if (is_sparse()) {
    clear_sparse(*this);
    return const_cast<Tensor&>(*this);
  }
  const Operation& op = operation<"zero_">;
  if (!may_write_directly(op.name(), *this)) return overwrite(Forward(op, repeated(number_tensor(op, 0, dtype()), sizes())), with(), *this);
  if (is_contiguous()) {
    clear_elements(*this);
    storage()->bump_version();
  } else {
    fill_elements(op, *this, number_tensor(op, 0, dtype()));
  }
  return const_cast<Tensor&>(*this);
}

Tensor fill(const Tensor& self, const Scalar& value) {
  const Operation& op = operation<"fill">;
  return record(Forward(op, filled_like(self, number_tensor(op, value, self.dtype()))), with("value", value),
                wrt(self, [](const Tensor& gy) { return zeros_like(gy); }));
}

Tensor fill(const Tensor& self, const Tensor& value) {
  check_fill_value(value);
  const ScalarType before = value.dtype();
  const Operation& op = operation<"fill", 1>;
  Forward y(op, filled_like(self, as_element(op, value, self.dtype())));
  if (!self.is_floating_point()) return not_differentiable(std::move(y), self, value);
  return record(std::move(y), wrt(self, [](const Tensor& gy) { return zeros_like(gy); }),
                wrt(value, [before](const Tensor& gy) { return gy.sum().to(before); }));
}

// ---- this tensor in another size

static void copy_bytes(void* to, const void* from, int64_t bytes) { std::memcpy(to, from, static_cast<size_t>(bytes)); }

const Tensor& Tensor::resize_(IntArrayRef size, std::optional<MemoryFormat> format) const {
  const Operation& op = operation<"resize_">;
  XGRAD_CHECK(!requires_grad(), op, "cannot resize variables that require grad");
  const Dims sizes = size;
  const Dims strides = strides_in_format("resize_", sizes, format.value_or(MemoryFormat::Contiguous));
  const int64_t n = checked_numel(op.name(), sizes);
  TensorImpl& t = impl();
  if (n > static_cast<int64_t>(t.storage.nbytes() / elementSize(t.dtype)) - t.offset()) {
    const Tensor block = allocate_tensor({n}, t.dtype);
    // All that was in the memory from the first element on, as growing it would keep.
    const int64_t bytes = static_cast<const char*>(t.storage.data()) + t.storage.nbytes() - t.data;
    using kernels::MemoryRange;
    launch(op, copy_bytes, reads(MemoryRange{t.data, bytes}), writes(MemoryRange{block.data_ptr(), bytes}), block.data_ptr(), t.data, bytes);
    t.set_storage(block.storage());
    t.data = static_cast<char*>(block.data_ptr());
    t.view_kind = ViewKind::None;
    t.base.reset();
  }
  t.sizes = sizes;
  t.strides = strides;
  t.numel = n;
  t.contiguous = xgrad::is_contiguous(sizes, strides);
  return *this;
}

const Tensor& Tensor::resize_as_(const Tensor& the_template, std::optional<MemoryFormat> format) const {
  return resize_(the_template.sizes(), format == MemoryFormat::Preserve ? the_template.suggest_memory_format() : format);
}

// ---- this tensor on other memory

namespace {

// As set_data, but nothing that a graph is recorded of.
void check_set(const Tensor& self, const Tensor* source = nullptr) {
  const Operation& op = operation<"set_">;
  XGRAD_CHECK(!self.requires_grad() || !GradMode::is_enabled(), op,
              "a leaf Variable that requires grad is being used in an in-place operation, or a tensor of a graph");
  if (!source) return;
  XGRAD_CHECK(!source->requires_grad() || !GradMode::is_enabled(), op, "the derivative for 'set_' is not implemented");
  XGRAD_CHECK_AS(TypeError, source->dtype() == self.dtype(), op, "source.dtype() == self.dtype(), got ", source->dtype(), " for ", self.dtype());
}

}  // namespace

Tensor& Tensor::set_(const Tensor& source) const {
  check_set(*this, &source);
  set_data(source);
  return const_cast<Tensor&>(*this);
}

Tensor& Tensor::set_(const Tensor& source, int64_t storage_offset, IntArrayRef size, IntArrayRef stride) const {
  check_set(*this, &source);
  return set_(source.storage(), storage_offset, size, stride);
}

Tensor& Tensor::set_(const Storage& source) const { return set_(source, 0, {static_cast<int64_t>(source.nbytes()) / element_size()}, {}); }

Tensor& Tensor::set_(const Storage& source, int64_t storage_offset, IntArrayRef size, IntArrayRef stride) const {
  const Operation& op = operation<"set_">;
  check_set(*this);
  XGRAD_CHECK(stride.empty() || stride.size() == size.size(), op, "mismatch in length of strides and shape, got ", stride, " and ", size);
  checked_numel(op.name(), size);
  XGRAD_CHECK(storage_offset >= 0, op, "Tensor: invalid storage offset ", storage_offset);
  // The whole memory, of which as_strided checks the part.
  const int64_t elements = static_cast<int64_t>(source.nbytes()) / element_size();
  const Tensor whole = tensor_on(source, dtype(), {elements}, {1}, 0);
  set_data(whole.as_strided(size, stride.empty() && !size.empty() ? contiguous_strides(size) : Dims(stride), storage_offset));
  return const_cast<Tensor&>(*this);
}

Tensor& Tensor::set_() const {
  check_set(*this);
  set_data(allocate_tensor({0}, dtype()));
  return const_cast<Tensor&>(*this);
}

bool Tensor::is_set_to(const Tensor& tensor) const {
  return is_alias_of(tensor) && data_ptr() == tensor.data_ptr() && sizes() == tensor.sizes() && strides() == tensor.strides();
}

}}  // namespace torch::xgrad

#else  // ---- samples

#include <xgrad/autograd/catalogue/catalogue.h>

namespace torch { inline namespace xgrad {

using catalogue::Inputs;

static const catalogue::Entry clone_entry("clone", [](catalogue::Samples& s) {
  s.add("x[0].clone()", {s.normal({2, 3})}, [](Inputs x) { return clone(x[0]); });
  s.add("x[0].t().contiguous()", {s.normal({2, 3})}, [](Inputs x) { return x[0].t().contiguous(); });
});

static const catalogue::Entry detach_entry("detach", [](catalogue::Samples& s) {
  s.flat("x[0].detach()", {s.normal({2})}, [](Inputs x) { return detach(x[0]); });
});

static const catalogue::Entry to_entry("to", [](catalogue::Samples& s) {
  s.at("x[0].to(torch.float32)", {s.normal({3})}, [](Inputs x) { return x[0].to(kFloat); });
  s.add("x[0].to(torch.float32).to(torch.float64)", {tensor({0.5, 2., -3.}, kDouble)}, [](Inputs x) { return x[0].to(kFloat).to(kDouble); }).smooth =
      false;
  s.flat("x[0].to(torch.int64)", {tensor({-2.7, 2.7, 0.}, kDouble)}, [](Inputs x) { return x[0].to(kLong); });
  s.flat("x[0].to(torch.int32)", {tensor({-2.7, 2.7, 1e6}, kDouble)}, [](Inputs x) { return x[0].to(kInt); });
  s.flat("x[0].to(torch.bool)", {tensor({0.f, -0.f, 0.3f, NAN}, kDouble)}, [](Inputs x) { return x[0].to(kBool); });
  s.flat("x[0].to(torch.uint8)", {tensor({-1, 256, 7})}, [](Inputs x) { return x[0].to(kByte); });
  s.rejects("another device", "cuda", [] { ones({1}).to(kCUDA); });
});

static const catalogue::Entry fill_entry("fill", [](catalogue::Samples& s) {
  s.add("torch.fill(x[0], 2.5)", {s.normal({2, 3})}, [](Inputs x) { return fill(x[0], 2.5); });
  s.add("torch.fill(x[0], x[1])", {s.normal({2, 3}), s.normal({})}, [](Inputs x) { return fill(x[0], x[1]); });
  s.add("(x[0] * 2).fill_(x[1]) * x[0]", {s.normal({2}), s.normal({})}, [](Inputs x) { return (x[0] * 2).fill_(x[1]) * x[0]; });
  s.add("(x[0] * 2).zero_() + x[0]", {s.normal({2})}, [](Inputs x) { return (x[0] * 2).zero_() + x[0]; });
  s.rejects("a value with axes", "only supports 0-dimension value tensor", [] { fill(ones({2}), ones({1})); });
  s.rejects("a number the dtype can't hold", "without overflow", [] { fill(ones({2}, kByte), 300); });
});

static const catalogue::Entry fill_diagonal_entry("fill_diagonal_", [](catalogue::Samples& s) {
  const auto fill = [](bool wrap) { return [wrap](Inputs x) { return (x[0] * 2).fill_diagonal_(1.5, wrap) * x[0]; }; };
  for (const std::vector<int64_t>& shape : std::vector<std::vector<int64_t> >{{3, 3}, {3, 5}, {9, 3}, {2, 2, 2}, {0, 0}, {4, 3}, {7, 1}})
    for (const bool wrap : {false, true})
      s.add("(x[0] * 2).fill_diagonal_(1.5, wrap=" + catalogue::text(wrap) + ") * x[0]", {s.normal(shape)}, fill(wrap));
  s.add("(x[0] * 2).t().fill_diagonal_(3)", {s.normal({2, 4})}, [](Inputs x) { return (x[0] * 2).t().fill_diagonal_(3); });
  s.flat("x[0].clone().fill_diagonal_(2.7)", {s.integers({2, 3}, 0, 9)}, [](Inputs x) { return x[0].clone().fill_diagonal_(2.7); });
  s.rejects("a vector", "dimensions must larger than 1", [] { ones({2}).fill_diagonal_(1); });
  s.rejects("unequal sizes", "all dimensions of input must be of equal length", [] { ones({2, 3, 2}).fill_diagonal_(1); });
  s.rejects("a number the dtype can't hold", "without overflow", [] { ones({2, 2}, kByte).fill_diagonal_(300); });
  s.rejects("a leaf", "leaf", [] { ones({2, 2}).requires_grad_().fill_diagonal_(1); });
});

static const catalogue::Entry to_dense_entry("to_dense", [](catalogue::Samples& s) {
  s.add("x[0].to_dense() * 2", {s.normal({2, 3})}, [](Inputs x) { return x[0].to_dense() * 2; });
  s.flat("x[0].to_dense(torch.float64)", {s.integers({3}, 0, 9)}, [](Inputs x) { return x[0].to_dense(kDouble); });
});

static const catalogue::Entry copy_entry("copy_", [](catalogue::Samples& s) {
  s.add("(x[0] * 2).copy_(x[1]) * x[0]", {s.normal({2, 3}), s.normal({3})}, [](Inputs x) { return (x[0] * 2).copy_(x[1]) * x[0]; });
  s.rejects("sizes that don't broadcast", "must match", [] { ones({2}).copy_(ones({3})); });
});

}}  // namespace torch::xgrad

#endif
