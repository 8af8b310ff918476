// Sums and products of sizes.
#pragma once

#include <cstdint>
#include <functional>
#include <iterator>
#include <numeric>

#include <torch/namespaces.h>

namespace torch { inline namespace xgrad {

template <class Iterator> int64_t sum_integers(Iterator first, Iterator last) { return std::accumulate(first, last, int64_t{0}); }
template <class Container> int64_t sum_integers(const Container& values) { return sum_integers(std::begin(values), std::end(values)); }
template <class Iterator> int64_t multiply_integers(Iterator first, Iterator last) {
  return std::accumulate(first, last, int64_t{1}, std::multiplies<>());
}
template <class Container> int64_t multiply_integers(const Container& values) { return multiply_integers(std::begin(values), std::end(values)); }
/// The product of the sizes from axis k on, and of those before it.
template <class Container> int64_t numelements_from_dim(int k, const Container& sizes) {
  return multiply_integers(std::next(std::begin(sizes), k), std::end(sizes));
}
template <class Container> int64_t numelements_to_dim(int k, const Container& sizes) {
  return multiply_integers(std::begin(sizes), std::next(std::begin(sizes), k));
}

}}  // namespace torch::xgrad
