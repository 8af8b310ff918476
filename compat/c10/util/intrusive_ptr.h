// Pointers to objects that count their references themselves: a program's classes that derive from intrusive_ptr_target.
#pragma once

#include <atomic>
#include <cstddef>
#include <functional>
#include <type_traits>
#include <utility>

#include <torch/namespaces.h>

namespace torch { inline namespace xgrad {

class intrusive_ptr_target {
 public:
  intrusive_ptr_target() = default;
  /// The count belongs to the object, not to its value.
  intrusive_ptr_target(const intrusive_ptr_target&) {}
  intrusive_ptr_target& operator=(const intrusive_ptr_target&) { return *this; }

 protected:
  virtual ~intrusive_ptr_target() = default;

 private:
  template <class> friend class intrusive_ptr;
  mutable std::atomic<size_t> references_{0};
};

template <class T> class intrusive_ptr {
 public:
  using element_type = T;
  intrusive_ptr() = default;
  intrusive_ptr(std::nullptr_t) {}
  intrusive_ptr(const intrusive_ptr& other) : target_(other.target_) { retain(); }
  intrusive_ptr(intrusive_ptr&& other) noexcept : target_(other.release()) {}
  template <class U, class = std::enable_if_t<std::is_convertible_v<U*, T*>>> intrusive_ptr(intrusive_ptr<U> other) : target_(other.release()) {}
  intrusive_ptr& operator=(intrusive_ptr other) noexcept {
    swap(other);
    return *this;
  }
  ~intrusive_ptr() { reset(); }
  template <class... Arguments> static intrusive_ptr make(Arguments&&... arguments) {
    return reclaim(new T(std::forward<Arguments>(arguments)...), 1);
  }
  /// Takes over the reference that release() gave away.
  static intrusive_ptr reclaim(T* target) { return reclaim(target, 0); }

  T* get() const noexcept { return target_; }
  T& operator*() const noexcept { return *target_; }
  T* operator->() const noexcept { return target_; }
  explicit operator bool() const noexcept { return target_ != nullptr; }
  bool defined() const noexcept { return target_ != nullptr; }
  size_t use_count() const noexcept { return target_ ? count().load(std::memory_order_acquire) : 0; }
  bool unique() const noexcept { return use_count() == 1; }
  void swap(intrusive_ptr& other) noexcept { std::swap(target_, other.target_); }
  T* release() noexcept { return std::exchange(target_, nullptr); }
  void reset() noexcept {
    if (target_ && count().fetch_sub(1, std::memory_order_acq_rel) == 1) delete static_cast<intrusive_ptr_target*>(target_);
    target_ = nullptr;
  }
  friend bool operator==(const intrusive_ptr& a, const intrusive_ptr& b) { return a.target_ == b.target_; }
  friend bool operator!=(const intrusive_ptr& a, const intrusive_ptr& b) { return a.target_ != b.target_; }
  friend bool operator<(const intrusive_ptr& a, const intrusive_ptr& b) { return std::less<T*>()(a.target_, b.target_); }

 private:
  static intrusive_ptr reclaim(T* target, size_t more) {
    intrusive_ptr p;
    p.target_ = target;
    if (target) p.count() += more;
    return p;
  }
  std::atomic<size_t>& count() const { return static_cast<const intrusive_ptr_target*>(target_)->references_; }
  void retain() {
    if (target_) count().fetch_add(1, std::memory_order_relaxed);
  }
  T* target_ = nullptr;
};

template <class T, class... Arguments> intrusive_ptr<T> make_intrusive(Arguments&&... arguments) {
  return intrusive_ptr<T>::make(std::forward<Arguments>(arguments)...);
}

}}  // namespace torch::xgrad

template <class T> struct std::hash<torch::xgrad::intrusive_ptr<T>> {
  size_t operator()(const torch::xgrad::intrusive_ptr<T>& p) const noexcept { return std::hash<T*>()(p.get()); }
};
