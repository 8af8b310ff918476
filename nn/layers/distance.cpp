#include <xgrad/nn/layers/distance.h>

#include <xgrad/nn/functional/distance.h>
#include <xgrad/nn/layers/print_layer.h>

namespace torch { inline namespace xgrad { namespace nn {

void CosineSimilarityImpl::pretty_print(std::ostream& stream) const {
  print_layer(stream, "CosineSimilarity", {{"dim", options.dim()}, {"eps", options.eps()}});
}
Tensor CosineSimilarityImpl::forward(const Tensor& x1, const Tensor& x2) { return functional::cosine_similarity(x1, x2, options); }

void PairwiseDistanceImpl::pretty_print(std::ostream& stream) const {
  print_layer(stream, "PairwiseDistance", {{"p", options.p()}, {"eps", options.eps()}, {"keepdim", options.keepdim()}});
}
Tensor PairwiseDistanceImpl::forward(const Tensor& x1, const Tensor& x2) { return functional::pairwise_distance(x1, x2, options); }

}}}  // namespace torch::xgrad::nn
