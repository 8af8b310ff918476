// What a sweep does when it is done.
#pragma once

#include <functional>

#include <xgrad/autograd/core/export.h>

namespace torch { inline namespace xgrad { namespace autograd {

/// For hooks: `callback` is called once, on this thread, when the backward() or grad() that calls the hook has given out all its gradients; of
/// sweeps that run inside each other, the outermost. What it throws, backward() throws. A sweep that throws drops its callbacks without
/// calling them. Throws outside of a sweep. (PyTorch: Engine::queue_callback.)
XGRAD_API void queue_callback(std::function<void()> callback);

}}}  // namespace torch::xgrad::autograd
