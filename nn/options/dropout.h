// Options of dropout.
#pragma once

#include <xgrad/autograd/core/namespace.h>
#include <xgrad/nn/arg.h>

namespace torch { inline namespace xgrad { namespace nn {

/// p: the probability of an element to be dropped, in [0, 1].
struct DropoutOptions {
  DropoutOptions(double p = 0.5) : p_(p) {}
  XGRAD_ARG(double, p);
  XGRAD_ARG(bool, inplace) = false;
};

namespace functional {

struct DropoutFuncOptions {
  XGRAD_ARG(double, p) = 0.5;
  XGRAD_ARG(bool, training) = true;
  XGRAD_ARG(bool, inplace) = false;
};

}  // namespace functional
}}}  // namespace torch::xgrad::nn
