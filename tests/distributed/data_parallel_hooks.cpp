// What DistributedDataParallel does within backward: its hooks, those of the program, where gradients lie and in which order they go out.
#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include <xgrad/autograd/func/func.h>
#include <xgrad/autograd/kernels/launch.h>

#include "distributed/training.h"
#include "message.h"

using namespace xgrad;
namespace dist = xgrad::distributed;
using dist::DistributedDataParallel;
using dist::DistributedDataParallelOptions;

TEST_CASE("a hook gets each parameter when its average is there, and may take the step") {
  const Batch batch = whole_batch(2);
  manual_seed(4);
  nn::Sequential outside = make_net();
  DistributedDataParallel outer(outside, small_buckets());
  optim::Adam optimizer(outside->parameters(), 0.01);
  const auto inside = std::dynamic_pointer_cast<nn::SequentialImpl>(outside->clone());
  DistributedDataParallel inner(inside, small_buckets());
  std::map<const void*, std::unique_ptr<optim::Adam>> optimizers;
  for (const Tensor& p : inside->parameters())
    optimizers[p.unsafeGetTensorImpl()] = std::make_unique<optim::Adam>(std::vector<Tensor>{p}, optim::AdamOptions(0.01));
  std::vector<int64_t> order;
  const unsigned hook = inner.register_post_reduce_grad_hook([&](const Tensor& p) {
    CHECK_FALSE(GradMode::is_enabled());
    order.push_back(p.numel());
    optimizers.at(p.unsafeGetTensorImpl())->step();
    p.mutable_grad().reset();
  });
  nn::Sequential inside_net(inside);
  for (int step = 0; step < 4; ++step) {
    order.clear();
    optimizer.zero_grad();
    loss_of(outside, share_of(batch)).backward();
    optimizer.step();
    {
      const auto alone = inner.no_sync();
      autograd::backward({loss_of(inside_net, share_of(batch)) * 0}, {}, {}, false, {inside->parameters()[0]});
      CHECK(order.empty());
    }
    loss_of(inside_net, share_of(batch)).backward();
    CHECK(order.size() == inside->parameters().size());
    CHECK(same_everywhere(tensor(order)));
    for (size_t i = 0; i < inside->parameters().size(); ++i) {
      CHECK(same_bits(inside->parameters()[i].detach(), outside->parameters()[i].detach()));
      CHECK_FALSE(inside->parameters()[i].grad().defined());
    }
  }
  inner.remove_hook(hook);
  order.clear();
  loss_of(inside_net, share_of(batch)).backward();
  CHECK(order.empty());
  CHECK(inside->parameters()[0].grad().defined());
  CHECK(contains(message_of([&] { inner.remove_hook(hook); }), "[remove_hook] no hook has the position"));
}

TEST_CASE("a large weight is reduced by stretches of its rows, with the bits of the whole") {
  struct Run {
    std::vector<Tensor> gradients;
    size_t buckets;
  };
  const auto run = [](double megabytes) {
    manual_seed(5);
    nn::Sequential net(nn::Linear(96, 700), nn::ReLU(), nn::Linear(700, 640), nn::ReLU(), nn::Linear(640, 3));
    DistributedDataParallel parallel(net, DistributedDataParallelOptions().bucket_cap_mb(megabytes));
    Run result;
    for (int pass = 0; pass < 3; ++pass) {
      net->zero_grad(pass == 1);
      const Tensor x = drawn(dist::rank(), {80, 96}, static_cast<uint64_t>(pass));
      net->forward(x).square().mean().backward();
      for (const Tensor& p : net->parameters()) {
        result.gradients.push_back(p.grad().clone());
        CHECK(same_everywhere(p.grad()));
      }
    }
    const std::vector<Tensor> alone = autograd::grad({net->forward(drawn(dist::rank(), {80, 96}, 2)).square().mean()}, net->parameters());
    for (size_t i = 0; i < alone.size(); ++i) {
      dist::all_reduce(alone[i], dist::ReduceOp::Average);
      CHECK(allclose(alone[i], net->parameters()[i].grad(), 1e-4, 1e-7));
    }
    result.buckets = parallel.buckets();
    return result;
  };
  const Run whole = run(25), parts = run(0.25);
  if (dist::world_size() > 1) {
    CHECK(whole.buckets == 1);
    CHECK(parts.buckets >= 8);  // 1.8 and 0.27 MB
  }
  for (size_t i = 0; i < whole.gradients.size(); ++i) CHECK(same_bits(whole.gradients[i], parts.gradients[i]));
}

