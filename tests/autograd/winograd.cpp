// Convolutions by Winograd's algorithm against direct ones, which convolution.cpp holds against their definition.
#include <array>
#include <limits>
#include <random>
#include <vector>

#include <doctest/doctest.h>

#include <xgrad/xgrad.h>

#include "autograd/instruction_sets.h"

using namespace torch;
using namespace xgrad::test;

namespace {

// The algorithm is on again afterwards.
struct Directly {
  Directly() { set_winograd_enabled(false); }
  ~Directly() { set_winograd_enabled(true); }
};

struct Layer {
  Tensor x, w, b;
  std::vector<int64_t> padding;
  int64_t groups = 1;

  Tensor result(ScalarType dtype) const { return conv2d(x.to(dtype), w.to(dtype), b.to(dtype), 1, padding, 1, groups); }

  // The result and the gradients by image, weight and bias.
  std::vector<Tensor> all(const Tensor& gy, ScalarType dtype = kFloat) const {
    const auto leaf = [dtype](const Tensor& t) { return t.to(dtype).detach().clone().requires_grad_(); };
    const Tensor image = leaf(x), weight = leaf(w), bias = leaf(b);
    const Tensor y = conv2d(image, weight, bias, 1, padding, 1, groups);
    y.backward(gy.to(dtype));
    return {y.detach(), image.grad(), weight.grad(), bias.grad()};
  }
};

using Size = std::array<int64_t, 2>;

Layer layer(int64_t batch, int64_t in, int64_t out, Size image, Size kernel, Size padding, int64_t groups = 1) {
  return {randn({batch, groups * in, image[0], image[1]}), randn({groups * out, in, kernel[0], kernel[1]}), randn({groups * out}),
          std::vector<int64_t>(padding.begin(), padding.end()), groups};
}

double error(const Tensor& found, const Tensor& expected) { return (found.to(kDouble) - expected).abs().max().item<double>(); }

bool equal_or_nan(const Tensor& a, const Tensor& b) { return a.sizes() == b.sizes() && a.allclose(b, 0, 0, /*equal_nan=*/true); }

}  // namespace

TEST_CASE("Winograd's convolutions are as exact as direct ones, but for a factor of 4") {
  std::mt19937 random(5);
  manual_seed(5);
  const auto from = [&](int64_t low, int64_t high) { return low + static_cast<int64_t>(random() % static_cast<uint64_t>(high - low + 1)); };
  const Size kernels[] = {{3, 3}, {1, 3}, {1, 5}};
  for (int trial = 0; trial < 36; ++trial) {
    CAPTURE(trial);
    // Tiles that are not all whole, and channels that fill no whole number of strips of 16 or blocks of 64. Few channels only where there are
    // enough taps, which the algorithm needs to pay.
    const Size kernel = kernels[trial % 3], padding{from(0, 3), from(0, 3)};
    const Size image{from(12, 40), trial % 6 == 0 ? from(190, 260) : from(12, 40)};
    const int64_t least = kernel[0] == 1 ? 32 : 16;
    const Layer l = layer(from(2, 4), from(least, 80), from(least, 140), image, kernel, padding, from(1, 2));
    const Tensor gy = randn_like(l.result(kFloat));
    const std::vector<Tensor> exact = l.all(gy, kDouble), found = l.all(gy);
    const Directly directly;
    const std::vector<Tensor> direct = l.all(gy);
#ifdef __x86_64__
    CHECK(found[0].equal(direct[0]) == (kernels::instruction_set() == kernels::InstructionSet::kBaseline));
#endif
    for (size_t i = 0; i < found.size(); ++i) {
      CAPTURE(i);
      CHECK(found[i].sizes() == exact[i].sizes());
      CHECK(error(found[i], exact[i]) <= 4 * error(direct[i], exact[i]));
    }
  }
}

TEST_CASE("Winograd's convolutions give the same bits for every number of threads, and every instruction set that fuses multiply-adds") {
  manual_seed(6);
  const int before = get_num_threads();
  for (const Size kernel : {Size{3, 3}, Size{1, 5}}) {
    const Layer l = layer(5, 70, 72, {17, 22}, kernel, {1, 2});
    const Tensor gy = randn_like(l.result(kFloat));
    std::vector<Tensor> expected;
    for (const int threads : {1, 2, 3, 8}) {
      set_num_threads(threads);
      for (const auto set : fused_sets()) {
        const InSet in(set);
        const std::vector<Tensor> found = l.all(gy);
        if (expected.empty()) expected = found;
        for (size_t i = 0; i < found.size(); ++i) CHECK(found[i].equal(expected[i]));
      }
    }
  }
  set_num_threads(before);
}

TEST_CASE("an image whose results are not all finite is convolved directly") {
  manual_seed(7);
  for (const float special : {std::numeric_limits<float>::infinity(), std::numeric_limits<float>::quiet_NaN(), 3e38f}) {
    Layer l = layer(4, 40, 64, {16, 16}, {3, 3}, {1, 1});
    const Tensor gy = randn_like(l.result(kFloat));
    const std::vector<Tensor> usual = l.all(gy);
    l.x.index_put_({2, 3, 5, 6}, special);
    const std::vector<Tensor> found = l.all(gy);
    const Directly directly;
    const std::vector<Tensor> direct = l.all(gy);
    CHECK(equal_or_nan(found[0][2], direct[0][2]));
    CHECK(equal_or_nan(found[2], direct[2]));
    for (const int64_t other : {0, 1, 3}) CHECK(equal_or_nan(found[0][other], usual[0][other]));
    CHECK(equal_or_nan(found[1], usual[1]));
  }
}
