#include <cmath>
#include <ostream>

#include <doctest/doctest.h>
#include <message.h>
#include <train/draws.h>
#include <xgrad/autograd/ops/ops.h>
#include <xgrad/autograd/tensor/operators.h>
#include <xgrad/train/metrics/classification.h>

using namespace xgrad;
using namespace xgrad::train;

namespace {

struct Labels {
  Tensor targets, predictions;
};

// What the script that recorded scikit-learn's answers drew too: 200 of four classes.
Labels recorded(Draws& draw) {
  std::vector<int64_t> t(200), p(200);
  for (int64_t& v : t) v = draw(4);
  for (size_t i = 0; i < 200; ++i) p[i] = draw(3) ? t[i] : draw(3);
  return {tensor_of(t), tensor_of(p)};
}

void check_close(const Tensor& t, const std::vector<double>& expected) {
  REQUIRE(t.numel() == static_cast<int64_t>(expected.size()));
  for (size_t i = 0; i < expected.size(); ++i) CHECK(t[static_cast<int64_t>(i)].item<double>() == doctest::Approx(expected[i]).epsilon(1e-8));
}

}  // namespace

// scikit-learn 1.2.1: confusion_matrix, precision_score, recall_score, f1_score with zero_division=0.
TEST_CASE("confusion of four classes as scikit-learn has it") {
  Draws draw;
  const Labels all = recorded(draw);
  ConfusionMatrix confusion(4);
  for (int64_t from = 0; from < 200; from += 70) confusion.update(all.predictions.slice(0, from, from + 70), all.targets.slice(0, from, from + 70));
  CHECK(confusion.compute().equal(tensor({39, 4, 10, 0, 6, 39, 5, 0, 6, 2, 43, 0, 6, 5, 7, 28}, kLong).view({4, 4})));
  check_close(confusion.precision(), {0.68421053, 0.78, 0.66153846, 1.});
  check_close(confusion.recall(), {0.73584906, 0.78, 0.84313725, 0.60869565});
  check_close(confusion.f1(), {0.70909091, 0.78, 0.74137931, 0.75675676});
  CHECK(confusion.precision(Average::macro) == doctest::Approx(0.7814372469635628).epsilon(1e-14));
  CHECK(confusion.recall(Average::macro) == doctest::Approx(0.7419204909199119).epsilon(1e-14));
  CHECK(confusion.f1(Average::macro) == doctest::Approx(0.7468067440481234).epsilon(1e-14));
  CHECK(confusion.precision(Average::weighted) == doctest::Approx(0.775008097165992).epsilon(1e-14));
  CHECK(confusion.recall(Average::weighted) == doctest::Approx(0.745).epsilon(1e-14));
  CHECK(confusion.f1(Average::weighted) == doctest::Approx(0.746014869101076).epsilon(1e-14));
  for (const double micro :
       {confusion.precision(Average::micro), confusion.recall(Average::micro), confusion.f1(Average::micro), confusion.accuracy()})
    CHECK(micro == doctest::Approx(0.745).epsilon(1e-14));

  Accuracy accuracy;
  accuracy.update(all.predictions, all.targets);
  CHECK(accuracy.compute() == 149. / 200);
  CHECK(accuracy.count() == 200);

  // Two classes that never occur: averages leave them out, and their own scores are 0.
  ConfusionMatrix wide(6);
  wide.update(all.predictions, all.targets);
  CHECK(wide.f1(Average::macro) == doctest::Approx(0.7468067440481234).epsilon(1e-14));
  check_close(wide.recall(), {0.73584906, 0.78, 0.84313725, 0.60869565, 0, 0});
}

