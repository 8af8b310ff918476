#include <xgrad/train/split.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include <xgrad/autograd/ops/ops.h>

namespace torch { inline namespace xgrad { namespace train {

namespace {

std::vector<int64_t> elements(const Tensor& t) { return {t.data_ptr<int64_t>(), t.data_ptr<int64_t>() + t.numel()}; }

std::vector<int64_t> order_of(int64_t n, const SplitOptions& options) {
  return elements(options.shuffle ? randperm(n, options.generator) : arange(n, kLong));
}

// The places of `order`, those of a class beside each other and otherwise as they come.
std::vector<int64_t> places_by_class(const char* name, const Tensor& labels, const std::vector<int64_t>& order) {
  const Tensor whole = labels.to(kLong).contiguous();
  XGRAD_CHECK_AS(ValueError, whole.eq(labels).all().item<bool>(), "[", name, "] labels must be whole numbers, got ", labels, " with others");
  const int64_t* label = whole.data_ptr<int64_t>();
  std::vector<int64_t> places(order.size());
  std::iota(places.begin(), places.end(), 0);
  std::stable_sort(places.begin(), places.end(), [&](int64_t a, int64_t b) { return label[order[size_t(a)]] < label[order[size_t(b)]]; });
  return places;
}

// The fold of each place of the order, by the rank that the place has when they are dealt out.
template <class FoldOf> std::vector<int64_t> folds(const std::vector<int64_t>& places, FoldOf fold_of) {
  std::vector<int64_t> fold(places.size());
  for (size_t rank = 0; rank < places.size(); ++rank) fold[static_cast<size_t>(places[rank])] = fold_of(static_cast<int64_t>(rank));
  return fold;
}

// The examples in `order`, those of fold `test` apart.
Split split_by(const std::vector<int64_t>& order, const std::vector<int64_t>& fold, int64_t test) {
  std::vector<int64_t> parts[2];
  for (size_t place = 0; place < order.size(); ++place) parts[fold[place] == test].push_back(order[place]);
  return {tensor(parts[0]), tensor(parts[1])};
}

void check_labels(const char* name, const Tensor& labels) {
  XGRAD_CHECK(labels.defined() && labels.dim() == 1, "[", name, "] labels must have one axis, got ", labels);
}

void check_test(const char* name, int64_t n, int64_t test) {
  XGRAD_CHECK_AS(ValueError, test >= 1 && test < n, "[", name, "] both parts must have examples, got ", test, " of ", n, " for testing");
}

void check_folds(const char* name, int64_t n, int64_t k) {
  XGRAD_CHECK_AS(ValueError, k >= 2 && k <= n, "[", name, "] k must be from 2 to the number of examples, ", n, ", got ", k);
}

std::vector<Split> splits_by(const std::vector<int64_t>& order, const std::vector<int64_t>& fold, int64_t k) {
  std::vector<Split> splits;
  for (int64_t i = 0; i < k; ++i) splits.push_back(split_by(order, fold, i));
  return splits;
}

}  // namespace

namespace detail {

int64_t test_count(const char* name, double part, double product) {
  XGRAD_CHECK_AS(ValueError, part > 0 && part < 1, "[", name, "] the part for testing must be between 0 and 1, or a whole number, got ", part);
  return static_cast<int64_t>(std::ceil(product));
}

Split split(const char* name, int64_t n, int64_t test, const SplitOptions& options) {
  check_test(name, n, test);
  const std::vector<int64_t> order = order_of(n, options);
  std::vector<int64_t> fold(order.size());
  std::fill(fold.end() - test, fold.end(), 1);
  return split_by(order, fold, 1);
}

// With all classes in a row, every n / test-th example is for testing.
Split split(const char* name, const Tensor& labels, int64_t test, const SplitOptions& options) {
  check_labels(name, labels);
  const int64_t n = labels.numel();
  check_test(name, n, test);
  const std::vector<int64_t> order = order_of(n, options);
  const double share = static_cast<double>(test) / static_cast<double>(n);
  const auto until = [&](int64_t rank) { return rank == n ? test : static_cast<int64_t>(static_cast<double>(rank) * share); };
  return split_by(order, folds(places_by_class(name, labels, order), [&](int64_t rank) { return until(rank + 1) - until(rank); }), 1);
}

}  // namespace detail

std::vector<Split> k_fold(int64_t n, int64_t k, const SplitOptions& options) {
  check_folds("k_fold", n, k);
  const std::vector<int64_t> order = order_of(n, options);
  std::vector<int64_t> fold;
  for (int64_t i = 0; i < k; ++i) fold.insert(fold.end(), static_cast<size_t>(n / k + (i < n % k)), i);
  return splits_by(order, fold, k);
}

// With all classes in a row, examples are dealt out like cards.
std::vector<Split> stratified_k_fold(const Tensor& labels, int64_t k, const SplitOptions& options) {
  check_labels("stratified_k_fold", labels);
  check_folds("stratified_k_fold", labels.numel(), k);
  const std::vector<int64_t> order = order_of(labels.numel(), options);
  return splits_by(order, folds(places_by_class("stratified_k_fold", labels, order), [k](int64_t rank) { return rank % k; }), k);
}

data::datasets::TensorDataset subset(const data::datasets::TensorDataset& dataset, const Tensor& indices) {
  return data::datasets::TensorDataset(dataset.tensor.index_select(0, indices));
}

}}}  // namespace torch::xgrad::train