TEST_CASE("products add to gradients where they are reduced, and the rows that are complete go out before the node has run") {
  if (dist::world_size() == 1) return;
  nn::Linear net(512, 512);
  DistributedDataParallel parallel(net, DistributedDataParallelOptions().bucket_cap_mb(0.125));
  const Tensor x = drawn(dist::rank(), {64, 512});
  const auto pass = [&] { net(x).sum().backward(); };
  pass();
  pass();
  const void* const memory = net->weight.grad().data_ptr();
  struct Products final : kernels::LaunchObserver {
    void observe(const kernels::Launch& launch) override {
      if (std::string(launch.operation().name()) == "addmm_") ++count;
      launch();
    }
    int count = 0;
  } products;
  {
    const kernels::Observe observe(products);
    pass();
  }
  // Eight stretches of the weight, or four where OpenBLAS computes them, in blocks of 128 rows; and the bias.
  CHECK((products.count == 9 || products.count == 5));
  CHECK(net->weight.grad().data_ptr() == memory);
}

TEST_CASE("buckets follow the order in which gradients come, also where modules are registered in another") {
  struct BackwardsImpl : nn::Module {
    BackwardsImpl() {
      last = register_module("last", nn::Linear(20, 3));
      middle = register_module("middle", nn::Linear(40, 20));
      first = register_module("first", nn::Linear(12, 40));
    }
    Tensor forward(const Tensor& x) { return last(middle(first(x).tanh()).tanh()); }
    nn::Linear last{nullptr}, middle{nullptr}, first{nullptr};
  };
  const auto net = std::make_shared<BackwardsImpl>();
  DistributedDataParallel parallel(net, DistributedDataParallelOptions().bucket_cap_mb(1e-6));
  std::vector<int64_t> order;
  parallel.register_post_reduce_grad_hook([&order](const Tensor& p) { order.push_back(p.numel()); });
  for (int pass = 0; pass < 3; ++pass) {
    order.clear();
    net->forward(drawn(dist::rank(), {5, 12})).sum().backward();
    for (const Tensor& p : net->parameters()) CHECK(same_everywhere(p.grad()));
  }
  std::vector<int64_t> by_layer;
  for (size_t i = 0; i < order.size(); i += 2) by_layer.push_back(std::max(order[i], order[i + 1]));
  CHECK(by_layer == std::vector<int64_t>{60, 800, 480});
}

TEST_CASE("hooks of a program see the gradient of this rank alone, and may not take it away") {
  nn::Linear net(3, 1);
  DistributedDataParallel parallel(net);
  const Tensor x = full({2, 3}, static_cast<double>(dist::rank()));
  Tensor own;
  net->weight.register_hook([&own](const Tensor& g) { own = g.clone(); });
  net(x).sum().backward();
  CHECK(own[0][0].item<float>() == 2 * static_cast<float>(dist::rank()));
  CHECK(net->weight.grad()[0][0].item<float>() == doctest::Approx(dist::world_size() - 1));
  if (dist::world_size() == 1) return;
  nn::Linear taken(3, 1);
  DistributedDataParallel refused(taken);
  taken->weight.register_post_accumulate_grad_hook([](const Tensor& leaf) { leaf.mutable_grad().reset(); });
  CHECK(contains(message_of([&] { taken(x).sum().backward(); }),
                 "the gradient of weight was taken away before it was reduced: what a hook does with it is for register_post_reduce_grad_hook()"));
  dist::barrier();
}

