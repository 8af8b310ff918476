// Distances as modules.
#pragma once

#include <xgrad/nn/layers/stateless.h>
#include <xgrad/nn/options/distance.h>

namespace torch { inline namespace xgrad { namespace nn {

/// functional::cosine_similarity.
class XGRAD_API CosineSimilarityImpl : public StatelessModule<CosineSimilarityImpl, CosineSimilarityOptions> {
 public:
  using StatelessModule::StatelessModule;
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& x1, const Tensor& x2);
};
TORCH_MODULE(CosineSimilarity);

/// functional::pairwise_distance.
class XGRAD_API PairwiseDistanceImpl : public StatelessModule<PairwiseDistanceImpl, PairwiseDistanceOptions> {
 public:
  using StatelessModule::StatelessModule;
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& x1, const Tensor& x2);
};
TORCH_MODULE(PairwiseDistance);

}}}  // namespace torch::xgrad::nn
