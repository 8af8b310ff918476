#include <xgrad/autograd/kernels/optimizer/optimizer_step.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>

#include <xgrad/autograd/core/flush_denormal.h>
#include <xgrad/autograd/kernels/instruction_set.h>
#include <xgrad/autograd/kernels/known_divisor.h>
#include <xgrad/autograd/kernels/parallel.h>

namespace torch { inline namespace xgrad { namespace kernels {

namespace {

// No decay must not touch the gradient: 0 * infinity is NaN.
template <class T> inline T decayed(T g, T w, T decay) {
  const T with_decay = g + decay * w;
  return decay != T(0) ? with_decay : g;
}

// body(i) for i in [0, n), which touch no element twice. Blocks of fixed length leave few elements to be done one at a time: divisions
// and square roots take as long for one as for a vector.
template <class Body> inline void each(int64_t n, Body body) {
  const int64_t whole = n & ~int64_t{15};
  XGRAD_INDEPENDENT_ITERATIONS
  for (int64_t i = 0; i < whole; ++i) body(i);
  int64_t i = whole;
  if (n & 8) {
    XGRAD_INDEPENDENT_ITERATIONS
#pragma GCC unroll 1
    for (int64_t k = 0; k < 8; ++k) body(i + k);
    i += 8;
  }
  if (n & 4) {
    XGRAD_INDEPENDENT_ITERATIONS
#pragma GCC unroll 1
    for (int64_t k = 0; k < 4; ++k) body(i + k);
    i += 4;
  }
  for (; i < n; ++i) {
    body(i);
    asm volatile("");  // three elements at most: no vectors again
  }
}

template <class T> struct Sgd {
  template <bool kFirst, bool kNesterov> static void with_momentum(const SgdStep& step, T* w, const T* g, T* buffer, int64_t n) {
    const T lr = static_cast<T>(step.lr), momentum = static_cast<T>(step.momentum), decay = static_cast<T>(step.weight_decay);
    const T share = static_cast<T>(1 - step.dampening);
    each(n, [=](int64_t i) {
      const T d = decayed(g[i], w[i], decay);
      const T b = kFirst ? d : momentum * buffer[i] + share * d;
      buffer[i] = b;
      w[i] -= lr * (kNesterov ? d + momentum * b : b);
    });
  }

  static void run(const SgdStep& step, const StepTensor& t, int64_t begin, int64_t n) {
    T* const w = static_cast<T*>(t.parameter) + begin;
    const T* const g = static_cast<const T*>(t.gradient) + begin;
    const T lr = static_cast<T>(step.lr), decay = static_cast<T>(step.weight_decay);
    if (!t.state[0]) return each(n, [=](int64_t i) { w[i] -= lr * decayed(g[i], w[i], decay); });
    T* const buffer = static_cast<T*>(t.state[0]) + begin;
    if (step.nesterov) {
      if (step.first) with_momentum<true, true>(step, w, g, buffer, n);
      else with_momentum<false, true>(step, w, g, buffer, n);
    } else {
      if (step.first) with_momentum<true, false>(step, w, g, buffer, n);
      else with_momentum<false, false>(step, w, g, buffer, n);
    }
  }
};

template <class T, bool kFused> struct Adam {
  template <bool kLargest> static void moments(const AdamStep& step, T* w, const T* g, T* m, T* v, T* largest, int64_t n) {
    const T beta1 = static_cast<T>(step.beta1), beta2 = static_cast<T>(step.beta2), eps = static_cast<T>(step.eps);
    const T rest1 = static_cast<T>(1 - step.beta1), rest2 = static_cast<T>(1 - step.beta2);
    const T decay = static_cast<T>(step.weight_decay), shrink = static_cast<T>(step.shrink);
    const T size = static_cast<T>(step.size);
    const KnownDivisor<T, kFused> root(static_cast<T>(step.root));
    each(n, [=](int64_t i) {
      const T x = w[i] * shrink;
      const T d = decayed(g[i], x, decay);
      const T first = m[i] * beta1 + rest1 * d;
      T second = v[i] * beta2 + rest2 * d * d;
      m[i] = first;
      v[i] = second;
      if constexpr (kLargest) {
        // A NaN stays.
        second = !(largest[i] >= second) ? second : largest[i];
        largest[i] = second;
      }
      w[i] = x - size * first / (root.divide(std::sqrt(second)) + eps);
    });
  }

  static void run(const AdamStep& step, const StepTensor& t, int64_t begin, int64_t n) {
    T* const w = static_cast<T*>(t.parameter) + begin;
    const T* const g = static_cast<const T*>(t.gradient) + begin;
    T *const m = static_cast<T*>(t.state[0]) + begin, *const v = static_cast<T*>(t.state[1]) + begin;
    if (t.state[2]) moments<true>(step, w, g, m, v, static_cast<T*>(t.state[2]) + begin, n);
    else moments<false>(step, w, g, m, v, nullptr, n);
  }
};

template <class T> struct Adagrad {
  static void run(const AdagradStep& step, const StepTensor& t, int64_t begin, int64_t n) {
    T* const w = static_cast<T*>(t.parameter) + begin;
    const T* const g = static_cast<const T*>(t.gradient) + begin;
    T* const sum = static_cast<T*>(t.state[0]) + begin;
    const T lr = static_cast<T>(step.lr), eps = static_cast<T>(step.eps), decay = static_cast<T>(step.weight_decay);
    each(n, [=](int64_t i) {
      const T d = decayed(g[i], w[i], decay);
      const T s = sum[i] + d * d;
      sum[i] = s;
      w[i] -= lr * d / (std::sqrt(s) + eps);
    });
  }
};

// Note: denormal state
//
// Without gradients moments decay until they are denormal, and multiplying those takes many processors tens of times as long. The
// processor itself flushes them while a step computes: choosing zero in the loops took a quarter more time, and this spares the products
// on the way too. A step that remembers nothing has nothing to flush. Adam's does not where eps is so small that the root of a denormal
// second moment counts beside it: the quotient would become large, or 0 / 0.

bool remembers(const SgdStep& step) { return step.momentum != 0; }

template <class T> bool eps_hides_denormals(const AdamStep& step) {
  return static_cast<T>(step.eps) * static_cast<T>(step.root) * std::numeric_limits<T>::epsilon() >= std::sqrt(std::numeric_limits<T>::min());
}

// Elements [begin, end) of all tensors, counted one after the other.
template <class Algorithm, class Step> struct Range {
  static void run(const Step* numbers, const StepTensor* tensors, int64_t begin, int64_t end) {
    for (const StepTensor* t = tensors; end > 0; begin -= t->size, end -= t->size, ++t) {
      const int64_t from = std::max<int64_t>(begin, 0), to = std::min(end, t->size);
      if (from < to) Algorithm::run(numbers[t->numbers], *t, from, to - from);
    }
  }
};

template <class Unfused, class Fused, class Step>
void update_all(double nanoseconds, const Step* numbers, bool flush, const StepTensor* tensors, int64_t elements) {
  const auto run = FusedVariants<Range<Unfused, Step>, Range<Fused, Step>, const Step*, const StepTensor*, int64_t, int64_t>::active();
  const FlushDenormal flushing(flush || get_flush_denormal());
  if (static_cast<double>(elements) * nanoseconds < kParallelNanoseconds) return run(numbers, tensors, 0, elements);
  const auto piece = [=](int64_t begin, int64_t end) { run(numbers, tensors, begin, end); };
  parallel_for(elements, 4096, std::cref(piece));
}

// Nanoseconds an element takes from the cache.
constexpr double kSgdNanoseconds = 0.15, kAdamNanoseconds = 0.5;

}  // namespace

template <class T> void update(const SgdStep* numbers, size_t groups, Constants<StepTensor> tensors, int64_t elements) {
  const bool flush = std::any_of(numbers, numbers + groups, remembers);
  update_all<Sgd<T>, Sgd<T>>(kSgdNanoseconds, numbers, flush, tensors.data, elements);
}
template <class T> void update(const AdamStep* numbers, size_t groups, Constants<StepTensor> tensors, int64_t elements) {
  const bool flush = std::all_of(numbers, numbers + groups, eps_hides_denormals<T>);
  update_all<Adam<T, false>, Adam<T, true>>(kAdamNanoseconds, numbers, flush, tensors.data, elements);
}
template <class T> void update(const AdagradStep* numbers, size_t, Constants<StepTensor> tensors, int64_t elements) {
  update_all<Adagrad<T>, Adagrad<T>>(kAdamNanoseconds, numbers, false, tensors.data, elements);
}

template void update<float>(const SgdStep*, size_t, Constants<StepTensor>, int64_t);
template void update<double>(const SgdStep*, size_t, Constants<StepTensor>, int64_t);
template void update<float>(const AdamStep*, size_t, Constants<StepTensor>, int64_t);
template void update<double>(const AdamStep*, size_t, Constants<StepTensor>, int64_t);
template void update<float>(const AdagradStep*, size_t, Constants<StepTensor>, int64_t);
template void update<double>(const AdagradStep*, size_t, Constants<StepTensor>, int64_t);

}}}  // namespace torch::xgrad::kernels
