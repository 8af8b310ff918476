// A Linear module and the activation after it as one operation.
#pragma once

#include <optional>

#include <xgrad/nn/any_module.h>

namespace torch { inline namespace xgrad { namespace nn {

/// What `first` and then `second` make of the tensor `input`, if they are exactly a Linear and a ReLU, Tanh or Sigmoid.
std::optional<AnyValue> forward_linear_with_activation(AnyModule& first, const AnyModule& second, AnyValue& input);

}}}  // namespace torch::xgrad::nn
