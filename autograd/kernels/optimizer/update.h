// What update kernels share. Internal to this folder.
#pragma once

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>

#include <xgrad/autograd/core/flush_denormal.h>
#include <xgrad/autograd/kernels/instruction_set.h>
#include <xgrad/autograd/kernels/optimizer/optimizer_step.h>
#include <xgrad/autograd/kernels/parallel.h>

namespace torch { inline namespace xgrad { namespace kernels {

/// The gradient with weight decay. No decay must not touch it: 0 * infinity is NaN.
template <class T> inline T decayed(T g, T w, T decay) {
  const T with_decay = g + decay * w;
  return decay != T(0) ? with_decay : g;
}

/// body(i) for i in [0, n), which touch no element twice. Blocks of fixed length leave few elements to be done one at a time: divisions
/// and square roots take as long for one as for a vector.
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

/// A tensor's elements from `begin`, as numbers.
template <class T> T* parameter_of(const StepTensor& t, int64_t begin) { return static_cast<T*>(t.parameter) + begin; }
template <class T> const T* gradient_of(const StepTensor& t, int64_t begin) { return static_cast<const T*>(t.gradient) + begin; }
template <class T> T* state_of(const StepTensor& t, size_t k, int64_t begin) { return t.state[k] ? static_cast<T*>(t.state[k]) + begin : nullptr; }

/// Elements [begin, end) of all tensors, counted one after the other.
template <class Algorithm, class Step> struct Range {
  static void run(const Step* numbers, const StepTensor* tensors, int64_t begin, int64_t end) {
    for (const StepTensor* t = tensors; end > 0; begin -= t->size, end -= t->size, ++t) {
      const int64_t from = std::max<int64_t>(begin, 0), to = std::min(end, t->size);
      if (from < to) Algorithm::run(numbers[t->numbers], *t, from, to - from);
    }
  }
};

/// run(first, last) over [0, count), by the threads in pieces cut at multiples of `grain` unless the whole takes too few `nanoseconds`.
template <class Run> void run_in_pieces(double nanoseconds, int64_t count, int64_t grain, const Run& run) {
  if (nanoseconds < least_shared_nanoseconds()) return run(int64_t{0}, count);
  parallel_for(count, grain, std::cref(run));
}

template <class Unfused, class Fused, class Step>
void update_all(double nanoseconds, const Step* numbers, bool flush, const StepTensor* tensors, int64_t elements) {
  const auto run = FusedVariants<Range<Unfused, Step>, Range<Fused, Step>, const Step*, const StepTensor*, int64_t, int64_t>::active();
  const FlushDenormal flushing(flush || get_flush_denormal());
  run_in_pieces(static_cast<double>(elements) * nanoseconds, elements, 4096, [=](int64_t begin, int64_t end) { run(numbers, tensors, begin, end); });
}

/// True iff flushing denormals of a second moment v changes nothing that counts beside `eps` in sqrt(v) + eps.
template <class T> bool hides_denormals(double eps) {
  return static_cast<T>(eps) * std::numeric_limits<T>::epsilon() >= std::sqrt(std::numeric_limits<T>::min());
}

/// Defines update() of a step: the algorithms for processors without and with fused multiply-adds, the nanoseconds that an element takes
/// from the cache, and whether denormals are flushed, an expression of `numbers`, `end` and the element type T.
#define XGRAD_DEFINE_UPDATE(Step, Unfused, Fused, nanoseconds, ...)                                                     \
  template <class T> void update(const Step* numbers, size_t groups, Constants<StepTensor> tensors, int64_t elements) { \
    [[maybe_unused]] const Step* const end = numbers + groups;                                                          \
    update_all<Unfused<T>, Fused<T>>(nanoseconds, numbers, __VA_ARGS__, tensors.data, elements);                        \
  }                                                                                                                     \
  template void update<float>(const Step*, size_t, Constants<StepTensor>, int64_t);                                     \
  template void update<double>(const Step*, size_t, Constants<StepTensor>, int64_t);

}}}  // namespace torch::xgrad::kernels
