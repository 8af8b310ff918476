// A model as ONNX has it, and its bytes. Internal.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include <xgrad/autograd/tensor/tensor.h>

namespace torch { inline namespace xgrad { namespace onnx {

/// TensorProto.DataType. Throws, naming `what`, for a dtype that ONNX has no name for here.
int64_t element_type(ScalarType dtype, const std::string& what);

/// What a node is told besides its inputs.
using Setting = std::variant<int64_t, double, std::string, std::vector<int64_t>, std::vector<std::string>>;

struct Node {
  std::string operation;
  std::vector<std::string> inputs, outputs;  ///< "": an optional one left out
  std::vector<std::pair<std::string, Setting>> settings;
};

/// A size, or the name of one that is only known when the model runs.
using Size = std::variant<int64_t, std::string>;

struct Value {
  std::string name;
  ScalarType dtype;
  std::vector<Size> sizes;
};

struct Model {
  int64_t opset = 17;
  std::string producer, name;
  std::vector<Value> inputs, outputs;
  std::vector<std::pair<std::string, Tensor>> initializers;
  std::vector<Node> nodes;

  /// A ModelProto.
  std::string bytes() const;
};

}}}  // namespace torch::xgrad::onnx
