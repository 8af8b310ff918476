// Steps along the gradient: SGD, averaged SGD, and Rprop, which asks for its sign only.
#include <xgrad/autograd/kernels/optimizer/update.h>

namespace torch { inline namespace xgrad { namespace kernels {

namespace {

template <class T> struct Sgd {
  template <bool kFirst, bool kNesterov> static void with_momentum(const SgdStep& step, T* w, const T* g, T* buffer, int64_t n) {
    const T lr = static_cast<T>(step.lr), momentum = static_cast<T>(step.momentum), decay = static_cast<T>(step.weight_decay);
    const T share = static_cast<T>(1 - step.dampening), sign = static_cast<T>(step.sign);
    each(n, [=](int64_t i) {
      const T d = decayed(sign * g[i], w[i], decay);
      const T b = kFirst ? d : momentum * buffer[i] + share * d;
      buffer[i] = b;
      w[i] -= lr * (kNesterov ? d + momentum * b : b);
    });
  }

  static void run(const SgdStep& step, const StepTensor& t, int64_t begin, int64_t n) {
    T* const w = parameter_of<T>(t, begin);
    const T* const g = gradient_of<T>(t, begin);
    const T lr = static_cast<T>(step.lr), decay = static_cast<T>(step.weight_decay), sign = static_cast<T>(step.sign);
    if (!t.state[0]) return each(n, [=](int64_t i) { w[i] -= lr * decayed(sign * g[i], w[i], decay); });
    T* const buffer = state_of<T>(t, 0, begin);
    if (step.nesterov) {
      if (step.first) with_momentum<true, true>(step, w, g, buffer, n);
      else with_momentum<false, true>(step, w, g, buffer, n);
    } else {
      if (step.first) with_momentum<true, false>(step, w, g, buffer, n);
      else with_momentum<false, false>(step, w, g, buffer, n);
    }
  }
};

template <class T> struct Asgd {
  static void run(const AsgdStep& step, const StepTensor& t, int64_t begin, int64_t n) {
    T *const w = parameter_of<T>(t, begin), *const average = state_of<T>(t, 0, begin);
    const T* const g = gradient_of<T>(t, begin);
    const T lr = static_cast<T>(step.lr), shrink = static_cast<T>(step.shrink), mu = static_cast<T>(step.mu);
    const T decay = static_cast<T>(step.weight_decay), sign = static_cast<T>(step.sign);
    each(n, [=](int64_t i) {
      const T d = decayed(sign * g[i], w[i], decay);
      const T x = w[i] * shrink - lr * d;
      w[i] = x;
      average[i] = mu != T(1) ? average[i] + (x - average[i]) * mu : x;
    });
  }
};

template <class T> struct Rprop {
  static void run(const RpropStep& step, const StepTensor& t, int64_t begin, int64_t n) {
    T *const w = parameter_of<T>(t, begin), *const previous = state_of<T>(t, 0, begin), *const size = state_of<T>(t, 1, begin);
    const T* const g = gradient_of<T>(t, begin);
    const T etaminus = static_cast<T>(step.etaminus), etaplus = static_cast<T>(step.etaplus), sign = static_cast<T>(step.sign);
    const T smallest = static_cast<T>(step.smallest), largest = static_cast<T>(step.largest);
    each(n, [=](int64_t i) {
      const T d = sign * g[i], agreement = d * previous[i];
      const T factor = agreement > T(0) ? etaplus : agreement < T(0) ? etaminus : T(1);
      const T grown = size[i] * factor;
      const T bounded = grown < smallest ? smallest : grown > largest ? largest : grown;
      const T kept = agreement < T(0) ? T(0) : d;
      size[i] = bounded;
      previous[i] = kept;
      w[i] -= kept > T(0) ? bounded : kept < T(0) ? -bounded : T(0);
    });
  }
};

// A step that remembers nothing has nothing to flush.
bool remembers(const SgdStep& step) { return step.momentum != 0; }

}  // namespace

XGRAD_DEFINE_UPDATE(SgdStep, Sgd, Sgd, 0.15, std::any_of(numbers, end, remembers))
XGRAD_DEFINE_UPDATE(AsgdStep, Asgd, Asgd, 0.25, false)
XGRAD_DEFINE_UPDATE(RpropStep, Rprop, Rprop, 0.3, false)

}}}  // namespace torch::xgrad::kernels
