// What modules and functions of embeddings share: the table and its checks. Internal.
#pragma once

#include <xgrad/autograd/ops/ops.h>
#include <xgrad/nn/init.h>
#include <xgrad/nn/module.h>

namespace torch { inline namespace xgrad { namespace nn {

/// The row that `padding` names, counted from the front; throws IndexError for one that is not there.
inline std::optional<int64_t> padding_row(const char* who, const std::optional<int64_t>& padding, int64_t rows) {
  if (!padding) return padding;
  XGRAD_CHECK_AS(IndexError, *padding >= -rows && *padding < rows, "[", who, "] Padding_idx must be within num_embeddings, got ", *padding, " of ",
                 rows);
  return *padding < 0 ? *padding + rows : *padding;
}

/// Scales the rows asked for that are too long, in place.
inline void limit_rows_asked_for(const Tensor& weight, const Tensor& input, const std::optional<double>& max_norm, double norm_type) {
  if (!max_norm) return;
  const NoGradGuard no_graph;
  Tensor table = weight;
  embedding_renorm_(table, input, *max_norm, norm_type);
}

/// Registers the parameter `weight` of a module: the rows of its options, or ones that it draws, the padding row among them being 0 or not.
/// Makes a negative padding_idx of the options positive. given_name: what errors call the rows given.
template <class M> void register_table(const char* who, M& module, const char* given_name) {
  auto& options = module.options;
  const int64_t rows = options.num_embeddings(), size = options.embedding_dim();
  options.padding_idx() = padding_row(who, options.padding_idx(), rows);
  const Tensor& given = options._weight();
  if (given.defined()) {
    XGRAD_CHECK(given.sizes() == IntArrayRef({rows, size}), "[", who, "] Shape of ", given_name,
                " does not match num_embeddings and embedding_dim, got ", given.sizes(), " and ", rows, " and ", size);
    module.weight = module.register_parameter("weight", given.detach());
  } else {
    module.weight = module.register_parameter("weight", empty({rows, size}));
    module.reset_parameters();
  }
}

}}}  // namespace torch::xgrad::nn
