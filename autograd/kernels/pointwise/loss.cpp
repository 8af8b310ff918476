#include <xgrad/autograd/kernels/pointwise/loss.h>

#include <algorithm>
#include <cmath>

#include <xgrad/autograd/kernels/parallel.h>
#include <xgrad/autograd/kernels/pointwise/elementwise.h>
#include <xgrad/autograd/kernels/vector/vector_math.h>

namespace torch { inline namespace xgrad { namespace kernels {
namespace {

struct SquaredDifference {
  template <class T> T operator()(T x, T t) const { return (x - t) * (x - t); }
};
struct SmoothL1 {
  double beta;
  template <class T> T operator()(T x, T t) const {
    const T d = std::abs(x - t), b = static_cast<T>(beta);
    return d < b ? T(0.5) * d * d / b : d - T(0.5) * b;
  }
};
struct Huber {
  double delta;
  template <class T> T operator()(T x, T t) const {
    const T d = std::abs(x - t), e = static_cast<T>(delta);
    return d <= e ? T(0.5) * d * d : e * (d - T(0.5) * e);
  }
};
struct CrossEntropy {
  template <class T> T operator()(T x, T t, T weight) const {
    const T log_x = std::max(vector_math::log(x), T(-100)), log_rest = std::max(vector_math::log1p(-x), T(-100));
    return weight * ((t - T(1)) * log_rest - t * log_x);
  }
};
struct CrossEntropyWithLogits {
  // log(1 + exp(x))
  template <class T> static T softplus(T x) { return std::max(x, T(0)) + vector_math::log1p(vector_math::exp(-std::abs(x))); }

  // A class that has no share of the target adds nothing, even where its term is infinite.
  template <class T> T operator()(T x, T t, T weight, T positive_weight) const {
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

constexpr int64_t kLabelsPerThread = 8000;  // each of which reads memory far from the one before

int64_t label_at(const ClassTargets& targets, int64_t position) {
  return targets.dtype == kByte ? static_cast<const uint8_t*>(targets.labels)[position] : static_cast<const int64_t*>(targets.labels)[position];
}

// Calls f(position, label, where the label's element lies) for every position; the last two are -1 where it is ignored.
template <class F> void for_each_label(const ClassTargets& targets, F f) {
  const int64_t inner = targets.inner;
  parallel_for(targets.positions(), kLabelsPerThread, [&, inner](int64_t first, int64_t last) {
    for (int64_t p = first, sample = first / inner, column = first % inner; p < last; ++p) {
      const int64_t label = label_at(targets, p);
      if (label == targets.ignored) f(p, int64_t{-1}, int64_t{-1});
      else f(p, label, (sample * targets.classes + label) * inner + column);
      if (++column == inner) column = 0, ++sample;
    }
  });
}

}  // namespace

int64_t find_invalid_label(const ClassTargets& targets) {
  const auto search = [&](const auto* labels) {
    const auto classes = static_cast<uint64_t>(targets.classes);
    const auto is_invalid = [&](int64_t label) { return (label != targets.ignored) & (static_cast<uint64_t>(label) >= classes); };
    bool found = false;
    for (int64_t p = 0; p < targets.positions(); ++p) found |= is_invalid(labels[p]);
    if (!found) return targets.ignored;
    while (!is_invalid(*labels)) ++labels;
    return int64_t{*labels};
  };
  return targets.dtype == kByte ? search(static_cast<const uint8_t*>(targets.labels)) : search(static_cast<const int64_t*>(targets.labels));
}

void pick_class(ScalarType dtype, const ClassTargets& targets, const void* logp, const void* weight, void* losses, void* weights) {
  dispatch_floating(dtype, "nll_loss", [&](auto t) {
    using T = decltype(t);
    const T *x = static_cast<const T*>(logp), *weight_of = static_cast<const T*>(weight);
    T *loss = static_cast<T*>(losses), *used = static_cast<T*>(weights);
    for_each_label(targets, [=](int64_t p, int64_t label, int64_t at) {
      const T w = label < 0 ? T(0) : weight_of ? weight_of[label] : T(1);
      loss[p] = label < 0 ? T(0) : -x[at] * w;
      used[p] = w;
    });
  });
}

void scatter_class(ScalarType dtype, const ClassTargets& targets, const void* gy, int64_t gy_step, const void* weight, void* gx) {
  dispatch_floating(dtype, "nll_loss_backward", [&](auto t) {
    using T = decltype(t);
    const T *g = static_cast<const T*>(gy), *weight_of = static_cast<const T*>(weight);
    T* out = static_cast<T*>(gx);
    for_each_label(targets, [=](int64_t p, int64_t label, int64_t at) {
      if (label >= 0) out[at] = -(weight_of ? weight_of[label] : T(1)) * g[p * gy_step];
    });
  });
}

}}}  // namespace torch::xgrad::kernels
