#include <xgrad/autograd/kernels/random/random.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <mutex>
#include <numbers>
#include <vector>

#include <xgrad/autograd/kernels/random/box_muller.h>
#include <xgrad/autograd/kernels/random/draws.h>

// Note: fused operations
//
// PyTorch's kernels are compiled with fused multiply-add and let the compiler use it, so `x * scale + shift` here is
// written std::fma where its last bit must agree.

namespace torch { inline namespace xgrad { namespace kernels {

namespace {

// Sixteen at a time from uniform numbers. Functions and products of bfloat16 are rounded in PyTorch, those of float16 are floats.
template <class T> void narrow_box_muller(T* values, int64_t blocks, T mean, T std) {
  using Step = std::conditional_t<std::is_same_v<T, Half>, float, T>;
  for (T* const end = values + 16 * blocks; values < end; values += 16)
    for (int i = 0; i < 8; ++i) {
      const T u1 = 1 - values[i], u2 = values[i + 8];
      const T radius = std::sqrt(float(-2 * Step(std::log(float(u1))))), theta = 2.0f * std::numbers::pi * u2;
      values[i] = Step(Step(radius * Step(std::cos(float(theta)))) * std) + mean;
      values[i + 8] = Step(Step(radius * Step(std::sin(float(theta)))) * std) + mean;
    }
}

template <class T> void normal_blocks(T* out, int64_t n, T mean, T std, GeneratorImpl& g) {
  for (int64_t i = 0; i < n; ++i) out[i] = uniform<T>(g);
  const auto make_normal = [=](T* values, int64_t blocks) {
    if constexpr (is_narrow_float<T>) narrow_box_muller(values, blocks, mean, std);
    else box_muller(values, blocks, mean, std);
  };
  make_normal(out, n / 16);
  if (n % 16 == 0) return;
  // The last 16 elements are drawn again, so that they make a whole block.
  T* const tail = out + n - 16;
  for (int i = 0; i < 16; ++i) tail[i] = uniform<T>(g);
  make_normal(tail, 1);
}

}  // namespace

void fill_uniform(const Iteration& it, ScalarType dtype, GeneratorImpl* generator, double from, double to) {
  const std::lock_guard lock(generator->mutex);
  dispatch_stored_floating(dtype, "uniform_kernel_cpu", [&](auto zero) {
    using T = decltype(zero);
    const T base = static_cast<T>(from), scale = static_cast<T>(to) - base;
    if constexpr (is_narrow_float<T>) fill<T>(it, [=] { return float(uniform<T>(*generator)) * float(scale) + float(base); });
    else fill<T>(it, [=] { return std::fma(uniform<T>(*generator), scale, base); });
  });
}

void fill_slopes(const void* x, void* slopes, int64_t n, ScalarType dtype, GeneratorImpl* generator, double lower, double upper) {
  const std::lock_guard lock(generator->mutex);
  dispatch_stored_floating(dtype, "rrelu_with_noise_out_cpu", [&](auto zero) {
    using T = decltype(zero);
    const T* const from = static_cast<const T*>(x);
    T* const to = static_cast<T*>(slopes);
    for (int64_t i = 0; i < n; ++i) to[i] = from[i] <= 0 ? static_cast<T>(uniform<double>(*generator) * (upper - lower) + lower) : T(1);
  });
}

void fill_normal(const Iteration& it, ScalarType dtype, GeneratorImpl* generator, double mean, double std) {
  const std::lock_guard lock(generator->mutex);
  dispatch_stored_floating(dtype, "normal_kernel_cpu",
                           [&](auto zero) { fill<decltype(zero)>(it, [=] { return std::fma(normal(*generator), std, mean); }); });
}

void fill_normal_blocks(void* out, int64_t n, ScalarType dtype, GeneratorImpl* generator, double mean, double std) {
  const std::lock_guard lock(generator->mutex);
  dispatch_stored_floating(dtype, "normal_kernel_cpu", [&](auto zero) {
    using T = decltype(zero);
    normal_blocks(static_cast<T*>(out), n, static_cast<T>(mean), static_cast<T>(std), *generator);
  });
}

void fill_exponential(const Iteration& it, ScalarType dtype, GeneratorImpl* generator, double lambda) {
  const std::lock_guard lock(generator->mutex);
  dispatch_stored_floating(dtype, "exponential_cpu", [&](auto zero) {
    const double scale = -1.0 / lambda;
    fill<decltype(zero)>(it, [=] { return scale * std::log(1.0 - uniform<double>(*generator)); });
  });
}

void fill_log_normal(const Iteration& it, ScalarType dtype, GeneratorImpl* generator, double mean, double std) {
  const std::lock_guard lock(generator->mutex);
  dispatch_stored_floating(dtype, "log_normal_cpu",
                           [&](auto zero) { fill<decltype(zero)>(it, [=] { return std::exp(std::fma(normal(*generator), std, mean)); }); });
}

void fill_cauchy(const Iteration& it, ScalarType dtype, GeneratorImpl* generator, double median, double sigma) {
  const std::lock_guard lock(generator->mutex);
  dispatch_stored_floating(dtype, "cauchy_cpu", [&](auto zero) {
    fill<decltype(zero)>(it, [=] { return std::fma(sigma, std::tan(std::numbers::pi * (uniform<double>(*generator) - 0.5)), median); });
  });
}

void fill_geometric(const Iteration& it, ScalarType dtype, GeneratorImpl* generator, double p) {
  const std::lock_guard lock(generator->mutex);
  dispatch_stored(dtype, "geometric_cpu", [&](auto zero) {
    using T = decltype(zero);
    fill<T>(it, [=] {
      const double trials = std::ceil(std::log(uniform<double>(*generator)) / std::log(1.0 - p));
      if constexpr (is_floating<T>) return trials;
      else return static_cast<int64_t>(std::min(trials, 0x1p62));
    });
  });
}

void fill_bernoulli(const Iteration& it, ScalarType dtype, GeneratorImpl* generator, double p, double value) {
  const std::lock_guard lock(generator->mutex);
  dispatch_stored(dtype, "bernoulli_scalar_cpu_", [&](auto zero) {
    using T = decltype(zero);
    fill<T>(it, [=, v = static_cast<T>(value)] { return uniform<double>(*generator) < p ? v : T(0); });
  });
}

void fill_bernoulli_from(const Iteration& it, ScalarType dtype, GeneratorImpl* generator, ScalarType p_dtype) {
  const std::lock_guard lock(generator->mutex);
  dispatch_stored(dtype, "bernoulli_tensor_cpu_self_", [&](auto zero) {
    dispatch_stored_floating(p_dtype, "bernoulli_tensor_cpu_p_", [&](auto p_zero) {
      using P = decltype(p_zero);
      fill_from<decltype(zero), P>(it, [=](P p) { return uniform<P>(*generator) < p; });
    });
  });
}

void fill_integers(const Iteration& it, ScalarType dtype, GeneratorImpl* generator, uint64_t range, int64_t base) {
  const std::lock_guard lock(generator->mutex);
  dispatch_stored(dtype, "random_from_to_kernel_cpu", [&](auto zero) {
    using T = decltype(zero);
    constexpr bool kWide = std::is_same_v<T, int64_t> || (is_floating<T> && !std::is_same_v<T, Half>);
    const auto shifted = [=](uint64_t draw) { return static_cast<int64_t>(draw % range + static_cast<uint64_t>(base)); };
    if (kWide && range >= uint64_t{1} << 32) fill<T>(it, [=] { return shifted(generator->random64()); });
    else fill<T>(it, [=] { return shifted(generator->random()); });
  });
}

void fill_all_integers(const Iteration& it, ScalarType dtype, GeneratorImpl* generator) {
  const std::lock_guard lock(generator->mutex);
  dispatch_stored(dtype, "random_full_64_bits_range_kernel_cpu",
                  [&](auto zero) { fill<decltype(zero)>(it, [=] { return static_cast<int64_t>(generator->random64()); }); });
}

void fill_natural_integers(const Iteration& it, ScalarType dtype, GeneratorImpl* generator) {
  const std::lock_guard lock(generator->mutex);
  dispatch_stored(dtype, "random_kernel_cpu", [&](auto zero) {
    using T = decltype(zero);
    using Limits = std::numeric_limits<T>;
    constexpr bool kWide = sizeof(T) == 8;
    constexpr uint64_t kCount = (uint64_t{1} << Limits::digits) + is_floating<T>;  // an integer's digits are its bits without the sign's
    fill<T>(it, [=] { return (kWide ? generator->random64() : generator->random()) % kCount; });
  });
}

namespace {

// In the arithmetic of T, whose rounding decides which category a draw on an edge belongs to.
template <class T> void sample(const T* p, int64_t rows, int64_t categories, int64_t* out, int64_t n, GeneratorImpl& generator) {
  std::vector<T> up_to(static_cast<size_t>(categories));
  for (int64_t r = 0; r < rows; ++r, p += categories) {
    T sum = 0;
    for (size_t i = 0; i < up_to.size(); ++i) up_to[i] = sum += p[i];
    for (T& x : up_to) x /= sum;
    up_to.back() = 1;
    for (int64_t i = 0; i < n; ++i) {
      const double draw = uniform<double>(generator);
      *out++ = std::lower_bound(up_to.begin(), up_to.end(), draw, [](T x, double d) { return x < d; }) - up_to.begin();
    }
  }
}

}  // namespace

void sample_categories(const void* p, ScalarType p_dtype, int64_t rows, int64_t categories, int64_t* out, int64_t n, GeneratorImpl* generator) {
  const std::lock_guard lock(generator->mutex);
  dispatch_floating(p_dtype, "multinomial", [&](auto zero) { sample(static_cast<const decltype(zero)*>(p), rows, categories, out, n, *generator); });
}

void fill_permutation(void* out, int64_t n, ScalarType dtype, GeneratorImpl* generator) {
  const std::lock_guard lock(generator->mutex);
  dispatch_stored(dtype, "randperm", [&](auto zero) {
    using T = decltype(zero);
    T* const p = static_cast<T*>(out);
    for (int64_t i = 0; i < n; ++i) p[i] = static_cast<T>(i);
    for (int64_t i = 0; i < n - 1; ++i) std::swap(p[i], p[i + static_cast<int64_t>(generator->random() % static_cast<uint64_t>(n - i))]);
  });
}

}}}  // namespace torch::xgrad::kernels
