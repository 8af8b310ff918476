// Distances as functions and as modules.
#include <doctest/doctest.h>

#include <sstream>

#include "nn/close.h"
#include "printed.h"
#include <xgrad/autograd/ops/ops.h>
#include <xgrad/nn/nn.h>

using namespace xgrad;
using namespace xgrad::nn;
namespace F = xgrad::nn::functional;

TEST_CASE("distances have PyTorch's values and text") {
  const Tensor x = ones({2, 3}), y = tensor({{1.f, 2.f, 3.f}, {-1.f, 0.f, 1.f}});
  check_close(CosineSimilarity()(x, y), {0.925820, 0}, 1e-6);
  check_close(PairwiseDistance()(x, y), {2.2360672, 2.2360687}, 1e-6);
  check_close(F::cosine_similarity(x, x, F::CosineSimilarityFuncOptions().dim(0)), {1, 1, 1}, 1e-6);
  check_close(F::pairwise_distance(x, y, F::PairwiseDistanceFuncOptions().p(1).keepdim(true)), {3, 3}, 1e-5);
  CHECK(PairwiseDistance(PairwiseDistanceOptions().keepdim(true))(x, y).sizes() == IntArrayRef({2, 1}));
  CHECK(printed(CosineSimilarity()) == "torch::nn::CosineSimilarity(dim=1, eps=1e-08)");
  CHECK(printed(CosineSimilarity(CosineSimilarityOptions().dim(0).eps(0.5))) == "torch::nn::CosineSimilarity(dim=0, eps=0.5)");
  CHECK(printed(PairwiseDistance()) == "torch::nn::PairwiseDistance(p=2, eps=1e-06, keepdim=false)");
}
