// Undefined tensors as none.
#pragma once

#include <optional>

#include <xgrad/autograd/tensor/tensor.h>

namespace torch { inline namespace xgrad {

inline std::optional<Tensor> if_defined(const Tensor& t) { return t.defined() ? std::optional<Tensor>(t) : std::nullopt; }

}}  // namespace torch::xgrad
