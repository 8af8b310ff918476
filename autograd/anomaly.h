// Anomaly mode: finds the operation whose derivative gives NaN.
#pragma once

#include <xgrad/autograd/node.h>

namespace xgrad {

/// While enabled (process-wide), every recorded operation remembers the shapes it was called with, and a sweep throws
/// at the first derivative that fails or gives NaN, naming that operation. Slow; for debugging.
struct XGRAD_API AnomalyMode {
  static bool is_enabled();
  static void set_enabled(bool enabled);
};

namespace autograd {
using AnomalyMode = ::xgrad::AnomalyMode;

/// Anomaly mode for a scope.
class XGRAD_API DetectAnomalyGuard {
 public:
  DetectAnomalyGuard();
  ~DetectAnomalyGuard();
  DetectAnomalyGuard(const DetectAnomalyGuard&) = delete;
  DetectAnomalyGuard& operator=(const DetectAnomalyGuard&) = delete;

 private:
  bool previous_;
};
}  // namespace autograd

namespace detail {
/// Throws when a gradient that `node` computed has a NaN.
void check_anomaly(const Node& node, const Tensor* gx, uint32_t n);
/// "the forward operation was ...", or nothing when it was not recorded in anomaly mode.
std::string describe_forward(const Node& node);
}  // namespace detail

}  // namespace xgrad
