// Tensors from values written in the program, and on memory that belongs to somebody else.
#pragma once

#include <functional>
#include <initializer_list>
#include <vector>

#include <xgrad/autograd/tensor/tensor.h>

namespace torch { inline namespace xgrad {

namespace detail {

/// What torch::tensor takes: a number, a list of numbers, or nested braces. It refers to the values and lives no longer
/// than the call that it is an argument of.
class XGRAD_API TensorLiteral {
 public:
  template <class T, std::enable_if_t<std::is_arithmetic_v<T> || is_narrow_float<T>, int> = 0>
  TensorLiteral(T value) : kind_(Kind::Number), dtype_(CppTypeToScalarType<T>::value), number_(value) {}
  TensorLiteral(std::initializer_list<TensorLiteral> list);
  template <class T>
  TensorLiteral(ArrayRef<T> values)
      : kind_(Kind::Array), dtype_(CppTypeToScalarType<T>::value), sizes_{static_cast<int64_t>(values.size())}, values_(values.data()) {}
  template <class T> TensorLiteral(const std::vector<T>& values) : TensorLiteral(ArrayRef<T>(values)) {}
  TensorLiteral(const std::vector<bool>& values);

  Tensor make(const TensorOptions& options) const;

 private:
  enum class Kind : uint8_t { Number, List, Array };
  // Writes the numbers one after the other to `out` and returns where the next one goes.
  template <class T> T* write(T* out) const;

  Kind kind_;
  ScalarType dtype_;
  Dims sizes_;
  Scalar number_;
  std::initializer_list<TensorLiteral> list_;
  const void* values_ = nullptr;
  std::vector<uint8_t> booleans_;
};

}  // namespace detail

/// A tensor of the values written: tensor(1.5) has no axes, tensor({1, 2}) one, tensor({{1., 2.}, {3., 4.}}) two; a
/// std::vector or an ArrayRef gives one axis. int and int64_t make int64, float and double the default dtype, other types
/// their own, unless options state a dtype. Throws when nested lists differ in size or kinds of numbers are mixed.
XGRAD_API Tensor tensor(const detail::TensorLiteral& data, const TensorOptions& options = {});

/// A tensor without axes.
XGRAD_API Tensor scalar_tensor(const Scalar& value, const TensorOptions& options = {});

/// A tensor on memory that stays the caller's: nothing is copied, edits are seen both ways. The memory must live as
/// long as any tensor on it; `deleter` is called with `data` when the last one is gone, and not when this throws.
/// Row-major unless strides (in elements, not negative) are given. Throws for null unless there are no elements.
XGRAD_API Tensor from_blob(void* data, IntArrayRef sizes, const TensorOptions& options = {});
XGRAD_API Tensor from_blob(void* data, IntArrayRef sizes, IntArrayRef strides, const TensorOptions& options = {});
XGRAD_API Tensor from_blob(void* data, IntArrayRef sizes, const std::function<void(void*)>& deleter, const TensorOptions& options = {});
XGRAD_API Tensor from_blob(void* data, IntArrayRef sizes, IntArrayRef strides, const std::function<void(void*)>& deleter,
                           const TensorOptions& options = {});

}}  // namespace torch::xgrad
