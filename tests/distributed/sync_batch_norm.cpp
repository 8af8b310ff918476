// Batch normalisation over all ranks against one rank that has the whole batch.
#include <doctest/doctest.h>

#include "distributed/ranks.h"
#include "message.h"

using namespace xgrad;
namespace dist = xgrad::distributed;

namespace {

/// Rows of the whole batch, some ranks having more than others: rank r has r + 1 times two.
Tensor share_of(const Tensor& whole) {
  const int64_t r = dist::rank();
  return whole.narrow(0, r * (r + 1), 2 * (r + 1));
}
int64_t whole_rows() { return dist::world_size() * (dist::world_size() + 1); }

template <class Layer> void compare(Layer layer, IntArrayRef row_sizes) {
  Dims sizes(row_sizes);
  sizes.insert(0, whole_rows());
  const Tensor whole_x = drawn(0, sizes) * 3 + 100, weights = drawn(1, sizes);
  const auto reference = std::dynamic_pointer_cast<typename Layer::ContainedType>(layer->clone());
  REQUIRE(dist::convert_sync_batchnorm(*layer) == 1);

  const Tensor x = share_of(whole_x).clone().set_requires_grad(true), x0 = whole_x.clone().set_requires_grad(true);
  const Tensor y = layer->forward(x), y0 = reference->forward(x0);
  CHECK(allclose(y, share_of(y0.detach()), 1e-3, 1e-4));
  (y.pow(3) * share_of(weights)).sum().backward();
  (y0.pow(3) * weights).sum().backward();
  CHECK(allclose(x.grad(), share_of(x0.grad()), 2e-3, 2e-3));
  if (layer->weight.defined()) {
    dist::all_reduce(layer->weight.grad());
    dist::all_reduce(layer->bias.grad());
    CHECK(allclose(layer->weight.grad(), reference->weight.grad(), 1e-3, 1e-2));
    CHECK(allclose(layer->bias.grad(), reference->bias.grad(), 1e-3, 1e-2));
  }
  if (layer->running_mean.defined()) {
    CHECK(allclose(layer->running_mean, reference->running_mean, 1e-5, 1e-5));
    CHECK(allclose(layer->running_var, reference->running_var, 1e-4, 1e-5));
    CHECK(same_everywhere(layer->running_var));
  }
  // Evaluation is each rank's own affair.
  layer->eval();
  reference->eval();
  if (layer->running_mean.defined() && dist::rank() == 0) CHECK(allclose(layer->forward(x), share_of(reference->forward(whole_x)), 1e-3, 1e-4));
}

}  // namespace

TEST_CASE("moments, derivatives and running statistics are those of the whole batch, with shares of different sizes") {
  compare(nn::BatchNorm1d(4), {4});
  compare(nn::BatchNorm1d(nn::BatchNormOptions(3).affine(false)), {3, 5});
  compare(nn::BatchNorm2d(3), {3, 4, 2});
  compare(nn::BatchNorm2d(nn::BatchNormOptions(2).momentum(std::nullopt)), {2, 3, 3});
  compare(nn::BatchNorm3d(nn::BatchNormOptions(2).track_running_stats(false)), {2, 2, 2, 2});
}

TEST_CASE("a rank with an empty share, or with one value per channel") {
  nn::BatchNorm1d layer(2);
  dist::convert_sync_batchnorm(*layer);
  const bool last = dist::rank() == dist::world_size() - 1;
  const Tensor x = drawn(dist::rank(), {last && dist::world_size() > 1 ? 0 : 3, 2});
  const Tensor y = layer(x);
  y.sum().backward();
  const Tensor all = dist::all_gather_rows(y.detach());
  CHECK(allclose(all.mean(0), zeros({2}), 1e-5, 1e-5));
  CHECK(same_everywhere(layer->running_mean));
  const auto one_row = [&] { layer(ones({1, 2})); };
  if (dist::world_size() == 1) CHECK(contains(message_of(one_row), "Expected more than 1 value per channel"));
  else one_row();
}

TEST_CASE("every layer of a net is converted, clones are too, and what they train is one model") {
  manual_seed(5);
  nn::Sequential net(nn::Conv2d(1, 3, 3), nn::BatchNorm2d(3), nn::ReLU(), nn::Flatten(), nn::Linear(48, 6), nn::BatchNorm1d(6), nn::Linear(6, 1));
  const auto reference = std::dynamic_pointer_cast<nn::SequentialImpl>(net->clone());
  CHECK(dist::convert_sync_batchnorm(*net) == 2);
  const auto copy = std::dynamic_pointer_cast<nn::SequentialImpl>(net->clone());
  dist::DistributedDataParallel parallel(net);
  optim::SGD optimizer(net->parameters(), 0.05), reference_optimizer(reference->parameters(), 0.05);
  for (uint64_t step = 0; step < 5; ++step) {
    const int64_t rows = 4 * dist::world_size();
    const Tensor x = drawn(0, {rows, 1, 6, 6}, step), mine = x.narrow(0, 4 * dist::rank(), 4);
    optimizer.zero_grad();
    net->forward(mine).pow(2).mean().backward();
    optimizer.step();
    reference_optimizer.zero_grad();
    reference->forward(x).pow(2).mean().backward();
    reference_optimizer.step();
    dist::check_same_parameters(*net);
  }
  for (size_t i = 0; i < net->parameters().size(); ++i) CHECK(allclose(net->parameters()[i], reference->parameters()[i], 1e-3, 1e-4));
  CHECK(copy->ptr<nn::BatchNorm2dImpl>(1)->moments != nullptr);
}

TEST_CASE("derivatives of any order go through all_gather") {
  const Tensor x = full({2}, dist::rank() + 1.0, TensorOptions().dtype(kDouble).requires_grad(true));
  const Tensor all = dist::differentiable_all_gather(x, dist::world());
  // The sum over ranks of (sum of all)^2: each rank's loss is the same, so the gradient is counted once for each.
  const Tensor g = autograd::grad({all.sum().pow(2)}, {x}, {}, true, true)[0];
  const double ranks = dist::world_size(), sum = ranks * (ranks + 1);
  CHECK(g[0].item<double>() == doctest::Approx(2 * sum * ranks));
  const Tensor gg = autograd::grad({g.sum()}, {x})[0];
  CHECK(gg[1].item<double>() == doctest::Approx(2 * 2 * ranks * ranks));
}
