// Activation functions as the last step of another operation.
#pragma once

#include <xgrad/autograd/graph/record.h>

namespace torch { inline namespace xgrad {

/// An activation function whose derivative follows from its value.
struct OutputActivation {
  const Operation& after_linear;
  Tensor (*value)(const Tensor& x, Out out);
  Through step;
};

extern const OutputActivation kReluOutput, kTanhOutput, kSigmoidOutput;

}}  // namespace torch::xgrad
