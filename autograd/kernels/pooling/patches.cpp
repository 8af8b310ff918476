#include <xgrad/autograd/kernels/pooling/patches.h>

#include <algorithm>

#include <xgrad/autograd/kernels/parallel.h>

namespace torch { inline namespace xgrad { namespace kernels {

namespace {

// Calls stretch(row of the image, first place in it, row of a column, positions before, inside and behind) for each row of a plane's columns.
template <class F> void for_rows(const Patches& p, F stretch) {
  int64_t column = 0;
  for (int64_t kh = 0; kh < p.kernel[0]; ++kh)
    for (int64_t kw = 0; kw < p.kernel[1]; ++kw) {
      const int64_t start = kw * p.dilation[1] - p.padding[1];  // of position 0
      const int64_t begin = std::clamp<int64_t>((-start + p.stride[1] - 1) / p.stride[1], 0, p.out[1]);
      const int64_t end = start >= p.in[1] ? begin : std::clamp<int64_t>((p.in[1] - 1 - start) / p.stride[1] + 1, begin, p.out[1]);
      for (int64_t o = 0; o < p.out[0]; ++o, column += p.out[1]) {
        const int64_t row = o * p.stride[0] + kh * p.dilation[0] - p.padding[0];
        if (row < 0 || row >= p.in[0]) stretch(0, column, p.out[1], p.out[1]);
        else stretch(row * p.in[1] + start + begin * p.stride[1], column, begin, end);
      }
    }
}

template <class F> void for_planes(const Patches& p, F work) {
  const int64_t image = p.in[0] * p.in[1], columns = p.kernel[0] * p.kernel[1] * p.out[0] * p.out[1];
  parallel_for(p.planes, static_cast<int64_t>(least_shared_nanoseconds() / (0.5 * static_cast<double>(image + columns) + 10)) + 1,
               [&](int64_t begin, int64_t end) {
                 for (int64_t plane = begin; plane < end; ++plane) work(plane * image, plane * columns);
               });
}

}  // namespace

template <class T> void take_patches(const Patches& p, const T* image, T* columns) {
  for_planes(p, [&](int64_t image_at, int64_t columns_at) {
    for_rows(p, [&, from = image + image_at, to = columns + columns_at](int64_t at, int64_t column, int64_t begin, int64_t end) {
      const int64_t step = p.stride[1];
      std::fill(to + column, to + column + begin, T(0));
      if (step == 1) std::copy(from + at, from + at + (end - begin), to + column + begin);
      else
        for (int64_t i = begin; i < end; ++i) to[column + i] = from[at + (i - begin) * step];
      std::fill(to + column + end, to + column + p.out[1], T(0));
    });
  });
}

template <class T> void add_patches(const Patches& p, const T* columns, T* image) {
  for_planes(p, [&](int64_t image_at, int64_t columns_at) {
    std::fill(image + image_at, image + image_at + p.in[0] * p.in[1], T(0));
    for_rows(p, [&, from = columns + columns_at, to = image + image_at](int64_t at, int64_t column, int64_t begin, int64_t end) {
      const int64_t step = p.stride[1];
      for (int64_t i = begin; i < end; ++i) to[at + (i - begin) * step] += from[column + i];
    });
  });
}

#define XGRAD_INSTANTIATE(T)                                \
  template void take_patches(const Patches&, const T*, T*); \
  template void add_patches(const Patches&, const T*, T*);
XGRAD_INSTANTIATE(float)
XGRAD_INSTANTIATE(double)
#undef XGRAD_INSTANTIATE

}}}  // namespace torch::xgrad::kernels
