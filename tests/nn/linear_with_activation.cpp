// A Linear and the activation after it, which Sequential computes as one operation, against the two one after the other.
#include <doctest/doctest.h>

#include "message.h"
#include <xgrad/autograd/engine/engine.h>
#include <xgrad/autograd/graph/node.h>
#include <xgrad/autograd/ops/ops.h>
#include <xgrad/nn/nn.h>

using namespace xgrad;
using xgrad::autograd::grad;
namespace nn = xgrad::nn;

namespace {

struct Case {
  const char* name;
  nn::AnyModule module;
  Tensor (*function)(const Tensor&);
};

std::vector<Case> cases() {
  return {{"relu", nn::AnyModule(nn::ReLU()), relu},
          {"relu in place", nn::AnyModule(nn::ReLU(nn::ReLUOptions(true))), relu},
          {"tanh", nn::AnyModule(nn::Tanh()), tanh},
          {"sigmoid", nn::AnyModule(nn::Sigmoid()), sigmoid}};
}

// A net of two layers with the activation between them, and the same by functions.
struct Pair {
  explicit Pair(const Case& c, int64_t hidden = 4) : first(3, hidden), second(hidden, 2), activation(c.function) {
    net->push_back(first);
    net->push_back(c.module);
    net->push_back(second);
  }
  Tensor apart(const Tensor& x) { return second(activation(first(x))); }
  nn::Linear first, second;
  Tensor (*activation)(const Tensor&);
  nn::Sequential net;
};

void check_same(const std::vector<Tensor>& a, const std::vector<Tensor>& b) {
  REQUIRE(a.size() == b.size());
  for (size_t i = 0; i < a.size(); ++i) {
    CAPTURE(i);
    CHECK(equal(a[i], b[i]));
  }
}

struct DoubledLinearImpl : nn::LinearImpl {
  using LinearImpl::LinearImpl;
  Tensor forward(const Tensor& x) { return LinearImpl::forward(x) * 2; }
};

}  // namespace

TEST_CASE("values and derivatives are those of the two modules, bit by bit") {
  for (const Case& c : cases()) {
    CAPTURE(c.name);
    for (int64_t hidden : {4, 300}) {
      CAPTURE(hidden);
      Pair p(c, hidden);
      const Tensor x = randn({70, 3}).requires_grad_();
      std::vector<Tensor> inputs = p.net->parameters();
      inputs.push_back(x);
      const Tensor together = p.net->forward(x), apart = p.apart(x);
      CHECK(equal(together, apart));
      check_same(grad({together.square().sum()}, inputs, {}, true), grad({apart.square().sum()}, inputs, {}, true));

      const auto second_derivatives = [&](const Tensor& y) {
        Tensor norm = zeros({});
        for (const Tensor& g : grad({y.square().sum()}, inputs, {}, true, true)) norm = norm + g.square().sum();
        return grad({norm}, inputs);
      };
      check_same(second_derivatives(p.net->forward(x)), second_derivatives(p.apart(x)));
    }
  }
}

TEST_CASE("one operation is recorded, on a tensor nobody has edited") {
  for (const Case& c : cases()) {
    CAPTURE(c.name);
    const nn::Linear linear(3, 4);
    nn::Sequential net(linear);
    net->push_back(c.module);
    const Tensor x = randn({5, 3}), y = net->forward(x);
    CHECK(y.grad_fn()->name() == c.function(x.clone().requires_grad_()).grad_fn()->name());
    REQUIRE(y.grad_fn()->num_outputs() == 3);
    CHECK(y.grad_fn()->next_edge(0).function == linear->bias.sum().grad_fn()->next_edge(0).function);
    CHECK(y._version() == 0);
  }
}

TEST_CASE("the gradient of the result stays what it was") {
  for (const Case& c : cases()) {
    CAPTURE(c.name);
    nn::Sequential net(nn::Linear(3, 4));
    net->push_back(c.module);
    const Tensor factor = randn({5, 4}), x = randn({5, 3});
    const Tensor retained = net->forward(x);
    retained.retain_grad();
    (retained * factor).sum().backward();
    CHECK(equal(retained.grad(), factor));

    const Tensor gradient = factor.clone();
    net->forward(x).backward(gradient);
    CHECK(equal(gradient, factor));

    Tensor seen;
    const Tensor hooked = net->forward(x);
    hooked.register_hook([&](const Tensor& g) { seen = g; });
    (hooked * factor).sum().backward();
    CHECK(equal(seen, factor));
  }
}

TEST_CASE("refused: a second sweep, a result edited before the sweep") {
  for (const Case& c : cases()) {
    CAPTURE(c.name);
    nn::Sequential net(nn::Linear(3, 4));
    net->push_back(c.module);
    const Tensor swept = net->forward(randn({5, 3})).sum();
    swept.backward();
    CHECK(contains(message_of([&] { swept.backward(); }), "backward through the graph a second time"));
    Tensor edited = net->forward(randn({5, 3}));
    edited.add_(1);
    CHECK(contains(message_of([&] { edited.sum().backward(); }), "modified by an inplace operation"));
  }
}

TEST_CASE("classes derived from Linear keep their forward") {
  const auto doubled = std::make_shared<DoubledLinearImpl>(3, 4);
  nn::Sequential net;
  net->push_back(doubled);
  net->push_back(nn::ReLU());
  const Tensor x = randn({5, 3});
  CHECK(equal(net->forward(x), relu(doubled->forward(x))));
}

TEST_CASE("the modules may be exchanged, and called apart") {
  nn::Linear linear(3, 4);
  nn::Sequential net(linear, nn::ReLU());
  const Tensor x = randn({5, 3});
  CHECK(equal(net->forward(x), relu(linear->forward(x))));
  net->begin()[1] = nn::AnyModule(nn::Tanh());
  CHECK(equal(net->forward(x), tanh(linear->forward(x))));
}
