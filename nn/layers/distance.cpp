#include <xgrad/nn/layers/distance.h>

#include <xgrad/autograd/ops/loss/distance.h>
#include <xgrad/autograd/ops/statistics/pair_distances.h>
#include <xgrad/nn/layers/print_layer.h>

namespace torch { inline namespace xgrad { namespace nn {

XGRAD_DEFINE_LAYER(CosineSimilarity, functional::cosine_similarity(x1, x2, options), const Tensor& x1, const Tensor& x2)
Tensor functional::cosine_similarity(const Tensor& x1, const Tensor& x2, const CosineSimilarityFuncOptions& options) {
  return xgrad::cosine_similarity(x1, x2, options.dim(), options.eps());
}

XGRAD_DEFINE_LAYER(PairwiseDistance, functional::pairwise_distance(x1, x2, options), const Tensor& x1, const Tensor& x2)
Tensor functional::pairwise_distance(const Tensor& x1, const Tensor& x2, const PairwiseDistanceFuncOptions& options) {
  return xgrad::pairwise_distance(x1, x2, options.p(), options.eps(), options.keepdim());
}

Tensor functional::pdist(const Tensor& input, double p) { return xgrad::pdist(input, p); }

}}}  // namespace torch::xgrad::nn
