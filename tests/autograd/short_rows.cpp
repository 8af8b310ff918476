// Softmax and cross entropy of float32 rows of a few elements, which are worked on sixteen at a time, against the same of
// float64, which are worked on one by one.
#include <doctest/doctest.h>

#include <cmath>
#include <functional>

#include <xgrad/autograd/engine/engine.h>
#include <xgrad/autograd/ops/creation/tensor_literal.h>
#include <xgrad/autograd/ops/ops.h>

using namespace xgrad;

namespace {

using OfTensor = std::function<Tensor(const Tensor&)>;

struct Result {
  Tensor value, gradient;
};

Result result_of(const OfTensor& f, const Tensor& x, const Tensor& gy) {
  const Tensor leaf = x.detach().clone().requires_grad_();
  const Tensor y = f(leaf);
  return {y.detach(), autograd::grad({y}, {leaf}, {gy.to(x.dtype()).expand_as(y)})[0]};
}

void check_near_float64(const OfTensor& f, const Tensor& x, const Tensor& gy) {
  const Result ours = result_of(f, x, gy), exact = result_of(f, x.to(kDouble), gy);
  CHECK(allclose(ours.value.to(kDouble), exact.value, 1e-6, 1e-7, true));
  CHECK(allclose(ours.gradient.to(kDouble), exact.gradient, 1e-6, 3e-7, true));
}

template <class F> void for_shapes(F f) {
  for (const int64_t rows : {1, 15, 16, 17, 40})
    for (const int64_t n : {1, 2, 3, 10, 16, 17, 32, 33}) {
      INFO(rows << " rows of " << n);
      f(rows, n);
    }
}

OfTensor loss_of(const Tensor& labels, const std::optional<Tensor>& weight, int64_t reduction, int64_t ignored = -100) {
  return [=](const Tensor& x) {
    return cross_entropy_loss(x, labels, weight ? std::optional<Tensor>(weight->to(x.dtype())) : std::nullopt, reduction, ignored);
  };
}

}  // namespace

TEST_CASE("softmax and log_softmax of short rows") {
  manual_seed(1);
  for_shapes([](int64_t rows, int64_t n) {
    for (const double spread : {1.0, 40.0}) {
      const Tensor x = randn({rows, n}) * spread, gy = randn({rows, n});
      check_near_float64([](const Tensor& t) { return softmax(t, 1); }, x, gy);
      check_near_float64([](const Tensor& t) { return log_softmax(t, 1); }, x, gy);
    }
  });
}

TEST_CASE("cross entropy of few classes") {
  manual_seed(2);
  for_shapes([](int64_t rows, int64_t n) {
    const Tensor x = randn({rows, n}) * 3, labels = randint(0, n, {rows}, kLong), weight = rand({n}) + 0.5;
    for (const int64_t reduction : {Reduction::None, Reduction::Mean, Reduction::Sum}) {
      const Tensor gy = reduction == Reduction::None ? randn({rows}) : tensor(1.5f);
      check_near_float64(loss_of(labels, std::nullopt, reduction), x, gy);
      check_near_float64(loss_of(labels.to(kByte), weight, reduction), x, gy);
      if (n > 1 && reduction != Reduction::Mean) check_near_float64(loss_of(labels, weight, reduction, 1), x, gy);
    }
  });
}

TEST_CASE("a short row has the same bits alone and among others") {
  manual_seed(3);
  const Tensor x = randn({37, 5}) * 4, labels = randint(0, 5, {37}, kLong);
  const Tensor p = softmax(x, 1), logp = log_softmax(x, 1), losses = cross_entropy_loss(x, labels, {}, Reduction::None);
  for (int64_t row = 0; row < 37; ++row) {
    const Tensor one = x.slice(0, row, row + 1);
    CHECK(softmax(one, 1).equal(p.slice(0, row, row + 1)));
    CHECK(log_softmax(one, 1).equal(logp.slice(0, row, row + 1)));
    CHECK(cross_entropy_loss(one, labels.slice(0, row, row + 1), {}, Reduction::None).equal(losses.slice(0, row, row + 1)));
  }
}

TEST_CASE("short rows that take no part may hold anything, and others pass NaN on") {
  const float nan = NAN, inf = INFINITY;
  const Tensor x = tensor({{1.0f, 2.0f}, {nan, 3.0f}, {inf, 0.0f}, {-inf, 0.0f}}), labels = tensor({0, -100, -100, 1});
  const Tensor leaf = x.clone().requires_grad_();
  const Tensor losses = cross_entropy_loss(leaf, labels, {}, Reduction::None);
  losses.sum().backward();
  CHECK(losses.select(0, 1).item<float>() == 0);
  CHECK(losses.select(0, 2).item<float>() == 0);
  CHECK(losses.select(0, 3).item<float>() == 0);
  CHECK(leaf.grad().slice(0, 1, 4).equal(zeros({3, 2})));
  CHECK(std::isnan(cross_entropy_loss(x, tensor({0, 1, 1, 1}), {}, Reduction::Sum).item<float>()));

  const Tensor gy = tensor({{1.0f, 0.0f}, {0.0f, 0.0f}, {0.0f, 0.0f}, {1.0f, 1.0f}});
  for (const OfTensor& f : {OfTensor([](const Tensor& t) { return softmax(t, 1); }), OfTensor([](const Tensor& t) { return log_softmax(t, 1); })}) {
    const Result r = result_of(f, x, gy);
    CHECK(r.value.select(0, 1).isnan().all().item<bool>());
    CHECK(r.gradient.slice(0, 1, 3).equal(zeros({2, 2})));
  }
  CHECK(softmax(x, 1).select(0, 3).equal(tensor({0.0f, 1.0f})));
}

TEST_CASE("an ignored label may be any number") {
  const int64_t far = int64_t{1} << 32;  // its low half is the label 0
  const Tensor x = tensor({{1.0f, 2.0f}, {3.0f, 1.0f}}).requires_grad_();
  const Tensor losses = cross_entropy_loss(x, tensor({far, int64_t{0}}), {}, Reduction::None, far);
  losses.sum().backward();
  CHECK(losses.select(0, 0).item<float>() == 0);
  CHECK(x.grad().select(0, 0).equal(zeros({2})));
  CHECK(losses.select(0, 1).item<float>() == doctest::Approx(std::log1p(std::exp(-2.0))));
}
