// How many references there are to an object.
#pragma once

#include <atomic>
#include <cstdint>

#if __has_include(<sys/single_threaded.h>)
#include <sys/single_threaded.h>
#endif

#include <xgrad/autograd/namespace.h>

namespace torch { inline namespace xgrad {

/// Starts with one reference. Any number of threads may count at once; while the process has one, as the C library knows, counting takes no
/// atomic instructions, which would be a tenth of what a small operation takes with its derivative.
class RefCount {
 public:
  uint32_t value() const { return count_.load(std::memory_order_acquire); }

  void increment() {
    if (is_single_threaded()) count_.store(count_.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
    else count_.fetch_add(1, std::memory_order_relaxed);
  }

  /// True iff that was the last reference.
  bool decrement() {
    // Nobody can take part in what only one holds, so the last one goes without an atomic decrement.
    return value() == 1 || decrement_revivable();
  }

  /// The same for an object that increment_if_alive() may be called on.
  bool decrement_revivable() {
    if (!is_single_threaded()) return count_.fetch_sub(1, std::memory_order_acq_rel) == 1;
    const uint32_t left = count_.load(std::memory_order_relaxed) - 1;
    count_.store(left, std::memory_order_relaxed);
    return left == 0;
  }

  /// Takes a reference unless the last one has gone. False if so.
  bool increment_if_alive() {
    uint32_t count = count_.load(std::memory_order_relaxed);
    while (count != 0)
      if (count_.compare_exchange_weak(count, count + 1, std::memory_order_acq_rel)) return true;
    return false;
  }

 private:
  static bool is_single_threaded() {
#if __has_include(<sys/single_threaded.h>)
    return __libc_single_threaded;
#else
    return false;
#endif
  }

  std::atomic<uint32_t> count_{1};
};

}}  // namespace torch::xgrad
