#include <xgrad/autograd/kernels/cross_entropy.h>

#include <algorithm>
#include <cmath>

#include <xgrad/autograd/kernels/instruction_set.h>
#include <xgrad/autograd/kernels/parallel.h>
#include <xgrad/autograd/kernels/softmax_rows.h>

namespace xgrad::kernels {
namespace {

constexpr int64_t kElementsPerThread = 20000;

int64_t label_at(const ClassTargets& targets, int64_t position) {
  return targets.dtype == kByte ? static_cast<const uint8_t*>(targets.labels)[position] : static_cast<const int64_t*>(targets.labels)[position];
}

// f(position, label) on every row, labels that are ignored included.
template <class F>
void for_each_row(const ClassTargets& targets, F f) {
  if (targets.samples == 0) return;
  parallel_for(targets.samples, kElementsPerThread / std::max<int64_t>(targets.classes, 1), [&](int64_t first, int64_t last) {
    for (int64_t p = first; p < last; ++p) f(p, label_at(targets, p));
  });
}

template <class T>
struct Rows {
  const ClassTargets& targets;
  const T *x, *weight;

  const T* row(int64_t p) const { return x + p * targets.classes; }
  T weight_of(int64_t label) const { return weight ? weight[label] : T(1); }

  void forward(T* losses, T* weights, RowTotal<T>* totals) const {
    const auto total = variant_for<TotalOfRow<T>, T, int64_t, const T*, RowTotal<T>*>();
    for_each_row(targets, [&](int64_t p, int64_t label) {
      losses[p] = weights[p] = T(0);
      if (label == targets.ignored) return;
      total(targets.classes, row(p), totals + p);
      const T log_sum = static_cast<T>(std::log(static_cast<double>(totals[p].sum)));
      weights[p] = weight_of(label);
      losses[p] = -((row(p)[label] - totals[p].maximum) - log_sum) * weights[p];
    });
  }

  void backward(const T* gy, int64_t gy_step, const RowTotal<T>* totals, T* gx) const {
    const auto slope = variant_for<CrossEntropySlopeRow<T>, T, int64_t, const T*, const RowTotal<T>*, T, int64_t, T*>();
    for_each_row(targets, [&](int64_t p, int64_t label) {
      T* g = gx + p * targets.classes;
      const T scale = label == targets.ignored ? T(0) : gy[p * gy_step] * weight_of(label);
      if (scale == 0) std::fill_n(g, targets.classes, T(0));
      else slope(targets.classes, row(p), totals + p, scale, label, g);
    });
  }
};

}  // namespace

void cross_entropy(ScalarType dtype, const ClassTargets& targets, const void* x, const void* weight, void* losses, void* weights, void* totals) {
  dispatch_floating(dtype, "log_softmax", [&](auto t) {
    using T = decltype(t);
    const Rows<T> rows{targets, static_cast<const T*>(x), static_cast<const T*>(weight)};
    rows.forward(static_cast<T*>(losses), static_cast<T*>(weights), static_cast<RowTotal<T>*>(totals));
  });
}

void cross_entropy_backward(ScalarType dtype, const ClassTargets& targets, const void* gy, int64_t gy_step, const void* x, const void* weight,
                            const void* totals, void* gx) {
  dispatch_floating(dtype, "log_softmax", [&](auto t) {
    using T = decltype(t);
    const Rows<T> rows{targets, static_cast<const T*>(x), static_cast<const T*>(weight)};
    rows.backward(static_cast<const T*>(gy), gy_step, static_cast<const RowTotal<T>*>(totals), static_cast<T*>(gx));
  });
}

}  // namespace xgrad::kernels
