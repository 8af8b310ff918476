// What the samples of losses cannot say: names in the graph, edits of labels, batches too large for float32 sums.
#include <doctest/doctest.h>

#include <cmath>

#include <xgrad/autograd/core/threads.h>
#include <xgrad/autograd/engine/engine.h>
#include <xgrad/autograd/graph/node.h>
#include <xgrad/autograd/ops/creation/tensor_literal.h>
#include <xgrad/autograd/ops/ops.h>

using namespace xgrad;

TEST_CASE("cross entropy is nll_loss of log_softmax in the graph") {
  const Tensor x = ones({2, 3}).requires_grad_(), labels = tensor({0, 2});
  CHECK(cross_entropy_loss(x, labels).grad_fn()->name() == "NllLossBackward0");
  CHECK(mse_loss(x, ones({2, 3})).grad_fn()->name() == "MseLossBackward0");
  CHECK(nll_loss(x.view({1, 2, 3}), zeros({1, 3}, kLong)).grad_fn()->name() == "NllLoss2DBackward0");
  CHECK(binary_cross_entropy_with_logits(x, ones({2, 3})).grad_fn()->name() == "BinaryCrossEntropyWithLogitsBackward0");
}

TEST_CASE("a mean over ignored rows alone is NaN with a gradient of 0, as in PyTorch") {
  for (Tensor (*loss)(const Tensor&, const Tensor&) :
       {+[](const Tensor&x, const Tensor&t) { return nll_loss(x, t); }, +[](const Tensor&x, const Tensor&t) { return cross_entropy_loss(x, t); }}) {
    const Tensor x = ones({2, 3}, kDouble).requires_grad_(), gy = ones({}, kDouble).requires_grad_();
    const Tensor y = loss(x, full({2}, -100, kLong));
    CHECK(std::isnan(y.item<double>()));
    const Tensor g = autograd::grad({y}, {x}, {gy}, true, true)[0];
    CHECK(equal(g, zeros({2, 3}, kDouble)));
    const auto second = autograd::grad({g.sum()}, {x, gy}, {}, true, false, true);
    CHECK((!second[0].defined() || equal(second[0], zeros({2, 3}, kDouble))));
    CHECK(std::isnan(second[1].item<double>()));
  }
}

TEST_CASE("labels edited before the sweep are noticed") {
  const Tensor x = ones({2, 3}).requires_grad_(), labels = tensor({0, 2});
  const Tensor loss = cross_entropy_loss(x, labels);
  labels.fill_(1);
  CHECK_THROWS_WITH_AS(loss.backward(), doctest::Contains("modified by an inplace operation"), Error);
}

TEST_CASE("an ignored row may hold anything") {
  const Tensor x = tensor({{1.0, 2.0}, {std::nan(""), HUGE_VAL}}, kDouble).requires_grad_();
  const Tensor loss = cross_entropy_loss(x, tensor({0, -100}));
  loss.backward();
  CHECK(loss.item<double>() == doctest::Approx(1.3132616875182228));
  CHECK(x.grad().select(0, 1).equal(zeros({2}, kDouble)));
}

TEST_CASE("a row whose gradient is zero may hold anything in softmax and log_softmax too") {
  for (const bool log : {false, true})
    for (const Tensor& x : {tensor({{1.0, 2.0}, {std::nan(""), HUGE_VAL}}, kDouble), full({2, 50}, std::nan(""), kFloat)}) {
      const Tensor leaf = x.clone().requires_grad_();
      (log ? log_softmax(leaf, 1) : softmax(leaf, 1)).backward(tensor({{1.0}, {0.0}}, x.dtype()).expand(x.sizes()));
      CHECK(leaf.grad().select(0, 1).equal(zeros({x.size(1)}, x.dtype())));
    }
}

