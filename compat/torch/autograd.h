#pragma once

#include <torch/types.h>
#include <xgrad/autograd/engine/engine.h>
#include <xgrad/autograd/engine/function.h>
#include <xgrad/autograd/engine/gradcheck.h>
#include <xgrad/autograd/graph/anomaly.h>

namespace torch { inline namespace xgrad { namespace autograd {

using xgrad::AutoGradMode;
using xgrad::GradMode;
using xgrad::InferenceMode;
using edge_list = std::vector<Edge>;

/// A leaf with the elements of `data`, which may be undefined; every tensor is a variable anyway.
inline Variable make_variable(const Tensor& data, bool requires_grad = false, [[maybe_unused]] bool allow_tensor_metadata_change = true) {
  return data.defined() ? data.detach().set_requires_grad(requires_grad) : Variable();
}

/// Forward mode is not here: whoever uses it gets one sentence from the compiler.
namespace forward_ad {
#define XGRAD_NO_FORWARD_MODE(never)                                                                                                  \
  static_assert(never,                                                                                                                \
                "xgrad has no forward-mode derivatives: a Jacobian-vector product is two sweeps of torch::autograd::grad, the first " \
                "with create_graph and a vector that requires gradients")
template <bool never = false> uint64_t enter_dual_level() {
  XGRAD_NO_FORWARD_MODE(never);
  throw never;
}
template <bool never = false> void exit_dual_level(uint64_t) { XGRAD_NO_FORWARD_MODE(never); }
#undef XGRAD_NO_FORWARD_MODE
}  // namespace forward_ad

}}}  // namespace torch::xgrad::autograd
