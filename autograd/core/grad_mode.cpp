#include <xgrad/autograd/core/grad_mode.h>

namespace torch { inline namespace xgrad { namespace detail {

__thread bool grad_mode_enabled = true;

}}}  // namespace torch::xgrad::detail