TEST_CASE("a wrapped module that gets another dtype is told so, one that is frozen for a while stays wrapped") {
  nn::Sequential net(nn::Linear(3, 2), nn::Linear(2, 1));
  auto parallel = std::make_unique<DistributedDataParallel>(net);
  const Tensor x = drawn(dist::rank(), {4, 3});
  const auto pass = [&] { net->forward(x.to(net->parameters()[0].dtype())).sum().backward(); };
  pass();
  for (const Tensor& p : net->parameters()) p.set_requires_grad(false);
  for (const Tensor& p : net->parameters()) p.set_requires_grad(true);
  net->zero_grad();
  pass();
  for (const Tensor& p : net->parameters()) CHECK(same_everywhere(p.grad()));
  if (dist::world_size() == 1) return;
  CHECK(contains(message_of([&] { DistributedDataParallel again(net); }),
                 "[DistributedDataParallel] parameter 0.weight is in another DistributedDataParallel, which must end before"));
  net->to(kDouble);
  net->zero_grad(true);
  CHECK(contains(message_of(pass), "when the module was wrapped: wrap it after to()"));
  parallel.reset();
  parallel = std::make_unique<DistributedDataParallel>(net);
  net->zero_grad(true);
  pass();
  for (const Tensor& p : net->parameters()) CHECK(same_everywhere(p.grad()));
}

TEST_CASE("a compiled step that reduces runs as written, and says so") {
  nn::Linear net(3, 1);
  DistributedDataParallel parallel(net);
  optim::SGD optimizer(net->parameters(), 0.1);
  auto step = compile([&](const Tensor& x) {
    optimizer.zero_grad();
    const Tensor loss = net(x).square().sum();
    loss.backward();
    optimizer.step();
    return loss;
  });
  for (uint64_t i = 0; i < 6; ++i) {
    step(drawn(dist::rank(), {2, 3}, i));
    CHECK(same_everywhere(net->weight.detach()));
  }
  if (dist::world_size() > 1) CHECK(contains(step.why_not(), "[DistributedDataParallel]"));
  else CHECK(step.statistics().replays == 3);
}

TEST_CASE("a hook that throws ends the pass, and the next one says so") {
  if (dist::world_size() == 1) return;
  nn::Sequential net = make_net();
  DistributedDataParallel parallel(net, small_buckets());
  parallel.register_post_reduce_grad_hook([](const Tensor&) { throw Error("no step"); });
  CHECK(message_of([&] { loss_of(net, share_of(whole_batch(1))).backward(); }) == "no step");
  CHECK(contains(message_of([&] { loss_of(net, share_of(whole_batch(1))).backward(); }), "an earlier backward pass failed on rank"));
  dist::barrier();
}

TEST_CASE("backward passes inside backward, as checkpoints make them") {
  manual_seed(6);
  nn::Linear first(12, 30), second(30, 30), last(30, 3);
  nn::Sequential net(first, second, last);
  DistributedDataParallel parallel(net, small_buckets());
  const Batch batch = share_of(whole_batch(3));
  const auto middle = [&](const Tensor& x) { return second(x).tanh(); };
  for (int pass = 0; pass < 3; ++pass) {
    net->zero_grad(pass == 1);
    last(func::checkpoint(middle, first(batch.x).tanh())).square().mean().backward();
    const std::vector<Tensor> alone = autograd::grad({last(middle(first(batch.x).tanh())).square().mean()}, net->parameters());
    for (size_t i = 0; i < alone.size(); ++i) {
      dist::all_reduce(alone[i], dist::ReduceOp::Average);
      CHECK(allclose(alone[i], net->parameters()[i].grad(), 1e-4, 1e-6));
    }
  }
}
