// Data parallel training against one rank that has the whole batch.
#include <doctest/doctest.h>

#include <memory>
#include <string>
#include <vector>

#include "distributed/training.h"
#include "message.h"

using namespace xgrad;
namespace dist = xgrad::distributed;
using dist::DistributedDataParallel;
using dist::DistributedDataParallelOptions;

namespace {

bool close(nn::Module& a, nn::Module& b, double tolerance) {
  const std::vector<Tensor> p = a.parameters(), q = b.parameters();
  for (size_t i = 0; i < p.size(); ++i)
    if (!allclose(p[i], q[i], tolerance, tolerance)) return false;
  return true;
}

/// Two branches, of which forward takes those asked for.
struct BranchesImpl : nn::Module {
  BranchesImpl() {
    a = register_module("a", nn::Linear(4, 2));
    b = register_module("b", nn::Linear(4, 2));
    c = register_module("c", nn::Linear(4, 2));
  }
  Tensor forward(const Tensor& x, bool with_a, bool with_b) {
    Tensor y = zeros({x.size(0), 2});
    if (with_a) y = y + a(x);
    if (with_b) y = y + b(x);
    return y;
  }
  nn::Linear a{nullptr}, b{nullptr}, c{nullptr};
};
TORCH_MODULE(Branches);

}  // namespace

TEST_CASE("ranks with a share each train as one with the whole batch, to rounding, and hold the same bits at each of 200 steps") {
  for (const auto& [dtype, by_momentum] : {std::pair(kFloat, true), std::pair(kFloat, false), std::pair(kDouble, true), std::pair(kDouble, false)}) {
    manual_seed(dist::rank());  // rank 0's parameters are taken
    nn::Sequential net = make_net();
    net->to(dtype);
    manual_seed(0);
    nn::Sequential single = make_net();
    single->to(dtype);
    DistributedDataParallel parallel(net, small_buckets());
    if (dist::world_size() > 1) CHECK(parallel.buckets() == (dtype == kFloat ? 3 : 4));
    CHECK(dist::parameter_hash(*net) == dist::parameter_hash(*single));
    const auto optimizer_of = [momentum = by_momentum](nn::Sequential& of) -> std::unique_ptr<optim::Optimizer> {
      if (momentum) return std::make_unique<optim::SGD>(of->parameters(), optim::SGDOptions(0.05).momentum(0.9));
      return std::make_unique<optim::Adam>(of->parameters(), optim::AdamOptions(1e-3));
    };
    const auto optimizer = optimizer_of(net), single_optimizer = optimizer_of(single);
    int64_t different = 0;
    for (uint64_t step = 0; step < 200; ++step) {
      const Batch drawn = whole_batch(step), batch{drawn.x.to(dtype), drawn.y.to(dtype)};
      optimizer->zero_grad(step % 2 == 0);
      loss_of(net, share_of(batch)).backward();
      optimizer->step();
      single_optimizer->zero_grad();
      loss_of(single, batch).backward();
      single_optimizer->step();
      if (step < 10) CHECK(close(*net, *single, 1e-5));
      const Tensor hash = tensor(static_cast<int64_t>(dist::parameter_hash(*net)));
      const Tensor hashes = dist::all_gather(hash);
      different += hashes.ne(hashes[0]).sum().item<int64_t>();
    }
    CHECK(different == 0);
    if (dtype == kDouble) CHECK(close(*net, *single, 1e-9));  // in floats rounding grows to what a training tells apart
    dist::check_same_parameters(*net);
  }
}

TEST_CASE("the gradient is the average over ranks, with the same bits whatever the size of buckets") {
  std::vector<Tensor> first;
  for (const double megabytes : {1e-6, 0.004, 25.0}) {
    manual_seed(3);
    nn::Sequential net = make_net();
    DistributedDataParallel parallel(net, DistributedDataParallelOptions().bucket_cap_mb(megabytes));
    const Batch batch = whole_batch(1);
    loss_of(net, share_of(batch)).backward();
    std::vector<Tensor> whole = autograd::grad({loss_of(net, batch)}, net->parameters());
    const std::vector<Tensor> parameters = net->parameters();
    for (size_t i = 0; i < whole.size(); ++i) {
      CHECK(allclose(parameters[i].grad(), whole[i], 1e-5, 1e-6));
      CHECK(same_everywhere(parameters[i].grad()));
      if (first.size() < whole.size()) first.push_back(parameters[i].grad().clone());
      CHECK(same_bits(parameters[i].grad(), first[i]));
    }
  }
}

