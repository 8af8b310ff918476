// A value that is only reached under its lock.
#pragma once

#include <mutex>
#include <utility>

#include <torch/namespaces.h>

namespace torch { inline namespace xgrad {

template <class T> class Synchronized {
 public:
  Synchronized() = default;
  Synchronized(const T& value) : value_(value) {}
  Synchronized(T&& value) : value_(std::move(value)) {}
  Synchronized(const Synchronized&) = delete;
  Synchronized& operator=(const Synchronized&) = delete;

  /// What f(value) gives, called with the lock held.
  template <class F> auto withLock(F&& f) {
    std::lock_guard<std::mutex> lock(mutex_);
    return f(value_);
  }
  template <class F> auto withLock(F&& f) const {
    std::lock_guard<std::mutex> lock(mutex_);
    return f(value_);
  }

 private:
  mutable std::mutex mutex_;
  T value_{};
};

}}  // namespace torch::xgrad
