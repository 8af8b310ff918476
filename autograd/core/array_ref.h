// Views of contiguous values for arguments: sizes, axes, lists of tensors.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <iosfwd>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <xgrad/autograd/core/error.h>

namespace torch { inline namespace xgrad {

/// A pointer and a length over values owned elsewhere; valid as long as they are. For parameters, not for members.
template <class T> class ArrayRef {
 public:
  using value_type = T;
  using iterator = const T*;
  using const_iterator = const T*;
  using reverse_iterator = std::reverse_iterator<iterator>;

  constexpr ArrayRef() = default;
  constexpr ArrayRef(const T& one) : data_(&one), size_(1) {}
  constexpr ArrayRef(const T* data, size_t size) : data_(data), size_(size) {}
  constexpr ArrayRef(const T* first, const T* last) : data_(first), size_(static_cast<size_t>(last - first)) {}
  template <class A> ArrayRef(const std::vector<T, A>& v) : data_(v.data()), size_(v.size()) {}
  template <size_t N> constexpr ArrayRef(const std::array<T, N>& a) : data_(a.data()), size_(N) {}
  template <size_t N> constexpr ArrayRef(const T (&a)[N]) : data_(a), size_(N) {}
#pragma GCC diagnostic push
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic ignored "-Winit-list-lifetime"
#endif
  constexpr ArrayRef(const std::initializer_list<T>& l) : data_(l.begin() == l.end() ? nullptr : l.begin()), size_(l.size()) {}
#pragma GCC diagnostic pop

  constexpr const T* begin() const { return data_; }
  constexpr const T* end() const { return data_ + size_; }
  constexpr reverse_iterator rbegin() const { return reverse_iterator(end()); }
  constexpr reverse_iterator rend() const { return reverse_iterator(begin()); }
  constexpr bool empty() const { return size_ == 0; }
  constexpr const T* data() const { return data_; }
  constexpr size_t size() const { return size_; }
  constexpr const T& operator[](size_t i) const { return data_[i]; }
  const T& at(size_t i) const {
    XGRAD_CHECK_AS(IndexError, i < size_, "[ArrayRef] index ", i, " is out of range for ", size_, " elements");
    return data_[i];
  }
  const T& front() const { return at(0); }
  const T& back() const { return at(size_ - 1); }
  constexpr ArrayRef slice(size_t start, size_t n) const { return ArrayRef(data_ + start, n); }
  constexpr ArrayRef slice(size_t start) const { return ArrayRef(data_ + start, size_ - start); }
  std::vector<T> vec() const { return std::vector<T>(begin(), end()); }
  operator std::vector<T>() const { return vec(); }
  constexpr bool equals(ArrayRef other) const {
    if (size_ != other.size_) return false;
    for (size_t i = 0; i < size_; ++i)
      if (!(data_[i] == other.data_[i])) return false;
    return true;
  }

 private:
  const T* data_ = nullptr;
  size_t size_ = 0;
};

template <class T> constexpr bool operator==(ArrayRef<T> a, ArrayRef<T> b) { return a.equals(b); }
template <class T> constexpr bool operator!=(ArrayRef<T> a, ArrayRef<T> b) { return !a.equals(b); }
template <class T> bool operator==(const std::vector<T>& a, ArrayRef<T> b) { return ArrayRef<T>(a).equals(b); }
template <class T> bool operator==(ArrayRef<T> a, const std::vector<T>& b) { return a.equals(ArrayRef<T>(b)); }
template <class T> bool operator!=(const std::vector<T>& a, ArrayRef<T> b) { return !ArrayRef<T>(a).equals(b); }
template <class T> bool operator!=(ArrayRef<T> a, const std::vector<T>& b) { return !a.equals(ArrayRef<T>(b)); }

template <class T> ArrayRef<T> makeArrayRef(const T& one) { return one; }
template <class T> ArrayRef<T> makeArrayRef(const T* data, size_t size) { return {data, size}; }
template <class T> ArrayRef<T> makeArrayRef(const std::vector<T>& values) { return values; }
template <class T, size_t N> ArrayRef<T> makeArrayRef(const std::array<T, N>& values) { return values; }
template <class T> ArrayRef<T> makeArrayRef(ArrayRef<T> values) { return values; }

using IntArrayRef = ArrayRef<int64_t>;

/// Sizes written as "[2, 3]".
XGRAD_API std::ostream& operator<<(std::ostream& stream, IntArrayRef values);
XGRAD_API void append(std::string& text, IntArrayRef values);
/// The same as a string.
XGRAD_API std::string str(IntArrayRef values);

/// Axes that may be left out; one number stands for one axis.
class OptionalIntArrayRef {
 public:
  OptionalIntArrayRef() = default;
  OptionalIntArrayRef(std::nullopt_t) {}
  OptionalIntArrayRef(IntArrayRef values) : values_(values), set_(true) {}
  OptionalIntArrayRef(const std::vector<int64_t>& values) : values_(values), set_(true) {}
#pragma GCC diagnostic push
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic ignored "-Winit-list-lifetime"
#endif
  OptionalIntArrayRef(std::initializer_list<int64_t> values) : values_(values), set_(true) {}
#pragma GCC diagnostic pop
  OptionalIntArrayRef(int64_t one) : one_(one), single_(true), set_(true) {}
  OptionalIntArrayRef(const OptionalIntArrayRef&) = default;
  OptionalIntArrayRef& operator=(const OptionalIntArrayRef&) = default;

  bool has_value() const { return set_; }
  explicit operator bool() const { return set_; }
  IntArrayRef value() const { return single_ ? IntArrayRef(&one_, 1) : values_; }
  IntArrayRef operator*() const { return value(); }

 private:
  IntArrayRef values_;
  int64_t one_ = 0;
  bool single_ = false;
  bool set_ = false;
};

}}  // namespace torch::xgrad
