#include <xgrad/autograd/kernels/optimizer_step.h>

#include <cmath>

#include <xgrad/autograd/kernels/parallel.h>

namespace xgrad::kernels {

namespace {
constexpr int64_t kGrain = 16384;

// Runs `range` over [0, n), on several threads when there is enough to do.
template <class F>
void over(int64_t n, F range) {
  if (n < 2 * kGrain) range(0, n);
  else parallel_for(n, kGrain, range);
}
// No decay must not touch the gradient: 0 * infinity is NaN.
template <class T>
inline T decayed(T g, T w, T decay) {
  return decay != T(0) ? g + decay * w : g;
}
}  // namespace

// The order of the roundings is PyTorch's, operation by operation.

template <class T>
void sgd_step(const SgdStep& step, T* w, const T* g, T* buffer, int64_t n) {
  const T lr = static_cast<T>(step.lr), momentum = static_cast<T>(step.momentum), decay = static_cast<T>(step.weight_decay);
  const T share = static_cast<T>(1 - step.dampening);
  over(n, [=](int64_t begin, int64_t end) {
    if (!buffer) {
      for (int64_t i = begin; i < end; ++i) w[i] -= lr * decayed(g[i], w[i], decay);
      return;
    }
    for (int64_t i = begin; i < end; ++i) {
      const T d = decayed(g[i], w[i], decay);
      const T b = step.first ? d : momentum * buffer[i] + share * d;
      buffer[i] = b;
      w[i] -= lr * (step.nesterov ? d + momentum * b : b);
    }
  });
}

template <class T>
void adam_step(const AdamStep& step, T* w, const T* g, T* m, T* v, T* largest, int64_t n) {
  const T beta1 = static_cast<T>(step.beta1), beta2 = static_cast<T>(step.beta2), eps = static_cast<T>(step.eps);
  const T rest1 = static_cast<T>(1 - step.beta1), rest2 = static_cast<T>(1 - step.beta2);
  const T decay = step.decoupled ? T(0) : static_cast<T>(step.weight_decay);
  const T shrink = step.decoupled ? static_cast<T>(1 - step.lr * step.weight_decay) : T(1);
  const T size = static_cast<T>(step.lr / step.correction1), root = static_cast<T>(std::sqrt(step.correction2));
  over(n, [=](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i) {
      const T x = w[i] * shrink;
      const T d = decayed(g[i], x, decay);
      m[i] = m[i] * beta1 + rest1 * d;
      v[i] = v[i] * beta2 + rest2 * d * d;
      T second = v[i];
      if (largest) {
        // A NaN stays.
        second = !(largest[i] >= v[i]) ? v[i] : largest[i];
        largest[i] = second;
      }
      w[i] = x - size * (m[i] / (std::sqrt(second) / root + eps));
    }
  });
}

template void sgd_step(const SgdStep&, float*, const float*, float*, int64_t);
template void sgd_step(const SgdStep&, double*, const double*, double*, int64_t);
template void adam_step(const AdamStep&, float*, const float*, float*, float*, float*, int64_t);
template void adam_step(const AdamStep&, double*, const double*, double*, double*, double*, int64_t);

}  // namespace xgrad::kernels