TEST_CASE("accuracy of scores, against a loop over sorted ones") {
  Draws draw(7);
  for (int round = 0; round < 200; ++round) {
    const int64_t n = draw(6), classes = 1 + draw(6), side = 1 + draw(3), k = 1 + draw(classes);
    const bool images = draw(2) != 0;
    const std::vector<int64_t> shape = images ? std::vector<int64_t>{n, classes, side} : std::vector<int64_t>{n, classes};
    std::vector<double> values(static_cast<size_t>(n * classes * (images ? side : 1)));
    for (double& v : values) v = static_cast<double>(draw(4));  // with ties
    const Tensor scores = tensor_of(values).view(shape);
    std::vector<int64_t> right(static_cast<size_t>(n * (images ? side : 1)));
    for (int64_t& v : right) v = draw(classes);
    const Tensor targets = images ? tensor_of(right).view({n, side}) : tensor_of(right);

    // In the order of falling scores, first ones first.
    int64_t found = 0;
    ConfusionMatrix confusion(classes);
    confusion.update(scores, targets);
    const Tensor rows = images ? scores.permute({0, 2, 1}).reshape({-1, classes}) : scores;
    for (int64_t i = 0; i < rows.size(0); ++i) {
      const Tensor order = std::get<1>(rows[i].sort(/*stable=*/true, 0, /*descending=*/true));
      found += order.slice(0, 0, k).eq(targets.reshape({-1})[i]).any().item<bool>();
    }
    for (const Dtype dtype : {kFloat, kDouble, kHalf, kInt}) {
      Accuracy accuracy(k);
      accuracy.update(scores.to(dtype), targets.to(dtype == kHalf ? kByte : kLong));
      CHECK(accuracy.count() == targets.numel());
      if (targets.numel()) CHECK(accuracy.compute() == static_cast<double>(found) / static_cast<double>(targets.numel()));
      else CHECK(std::isnan(accuracy.compute()));
    }
    if (n == 0) continue;
    Accuracy first;
    first.update(scores, targets);
    CHECK(first.compute() == scores.argmax(1).eq(targets).to(kDouble).mean().item<double>());
    CHECK(confusion.accuracy() == doctest::Approx(first.compute()).epsilon(1e-15));
    // Not side by side in memory.
    Accuracy strided(k);
    strided.update(stack({scores, -scores}, -1).select(-1, 0), stack({targets, targets}, -1).select(-1, 1));
    CHECK(strided.compute() == static_cast<double>(found) / static_cast<double>(targets.numel()));
  }
}

TEST_CASE("accuracy of two classes, by probability and by logit") {
  const Tensor p = tensor({0.2, 0.5, 0.50001, 0.9}, kFloat), targets = tensor({0, 0, 1, 0}, kInt);
  Accuracy accuracy, logits(1, 0.0);
  accuracy.update(p, targets);
  CHECK(accuracy.compute() == 0.75);
  accuracy.update(p.view({2, 2}), targets.view({2, 2}).to(kBool));
  CHECK(accuracy.compute() == 0.75);
  accuracy.update(p, targets.to(kFloat));
  CHECK(accuracy.compute() == 0.75);
  logits.update(p - 0.5, targets);
  CHECK(logits.compute() == 0.75);
  ConfusionMatrix confusion(2);
  confusion.update(p, targets);
  CHECK(confusion.compute().equal(tensor({2, 1, 0, 1}, kLong).view({2, 2})));
  CHECK(confusion.precision()[1].item<double>() == 0.5);
  accuracy.update(tensor({1., 2.}, kFloat), full({}, 1, kLong));  // one example
  CHECK(accuracy.count() == 13);
}

TEST_CASE("labels of every dtype, and large ones") {
  for (const Dtype dtype : {kByte, kChar, kShort, kInt, kLong}) {
    Accuracy accuracy;
    accuracy.update(tensor({1, 2, 3, 100}, kLong).to(dtype), tensor({1, 2, 4, 100}, kLong));
    CHECK(accuracy.compute() == 0.75);
  }
  Accuracy accuracy;
  const int64_t large = (int64_t{1} << 53) - 1;
  accuracy.update(full({2}, large, kLong), tensor({large, large - 1}, kLong));
  CHECK(accuracy.compute() == 0.5);
}

TEST_CASE("no graph is kept, and predictions that need gradients are taken") {
  const Tensor scores = rand({3, 2}).requires_grad_();
  Accuracy accuracy;
  ConfusionMatrix confusion(2);
  accuracy.update(scores * 2, zeros({3}, kLong));
  confusion.update(scores * 2, zeros({3}, kLong));
  CHECK(!confusion.compute().requires_grad());
}

