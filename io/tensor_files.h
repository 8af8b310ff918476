// Named tensors in the files that Python programs exchange, whichever of them it is.
#pragma once

#include <string>
#include <vector>

#include <xgrad/io/safetensors.h>

namespace torch { inline namespace xgrad { namespace io {

/// Replaces the file at `path`, as one step, by the tensors in the format that its name ends in:
///
/// | ending         | in Python                                                                                          |
/// |----------------|----------------------------------------------------------------------------------------------------|
/// | `.pt`, `.pth`  | `torch.load(path)`: a dictionary; tensors on one storage, such as tied weights, share it there too |
/// | `.npz`         | `np.load(path)`                                                                                    |
/// | `.safetensors` | `safetensors.torch.load_file(path)`                                                                |
///
/// Throws, and leaves the old file, for another ending, what the format cannot say, or when it cannot be written.
XGRAD_API void save_tensors(const std::string& path, const NamedTensors& tensors);

/// The tensors of a file of these formats, told by its first bytes, by their names. In a .pt they may lie in dictionaries and lists inside one
/// another, their keys joined by dots; what is no tensor there is left out, or listed in `others` if given. With `widen`, float16 and
/// bfloat16 become float32. Throws what InputArchive::load_from throws, and for a tensor whose dtype no tensor here has.
XGRAD_API NamedTensors load_tensors(const std::string& path, bool widen = false, std::vector<std::string>* others = nullptr);

}}}  // namespace torch::xgrad::io
