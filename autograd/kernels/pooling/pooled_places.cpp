#include <algorithm>

#include <xgrad/autograd/kernels/instruction_set.h>
#include <xgrad/autograd/kernels/pooling/max_pooling.h>
#include <xgrad/autograd/kernels/pooling/plane_rows.h>

namespace torch { inline namespace xgrad { namespace kernels {

template <class T> void take_positions(int64_t planes, int64_t in, int64_t out, const T* x, const int64_t* indices, T* y) {
  for_planes(planes, out, [=](int64_t plane) {
    for (int64_t o = plane * out; o < (plane + 1) * out; ++o) y[o] = x[plane * in + indices[o]];
  });
}

template <class T> void add_positions(int64_t planes, int64_t in, int64_t out, const T* y, const int64_t* indices, T* x) {
  for_planes(planes, in + out, [=](int64_t plane) {
    T* const to = x + plane * in;
    std::fill(to, to + in, T(0));
    for (int64_t o = plane * out; o < (plane + 1) * out; ++o) to[indices[o]] += y[o];
  });
}

template <class T> void put_positions(int64_t planes, int64_t in, int64_t out, const T* y, const int64_t* indices, T* x) {
  for_planes(planes, in + out, [=](int64_t plane) {
    T* const to = x + plane * in;
    std::fill(to, to + in, T(0));
    for (int64_t o = plane * out; o < (plane + 1) * out; ++o) to[indices[o]] = y[o];
  });
}

namespace {

// Where the taps of a window lie, from its beginning, in images of the windows.
class TapPlaces {
 public:
  explicit TapPlaces(const AlikeWindows& w) : axes_{w.axes[0], w.axes[1], w.axes[2]} {
    int64_t* next = from_begin_;
    for (int64_t d = 0; d < axes_[0].taps; ++d)
      for (int64_t h = 0; h < axes_[1].taps; ++h)
        for (int64_t k = 0; k < axes_[2].taps; ++k) *next++ = at(d * axes_[0].step, h * axes_[1].step, k * axes_[2].step);
  }

  int64_t in() const { return axes_[0].in * axes_[1].in * axes_[2].in; }
  int64_t out() const { return axes_[0].out * axes_[1].out * axes_[2].out; }

  // move(position, o) for every window o of a plane, the position being that of its tap.
  template <class Move> void operator()(const uint8_t* taps, Move move) const {
    const auto begin = [](const WindowAxis& axis, int64_t o) { return o * axis.stride - axis.padding; };
    int64_t o = 0;
    for (int64_t d = 0; d < axes_[0].out; ++d)
      for (int64_t h = 0; h < axes_[1].out; ++h) {
        int64_t window = at(begin(axes_[0], d), begin(axes_[1], h), begin(axes_[2], 0));
        for (int64_t end = o + axes_[2].out; o < end; ++o, window += axes_[2].stride) move(window + from_begin_[taps[o]], o);
      }
  }

 private:
  int64_t at(int64_t d, int64_t h, int64_t w) const { return (d * axes_[1].in + h) * axes_[2].in + w; }

