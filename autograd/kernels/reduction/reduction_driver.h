// How a reduction walks its elements: leaves of fixed size, combined by a fixed tree.
#pragma once

#include <cstdint>
#include <type_traits>
#include <utility>
#include <vector>

#include <xgrad/autograd/kernels/index/transposition.h>
#include <xgrad/autograd/kernels/instruction_set.h>
#include <xgrad/autograd/kernels/reduction/fold.h>
#include <xgrad/autograd/kernels/reduction/reduction.h>
#include <xgrad/autograd/kernels/reduction/row_sums.h>

// Note: the tree
//
// The elements of an output, in the order of simplify(), are cut into leaves, leaves are joined pairwise as a binary
// counter carries, and every kSegment elements make a partial result of their own; partial results are joined pairwise
// again. All cuts follow from the shape alone. Threads take whole (output, segment) pieces.
//
// A reduction R states
//   In, Acc, Out           element, accumulator and output types
//   Acc identity()         of no element
//   load(x)                of one element, an Acc or a narrower type that eight of are combined in first; or, where that would
//                          lose something, Acc leaf(x, n) of several in a row
//   combine(a, b)          of both, a before b: accumulators, or what load gives
//   eight(load)            optional: load(0) to load(7) combined, if there is a quicker way
//   Out finish(a)
//   kRare                  optional and true: not worth variants for instruction sets
//   kVariants              optional and true: loops over the input have variants all the same, whatever the type
//   kAdds                  optional and true: load gives the element as it is, combine adds
// The driver is compiled once, and knows R by the functions of a Reducer.

namespace torch { inline namespace xgrad { namespace kernels {

constexpr int64_t kSegment = int64_t{1} << 15;
constexpr int kLargestAccumulator = 32;  ///< bytes

constexpr int kColumns = 512;  ///< neighbouring outputs accumulated together

/// A reduction whose types are forgotten; accumulators lie side by side, strides are in elements.
struct Reducer {
  const void* r;
  int in_bytes, acc_bytes;
  int64_t leaf;                                                                                          ///< elements at most
  int64_t elements_per_thread;                                                                           ///< that pay for waking it
  void (*reduce)(const void* r, const void* x, int64_t row_stride, int64_t rows, int64_t n, void* acc);  ///< each row of n
  /// To each of `columns` accumulators an element of every row; null without load. Where elements that are combined in a narrow
  /// type leave its range, `out_of_range` is set and the accumulators are lost; with a null in its place none are combined so.
  void (*add_rows)(const void* r, void* acc, const void* x, int64_t row_stride, int64_t rows, int64_t columns, int32_t* out_of_range);
  void (*join)(const void* r, const void* before, void* acc, int64_t n);  ///< n times acc = combine(before, acc)
  void (*clear)(const void* r, void* acc, int64_t n);
  void (*finish)(const void* r, const void* acc, int64_t n, void* y, int64_t place, int64_t stride);
};

void run_reduction(const ReductionGeometry& g, const void* x, void* y, const Reducer& r);

/// A reduction of n elements that lie side by side to one, segment by segment, in any order and on any threads: the same bits. For reductions
/// that load single elements.
class SegmentedReduction {
 public:
  SegmentedReduction(int64_t n, const Reducer& r);
  /// The elements of a segment: kSegment, in the last one the rest.
  void reduce(int64_t segment, const void* x);
  /// After all segments.
  void finish(void* y) const;

