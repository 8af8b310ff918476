#include <xgrad/inspect/logging/scalar_log.h>

namespace torch { inline namespace xgrad { namespace inspect {

ScalarLog::~ScalarLog() = default;

}}}  // namespace torch::xgrad::inspect
