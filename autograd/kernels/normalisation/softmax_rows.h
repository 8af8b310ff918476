// Softmax and its kin along one row whose elements lie side by side.
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>

#include <xgrad/autograd/kernels/reduction/fold.h>
#include <xgrad/autograd/kernels/vector/vector_math_double.h>

namespace torch { inline namespace xgrad { namespace kernels {

template <class T> struct LargestOf {
  const T* x;
  T identity() const { return -std::numeric_limits<T>::infinity(); }
  T at(int64_t i) const { return x[i]; }
  T combine(T a, T b) const { return larger(a, b); }
};

template <class T> struct AnyNonzero {
  const T* x;
  int32_t identity() const { return 0; }
  int32_t at(int64_t i) const { return x[i] != 0; }
  int32_t combine(int32_t a, int32_t b) const { return a | b; }
};

/// e[i] = exp(x[i] - shift) for i < n, and zeros up to 16.
template <class T> void exponentials_of_end(const T* x, int64_t n, T shift, T* e) {
  for (int i = 0; i < kLanes; ++i) e[i] = -std::numeric_limits<T>::infinity();
  for (int64_t i = 0; i < n; ++i) e[i] = x[i];
  for (int i = 0; i < kLanes; ++i) e[i] = vector_math::wide::exp_of_nonpositive(e[i] - shift);
}

/// f(first, n, e, whole) for each piece of a row, where e[i] = exp(x[first + i] - shift) for i < n, for a shift that no element
/// exceeds. Behind them e holds zeros up to `whole`, the next multiple of 16: vector code without an end to treat apart.
template <class T, class F> void for_exponentials(const T* x, int64_t n, T shift, F f) {
  constexpr int64_t kPiece = 512;
  alignas(64) T e[kPiece];
  for (int64_t first = 0; first < n; first += kPiece) {
    const int64_t here = std::min(kPiece, n - first), full = here & ~int64_t{kLanes - 1};
    for (int64_t i = 0; i < full; ++i) e[i] = vector_math::wide::exp_of_nonpositive(x[first + i] - shift);
    if (full < here) exponentials_of_end(x + first + full, here - full, shift, e + full);
    f(first, here, static_cast<const T*>(e), full < here ? full + kLanes : full);
  }
}

template <class T> double sum_of(const T* e, int64_t n) {
  return fold_sum(n, [e](int64_t i) { return e[i]; });
}

/// The largest element of a row, and the sum of exp(x - maximum).
template <class T> struct RowTotal { T maximum, sum; };

template <class T> double sum_of_exponentials(const T* x, int64_t n, T shift) {
  double sum = 0;
  for_exponentials(x, n, shift, [&](int64_t, int64_t, const T* e, int64_t whole) { sum += sum_of(e, whole); });
  return sum;
}

/// The same, with the exponentials themselves in y.
template <class T> double keep_exponentials(const T* x, int64_t n, T shift, T* y) {
  double sum = 0;
  for_exponentials(x, n, shift, [&](int64_t first, int64_t here, const T* e, int64_t whole) {
    sum += sum_of(e, whole);
    std::copy_n(e, here, y + first);
  });
  return sum;
}

// An operation along a row states, for a row or a piece of one,
//   struct First                            what must be known before its sum, of the first array: Value of(n, x), and
//                                           Value join(Value, Value) for pieces
//   double sum(n, first, arrays...)         which is added up over pieces
//   void apply(n, first, sum, arrays...)    the elements of the output, the last array

template <class T> struct LargestOfRow {
  using Value = T;
  static Value of(int64_t n, const T* x) { return fold(LargestOf<T>{x}, n); }
  static Value join(Value a, Value b) { return larger(a, b); }
};
/// A row whose gy is all zero takes no part, even if it holds NaN.
template <class T> struct HeardOfRow {
  using Value = int32_t;
  static Value of(int64_t n, const T* gy) { return fold(AnyNonzero<T>{gy}, n); }
  static Value join(Value a, Value b) { return a | b; }
};

template <class T> struct SoftmaxRow {
  using First = LargestOfRow<T>;
  static double sum(int64_t n, T maximum, const T* x, T* y) { return keep_exponentials(x, n, maximum, y); }
  static void apply(int64_t n, T, double sum, const T*, T* y) {
    const T inverse = static_cast<T>(1 / sum);
    for (int64_t i = 0; i < n; ++i) y[i] *= inverse;
  }
};

template <class T> struct LogSoftmaxRow {
  using First = LargestOfRow<T>;
  static double sum(int64_t n, T maximum, const T* x, T*) { return sum_of_exponentials(x, n, maximum); }
  static void apply(int64_t n, T maximum, double sum, const T* x, T* y) {
    const T log_sum = static_cast<T>(std::log(sum));
    XGRAD_INDEPENDENT_ITERATIONS
    for (int64_t i = 0; i < n; ++i) y[i] = (x[i] - maximum) - log_sum;
  }
};

template <class T> struct SoftmaxSlopeRow {
  using First = HeardOfRow<T>;
  static double sum(int64_t n, int32_t heard, const T* gy, const T* y, T*) {
    if (!heard) return 0;
    return fold_sum(n, [=](int64_t i) { return static_cast<double>(gy[i]) * static_cast<double>(y[i]); });
  }
  static void apply(int64_t n, int32_t heard, double sum, const T* gy, const T* y, T* gx) {
    if (!heard) return void(std::fill_n(gx, n, T(0)));
    const T total = static_cast<T>(sum);
    XGRAD_INDEPENDENT_ITERATIONS
    for (int64_t i = 0; i < n; ++i) gx[i] = y[i] * (gy[i] - total);
  }
};

template <class T> struct LogSoftmaxSlopeRow {
  using First = HeardOfRow<T>;
  static double sum(int64_t n, int32_t heard, const T* gy, const T*, T*) { return heard ? sum_of(gy, n) : 0; }
  static void apply(int64_t n, int32_t heard, double sum, const T* gy, const T* y, T* gx) {
    if (!heard) return void(std::fill_n(gx, n, T(0)));
    const T total = static_cast<T>(sum);
    for_exponentials(y, n, T(0), [=](int64_t first, int64_t here, const T* e, int64_t) {
      XGRAD_INDEPENDENT_ITERATIONS
      for (int64_t i = 0; i < here; ++i) gx[first + i] = gy[first + i] - e[i] * total;
    });
  }
};

/// The exponentials go into `kept` unless it is null.
template <class T> struct TotalOfRow {
  static void run(int64_t n, const T* x, T* kept, RowTotal<T>* total) {
    const T maximum = fold(LargestOf<T>{x}, n);
    *total = {maximum, static_cast<T>(kept ? keep_exponentials(x, n, maximum, kept) : sum_of_exponentials(x, n, maximum))};
  }
};

/// The derivative of -scale log(softmax(x)) at the label: scale * softmax(x), less scale at the label, with softmax(x) = e / sum.
template <class T> struct CrossEntropySlopeRow {
  static void run(int64_t n, const T* e, T sum, T scale, int64_t label, T* gx) {
    const T factor = scale / sum;
    XGRAD_INDEPENDENT_ITERATIONS
    for (int64_t i = 0; i < n; ++i) gx[i] = e[i] * factor;
    gx[label] -= scale;
  }
};

}}}  // namespace torch::xgrad::kernels
