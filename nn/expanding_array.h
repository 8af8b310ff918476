// Sizes along D axes, of which one number stands for all.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <ostream>
#include <vector>

#include <xgrad/autograd/core/array_ref.h>

namespace torch { inline namespace xgrad {

/// Throws when it is given another number of values than D, or one.
template <size_t D, class T = int64_t> class ExpandingArray {
 public:
  ExpandingArray(std::initializer_list<T> values) : ExpandingArray(ArrayRef<T>(values)) {}
  ExpandingArray(const std::vector<T>& values) : ExpandingArray(ArrayRef<T>(values)) {}
  ExpandingArray(ArrayRef<T> values) {
    XGRAD_CHECK(values.size() == D, "[ExpandingArray] Expected ", D, " values, but instead got ", values.size());
    std::copy(values.begin(), values.end(), values_.begin());
  }
  ExpandingArray(T one) { values_.fill(one); }
  ExpandingArray(const std::array<T, D>& values) : values_(values) {}

  std::array<T, D>& operator*() { return values_; }
  const std::array<T, D>& operator*() const { return values_; }
  std::array<T, D>* operator->() { return &values_; }
  const std::array<T, D>* operator->() const { return &values_; }
  operator ArrayRef<T>() const { return values_; }
  size_t size() const noexcept { return D; }

 protected:
  std::array<T, D> values_;
};

/// The same of values that may be left out.
template <size_t D, class T = int64_t> class ExpandingArrayWithOptionalElem : public ExpandingArray<D, std::optional<T>> {
 public:
  using ExpandingArray<D, std::optional<T>>::ExpandingArray;
  ExpandingArrayWithOptionalElem(std::initializer_list<T> values) : ExpandingArrayWithOptionalElem(ArrayRef<T>(values)) {}
  ExpandingArrayWithOptionalElem(const std::vector<T>& values) : ExpandingArrayWithOptionalElem(ArrayRef<T>(values)) {}
  ExpandingArrayWithOptionalElem(ArrayRef<T> values)
      : ExpandingArray<D, std::optional<T>>(std::vector<std::optional<T>>(values.begin(), values.end())) {}
  ExpandingArrayWithOptionalElem(const std::array<T, D>& values) : ExpandingArrayWithOptionalElem(ArrayRef<T>(values)) {}
  ExpandingArrayWithOptionalElem(T one) : ExpandingArray<D, std::optional<T>>(std::optional<T>(one)) {}
};

namespace detail {

template <class T> std::ostream& write_size(std::ostream& stream, const T& size) { return stream << size; }
template <class T> std::ostream& write_size(std::ostream& stream, const std::optional<T>& size) { return size ? stream << *size : stream << "None"; }

}  // namespace detail

template <size_t D, class T> bool operator==(const ExpandingArray<D, T>& a, const ExpandingArray<D, T>& b) { return *a == *b; }
template <size_t D, class T> bool operator!=(const ExpandingArray<D, T>& a, const ExpandingArray<D, T>& b) { return !(a == b); }

/// "3" for one axis, "[3, 3]" for more.
template <size_t D, class T> std::ostream& operator<<(std::ostream& stream, const ExpandingArray<D, T>& array) {
  if (D == 1) return detail::write_size(stream, array->at(0));
  const char* between = "[";
  for (const T& size : *array) {
    detail::write_size(stream << between, size);
    between = ", ";
  }
  return stream << "]";
}

}}  // namespace torch::xgrad
