// The adaptive softmax. Parity with libtorch: tests/compat/programs/embeddings.cpp.
#include <doctest/doctest.h>

#include <sstream>

#include <xgrad/autograd/ops/ops.h>
#include <xgrad/nn/nn.h>

using namespace xgrad;
using namespace xgrad::nn;

TEST_CASE("an adaptive softmax is a distribution over all classes, whose parts forward() picks") {
  manual_seed(0);
  AdaptiveLogSoftmaxWithLoss net(AdaptiveLogSoftmaxWithLossOptions(8, 10, {3, 5}).div_value(2).head_bias(true));
  CHECK(net->head_size == 5);
  CHECK(net->parameters().size() == 6);
  const Tensor x = randn({10, 8}), all = net->log_prob(x), classes = arange(10);
  CHECK(all.sizes() == IntArrayRef({10, 10}));
  CHECK(allclose(all.exp().sum(1), ones({10})));
  const ASMoutput y = net->forward(x, classes);
  CHECK(allclose(y.output, all.gather(1, classes.unsqueeze(1)).squeeze(1)));
  CHECK(y.loss == doctest::Approx(-y.output.mean().item<double>()));
  CHECK(equal(net->predict(x), all.argmax(1)));
  CHECK(net->forward(x[4], classes[4]).output.dim() == 0);
  y.output.sum().backward();
  for (const Tensor& p : net->parameters()) CHECK(p.grad().abs().sum().item<double>() > 0);
  const Tensor before = net->head->weight.detach().clone();
  net->reset_parameters();
  CHECK_FALSE(equal(before, net->head->weight));
}

TEST_CASE("clusters are seen through in_features / div_value^i features") {
  AdaptiveLogSoftmaxWithLoss net(AdaptiveLogSoftmaxWithLossOptions(12, 6, {3, 4}).div_value(1.5));
  const auto parameters = net->named_parameters();
  CHECK(parameters["tail.0.0.weight"].sizes() == IntArrayRef({8, 12}));
  CHECK(parameters["tail.1.1.weight"].sizes() == IntArrayRef({2, 5}));
}

TEST_CASE("errors of the adaptive softmax") {
  for (const std::vector<int64_t>& cutoffs : {std::vector<int64_t>{}, {0, 2}, {3, 3}, {3, 2}, {4, 10}})
    CHECK_THROWS_WITH_AS(AdaptiveLogSoftmaxWithLoss(8, 10, cutoffs), doctest::Contains("cutoffs should be a sequence of unique, positive integers"),
                         Error);
  AdaptiveLogSoftmaxWithLoss net(8, 10, std::vector<int64_t>{3});
  CHECK_THROWS_WITH(net->forward(ones({2, 8}), tensor({1, 10})), doctest::Contains("Target values should be in [0, 9], but values in range [1, 10]"));
  CHECK_THROWS_WITH(net->forward(ones({2, 8}), tensor({1, -1})), doctest::Contains("Target values should be in"));
  CHECK_THROWS_WITH(net->forward(ones({2, 8}), tensor({{1}})), doctest::Contains("0D or 1D target tensor expected, multi-target not supported"));
  CHECK_THROWS_WITH(net->forward(ones({8}), tensor({1})), doctest::Contains("1D target tensor expects 2D input tensors"));
  CHECK_THROWS_WITH(net->forward(ones({3, 8}), tensor({1})), doctest::Contains("same size in the batch dimension"));
}
