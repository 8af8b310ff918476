// The largest element of windows of planes, and where it lies.
#pragma once

#include <cstdint>

#include <xgrad/autograd/kernels/launch.h>

namespace torch { inline namespace xgrad { namespace kernels {

/// Windows along one axis that are all alike: that of position o holds o * stride - padding + k * step for every tap k, as far as that lies inside.
struct WindowAxis {
  int64_t in = 1, out = 1, step = 1, taps = 1, stride = 1, padding = 0;
};
/// With fewer than three axes the first ones have one window of one element. The taps of a window are numbered with the last axis fastest.
struct AlikeWindows {
  int64_t planes;
  WindowAxis axes[3];
};

/// The windows along one axis: that of position o holds begin[o], begin[o] + step, ..., count[o] of them, all inside.
struct PoolAxis {
  WindowAxis alike;  // `in`, `out` and `step` hold for all windows, the others where those are alike
  Constants<int64_t> begin, count;
};
struct Pooling {
  int64_t planes;
  PoolAxis axes[3];
};
inline void keep_argument(Pooling& p, Keep& keep) {
  for (PoolAxis& axis : p.axes) {
    keep_argument(axis.begin, keep);
    keep_argument(axis.count, keep);
  }
}

/// y [planes, out...] of x [planes, in...]; NaN if the window has any. Unless null, indices get the positions in a plane of x, and taps those in
/// windows that are alike: the first of equal elements, the last NaN. An empty window gives -infinity, at its beginning.
template <class T> void max_pool(const Pooling& p, const T* x, T* y, int64_t* indices, uint8_t* taps);

/// Windows of kernel[i] elements along each axis, that spread over the input by a random number.
struct FractionalPooling {
  int64_t planes, axes;
  int64_t in[3], out[3], kernel[3];
};
/// samples: [planes, axes], those of one plane being for the last axis first where there are two, for the first one first where there are three.
template <class T> void fractional_max_pool(const FractionalPooling& p, const T* x, const T* samples, T* y, int64_t* indices);

/// y[p][o] = x[p][indices[p][o]], for `out` elements of planes of `in`.
template <class T> void take_positions(int64_t planes, int64_t in, int64_t out, const T* x, const int64_t* indices, T* y);
/// x = 0, then x[p][indices[p][o]] += y[p][o], or = y[p][o].
template <class T> void add_positions(int64_t planes, int64_t in, int64_t out, const T* y, const int64_t* indices, T* x);
template <class T> void put_positions(int64_t planes, int64_t in, int64_t out, const T* y, const int64_t* indices, T* x);
/// The same where a tap of each window is named.
template <class T> void take_taps(const AlikeWindows& w, const T* x, const uint8_t* taps, T* y);
template <class T> void add_taps(const AlikeWindows& w, const T* y, const uint8_t* taps, T* x);

}}}  // namespace torch::xgrad::kernels
