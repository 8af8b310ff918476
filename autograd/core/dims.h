// A short list of sizes, strides or axes.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <initializer_list>

#include <xgrad/autograd/core/array_ref.h>

namespace torch { inline namespace xgrad {

/// Up to 6 numbers inline, more on the heap.
class Dims {
 public:
  static constexpr int kInline = 6;

  Dims() {}
  Dims(IntArrayRef values) { assign(values); }
  Dims(std::initializer_list<int64_t> values) { assign(IntArrayRef(values)); }
  Dims(int n, int64_t value) {
    resize(n);
    std::fill(begin(), end(), value);
  }
  Dims(const Dims& other) { copy(other); }
  Dims(Dims&& other) noexcept { take(other); }
  Dims& operator=(const Dims& other) {
    if (this != &other) copy(other);
    return *this;
  }
  Dims& operator=(Dims&& other) noexcept {
    if (this != &other) {
      drop();
      take(other);
    }
    return *this;
  }
  ~Dims() { drop(); }

  int size() const { return size_; }
  bool empty() const { return size_ == 0; }
  int64_t* data() { return is_inline() ? inline_ : heap_; }
  const int64_t* data() const { return is_inline() ? inline_ : heap_; }
  int64_t* begin() { return data(); }
  int64_t* end() { return data() + size_; }
  const int64_t* begin() const { return data(); }
  const int64_t* end() const { return data() + size_; }
  int64_t& operator[](int i) { return data()[i]; }
  int64_t operator[](int i) const { return data()[i]; }
  int64_t back() const { return data()[size_ - 1]; }

  operator IntArrayRef() const { return IntArrayRef(data(), static_cast<size_t>(size_)); }
  std::vector<int64_t> vec() const { return std::vector<int64_t>(begin(), end()); }

  /// New elements are 0.
  void resize(int n) {
    if (n > capacity_) grow(n);
    if (n > size_) std::fill(data() + size_, data() + n, 0);
    size_ = n;
  }
  void assign(IntArrayRef values) {
    if (values.size() <= static_cast<size_t>(kInline) && is_inline()) {
      size_ = static_cast<int>(values.size());
      for (int i = 0; i < size_; ++i) inline_[i] = values[static_cast<size_t>(i)];
    } else {
      assign_large(values);
    }
  }
  void push_back(int64_t v) {
    resize(size_ + 1);
    data()[size_ - 1] = v;
  }
  void insert(int at, int64_t v) {
    push_back(v);
    std::rotate(begin() + at, end() - 1, end());
  }
  void erase(int at) {
    std::copy(begin() + at + 1, end(), begin() + at);
    --size_;
  }

  friend bool operator==(const Dims& a, const Dims& b) {
    if (a.size_ != b.size_) return false;
    const int64_t *p = a.data(), *q = b.data();
    for (int i = 0; i < a.size_; ++i)
      if (p[i] != q[i]) return false;
    return true;
  }
  friend bool operator!=(const Dims& a, const Dims& b) { return !(a == b); }

 private:
  XGRAD_API void assign_large(IntArrayRef values);
  XGRAD_API void grow(int n);
  bool is_inline() const { return capacity_ == kInline; }
  void copy(const Dims& other) {
    if (is_inline() && other.is_inline()) {
      size_ = other.size_;
      copy_inline(other);
    } else {
      assign_large(other);
    }
  }
  // All of them, used or not, which takes less than to count those in use.
  void copy_inline(const Dims& other) { std::memcpy(inline_, other.inline_, sizeof inline_); }
  void drop() {
    if (!is_inline()) delete[] heap_;
    capacity_ = kInline;
    size_ = 0;
  }
  void take(Dims& other) {
    size_ = other.size_;
    capacity_ = other.capacity_;
    if (is_inline()) copy_inline(other);
    else heap_ = other.heap_;
    other.capacity_ = kInline;
    other.size_ = 0;
  }

  int size_ = 0;
  int capacity_ = kInline;  // more than kInline iff the numbers are on the heap
  union {
    int64_t* heap_;
    int64_t inline_[kInline];
  };
};

inline void append(std::string& text, const Dims& values) { append(text, IntArrayRef(values)); }

}}  // namespace torch::xgrad
