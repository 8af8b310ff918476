// Chains of elementwise operations that run as one: the bits are those of the operations one by one.
#include <cstring>
#include <random>

#include <doctest/doctest.h>

#include "values.h"
#include <xgrad/autograd/compile/compile.h>
#include <xgrad/xgrad.h>

using torch::Tensor;

namespace {

// A random expression of two tensors, with in-place steps, numbers, single elements and steps that end a chain.
Tensor random_chain(unsigned seed, const Tensor& x, const Tensor& y) {
  std::mt19937 dice(seed);
  std::vector<Tensor> values{x, y, x * 0.5};
  const auto any = [&]() -> Tensor { return values[dice() % values.size()]; };
  for (int steps = 4 + static_cast<int>(dice() % 12); steps > 0; --steps) {
    switch (dice() % 15) {
      case 0: values.push_back(any() + any()); break;
      case 1: values.push_back(any() * any()); break;
      case 2: values.push_back(torch::tanh(any())); break;
      case 3: values.push_back(torch::sigmoid(any()) - any()); break;
      case 4: values.push_back(torch::relu(any())); break;
      case 5: values.push_back(torch::where(any() > 0, any(), any())); break;
      case 6: values.push_back(any() * 0.25 + 1); break;
      case 7: values.push_back(any() - any().mean()); break;  // reads all before
      case 8: values.push_back(any().clone().mul_(0.5).add_(any())); break;
      case 9: values.push_back(any().flip(0)); break;  // not element by element
      case 10: values.push_back(torch::addcmul(any(), any(), any())); break;
      case 11: values.push_back(torch::mse_loss(any(), any()) * any()); break;  // a sum at its end, and one that goes on from it
      case 12: values.push_back(any() * any().slice(0, 0, 64).sum()); break;    // other elements between
      case 13: values.push_back(any() * torch::full({1}, 0.75).expand_as(x)); break;
      default: values.push_back(torch::clamp(any(), -2, 2)); break;
    }
  }
  return values.back() + values[values.size() - 2];
}

struct Outcome {
  Tensor value, gx, gy;
};

Outcome run(unsigned seed, const Tensor& x, const Tensor& y) {
  const Tensor value = random_chain(seed, x, y);
  const std::vector<Tensor> gradients = torch::autograd::grad({value.sum()}, {x, y}, {}, std::nullopt, false, true);
  return {value.detach(), gradients[0], gradients[1]};
}

}  // namespace

TEST_CASE("chains of elementwise operations, fused, keep their bits, for any number of threads") {
  const int threads = torch::get_num_threads();
  int64_t fewer = 0;
  for (unsigned seed = 0; seed < 150; ++seed) {
    CAPTURE(seed);
    const int64_t n = seed % 3 == 0 ? 4096 : 5000 + 331 * static_cast<int64_t>(seed);
    torch::manual_seed(seed);
    auto step = torch::compile([&](const Tensor& x, const Tensor& y) {
      const Outcome o = run(seed, x, y);
      return std::vector<Tensor>{o.value, o.gx, o.gy};
    });
    for (int call = 0; call < 6; ++call) {
      torch::set_num_threads(call % 2 == 0 ? 1 : 3);
      const Tensor x = torch::randn({n}).requires_grad_(), y = torch::randn({n}).requires_grad_();
      const Outcome expected = run(seed, x, y);
      const std::vector<Tensor> results = step(x, y);
      CHECK(same_bits(results[0], expected.value));
      CHECK(same_bits(results[1], expected.gx));
      CHECK(same_bits(results[2], expected.gy));
    }
    CHECK(step.why_not() == "");
    CHECK(step.statistics().replays == 3);
    fewer += step.statistics().launches < 12;
  }
  torch::set_num_threads(threads);
  CHECK(fewer > 20);  // chains there are
}

TEST_CASE("a backward pass joins the forward pass, past the loss and what it starts from") {
  const Tensor x = torch::randn({70001}).requires_grad_();
  const auto loss_of = [](const Tensor& x) { return (torch::tanh(x) * x + torch::sigmoid(x)).exp().mean(); };
  auto step = torch::compile([&] {
    x.mutable_grad() = Tensor();
    const Tensor loss = loss_of(x);
    loss.backward();
    return loss;
  });
  for (int call = 0; call < 6; ++call) {
    {
      const torch::NoGradGuard no_grad;
      x.add_(0.1);
    }
    const Tensor y = x.detach().clone().requires_grad_(), expected = loss_of(y), loss = step();
    expected.backward();
    CHECK(same_bits(loss, expected));
    CHECK(same_bits(x.grad(), y.grad()));
  }
  CHECK(step.statistics().replays == 3);
  CHECK(step.why_not() == "");
  CHECK(step.statistics().launches == 2);  // the chain, and before it the gradient of the loss
}

TEST_CASE("what is checked is checked before what stands behind it in a chain") {
  const torch::NoGradGuard no_grad;
  const Tensor total = torch::zeros({5000}), logits = torch::randn({3, 4});
  auto step = torch::compile([&](const Tensor& x, const Tensor& labels) {
    total.add_(x.exp());
    const Tensor loss = torch::nll_loss(logits, labels);
    total.add_(x.tanh());
    return loss;
  });
  const Tensor good = torch::tensor({0, 3, 1}), wrong = torch::tensor({0, 4, 1});
  for (int call = 0; call < 5; ++call) step(torch::randn({5000}), good.clone());
  REQUIRE(step.statistics().replays == 2);
  const Tensor x = torch::randn({5000}), expected = total + x.exp();
  CHECK_THROWS(step(x, wrong));
  CHECK(same_bits(total, expected));
}

TEST_CASE("what a fused chain leaves out of memory is nobody's result") {
  const torch::NoGradGuard no_grad;
  auto step = torch::compile([&](const Tensor& x) {
    const Tensor a = x.exp(), b = a * 2, c = b + x, d = c.tanh();
    return std::make_tuple(d, c.sum(), b);
  });
  for (int call = 0; call < 6; ++call) {
    const Tensor x = torch::randn({10000});
    const auto [d, sum, kept] = step(x);
    const Tensor b = x.exp() * 2, c = b + x;
    CHECK(torch::equal(d, c.tanh()));
    CHECK(torch::equal(sum, c.sum()));
    CHECK(torch::equal(kept, b));
  }
  CHECK(step.statistics().replays == 3);
}
