#include <xgrad/autograd/anomaly.h>

#include <atomic>

#include <xgrad/autograd/ops/comparison.h>
#include <xgrad/autograd/ops/reduction.h>

namespace torch { inline namespace xgrad {

namespace {
std::atomic<bool> anomaly_enabled{false};
std::atomic<bool> nan_checked{true};
}  // namespace

bool AnomalyMode::is_enabled() { return anomaly_enabled.load(std::memory_order_relaxed); }
bool AnomalyMode::should_check_nan() { return nan_checked.load(std::memory_order_relaxed); }
void AnomalyMode::set_enabled(bool enabled, bool check_nan) {
  anomaly_enabled.store(enabled, std::memory_order_relaxed);
  nan_checked.store(check_nan, std::memory_order_relaxed);
}

namespace autograd {
DetectAnomalyGuard::DetectAnomalyGuard(bool check_nan)
    : enabled_before_(AnomalyMode::is_enabled()), check_nan_before_(AnomalyMode::should_check_nan()) {
  AnomalyMode::set_enabled(true, check_nan);
}
DetectAnomalyGuard::~DetectAnomalyGuard() { AnomalyMode::set_enabled(enabled_before_, check_nan_before_); }
}  // namespace autograd

namespace detail {

std::string describe_forward(const Node& node) {
  const std::string* note = node.forward_note();
  return note ? "; the forward operation was " + *note : "; it was recorded while anomaly mode was off";
}

void check_anomaly(const Node& node, const Tensor* gx, uint32_t n) {
  if (!AnomalyMode::should_check_nan()) return;
  NoGradGuard no_grad;
  for (uint32_t i = 0; i < n; ++i) {
    if (!gx[i].defined() || !gx[i].is_floating_point()) continue;
    XGRAD_CHECK(!gx[i].isnan().any().item<bool>(), "[backward] Function '", node.name(), "' returned nan values in its ", i,
                "th output", describe_forward(node));
  }
}

}  // namespace detail
}}  // namespace torch::xgrad
