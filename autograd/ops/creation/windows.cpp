#include <xgrad/autograd/ops/creation/windows.h>

#include <cmath>

#include <xgrad/autograd/core/named_operation.h>
#include <xgrad/autograd/ops/creation/creation.h>
#include <xgrad/autograd/ops/shape/view.h>
#include <xgrad/autograd/tensor/operators.h>

#ifndef XGRAD_SAMPLES

namespace torch { inline namespace xgrad {

namespace {

// The window f(i, last) of i = 0, 1, ..., last, which are computed as PyTorch computes them, to the same rounding.
template <class F> Tensor window(const Operation& operation, int64_t length, bool periodic, const TensorOptions& options, F f) {
  XGRAD_CHECK(isFloatingType(options.dtype()), operation, "expects floating point dtypes, got: ", options.dtype());
  XGRAD_CHECK(length >= 0, operation, operation.name(), " requires non-negative window_length, got window_length=", length);
  const TensorOptions plain = options.dtype(options.dtype()).requires_grad(false);  // not the integers that arange makes of integers
  const auto value = [&]() -> Tensor {
    const NoGradGuard guard;
    if (length <= 1) return ones({length}, plain);
    const int64_t last = periodic ? length : length - 1;
    return f(arange(last + 1, plain), static_cast<double>(last)).narrow(0, 0, length);
  };
  Tensor w = value();
  if (options.requires_grad()) w.set_requires_grad(true);
  return w;
}

Tensor raised_cosine(const Operation& operation, int64_t length, bool periodic, double alpha, double beta, const TensorOptions& options) {
  return window(operation, length, periodic, options,
                [=](const Tensor& i, double last) { return i.mul_(M_PI * 2 / last).cos_().mul_(-beta).add_(alpha); });
}

}  // namespace

Tensor bartlett_window(int64_t window_length, bool periodic, TensorOptions options) {
  return window(operation<"bartlett_window">, window_length, periodic, options, [](const Tensor& i, double last) {
    const Tensor rising = i.mul_(2 / last);
    return minimum(rising, 2 - rising);
  });
}

Tensor blackman_window(int64_t window_length, bool periodic, TensorOptions options) {
  return window(operation<"blackman_window">, window_length, periodic, options, [](const Tensor& i, double last) {
    const Tensor angle = i.mul_(M_PI / last);
    return angle.mul(4).cos_().mul_(0.08) - angle.mul(2).cos_().mul_(0.5) + 0.42;
  });
}

Tensor hamming_window(int64_t window_length, bool periodic, double alpha, double beta, TensorOptions options) {
  return raised_cosine(operation<"hamming_window">, window_length, periodic, alpha, beta, options);
}

Tensor hann_window(int64_t window_length, bool periodic, TensorOptions options) {
  return raised_cosine(operation<"hann_window">, window_length, periodic, 0.5, 0.5, options);
}

Tensor kaiser_window(int64_t window_length, bool periodic, double beta, TensorOptions options) {
  return window(operation<"kaiser_window">, window_length, periodic, options, [beta](const Tensor& i, double last) {
    const Tensor x = i.to(kDouble).mul_(2 / last).sub_(1);
    return i0(sqrt(clamp_min(1 - x * x, 0)) * beta).div_(i0(full({}, beta, kDouble))).to(i.dtype());
  });
}

// ---- what is left out

#define XGRAD_WINDOW(name) \
  Tensor name(int64_t window_length, TensorOptions options) { return name(window_length, true, options); }
XGRAD_WINDOW(bartlett_window)
XGRAD_WINDOW(blackman_window)
XGRAD_WINDOW(hamming_window)
XGRAD_WINDOW(hann_window)
XGRAD_WINDOW(kaiser_window)
#undef XGRAD_WINDOW

Tensor hamming_window(int64_t window_length, bool periodic, TensorOptions options) {
  return hamming_window(window_length, periodic, 0.54, 0.46, options);
}
Tensor hamming_window(int64_t window_length, bool periodic, double alpha, TensorOptions options) {
  return hamming_window(window_length, periodic, alpha, 0.46, options);
}
Tensor kaiser_window(int64_t window_length, bool periodic, TensorOptions options) { return kaiser_window(window_length, periodic, 12, options); }

}}  // namespace torch::xgrad

#else  // ---- samples

#include <string>

#include <xgrad/autograd/catalogue/catalogue.h>

namespace torch { inline namespace xgrad { namespace {

using catalogue::Inputs;
using catalogue::Samples;

using Window = Tensor (*)(int64_t, bool, TensorOptions);

void window_samples(Samples& s, const std::string& name, Tensor (*periodic)(int64_t, TensorOptions), Window f) {
  const std::string call = "torch." + name + "(";
  for (const int64_t n : {0, 1, 2, 3, 5, 8, 33}) {
    const std::string length = std::to_string(n);
    s.flat(call + length + ", dtype=torch.float64)", {}, [=](Inputs) { return periodic(n, kDouble); });
    s.flat(call + length + ", periodic=False, dtype=torch.float64)", {}, [=](Inputs) { return f(n, false, kDouble); });
  }
  s.flat(call + "6)", {}, [=](Inputs) { return periodic(6, {}); });
  s.rejects("a negative length", name + " requires non-negative window_length, got window_length=-1", [=] { periodic(-1, {}); });
  s.rejects("integers", "expects floating point dtypes, got: ", [=] { periodic(3, kLong); });
}

const catalogue::Entry bartlett_window_entry("bartlett_window",
                                             [](Samples& s) { window_samples(s, "bartlett_window", bartlett_window, bartlett_window); });
const catalogue::Entry blackman_window_entry("blackman_window",
                                             [](Samples& s) { window_samples(s, "blackman_window", blackman_window, blackman_window); });
const catalogue::Entry hamming_window_entry("hamming_window", [](Samples& s) {
  window_samples(s, "hamming_window", hamming_window, hamming_window);
  s.flat("torch.hamming_window(5, True, 0.4, dtype=torch.float64)", {}, [](Inputs) { return hamming_window(5, true, 0.4, kDouble); });
  s.flat("torch.hamming_window(5, False, 0.4, 0.7, dtype=torch.float64)", {}, [](Inputs) { return hamming_window(5, false, 0.4, 0.7, kDouble); });
});
const catalogue::Entry hann_window_entry("hann_window", [](Samples& s) { window_samples(s, "hann_window", hann_window, hann_window); });
const catalogue::Entry kaiser_window_entry("kaiser_window", [](Samples& s) {
  window_samples(s, "kaiser_window", kaiser_window, kaiser_window);
  for (const double beta : {0.0, 2.5, -3.0})
    s.flat("torch.kaiser_window(7, False, " + std::to_string(beta) + ", dtype=torch.float64)", {},
           [beta](Inputs) { return kaiser_window(7, false, beta, kDouble); });
});

}  // namespace

}}  // namespace torch::xgrad

#endif
