#include <cmath>
#include <ostream>

#include <doctest/doctest.h>
#include <message.h>
#include <train/draws.h>
#include <xgrad/autograd/engine/engine.h>
#include <xgrad/autograd/ops/ops.h>
#include <xgrad/autograd/tensor/operators.h>
#include <xgrad/train/standardize.h>

using namespace xgrad;
using namespace xgrad::train;

// scikit-learn 1.2.1: StandardScaler's mean_ and scale_.
TEST_CASE("means and scales as scikit-learn has them, of constant features too") {
  Draws draw;
  for (int i = 0; i < 200; ++i) draw(4);
  for (int i = 0; i < 200; ++i)
    if (!draw(3)) draw(3);
  for (int i = 0; i < 400; ++i) draw(2);
  for (int i = 0; i < 400; ++i) draw(2);
  for (int i = 0; i < 1600; ++i) draw(2);
  for (int i = 0; i < 200; ++i) draw(4);
  std::vector<double> v;
  for (int i = 0; i < 20; ++i) {
    v.push_back(static_cast<double>(draw(100)) / 7.);
    v.push_back(1e6 + static_cast<double>(draw(100)) / 1e3);
    v.push_back(3.7);
  }
  const Tensor x = tensor_of(v).view({20, 3});
  Standardize s(x);
  const double mean[] = {8.285714285714286, 1000000.05185, 3.7}, scale[] = {2.7884601851347335, 0.027223656986600835, 1};
  for (int64_t i = 0; i < 3; ++i) {
    CHECK(s.mean()[i].item<double>() == doctest::Approx(mean[i]).epsilon(1e-14));
    CHECK(s.scale()[i].item<double>() == doctest::Approx(scale[i]).epsilon(1e-8));
  }
  const Tensor y = s.transform(x);
  CHECK(y.mean(0).abs().max().item<double>() < 1e-8);
  CHECK(y.std(0, /*unbiased=*/false).slice(0, 0, 2).sub(1).abs().max().item<double>() < 1e-12);
  CHECK(y.select(1, 2).eq(0).all().item<bool>());
  CHECK(s.inverse_transform(y).sub(x).abs().max().item<double>() < 1e-9);

  Standardize loaded, unfitted;
  through_archive(s, loaded);
  CHECK(loaded.transform(x).equal(y));
  loaded.fit(x.slice(0, 0, 5));
  CHECK(s.transform(x).equal(y));
  through_archive(unfitted, loaded);
  CHECK(!loaded.mean().defined());
}

TEST_CASE("dtypes, shapes and gradients of what is standardised") {
  manual_seed(0);
  Standardize s(rand({9, 2, 3}) * 4);
  CHECK(s.mean().sizes() == IntArrayRef({2, 3}));
  CHECK(s.transform(rand({5, 7, 2, 3})).dtype() == kFloat);
  CHECK(s.transform(rand({2, 3}, kDouble)).dtype() == kDouble);
  CHECK(s.transform(ones({4, 2, 3}, kLong)).dtype() == kFloat);
  CHECK(s.inverse_transform(ones({2, 3}, kHalf)).dtype() == kHalf);
  const Tensor x = rand({2, 3}, kDouble).requires_grad_();
  CHECK(autograd::grad({s.transform(x).sum()}, {x})[0].equal(s.scale().reciprocal()));
  CHECK(!s.mean().requires_grad());
  s.fit(x.unsqueeze(0));
  CHECK(!s.mean().requires_grad());
  CHECK(s.scale().eq(1).all().item<bool>());  // one example
  s.fit(tensor({1, 2, 3}, kByte));            // one feature
  CHECK(s.mean().item<double>() == 2);
  CHECK(s.transform(tensor({2.}, kFloat)).item<double>() == 0);
  s.fit(tensor({1., std::nan(""), 2., 3.}, kFloat).view({2, 2}));
  CHECK(std::isnan(s.scale()[1].item<double>()));
  CHECK(s.scale()[0].item<double>() == 0.5);

  const Tensor mean = s.mean();
  CHECK(contains(message_of([&] { s.fit(zeros({0, 3})); }), "examples along the first axis"));
  CHECK(contains(message_of([&] { s.fit(zeros({})); }), "examples along the first axis"));
  CHECK(s.mean().sizes() == mean.sizes());
  CHECK(contains(message_of([&] { s.transform(zeros({2, 3})); }), "[transform] x must end in the fitted features, [2], got"));
  CHECK(contains(message_of([&] { s.inverse_transform(zeros({})); }), "[inverse_transform] x must end in"));
  CHECK(contains(message_of([] { Standardize().transform(zeros({2})); }), "must be fitted first"));
}
