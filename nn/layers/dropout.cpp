#include <xgrad/nn/layers/dropout.h>

#include <xgrad/autograd/ops/random/random.h>
#include <xgrad/nn/layers/in_place.h>
#include <xgrad/nn/layers/print_layer.h>

namespace torch { inline namespace xgrad { namespace nn {

namespace {

void check_probability(const char* name, double p) {
  XGRAD_CHECK_AS(ValueError, p >= 0 && p <= 1, "[", name, "] dropout probability has to be between 0 and 1, but got ", p);
}

using DropoutFunction = Tensor (*)(const Tensor& input, double p, bool train);
using DropoutFunctionInPlace = Tensor& (*)(Tensor& input, double p, bool train);

template <class Options> Tensor apply(const char* name, DropoutFunction f, DropoutFunctionInPlace in_place, Tensor input, const Options& options) {
  check_probability(name, options.p());
  return options.inplace() ? in_place(input, options.p(), options.training()) : f(input, options.p(), options.training());
}

// With `axes` axes, or else without a batch, which it gets for the time.
Tensor of_channels(const char* name, Tensor input, int64_t axes, const functional::DropoutFuncOptions& options) {
  const auto run = [&](const Tensor& x) { return apply(name, feature_dropout, feature_dropout_, x, options); };
  if (input.dim() == axes) return run(input);
  const Tensor y = run(input.unsqueeze(0));
  return options.inplace() ? input : y.squeeze(0);
}

}  // namespace

Tensor functional::dropout(Tensor input, const DropoutFuncOptions& options) {
  check_probability("dropout", options.p());
  if (!options.training()) return input;
  return maybe_in_place("dropout_", input, options.inplace(), [&](const Tensor& x) { return xgrad::dropout(x, options.p(), true); });
}

Tensor functional::dropout2d(Tensor input, const Dropout2dFuncOptions& options) { return of_channels("dropout2d", std::move(input), 4, options); }
Tensor functional::dropout3d(Tensor input, const Dropout3dFuncOptions& options) { return of_channels("dropout3d", std::move(input), 5, options); }
Tensor functional::alpha_dropout(Tensor input, const AlphaDropoutFuncOptions& options) {
  return apply("alpha_dropout", xgrad::alpha_dropout, alpha_dropout_, std::move(input), options);
}
Tensor functional::feature_alpha_dropout(Tensor input, const FeatureAlphaDropoutFuncOptions& options) {
  return apply("feature_alpha_dropout", xgrad::feature_alpha_dropout, feature_alpha_dropout_, std::move(input), options);
}

#define XGRAD_DROPOUT(Name, function, FuncOptions, parameter)                                                                                        \
  XGRAD_DEFINE_LAYER(Name, functional::function(input, functional::FuncOptions().p(options.p()).training(is_training()).inplace(options.inplace())), \
                     parameter)
XGRAD_DROPOUT(Dropout, dropout, DropoutFuncOptions, Tensor input)
XGRAD_DROPOUT(Dropout2d, dropout2d, DropoutFuncOptions, Tensor input)
XGRAD_DROPOUT(Dropout3d, dropout3d, DropoutFuncOptions, Tensor input)
XGRAD_DROPOUT(AlphaDropout, alpha_dropout, AlphaDropoutFuncOptions, const Tensor& input)
XGRAD_DROPOUT(FeatureAlphaDropout, feature_alpha_dropout, FeatureAlphaDropoutFuncOptions, const Tensor& input)

}}}  // namespace torch::xgrad::nn
