#include <xgrad/autograd/core/grad_mode.h>

namespace torch { inline namespace xgrad { namespace detail {

__thread bool grad_mode_enabled = true;
__thread bool inference_mode_enabled = false;

}}}  // namespace torch::xgrad::detail
