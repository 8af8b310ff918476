#include <xgrad/autograd/kernels/normalisation/channel_norm.h>

#include <tuple>

#include <xgrad/autograd/kernels/instruction_set.h>
#include <xgrad/autograd/kernels/normalisation/moments_of_parts.h>
#include <xgrad/autograd/kernels/parallel.h>
#include <xgrad/autograd/kernels/quotients.h>
#include <xgrad/autograd/kernels/scratch.h>

// Note: parts of a channel
//
// A channel's elements lie in `outer` rows of `inner`. Sums are taken of parts, pieces of a long row or several short rows copied side by
// side, and joined in their order. With inner == 1 parts are blocks of rows, in which neighbouring channels are worked on together. All
// cuts follow from the shape.

namespace torch { inline namespace xgrad { namespace kernels {
namespace {

constexpr int64_t kShortRows = 1024;  // elements of short rows that make a part
constexpr int64_t kBlockRows = 256, kBlockColumns = 64;

// The parts of each channel of rows with inner > 1.
class RowParts {
 public:
  explicit RowParts(const ChannelLayout& l)
      : layout_(l), rows_(std::max<int64_t>(1, kShortRows / l.inner)), pieces_(rows_ > 1 ? 1 : divided_up(l.inner, kNormPart)) {}

  int64_t in_channel() const { return divided_up(layout_.outer, rows_) * pieces_; }

  // f(channel, part, elements of x, ..., their number) for every part, in the order they lie in memory.
  template <class F, class... X> void for_each(F f, const X*... x) const {
    const int64_t size = rows_ > 1 ? rows_ * layout_.inner : std::min(layout_.inner, kNormPart);
    parallel_for(in_channel() * layout_.channels, std::max<int64_t>(1, kNormElementsPerThread / size), [=, this](int64_t first, int64_t last) {
      for (int64_t i = first; i < last; ++i) visit(i / layout_.channels, i % layout_.channels, f, x...);
    });
  }

 private:
  template <class F, class... X> void visit(int64_t part, int64_t channel, F f, const X*... x) const {
    const int64_t outer = layout_.outer, channels = layout_.channels, inner = layout_.inner;
    const int64_t row = part / pieces_ * rows_, start = part % pieces_ * kNormPart, at = (row * channels + channel) * inner + start;
    if (rows_ == 1) return f(channel, part, (x + at)..., std::min(inner - start, kNormPart));
    const int64_t rows = std::min(rows_, outer - row);
    const auto gathered = [&](const auto* from, auto* to) {
      for (int64_t r = 0; r < rows; ++r) std::copy_n(from + at + r * channels * inner, inner, to + r * inner);
      return static_cast<decltype(from)>(to);
    };
    std::tuple<Row<X>...> copies;
    std::apply([&](auto&... copy) { f(channel, part, gathered(x, copy.elements)..., rows * inner); }, copies);
  }

