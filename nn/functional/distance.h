// Distances with options. Each computes what the operation of its name does (autograd/ops/loss/distance.h).
#pragma once

#include <xgrad/autograd/tensor/tensor.h>
#include <xgrad/nn/options/distance.h>

namespace torch { inline namespace xgrad { namespace nn::functional {

XGRAD_API Tensor cosine_similarity(const Tensor& x1, const Tensor& x2, const CosineSimilarityFuncOptions& options = {});
XGRAD_API Tensor pairwise_distance(const Tensor& x1, const Tensor& x2, const PairwiseDistanceFuncOptions& options = {});

}}}  // namespace torch::xgrad::nn::functional
