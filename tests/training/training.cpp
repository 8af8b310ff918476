// Whole training runs: what must hold of them whatever the network.
#include <doctest/doctest.h>

#include <cstring>
#include <sstream>
#include <vector>

#include <xgrad/xgrad.h>

using namespace xgrad;

namespace {

nn::Sequential make_net() {
  return nn::Sequential(nn::Linear(100, 300), nn::ReLU(), nn::Dropout(0.2), nn::Linear(300, 200), nn::Tanh(), nn::Linear(200, 10));
}

// Classes by the largest of ten sums of features.
struct Batches {
  Tensor x = randn({512, 100});
  Tensor y = x.view({512, 10, 10}).sum(2).argmax(1);
  std::pair<Tensor, Tensor> operator[](int64_t i) const {
    const int64_t start = i % 4 * 128;
    return {x.narrow(0, start, 128), y.narrow(0, start, 128)};
  }
};

void train(nn::Sequential& net, optim::Optimizer& optimizer, const Batches& batches, int64_t first, int64_t last) {
  for (int64_t i = first; i < last; ++i) {
    const auto [x, y] = batches[i];
    optimizer.zero_grad();
    nn::functional::cross_entropy(net->forward(x), y).backward();
    optimizer.step();
  }
}

std::vector<char> bits(const nn::Sequential& net) {
  std::vector<char> all;
  for (const Tensor& p : net->parameters()) {
    const Tensor c = p.detach().contiguous();
    const char* data = static_cast<const char*>(c.data_ptr());
    all.insert(all.end(), data, data + c.nbytes());
  }
  return all;
}

std::vector<char> trained_bits(int threads) {
  const int before = get_num_threads();
  set_num_threads(threads);
  manual_seed(7);
  const Batches batches;
  nn::Sequential net = make_net();
  optim::Adam optimizer(net->parameters(), optim::AdamOptions(1e-3));
  train(net, optimizer, batches, 0, 12);
  set_num_threads(before);
  return bits(net);
}

}  // namespace

TEST_CASE("training gives the same bits on any number of threads") {
  const std::vector<char> one = trained_bits(1);
  REQUIRE(!one.empty());
  CHECK(one == trained_bits(2));
  CHECK(one == trained_bits(3));
  CHECK(one == trained_bits(8));
}

TEST_CASE("training learns") {
  manual_seed(7);
  const Batches batches;
  nn::Sequential net = make_net();
  optim::Adam optimizer(net->parameters(), optim::AdamOptions(1e-3));
  train(net, optimizer, batches, 0, 120);
  net->eval();
  NoGradGuard no_grad;
  const double accuracy = (net->forward(batches.x).argmax(1) == batches.y).to(kFloat).mean().item<double>();
  CHECK(accuracy > 0.95);
}

TEST_CASE("stopped, saved, loaded and resumed, a run gives the bits of the run that was not stopped") {
  manual_seed(3);
  const Batches batches;
  nn::Sequential net(nn::Linear(100, 50), nn::Tanh(), nn::Linear(50, 10));
  optim::Adam optimizer(net->parameters(), optim::AdamOptions(1e-2).amsgrad(true));
  train(net, optimizer, batches, 0, 10);
  std::stringstream model, state;
  save(net, model);
  save(optimizer, state);
  train(net, optimizer, batches, 10, 20);

  nn::Sequential resumed(nn::Linear(100, 50), nn::Tanh(), nn::Linear(50, 10));
  optim::Adam resumed_optimizer(resumed->parameters(), optim::AdamOptions(1));
  load(resumed, model);
  load(resumed_optimizer, state);
  train(resumed, resumed_optimizer, batches, 10, 20);
  CHECK(bits(net) == bits(resumed));
}

TEST_CASE("a long run holds as much memory after 10,000 steps as after 100, and leaves nothing alive") {
  const MemoryStats before = memory_stats();
  {
    manual_seed(1);
    nn::Sequential net(nn::Linear(2, 16), nn::ReLU(), nn::Dropout(0.1), nn::Linear(16, 2));
    optim::Adam optimizer(net->parameters(), optim::AdamOptions(1e-3));
    const Tensor x = randn({32, 2}), y = randint(2, {32});
    const auto steps = [&](int n) {
      for (int i = 0; i < n; ++i) {
        optimizer.zero_grad();
        nn::functional::cross_entropy(net->forward(x), y).backward();
        optimizer.step();
      }
    };
    steps(100);
    const MemoryStats early = memory_stats();
    steps(9900);
    const MemoryStats late = memory_stats();
    CHECK(late.live_tensors == early.live_tensors);
    CHECK(late.live_nodes == early.live_nodes);
    CHECK(late.live_bytes == early.live_bytes);
    CHECK(late.cached_bytes == early.cached_bytes);
#if !defined(__SANITIZE_ADDRESS__)
    CHECK(late.system_allocations == early.system_allocations);
#endif
  }
  const MemoryStats after = memory_stats();
  CHECK(after.live_tensors == before.live_tensors);
  CHECK(after.live_nodes == before.live_nodes);
  CHECK(after.live_bytes == before.live_bytes);
}
