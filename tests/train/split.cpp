#include <algorithm>
#include <map>
#include <ostream>

#include <doctest/doctest.h>
#include <message.h>
#include <train/draws.h>
#include <xgrad/autograd/ops/ops.h>
#include <xgrad/train/split.h>

using namespace xgrad;
using namespace xgrad::train;

namespace {

std::vector<int64_t> indices_of(const Tensor& t) { return {t.data_ptr<int64_t>(), t.data_ptr<int64_t>() + t.numel()}; }

void check_whole(const Split& split, int64_t n) {
  CHECK(split.train.dtype() == kLong);
  std::vector<int64_t> all = indices_of(cat({split.train, split.test}));
  std::sort(all.begin(), all.end());
  CHECK(all == indices_of(arange(n, kLong)));
}

std::map<int64_t, int64_t> counts(const Tensor& labels, const Tensor& indices) {
  std::map<int64_t, int64_t> result;
  for (const int64_t i : indices_of(indices)) ++result[labels[i].item<int64_t>()];
  return result;
}

}  // namespace

TEST_CASE("a split is randperm's order, cut") {
  manual_seed(4);
  const Tensor order = randperm(10);
  manual_seed(4);
  const Split split = train_test_split(10, 3);
  CHECK(split.train.equal(order.slice(0, 0, 7)));
  CHECK(split.test.equal(order.slice(0, 7)));
  const Generator own = xgrad::detail::createCPUGenerator(4);
  CHECK(train_test_split(10, 0.25, own).test.equal(order.slice(0, 7)));  // rounded up
  CHECK(train_test_split(10, 0.2f, false).test.equal(tensor({8, 9}, kLong)));
  CHECK(k_fold(10, 5, xgrad::detail::createCPUGenerator(4))[1].test.equal(order.slice(0, 2, 4)));
  CHECK(k_fold(10, 5, xgrad::detail::createCPUGenerator(4))[1].train.equal(cat({order.slice(0, 0, 2), order.slice(0, 4)})));
}

TEST_CASE("folds make up the whole, for every n and k") {
  for (int64_t n = 2; n < 24; ++n)
    for (int64_t k = 2; k <= n; ++k)
      for (const bool shuffle : {false, true}) {
        const std::vector<Split> splits = k_fold(n, k, shuffle);
        REQUIRE(splits.size() == static_cast<size_t>(k));
        std::vector<Tensor> tests;
        for (int64_t i = 0; i < k; ++i) {
          const Split& s = splits[static_cast<size_t>(i)];
          check_whole(s, n);
          CHECK(s.test.numel() == n / k + (i < n % k));
          tests.push_back(s.test);
        }
        std::vector<int64_t> all = indices_of(cat(tests));
        if (!shuffle) CHECK(all == indices_of(arange(n, kLong)));
        std::sort(all.begin(), all.end());
        CHECK(all == indices_of(arange(n, kLong)));
      }
}

TEST_CASE("strata keep their shares") {
  Draws draw(9);
  for (int round = 0; round < 200; ++round) {
    const int64_t n = 4 + draw(60), classes = 1 + draw(5), k = 2 + draw(3), test = 1 + draw(n - 1);
    std::vector<int64_t> label(static_cast<size_t>(n));
    for (int64_t& l : label) l = draw(classes) * draw(2) - 1;
    const Tensor labels = tensor_of(label).to(draw(2) ? kLong : kFloat);
    const std::map<int64_t, int64_t> all = counts(labels, arange(n, kLong));

    const Split split = stratified_split(labels, test);
    check_whole(split, n);
    CHECK(split.test.numel() == test);
    std::map<int64_t, int64_t> in_test = counts(labels, split.test);
    for (const auto& [l, count] : all) {
      const double share = static_cast<double>(count * test) / static_cast<double>(n);
      CHECK(std::abs(static_cast<double>(in_test[l]) - share) < 1 + 1e-9);
    }

    std::map<int64_t, int64_t> met;
    for (const Split& s : stratified_k_fold(labels, k)) {
      check_whole(s, n);
      CHECK(s.test.numel() >= n / k);
      CHECK(s.test.numel() <= n / k + 1);
      std::map<int64_t, int64_t> here = counts(labels, s.test);
      for (const auto& [l, count] : all) {
        CHECK(here[l] >= count / k);
        CHECK(here[l] <= count / k + 1);
        met[l] += here[l];
      }
    }
    CHECK(met == all);
  }
  // In the order drawn, not class by class.
  const Tensor labels = arange(40, kLong).lt(20).to(kLong);
  const Split in_order = stratified_k_fold(labels, 4, false)[0];
  std::vector<int64_t> sorted = indices_of(in_order.train);
  CHECK(std::is_sorted(sorted.begin(), sorted.end()));
  manual_seed(2);
  const std::vector<int64_t> order = indices_of(randperm(40));
  manual_seed(2);
  const std::vector<int64_t> train = indices_of(stratified_split(labels, 0.5).train);
  CHECK(std::is_sorted(train.begin(), train.end(),
                       [&](int64_t a, int64_t b) { return std::find(order.begin(), order.end(), a) < std::find(order.begin(), order.end(), b); }));
}

TEST_CASE("a part of a data set") {
  data::datasets::TensorDataset all(arange(12, kFloat).view({6, 2}));
  data::datasets::TensorDataset part = subset(all, train_test_split(6, 2, false).test);
  CHECK(*part.size() == 2);
  CHECK(part.get(1).data.equal(tensor({10., 11.}, kFloat)));
}

TEST_CASE("splits that there are not") {
  CHECK(message_of([] { train_test_split(5, 5); }) == "[train_test_split] both parts must have examples, got 5 of 5 for testing");
  CHECK(contains(message_of([] { train_test_split(5, 0); }), "got 0 of 5"));
  CHECK(contains(message_of([] { train_test_split(5, 0.95); }), "got 5 of 5"));
  CHECK(contains(message_of([] { train_test_split(5, 1.5); }), "between 0 and 1, or a whole number, got 1.5"));
  CHECK(contains(message_of([] { train_test_split(-3, 1); }), "got 1 of -3"));
  CHECK(message_of([] { k_fold(3, 4); }) == "[k_fold] k must be from 2 to the number of examples, 3, got 4");
  CHECK(contains(message_of([] { k_fold(3, 1); }), "got 1"));
  CHECK(contains(message_of([] { stratified_k_fold(zeros({3, 2}), 2); }), "labels must have one axis"));
  CHECK(contains(message_of([] { stratified_k_fold(Tensor(), 2); }), "labels must have one axis"));
  CHECK(contains(message_of([] { stratified_split(tensor({0.5, 1., 2.}, kFloat), 1); }), "labels must be whole numbers"));
}
