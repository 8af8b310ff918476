#include <xgrad/autograd/kernels/reduction/reduction.h>

#include <algorithm>
#include <limits>
#include <utility>

#include <xgrad/autograd/kernels/reduction/reduction_driver.h>

namespace torch { inline namespace xgrad { namespace kernels {

void ReductionGeometry::keep(int64_t size, int64_t in, int64_t out) {
  kept_sizes[kept] = size;
  kept_in[kept] = in;
  kept_out[kept++] = out;
}

void ReductionGeometry::reduce(int64_t size, int64_t in) {
  reduced_sizes[reduced] = size;
  reduced_in[reduced++] = in;
}

namespace {

// Sorts axes by the input's stride, largest first, drops those of size 1 and merges neighbours; `out` may be null.
int simplify_axes(int axes, int64_t* sizes, int64_t* in, int64_t* out) {
  int n = 0;
  for (int a = 0; a < axes; ++a) {
    if (sizes[a] == 1) continue;
    sizes[n] = sizes[a];
    in[n] = in[a];
    if (out) out[n] = out[a];
    ++n;
  }
  for (int a = 1; a < n; ++a)
    for (int b = a; b > 0 && in[b - 1] < in[b]; --b) {
      std::swap(sizes[b - 1], sizes[b]);
      std::swap(in[b - 1], in[b]);
      if (out) std::swap(out[b - 1], out[b]);
    }
  int last = 0;
  for (int a = 1; a < n; ++a) {
    if (in[last] == in[a] * sizes[a] && (!out || out[last] == out[a] * sizes[a])) {
      sizes[last] *= sizes[a];
    } else {
      sizes[++last] = sizes[a];
    }
    in[last] = in[a];
    if (out) out[last] = out[a];
  }
  return n == 0 ? 0 : last + 1;
}

int64_t product(int axes, const int64_t* sizes) {
  int64_t n = 1;
  for (int a = 0; a < axes; ++a) n *= sizes[a];
  return n;
}

}  // namespace

void ReductionGeometry::simplify() {
  kept = simplify_axes(kept, kept_sizes, kept_in, kept_out);
  reduced = simplify_axes(reduced, reduced_sizes, reduced_in, nullptr);
}
int64_t ReductionGeometry::outputs() const { return product(kept, kept_sizes); }
int64_t ReductionGeometry::elements_per_output() const { return product(reduced, reduced_sizes); }
int64_t ReductionGeometry::repeats() const {
  return reduced > 0 && reduced_in[reduced - 1] == 0 ? std::max<int64_t>(reduced_sizes[reduced - 1], 1) : 1;
}

namespace {

template <class T> using Accumulator = std::conditional_t<std::is_floating_point_v<T>, double, uint64_t>;
template <class T> using Widened = std::conditional_t<std::is_floating_point_v<T>, T, int64_t>;

template <class T> constexpr bool kWorthVariants = sizeof(T) >= 4;

template <class T> struct Sum {
  static constexpr bool kAdds = std::is_floating_point_v<T>, kVariants = kWorthVariants<T>;
  using In = T;
  using Acc = Accumulator<T>;
  using Out = Widened<T>;
  using Element = std::conditional_t<std::is_same_v<T, float>, float, Acc>;
  int64_t repeats = 1;  // of every element
  double divisor = 1, factor = 1 / divisor;
  Acc identity() const { return 0; }
  Element load(In x) const { return static_cast<Element>(x); }
  template <class V> V combine(V a, V b) const { return a + b; }
  Out finish(Acc a) const {
    const Acc sum = a * static_cast<Acc>(repeats);
    if constexpr (std::is_same_v<T, float>) return static_cast<Out>(sum * factor);
    else if constexpr (std::is_same_v<T, double>) return sum / divisor;
    else return static_cast<Out>(sum);
  }
};

static_assert(PiecewiseSum::kPiece == kSegment);

template <class T> struct SumOfNumbers : Sum<T> {
  static constexpr bool kAdds = false;
  typename Sum<T>::Element load(T x) const { return Sum<T>::load(x == x ? x : 0); }
};

template <class T> struct Product {
  static constexpr bool kRare = true, kVariants = std::is_floating_point_v<T>;
  using In = T;
  using Acc = Accumulator<T>;
  using Out = Widened<T>;
  Acc identity() const { return 1; }
  Acc load(In x) const { return static_cast<Acc>(x); }
  Acc combine(Acc a, Acc b) const { return a * b; }
  Out finish(Acc a) const { return static_cast<Out>(a); }
};

template <class T, bool kLargest> struct Extreme {
  static constexpr bool kVariants = kWorthVariants<T>;
  using In = T;
  using Acc = std::conditional_t<std::is_same_v<T, bool>, uint8_t, T>;
  using Out = T;
  Acc identity() const {
    using Limits = std::numeric_limits<T>;
    if constexpr (std::is_floating_point_v<T>) return kLargest ? -Limits::infinity() : Limits::infinity();
    else return kLargest ? Limits::lowest() : Limits::max();
  }
  Acc load(In x) const { return x; }
  Acc combine(Acc a, Acc b) const {
    if constexpr (std::is_same_v<T, bool>) return static_cast<Acc>(kLargest ? a | b : a & b);
    else return extreme_of_two<kLargest>(a, b);
  }
  template <class Load> Acc eight(Load load) const requires std::is_floating_point_v<T> { return extreme_of_eight<kLargest>(load); }
  Out finish(Acc a) const { return static_cast<Out>(a); }
};

}  // namespace

void reduce_sum(const ReductionGeometry& g, ScalarType in, const void* x, void* y, double divisor) {
  const int64_t repeats = g.repeats();
  const auto reduce = [&](const ReductionGeometry& once) {
    dispatch_all(in, "sum", [&](auto t) { run_reduction(once, x, y, Sum<decltype(t)>{repeats, divisor}); });
  };
  if (repeats == 1) return reduce(g);
  ReductionGeometry once = g;
  --once.reduced;
  reduce(once);
}

struct PiecewiseSum::Reduction {
  Sum<float> floats;
  Sum<double> doubles;
  SegmentedReduction pieces;
  Reduction(int64_t n, ScalarType in, double divisor)
      : floats{1, divisor}, doubles{1, divisor}, pieces(n, in == kFloat ? reducer_of(floats) : reducer_of(doubles)) {}
};
PiecewiseSum::PiecewiseSum(int64_t n, ScalarType in, double divisor) : reduction_(std::make_unique<Reduction>(n, in, divisor)) {}
PiecewiseSum::~PiecewiseSum() = default;
void PiecewiseSum::add(int64_t piece, const void* x) { reduction_->pieces.reduce(piece, x); }
void PiecewiseSum::finish(void* y) const { reduction_->pieces.finish(y); }

void reduce_nansum(const ReductionGeometry& g, ScalarType in, const void* x, void* y) {
  dispatch_floating(in, "nansum", [&](auto t) { run_reduction<SumOfNumbers<decltype(t)>>(g, x, y); });
}
void reduce_prod(const ReductionGeometry& g, ScalarType in, const void* x, void* y) {
  dispatch_all(in, "prod", [&](auto t) { run_reduction<Product<decltype(t)>>(g, x, y); });
}
void reduce_max(const ReductionGeometry& g, ScalarType in, const void* x, void* y) {
  dispatch_all(in, "max", [&](auto t) { run_reduction<Extreme<decltype(t), true>>(g, x, y); });
}
void reduce_min(const ReductionGeometry& g, ScalarType in, const void* x, void* y) {
  dispatch_all(in, "min", [&](auto t) { run_reduction<Extreme<decltype(t), false>>(g, x, y); });
}

}}}  // namespace torch::xgrad::kernels
