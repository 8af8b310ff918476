// Bags of embeddings.
#include <doctest/doctest.h>

#include <sstream>

#include "nn/close.h"
#include "printed.h"
#include <xgrad/autograd/ops/ops.h>
#include <xgrad/nn/nn.h>

using namespace xgrad;
using namespace xgrad::nn;
namespace F = xgrad::nn::functional;

namespace {

EmbeddingBag counting(EmbeddingBagOptions options = EmbeddingBagOptions(4, 2)) {
  return EmbeddingBag(options._weight(arange(8., kFloat).view({4, 2})));
}

}  // namespace

TEST_CASE("a bag is the sum, mean or largest of its rows") {
  const Tensor indices = tensor({0, 2, 3, 1, 1}), offsets = tensor({0, 3, 3});
  check_close(counting(EmbeddingBagOptions(4, 2).mode(kSum))(indices, offsets), {10, 13, 0, 0, 4, 6});
  check_close(counting()(indices, offsets), {10. / 3, 13. / 3, 0, 0, 2, 3}, 1e-6);
  check_close(counting(EmbeddingBagOptions(4, 2).mode(kMax))(indices, offsets), {6, 7, 0, 0, 2, 3});
  check_close(counting(EmbeddingBagOptions(4, 2).include_last_offset(true))(indices, tensor({0, 2, 5}, kInt)), {2, 3, 10. / 3, 13. / 3}, 1e-6);
  check_close(counting(EmbeddingBagOptions(4, 2).mode(kSum).padding_idx(-1))(indices, offsets), {4, 6, 0, 0, 4, 6});
  check_close(counting(EmbeddingBagOptions(4, 2).mode(kSum))(indices.slice(0, 0, 4).view({2, 2}), Tensor(), tensor({{1.f, 2.f}, {0.f, -1.f}})),
              {8, 11, -2, -3});
}

TEST_CASE("sparse gradients of bags are the dense ones") {
  const Tensor indices = tensor({0, 2, 3, 1, 1, 2}), offsets = tensor({0, 3, 3, 5});
  for (const bool mean : {false, true})
    for (const bool padded : {false, true})
      for (const bool weighted : {false, true}) {
        if (mean && weighted) continue;
        Tensor grads[2];
        for (const bool sparse : {false, true}) {
          EmbeddingBagOptions options(4, 2);
          if (!mean) options.mode(kSum);
          if (padded) options.padding_idx(1);
          EmbeddingBag bag = counting(options.sparse(sparse));
          const Tensor factors = weighted ? arange(6., kFloat) : Tensor();
          bag(indices, offsets, factors).square().sum().backward();
          CHECK(bag->weight.grad().is_sparse() == sparse);
          if (sparse) CHECK(bag->weight.grad()._nnz() == (padded ? 4 : 6));
          grads[sparse] = bag->weight.grad().to_dense();
        }
        CHECK(allclose(grads[0], grads[1]));
      }
}

TEST_CASE("gradients of a bag's rows are divided by how often each was asked for") {
  EmbeddingBag bag = counting(EmbeddingBagOptions(4, 2).mode(kSum).scale_grad_by_freq(true));
  (bag(tensor({3, 1, 3, 3}), tensor({0, 2})) * tensor({{1.f}, {4.f}})).sum().backward();
  check_close(bag->weight.grad(), {0, 0, 1, 1, 0, 0, 3, 3});
}

