// The tensors of a module by their names, as Python's state_dict() and load_state_dict() know them, to and from files that Python reads and writes.
#pragma once

#include <functional>
#include <string>

#include <xgrad/io/fields.h>
#include <xgrad/nn/module.h>

namespace torch { inline namespace xgrad { namespace nn {

/// A new name for a tensor of a state; an empty one leaves the tensor out.
using RenameFunction = std::function<std::string(const std::string&)>;

/// How a state's names become a module's.
struct StateDictOptions {
  /// What is missing and unexpected is an error; otherwise it is only returned.
  XGRAD_ARG(bool, strict) = true;
  /// Names that begin with it lose it; all others are left out, and are not unexpected: "encoder." takes the encoder of a larger model.
  XGRAD_ARG(std::string, prefix);
  /// Called for each name that is left.
  XGRAD_ARG(RenameFunction, rename);
};

/// Parameters and buffers as Module::state_dict() has them, their names after `prefix`.
XGRAD_API OrderedDict<std::string, Tensor> state_dict(const Module& module, const std::string& prefix = "");

/// Loads a state, as one step: missing, unexpected and mismatched names are told in one error, each with dtype and shape, and then nothing has
/// changed. A floating-point tensor, or one of integers, fits where its dtype is widened: float16 and bfloat16 into float32. Throws too when two
/// names become one.
XGRAD_API IncompatibleKeys load_state_dict(Module& module, const OrderedDict<std::string, Tensor>& state, const StateDictOptions& options = {});

/// The same from a file: a state dict that torch.save wrote or a checkpoint around one (with prefix("model.")), safetensors, or np.savez. What
/// is no tensor is unexpected.
XGRAD_API IncompatibleKeys load_state_dict(Module& module, const std::string& path, const StateDictOptions& options = {});

/// Saves state_dict(module, prefix) as io::save_tensors does: in the format that the file's name ends in, `.pt`, `.pth`, `.npz` or `.safetensors`.
XGRAD_API void save_state_dict(const Module& module, const std::string& path, const std::string& prefix = "");

}}}  // namespace torch::xgrad::nn
