// A pointer to an object that counts its own references.
#pragma once

#include <memory>
#include <utility>

#include <xgrad/autograd/core/namespace.h>

namespace torch { inline namespace xgrad {

/// T provides retain(T*) and release(T*), found beside it; release destroys the object with the last reference.
template <class T> class IntrusivePtr {
 public:
  IntrusivePtr() = default;
  IntrusivePtr(std::nullptr_t) {}
  /// Takes part in ownership.
  explicit IntrusivePtr(T* p) : p_(p) {
    if (p_) retain(p_);
  }
  IntrusivePtr(const IntrusivePtr& other) : p_(other.p_) {
    if (p_) retain(p_);
  }
  IntrusivePtr(IntrusivePtr&& other) noexcept : p_(std::exchange(other.p_, nullptr)) {}
  template <class U> IntrusivePtr(IntrusivePtr<U>&& other) noexcept : p_(other.leak()) {}
  IntrusivePtr& operator=(const IntrusivePtr& other) {
    IntrusivePtr(other).swap(*this);
    return *this;
  }
  IntrusivePtr& operator=(IntrusivePtr&& other) noexcept {
    IntrusivePtr(std::move(other)).swap(*this);
    return *this;
  }
  ~IntrusivePtr() {
    if (p_) release(p_);
  }

  /// Takes over the reference that a new object is born with.
  static IntrusivePtr adopt(T* p) {
    IntrusivePtr r;
    r.p_ = p;
    return r;
  }
  /// Gives up the reference without dropping it.
  T* leak() { return std::exchange(p_, nullptr); }
  void reset() { IntrusivePtr().swap(*this); }
  void swap(IntrusivePtr& other) noexcept { std::swap(p_, other.p_); }

  T* get() const { return p_; }
  T& operator*() const { return *p_; }
  T* operator->() const { return p_; }
  explicit operator bool() const { return p_ != nullptr; }
  /// Shares the ownership with pointers of the standard library.
  operator std::shared_ptr<T>() const {
    return p_ ? std::shared_ptr<T>(p_, [keep = *this](T*) {}) : nullptr;
  }
  friend bool operator==(const IntrusivePtr& a, const IntrusivePtr& b) { return a.p_ == b.p_; }
  friend bool operator!=(const IntrusivePtr& a, const IntrusivePtr& b) { return a.p_ != b.p_; }

 private:
  T* p_ = nullptr;
};

}}  // namespace torch::xgrad