TEST_CASE("targets may be masks") {
  const Tensor mask = tensor({true, false}, kBool), target = tensor({1.0, 0.0}, kDouble);
  const auto check = [&](auto loss) {
    const Tensor x = tensor({-0.5, 0.2}, kDouble).requires_grad_(), one = tensor({0.3}, kDouble).requires_grad_();
    CHECK(autograd::grad({loss(x, mask)}, {x})[0].equal(autograd::grad({loss(x, target)}, {x})[0]));
    CHECK(autograd::grad({loss(one, mask)}, {one})[0].equal(autograd::grad({loss(one, target)}, {one})[0]));
  };
  check([](const Tensor& x, const Tensor& t) { return smooth_l1_loss(x, t, Reduction::Sum, 1); });
  check([](const Tensor& x, const Tensor& t) { return mse_loss(x, t, Reduction::Sum); });
  check([](const Tensor& x, const Tensor& t) { return huber_loss(x, t, Reduction::Sum, 1); });
  const Tensor x = tensor({-0.5, 0.2}, kDouble).requires_grad_();
  CHECK(autograd::grad({mse_loss(mask, x)}, {x})[0].equal(autograd::grad({mse_loss(target, x)}, {x})[0]));
}

TEST_CASE("a label out of range is refused before anything is recorded") {
  const Tensor x = ones({2, 3}).requires_grad_();
  CHECK_THROWS_AS(cross_entropy_loss(x, tensor({0, 3})), IndexError);
  CHECK_THROWS_AS(cross_entropy_loss(x, tensor({-1, 0})), IndexError);
  CHECK_FALSE(x.grad().defined());
}

TEST_CASE("logits far from zero keep their gradient") {
  const Tensor x = tensor({-50.0f}).requires_grad_();
  binary_cross_entropy_with_logits(x, ones({1})).backward();
  CHECK(x.grad().item<float>() == -1);
}

TEST_CASE("the mean over a large batch does not drift in float32") {
  const Tensor x = full({3000000, 1}, 0.1f), target = zeros({3000000, 1});
  CHECK(mse_loss(x, target).item<float>() == doctest::Approx(0.01).epsilon(1e-6));
  CHECK(l1_loss(x, target).item<float>() == 0.1f);
}

TEST_CASE("cross entropy of more rows than are added up at once") {
  constexpr int64_t kRows = 150001;
  const Tensor x = randn({kRows, 3}), labels = (arange(kRows) * 7 + 1).remainder(4) - 1;  // of which -1 is ignored
  const Tensor weight = tensor({0.5, 1.0, 3.0}, kFloat);
  double loss = 0, total_weight = 0;
  for (int64_t i = 0; i < kRows; ++i) {
    const float* const row = x.data_ptr<float>() + 3 * i;
    const int64_t label = labels.data_ptr<int64_t>()[i];
    if (label < 0) continue;
    const double w = weight.data_ptr<float>()[label];
    loss += w * (std::log(std::exp(double{row[0]}) + std::exp(double{row[1]}) + std::exp(double{row[2]})) - row[label]);
    total_weight += w;
  }
  const int before = get_num_threads();
  for (int threads : {1, 3}) {
    set_num_threads(threads);
    CAPTURE(threads);
    CHECK(cross_entropy_loss(x, labels, weight, Reduction::Mean, -1).item<double>() == doctest::Approx(loss / total_weight).epsilon(1e-6));
    CHECK(cross_entropy_loss(x, labels, weight, Reduction::Sum, -1).item<double>() == doctest::Approx(loss).epsilon(1e-6));
  }
  set_num_threads(before);
}

TEST_CASE("a mean over no rows is a NaN without a sign") {
  for (const Tensor& y : {nll_loss(zeros({0, 3}), zeros({0}, kLong)), cross_entropy_loss(zeros({0, 3}), zeros({0}, kLong))}) {
    CHECK(std::isnan(y.item<double>()));
    CHECK_FALSE(std::signbit(y.item<double>()));
  }
}
