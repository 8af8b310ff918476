// Tensors on files that are mapped into memory.
#pragma once

#include <string_view>

#include <xgrad/autograd/tensor/tensor.h>

namespace torch { inline namespace xgrad {

/// The first `size` elements of a file, as a vector on its mapped memory. Unless `shared`, changes of the elements stay in memory, and the file
/// must be long enough; else they reach the file, which is made, or made longer, where needed. Throws with the system's reason.
XGRAD_API Tensor from_file(std::string_view filename, std::optional<bool> shared = std::nullopt, std::optional<int64_t> size = 0,
                           TensorOptions options = {});

}}  // namespace torch::xgrad
