// Rows that several threads share, and columns that are worked on side by side.
#include <doctest/doctest.h>

#include <array>
#include <cmath>
#include <cstring>
#include <limits>

#include <xgrad/autograd/core/threads.h>
#include <xgrad/autograd/ops/ops.h>

#include "autograd/instruction_sets.h"
#include "values.h"

using namespace xgrad;

namespace {

Tensor waves(std::vector<int64_t> shape, double phase) {
  Tensor x = xgrad::empty(shape);
  for (int64_t i = 0; i < x.numel(); ++i) x.data_ptr<float>()[i] = static_cast<float>(3 * std::sin(phase + 0.7 * static_cast<double>(i)));
  return x;
}

// log(sum(exp(row)))
long double log_sum(const float* x, int64_t n, int64_t step) {
  long double sum = 0;
  for (int64_t i = 0; i < n; ++i) sum += std::exp(static_cast<long double>(x[i * step]));
  return std::log(sum);
}

// Checks softmax and log_softmax of x seen as [outer, n, inner], with gradients of weights `gy`, against their definitions.
void check_softmax(int64_t outer, int64_t n, int64_t inner) {
  Tensor x = waves({outer, n, inner}, 1).requires_grad_(), x2 = x.detach().clone().requires_grad_();
  const Tensor y = softmax(x, 1), logs = log_softmax(x2, 1), gy = waves({outer, n, inner}, 2);
  y.backward(gy);
  logs.backward(gy);
  bool near = true;
  for (int64_t o = 0; o < outer; ++o)
    for (int64_t j = 0; j < inner; ++j) {
      const int64_t start = o * n * inner + j;
      const float *in = x.data_ptr<float>() + start, *g = gy.data_ptr<float>() + start;
      const long double log_of_sum = log_sum(in, n, inner);
      long double dot = 0, total = 0;
      for (int64_t i = 0; i < n * inner; i += inner) {
        dot += g[i] * std::exp(in[i] - log_of_sum);
        total += g[i];
      }
      for (int64_t i = 0; i < n * inner; i += inner) {
        const long double p = std::exp(in[i] - log_of_sum);
        near &= std::abs(y.data_ptr<float>()[start + i] - p) <= 5e-7L * p;
        near &= std::abs(logs.data_ptr<float>()[start + i] - (in[i] - log_of_sum)) <= 3e-6L;
        near &= std::abs(x.grad().data_ptr<float>()[start + i] - p * (g[i] - dot)) <= 3e-6L * p;
        near &= std::abs(x2.grad().data_ptr<float>()[start + i] - (g[i] - p * total)) <= 1e-6L * (1 + p * std::abs(total)) + 2e-6L;
      }
    }
  CHECK_MESSAGE(near, outer, " x ", n, " x ", inner);
}

int64_t first_largest(const float* x, int64_t n, int64_t step) {
  int64_t best = 0;
  for (int64_t i = 1; i < n && !std::isnan(x[best * step]); ++i)
    if (x[i * step] > x[best * step] || std::isnan(x[i * step])) best = i;
  return best;
}

// Checks max and argmax along the middle axis of x, [outer, n, inner].
void check_places(const Tensor& x) {
  const int64_t outer = x.size(0), n = x.size(1), inner = x.size(2);
  const auto [values, places] = max(x, 1);
  const Tensor arg = argmax(x, 1), least = argmin(-x, 1);
  bool right = true;
  for (int64_t o = 0; o < outer; ++o)
    for (int64_t j = 0; j < inner; ++j) {
      const float* p = x.data_ptr<float>() + o * n * inner + j;
      const int64_t at = o * inner + j, expected = first_largest(p, n, inner);
      right &= places.data_ptr<int64_t>()[at] == expected && arg.data_ptr<int64_t>()[at] == expected && least.data_ptr<int64_t>()[at] == expected;
      right &= std::memcmp(values.data_ptr<float>() + at, p + expected * inner, sizeof(float)) == 0;
    }
  CHECK_MESSAGE(right, outer, " x ", n, " x ", inner);
}

}  // namespace

TEST_CASE("softmax, log_softmax and their gradients along long rows and along columns") {
  for (const auto& [outer, n, inner] : std::vector<std::array<int64_t, 3>>{
           {1, 40000, 1}, {3, 50001, 1}, {2, 32768, 1}, {2, 32769, 1}, {1, 100, 7}, {2, 33, 64}, {3, 20, 65}, {1, 5, 1000}, {40, 31, 1}, {40, 33, 1}})
    check_softmax(outer, n, inner);
}

TEST_CASE("a long row of softmax holds special values as a short one does") {
  const int64_t n = 100000, middle = 70000;
  const auto with = [&](float value) {
    Tensor x = waves({n}, 1);
    x.data_ptr<float>()[middle] = value;
    return x;
  };
  CHECK(isnan(softmax(with(kNaN), 0)).all().item<bool>());
  CHECK(isnan(log_softmax(with(kNaN), 0)).all().item<bool>());
  CHECK(isnan(softmax(with(kInf), 0)[middle]).item<bool>());
  CHECK(softmax(with(-kInf), 0)[middle].item<float>() == 0);
  CHECK(log_softmax(with(-kInf), 0)[middle].item<float>() == -kInf);
  CHECK(softmax(with(200), 0)[middle].item<float>() == 1);
  CHECK(isnan(softmax(full({n}, -kInf), 0)).all().item<bool>());
  // A row that no loss looks at takes no part, even if it holds NaN.
  Tensor x = with(kNaN).requires_grad_();
  softmax(x, 0).backward(zeros({n}));
  CHECK((x.grad() == 0).all().item<bool>());
}

