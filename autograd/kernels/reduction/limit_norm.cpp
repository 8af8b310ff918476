#include <cmath>
#include <limits>

#include <xgrad/autograd/kernels/reduction/moments.h>
#include <xgrad/autograd/kernels/reduction/reduction_driver.h>

namespace torch { inline namespace xgrad { namespace kernels {
namespace {

template <class T, bool kLargest> struct ExtremeMagnitude {
  static constexpr bool kRare = true;
  using In = T;
  using Acc = T;
  using Out = T;
  Acc identity() const { return kLargest ? 0 : std::numeric_limits<T>::infinity(); }
  Acc load(In x) const { return std::abs(x); }
  Acc combine(Acc a, Acc b) const { return extreme_of_two<kLargest>(a, b); }
  Out finish(Acc a) const { return a; }
};

template <class T> struct CountOfNonzeros {
  static constexpr bool kRare = true;
  using In = T;
  using Acc = double;
  using Out = T;
  Acc identity() const { return 0; }
  Acc load(In x) const { return x != T(0) ? 1 : 0; }
  Acc combine(Acc a, Acc b) const { return a + b; }
  Out finish(Acc a) const { return static_cast<Out>(a); }
};

}  // namespace

void reduce_limit_norm(const ReductionGeometry& g, ScalarType in, const void* x, void* y, double p) {
  dispatch_floating(in, "norm", [&](auto t) {
    using T = decltype(t);
    if (p == 0) run_reduction<CountOfNonzeros<T>>(g, x, y);
    else if (p > 0) run_reduction<ExtremeMagnitude<T, true>>(g, x, y);
    else run_reduction<ExtremeMagnitude<T, false>>(g, x, y);
  });
}

}}}  // namespace torch::xgrad::kernels
