// All parameters as one vector.
#pragma once

#include <vector>

#include <xgrad/autograd/tensor/tensor.h>

namespace torch { inline namespace xgrad { namespace nn::utils {

/// The elements of all parameters one after the other, differentiable. Throws for an empty list.
XGRAD_API Tensor parameters_to_vector(const std::vector<Tensor>& parameters);
/// The reverse: afterwards the parameters share the memory of `vector`. Throws, before anything changes, unless the vector
/// has as many elements as all parameters together.
XGRAD_API void vector_to_parameters(const Tensor& vector, std::vector<Tensor> parameters);

}}}  // namespace torch::xgrad::nn::utils
