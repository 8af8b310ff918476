#include <xgrad/autograd/kernels/launch.h>

namespace torch { inline namespace xgrad { namespace kernels {

namespace detail {
__thread LaunchObserver* launch_observer = nullptr;
}

Observe::Observe(LaunchObserver& observer) : before_(detail::launch_observer) { detail::launch_observer = &observer; }
Observe::~Observe() { detail::launch_observer = before_; }

}}}  // namespace torch::xgrad::kernels
