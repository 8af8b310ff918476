#include <xgrad/autograd/ops/creation/tensor_literal.h>

#include <xgrad/autograd/core/named_operation.h>
#include <xgrad/autograd/core/shape.h>
#include <xgrad/autograd/ops/creation/creation.h>
#include <xgrad/autograd/tensor/allocate.h>
#include <xgrad/autograd/tensor/tensor_memory.h>

namespace torch { inline namespace xgrad {

namespace {

// What a C++ number type becomes in a tensor when no dtype is asked for.
ScalarType dtype_of_literal(ScalarType t) {
  if (t == kInt) return kLong;
  return t == kFloat || t == kDouble ? get_default_dtype() : t;
}

}  // namespace

namespace detail {

TensorLiteral::TensorLiteral(std::initializer_list<TensorLiteral> list)
    : kind_(Kind::List), dtype_(list.size() ? list.begin()->dtype_ : kFloat), list_(list) {
  sizes_.push_back(static_cast<int64_t>(list.size()));
  if (list.size() == 0) return;
  const TensorLiteral& first = *list.begin();
  for (const TensorLiteral& item : list) {
    XGRAD_CHECK(item.sizes_ == first.sizes_, "[tensor] Expected all sub-lists to have sizes: ", first.sizes_,
                ", but got sub-list with sizes: ", item.sizes_);
    XGRAD_CHECK(item.dtype_ == dtype_, "[tensor] Expected all elements of the tensor to have the same scalar type: ", dtype_,
                ", but got element of scalar type: ", item.dtype_);
  }
  for (int64_t size : first.sizes_) sizes_.push_back(size);
}

TensorLiteral::TensorLiteral(const std::vector<bool>& values)
    : kind_(Kind::Array), dtype_(kBool), sizes_{static_cast<int64_t>(values.size())}, booleans_(values.begin(), values.end()) {}

template <class T> T* TensorLiteral::write(T* out) const {
  if (kind_ == Kind::Number) {
    *out++ = number_.to<T>();
  } else if (kind_ == Kind::List) {
    for (const TensorLiteral& item : list_) out = item.write(out);
  } else if (dtype_ == kBool && !values_) {
    for (uint8_t b : booleans_) *out++ = static_cast<T>(b);
  } else {
    dispatch_stored(dtype_, "tensor", [&](auto zero) {
      using From = decltype(zero);
      const From* from = static_cast<const From*>(values_);
      for (int64_t i = 0; i < sizes_[0]; ++i) *out++ = Scalar(from[i]).to<T>();
    });
  }
  return out;
}

Tensor TensorLiteral::make(const TensorOptions& options) const {
  check_place("tensor", options);
  Tensor t = allocate_tensor(sizes_, options.has_dtype() ? options.dtype() : dtype_of_literal(dtype_));
  dispatch_stored(t.dtype(), "tensor", [&](auto zero) { write(t.data_ptr<decltype(zero)>()); });
  launch_as_written(operation<"tensor">, t);
  if (options.requires_grad()) t.set_requires_grad(true);
  return t;
}

}  // namespace detail

Tensor tensor(const detail::TensorLiteral& data, const TensorOptions& options) { return data.make(options); }

Tensor scalar_tensor(const Scalar& value, const TensorOptions& options) { return full({}, value, options.dtype(options.dtype())); }

// ---- foreign memory

Tensor from_blob(void* data, IntArrayRef sizes, const TensorOptions& options) { return from_blob(data, sizes, nullptr, options); }

Tensor from_blob(void* data, IntArrayRef sizes, IntArrayRef strides, const TensorOptions& options) {
  return from_blob(data, sizes, strides, nullptr, options);
}

Tensor from_blob(void* data, IntArrayRef sizes, const std::function<void(void*)>& deleter, const TensorOptions& options) {
  checked_numel("from_blob", sizes);
  return from_blob(data, sizes, contiguous_strides(sizes), deleter, options);
}

Tensor from_blob(void* data, IntArrayRef sizes, IntArrayRef strides, const std::function<void(void*)>& deleter, const TensorOptions& options) {
  check_place("from_blob", options);
  XGRAD_CHECK(sizes.size() == strides.size(), "[from_blob] mismatch in length of strides and shape, got ", strides, " and ", sizes);
  const ScalarType dtype = options.dtype();
  XGRAD_CHECK_AS(NotImplementedError, is_supported(dtype), "[from_blob] dtype ", dtype, " is not supported");
  XGRAD_CHECK_AS(TypeError, !options.requires_grad() || isFloatingType(dtype),
                 "[from_blob] only Tensors of floating point dtype can require gradients");
  const int64_t n = checked_numel("from_blob", sizes);
  XGRAD_CHECK(data || n == 0, "[from_blob] expected memory for sizes ", sizes, ", got a null pointer");
  int64_t elements = n == 0 ? 0 : 1;
  for (size_t a = 0; a < sizes.size(); ++a) {
    int64_t reach = 0;
    XGRAD_CHECK(strides[a] >= 0, "[from_blob] Negative strides are not supported at the moment, got strides: ", strides);
    if (n > 0)
      XGRAD_CHECK(!__builtin_mul_overflow(sizes[a] - 1, strides[a], &reach) && !__builtin_add_overflow(elements, reach, &elements) &&
                      elements < INT64_MAX / 8,
                  "[from_blob] strides ", strides, " overflow for sizes ", sizes);
  }
  const Storage storage = Storage::foreign(data, static_cast<size_t>(elements) * elementSize(dtype), deleter);
  Tensor t = tensor_on(storage, dtype, sizes, strides, 0);
  if (options.requires_grad()) t.set_requires_grad(true);
  return t;
}

}}  // namespace torch::xgrad
