#include <cmath>
#include <ostream>

#include <doctest/doctest.h>
#include <message.h>
#include <train/draws.h>
#include <xgrad/autograd/ops/ops.h>
#include <xgrad/train/metrics/moments.h>

using namespace xgrad;
using namespace xgrad::train;

namespace {

// In long double, in two passes.
struct Naive {
  long double weight = 0, mean = 0, squares = 0;
  Naive(const std::vector<double>& v, const std::vector<double>& w) {
    for (size_t i = 0; i < v.size(); ++i) weight += w[i], mean += static_cast<long double>(w[i]) * v[i];
    mean /= weight;
    for (size_t i = 0; i < v.size(); ++i) squares += w[i] * (v[i] - mean) * (v[i] - mean);
  }
};

}  // namespace

TEST_CASE("means and deviations with weights, whatever the batches") {
  Draws draw(5);
  for (int round = 0; round < 100; ++round) {
    const auto n = static_cast<size_t>(1 + draw(50));
    const double offset = draw(2) ? 1e8 : 0;
    std::vector<double> v(n), w(n), ones(n, 1.0);
    for (double& x : v) x = offset + static_cast<double>(draw(1000)) / 64;
    for (double& x : w) x = static_cast<double>(draw(4));
    w[0] = 1;
    const Naive exact(v, w), plain(v, ones);
    MeanStd one_by_one, batches, whole;
    for (size_t i = 0; i < n; ++i) one_by_one.update(v[i], w[i]);
    for (int64_t from = 0; from < static_cast<int64_t>(n); from += 7)
      batches.update(tensor_of(v).slice(0, from, from + 7), tensor_of(w).slice(0, from, from + 7));
    whole.update(tensor_of(v), 2);
    for (const MeanStd* m : {&one_by_one, &batches}) {
      CHECK(m->weight() == doctest::Approx(static_cast<double>(exact.weight)));
      CHECK(m->mean() == doctest::Approx(static_cast<double>(exact.mean)).epsilon(1e-15));
      CHECK(m->stddev() == doctest::Approx(std::sqrt(static_cast<double>(exact.squares / exact.weight))).epsilon(1e-7));
      if (exact.weight > 1) CHECK(m->stddev(1) == doctest::Approx(std::sqrt(static_cast<double>(exact.squares / (exact.weight - 1)))).epsilon(1e-7));
      else CHECK(std::isnan(m->stddev(1)));
    }
    CHECK(whole.mean() == doctest::Approx(static_cast<double>(plain.mean)).epsilon(1e-15));
    CHECK(whole.stddev() == doctest::Approx(std::sqrt(static_cast<double>(plain.squares / plain.weight))).epsilon(1e-10));
    CHECK(whole.weight() == 2. * static_cast<double>(n));
  }
}

TEST_CASE("equal numbers have no deviation; nothing has none either") {
  MeanStd m;
  CHECK(std::isnan(m.mean()));
  CHECK(std::isnan(m.stddev()));
  m.update(5, 0);
  m.update(zeros({0}));
  CHECK(std::isnan(m.mean()));
  for (int i = 0; i < 10; ++i) m.update(full({7}, 0.1, kDouble));
  CHECK(m.mean() == 0.1);
  CHECK(m.stddev() == 0);
  m.update(full({}, 0.1, kDouble), 32);
  CHECK(m.weight() == 102);
  CHECK(m.compute() == 0.1);
  m.update(NAN);
  m.update(1);
  CHECK(std::isnan(m.mean()));
  m.reset();
  m.update(tensor({1, 2, 3, 4}, kInt), tensor({1., 0., 0., 3.}, kFloat));
  CHECK(m.mean() == 3.25);
  m.update(ones({2, 2}), full({1}, 0.0));  // broadcast
  MeanStd loaded;
  through_archive(m, loaded);
  CHECK(loaded.mean() == 3.25);
  CHECK(loaded.stddev() == m.stddev());
  CHECK(contains(message_of([&] { m.update(1, -1); }), "finite and not negative, got -1"));
  CHECK(contains(message_of([&] { m.update(ones({2}), tensor({1., HUGE_VAL}, kFloat)); }), "got inf"));
  CHECK_THROWS_AS(m.update(ones({2}), ones({3})), Error);
  CHECK(m.mean() == 3.25);
}

