// How many references there are to an object.
#pragma once

#include <atomic>
#include <cstdint>

#include <xgrad/autograd/core/namespace.h>

namespace torch { inline namespace xgrad {

/// Starts with one reference. Any number of threads may count at once.
/// Counting without atomic instructions while the process has one thread, as the C library knows, gained 2% of a small operation with its
/// derivative, and that only on one processor: where there are more, OpenBLAS starts its threads when it is loaded.
class RefCount {
 public:
  uint32_t value() const { return count_.load(std::memory_order_acquire); }

  void increment() { count_.fetch_add(1, std::memory_order_relaxed); }

  /// True iff that was the last reference.
  bool decrement() {
    // Nobody can take part in what only one holds, so the last one goes without an atomic decrement.
    return value() == 1 || decrement_revivable();
  }

  /// The same for an object that increment_if_alive() may be called on.
  bool decrement_revivable() { return count_.fetch_sub(1, std::memory_order_acq_rel) == 1; }

  /// Takes a reference unless the last one has gone. False if so.
  bool increment_if_alive() {
    uint32_t count = count_.load(std::memory_order_relaxed);
    while (count != 0)
      if (count_.compare_exchange_weak(count, count + 1, std::memory_order_acq_rel)) return true;
    return false;
  }

 private:
  std::atomic<uint32_t> count_{1};
};

}}  // namespace torch::xgrad
