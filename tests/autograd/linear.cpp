#include <doctest/doctest.h>

#include <vector>

#include "values.h"
#include <xgrad/autograd/engine/gradcheck.h>
#include <xgrad/autograd/graph/node.h>
#include <xgrad/autograd/ops/ops.h>
#include <xgrad/autograd/tensor/operators.h>

using namespace xgrad;

namespace {

struct FourByThree {
  Tensor weight = randn({4, 3}, kDouble).requires_grad_(), bias = randn({4}, kDouble).requires_grad_();
};

}  // namespace

TEST_CASE("linear is one node for every rank") {
  const FourByThree l;
  const auto sources = [](const Tensor& y) {
    std::vector<std::string> names;
    for (const Edge& edge : y.grad_fn()->next_edges()) names.push_back(edge.function ? edge.function->name() : "");
    return names;
  };
  const std::string leaf = "torch::autograd::AccumulateGrad";
  for (IntArrayRef shape : {Dims{3}, Dims{1, 3}, Dims{5, 3}, Dims{2, 5, 3}, Dims{2, 1, 5, 3}}) {
    CHECK(sources(linear(randn(shape, kDouble), l.weight, l.bias)) == std::vector<std::string>{leaf, "", leaf});
    CHECK(sources(linear(randn(shape, kDouble).requires_grad_(), l.weight)) == std::vector<std::string>{"", leaf, leaf});
  }
}

TEST_CASE("gradients of linear add up over backward calls and uses") {
  const FourByThree l;
  for (IntArrayRef shape : {Dims{3}, Dims{5, 3}, Dims{2, 5, 3}}) {
    const Tensor x = randn(shape, kDouble).requires_grad_();
    const auto loss = [&] { return linear(x, l.weight, l.bias).pow(2).sum(); };
    const std::vector<Tensor> all{x, l.weight, l.bias};
    const std::vector<Tensor> once = autograd::grad({loss()}, all);
    for (Tensor t : all) t.mutable_grad() = Tensor();
    loss().backward();
    const Tensor kept = l.weight.grad(), before = kept.clone();
    loss().backward();
    CHECK(list(before) == list(once[1]));
    CHECK(list(kept) == list(2 * before));
    (loss() + loss()).backward();
    for (size_t i = 0; i < all.size(); ++i) CHECK(allclose(all[i].grad(), 4 * once[i]));
  }
}

TEST_CASE("the gradient of a bias is the sum of all rows, however many and whatever its shape") {
  const Tensor w = randn({4, 3}, kDouble);
  for (int64_t rows : {1, 7, 5000})
    for (IntArrayRef shape : {Dims{4}, Dims{1, 4}, Dims{1}, Dims{}}) {
      const Tensor bias = randn(shape, kDouble).requires_grad_(), gy = randn({rows, 4}, kDouble);
      for (int round = 1; round <= 2; ++round) {
        linear(randn({rows, 3}, kDouble), w, bias).backward(gy);
        const Tensor sum = bias.numel() == 1 ? gy.sum() : gy.sum(0);
        CHECK(allclose(bias.grad(), round * sum.reshape(shape)));
      }
    }
}

TEST_CASE("the gradient of a product's factor adds up in place") {
  const Tensor w = randn({3, 3}, kDouble).requires_grad_();
  Tensor h = randn({2, 3}, kDouble);
  for (int i = 0; i < 4; ++i) h = tanh(h.mm(w));
  CHECK(autograd::gradcheck(
      [&](const std::vector<Tensor>& x) {
        Tensor y = h.detach();
        for (int i = 0; i < 4; ++i) y = tanh(y.mm(x[0]));
        return std::vector<Tensor>{y};
      },
      {w}));
  h.sum().backward(Tensor(), true);
  const Tensor once = w.grad().clone();
  h.sum().backward();
  CHECK(allclose(w.grad(), 2 * once));
}

TEST_CASE("gradients of linear can be differentiated, also where they add to a grad()") {
  const FourByThree l;
  const Tensor x = randn({2, 3, 3}, kDouble).requires_grad_();
  linear(x, l.weight, l.bias).pow(3).sum().backward();
  const std::vector<Tensor> g = autograd::grad({linear(x, l.weight, l.bias).pow(3).sum()}, {x, l.weight}, {}, true, true);
  CHECK(g[0].requires_grad());
  CHECK(autograd::gradgradcheck([](const std::vector<Tensor>& v) { return std::vector<Tensor>{linear(v[0], v[1], v[2]).pow(3)}; },
                                {x, l.weight, l.bias}));
  (g[0].sum() + g[1].pow(2).sum()).backward();
  CHECK(l.weight.grad().isfinite().all().item<bool>());
}