// scikit-learn 1.2.1: mean_squared_error, mean_absolute_error, max_error, r2_score, explained_variance_score; numpy's corrcoef.
TEST_CASE("recorded scores of a regression") {
  Draws draw;
  for (int i = 0; i < 200; ++i) draw(4);
  for (int i = 0; i < 200; ++i)
    if (!draw(3)) draw(3);
  for (int i = 0; i < 400; ++i) draw(2);
  std::vector<double> y(200), p(200);
  for (double& v : y) v = static_cast<double>(draw(1000)) / 100 + 50;
  for (size_t i = 0; i < 200; ++i) p[i] = y[i] + static_cast<double>(draw(100) - 45) / 50;
  Regression regression, loaded;
  for (int64_t from = 0; from < 200; from += 70) regression.update(tensor_of(p).slice(0, from, from + 70), tensor_of(y).slice(0, from, from + 70));
  through_archive(regression, loaded);
  for (const Regression& r : {regression, loaded}) {
    const RegressionScores s = r.compute();
    CHECK(s.count == 200);
    CHECK(s.mse == doctest::Approx(0.3171720000000001).epsilon(1e-13));
    CHECK(s.rmse == doctest::Approx(std::sqrt(0.3171720000000001)).epsilon(1e-13));
    CHECK(s.mae == doctest::Approx(0.4876000000000002).epsilon(1e-13));
    CHECK(s.max_error == doctest::Approx(1.0799999999999983).epsilon(1e-13));
    CHECK(s.r2 == doctest::Approx(0.9624066550816791).epsilon(1e-13));
    CHECK(s.explained_variance == doctest::Approx(0.9628248598868826).epsilon(1e-13));
    CHECK(s.pearson == doctest::Approx(0.9819251317528509).epsilon(1e-13));
  }
}

TEST_CASE("regression of nothing, of one number, of equal ones, and with NaN") {
  const auto of = [](std::vector<double> p, std::vector<double> t) {
    Regression r;
    for (size_t i = 0; i < p.size(); i += 2) {  // in pairs
      const size_t to = std::min(p.size(), i + 2);
      r.update(tensor_of(std::vector<double>(p.begin() + static_cast<int64_t>(i), p.begin() + static_cast<int64_t>(to))),
               tensor_of(std::vector<double>(t.begin() + static_cast<int64_t>(i), t.begin() + static_cast<int64_t>(to))));
    }
    return r.compute();
  };
  CHECK(of({}, {}).count == 0);
  CHECK(std::isnan(of({}, {}).mse));
  CHECK(std::isnan(of({}, {}).max_error));
  const RegressionScores one = of({1}, {3});
  CHECK(one.mse == 4);
  CHECK(std::isnan(one.r2));
  CHECK(one.explained_variance == 1);
  CHECK(std::isnan(one.pearson));
  // scikit-learn's force_finite.
  CHECK(of({0.1, 0.1, 0.1}, {0.1, 0.1, 0.1}).r2 == 1);
  CHECK(of({0.1, 0.2, 0.1}, {0.1, 0.1, 0.1}).r2 == 0);
  CHECK(of({0.1, 0.2, 0.1}, {0.1, 0.1, 0.1}).explained_variance == 0);
  CHECK(of({3, 5, 7}, {1, 2, 3}).pearson == doctest::Approx(1).epsilon(1e-15));
  CHECK(of({-3, -5, -7}, {1, 2, 3}).pearson == doctest::Approx(-1).epsilon(1e-15));
  CHECK(of({2, 3, 4}, {1, 2, 3}).explained_variance == 1);
  CHECK(of({2, 3, 4}, {1, 2, 3}).r2 == doctest::Approx(-0.5));
  const RegressionScores nan = of({1, NAN, 3, 4}, {1, 2, 3, 9});
  for (const double v : {nan.mse, nan.rmse, nan.mae, nan.max_error, nan.r2, nan.explained_variance, nan.pearson}) CHECK(std::isnan(v));
  CHECK(of({1e8 + 1, 1e8 + 2, 1e8 + 3.5}, {1e8 + 1, 1e8 + 2, 1e8 + 3}).r2 == doctest::Approx(1 - 0.25 / 2).epsilon(1e-12));
  Regression r;
  CHECK(contains(message_of([&] {
                   r.update(zeros({2, 1}), zeros({2}));
                 }),
                 "[Regression] predictions and targets must have the same shape, got [2, 1] and [2]"));
  r.update(tensor({1, 2}, kInt), rand({2}).requires_grad_() * 2);
  CHECK(r.compute().count == 2);
}
