// One layer of a recurrent network in one direction as one operation.
#pragma once

#include <array>

#include <xgrad/autograd/graph/record.h>
#include <xgrad/autograd/kernels/recurrent/recurrent.h>

namespace torch { inline namespace xgrad {

/// A layer and what it works on; the terms are those of kernels/recurrent/recurrent.h. Tensors that are not there are undefined.
struct RecurrentLayer {
  enum Input { kX, kH0, kC0, kWeightIh, kWeightHh, kBiasIh, kBiasHh, kWeightHr, kInputs };

  kernels::RecurrentCell cell;
  bool reverse;
  Tensor batch_sizes;  // int64, row-major
  std::array<Tensor, kInputs> inputs;

  const Tensor& operator[](Input i) const { return inputs[i]; }
  kernels::RecurrentShape shape() const;
};

/// h of every row, each sequence's last h and, of an LSTM, its last c.
struct RecurrentResult {
  Tensor y, h, c;
};

/// The operation. Features, states and batch must fit, as the callers check.
RecurrentResult recurrent_layer(const Operation& operation, const RecurrentLayer& layer);

/// The same made step by step of differentiable operations, which take what the one operation does not: other and mixed dtypes,
/// biases that broadcast.
RecurrentResult recurrent_by_steps(const RecurrentLayer& layer);
/// Fills in the layer's gradients, made so; `gy` are those of y, h and c.
void differentiate_by_steps(const RecurrentLayer& layer, const Gradients& g);

}}  // namespace torch::xgrad
