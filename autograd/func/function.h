// What the transforms of this folder are given: functions of one tensor or of several, and how their derivatives are asked for.
#pragma once

#include <functional>
#include <utility>
#include <vector>

#include <xgrad/autograd/tensor/tensor.h>

namespace torch { inline namespace xgrad { namespace func {

using variable_list = std::vector<Tensor>;

/// A function of one tensor; of several tensors that gives several; of several that gives one. They are called with recording on, whatever
/// the caller's grad mode is, and may use other tensors, which count as constants. Arguments are floating tensors of the values given;
/// integers come in by capture. Exceptions of a function are passed on.
using TensorMap = std::function<Tensor(const Tensor&)>;
using ListMap = std::function<variable_list(const variable_list&)>;
using ScalarMap = std::function<Tensor(const variable_list&)>;

/// As in Python's torch.autograd.functional.
struct Options {
  /// True: results are part of the graph, through the inputs' own history and what the function captured, and can be differentiated again.
  bool create_graph = false;
  /// True: throws for an output that doesn't depend on an input, instead of giving zeros.
  bool strict = false;
};

/// `x` as a constant: gradients don't flow through the result, which shares its memory.
inline Tensor stop_gradient(const Tensor& x) { return x.detach(); }
inline variable_list stop_gradient(const variable_list& xs) {
  variable_list constants;
  for (const Tensor& x : xs) constants.push_back(x.detach());
  return constants;
}

}}}  // namespace torch::xgrad::func
