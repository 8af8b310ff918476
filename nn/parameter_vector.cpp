#include <xgrad/nn/parameter_vector.h>

#include <xgrad/autograd/ops/ops.h>

namespace torch { inline namespace xgrad { namespace nn::utils {

Tensor parameters_to_vector(const std::vector<Tensor>& parameters) {
  std::vector<Tensor> parts;
  for (const Tensor& p : parameters) parts.push_back(p.view(-1));
  return cat(parts);
}

void vector_to_parameters(const Tensor& vector, std::vector<Tensor> parameters) {
  int64_t total = 0;
  for (const Tensor& p : parameters) total += p.numel();
  XGRAD_CHECK(vector.dim() == 1 && vector.numel() == total, "[vector_to_parameters] expected a vector of the ", total,
              " elements that the parameters have, got shape ", vector.sizes());
  NoGradGuard no_grad;
  int64_t start = 0;
  for (const Tensor& p : parameters) {
    p.set_data(vector.slice(0, start, start + p.numel()).view(p.sizes()).detach());
    start += p.numel();
  }
}

}}}  // namespace torch::xgrad::nn::utils