  const WindowAxis axes_[3];
  int64_t from_begin_[256];
};

// Images whose windows of two by two elements lie side by side, and what is added to each of them.
template <class T> struct SpreadFours {
  const T* y;
  const uint8_t* taps;
  T* x;
  int64_t high, wide, in_high, in_wide;  // windows and elements

  static void run(const SpreadFours& f) {
    constexpr int64_t kBlock = 512;
    int32_t taps[kBlock];
    for (int64_t h = 0, rows = 1; h < f.high; h += rows)
      for (int64_t begin = 0; begin < f.wide; begin += kBlock) {
        const int64_t n = std::min(kBlock, f.wide - begin), first = h * f.wide + begin;
        rows = n == f.wide ? std::min(kBlock / n, f.high - h) : 1;
        for (int64_t i = 0; i < rows * n; ++i) taps[i] = f.taps[first + i];
        for (int64_t r = 0; r < rows; ++r) {
          const T* const y = f.y + first + r * n;
          const int32_t* const tap = taps + r * n;
          T *const above = f.x + 2 * (h + r) * f.in_wide + 2 * begin, *const below = above + f.in_wide;
          in_pieces(n, [=](int64_t i, auto piece) {
            spread<piece()>(y + i, tap + i, 0, above + 2 * i);
            spread<piece()>(y + i, tap + i, 2, below + 2 * i);
          });
        }
      }
    const int64_t left = f.in_wide - 2 * f.wide;
    for (int64_t h = 0; left > 0 && h < 2 * f.high; ++h) std::fill_n(f.x + h * f.in_wide + 2 * f.wide, left, T(0));
    std::fill(f.x + 2 * f.high * f.in_wide, f.x + f.in_high * f.in_wide, T(0));
  }

  // One row of each of n windows, of the taps `first` and the one after it.
  template <int n> static void spread(const T* y, const int32_t* tap, int32_t first, T* x) {
    XGRAD_INDEPENDENT_ITERATIONS
#pragma GCC unroll 1
    for (int i = 0; i < n; ++i) {
      const T v = T(0) + y[i];  // -0 comes out as 0, as from an addition
      x[2 * i] = tap[i] == first ? v : T(0);
      x[2 * i + 1] = tap[i] == first + 1 ? v : T(0);
    }
  }
};

bool are_fours(const AlikeWindows& w) {
  const auto pairs = [](const WindowAxis& a) { return a.taps == 2 && a.stride == 2 && a.step == 1 && a.padding == 0 && 2 * a.out <= a.in; };
  return w.axes[0].in == 1 && w.axes[0].taps == 1 && w.axes[0].out == 1 && w.axes[0].padding == 0 && pairs(w.axes[1]) && pairs(w.axes[2]) &&
         w.axes[2].out >= 8;  // shorter rows are faster window by window
}

}  // namespace

template <class T> void take_taps(const AlikeWindows& w, const T* x, const uint8_t* taps, T* y) {
  const TapPlaces places(w);
  for_planes(w.planes, places.out(), [&, x, taps, y](int64_t plane) {
    const T* const from = x + plane * places.in();
    T* const to = y + plane * places.out();
    places(taps + plane * places.out(), [=](int64_t position, int64_t o) { to[o] = from[position]; });
  });
}

template <class T> void add_taps(const AlikeWindows& w, const T* y, const uint8_t* taps, T* x) {
  const TapPlaces places(w);
  const int64_t in = places.in(), out = places.out();
  const auto spread = are_fours(w) ? variant_for<SpreadFours<T>, T, const SpreadFours<T>&>() : nullptr;
  for_planes(w.planes, in + out, [&, y, taps, x](int64_t plane) {
    const T* const from = y + plane * out;
    T* const to = x + plane * in;
    if (spread) return spread({from, taps + plane * out, to, w.axes[1].out, w.axes[2].out, w.axes[1].in, w.axes[2].in});
    std::fill(to, to + in, T(0));
    places(taps + plane * out, [=](int64_t position, int64_t o) { to[position] += from[o]; });
  });
}

#define XGRAD_INSTANTIATE(T)                                                             \
  template void take_positions(int64_t, int64_t, int64_t, const T*, const int64_t*, T*); \
  template void add_positions(int64_t, int64_t, int64_t, const T*, const int64_t*, T*);  \
  template void put_positions(int64_t, int64_t, int64_t, const T*, const int64_t*, T*);  \
  template void take_taps(const AlikeWindows&, const T*, const uint8_t*, T*);            \
  template void add_taps(const AlikeWindows&, const T*, const uint8_t*, T*);
XGRAD_INSTANTIATE(float)
XGRAD_INSTANTIATE(double)
#undef XGRAD_INSTANTIATE

}}}  // namespace torch::xgrad::kernels
