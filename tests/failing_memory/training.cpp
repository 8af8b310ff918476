// A step of training that runs out of memory has not happened.
#include <doctest/doctest.h>

#include <signal.h>

#include <memory>
#include <vector>

#include <xgrad/xgrad.h>

#include "failing_memory/failing_allocation.h"

using namespace xgrad;
using failing::Kind;
using failing::Outcome;

namespace {

std::vector<Tensor> copies(const std::vector<Tensor>& tensors) {
  std::vector<Tensor> copies;
  for (const Tensor& t : tensors) copies.push_back(t.detach().clone());
  return copies;
}

bool same(const std::vector<Tensor>& a, const std::vector<Tensor>& b) {
  bool equal = a.size() == b.size();
  for (size_t i = 0; equal && i < a.size(); ++i) equal = a[i].equal(b[i]);
  return equal;
}

struct Training {
  nn::Sequential net{nn::Linear(20, 60), nn::ReLU(), nn::Linear(60, 40), nn::Tanh(), nn::Linear(40, 5)};
  std::unique_ptr<optim::Optimizer> optimizer;
  Tensor x = randn({64, 20}), labels = randint(5, {64}, kLong);

  void step() {
    optimizer->zero_grad();
    const Tensor y = net->forward(x);
    const Tensor loss = nn::functional::cross_entropy(y, labels) + 0.01 * (y * y.mean({0}, true)).var();
    loss.backward();
    optimizer->step();
  }
  // Everything a step changes for good.
  std::vector<Tensor> state() const { return copies(net->parameters()); }
};

template <class Optimizer, class Options> std::unique_ptr<Training> training(const Options& options) {
  manual_seed(3);
  auto t = std::make_unique<Training>();
  t->optimizer = std::make_unique<Optimizer>(t->net->parameters(), options);
  return t;
}

sigset_t signal_mask() {
  sigset_t mask;
  sigemptyset(&mask);
  pthread_sigmask(SIG_SETMASK, nullptr, &mask);
  return mask;
}

// First and second steps: the second finds state that the first has made.
template <class Optimizer, class Options> int64_t fail_in_steps(const Options& options, int steps_before) {
  auto untouched = training<Optimizer>(options);
  for (int i = 0; i < steps_before; ++i) untouched->step();
  const std::vector<Tensor> before = untouched->state();
  untouched->step();
  const std::vector<Tensor> after = untouched->state();
  untouched->step();
  const std::vector<Tensor> after_two = untouched->state();
  untouched.reset();

  return failing::for_each_allocation([&](int64_t n, Kind kind) {
    auto t = training<Optimizer>(options);
    for (int i = 0; i < steps_before; ++i) t->step();
    t->optimizer->zero_grad(true);
    const MemoryStats live = memory_stats();
    bool happened;
    const Outcome outcome = failing::attempt(n, kind, happened, [&] { t->step(); });
    if (outcome == Outcome::kDone) {
      CHECK(same(t->state(), after));
      t->step();
      CHECK(same(t->state(), after_two));
      return happened;
    }
    CHECK(happened);
    CHECK(same(t->state(), before));
    t->step();
    CHECK(same(t->state(), after));
    t->step();
    CHECK(same(t->state(), after_two));
    // What the failed attempt left is what a step leaves: gradients, their nodes and the optimizer's state.
    const MemoryStats now = memory_stats();
    CHECK(now.live_tensors - live.live_tensors <= 6 * 4);
    CHECK(now.live_nodes == live.live_nodes);
    return happened;
  });
}

}  // namespace

TEST_CASE("a step of training whose n-th allocation fails has changed nothing, and then succeeds with the same bits") {
  const auto sgd = optim::SGDOptions(0.1).momentum(0.9).dampening(0.5);
  CHECK(fail_in_steps<optim::SGD>(sgd, 0) > 100);
  fail_in_steps<optim::SGD>(sgd, 1);
  fail_in_steps<optim::Adam>(optim::AdamOptions(0.01).amsgrad(true), 0);
  fail_in_steps<optim::Adam>(optim::AdamOptions(0.01).amsgrad(true), 1);
}

TEST_CASE("large tensors whose memory fails leave nothing behind") {
  const Tensor expected = ones({60, 300}).mul(2).sum({0});
  const MemoryStats before = memory_stats();
  const int64_t allocations = failing::for_each_allocation([&](int64_t n, Kind kind) {
    bool happened;
    Tensor y;
    const Outcome outcome = failing::attempt(n, kind, happened, [&] {
      const Tensor x = ones({60, 300}).requires_grad_(), view = x.t().slice(0, 5);
      (x.t() * 2).t().sum({0}).sum().backward();
      y = x.grad().sum({0});
    });
    if (outcome == Outcome::kDone) CHECK(y.equal(expected));
    y.reset();
    CHECK(memory_stats().live_tensors == before.live_tensors);
    CHECK(memory_stats().live_nodes == before.live_nodes);
    CHECK(memory_stats().live_bytes == before.live_bytes);
    return happened;
  });
  CHECK(allocations > 20);
}

TEST_CASE("a pool that cannot start its threads leaves the caller's signals as they were") {
  const int threads = get_num_threads();
  const Tensor x = ones({1000, 1000});
  const Tensor expected = x + 1;
  int more = 20;  // more threads than any region before
  failing::for_each_allocation([&](int64_t n, Kind kind) {
    bool happened;
    set_num_threads(more);
    const sigset_t before = signal_mask();
    Tensor y;
    const Outcome outcome = failing::attempt(n, kind, happened, [&] { y = x + 1; });
    const sigset_t now = signal_mask();
    for (const int signal : {SIGINT, SIGTERM, SIGUSR1, SIGALRM}) CHECK(sigismember(&now, signal) == sigismember(&before, signal));
    if (outcome == Outcome::kDone) CHECK(y.equal(expected));
    ++more;
    return happened && n < 60;
  });
  set_num_threads(threads);
}
