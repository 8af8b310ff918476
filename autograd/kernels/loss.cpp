#include <xgrad/autograd/kernels/loss.h>

#include <algorithm>
#include <cmath>

#include <xgrad/autograd/kernels/elementwise.h>
#include <xgrad/autograd/kernels/vector_math.h>

namespace xgrad::kernels {
namespace {

struct SquaredDifference {
  template <class T>
  T operator()(T x, T t) const { return (x - t) * (x - t); }
};
struct SmoothL1 {
  double beta;
  template <class T>
  T operator()(T x, T t) const {
    const T d = std::abs(x - t), b = static_cast<T>(beta);
    return d < b ? T(0.5) * d * d / b : d - T(0.5) * b;
  }
};
struct Huber {
  double delta;
  template <class T>
  T operator()(T x, T t) const {
    const T d = std::abs(x - t), e = static_cast<T>(delta);
    return d <= e ? T(0.5) * d * d : e * (d - T(0.5) * e);
  }
};
struct CrossEntropy {
  template <class T>
  T operator()(T x, T t, T weight) const {
    const T log_x = std::max(vector_math::log(x), T(-100)), log_rest = std::max(vector_math::log1p(-x), T(-100));
    return weight * ((t - T(1)) * log_rest - t * log_x);
  }
};
struct CrossEntropyWithLogits {
  // log(1 + exp(x))
  template <class T>
  static T softplus(T x) { return std::max(x, T(0)) + vector_math::log1p(vector_math::exp(-std::abs(x))); }

  // A class that has no share of the target adds nothing, even where its term is infinite.
  template <class T>
  T operator()(T x, T t, T weight, T positive_weight) const {
    const T positive = t == T(0) ? T(0) : positive_weight * t * softplus(-x);
    const T negative = t == T(1) ? T(0) : (T(1) - t) * softplus(x);
    return weight * (positive + negative);
  }
};

}  // namespace

const LoopTable squared_difference = binary_table<SquaredDifference, Vectors::kArithmetic>(kFloating, 0.3);
const LoopTable smooth_l1 = binary_table<SmoothL1, Vectors::kArithmetic>(kFloating, 0.5);
const LoopTable huber = binary_table<Huber, Vectors::kArithmetic>(kFloating, 0.5);
const LoopTable binary_cross_entropy = ternary_table<CrossEntropy, Vectors::kFunction>(kFloating, 3);
const LoopTable binary_cross_entropy_with_logits{.f32 = loop_of<CrossEntropyWithLogits, Vectors::kFunction, float, float, float, float, float>(),
                                                 .f64 = loop_of<CrossEntropyWithLogits, Vectors::kFunction, double, double, double, double, double>(),
                                                 .cost = 5};

namespace {

// Calls f(position, label) for every position that takes part; stops when f returns false.
template <class F>
void for_each_label(const ClassTargets& targets, F f) {
  for (int64_t p = 0; p < targets.positions(); ++p) {
    const int64_t label = targets.dtype == kByte ? static_cast<const uint8_t*>(targets.labels)[p] : static_cast<const int64_t*>(targets.labels)[p];
    if (label != targets.ignored && !f(p, label)) return;
  }
}

int64_t element(const ClassTargets& targets, int64_t position, int64_t label) {
  return (position / targets.inner * targets.classes + label) * targets.inner + position % targets.inner;
}

}  // namespace

int64_t find_invalid_label(const ClassTargets& targets) {
  int64_t invalid = targets.ignored;
  for_each_label(targets, [&](int64_t, int64_t label) {
    if (label >= 0 && label < targets.classes) return true;
    invalid = label;
    return false;
  });
  return invalid;
}

void pick_class(ScalarType dtype, const ClassTargets& targets, const void* logp, const void* weight, void* losses, void* weights) {
  dispatch_floating(dtype, "nll_loss", [&](auto t) {
    using T = decltype(t);
    std::fill_n(static_cast<T*>(losses), targets.positions(), T(0));
    std::fill_n(static_cast<T*>(weights), targets.positions(), T(0));
    for_each_label(targets, [&](int64_t p, int64_t label) {
      const T w = weight ? static_cast<const T*>(weight)[label] : T(1);
      static_cast<T*>(losses)[p] = -static_cast<const T*>(logp)[element(targets, p, label)] * w;
      static_cast<T*>(weights)[p] = w;
      return true;
    });
  });
}

void scatter_class(ScalarType dtype, const ClassTargets& targets, const void* gy, int64_t gy_step, const void* weight, void* gx) {
  dispatch_floating(dtype, "nll_loss_backward", [&](auto t) {
    using T = decltype(t);
    for_each_label(targets, [&](int64_t p, int64_t label) {
      const T w = weight ? static_cast<const T*>(weight)[label] : T(1);
      static_cast<T*>(gx)[element(targets, p, label)] = -w * static_cast<const T*>(gy)[p * gy_step];
      return true;
    });
  });
}

}  // namespace xgrad::kernels
