#include <xgrad/distributed/transport.h>

namespace torch { inline namespace xgrad { namespace distributed {

Transport::~Transport() = default;

}}}  // namespace torch::xgrad::distributed