TEST_CASE("metrics are emptied, copied, saved and loaded") {
  Draws draw;
  const Labels all = recorded(draw);
  ConfusionMatrix a(4), b(4), five(5);
  CHECK(std::isnan(a.f1(Average::macro)));
  CHECK(std::isnan(a.accuracy()));
  a.update(all.predictions, all.targets);
  through_archive(a, b);
  CHECK(b.compute().equal(a.compute()));
  ConfusionMatrix copy = a;
  a.reset();
  CHECK(a.compute().equal(zeros({4, 4}, kLong)));
  CHECK(copy.compute().equal(b.compute()));
  b.update(all.predictions, all.targets);
  CHECK(b.compute().equal(copy.compute() * 2));
  CHECK(contains(message_of([&] { through_archive(a, five); }), "[load] expected the state of ConfusionMatrix, 25 float64"));
  Accuracy accuracy;
  CHECK(message_of([&] { through_archive(a, accuracy); }) == "[load] expected the state of a metric Accuracy, got one of ConfusionMatrix");
}

TEST_CASE("bad input is named, and changes nothing") {
  Accuracy accuracy, top3(3);
  ConfusionMatrix confusion(3);
  const Tensor scores = tensor({0.1, 0.7, 0.2, 0.5, 0.3, 0.2}, kFloat).view({2, 3}), targets = tensor({1, 0}, kLong);
  accuracy.update(scores, targets);
  confusion.update(scores, targets);
  const auto text = [](auto& metric, const Tensor& p, const Tensor& t) { return message_of([&] { metric.update(p, t); }); };
  CHECK(contains(text(accuracy, scores, zeros({3}, kLong)), "axis of classes more behind the first, got [2, 3] and [3]"));
  CHECK(contains(text(accuracy, zeros({2}), zeros({3}, kLong)), "must have the same shape, got [2] and [3]"));
  CHECK(contains(text(accuracy, zeros({}), zeros({2, 2}, kLong)), "got [] and [2, 2]"));
  CHECK(contains(text(accuracy, scores, tensor({0, 3}, kLong)), "[Accuracy] targets must be whole numbers of [0, 3), got 3: out of bounds"));
  CHECK(contains(text(accuracy, scores, tensor({0, -1}, kLong)), "got -1"));
  CHECK(contains(text(accuracy, scores, tensor({0., 0.5}, kFloat)), "got 0.5"));
  CHECK(contains(text(accuracy, scores, tensor({0., std::nan("")}, kFloat)), "nan"));
  CHECK(contains(text(accuracy, tensor({0.1, 0.2}, kFloat), tensor({0, 2}, kLong)), "[0, 2), got 2"));
  CHECK(contains(text(accuracy, Tensor(), targets), "must be tensors"));
  CHECK(contains(text(top3, zeros({2, 2}), targets), "there must be top_k = 3 classes, got predictions of shape [2, 2]"));
  CHECK(contains(text(top3, targets, targets), "top_k = 3 needs scores"));
  Tensor nan = scores.clone();
  nan[1][2] = NAN;
  CHECK(text(accuracy, nan, targets) == "[Accuracy] scores must not be NaN, got one for example 1");
  CHECK(text(confusion, nan, targets) == "[ConfusionMatrix] scores must not be NaN, got one for example 1");
  CHECK(contains(text(confusion, zeros({2, 4}), targets), "scores of 3 classes, got [2, 4]"));
  CHECK(contains(text(confusion, zeros({2}), targets), "tells two classes apart, not 3"));
  CHECK(contains(text(confusion, tensor({0, 3}, kLong), targets), "predictions must be whole numbers of [0, 3), got 3"));
  CHECK(contains(text(confusion, tensor({0, 1}, kLong), tensor({0, 7}, kLong)), "targets must be whole numbers of [0, 3), got 7"));
  CHECK(contains(message_of([] { ConfusionMatrix(0); }), "1 to 65536 classes, got 0"));
  CHECK(contains(message_of([] { Accuracy(0); }), "top_k must be at least 1, got 0"));
  CHECK(accuracy.count() == 2);
  CHECK(confusion.compute().sum().item<int64_t>() == 2);
}
