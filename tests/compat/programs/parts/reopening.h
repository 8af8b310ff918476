// What both files of the program see.
#pragma once

#include <torch/nn/module.h>
#include <torch/nn/modules/container/sequential.h>
#include <torch/types.h>

#include <string>

namespace torch { namespace nn { namespace functional {
Tensor shifted(const Tensor& x);
}}}  // namespace torch::nn::functional
namespace torch {
std::string part_of_program(nn::Sequential& net);
}
