#include <xgrad/autograd/ops/creation/conversion.h>

#include <cmath>
#include <cstring>

#include <xgrad/autograd/core/scalar_conversion.h>
#include <xgrad/autograd/core/shape.h>
#include <xgrad/autograd/graph/in_place.h>
#include <xgrad/autograd/ops/ops.h>
#include <xgrad/autograd/tensor/allocate.h>
#include <xgrad/autograd/tensor/copy.h>
#include <xgrad/autograd/tensor/memory_order.h>

#ifndef XGRAD_SAMPLES

namespace torch { inline namespace xgrad {

// ---- copies

Tensor Tensor::clone(std::optional<MemoryFormat> format) const {
  const bool row_major = format.value_or(MemoryFormat::Preserve) == MemoryFormat::Contiguous;
  return record("CloneBackward0", Forward(row_major ? copy_of(*this, dtype()) : copy_in_order_of(*this, dtype())),
                wrt(*this, [](const Tensor& gy) { return gy; }));
}

Tensor Tensor::contiguous(MemoryFormat) const { return is_contiguous() ? *this : clone(MemoryFormat::Contiguous); }

// ---- conversions

Tensor Tensor::to(ScalarType dtype, bool, bool copy) const {
  const ScalarType before = this->dtype();
  if (dtype == before && !copy) return *this;
  Forward y(copy_in_order_of(*this, dtype));
  if (!isFloatingType(dtype)) return not_differentiable(std::move(y));
  return record("ToCopyBackward0", std::move(y), wrt(*this, [before](const Tensor& gy) { return gy.to(before); }));
}

Tensor Tensor::to(const TensorOptions& options, bool non_blocking, bool copy) const {
  check_device("to", options.device());
  XGRAD_CHECK(!options.requires_grad(), "[to] to(options) expects unset requires_grad flag, but got options.requires_grad set as true");
  return to(options.dtype_opt().value_or(dtype()), non_blocking, copy);
}

Tensor Tensor::to(Device device, ScalarType dtype, bool non_blocking, bool copy) const {
  check_device("to", device);
  return to(dtype, non_blocking, copy);
}

Tensor Tensor::to(const Tensor& other, bool non_blocking, bool copy) const { return to(other.dtype(), non_blocking, copy); }

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
template <class... F>
Tensor& overwrite(const char* operation, const char* name, const Tensor& self, Tensor value, Wrt<F>... wrt_value) {
  Tensor y;
  if (self.is_view()) y = record(name, Forward(std::move(value)), std::move(wrt_value)...);
  else y = record(name, Forward(std::move(value)), wrt(self, [](const Tensor& gy) { return zeros_like(gy); }), std::move(wrt_value)...);
  return write_in_place(operation, self, y);
}

// One element shown as `sizes`.
Tensor repeated(const Tensor& element, IntArrayRef sizes) {
  return tensor_on(element.storage(), element.dtype(), sizes, Dims(static_cast<int>(sizes.size()), 0), element.storage_offset());
}

Tensor element(const char* operation, const Scalar& value, ScalarType dtype) {
  Tensor t = allocate_tensor({}, dtype);
  dispatch_all(dtype, operation, [&](auto zero) { *t.data_ptr<decltype(zero)>() = element_of<decltype(zero)>(operation, value); });
  return t;
}

Tensor as_element(const char* operation, const Tensor& value, ScalarType dtype) {
  return isFloatingType(dtype) || value.dtype() == dtype ? copy_of(value, dtype) : element(operation, value.item(), dtype);
}

void fill_elements(const Tensor& self, const Tensor& element) {
  if (!self.is_contiguous()) {
    copy_elements(self, element);
  } else {
    dispatch_all(self.dtype(), "fill_", [&](auto zero) {
      using T = decltype(zero);
      std::fill_n(self.data_ptr<T>(), self.numel(), *element.data_ptr<T>());
    });
  }
  self.storage()->bump_version();
}

void check_fill_value(const Tensor& value) {
  XGRAD_CHECK(value.dim() == 0, "[fill_] only supports 0-dimension value tensor but got tensor with ", value.dim(), " dimensions");
}

}  // namespace

Tensor& Tensor::copy_(const Tensor& src, bool) const {
  Tensor& self = const_cast<Tensor&>(*this);
  XGRAD_CHECK(broadcasts_to(src.sizes(), sizes()), "[copy_] The size of tensor a ", sizes(), " must match the size of tensor b ", src.sizes(),
              " at non-singleton dimensions");
  if (is_same(src)) return self;
  if (may_write_directly("copy_", *this, {&src})) {
    copy_elements(*this, src);
    storage()->bump_version();
    return self;
  }
  const ScalarType before = src.dtype();
  if (!is_floating_point()) return write_in_place("copy_", *this, copy_of(src, dtype()));
  Tensor value;
  {
    NoGradGuard no_graph;
    const Tensor whole = src.expand(sizes());
    value = before == dtype() ? detail::alias(whole) : copy_of(whole, dtype());
  }
  return overwrite("copy_", "torch::autograd::CopyBackwards", *this, std::move(value),
                   wrt(src, [before](const Tensor& gy) { return gy.to(before); }));
}

Tensor& Tensor::fill_(const Scalar& value) const {
  const Tensor one = element("fill_", value, dtype());
  if (!may_write_directly("fill_", *this)) return overwrite("fill_", "FillBackward2", *this, repeated(one, sizes()));
  fill_elements(*this, one);
  return const_cast<Tensor&>(*this);
}

Tensor& Tensor::fill_(const Tensor& value) const {
  check_fill_value(value);
  const ScalarType before = value.dtype();
  const Tensor one = as_element("fill_", value, dtype());
  if (may_write_directly("fill_", *this, {&value})) {
    fill_elements(*this, one);
    return const_cast<Tensor&>(*this);
  }
  if (!is_floating_point()) return write_in_place("fill_", *this, one);
  return overwrite("fill_", "FillBackward3", *this, repeated(one, sizes()), wrt(value, [before](const Tensor& gy) { return gy.sum().to(before); }));
}

Tensor& Tensor::zero_() const {
  if (!may_write_directly("zero_", *this)) {
    return overwrite("zero_", "ZeroBackward0", *this, repeated(element("zero_", 0, dtype()), sizes()));
  }
  if (is_contiguous()) {
    std::memset(data_ptr(), 0, nbytes());
    storage()->bump_version();
  } else {
    fill_elements(*this, element("zero_", 0, dtype()));
  }
  return const_cast<Tensor&>(*this);
}

Tensor fill(const Tensor& self, const Scalar& value) {
  return record("FillBackward0", Forward(filled_like(self, element("fill", value, self.dtype()))), wrt(self, [](const Tensor& gy) { return zeros_like(gy); }));
}

Tensor fill(const Tensor& self, const Tensor& value) {
  check_fill_value(value);
  const ScalarType before = value.dtype();
  Forward y(filled_like(self, as_element("fill", value, self.dtype())));
  if (!self.is_floating_point()) return not_differentiable(std::move(y));
  return record("FillBackward1", std::move(y), wrt(self, [](const Tensor& gy) { return zeros_like(gy); }),
                wrt(value, [before](const Tensor& gy) { return gy.sum().to(before); }));
}

// ---- this tensor in another size

const Tensor& Tensor::resize_(IntArrayRef size) const {
  XGRAD_CHECK(!requires_grad(), "[resize_] cannot resize variables that require grad");
  const Dims sizes = size;
  const int64_t n = checked_numel("resize_", sizes);
  TensorImpl& t = impl();
  if (n > static_cast<int64_t>(t.storage.nbytes() / elementSize(t.dtype)) - t.offset()) {
    const Tensor block = allocate_tensor({n}, t.dtype);
    // All that was in the memory from the first element on, as growing it would keep.
    const char* end = static_cast<const char*>(t.storage.data()) + t.storage.nbytes();
    std::memcpy(block.data_ptr(), t.data, static_cast<size_t>(end - t.data));
    t.set_storage(block.storage());
    t.data = static_cast<char*>(block.data_ptr());
    t.view_kind = ViewKind::None;
    t.base.reset();
  }
  t.sizes = sizes;
  t.strides = contiguous_strides(sizes);
  t.numel = n;
  t.contiguous = true;
  return *this;
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
  s.add("x[0].to(torch.float32).to(torch.float64)", {tensor({0.5, 2., -3.}, kDouble)},
        [](Inputs x) { return x[0].to(kFloat).to(kDouble); }).smooth = false;
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

static const catalogue::Entry copy_entry("copy_", [](catalogue::Samples& s) {
  s.add("(x[0] * 2).copy_(x[1]) * x[0]", {s.normal({2, 3}), s.normal({3})}, [](Inputs x) { return (x[0] * 2).copy_(x[1]) * x[0]; });
  s.rejects("sizes that don't broadcast", "must match", [] { ones({2}).copy_(ones({3})); });
});

}}  // namespace torch::xgrad

#endif
