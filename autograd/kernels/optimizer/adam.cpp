// Steps by running means of the gradient: Adam and its kin.
#include <xgrad/autograd/kernels/known_divisor.h>
#include <xgrad/autograd/kernels/optimizer/update.h>

namespace torch { inline namespace xgrad { namespace kernels {

namespace {

// Running means of gradients and of their squares, as far as all have them alike.
template <class T> struct Moments {
  template <class Step>
  explicit Moments(const Step& step)
      : beta1(static_cast<T>(step.beta1)),
        beta2(static_cast<T>(step.beta2)),
        rest1(static_cast<T>(1 - step.beta1)),
        rest2(static_cast<T>(1 - step.beta2)),
        decay(static_cast<T>(step.weight_decay)),
        shrink(static_cast<T>(step.shrink)),
        sign(static_cast<T>(step.sign)) {}

  struct Element {
    T w, d;  // shrunk, with decay
    T first, second;
  };
  // Advances the means m and v of one element.
  Element advance(T w, T g, T& m, T& v) const {
    const T x = w * shrink;
    const T d = decayed(sign * g, x, decay);
    m = m * beta1 + rest1 * d;
    v = v * beta2 + rest2 * d * d;
    return {x, d, m, v};
  }

  T beta1, beta2, rest1, rest2, decay, shrink, sign;
};

template <class T, bool kFused> struct Adam {
  template <bool kLargest> static void moments(const AdamStep& step, T* w, const T* g, T* m, T* v, T* largest, int64_t n) {
    const Moments<T> means(step);
    const T eps = static_cast<T>(step.eps), size = static_cast<T>(step.size);
    const KnownDivisor<T, kFused> root(static_cast<T>(step.root));
    each(n, [=](int64_t i) {
      const auto e = means.advance(w[i], g[i], m[i], v[i]);
      T second = e.second;
      if constexpr (kLargest) {
        // A NaN stays.
        second = !(largest[i] >= second) ? second : largest[i];
        largest[i] = second;
      }
      w[i] = e.w - size * e.first / (root.divide(std::sqrt(second)) + eps);
    });
  }

  static void run(const AdamStep& step, const StepTensor& t, int64_t begin, int64_t n) {
    T *const w = parameter_of<T>(t, begin), *const m = state_of<T>(t, 0, begin), *const v = state_of<T>(t, 1, begin);
    const T* const g = gradient_of<T>(t, begin);
    if (T* const largest = state_of<T>(t, 2, begin)) moments<true>(step, w, g, m, v, largest, n);
    else moments<false>(step, w, g, m, v, nullptr, n);
  }
};

template <class T> struct Adamax {
  static void run(const AdamaxStep& step, const StepTensor& t, int64_t begin, int64_t n) {
    T *const w = parameter_of<T>(t, begin), *const m = state_of<T>(t, 0, begin), *const u = state_of<T>(t, 1, begin);
    const T* const g = gradient_of<T>(t, begin);
    const T beta1 = static_cast<T>(step.beta1), beta2 = static_cast<T>(step.beta2), rest1 = static_cast<T>(1 - step.beta1);
    const T eps = static_cast<T>(step.eps), decay = static_cast<T>(step.weight_decay), sign = static_cast<T>(step.sign);
    const T size = static_cast<T>(step.size);
    each(n, [=](int64_t i) {
      const T d = decayed(sign * g[i], w[i], decay);
      const T first = m[i] * beta1 + rest1 * d, before = u[i] * beta2, now = std::abs(d) + eps;
      const T largest = before > now || before != before ? before : now;
      m[i] = first;
      u[i] = largest;
      w[i] -= size * first / largest;
    });
  }
};

template <class T> struct NAdam {
  static void run(const NAdamStep& step, const StepTensor& t, int64_t begin, int64_t n) {
    T *const w = parameter_of<T>(t, begin), *const m = state_of<T>(t, 0, begin), *const v = state_of<T>(t, 1, begin);
    const T* const g = gradient_of<T>(t, begin);
    const Moments<T> means(step);
    const T eps = static_cast<T>(step.eps), bias2 = static_cast<T>(step.bias2);
    const T by_gradient = static_cast<T>(step.by_gradient), by_moment = static_cast<T>(step.by_moment);
    each(n, [=](int64_t i) {
      const auto e = means.advance(w[i], g[i], m[i], v[i]);
      const T root = std::sqrt(e.second / bias2) + eps;
      w[i] = e.w - by_gradient * e.d / root - by_moment * e.first / root;
    });
  }
};

template <class T> struct RAdam {
  template <bool kRectified> static void moments(const RAdamStep& step, T* w, const T* g, T* m, T* v, int64_t n) {
    const Moments<T> means(step);
    const T eps = static_cast<T>(step.eps), bias1 = static_cast<T>(step.bias1);
    const T lr = static_cast<T>(step.lr), root = static_cast<T>(step.root), rectification = static_cast<T>(step.rectification);
    each(n, [=](int64_t i) {
      const auto e = means.advance(w[i], g[i], m[i], v[i]);
      const T along = e.first / bias1 * lr;
      w[i] = kRectified ? e.w - along * (root / (std::sqrt(e.second) + eps)) * rectification : e.w - along;
    });
  }

  static void run(const RAdamStep& step, const StepTensor& t, int64_t begin, int64_t n) {
    T *const w = parameter_of<T>(t, begin), *const m = state_of<T>(t, 0, begin), *const v = state_of<T>(t, 1, begin);
    const T* const g = gradient_of<T>(t, begin);
    if (step.rectification != 0) moments<true>(step, w, g, m, v, n);
    else moments<false>(step, w, g, m, v, n);
  }
};

template <class T> struct Lion {
  static void run(const LionStep& step, const StepTensor& t, int64_t begin, int64_t n) {
    T *const w = parameter_of<T>(t, begin), *const m = state_of<T>(t, 0, begin);
    const T* const g = gradient_of<T>(t, begin);
    const T beta1 = static_cast<T>(step.beta1), beta2 = static_cast<T>(step.beta2), rest1 = static_cast<T>(1 - step.beta1);
    const T rest2 = static_cast<T>(1 - step.beta2), lr = static_cast<T>(step.lr), shrink = static_cast<T>(step.shrink);
    const T sign = static_cast<T>(step.sign);
    each(n, [=](int64_t i) {
      const T d = sign * g[i];
      const T direction = m[i] * beta1 + rest1 * d;
      // The sign of NaN is NaN here: it must not vanish.
      const T along = direction > T(0) ? lr : direction < T(0) ? -lr : direction * lr;
      w[i] = w[i] * shrink - along;
      m[i] = m[i] * beta2 + rest2 * d;
    });
  }
};

// Note: denormal state
//
// Without gradients moments decay until they are denormal, and multiplying those takes many processors tens of times as long. The
// processor itself flushes them while a step computes: choosing zero in the loops took a quarter more time, and this spares the products
// on the way too. Where eps is so small that the root of a denormal second moment counts beside it, nothing is flushed: the quotient
// would become large, or 0 / 0.

template <class T> using UnfusedAdam = Adam<T, false>;
template <class T> using FusedAdam = Adam<T, true>;

template <class T> bool eps_hides_denormals(const AdamStep& step) { return hides_denormals<T>(step.eps * step.root); }
template <class T> bool eps_hides_denormals(const AdamaxStep& step) { return static_cast<T>(step.eps) >= std::numeric_limits<T>::min(); }
template <class T> bool eps_hides_denormals(const NAdamStep& step) { return hides_denormals<T>(step.eps * std::sqrt(step.bias2)); }
template <class T> bool eps_hides_denormals(const RAdamStep& step) { return hides_denormals<T>(step.eps); }

template <class T, class Step> bool all_hide_denormals(const Step* numbers, const Step* end) {
  return std::all_of(numbers, end, [](const Step& step) { return eps_hides_denormals<T>(step); });
}

constexpr double kNanoseconds = 0.5;

}  // namespace

XGRAD_DEFINE_UPDATE(AdamStep, UnfusedAdam, FusedAdam, kNanoseconds, all_hide_denormals<T>(numbers, end))
XGRAD_DEFINE_UPDATE(AdamaxStep, Adamax, Adamax, kNanoseconds, all_hide_denormals<T>(numbers, end))
XGRAD_DEFINE_UPDATE(NAdamStep, NAdam, NAdam, kNanoseconds, all_hide_denormals<T>(numbers, end))
XGRAD_DEFINE_UPDATE(RAdamStep, RAdam, RAdam, kNanoseconds, all_hide_denormals<T>(numbers, end))
XGRAD_DEFINE_UPDATE(LionStep, Lion, Lion, 0.25, true)

}}}  // namespace torch::xgrad::kernels
