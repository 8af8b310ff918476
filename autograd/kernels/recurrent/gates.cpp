#include <xgrad/autograd/kernels/recurrent/gates.h>

#include <xgrad/autograd/kernels/instruction_set.h>
#include <xgrad/autograd/kernels/vector/vector_math_double.h>

namespace torch { inline namespace xgrad { namespace kernels {
namespace {

using vector_math::wide::sigmoid;
using vector_math::wide::tanh;

template <class T> T sigmoid_slope(T g, T y) { return g * (1 - y) * y; }
template <class T> T tanh_slope(T g, T y) { return g * ((1 - y) * (1 + y)); }

template <class T> struct Tanh {
  static void run(int64_t n, T* h) {
    XGRAD_INDEPENDENT_ITERATIONS
    for (int64_t j = 0; j < n; ++j) h[j] = tanh(h[j]);
  }
};
template <class T> struct TanhSlopes {
  static void run(int64_t n, const T* h, const T* dh, T* slopes) {
    XGRAD_INDEPENDENT_ITERATIONS
    for (int64_t j = 0; j < n; ++j) slopes[j] = tanh_slope(dh[j], h[j]);
  }
};

template <class T> struct LstmGates {
  static void run(int64_t rows, int64_t hidden, T* gates, const T* c_before, T* c, T* h) {
    for (int64_t row = 0; row < rows; ++row, gates += 4 * hidden, c_before += hidden, c += hidden, h += hidden) {
      T *const i = gates, *const f = i + hidden, *const g = f + hidden, *const o = g + hidden;
      XGRAD_INDEPENDENT_ITERATIONS
      for (int64_t j = 0; j < hidden; ++j) {
        i[j] = sigmoid(i[j]);
        f[j] = sigmoid(f[j]);
        g[j] = tanh(g[j]);
        o[j] = sigmoid(o[j]);
        c[j] = f[j] * c_before[j] + i[j] * g[j];
        h[j] = o[j] * tanh(c[j]);
      }
    }
  }
};
template <class T> struct LstmSlopes {
  static void run(int64_t rows, int64_t hidden, const T* gates, const T* c_before, const T* c, const T* dh, T* dc, T* slopes) {
    for (int64_t row = 0; row < rows; ++row, gates += 4 * hidden, c_before += hidden, c += hidden, dh += hidden, dc += hidden, slopes += 4 * hidden) {
      const T *const i = gates, *const f = i + hidden, *const g = f + hidden, *const o = g + hidden;
      XGRAD_INDEPENDENT_ITERATIONS
      for (int64_t j = 0; j < hidden; ++j) {
        const T level = tanh(c[j]), whole = dc[j] + tanh_slope(dh[j] * o[j], level);
        slopes[j] = sigmoid_slope(whole * g[j], i[j]);
        slopes[hidden + j] = sigmoid_slope(whole * c_before[j], f[j]);
        slopes[2 * hidden + j] = tanh_slope(whole * i[j], g[j]);
        slopes[3 * hidden + j] = sigmoid_slope(dh[j] * level, o[j]);
        dc[j] = whole * f[j];
      }
    }
  }
};

template <class T> struct GruGates {
  static void run(int64_t rows, int64_t hidden, T* gates, const T* h_before, T* h) {
    for (int64_t row = 0; row < rows; ++row, gates += 4 * hidden, h_before += hidden, h += hidden) {
      T *const r = gates, *const z = r + hidden, *const by_state = z + hidden, *const n = by_state + hidden;
      XGRAD_INDEPENDENT_ITERATIONS
      for (int64_t j = 0; j < hidden; ++j) {
        r[j] = sigmoid(r[j]);
        z[j] = sigmoid(z[j]);
        n[j] = tanh(n[j] + r[j] * by_state[j]);
        h[j] = n[j] + z[j] * (h_before[j] - n[j]);
      }
    }
  }
};
template <class T> struct GruSlopes {
  static void run(int64_t rows, int64_t hidden, const T* gates, const T* h_before, T* dh, T* by_input, T* by_hidden) {
    for (int64_t row = 0; row < rows; ++row, gates += 4 * hidden, h_before += hidden, dh += hidden, by_input += 3 * hidden, by_hidden += 3 * hidden) {
      const T *const r = gates, *const z = r + hidden, *const by_state = z + hidden, *const n = by_state + hidden;
      XGRAD_INDEPENDENT_ITERATIONS
      for (int64_t j = 0; j < hidden; ++j) {
        const T slope = tanh_slope(dh[j] * (1 - z[j]), n[j]), by_r = sigmoid_slope(slope * by_state[j], r[j]);
        const T by_z = sigmoid_slope(dh[j] * (h_before[j] - n[j]), z[j]);
        by_input[j] = by_r;
        by_input[hidden + j] = by_z;
        by_input[2 * hidden + j] = slope;
        by_hidden[j] = by_r;
        by_hidden[hidden + j] = by_z;
        by_hidden[2 * hidden + j] = slope * r[j];
        dh[j] *= z[j];
      }
    }
  }
};

template <class T> struct Add {
  static void run(int64_t n, const T* x, T* y) {
    XGRAD_INDEPENDENT_ITERATIONS
    for (int64_t j = 0; j < n; ++j) y[j] += x[j];
  }
};

}  // namespace

template <class T> void activate(RecurrentCell cell, int64_t n, T* h) {
  if (cell == RecurrentCell::kTanh) return Variants<Tanh<T>, int64_t, T*>::active()(n, h);
  for (int64_t j = 0; j < n; ++j) h[j] = h[j] < 0 ? T(0) : h[j];
}
template <class T> void activation_slopes(RecurrentCell cell, int64_t n, const T* h, const T* dh, T* slopes) {
  if (cell == RecurrentCell::kTanh) return Variants<TanhSlopes<T>, int64_t, const T*, const T*, T*>::active()(n, h, dh, slopes);
  for (int64_t j = 0; j < n; ++j) slopes[j] = h[j] <= 0 ? T(0) : dh[j];
}
template <class T> void lstm_gates(int64_t rows, int64_t hidden, T* gates, const T* c_before, T* c, T* h) {
  Variants<LstmGates<T>, int64_t, int64_t, T*, const T*, T*, T*>::active()(rows, hidden, gates, c_before, c, h);
}
template <class T> void lstm_slopes(int64_t rows, int64_t hidden, const T* gates, const T* c_before, const T* c, const T* dh, T* dc, T* slopes) {
  Variants<LstmSlopes<T>, int64_t, int64_t, const T*, const T*, const T*, const T*, T*, T*>::active()(rows, hidden, gates, c_before, c, dh, dc,
                                                                                                      slopes);
}
template <class T> void gru_gates(int64_t rows, int64_t hidden, T* gates, const T* h_before, T* h) {
  Variants<GruGates<T>, int64_t, int64_t, T*, const T*, T*>::active()(rows, hidden, gates, h_before, h);
}
template <class T> void gru_slopes(int64_t rows, int64_t hidden, const T* gates, const T* h_before, T* dh, T* by_input, T* by_hidden) {
  Variants<GruSlopes<T>, int64_t, int64_t, const T*, const T*, T*, T*, T*>::active()(rows, hidden, gates, h_before, dh, by_input, by_hidden);
}
template <class T> void add_elements(int64_t n, const T* x, T* y) { Variants<Add<T>, int64_t, const T*, T*>::active()(n, x, y); }

#define XGRAD_INSTANTIATE(T)                                                                   \
  template void activate(RecurrentCell, int64_t, T*);                                          \
  template void activation_slopes(RecurrentCell, int64_t, const T*, const T*, T*);             \
  template void lstm_gates(int64_t, int64_t, T*, const T*, T*, T*);                            \
  template void lstm_slopes(int64_t, int64_t, const T*, const T*, const T*, const T*, T*, T*); \
  template void gru_gates(int64_t, int64_t, T*, const T*, T*);                                 \
  template void gru_slopes(int64_t, int64_t, const T*, const T*, T*, T*, T*);                  \
  template void add_elements(int64_t, const T*, T*);
XGRAD_INSTANTIATE(float)
XGRAD_INSTANTIATE(double)
#undef XGRAD_INSTANTIATE

}}}  // namespace torch::xgrad::kernels
