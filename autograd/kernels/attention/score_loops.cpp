#include <xgrad/autograd/kernels/attention/score_loops.h>

#include <algorithm>
#include <limits>

#include <xgrad/autograd/kernels/instruction_set.h>
#include <xgrad/autograd/kernels/reduction/fold.h>
#include <xgrad/autograd/kernels/vector/vector_math_double.h>

namespace torch { inline namespace xgrad { namespace kernels {
namespace {

// f(element's place in the block, its column) for each, a register's width of columns at a time.
template <class T, class F> void each_element(const ScoreBlock<T>& block, F f) {
  for (int64_t key = 0; key < block.keys; ++key) {
    XGRAD_INDEPENDENT_ITERATIONS
    for (int64_t column = 0; column < block.columns; ++column) f(key * block.columns + column, column);
  }
}

// Comparisons pass over a NaN, which the sums then hold.
template <class T> void largest_of(const T* x, int64_t stride, int64_t keys, T (&largest)[kLanes]) {
  T other[kLanes];
  for (int l = 0; l < kLanes; ++l) other[l] = largest[l];
  int64_t key = 0;
  for (; key + 2 <= keys; key += 2)
    for (int l = 0; l < kLanes; ++l) {
      const T a = x[key * stride + l], b = x[(key + 1) * stride + l];
      largest[l] = a > largest[l] ? a : largest[l];
      other[l] = b > other[l] ? b : other[l];
    }
  for (; key < keys; ++key)
    for (int l = 0; l < kLanes; ++l) largest[l] = x[key * stride + l] > largest[l] ? x[key * stride + l] : largest[l];
  for (int l = 0; l < kLanes; ++l) largest[l] = other[l] > largest[l] ? other[l] : largest[l];
}

template <class T> struct TakeBlock {
  static constexpr int64_t kTogether = 8;  // that are added in the elements' own type

  static void run(SoftmaxState<T>* state, int64_t keys, int64_t columns, T* scores) {
    constexpr T kNone = -std::numeric_limits<T>::infinity();
    for (int64_t c = 0; c < columns; c += kLanes) {
      T* const x = scores + c;
      T largest[kLanes], shift[kLanes];
      double sum[kLanes];
      for (int l = 0; l < kLanes; ++l) largest[l] = state->maximum[c + l];
      largest_of(x, columns, keys, largest);
      for (int l = 0; l < kLanes; ++l) {
        shift[l] = largest[l] == kNone ? T(0) : largest[l];
        const T correction = vector_math::wide::exp_of_nonpositive(state->maximum[c + l] - shift[l]);
        state->correction[c + l] = correction;
        state->maximum[c + l] = largest[l];
        sum[l] = state->sum[c + l] * static_cast<double>(correction);
      }
      for (int64_t first = 0; first < keys; first += kTogether) {
        const int64_t last = std::min(first + kTogether, keys);
        T part[kLanes] = {};
        for (int64_t key = first; key < last; ++key)
          for (int l = 0; l < kLanes; ++l) {
            const T e = vector_math::wide::exp_of_nonpositive(x[key * columns + l] - shift[l]);
            x[key * columns + l] = e;
            part[l] += e;
          }
        for (int l = 0; l < kLanes; ++l) sum[l] += static_cast<double>(part[l]);
      }
      for (int l = 0; l < kLanes; ++l) state->sum[c + l] = sum[l];
    }
  }
};

template <class T> struct Probabilities {
  static void run(ScoreBlock<T> block, const T* shift, const T* inverse) {
    each_element(block, [=](int64_t at, int64_t column) {
      block.scores[at] = vector_math::wide::exp_of_nonpositive(block.scores[at] - shift[column]) * inverse[column];
    });
  }
};

template <class T> struct Slopes {
  static void run(ScoreBlock<T> g, const T* p, const T* mean, T scale) {
    each_element(g, [=](int64_t at, int64_t column) { g.scores[at] = p[at] * (g.scores[at] - mean[column]) * scale; });
  }
};

template <class T> struct SumsOfProducts {
  static void run(int64_t rows, int64_t columns, const T* a, const T* b, T* sums) {
    for (int64_t c = 0; c < columns; c += kLanes) {
      double sum[kLanes] = {};
      for (int64_t i = 0; i < rows; ++i)
        for (int l = 0; l < kLanes; ++l) sum[l] += static_cast<double>(a[i * columns + c + l] * b[i * columns + c + l]);
      for (int l = 0; l < kLanes; ++l) sums[c + l] = static_cast<T>(sum[l]);
    }
  }
};

template <class T> struct MultiplyColumns {
  static void run(ScoreBlock<T> block, const T* factor) {
    each_element(block, [=](int64_t at, int64_t column) { block.scores[at] *= factor[column]; });
  }
};
template <class T> struct AddElements {
  static void run(ScoreBlock<T> block, const T* terms) {
    each_element(block, [=](int64_t at, int64_t) { block.scores[at] += terms[at]; });
  }
};
template <class T> struct MultiplyElements {
  static void run(ScoreBlock<T> block, const T* factors) {
    each_element(block, [=](int64_t at, int64_t) { block.scores[at] *= factors[at]; });
  }
};

}  // namespace

template <class T> void SoftmaxState<T>::start(int64_t columns) {
  std::fill_n(maximum, columns, -std::numeric_limits<T>::infinity());
  std::fill_n(sum, columns, 0.0);
}

template <class T> void SoftmaxState<T>::take(const ScoreBlock<T>& block) {
  Variants<TakeBlock<T>, SoftmaxState<T>*, int64_t, int64_t, T*>::active()(this, block.keys, block.columns, block.scores);
}

template <class T> void SoftmaxState<T>::finish(int64_t columns, T* shift, T* inverse) const {
  for (int64_t c = 0; c < columns; ++c) {
    shift[c] = maximum[c] == -std::numeric_limits<T>::infinity() ? T(0) : maximum[c];
    inverse[c] = static_cast<T>(1 / sum[c]);
  }
}

template <class T> void multiply_columns(const ScoreBlock<T>& block, const T* factor) {
  Variants<MultiplyColumns<T>, ScoreBlock<T>, const T*>::active()(block, factor);
}
template <class T> void add_elements(const ScoreBlock<T>& block, const T* terms) {
  Variants<AddElements<T>, ScoreBlock<T>, const T*>::active()(block, terms);
}
template <class T> void multiply_elements(const ScoreBlock<T>& block, const T* factors) {
  Variants<MultiplyElements<T>, ScoreBlock<T>, const T*>::active()(block, factors);
}
template <class T> void sums_of_products(int64_t rows, int64_t columns, const T* a, const T* b, T* sums) {
  Variants<SumsOfProducts<T>, int64_t, int64_t, const T*, const T*, T*>::active()(rows, columns, a, b, sums);
}
template <class T> void probabilities_of(const ScoreBlock<T>& block, const T* shift, const T* inverse) {
  Variants<Probabilities<T>, ScoreBlock<T>, const T*, const T*>::active()(block, shift, inverse);
}
template <class T> void slopes_of(const ScoreBlock<T>& gradients, const T* p, const T* mean, T scale) {
  Variants<Slopes<T>, ScoreBlock<T>, const T*, const T*, T>::active()(gradients, p, mean, scale);
}

#define XGRAD_INSTANTIATE(T)                                                \
  template struct SoftmaxState<T>;                                          \
  template void multiply_columns(const ScoreBlock<T>&, const T*);           \
  template void add_elements(const ScoreBlock<T>&, const T*);               \
  template void multiply_elements(const ScoreBlock<T>&, const T*);          \
  template void sums_of_products(int64_t, int64_t, const T*, const T*, T*); \
  template void probabilities_of(const ScoreBlock<T>&, const T*, const T*); \
  template void slopes_of(const ScoreBlock<T>&, const T*, const T*, T);
XGRAD_INSTANTIATE(float)
XGRAD_INSTANTIATE(double)
#undef XGRAD_INSTANTIATE

}}}  // namespace torch::xgrad::kernels
