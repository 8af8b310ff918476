// Steps by the gradient over the root of its squares: Adagrad, RMSprop, Adadelta.
#include <xgrad/autograd/kernels/optimizer/update.h>

namespace torch { inline namespace xgrad { namespace kernels {

namespace {

template <class T> struct Adagrad {
  static void run(const AdagradStep& step, const StepTensor& t, int64_t begin, int64_t n) {
    T *const w = parameter_of<T>(t, begin), *const sum = state_of<T>(t, 0, begin);
    const T* const g = gradient_of<T>(t, begin);
    const T lr = static_cast<T>(step.lr), eps = static_cast<T>(step.eps), decay = static_cast<T>(step.weight_decay);
    const T sign = static_cast<T>(step.sign);
    each(n, [=](int64_t i) {
      const T d = decayed(sign * g[i], w[i], decay);
      const T s = sum[i] + d * d;
      sum[i] = s;
      w[i] -= lr * d / (std::sqrt(s) + eps);
    });
  }
};

template <class T> struct Rmsprop {
  template <bool kMomentum, bool kCentered>
  static void squares(const RmspropStep& step, T* w, const T* g, T* average, T* buffer, T* mean, int64_t n) {
    const T lr = static_cast<T>(step.lr), alpha = static_cast<T>(step.alpha), rest = static_cast<T>(1 - step.alpha);
    const T eps = static_cast<T>(step.eps), momentum = static_cast<T>(step.momentum);
    const T decay = static_cast<T>(step.weight_decay), sign = static_cast<T>(step.sign);
    each(n, [=](int64_t i) {
      const T d = decayed(sign * g[i], w[i], decay);
      T v = average[i] * alpha + rest * d * d;
      average[i] = v;
      if constexpr (kCentered) {
        const T m = mean[i] * alpha + rest * d;
        mean[i] = m;
        v -= m * m;
      }
      const T root = std::sqrt(v) + eps;
      if constexpr (kMomentum) {
        const T b = buffer[i] * momentum + d / root;
        buffer[i] = b;
        w[i] -= lr * b;
      } else {
        w[i] -= lr * d / root;
      }
    });
  }

  static void run(const RmspropStep& step, const StepTensor& t, int64_t begin, int64_t n) {
    T *const w = parameter_of<T>(t, begin), *const average = state_of<T>(t, 0, begin);
    const T* const g = gradient_of<T>(t, begin);
    T *const buffer = state_of<T>(t, 1, begin), *const mean = state_of<T>(t, 2, begin);
    if (buffer && mean) squares<true, true>(step, w, g, average, buffer, mean, n);
    else if (buffer) squares<true, false>(step, w, g, average, buffer, mean, n);
    else if (mean) squares<false, true>(step, w, g, average, buffer, mean, n);
    else squares<false, false>(step, w, g, average, buffer, mean, n);
  }
};

template <class T> struct Adadelta {
  static void run(const AdadeltaStep& step, const StepTensor& t, int64_t begin, int64_t n) {
    T *const w = parameter_of<T>(t, begin), *const average = state_of<T>(t, 0, begin), *const changes = state_of<T>(t, 1, begin);
    const T* const g = gradient_of<T>(t, begin);
    const T lr = static_cast<T>(step.lr), rho = static_cast<T>(step.rho), rest = static_cast<T>(1 - step.rho);
    const T eps = static_cast<T>(step.eps), decay = static_cast<T>(step.weight_decay), sign = static_cast<T>(step.sign);
    each(n, [=](int64_t i) {
      const T d = decayed(sign * g[i], w[i], decay);
      const T v = average[i] * rho + rest * d * d;
      const T change = std::sqrt(changes[i] + eps) / std::sqrt(v + eps) * d;
      average[i] = v;
      changes[i] = changes[i] * rho + rest * change * change;
      w[i] -= lr * change;
    });
  }
};

template <class T> bool rmsprop_hides(const RmspropStep& step) { return hides_denormals<T>(step.eps); }
template <class T> bool adadelta_hides(const AdadeltaStep& step) {
  return static_cast<T>(step.eps) * std::numeric_limits<T>::epsilon() >= std::numeric_limits<T>::min();
}

constexpr double kNanoseconds = 0.5;

}  // namespace

XGRAD_DEFINE_UPDATE(AdagradStep, Adagrad, Adagrad, kNanoseconds, false)
XGRAD_DEFINE_UPDATE(RmspropStep, Rmsprop, Rmsprop, kNanoseconds, std::all_of(numbers, end, rmsprop_hides<T>))
XGRAD_DEFINE_UPDATE(AdadeltaStep, Adadelta, Adadelta, kNanoseconds, std::all_of(numbers, end, adadelta_hides<T>))

}}}  // namespace torch::xgrad::kernels
