#include <xgrad/nn/enum.h>

namespace torch { inline namespace xgrad { namespace enumtype {

Reduction::Reduction reduction_get_enum(const reduction_t& value) {
  if (std::holds_alternative<kNone>(value)) return Reduction::None;
  return std::holds_alternative<kMean>(value) ? Reduction::Mean : Reduction::Sum;
}

}}}  // namespace torch::xgrad::enumtype