TEST_CASE("no_sync keeps gradients at home until the pass without it") {
  nn::Sequential net = make_net();
  DistributedDataParallel parallel(net, small_buckets());
  const Tensor weight = net->parameters()[0];
  const Batch first = whole_batch(1), second = whole_batch(2);
  {
    const auto alone = parallel.no_sync();
    loss_of(net, share_of(first)).backward();
    if (dist::world_size() > 1) CHECK_FALSE(same_everywhere(weight.grad()));
  }
  loss_of(net, share_of(second)).backward();
  CHECK(same_everywhere(weight.grad()));
  const Tensor both = autograd::grad({loss_of(net, first) + loss_of(net, second)}, {weight})[0];
  CHECK(allclose(weight.grad(), both, 1e-5, 1e-6));
  // And several reduced passes add up too.
  loss_of(net, share_of(first)).backward();
  CHECK(allclose(weight.grad(), both + autograd::grad({loss_of(net, first)}, {weight})[0], 1e-5, 1e-6));
}

TEST_CASE("parameters that some ranks don't use count as zeros, those that none uses stay without a gradient") {
  Branches net;
  DistributedDataParallel parallel(net, DistributedDataParallelOptions().bucket_cap_mb(1e-6));
  const bool last = dist::rank() == dist::world_size() - 1;
  const Tensor x = drawn(dist::rank(), {5, 4});
  for (int pass = 0; pass < 2; ++pass) {
    net->zero_grad(true);
    net->forward(x, true, last).sum().backward();
    CHECK_FALSE(net->c->weight.grad().defined());
    REQUIRE(net->b->weight.grad().defined());
    const float ranks = static_cast<float>(dist::world_size());
    CHECK(net->b->bias.grad()[0].item<float>() == doctest::Approx(5 / ranks));
    CHECK(net->a->bias.grad()[0].item<float>() == doctest::Approx(5));
    CHECK(same_everywhere(net->b->weight.grad()));
  }
}

TEST_CASE("clipping over the whole norm does the same on every rank as on one") {
  nn::Sequential net = make_net();
  DistributedDataParallel parallel(net, small_buckets());
  const Batch batch = whole_batch(5);
  (loss_of(net, share_of(batch)) * 100).backward();
  const std::vector<Tensor> whole = autograd::grad({loss_of(net, batch) * 100}, net->parameters());
  const double norm = nn::utils::clip_grad_norm_(net->parameters(), 0.5);
  CHECK(norm == doctest::Approx(nn::utils::get_total_norm(whole)).epsilon(1e-5));
  for (const Tensor& p : net->parameters()) CHECK(same_everywhere(p.grad()));
}

TEST_CASE("dropout draws other masks on each rank") {
  dist::manual_seed_by_rank(7);
  const Tensor mask = dropout(ones({64}), 0.5, true);
  const Tensor masks = dist::all_gather(mask);
  for (int64_t r = 1; r < dist::world_size(); ++r) CHECK_FALSE(equal(masks[r], masks[r - 1]));
  manual_seed(7);
  const Tensor alone = dropout(ones({64}), 0.5, true);
  CHECK(equal(masks[0], alone));
}

TEST_CASE("buffers become those of rank 0 with each reduced pass") {
  nn::Sequential net(nn::Linear(6, 8), nn::BatchNorm1d(8), nn::Linear(8, 1));
  DistributedDataParallel parallel(net);
  for (int pass = 0; pass < 3; ++pass) net->forward(drawn(dist::rank(), {10, 6}, pass)).pow(2).mean().backward();
  for (const Tensor& b : net->buffers()) CHECK(same_everywhere(b.to(kFloat)));
  CHECK(net->buffers().back().item<int64_t>() == 3);
  dist::check_same_parameters(*net);
}

