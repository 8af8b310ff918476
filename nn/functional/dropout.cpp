#include <xgrad/nn/functional/dropout.h>

#include <xgrad/autograd/ops/random/random.h>
#include <xgrad/nn/functional/in_place.h>

namespace torch { inline namespace xgrad { namespace nn::functional {

Tensor dropout(Tensor input, const DropoutFuncOptions& options) {
  XGRAD_CHECK_AS(ValueError, options.p() >= 0 && options.p() <= 1, "[dropout] dropout probability has to be between 0 and 1, but got ",
                 options.p());
  if (!options.training()) return input;
  return maybe_in_place("dropout_", input, options.inplace(), [&](const Tensor& x) { return xgrad::dropout(x, options.p(), true); });
}

}}}  // namespace torch::xgrad::nn::functional
