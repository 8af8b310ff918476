#include <xgrad/autograd/core/grad_mode.h>

namespace torch { inline namespace xgrad { namespace detail {

__thread int8_t operation_mode = kRecords;
__thread bool inference_mode_enabled = false;

}}}  // namespace torch::xgrad::detail
