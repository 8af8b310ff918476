#include <xgrad/nn/layers/dropout.h>

#include <xgrad/autograd/ops/random/random.h>
#include <xgrad/nn/layers/in_place.h>
#include <xgrad/nn/layers/print_layer.h>

namespace torch { inline namespace xgrad { namespace nn {

namespace {

void check_probability(const char* name, double p) {
  XGRAD_CHECK_AS(ValueError, p >= 0 && p <= 1, "[", name, "] dropout probability has to be between 0 and 1, but got ", p);
}

}  // namespace

Tensor functional::dropout(Tensor input, const DropoutFuncOptions& options) {
  check_probability("dropout", options.p());
  if (!options.training()) return input;
  return maybe_in_place("dropout_", input, options.inplace(), [&](const Tensor& x) { return xgrad::dropout(x, options.p(), true); });
}

DropoutImpl::DropoutImpl(double p) : DropoutImpl(DropoutOptions(p)) {}
DropoutImpl::DropoutImpl(const DropoutOptions& options_) : options(options_) { reset(); }
void DropoutImpl::reset() { check_probability("Dropout", options.p()); }

XGRAD_DEFINE_LAYER(Dropout,
                   functional::dropout(std::move(input),
                                       functional::DropoutFuncOptions().p(options.p()).training(is_training()).inplace(options.inplace())),
                   Tensor input)

}}}  // namespace torch::xgrad::nn
