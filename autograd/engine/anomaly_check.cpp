#include <xgrad/autograd/engine/anomaly_check.h>

#include <xgrad/autograd/graph/anomaly.h>
#include <xgrad/autograd/ops/pointwise/comparison.h>
#include <xgrad/autograd/ops/reduction/reduction.h>

namespace torch { inline namespace xgrad { namespace detail {

std::string describe_forward(const Node& node) {
  const std::string* note = node.forward_note();
  return note ? "; the forward operation was " + *note : "; it was recorded while anomaly mode was off";
}

void check_anomaly(const Node& node, const Tensor* gx, uint32_t n) {
  if (!AnomalyMode::should_check_nan()) return;
  NoGradGuard no_grad;
  for (uint32_t i = 0; i < n; ++i) {
    if (!gx[i].defined() || !gx[i].is_floating_point()) continue;
    const Tensor elements = gx[i].is_sparse() ? gx[i]._values() : gx[i];
    XGRAD_CHECK(!elements.isnan().any().item<bool>(), "[backward] Function '", node.name(), "' returned nan values in its ", i, "th output",
                describe_forward(node));
  }
}

}}}  // namespace torch::xgrad::detail
