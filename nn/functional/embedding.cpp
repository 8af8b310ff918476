#include <xgrad/nn/functional/embedding.h>

#include <set>

#include <xgrad/autograd/ops/ops.h>

namespace torch { inline namespace xgrad { namespace nn::functional {

namespace {

std::optional<int64_t> padding_row(const std::optional<int64_t>& padding, int64_t rows) {
  if (!padding) return padding;
  XGRAD_CHECK_AS(IndexError, *padding >= -rows && *padding < rows, "[embedding] Padding_idx must be within num_embeddings, got ", *padding, " of ", rows);
  return *padding < 0 ? *padding + rows : *padding;
}

// Scales the rows with a larger norm down to max_norm, each once.
void limit_rows(const Tensor& weight, const Tensor& input, double max_norm, double norm_type) {
  NoGradGuard no_graph;
  const Tensor rows = input.reshape({-1}).to(kLong).contiguous();
  const int64_t* first = rows.data_ptr<int64_t>();
  for (const int64_t row : std::set<int64_t>(first, first + rows.numel())) {
    const Tensor vector = weight[row];
    const double norm = vector.norm(norm_type).item().toDouble();
    if (norm > max_norm) vector.mul_(max_norm / (norm + 1e-7));
  }
}

}  // namespace

void check_embedding_options(bool scale_grad_by_freq, bool sparse) {
  XGRAD_CHECK_AS(NotImplementedError, !scale_grad_by_freq, "[Embedding] scale_grad_by_freq is not supported");
  XGRAD_CHECK_AS(NotImplementedError, !sparse, "[Embedding] sparse gradients are not supported, got sparse=true");
}

Tensor embedding(const Tensor& input, const Tensor& weight, const EmbeddingFuncOptions& options) {
  check_embedding_options(options.scale_grad_by_freq(), options.sparse());
  XGRAD_CHECK(weight.dim() == 2, "[embedding] 'weight' must be 2-D, got ", weight);
  XGRAD_CHECK_AS(TypeError, input.dtype() == kLong || input.dtype() == kInt,
                 "[embedding] Expected tensor for argument #1 'indices' to have scalar type Long or Int, got ", input.dtype());
  const int64_t rows = weight.size(0);
  XGRAD_CHECK_AS(IndexError, input.numel() == 0 || (input.min().item<int64_t>() >= 0 && input.max().item<int64_t>() < rows),
                 "[embedding] index out of range in self: indices must lie in [0, ", rows, ")");
  const std::optional<int64_t> padding = padding_row(options.padding_idx(), rows);
  if (options.max_norm()) limit_rows(weight, input, *options.max_norm(), options.norm_type());
  Dims shape = input.sizes();
  shape.push_back(weight.size(1));
  const Tensor chosen = weight.index_select(0, input.reshape({-1})).view(shape);
  if (!padding) return chosen;
  return where((input == *padding).unsqueeze(-1), chosen.detach(), chosen);
}

}}}  // namespace torch::xgrad::nn::functional