TEST_CASE("float64 and float32 parameters side by side, frozen ones and a shared one") {
  struct MixedImpl : nn::Module {
    MixedImpl() {
      w = register_parameter("w", ones({3}));
      d = register_parameter("d", ones({3}, kDouble));
      frozen = register_parameter("frozen", full({3}, static_cast<double>(dist::rank()), kFloat), false);
    }
    Tensor w, d, frozen;
  };
  const auto net = std::make_shared<MixedImpl>();
  DistributedDataParallel parallel(net);
  CHECK(net->frozen[0].item<float>() == 0);
  const double mine = dist::rank() + 1;
  ((net->w * net->w).sum() * mine + (net->d * mine).sum() + net->frozen.sum()).backward();
  const double mean = (dist::world_size() + 1) / 2.0;
  CHECK(net->d.grad().dtype() == kDouble);
  CHECK(net->d.grad()[1].item<double>() == doctest::Approx(mean));
  CHECK(net->w.grad()[1].item<float>() == doctest::Approx(2 * mean));
  CHECK_FALSE(net->frozen.grad().defined());
}

TEST_CASE("grad() reduces nothing") {
  nn::Sequential net = make_net();
  DistributedDataParallel parallel(net);
  if (dist::rank() == 0) CHECK(autograd::grad({loss_of(net, whole_batch(0))}, net->parameters()).size() == 6);
  dist::barrier();
}

TEST_CASE("ranks that disagree are told so, on all ranks") {
  if (dist::world_size() == 1) return;
  const int last = dist::world_size() - 1;
  const auto said = [](nn::Sequential net) { return message_of([&] { DistributedDataParallel parallel(net); }); };
  const std::string who = "[DistributedDataParallel] rank " + std::to_string(last) + " differs from rank 0 at parameter ";
  CHECK(said(nn::Sequential(nn::Linear(4, dist::rank() == last ? 3 : 2))) ==
        who + "0: it has 0.weight [3, 4] Float, rank 0 has 0.weight [2, 4] Float");
  nn::Sequential longer(nn::Linear(4, 2));
  if (dist::rank() == last) longer->push_back(nn::Linear(2, 2));
  CHECK(said(longer) == who + "2: it has 1.weight [2, 2] Float, rank 0 has none");
  CHECK(message_of([&] {
          DistributedDataParallel parallel(nn::Linear(4, 2), DistributedDataParallelOptions().bucket_cap_mb(dist::rank() == last ? 2 : 1));
        }) == "[DistributedDataParallel] rank " + std::to_string(last) +
                  " differs from rank 0 at option 0: it has bucket_cap_mb 2, rank 0 has bucket_cap_mb 1");
  nn::Sequential frozen(nn::Linear(4, 2));
  if (dist::rank() == last) frozen->parameters()[1].set_requires_grad(false);
  CHECK(said(frozen) == who + "1: it has 0.bias [2] Float that is not trained, rank 0 has 0.bias [2] Float");
  CHECK(contains(message_of([&] {
                   nn::Linear net(2, 2);
                   const NoGradGuard no_grad;
                   net->bias.fill_(dist::rank() == last ? 1 : 0);
                   net->weight.fill_(1);
                   dist::check_same_parameters(*net);
                 }),
                 "differs from rank 0 at tensor 1: it has bias with hash"));
}

TEST_CASE("refused: gradients that were recorded, a failed pass going on") {
  if (dist::world_size() == 1) return;
  nn::Linear net(3, 1);
  DistributedDataParallel parallel(net);
  CHECK(contains(message_of([&] { net(ones({2, 3})).pow(2).sum().backward({}, true, true); }), "gradients of gradients are not reduced"));
  CHECK(contains(message_of([&] { net(ones({2, 3})).sum().backward(); }), "an earlier backward pass failed on rank"));
  dist::barrier();
}

TEST_CASE("rank 0 alone, and what it throws") {
  int called = 0;
  dist::on_rank_0([&] { ++called; });
  CHECK(called == (dist::rank() == 0));
  CHECK(contains(message_of([] { dist::on_rank_0([] { throw Error("the disk is full"); }); }), "the disk is full"));
}

TEST_CASE("a job is joined once") {
  CHECK(message_of([] { dist::init(); }) == "[init] the process is in a job already");
}
