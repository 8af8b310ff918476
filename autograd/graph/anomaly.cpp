#include <xgrad/autograd/graph/anomaly.h>

namespace torch { inline namespace xgrad {

std::atomic<bool> detail::anomaly_enabled{false};
static std::atomic<bool> nan_checked{true};

bool AnomalyMode::should_check_nan() { return nan_checked.load(std::memory_order_relaxed); }
void AnomalyMode::set_enabled(bool enabled, bool check_nan) {
  detail::anomaly_enabled.store(enabled, std::memory_order_relaxed);
  nan_checked.store(check_nan, std::memory_order_relaxed);
}

namespace autograd {
DetectAnomalyGuard::DetectAnomalyGuard(bool check_nan)
    : enabled_before_(AnomalyMode::is_enabled()), check_nan_before_(AnomalyMode::should_check_nan()) {
  AnomalyMode::set_enabled(true, check_nan);
}
DetectAnomalyGuard::~DetectAnomalyGuard() { AnomalyMode::set_enabled(enabled_before_, check_nan_before_); }
}  // namespace autograd

}}  // namespace torch::xgrad
