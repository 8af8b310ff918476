// Distances: their options, as functions and as modules. Each computes what the operation of its name does
// (autograd/ops/loss/distance.h).
#pragma once

#include <cstdint>

#include <xgrad/nn/layers/layer.h>

namespace torch { inline namespace xgrad { namespace nn {

/// Declares functional::function of two tensors, its options `NameFuncOptions`, which are `NameOptions`, and the module `Name`.
#define XGRAD_DISTANCE(Name, function)                                                                  \
  namespace functional {                                                                                \
  using Name##FuncOptions = Name##Options;                                                              \
  XGRAD_API Tensor function(const Tensor& x1, const Tensor& x2, const Name##FuncOptions& options = {}); \
  }                                                                                                     \
  XGRAD_LAYER(Name, const Tensor& x1, const Tensor& x2)

/// dim: the axis the vectors lie along. eps: what norms below it count as.
struct CosineSimilarityOptions {
  XGRAD_FIELDS((int64_t, dim, 1), (double, eps, 1e-8))
};
XGRAD_DISTANCE(CosineSimilarity, cosine_similarity);

/// p: of the norm. eps: added to each difference. keepdim: keep the last axis, with size 1.
struct PairwiseDistanceOptions {
  XGRAD_FIELDS((double, p, 2.0), (double, eps, 1e-6), (bool, keepdim, false))
};
XGRAD_DISTANCE(PairwiseDistance, pairwise_distance);

#undef XGRAD_DISTANCE

namespace functional {
/// The distances of each pair of rows of self [n, m], as torch::pdist gives them.
XGRAD_API Tensor pdist(const Tensor& input, double p = 2.0);
}  // namespace functional

}}}  // namespace torch::xgrad::nn
