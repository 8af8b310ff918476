#include "reopening.h"

#include <torch/torch.h>

namespace torch::nn::functional {
Tensor shifted(const Tensor& x) { return x + 1; }
}  // namespace torch::nn::functional

std::string torch::part_of_program(nn::Sequential& net) { return std::to_string(net->size()) + " parts"; }
