// A broadcast undone.
#pragma once

#include <xgrad/autograd/tensor/tensor.h>

namespace torch { inline namespace xgrad {

/// `t` summed over what it has more than a tensor of these sizes, which broadcasts to it.
Tensor sum_to(const Tensor& t, IntArrayRef sizes);

}}  // namespace torch::xgrad
