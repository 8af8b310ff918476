#include <xgrad/autograd/kernels/normalisation/row_norm.h>

#include <xgrad/autograd/kernels/instruction_set.h>
#include <xgrad/autograd/kernels/normalisation/moments_of_parts.h>
#include <xgrad/autograd/kernels/parallel.h>
#include <xgrad/autograd/kernels/scratch.h>

namespace torch { inline namespace xgrad { namespace kernels {
namespace {

// Samples whose share of the gradients of weight and bias is added up in T; that of such blocks is in float64.
constexpr int64_t kBlockSamples = 16;

// y[i] = f(i, weight[i], bias[i]), where those that are null count as 1 and 0.
template <class T, class F> void apply_affine(int64_t n, const T* weight, const T* bias, T* y, F f) {
  const auto each = [=](auto value) {
    XGRAD_INDEPENDENT_ITERATIONS
    for (int64_t i = 0; i < n; ++i) y[i] = value(i);
  };
  if (weight && bias) each([=](int64_t i) { return f(i) * weight[i] + bias[i]; });
  else if (weight) each([=](int64_t i) { return f(i) * weight[i]; });
  else if (bias) each([=](int64_t i) { return f(i) + bias[i]; });
  else each(f);
}

template <class T> struct NormaliseRows {
  static void run(const RowLayout& l, int64_t first, int64_t last, const T* x, const T* weight, const T* bias, double eps, double* mean,
                  double* scale, T* y) {
    const int64_t n = l.row();
    for (int64_t row = first; row < last; ++row) {
      const T* const from = x + row * n;
      T* const to = y + row * n;
      PartMoments all = moments_of_part(from, std::min(n, kNormPart));
      for (int64_t i = kNormPart; i < n; i += kNormPart) all = joined(all, moments_of_part(from + i, std::min(n - i, kNormPart)));
      mean[row] = all.mean;
      scale[row] = 1 / std::sqrt(all.variance() + eps);
      const SplitMean<T> m(all.mean);
      const T s = static_cast<T>(scale[row]);
      const int64_t group = row % l.groups * l.channels;
      if (l.inner == 1) {
        const T *const w = weight ? weight + group : nullptr, *const b = bias ? bias + group : nullptr;
        apply_affine(n, w, b, to, [=](int64_t i) { return m.deviation(from[i]) * s; });
        continue;
      }
      for (int64_t c = 0; c < l.channels; ++c) {
        const T factor = weight ? s * weight[group + c] : s, offset = bias ? bias[group + c] : T(0);
        XGRAD_INDEPENDENT_ITERATIONS
        for (int64_t i = c * l.inner; i < (c + 1) * l.inner; ++i) to[i] = m.deviation(from[i]) * factor + offset;
      }
    }
  }
};

// Adds this block's samples to gradients of weight and bias, [groups, channels], that are not null.
template <class T> struct RowSlopes {
  static void run(const RowLayout& l, int64_t first, int64_t last, const T* gy, const T* x, const double* mean, const double* scale, const T* weight,
                  T* gx, T* gw, T* gb) {
    for (int64_t row = first; row < last; ++row) {
      const int64_t at = row * l.row(), group = row % l.groups * l.channels;
      const SplitMean<T> m(mean[row]);
      const T* const w = weight ? weight + group : nullptr;
      T *const x_slopes = gx ? gx + at : nullptr, *const w_slopes = gw ? gw + group : nullptr, *const b_slopes = gb ? gb + group : nullptr;
      if (l.inner == 1) single_elements(l, gy + at, x + at, m, scale[row], w, x_slopes, w_slopes, b_slopes);
      else whole_channels(l, gy + at, x + at, m, scale[row], w, x_slopes, w_slopes, b_slopes);
    }
  }

 private:
  static void single_elements(const RowLayout& l, const T* gy, const T* x, SplitMean<T> m, double scale, const T* weight, T* gx, T* gw, T* gb) {
    const int64_t n = l.channels;
    const T s = static_cast<T>(scale);
    if (gw) {
      XGRAD_INDEPENDENT_ITERATIONS
      for (int64_t i = 0; i < n; ++i) gw[i] += gy[i] * (m.deviation(x[i]) * s);
    }
    if (gb) {
      XGRAD_INDEPENDENT_ITERATIONS
      for (int64_t i = 0; i < n; ++i) gb[i] += gy[i];
    }
    if (!gx) return;
    const auto slope = [=](auto g) {
      const double sum = fold_sum(n, g), product = fold_sum(n, [=](int64_t i) { return g(i) * m.deviation(x[i]); });
      const T mean = static_cast<T>(sum / static_cast<double>(n)), c = static_cast<T>(product * scale * scale / static_cast<double>(n));
      XGRAD_INDEPENDENT_ITERATIONS
      for (int64_t i = 0; i < n; ++i) gx[i] = s * ((g(i) - mean) - m.deviation(x[i]) * c);
    };
    if (weight) slope([=](int64_t i) { return gy[i] * weight[i]; });
    else slope([=](int64_t i) { return gy[i]; });
  }

  static void whole_channels(const RowLayout& l, const T* gy, const T* x, SplitMean<T> m, double scale, const T* weight, T* gx, T* gw, T* gb) {
    double sum = 0, product = 0;
    for (int64_t c = 0; c < l.channels; ++c) {
      const T *const g = gy + c * l.inner, *const from = x + c * l.inner;
      const double sum_here = fold_sum(l.inner, [=](int64_t i) { return g[i]; });
      const double product_here = fold_sum(l.inner, [=](int64_t i) { return g[i] * m.deviation(from[i]); });
      const double w = weight ? static_cast<double>(weight[c]) : 1;
      sum += w * sum_here;
      product += w * product_here;
      if (gw) gw[c] += static_cast<T>(product_here * scale);
      if (gb) gb[c] += static_cast<T>(sum_here);
    }
    if (!gx) return;
    const auto n = static_cast<double>(l.row());
    const T s = static_cast<T>(scale), mean = static_cast<T>(sum / n), k = static_cast<T>(product * scale * scale / n);
    for (int64_t c = 0; c < l.channels; ++c) {
      const T w = weight ? weight[c] : T(1);
      XGRAD_INDEPENDENT_ITERATIONS
      for (int64_t i = c * l.inner; i < (c + 1) * l.inner; ++i) gx[i] = s * ((gy[i] * w - mean) - m.deviation(x[i]) * k);
    }
  }
};

// The sums of blocks, [blocks, n], over blocks.
template <class T> struct SumOfBlocks {
  static void run(const T* blocks, int64_t count, int64_t n, int64_t first, int64_t last, T* total) {
    constexpr int64_t kColumns = 64;
    for (int64_t column = first; column < last; column += kColumns) {
      const int64_t columns = std::min(kColumns, last - column);
      double sum[kColumns] = {};
      for (int64_t b = 0; b < count; ++b)
        for (int64_t j = 0; j < columns; ++j) sum[j] += static_cast<double>(blocks[b * n + column + j]);
      for (int64_t j = 0; j < columns; ++j) total[column + j] = static_cast<T>(sum[j]);
    }
  }
};

}  // namespace

void row_norm(ScalarType dtype, const RowLayout& l, const void* x, const void* weight, const void* bias, double eps, double* mean, double* scale,
              void* y) {
  dispatch_floating(dtype, l.groups == 1 && l.inner == 1 ? "LayerNormKernelImpl" : "GroupNormKernelImpl", [&](auto zero) {
    using T = decltype(zero);
    const auto run =
        Variants<NormaliseRows<T>, const RowLayout&, int64_t, int64_t, const T*, const T*, const T*, double, double*, double*, T*>::active();
    parallel_for(l.rows(), std::max<int64_t>(1, kNormElementsPerThread / l.row()), [=](int64_t first, int64_t last) {
      run(l, first, last, static_cast<const T*>(x), static_cast<const T*>(weight), static_cast<const T*>(bias), eps, mean, scale, static_cast<T*>(y));
    });
  });
}

void row_norm_backward(ScalarType dtype, const RowLayout& l, const void* gy, const void* x, const double* mean, const double* scale,
                       const void* weight, NormGradients gradients) {
  dispatch_floating(dtype, "LayerNormKernelImplBackward", [&](auto zero) {
    using T = decltype(zero);
    const int64_t in_block = l.inner == 1 ? kBlockSamples : 1, blocks = (l.samples + in_block - 1) / in_block, n = l.groups * l.channels;
    const Scratch<T> memory(n * blocks * ((gradients.weight ? 1 : 0) + (gradients.bias ? 1 : 0)));
    T* const gw = gradients.weight ? memory.data() : nullptr;
    T* const gb = gradients.bias ? memory.data() + (gw ? n * blocks : 0) : nullptr;
    const auto run =
        Variants<RowSlopes<T>, const RowLayout&, int64_t, int64_t, const T*, const T*, const double*, const double*, const T*, T*, T*, T*>::active();
    const int64_t size = in_block * l.groups * l.row();
    parallel_for(blocks, std::max<int64_t>(1, kNormElementsPerThread / size), [=](int64_t first, int64_t last) {
      for (int64_t block = first; block < last; ++block) {
        T *const w = gw ? gw + block * n : nullptr, *const b = gb ? gb + block * n : nullptr;
        if (w) std::fill_n(w, n, T(0));
        if (b) std::fill_n(b, n, T(0));
        run(l, block * in_block * l.groups, std::min((block + 1) * in_block, l.samples) * l.groups, static_cast<const T*>(gy),
            static_cast<const T*>(x), mean, scale, static_cast<const T*>(weight), static_cast<T*>(gradients.x), w, b);
      }
    });
    const auto sum = Variants<SumOfBlocks<T>, const T*, int64_t, int64_t, int64_t, int64_t, T*>::active();
    const auto total = [&](const T* of_blocks, void* to) {
      if (!of_blocks) return;
      parallel_for(n, std::max<int64_t>(64, kNormElementsPerThread / blocks),
                   [=](int64_t first, int64_t last) { sum(of_blocks, blocks, n, first, last, static_cast<T*>(to)); });
    };
    total(gw, gradients.weight);
    total(gb, gradients.bias);
  });
}

}}}  // namespace torch::xgrad::kernels
