#include <type_traits>

#include <xgrad/autograd/kernels/reduction_driver.h>

namespace xgrad::kernels {
namespace {

template <class T, bool kAll>
struct Truth {
  static constexpr bool kRare = true;
  using In = T;
  using Acc = uint8_t;
  using Out = std::conditional_t<std::is_same_v<T, uint8_t>, uint8_t, bool>;
  Acc identity() const { return kAll; }
  Acc load(In x) const { return x != In(0); }
  Acc combine(Acc a, Acc b) const { return static_cast<Acc>(kAll ? a & b : a | b); }
  Out finish(Acc a) const { return static_cast<Out>(a); }
};

}  // namespace

void reduce_all(const ReductionGeometry& g, ScalarType in, const void* x, void* y) {
  dispatch_all(in, "all", [&](auto t) { run_reduction<Truth<decltype(t), true>>(g, x, y); });
}
void reduce_any(const ReductionGeometry& g, ScalarType in, const void* x, void* y) {
  dispatch_all(in, "any", [&](auto t) { run_reduction<Truth<decltype(t), false>>(g, x, y); });
}

}  // namespace xgrad::kernels