TEST_CASE("the place of the largest element is the first of its kind, in rows and columns of any length") {
  for (const auto& [outer, n, inner] : std::vector<std::array<int64_t, 3>>{{1, 100000, 1},
                                                                           {3, 40000, 1},
                                                                           {5, 32768, 1},
                                                                           {5, 32769, 1},
                                                                           {50, 10, 1},
                                                                           {7, 10, 1},
                                                                           {33, 32, 1},
                                                                           {20, 33, 1},
                                                                           {1, 500, 1},
                                                                           {1, 9, 300},
                                                                           {2, 100, 65},
                                                                           {1, 3000, 10}}) {
    Tensor x = waves({outer, n, inner}, 0.3);
    check_places(x);
    check_places((x * 2).round());  // many are equal
    check_places(full({outer, n, inner}, -kInf));
    const int64_t numel = x.numel();
    for (const int64_t at : {int64_t{0}, numel / 3, numel / 2, numel - 1}) {
      Tensor special = x.clone();
      special.data_ptr<float>()[at] = kInf;
      check_places(special);
      special.data_ptr<float>()[numel - 1 - at] = kNaN;
      check_places(special);
    }
    Tensor zeros_of_both_signs = zeros({outer, n, inner});
    for (int64_t i = 0; i < numel; i += 3) zeros_of_both_signs.data_ptr<float>()[i] = -0.0f;
    check_places(zeros_of_both_signs);
  }
}

TEST_CASE("running sums and products of a row, in both directions") {
  for (const int64_t n : {1, 3, 4, 5, 1002}) {
    Tensor x = waves({2, n}, 0.4).requires_grad_();
    const Tensor sums = cumsum(x, 1), products = cumprod(x.detach(), 1);
    sums.sum().backward();
    for (int64_t row = 0; row < 2; ++row) {
      long double sum = 0, product = 1;
      bool near = true;
      for (int64_t i = 0; i < n; ++i) {
        sum += x.data_ptr<float>()[row * n + i];
        product *= x.data_ptr<float>()[row * n + i];
        near &= std::abs(sums.data_ptr<float>()[row * n + i] - sum) <= 6e-8L * std::abs(sum) + 1e-12L;
        const float found = products.data_ptr<float>()[row * n + i];
        near &= found == static_cast<float>(product) || std::abs(found - product) <= 6.1e-8L * std::abs(product);
        near &= x.grad().data_ptr<float>()[row * n + i] == static_cast<float>(n - i);
      }
      CHECK(near);
    }
  }
}

TEST_CASE("long rows and many labels have the same bits for every number of threads") {
  Tensor x = waves({150000}, 1).requires_grad_(), rows = waves({60000, 5}, 2).requires_grad_(), images = waves({30, 5, 1000}, 3).requires_grad_();
  Tensor labels = empty({60000}, kLong), of_pixels = empty({30, 1000}, kLong);
  for (int64_t i = 0; i < 60000; ++i) labels.data_ptr<int64_t>()[i] = i % 7 == 0 ? -100 : i * i % 5;
  for (int64_t i = 0; i < 30000; ++i) of_pixels.data_ptr<int64_t>()[i] = i % 11 == 0 ? -100 : i * i % 5;
  const Tensor weight = waves({5}, 0.1).abs() + 1, gy = waves({150000}, 4);
  const auto run = [&] {
    std::vector<Tensor> all;
    const auto with_gradient = [&](Tensor& leaf, const Tensor& y, const Tensor& g) {
      leaf.mutable_grad() = Tensor();
      y.backward(g);
      all.push_back(y.detach());
      all.push_back(leaf.grad());
    };
    with_gradient(x, softmax(x, 0), gy);
    with_gradient(x, log_softmax(x, 0), gy);
    with_gradient(x, std::get<0>(max(x, 0)), ones({}));
    all.push_back(argmax(x));
    with_gradient(rows, nll_loss(rows, labels, weight), ones({}));
    with_gradient(images, nll_loss(images, of_pixels, weight), ones({}));
    with_gradient(images, softmax(images, 1), waves({30, 5, 1000}, 5));
    return all;
  };
  const int before = get_num_threads();
  for (const auto set : test::instruction_sets()) {
    const test::InSet in(set);
    set_num_threads(1);
    const std::vector<Tensor> expected = run();
    for (const int threads : {2, 3, 5}) {
      set_num_threads(threads);
      const std::vector<Tensor> found = run();
      for (size_t i = 0; i < found.size(); ++i) CHECK_MESSAGE(same_bits(found[i], expected[i]), "result ", i, ", ", threads, " threads");
    }
  }
  set_num_threads(before);
}

TEST_CASE("nll_loss of many rows is the weighted mean of what stands at the labels") {
  const int64_t n = 40000, classes = 6, pixels = 3;
  const Tensor x = waves({n, classes, pixels}, 1).to(kDouble), weight = (waves({classes}, 2).abs() + 1).to(kDouble);
  Tensor labels = empty({n, pixels}, kLong);
  long double sum = 0, weights = 0;
  for (int64_t i = 0; i < n * pixels; ++i) {
    const int64_t label = i % 10 == 3 ? -100 : (i * 7 + i / 5) % classes;
    labels.data_ptr<int64_t>()[i] = label;
    if (label < 0) continue;
    const double w = weight.data_ptr<double>()[label];
    sum -= w * x.data_ptr<double>()[(i / pixels * classes + label) * pixels + i % pixels];
    weights += w;
  }
  CHECK(nll_loss(x, labels, weight).item<double>() == doctest::Approx(static_cast<double>(sum / weights)).epsilon(1e-12));
}
