// Numbers of events: Poisson and binomial distributions.
#include <algorithm>
#include <cmath>
#include <limits>
#include <mutex>

#include <xgrad/autograd/kernels/random/draws.h>

namespace torch { inline namespace xgrad { namespace kernels {

namespace {

// W. Hoermann, "The transformed rejection method for generating Poisson random variables", 1993, for rates from 10 on; else
// D. Knuth's product of uniform numbers.
int64_t poisson(double rate, GeneratorImpl& g) {
  if (rate == 0) return 0;
  if (rate < 10) {
    const double least = std::exp(-rate);
    int64_t n = 0;
    for (double product = 1;; ++n) {
      product *= uniform<double>(g);
      if (!(product > least)) return n;
    }
  }
  const double log_rate = std::log(rate), b = 0.931 + 2.53 * std::sqrt(rate), a = -0.059 + 0.02483 * b;
  const double inverse_alpha = 1.1239 + 1.1328 / (b - 3.4), v_r = 0.9277 - 3.6224 / (b - 2);
  for (;;) {
    const double u = uniform<double>(g) - 0.5, v = uniform<double>(g), us = 0.5 - std::fabs(u);
    const double number = std::floor((2 * a / us + b) * u + rate + 0.43);
    // What int64 cannot hold is its least value, as x86-64 converts it.
    const int64_t k = number >= -0x1p63 && number < 0x1p63 ? static_cast<int64_t>(number) : std::numeric_limits<int64_t>::min();
    if (us >= 0.07 && v <= v_r) return k;
    if (k < 0 || (us < 0.013 && v > us)) continue;
    const double n = static_cast<double>(k);
    if (std::log(v) + std::log(inverse_alpha) - std::log(a / (us * us) + b) <= -rate + n * log_rate - std::lgamma(n + 1)) return k;
  }
}

// The rest of Stirling's approximation of log(k!).
double stirling_rest(double k) {
  constexpr double kRests[] = {0.0810614667953272, 0.0413406959554092, 0.0276779256849983, 0.02079067210376509, 0.0166446911898211,
                               0.0138761288230707, 0.0118967099458917, 0.0104112652619720, 0.00925546218271273, 0.00833056343336287};
  if (k <= 9) return kRests[static_cast<size_t>(k)];
  const double square = (k + 1) * (k + 1);
  return (1.0 / 12 - (1.0 / 360 - 1.0 / 1260 / square) / square) / (k + 1);
}

// W. Hoermann, "The generation of binomial random variates", 1993: BTRS, for count * p >= 10. T is the tensor's type, in which PyTorch
// rounds products of its numbers alone.
template <class T> T binomial_by_rejection(T count, T p, GeneratorImpl& g) {
  const double deviation = std::sqrt(count * p * (1 - p)), b = 1.15 + 2.53 * deviation, a = -0.0873 + 0.0248 * b + 0.01 * p;
  const double c = count * p + 0.5, v_r = 0.92 - 4.2 / b, r = p / (1 - p);
  const double alpha = (2.83 + 5.1 / b) * deviation, m = std::floor((count + 1) * p);
  for (;;) {
    const double u = uniform<double>(g) - 0.5, us = 0.5 - std::fabs(u);
    const double v = uniform<double>(g);
    const T k = static_cast<T>(std::floor((2 * a / us + b) * u + c));
    if (k < 0 || k > count) continue;
    if (us >= 0.07 && v <= v_r) return k;
    const double bound = (m + 0.5) * std::log((m + 1) / (r * (count - m + 1))) + (count + 1) * std::log((count - m + 1) / (count - k + 1)) +
                         (k + 0.5) * std::log(r * (count - k + 1) / (k + 1)) + stirling_rest(m) + stirling_rest(count - m) - stirling_rest(k) -
                         stirling_rest(count - k);
    if (std::log(v * alpha / (a / (us * us) + b)) <= bound) return k;
  }
}

// Sums of geometric numbers.
template <class T> T binomial_by_inversion(T count, T p, GeneratorImpl& g) {
  const double log_failure = std::log1p(-p);
  double sum = 0;
  for (T n = 0;; n = n + 1) {
    sum += std::ceil(std::log(uniform<double>(g)) / log_failure);
    if (sum > count) return n;
  }
}

template <class T> T binomial(T count, T p, GeneratorImpl& g) {
  if (count <= 0 || p <= 0) return 0;
  if (std::isnan(p) || std::isnan(count)) return std::numeric_limits<T>::quiet_NaN();
  if (p >= 1 || std::isinf(count)) return count;
  const T q = p <= T(0.5) ? p : static_cast<T>(1.0 - p);
  const T n = count * q >= 10 ? binomial_by_rejection(count, q, g) : binomial_by_inversion(count, q, g);
  return p <= T(0.5) ? n : count - n;
}

}  // namespace

void fill_poisson(const Iteration& it, ScalarType dtype, GeneratorImpl* generator) {
  const std::lock_guard lock(generator->mutex);
  dispatch_floating(dtype, "poisson_cpu", [&](auto zero) {
    using T = decltype(zero);
    fill_from<T, T>(it, [=](T rate) { return poisson(static_cast<double>(rate), *generator); });
  });
}

void fill_binomial(const Iteration& it, ScalarType dtype, GeneratorImpl* generator) {
  const std::lock_guard lock(generator->mutex);
  dispatch_floating(dtype, "binomial_cpu", [&](auto zero) {
    using T = decltype(zero);
    const Loop loop = [](char* const* pointers, const int64_t* strides, int64_t n, const void* parameters) {
      GeneratorImpl& g = **static_cast<GeneratorImpl* const*>(parameters);
      for (int64_t i = 0; i < n; ++i) {
        const auto at = [=](int k) { return reinterpret_cast<T*>(pointers[k] + i * strides[k]); };
        *at(0) = binomial<T>(*at(1), *at(2), g);
      }
    };
    run_serial(it, loop, &generator);
  });
}

}}}  // namespace torch::xgrad::kernels
