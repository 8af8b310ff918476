#include <xgrad/nn/layers/dropout.h>

#include <xgrad/nn/functional/dropout.h>
#include <xgrad/nn/layers/print_layer.h>

namespace torch { inline namespace xgrad { namespace nn {

DropoutImpl::DropoutImpl(double p) : DropoutImpl(DropoutOptions(p)) {}
DropoutImpl::DropoutImpl(const DropoutOptions& options_) : options(options_) { reset(); }

void DropoutImpl::reset() {
  XGRAD_CHECK_AS(ValueError, options.p() >= 0 && options.p() <= 1, "[Dropout] dropout probability has to be between 0 and 1, but got ",
                 options.p());
}

void DropoutImpl::pretty_print(std::ostream& stream) const {
  print_layer(stream, "Dropout", {{"p", options.p()}, {"inplace", options.inplace()}});
}

Tensor DropoutImpl::forward(Tensor input) {
  return functional::dropout(std::move(input), functional::DropoutFuncOptions().p(options.p()).training(is_training()).inplace(options.inplace()));
}

}}}  // namespace torch::xgrad::nn
