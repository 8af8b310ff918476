// The gradient of an interior tensor that asked for it.
#pragma once

#include <mutex>

#include <xgrad/autograd/graph/node.h>

namespace torch { inline namespace xgrad {

/// Stands among the hooks of the node that made the tensor, and knows the tensor as long as it lives and no in-place edit
/// gave it another place in the graph. detach_() leaves it: a sweep through the old graph still fills grad(), as in libtorch.
class RetainedGrad {
 public:
  explicit RetainedGrad(TensorImpl* tensor) : tensor_(tensor) {}
  /// Adds `g` to the tensor's grad().
  void keep(const Tensor& g);
  /// From now on keep() does nothing.
  void forget_tensor();

 private:
  std::mutex mutex_;
  TensorImpl* tensor_;
};

/// Has sweeps put the gradient of `t`, where it stands in the graph now, into its grad(); elsewhere no more.
void retain_gradient(TensorImpl& t);
/// Ends that; called for every dying tensor that has retains_grad.
void stop_retaining(TensorImpl& t);

}}  // namespace torch::xgrad
