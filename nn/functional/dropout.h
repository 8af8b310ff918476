// Dropout.
#pragma once

#include <xgrad/autograd/tensor/tensor.h>
#include <xgrad/nn/options/dropout.h>

namespace torch { inline namespace xgrad { namespace nn::functional {

/// In training each element becomes 0 with probability p and else is divided by 1 - p; otherwise the input itself.
/// Throws unless 0 <= p <= 1.
XGRAD_API Tensor dropout(Tensor input, const DropoutFuncOptions& options = {});

}}}  // namespace torch::xgrad::nn::functional