TEST_CASE("what bags are made from: seeds, rows, options, values") {
  manual_seed(3);
  const Tensor expected = randn({3, 2});
  manual_seed(3);
  CHECK(equal(EmbeddingBag(3, 2)->weight, expected));
  CHECK(printed(EmbeddingBag(3, 2)) == "torch::nn::EmbeddingBag(num_embeddings=3, embedding_dim=2)");
  CHECK(
      printed(EmbeddingBag(
          EmbeddingBagOptions(3, 2).max_norm(2).norm_type(2.5).scale_grad_by_freq(true).sparse(true).mode(kSum).include_last_offset(true).padding_idx(
              -1))) ==
      "torch::nn::EmbeddingBag(num_embeddings=3, embedding_dim=2, max_norm=2, norm_type=2.5, scale_grad_by_freq=true, sparse=true, mode=kSum, "
      "include_last_offset=true, padding_idx=2)");
  const Tensor rows = ones({2, 3});
  EmbeddingBag bag = EmbeddingBag::from_pretrained(rows, EmbeddingBagFromPretrainedOptions().mode(kMax).include_last_offset(true));
  CHECK_FALSE(bag->weight.requires_grad());
  CHECK(bag->weight.is_alias_of(rows));
  CHECK(bag->options.include_last_offset());
  AnyModule any(counting());
  check_close(any.forward(tensor({{0, 1}})), {1, 2});
  Sequential net(counting(), Linear(2, 1));
  CHECK(net->forward(tensor({{0, 1}, {2, 3}})).sizes() == IntArrayRef({2, 1}));
}

TEST_CASE("rows of bags are limited in norm, unless the call throws") {
  EmbeddingBag bag = counting(EmbeddingBagOptions(4, 2).max_norm(1));
  CHECK_THROWS_AS(bag(tensor({3}), tensor({0, 5})), Error);
  check_close(bag->weight, {0, 1, 2, 3, 4, 5, 6, 7});
  bag(tensor({3}), tensor({0}));
  check_close(bag->weight[3], {0.6507914, 0.7592566}, 1e-6);
  check_close(bag->weight[2], {4, 5});
}

TEST_CASE("errors of bags") {
  EmbeddingBag bag = counting();
  const Tensor one = tensor({1}), zero = tensor({0});
  CHECK_THROWS_WITH(bag(one), doctest::Contains("offsets has to be a 1D Tensor but got null"));
  CHECK_THROWS_WITH(bag(one, tensor({{0}})), doctest::Contains("offsets has to be a 1D Tensor"));
  CHECK_THROWS_WITH(bag(one, one), doctest::Contains("offsets[0] has to be 0"));
  CHECK_THROWS_WITH(bag(one, tensor({0, 2})), doctest::Contains("offsets[-1] can not be greater than input's length"));
  CHECK_THROWS_AS(bag(one, zeros({0}, kLong)), IndexError);
  CHECK_THROWS_WITH(bag(tensor({{1}}), zero), doctest::Contains("If input is 2D, then offsets has to be null"));
  CHECK_THROWS_WITH(bag(tensor({{{1}}})), doctest::Contains("input has to be 1D or 2D Tensor, but got Tensor of dimension 3"));
  CHECK_THROWS_WITH(bag(tensor({4}), zero), doctest::Contains("found idx to be 4"));
  CHECK_THROWS_WITH(bag(one, zero, ones({1})), doctest::Contains("per_sample_weights is only supported for mode='kSum' (got mode='kMean'"));
  CHECK_THROWS_WITH(bag(one, zero, ones({2})), doctest::Contains("then it must have the same shape as the input"));
  EmbeddingBag largest = counting(EmbeddingBagOptions(4, 2).mode(kMax).sparse(true));
  CHECK_THROWS_WITH(largest(one, zero), doctest::Contains("max mode does not support sparse weights"));
  EmbeddingBag scaled = counting(EmbeddingBagOptions(4, 2).mode(kMax).scale_grad_by_freq(true));
  CHECK_THROWS_WITH(scaled(one, zero), doctest::Contains("max mode does not support scaling the gradient by the frequency"));
  CHECK_THROWS_AS(EmbeddingBag(EmbeddingBagOptions(3, 2).padding_idx(3)), IndexError);
  CHECK_THROWS_WITH(EmbeddingBag(EmbeddingBagOptions(3, 2)._weight(ones({2, 2}))), doctest::Contains("Shape of weight does not match"));
  CHECK_THROWS_WITH(EmbeddingBag::from_pretrained(ones({3})), doctest::Contains("expected to be 2-dimensional"));
}