  template <class T> struct Row { T elements[kShortRows]; };
  const ChannelLayout layout_;
  const int64_t rows_, pieces_;
};

// The blocks that rows of channels, inner == 1, are cut into: f(first channel, channels, block, position of its first element, rows).
template <class F> void for_blocks_of_columns(const ChannelLayout& l, F f) {
  const int64_t strips = divided_up(l.channels, kBlockColumns), blocks = divided_up(l.outer, kBlockRows);
  const int64_t size = std::min(l.outer, kBlockRows) * std::min(l.channels, kBlockColumns);
  parallel_for(strips * blocks, std::max<int64_t>(1, kNormElementsPerThread / size), [=](int64_t first, int64_t last) {
    for (int64_t i = first; i < last; ++i) {
      const int64_t block = i / strips, column = i % strips * kBlockColumns, row = block * kBlockRows;
      f(column, std::min(kBlockColumns, l.channels - column), block, row * l.channels + column, std::min(kBlockRows, l.outer - row));
    }
  });
}
int64_t parts_of_channel(const ChannelLayout& l) { return l.inner == 1 ? divided_up(l.outer, kBlockRows) : RowParts(l).in_channel(); }

template <class T> struct MomentsOfPart {
  static void run(const T* x, int64_t n, PartMoments* moments) { *moments = moments_of_part(x, n); }
};

// moments[j * step] of each column.
template <class T> struct MomentsOfColumns {
  static void run(const T* x, int64_t rows, int64_t stride, int64_t columns, PartMoments* moments, int64_t step) {
    double sum[kBlockColumns] = {}, off[kBlockColumns] = {}, squares[kBlockColumns] = {};
    T pivot[kBlockColumns];
    for (int64_t i = 0; i < rows; ++i)
      for (int64_t j = 0; j < columns; ++j) sum[j] += static_cast<double>(x[i * stride + j]);
    const auto n = static_cast<double>(rows);
    for (int64_t j = 0; j < columns; ++j) pivot[j] = static_cast<T>(sum[j] / n);
    for (int64_t i = 0; i < rows; ++i)
      for (int64_t j = 0; j < columns; ++j) {
        const auto d = static_cast<double>(x[i * stride + j] - pivot[j]);
        off[j] += d;
        squares[j] += d * d;
      }
    for (int64_t j = 0; j < columns; ++j) {
      const double mean = sum[j] / n;
      moments[j * step] = is_finite(mean)
                              ? PartMoments{n, static_cast<double>(pivot[j]) + off[j] / n, std::max(squares[j] - off[j] * off[j] / n, 0.0)}
                              : PartMoments{n, mean, std::numeric_limits<double>::quiet_NaN()};
    }
  }
};

// Sums over the elements of a part: of gy, and of gy times the deviation of x.
struct PartSums {
  double gy, product;
};

template <class T> struct SumsOfPart {
  static void run(const T* gy, const T* x, int64_t n, double mean, PartSums* sums) {
    const SplitMean<T> m(mean);
    *sums = {fold_sum(n, [=](int64_t i) { return gy[i]; }), fold_sum(n, [=](int64_t i) { return gy[i] * m.deviation(x[i]); })};
  }
};

template <class T> struct SumsOfColumns {
  static void run(const T* gy, const T* x, int64_t rows, int64_t stride, int64_t columns, const double* mean, PartSums* sums, int64_t step) {
    double sum[kBlockColumns] = {}, product[kBlockColumns] = {};
    T high[kBlockColumns], low[kBlockColumns];
    for (int64_t j = 0; j < columns; ++j) {
      const SplitMean<T> m(mean[j]);
      high[j] = m.high, low[j] = m.low;
    }
    for (int64_t i = 0; i < rows; ++i)
      for (int64_t j = 0; j < columns; ++j) {
        const T g = gy[i * stride + j], d = (x[i * stride + j] - high[j]) - low[j];
        sum[j] += static_cast<double>(g);
        product[j] += static_cast<double>(g * d);
      }
    for (int64_t j = 0; j < columns; ++j) sums[j * step] = {sum[j], product[j]};
  }
};

// Numbers of each channel, as a struct of arrays.
template <class T> struct Coefficients { const T *high, *low, *a, *b, *c; };

// y[i] = f(coefficients, channel, arrays[i]...) for rows first to last of [outer * channels] rows, or of [outer] with inner == 1.
template <class T, class F, class... Arrays> struct EachRow {
  static void run(int64_t first, int64_t last, int64_t channels, int64_t inner, Coefficients<T> k, T* y, Arrays... arrays) {
    for (int64_t row = first; row < last; ++row) {
      const int64_t at = inner == 1 ? row * channels : row * inner;
      if (inner == 1) {
        XGRAD_INDEPENDENT_ITERATIONS
        for (int64_t c = 0; c < channels; ++c) y[at + c] = F::of(k.high[c], k.low[c], k.a[c], k.b[c], k.c[c], arrays[at + c]...);
      } else {
        const int64_t c = row % channels;
        const T high = k.high[c], low = k.low[c], a = k.a[c], b = k.b[c], rest = k.c[c];
        XGRAD_INDEPENDENT_ITERATIONS
        for (int64_t i = at; i < at + inner; ++i) y[i] = F::of(high, low, a, b, rest, arrays[i]...);
      }
    }
  }
};

template <class T> struct Normalised {
  static T of(T high, T low, T a, T b, T, T x) { return ((x - high) - low) * a + b; }
};
template <class T> struct Slope {
  static T of(T high, T low, T a, T b, T c, T gy, T x) { return a * ((gy - b) - ((x - high) - low) * c); }
};
template <class T> struct FixedSlope {
  static T of(T, T, T a, T, T, T gy) { return gy * a; }
};

// Coefficients a, b and c of every channel from of(channel).
template <class T> class CoefficientMemory {
 public:
  template <class F> CoefficientMemory(int64_t channels, const double* mean, F of) : n_(channels), memory_(5 * channels) {
    for (int64_t c = 0; c < channels; ++c) {
      const SplitMean<T> m(mean[c]);
      const auto [x, y, z] = of(c);
      const T all[] = {m.high, m.low, static_cast<T>(x), static_cast<T>(y), static_cast<T>(z)};
      for (int i = 0; i < 5; ++i) memory_.data()[i * n_ + c] = all[i];
    }
  }
  Coefficients<T> get() const {
    const T* m = memory_.data();
    return {m, m + n_, m + 2 * n_, m + 3 * n_, m + 4 * n_};
  }

 private:
  int64_t n_;
  Scratch<T> memory_;
};
struct Three {
  double a, b, c;
};

template <class F, class T, class... Arrays> void for_elements(const ChannelLayout& l, Coefficients<T> k, T* y, Arrays... arrays) {
  const int64_t size = l.inner == 1 ? l.channels : l.inner, rows = l.numel() / size;
  const auto run = Variants<EachRow<T, F, Arrays...>, int64_t, int64_t, int64_t, int64_t, Coefficients<T>, T*, Arrays...>::active();
  parallel_for(rows, std::max<int64_t>(1, kNormElementsPerThread / size),
               [=](int64_t first, int64_t last) { run(first, last, l.channels, l.inner, k, y, arrays...); });
}

template <class T> T or_one(const void* weight, int64_t c) { return weight ? static_cast<const T*>(weight)[c] : T(1); }

}  // namespace

void channel_moments(ScalarType dtype, const ChannelLayout& l, const void* x, double eps, double* mean, double* scale, void* running_mean,
                     void* running_variance, double momentum) {
  dispatch_floating(dtype, "batch_norm", [&](auto zero) {
    using T = decltype(zero);
    const T* const elements = static_cast<const T*>(x);
    const int64_t parts = parts_of_channel(l);
    const Scratch<PartMoments> memory(parts * l.channels);
    PartMoments* const moments = memory.data();
    if (l.inner == 1) {
      const auto run = Variants<MomentsOfColumns<T>, const T*, int64_t, int64_t, int64_t, PartMoments*, int64_t>::active();
      for_blocks_of_columns(l, [=](int64_t c, int64_t columns, int64_t part, int64_t at, int64_t rows) {
        run(elements + at, rows, l.channels, columns, moments + c * parts + part, parts);
      });
    } else {
      const auto run = Variants<MomentsOfPart<T>, const T*, int64_t, PartMoments*>::active();
      RowParts(l).for_each([=](int64_t c, int64_t part, const T* piece, int64_t n) { run(piece, n, moments + c * parts + part); }, elements);
    }
    for (int64_t c = 0; c < l.channels; ++c) {
      PartMoments all = moments[c * parts];
      for (int64_t part = 1; part < parts; ++part) all = joined(all, moments[c * parts + part]);
      mean[c] = all.mean;
      scale[c] = all.squares == 0 && eps == 0 ? 0 : 1 / std::sqrt(all.variance() + eps);
      const auto track = [=](void* running, double now) {
        if (T* const r = static_cast<T*>(running)) r[c] = static_cast<T>(momentum * now + (1 - momentum) * static_cast<double>(r[c]));
      };
      track(running_mean, all.mean);
      track(running_variance, all.squares / (all.n - 1));
    }
  });
}

void channel_running_moments(ScalarType dtype, int64_t channels, const void* running_mean, const void* running_variance, double eps, double* mean,
                             double* scale) {
  dispatch_floating(dtype, "batch_norm", [&](auto zero) {
    using T = decltype(zero);
    for (int64_t c = 0; c < channels; ++c) {
      mean[c] = static_cast<double>(static_cast<const T*>(running_mean)[c]);
      scale[c] = 1 / std::sqrt(static_cast<double>(static_cast<const T*>(running_variance)[c]) + eps);
    }
  });
}

void channel_norm(ScalarType dtype, const ChannelLayout& l, const void* x, const double* mean, const double* scale, const void* weight,
                  const void* bias, void* y) {
  dispatch_floating(dtype, "batch_norm", [&](auto zero) {
    using T = decltype(zero);
    const CoefficientMemory<T> k(l.channels, mean, [=](int64_t c) {
      return Three{scale[c] * static_cast<double>(or_one<T>(weight, c)), bias ? static_cast<double>(static_cast<const T*>(bias)[c]) : 0, 0};
    });
    for_elements<Normalised<T>>(l, k.get(), static_cast<T*>(y), static_cast<const T*>(x));
  });
}

void channel_norm_backward(ScalarType dtype, const ChannelLayout& l, const void* gy, const void* x, const double* mean, const double* scale,
                           const void* weight, bool fixed, NormGradients gradients) {
  dispatch_floating(dtype, "batch_norm_backward", [&](auto zero) {
    using T = decltype(zero);
    const T *const g = static_cast<const T*>(gy), *const elements = static_cast<const T*>(x);
    T* const gx = static_cast<T*>(gradients.x);
    const bool needs_sums = (gx && !fixed) || gradients.weight || gradients.bias;
    const int64_t parts = needs_sums ? parts_of_channel(l) : 0;
    const Scratch<PartSums> memory(parts * l.channels);
    PartSums* const sums = memory.data();
    if (needs_sums && l.inner == 1) {
      const auto run = Variants<SumsOfColumns<T>, const T*, const T*, int64_t, int64_t, int64_t, const double*, PartSums*, int64_t>::active();
      for_blocks_of_columns(l, [=](int64_t c, int64_t columns, int64_t part, int64_t at, int64_t rows) {
        run(g + at, elements + at, rows, l.channels, columns, mean + c, sums + c * parts + part, parts);
      });
    } else if (needs_sums) {
      const auto run = Variants<SumsOfPart<T>, const T*, const T*, int64_t, double, PartSums*>::active();
      RowParts(l).for_each([=](int64_t c, int64_t part, const T* gs, const T* xs, int64_t n) { run(gs, xs, n, mean[c], sums + c * parts + part); }, g,
                           elements);
    }
    const double n = static_cast<double>(l.outer * l.inner);
    const CoefficientMemory<T> k(l.channels, mean, [=](int64_t c) {
      PartSums all{0, 0};
      for (int64_t part = 0; part < parts; ++part) all.gy += sums[c * parts + part].gy, all.product += sums[c * parts + part].product;
      if (gradients.weight) static_cast<T*>(gradients.weight)[c] = static_cast<T>(all.product * scale[c]);
      if (gradients.bias) static_cast<T*>(gradients.bias)[c] = static_cast<T>(all.gy);
      return Three{scale[c] * static_cast<double>(or_one<T>(weight, c)), all.gy / n, all.product * scale[c] * scale[c] / n};
    });
    if (gx && fixed) for_elements<FixedSlope<T>>(l, k.get(), gx, g);
    else if (gx) for_elements<Slope<T>>(l, k.get(), gx, g, elements);
  });
}

}}}  // namespace torch::xgrad::kernels
