// The recorded operations behind tensors, as a list. Internal.
#pragma once

#include <string>
#include <vector>

#include <xgrad/autograd/core/dtype.h>
#include <xgrad/inspect/module_paths.h>

namespace torch { inline namespace xgrad { namespace inspect {

struct RecordedOperation {
  enum class Kind { operation, parameter, leaf };
  struct Value {
    std::vector<int64_t> sizes;
    ScalarType dtype;
  };

  Kind kind = Kind::operation;
  std::string name;        ///< of the operation, or of the leaf: its path in the module
  std::string attributes;  ///< "dim=1, keepdim=true"
  std::vector<Value> outputs;
  std::vector<size_t> inputs;          ///< places in the list, all before its own
  size_t module = ModulePaths::kNone;  ///< whose parameters it uses, or the one of the operation recorded before it
  bool uses_parameters = false;
};

/// What was recorded on the way to the tensors, each operation behind those that it needs. Leaves are those that require a gradient: what nobody
/// differentiates with respect to isn't recorded. Parameters have their names if `paths` knows them. Throws unless some tensor was recorded.
std::vector<RecordedOperation> recorded_operations(const std::vector<Tensor>& outputs, const ModulePaths& paths);

/// "float32 [32, 10]".
std::string value_text(const RecordedOperation::Value& value);

}}}  // namespace torch::xgrad::inspect
