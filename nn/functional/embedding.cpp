#include <xgrad/nn/functional/embedding.h>

#include <xgrad/autograd/ops.h>

namespace xgrad::nn::functional {

Tensor embedding(const Tensor& input, const Tensor& weight, const EmbeddingFuncOptions& options) {
  XGRAD_CHECK(weight.dim() == 2, "[embedding] 'weight' must be 2-D, got ", weight);
  XGRAD_CHECK_AS(TypeError, input.dtype() == kLong || input.dtype() == kInt,
                 "[embedding] Expected tensor for argument #1 'indices' to have scalar type Long or Int, got ", input.dtype());
  const int64_t rows = weight.size(0);
  XGRAD_CHECK_AS(IndexError, input.numel() == 0 || (input.min().item<int64_t>() >= 0 && input.max().item<int64_t>() < rows),
                 "[embedding] index out of range in self: indices must lie in [0, ", rows, ")");
  Dims shape = input.sizes();
  shape.push_back(weight.size(1));
  const Tensor chosen = weight.index_select(0, input.reshape({-1})).view(shape);
  if (!options.padding_idx()) return chosen;
  int64_t padding = *options.padding_idx();
  XGRAD_CHECK_AS(IndexError, padding >= -rows && padding < rows, "[embedding] Padding_idx must be within num_embeddings, got ", padding, " of ", rows);
  if (padding < 0) padding += rows;
  return where((input == padding).unsqueeze(-1), chosen.detach(), chosen);
}

}  // namespace xgrad::nn::functional
