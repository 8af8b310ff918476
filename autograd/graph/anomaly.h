// Anomaly mode: finds the operation whose derivative gives NaN.
#pragma once

#include <atomic>

#include <xgrad/autograd/core/export.h>

namespace torch { inline namespace xgrad {

namespace detail {
extern XGRAD_API std::atomic<bool> anomaly_enabled;
}

/// While enabled (process-wide), every recorded operation remembers the shapes it was called with, and a sweep throws
/// at the first derivative that fails or (unless check_nan is false) gives NaN, naming that operation. Slow; for debugging.
struct XGRAD_API AnomalyMode {
  static bool is_enabled() { return detail::anomaly_enabled.load(std::memory_order_relaxed); }
  static bool should_check_nan();
  static void set_enabled(bool enabled, bool check_nan = true);
};

namespace autograd {
using AnomalyMode = ::xgrad::AnomalyMode;

/// Anomaly mode for a scope.
class XGRAD_API DetectAnomalyGuard {
 public:
  explicit DetectAnomalyGuard(bool check_nan = true);
  ~DetectAnomalyGuard();
  DetectAnomalyGuard(const DetectAnomalyGuard&) = delete;
  DetectAnomalyGuard& operator=(const DetectAnomalyGuard&) = delete;

 private:
  bool enabled_before_, check_nan_before_;
};
}  // namespace autograd

}}  // namespace torch::xgrad
