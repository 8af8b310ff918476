// How a reduction walks its elements: leaves of fixed size, combined by a fixed tree.
#pragma once

#include <cstdint>
#include <type_traits>

#include <xgrad/autograd/kernels/fold.h>
#include <xgrad/autograd/kernels/instruction_set.h>
#include <xgrad/autograd/kernels/reduction.h>

// Note: the tree
//
// The elements of an output, in the order of simplify(), are cut into leaves, leaves are joined pairwise as a binary
// counter carries, and every kSegment elements make a partial result of their own; partial results are joined pairwise
// again. All cuts follow from the shape alone. Threads take whole (output, segment) pieces.
//
// A reduction R states
//   In, Acc, Out           element, accumulator and output types
//   Acc identity()         of no element
//   Acc load(x)            of one element; or, where that would lose something, Acc leaf(x, n) of several in a row
//   Acc combine(a, b)      of both, a before b
//   Out finish(a)
//   kRare                  optional and true: not worth variants for instruction sets
// The driver is compiled once, and knows R by the functions of a Reducer.

namespace xgrad::kernels {

constexpr int64_t kSegment = int64_t{1} << 15;
constexpr int kLargestAccumulator = 32;  ///< bytes

/// A reduction whose types are forgotten; accumulators lie side by side.
struct Reducer {
  const void* r;
  int in_bytes, acc_bytes;
  int64_t leaf;  ///< elements at most
  void (*reduce)(const void* r, const void* x, int64_t n, void* acc);
  void (*add_row)(const void* r, void* acc, const void* x, int64_t n);  ///< an element to each of n; null without load
  void (*join)(const void* r, const void* before, void* acc, int64_t n);  ///< n times acc = combine(before, acc)
  void (*clear)(const void* r, void* acc, int64_t n);
  void (*finish)(const void* r, const void* acc, void* y, int64_t place);
};

void run_reduction(const ReductionGeometry& g, const void* x, void* y, const Reducer& r);

namespace detail {

template <class R, class = void>
constexpr bool loads_single_elements = false;
template <class R>
constexpr bool loads_single_elements<R, std::void_t<decltype(&R::load)>> = true;

template <class R>
struct Loaded {
  const R& r;
  const typename R::In* x;
  auto identity() const { return r.identity(); }
  auto at(int64_t i) const { return r.load(x[i]); }
  template <class Acc>
  Acc combine(Acc a, Acc b) const { return r.combine(a, b); }
};

template <class R>
struct Reduce {
  static void run(const void* r, const void* x, int64_t n, void* acc) {
    const R& reduction = *static_cast<const R*>(r);
    const auto* elements = static_cast<const typename R::In*>(x);
    auto& result = *static_cast<typename R::Acc*>(acc);
    if constexpr (loads_single_elements<R>) result = fold(Loaded<R>{reduction, elements}, n);
    else result = reduction.leaf(elements, n);
  }
};

template <class R>
struct AddRow {
  static void run(const void* r, void* acc, const void* x, int64_t n) {
    const R reduction = *static_cast<const R*>(r);
    const auto* elements = static_cast<const typename R::In*>(x);
    auto* sums = static_cast<typename R::Acc*>(acc);
#pragma GCC ivdep
    for (int64_t j = 0; j < n; ++j) sums[j] = reduction.combine(sums[j], reduction.load(elements[j]));
  }
};

template <class R>
void join(const void* r, const void* before, void* acc, int64_t n) {
  const auto* a = static_cast<const typename R::Acc*>(before);
  auto* b = static_cast<typename R::Acc*>(acc);
  for (int64_t j = 0; j < n; ++j) b[j] = static_cast<const R*>(r)->combine(a[j], b[j]);
}
template <class R>
void clear(const void* r, void* acc, int64_t n) {
  for (int64_t j = 0; j < n; ++j) static_cast<typename R::Acc*>(acc)[j] = static_cast<const R*>(r)->identity();
}
template <class R>
void finish(const void* r, const void* acc, void* y, int64_t place) {
  static_cast<typename R::Out*>(y)[place] = static_cast<const R*>(r)->finish(*static_cast<const typename R::Acc*>(acc));
}

template <class R, class = void>
constexpr bool is_rare = false;
template <class R>
constexpr bool is_rare<R, std::void_t<decltype(R::kRare)>> = R::kRare;

}  // namespace detail

template <class R>
void run_reduction(const ReductionGeometry& g, const void* x, void* y, const R& r = R()) {
  static_assert(sizeof(typename R::Acc) <= kLargestAccumulator);
  using Element = std::conditional_t<detail::is_rare<R>, void, typename R::In>;
  constexpr bool by_element = detail::loads_single_elements<R>;
  static_assert(!by_element || sizeof(typename R::Acc) <= 8);
  Reducer reducer{&r, sizeof(typename R::In), sizeof(typename R::Acc), by_element ? kSegment : 512, nullptr, nullptr,
                  &detail::join<R>, &detail::clear<R>, &detail::finish<R>};
  reducer.reduce = variant_for<detail::Reduce<R>, Element, const void*, const void*, int64_t, void*>();
  if constexpr (by_element) reducer.add_row = variant_for<detail::AddRow<R>, Element, const void*, void*, const void*, int64_t>();
  run_reduction(g, x, y, reducer);
}

}  // namespace xgrad::kernels
