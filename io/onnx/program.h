// What a function computes of its inputs: operations on values that never change. Internal.
#pragma once

#include <string>
#include <vector>

#include <xgrad/autograd/graph/trace.h>
#include <xgrad/io/onnx/onnx.h>

namespace torch { inline namespace xgrad { namespace onnx {

/// A tensor between two edits of it.
struct Variable {
  ScalarType dtype;
  Dims sizes;
  bool varies;         ///< depends on the inputs
  std::string name{};  ///< of one that was there before: that of an input, a parameter, a buffer
  Tensor elements{};   ///< of one that doesn't vary
};

struct Step {
  const Operation* operation;
  std::vector<xgrad::detail::Attribute> attributes;
  std::vector<int> inputs, outputs;  ///< places in Program::variables; -1 for an optional input left out
};

struct Program {
  std::vector<Variable> variables;
  std::vector<Step> steps;
  std::vector<int> inputs, results;
};

/// Runs f, without gradients, and notes what it does. Edits in place become new variables: of the tensor edited, of what it is a view of, and
/// of the other views of that when they are next read. Throws, beginning with "[onnx]", for an edit whose effect on others isn't known.
Program record_program(const Function& f, const std::vector<Tensor>& inputs, const std::vector<std::string>& input_names, const NamedTensors& named);

}}}  // namespace torch::xgrad::onnx