 private:
  Reducer r_;
  int64_t n_;
  std::vector<char> partials_;
};

namespace detail {

template <class R, class = void> constexpr bool loads_single_elements = false;
template <class R> constexpr bool loads_single_elements<R, std::void_t<decltype(&R::load)>> = true;

template <class R, class = void> constexpr bool is_rare = false;
template <class R> constexpr bool is_rare<R, std::void_t<decltype(R::kRare)>> = R::kRare;

template <class R, class = void> constexpr bool has_variants = false;
template <class R> constexpr bool has_variants<R, std::void_t<decltype(R::kVariants)>> = R::kVariants;

template <class R, class = void> constexpr bool adds = false;
template <class R> constexpr bool adds<R, std::void_t<decltype(R::kAdds)>> = R::kAdds;

template <class R> using Loaded = decltype(std::declval<const R&>().load(typename R::In()));
template <class R> constexpr bool kWidens = sizeof(Loaded<R>) < sizeof(typename R::Acc);

template <class R> struct ReducedRow {
  const R& r;
  const typename R::In* x;
  auto identity() const { return r.identity(); }
  auto at(int64_t i) const { return r.load(x[i]); }
  template <class T> T combine(T a, T b) const { return r.combine(a, b); }
  template <class Load> auto eight(Load load) const requires requires { r.eight(load); }
  { return r.eight(load); }
};

constexpr int64_t kShort = 64;

/// Sixteen short rows at once, each in the order of fold().
template <class R> void fold_short_rows(const R& r, const typename R::In* x, int64_t row_stride, int64_t n, typename R::Acc* acc) {
  using Acc = typename R::Acc;
  using In = typename R::In;
  constexpr auto size = static_cast<int64_t>(sizeof(In));
  alignas(64) In columns[kShort][kLanes];
  transpose(size, {reinterpret_cast<char*>(columns), kLanes * size, reinterpret_cast<const char*>(x), size, row_stride * size}, n, kLanes);
  alignas(64) Acc lanes[kLanes][kLanes];
  const int used = n < kLanes ? static_cast<int>(n) : kLanes;
  const auto one = [&](int64_t i, int row) { return static_cast<Acc>(r.load(columns[i][row])); };
  const int twice = n >= 2 * kLanes ? kLanes : 0;  // lanes that begin with two elements
  for (int l = 0; l < twice; ++l)
    for (int row = 0; row < kLanes; ++row) lanes[l][row] = r.combine(r.combine(r.identity(), one(l, row)), one(l + kLanes, row));
  for (int l = twice; l < used; ++l)
    for (int row = 0; row < kLanes; ++row) lanes[l][row] = r.combine(r.identity(), one(l, row));
  for (int64_t i = kLanes + twice; i < n; ++i)
    for (int row = 0; row < kLanes; ++row) lanes[i % kLanes][row] = r.combine(lanes[i % kLanes][row], one(i, row));
  for (int half = kLanes / 2; half > 0; half /= 2)
    for (int l = 0; l < half && l + half < used; ++l)
      for (int row = 0; row < kLanes; ++row) lanes[l][row] = r.combine(lanes[l][row], lanes[l + half][row]);
  for (int row = 0; row < kLanes; ++row) acc[row] = lanes[0][row];
}

template <class R> struct Reduce {
  static void run(const void* r, const void* x, int64_t row_stride, int64_t rows, int64_t n, void* acc) {
    const R reduction = *static_cast<const R*>(r);
    const auto* row = static_cast<const typename R::In*>(x);
    auto* result = static_cast<typename R::Acc*>(acc);
    constexpr bool is_float = std::is_same_v<typename R::In, float>;
    if constexpr (adds<R>)
      if (n >= kLanes && n <= kLongestSummedRow)
        for (; rows >= kRowsSummed; rows -= kRowsSummed, row += kRowsSummed * row_stride, result += kRowsSummed)
          sums_of_short_rows(row, row_stride, n, result);
    if constexpr (loads_single_elements<R> && std::is_floating_point_v<typename R::In>)
      if (n > 0 && n <= (is_float ? kShort : kLanes))
        for (; rows >= kLanes; rows -= kLanes, row += kLanes * row_stride, result += kLanes) fold_short_rows(reduction, row, row_stride, n, result);
    if constexpr (loads_single_elements<R> && std::is_integral_v<typename R::In>)
      if (n <= kShort)  // no order is better than another
        for (; rows > 0; --rows, row += row_stride, ++result) {
          *result = reduction.identity();
          for (int64_t i = 0; i < n; ++i) *result = reduction.combine(*result, static_cast<typename R::Acc>(reduction.load(row[i])));
        }
    for (; rows > 0; --rows, row += row_stride, ++result) {
      if constexpr (!loads_single_elements<R>) *result = reduction.leaf(row, n);
      else if constexpr (kWidens<R>) *result = fold_widening(ReducedRow<R>{reduction, row}, n);
      else *result = fold(ReducedRow<R>{reduction, row}, n);
    }
  }
};

template <class R> struct AddRows {
  using In = typename R::In;
  using Acc = typename R::Acc;

  static void run(const void* r, void* acc, const void* x, int64_t row_stride, int64_t rows, int64_t columns, int32_t* out_of_range) {
    const R reduction = *static_cast<const R*>(r);
    const auto* row = static_cast<const In*>(x);
    auto* sums = static_cast<Acc*>(acc);
    if constexpr (std::is_floating_point_v<In> && !is_rare<R>)
      for (; out_of_range && rows >= kRowsAtOnce; rows -= kRowsAtOnce, row += kRowsAtOnce * row_stride)
        *out_of_range |= add_group(reduction, sums, row, row_stride, columns);
    for (; rows > 0; --rows, row += row_stride) add_row(reduction, sums, row, columns);
  }

 private:
  static void add_row(const R& r, Acc* sums, const In* row, int64_t n) {
    XGRAD_INDEPENDENT_ITERATIONS
    for (int64_t j = 0; j < n; ++j) sums[j] = r.combine(sums[j], static_cast<Acc>(r.load(row[j])));
  }
  // True iff elements left the range of their type.
  static int32_t add_group(const R& r, Acc* sums, const In* x, int64_t row_stride, int64_t n) {
    int32_t out_of_range = 0;
    XGRAD_INDEPENDENT_ITERATIONS
    for (int64_t j = 0; j < n; ++j) {
      const auto joint = joined_rows(r, [&](int row) { return r.load(x[row * row_stride + j]); });
      sums[j] = r.combine(sums[j], static_cast<Acc>(joint));
      if constexpr (kWidens<R>) out_of_range |= !(joint - joint == 0);
    }
    return out_of_range;
  }
};

template <class R> struct Join {
  static void run(const void* r, const void* before, void* acc, int64_t n) {
    const R reduction = *static_cast<const R*>(r);
    const auto* a = static_cast<const typename R::Acc*>(before);
    auto* b = static_cast<typename R::Acc*>(acc);
    XGRAD_INDEPENDENT_ITERATIONS
    for (int64_t j = 0; j < n; ++j) b[j] = reduction.combine(a[j], b[j]);
  }
};
template <class R> struct Clear {
  static void run(const void* r, void* acc, int64_t n) {
    const typename R::Acc nothing = static_cast<const R*>(r)->identity();
    for (int64_t j = 0; j < n; ++j) static_cast<typename R::Acc*>(acc)[j] = nothing;
  }
};
template <class R> struct Finish {
  static void run(const void* r, const void* acc, int64_t n, void* y, int64_t place, int64_t stride) {
    const R reduction = *static_cast<const R*>(r);
    const auto* a = static_cast<const typename R::Acc*>(acc);
    auto* out = static_cast<typename R::Out*>(y) + place;
    if (stride == 1) {
      XGRAD_INDEPENDENT_ITERATIONS
      for (int64_t j = 0; j < n; ++j) out[j] = reduction.finish(a[j]);
    } else {
      for (int64_t j = 0; j < n; ++j) out[j * stride] = reduction.finish(a[j]);
    }
  }
};

}  // namespace detail

/// Refers to r.
template <class R> Reducer reducer_of(const R& r) {
  static_assert(sizeof(typename R::Acc) <= kLargestAccumulator);
  using Element = std::conditional_t<detail::is_rare<R>, void, typename R::In>;
  constexpr bool by_element = detail::loads_single_elements<R>;
  static_assert(!by_element || sizeof(typename R::Acc) <= 8);
  Reducer reducer{};
  reducer.r = &r;
  reducer.in_bytes = sizeof(typename R::In);
  reducer.acc_bytes = sizeof(typename R::Acc);
  reducer.leaf = by_element ? kSegment : 512;
  reducer.elements_per_thread = !by_element ? 10000 : detail::is_rare<R> ? 40000 : 130000;
  using Loops = std::conditional_t<detail::has_variants<R>, float, Element>;
  reducer.reduce = variant_for<detail::Reduce<R>, Loops, const void*, const void*, int64_t, int64_t, int64_t, void*>();
  if constexpr (by_element)
    reducer.add_rows = variant_for<detail::AddRows<R>, Loops, const void*, void*, const void*, int64_t, int64_t, int64_t, int32_t*>();
  using Columns = std::conditional_t<by_element, Element, void>;
  reducer.join = variant_for<detail::Join<R>, Columns, const void*, const void*, void*, int64_t>();
  reducer.clear = variant_for<detail::Clear<R>, Columns, const void*, void*, int64_t>();
  reducer.finish = variant_for<detail::Finish<R>, Columns, const void*, const void*, int64_t, void*, int64_t, int64_t>();
  return reducer;
}

template <class R> void run_reduction(const ReductionGeometry& g, const void* x, void* y, const R& r = R()) { run_reduction(g, x, y, reducer_of(r)); }

}}}  // namespace torch::xgrad::kernels
