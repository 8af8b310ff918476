// A value of any type, as modules of unknown type pass them on.
#pragma once

#include <any>
#include <type_traits>
#include <utility>

#include <xgrad/autograd/core/error.h>
#include <xgrad/autograd/core/type_name.h>

namespace torch { inline namespace xgrad { namespace nn {

/// Holds a value of a decayed type. A Tensor is held without allocating.
class AnyValue {
 public:
  template <class T, class = std::enable_if_t<!std::is_same_v<std::decay_t<T>, AnyValue>>>
  explicit AnyValue(T&& value) : value_(std::forward<T>(value)) {}

  /// The value if it is exactly a T, else null.
  template <class T> T* try_get() {
    static_assert(std::is_same_v<T, std::decay_t<T>>, "AnyValue stores decayed types, you cannot cast it to a reference or array type");
    return std::any_cast<T>(&value_);
  }
  /// A copy of the value; throws TypeError unless it is exactly a T.
  template <class T> T get() {
    if (T* value = try_get<T>()) return *value;
    detail::raise<TypeError>("[AnyValue] Attempted to cast AnyValue to ", type_name(typeid(T)), ", but its actual type is ", type_name(type_info()));
  }
  const std::type_info& type_info() const noexcept { return value_.type(); }

 private:
  std::any value_;
};

}}}  // namespace torch::xgrad::nn
