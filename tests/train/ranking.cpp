#include <cmath>
#include <ostream>

#include <doctest/doctest.h>
#include <message.h>
#include <train/draws.h>
#include <xgrad/autograd/ops/ops.h>
#include <xgrad/train/metrics/ranking.h>

using namespace xgrad;
using namespace xgrad::train;

namespace {

struct Scored {
  std::vector<double> score;
  std::vector<int64_t> target;
};

// All pairs.
double naive_auc(const Scored& s) {
  double won = 0, pairs = 0;
  for (size_t i = 0; i < s.score.size(); ++i)
    for (size_t j = 0; j < s.score.size(); ++j)
      if (s.target[i] == 1 && s.target[j] == 0) {
        ++pairs;
        won += s.score[i] > s.score[j] ? 1 : s.score[i] == s.score[j] ? 0.5 : 0;
      }
  return won / pairs;
}

// Every positive example adds the precision among all that have its score or a higher one.
double naive_precision(const Scored& s) {
  double sum = 0, positive = 0;
  for (size_t i = 0; i < s.score.size(); ++i) {
    if (s.target[i] == 0) continue;
    double right = 0, all = 0;
    for (size_t j = 0; j < s.score.size(); ++j)
      if (s.score[j] >= s.score[i]) {
        ++all;
        right += static_cast<double>(s.target[j]);
      }
    ++positive;
    sum += right / all;
  }
  return sum / positive;
}

void check_same(double a, double b) {
  if (std::isnan(b)) CHECK(std::isnan(a));
  else CHECK(a == doctest::Approx(b).epsilon(1e-14));
}

}  // namespace

TEST_CASE("areas and precisions against all pairs, with ties") {
  Draws draw(3);
  for (int round = 0; round < 500; ++round) {
    Scored s;
    const int64_t n = draw(40), levels = 1 + draw(20), odds = 1 + draw(6);
    for (int64_t i = 0; i < n; ++i) {
      const int64_t level = draw(levels);
      s.score.push_back(level == 0 ? -INFINITY : level == 19 ? INFINITY : level == 7 ? -0.0 : static_cast<double>(level - 7) / 4);
      s.target.push_back(draw(odds) == 0);
    }
    RocAuc auc;
    AveragePrecision precision;
    const Tensor scores = tensor_of(s.score), targets = tensor_of(s.target);
    for (int64_t from = 0; from < n;) {
      const int64_t to = std::min(n, from + 1 + draw(15));
      auc.update(scores.slice(0, from, to).to(draw(2) ? kFloat : kDouble), targets.slice(0, from, to).to(draw(2) ? kBool : kFloat));
      precision.update(scores.slice(0, from, to), targets.slice(0, from, to));
      from = to;
    }
    check_same(auc.compute(), naive_auc(s));
    check_same(precision.compute(), naive_precision(s));
    check_same(auc.average_precision(), naive_precision(s));
  }
}

// scikit-learn 1.2.1: roc_auc_score and average_precision_score.
TEST_CASE("recorded areas") {
  RocAuc small;
  small.update(tensor({0.1, 0.4, 0.35, 0.8}, kDouble), tensor({0, 0, 1, 1}, kLong));
  CHECK(small.compute() == 0.75);  // of scikit-learn's documentation

  Draws draw;
  for (int i = 0; i < 200; ++i) draw(4);
  for (int i = 0; i < 200; ++i)
    if (!draw(3)) draw(3);
  std::vector<int64_t> target(200);
  std::vector<double> score(200);
  for (int64_t& t : target) t = draw(2);
  for (size_t i = 0; i < 200; ++i) score[i] = static_cast<double>(draw(10) + 3 * target[i]) / 8;
  BinaryRanking both;
  both.update(tensor_of(score).view({20, 10}), tensor_of(target).view({20, 10}));
  CHECK(both.roc_auc() == doctest::Approx(0.7426742674267426).epsilon(1e-14));
  CHECK(both.average_precision() == doctest::Approx(0.7521326668217785).epsilon(1e-14));
}

TEST_CASE("rankings of one class or nothing, saved ones, and bad input") {
  BinaryRanking r, loaded;
  CHECK(std::isnan(r.roc_auc()));
  CHECK(std::isnan(r.average_precision()));
  r.update(zeros({0}), zeros({0}));
  r.update(tensor({1., 2.}, kFloat), zeros({2}));
  CHECK(std::isnan(r.roc_auc()));
  CHECK(std::isnan(r.average_precision()));
  r.update(tensor({1., 3.}, kFloat).requires_grad_(), ones({2}, kByte));
  through_archive(r, loaded);
  CHECK(loaded.roc_auc() == 0.625);
  loaded.update(tensor({0.}, kFloat), ones({1}));
  CHECK(loaded.roc_auc() == doctest::Approx(2.5 / 6).epsilon(1e-15));
  CHECK(r.roc_auc() == 0.625);
  r.reset();
  CHECK(std::isnan(r.roc_auc()));
  CHECK(contains(message_of([&] { r.update(zeros({2}), zeros({3})); }), "must have the same shape, got [2] and [3]"));
  CHECK(contains(message_of([&] { r.update(zeros({2}), full({2}, 2)); }), "targets must be 0 or 1, got 2"));
  CHECK(contains(message_of([&] { r.update(full({2}, NAN), zeros({2})); }), "scores must not be NaN"));
  CHECK(contains(message_of([&] { r.update(Tensor(), zeros({2})); }), "scores must be a dense tensor"));
  RocAuc other;
  CHECK(contains(message_of([&] { through_archive(r, other); }), "metric RocAuc, got one of BinaryRanking"));
}

TEST_CASE("a million examples") {
  const int64_t n = 1000000;
  RocAuc auc;
  auc.update(arange(n, kDouble), arange(n, kLong).ge(n / 2));
  CHECK(auc.compute() == 1);
  auc.reset();
  auc.update(zeros({n}), arange(n, kLong).ge(10));
  CHECK(auc.compute() == 0.5);
}
