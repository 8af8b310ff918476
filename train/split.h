// Parts of a data set, for training and for testing, as the numbers of the examples.
#pragma once

#include <type_traits>
#include <vector>

#include <xgrad/autograd/tensor/generator.h>
#include <xgrad/autograd/tensor/tensor.h>
#include <xgrad/data/datasets/tensor.h>

namespace torch { inline namespace xgrad { namespace train {

/// Which examples are for training and which for testing: int64, no example twice.
struct Split {
  Tensor train, test;
};

struct SplitOptions {
  SplitOptions() = default;
  SplitOptions(bool do_shuffle) : shuffle(do_shuffle) {}
  SplitOptions(Generator from) : generator(std::move(from)) {}

  /// Whether examples come in the order that randperm(n) draws; without, in their own.
  bool shuffle = true;
  /// What it draws from; undefined, the default generator, so that manual_seed gives PyTorch's order.
  Generator generator;
};

/// Of n examples in the order of `options`, the last for testing and those before for training, as PyTorch's random_split parts them. `test` is how
/// many, or, of a floating type, which part of n, rounded up (scikit-learn's rule). Throws unless both have at least one example.
///
///     const Split split = train_test_split(x.size(0), 0.2);
///     const Tensor seen = x.index_select(0, split.train);
template <class Count, std::enable_if_t<std::is_arithmetic_v<Count>, int> = 0>
Split train_test_split(int64_t n, Count test, const SplitOptions& options = {});

/// The same, but with every class of `labels`, whole numbers [n], in both parts as often as in all: its share, but for less than one example.
template <class Count, std::enable_if_t<std::is_arithmetic_v<Count>, int> = 0>
Split stratified_split(const Tensor& labels, Count test, const SplitOptions& options = {});

/// k splits whose testing parts make up all n examples, in order: n / k each, the first n % k one more (scikit-learn's KFold).
/// All others are for training, in the same order. Throws unless 2 <= k <= n.
XGRAD_API std::vector<Split> k_fold(int64_t n, int64_t k, const SplitOptions& options = {});
/// The same with each class of `labels`, whole numbers [n], in every testing part n_c / k times, or once more.
XGRAD_API std::vector<Split> stratified_k_fold(const Tensor& labels, int64_t k, const SplitOptions& options = {});

/// A data set of these examples, copied.
XGRAD_API data::datasets::TensorDataset subset(const data::datasets::TensorDataset& dataset, const Tensor& indices);

namespace detail {
XGRAD_API int64_t test_count(const char* name, double part, double product);
XGRAD_API Split split(const char* name, int64_t n, int64_t test, const SplitOptions& options);
XGRAD_API Split split(const char* name, const Tensor& labels, int64_t test, const SplitOptions& options);

template <class Count> int64_t count_of(const char* name, int64_t n, Count test) {
  if constexpr (std::is_floating_point_v<Count>)
    return test_count(name, static_cast<double>(test), static_cast<double>(test * static_cast<Count>(n)));
  else return static_cast<int64_t>(test);
}
}  // namespace detail

template <class Count, std::enable_if_t<std::is_arithmetic_v<Count>, int>>
Split train_test_split(int64_t n, Count test, const SplitOptions& options) {
  return detail::split("train_test_split", n, detail::count_of("train_test_split", n, test), options);
}

template <class Count, std::enable_if_t<std::is_arithmetic_v<Count>, int>>
Split stratified_split(const Tensor& labels, Count test, const SplitOptions& options) {
  return detail::split("stratified_split", labels, detail::count_of("stratified_split", labels.numel(), test), options);
}

}}}  // namespace torch::xgrad::train
