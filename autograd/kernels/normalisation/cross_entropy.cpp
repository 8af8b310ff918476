#include <xgrad/autograd/kernels/normalisation/cross_entropy.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include <xgrad/autograd/kernels/instruction_set.h>
#include <xgrad/autograd/kernels/normalisation/row_blocks.h>
#include <xgrad/autograd/kernels/normalisation/softmax_rows.h>
#include <xgrad/autograd/kernels/parallel.h>
#include <xgrad/autograd/kernels/scratch.h>

namespace torch { inline namespace xgrad { namespace kernels {
namespace {

constexpr int64_t kElementsPerThread = 20000;

int64_t label_at(const ClassTargets& targets, int64_t position) {
  return targets.dtype == kByte ? static_cast<const uint8_t*>(targets.labels)[position] : static_cast<const int64_t*>(targets.labels)[position];
}

// f(position, label) on every row, labels that are ignored included.
template <class F> void for_each_row(const ClassTargets& targets, F f) {
  if (targets.samples == 0) return;
  parallel_for(targets.samples, kElementsPerThread / std::max<int64_t>(targets.classes, 1), [&](int64_t first, int64_t last) {
    for (int64_t p = first; p < last; ++p) f(p, label_at(targets, p));
  });
}

template <class T> struct Inputs {
  const ClassTargets& targets;
  const T *x, *weight;
};

// The labels of up to sixteen rows, -1 for rows that are ignored or missing, and their weights.
template <class T> struct BlockOfLabels {
  Lanes<int32_t> label;
  Lanes<T> weight;

  BlockOfLabels(const Inputs<T>& in, int64_t first, int rows) {
    const int64_t ignored = in.targets.ignored;
    const auto used = [ignored](int64_t i) { return i == ignored ? -1 : static_cast<int32_t>(i); };
    if (rows == kLanes && in.targets.dtype == kLong) {
      const int64_t* const labels = static_cast<const int64_t*>(in.targets.labels) + first;
      for (int l = 0; l < kLanes; ++l) label[l] = used(labels[l]);
    } else {
      for (int l = 0; l < kLanes; ++l) label[l] = l < rows ? used(label_at(in.targets, first + l)) : -1;
    }
    for (int l = 0; l < kLanes; ++l) weight[l] = label[l] < 0 ? T(0) : T(1);
    if (!in.weight) return;
    for (int64_t c = 0; c < in.targets.classes; ++c)
      for (int l = 0; l < kLanes; ++l) weight[l] = label[l] == c ? in.weight[c] : weight[l];
  }
};

template <class T> struct LossBlocks {
  static void run(const Inputs<T>& in, int64_t first, int64_t last, T* losses, T* weights, T* kept) {
    const int64_t classes = in.targets.classes;
    for_blocks(first, last, [=, &in](int64_t row, int rows) {
      const BlockOfLabels<T> labels(in, row, rows);
      RowBlock<T> x(in.x + row * classes, rows, classes);
      Lanes<T> chosen{}, loss;
      for (int64_t c = 0; c < classes; ++c)
        for (int l = 0; l < kLanes; ++l) chosen[l] = labels.label[l] == c ? x[c][l] : chosen[l];
      const auto [maximum, sum] = totals_of_block(x, classes, [&x](int64_t i, int l, T e) { x[i][l] = e; });
      for (int l = 0; l < kLanes; ++l) {
        const T log_sum = vector_math::wide::log(static_cast<T>(sum[l]));
        loss[l] = labels.label[l] < 0 ? T(0) : -((chosen[l] - maximum[l]) - log_sum) * labels.weight[l];
      }
      loss.store(losses + row, rows);
      labels.weight.store(weights + row, rows);
      if (kept) keep(x, classes, sum, kept + row * (classes + 1));
    });
  }

  // The exponentials, turned as they are, and their sums.
  static void keep(const RowBlock<T>& e, int64_t classes, const Lanes<double>& sum, T* kept) {
    for (int64_t c = 0; c < classes; ++c) e[c].store(kept + c * kLanes, kLanes);
    for (int l = 0; l < kLanes; ++l) kept[classes * kLanes + l] = static_cast<T>(sum[l]);
  }
};

template <class T> struct SlopeBlocks {
  static void run(const Inputs<T>& in, int64_t first, int64_t last, const T* gy, int64_t gy_step, const T* kept, T* gx) {
    const int64_t classes = in.targets.classes;
    for_blocks(first, last, [=, &in](int64_t row, int rows) {
      XGRAD_SEPARATE_ROUNDINGS
      const BlockOfLabels<T> labels(in, row, rows);
      const T *const e = kept + row * (classes + 1), *const sum = e + classes * kLanes;
      RowBlock<T> x;
      Lanes<T> scale{}, factor;
      for (int l = 0; l < rows; ++l) scale[l] = gy[(row + l) * gy_step];
      for (int l = 0; l < kLanes; ++l) {
        scale[l] = labels.label[l] < 0 ? T(0) : scale[l] * labels.weight[l];
        factor[l] = scale[l] / sum[l];
      }
      for (int64_t c = 0; c < classes; ++c)
        for (int l = 0; l < kLanes; ++l) {
          const T slope = e[c * kLanes + l] * factor[l];
          x[c][l] = scale[l] == 0 ? T(0) : slope - (labels.label[l] == c ? scale[l] : T(0));
        }
      x.store(gx + row * classes, rows, classes);
    });
  }
};

template <class T> struct Rows : Inputs<T> {
  using Inputs<T>::targets;
  using Inputs<T>::x;
  using Inputs<T>::weight;

  const T* row(int64_t p) const { return x + p * targets.classes; }
  T weight_of(int64_t label) const { return weight ? weight[label] : T(1); }

  template <class Work, class... Arrays> void by_blocks(Arrays... arrays) const {
    const auto run = Variants<Work, const Inputs<T>&, int64_t, int64_t, Arrays...>::active();
    for_pieces_of_blocks(targets.samples, kElementsPerThread / targets.classes,
                         [&](int64_t first, int64_t last) { run(*this, first, last, arrays...); });
  }

  // Of long rows the sums lie behind all exponentials.
  int64_t exponentials() const { return targets.samples * targets.classes; }

  void forward(T* losses, T* weights, T* kept) const {
    if constexpr (kHasBlocks<T>)
      if (is_short_row(targets.classes)) return by_blocks<LossBlocks<T>>(losses, weights, kept);
    const auto total_of = Variants<TotalOfRow<T>, int64_t, const T*, T*, RowTotal<T>*>::active();
    for_each_row(targets, [&](int64_t p, int64_t label) {
      RowTotal<T> total{T(0), T(1)};
      T* const e = kept ? kept + p * targets.classes : nullptr;
      losses[p] = weights[p] = T(0);
      if (label != targets.ignored) {
        total_of(targets.classes, row(p), e, &total);
        const T log_sum = static_cast<T>(std::log(static_cast<double>(total.sum)));
        weights[p] = weight_of(label);
        losses[p] = -((row(p)[label] - total.maximum) - log_sum) * weights[p];
      } else if (kept) {
        std::fill_n(e, targets.classes, T(0));
      }
      if (kept) kept[exponentials() + p] = total.sum;
    });
  }

  void backward(const T* gy, int64_t gy_step, const T* kept, T* gx) const {
    if constexpr (kHasBlocks<T>)
      if (is_short_row(targets.classes)) return by_blocks<SlopeBlocks<T>>(gy, gy_step, kept, gx);
    const auto slope = Variants<CrossEntropySlopeRow<T>, int64_t, const T*, T, T, int64_t, T*>::active();
    for_each_row(targets, [&](int64_t p, int64_t label) {
      T* g = gx + p * targets.classes;
      const T scale = label == targets.ignored ? T(0) : gy[p * gy_step] * weight_of(label);
      if (scale == 0) std::fill_n(g, targets.classes, T(0));
      else slope(targets.classes, kept + p * targets.classes, kept[exponentials() + p], scale, label, g);
    });
  }

  void probabilities(const T* kept, T* y) const {
    const bool turned = kHasBlocks<T> && is_short_row(targets.classes);
    for (int64_t p = 0; p < targets.samples; ++p)
      for (int64_t c = 0; c < targets.classes; ++c) {
        const T* const block = kept + p / kLanes * kLanes * (targets.classes + 1) + p % kLanes;
        y[p * targets.classes + c] =
            turned ? block[c * kLanes] / block[targets.classes * kLanes] : kept[p * targets.classes + c] / kept[exponentials() + p];
      }
  }
};

template <class T> struct SumOfArray {
  static void run(const T* x, int64_t n, double* sum) { *sum = sum_of(x, n); }
};

template <class T> double sum_of_array(const T* x, int64_t n) {
  constexpr int64_t kPiece = 1 << 16;
  const auto sum = Variants<SumOfArray<T>, const T*, int64_t, double*>::active();
  double total = 0;
  if (n <= kPiece) {
    sum(x, n, &total);
    return total;
  }
  const int64_t pieces = (n + kPiece - 1) / kPiece;
  const Scratch<double> sums(pieces);
  parallel_for(pieces, 1, [&](int64_t first, int64_t last) {
    for (int64_t p = first; p < last; ++p) sum(x + p * kPiece, std::min(kPiece, n - p * kPiece), sums.data() + p);
  });
  for (int64_t p = 0; p < pieces; ++p) total += sums.data()[p];
  return total;
}

}  // namespace

int64_t kept_by_cross_entropy(const ClassTargets& targets) { return (targets.samples + kLanes - 1) / kLanes * kLanes * (targets.classes + 1); }

void cross_entropy(ScalarType dtype, const ClassTargets& targets, const void* x, const void* weight, void* losses, void* weights, void* kept) {
  dispatch_floating(dtype, "log_softmax", [&](auto t) {
    using T = decltype(t);
    const Rows<T> rows{{targets, static_cast<const T*>(x), static_cast<const T*>(weight)}};
    rows.forward(static_cast<T*>(losses), static_cast<T*>(weights), static_cast<T*>(kept));
  });
}

void reduce_losses(ScalarType dtype, const void* losses, const void* weights, int64_t n, void* y, double* total_weight) {
  dispatch_floating(dtype, "cross_entropy", [&](auto t) {
    using T = decltype(t);
    const double total = weights ? sum_of_array(static_cast<const T*>(weights), n) : 1;
    const bool of_none = weights && n == 0;  // 0 / 0 may have a sign
    *static_cast<T*>(y) = static_cast<T>(of_none ? std::numeric_limits<double>::quiet_NaN() : sum_of_array(static_cast<const T*>(losses), n) / total);
    if (total_weight) *total_weight = total;
  });
}

void cross_entropy_backward(ScalarType dtype, const ClassTargets& targets, const void* gy, int64_t gy_step, const double* total_weight,
                            const void* weight, const void* kept, void* gx) {
  dispatch_floating(dtype, "log_softmax", [&](auto t) {
    using T = decltype(t);
    const Rows<T> rows{{targets, nullptr, static_cast<const T*>(weight)}};
    const T* g = static_cast<const T*>(gy);
    T share;
    if (gy_step == 0) {
      share = *g / static_cast<T>(total_weight ? *total_weight : 1);
      g = &share;
    }
    rows.backward(g, gy_step, static_cast<const T*>(kept), static_cast<T*>(gx));
  });
}

bool lies_as_gradient(ScalarType dtype, const ClassTargets& targets) {
  return dispatch_floating(dtype, "log_softmax", [&](auto t) { return !kHasBlocks<decltype(t)> || !is_short_row(targets.classes); });
}

void cross_entropy_probabilities(ScalarType dtype, const ClassTargets& targets, const void* kept, void* y) {
  dispatch_floating(dtype, "log_softmax", [&](auto t) {
    using T = decltype(t);
    Rows<T>{{targets, nullptr, nullptr}}.probabilities(static_cast<const T*>(kept), static_cast<T*>(y));
  });
}

}}}  // namespace torch::xgrad::kernels
