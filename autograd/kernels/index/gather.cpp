#include <xgrad/autograd/kernels/index/gather.h>

#include <cstring>

#include <xgrad/autograd/kernels/index/row_copy.h>
#include <xgrad/autograd/kernels/instruction_set.h>
#include <xgrad/autograd/kernels/iteration_walk.h>
#include <xgrad/autograd/kernels/parallel.h>

namespace torch { inline namespace xgrad { namespace kernels {
namespace {

constexpr double kNanoseconds = 1;  // an element
constexpr int64_t kFewRows = 16;    // whose columns threads share

// One row. Steps are values: stores might change what a reference refers to.
template <class T>
void gather_row(char* y, int64_t y_step, const char* index, int64_t index_step, const char* x, int64_t x_step, int64_t step, int64_t n) {
  constexpr int64_t size = sizeof(T);
  if (y_step == size && index_step == 8 && x_step == 0 && step == size) {
    // Neighbours in all of them, as along the last axis.
    auto* const to = reinterpret_cast<T*>(y);
    const auto* const from = reinterpret_cast<const T*>(x);
    const auto* const positions = reinterpret_cast<const int64_t*>(index);
    XGRAD_INDEPENDENT_ITERATIONS
#pragma GCC unroll 4
    for (int64_t i = 0; i < n; ++i) to[i] = from[positions[i]];
    return;
  }
  for (; n > 0; --n, y += y_step, index += index_step, x += x_step) {
    int64_t position;
    std::memcpy(&position, index, sizeof position);
    std::memcpy(y, x + position * step, sizeof(T));
  }
}

using GatherRow = decltype(&gather_row<char>);

struct Gather {
  GatherRow row;
  int64_t step;
  int bytes;
};

void gather_loop(char* const* p, const int64_t* s, int64_t n, const void* parameters) {
  const Gather& g = *static_cast<const Gather*>(parameters);
  if (s[1] == 0 && s[0] == g.bytes && s[2] == g.bytes) {
    copy_chosen_rows({p[0], 0, p[2], 0, g.step, reinterpret_cast<const int64_t*>(p[1]), 0}, 1, n * g.bytes);
    return;
  }
  g.row(p[0], s[0], p[1], s[1], p[2], s[2], g.step, n);
}

void gather_rows(const Iteration& it, const Gather& g, int64_t first, int64_t last) {
  const int inner = it.axes - 1, down = inner - 1;
  const int64_t columns = it.sizes[inner], y_step = it.strides[0][inner], index_step = it.strides[1][inner], x_step = it.strides[2][inner];
  const int64_t y_row = it.strides[0][down], index_row = it.strides[1][down], x_row = it.strides[2][down];
  const bool whole_rows = index_step == 0 && y_step == g.bytes && x_step == g.bytes;
  each_stretch(it, first, last, [&](char* const* at, int64_t rows) {
    if (whole_rows) {
      copy_chosen_rows({at[0], y_row, at[2], x_row, g.step, reinterpret_cast<const int64_t*>(at[1]), index_row / 8}, rows, columns * g.bytes);
      return;
    }
    for (int64_t r = 0; r < rows; ++r)
      g.row(at[0] + r * y_row, y_step, at[1] + r * index_row, index_step, at[2] + r * x_row, x_step, g.step, columns);
  });
}

template <class T, Combine how> inline void combine(T& y, T x) {
  if constexpr (how == Combine::Overwrite) y = x;
  else if constexpr (how == Combine::Add) y = static_cast<T>(y + x);
  else if constexpr (how == Combine::Maximum) y = x != x || x > y ? x : y;
  else if constexpr (how == Combine::Minimum) y = x != x || x < y ? x : y;
  else if constexpr (std::is_same_v<T, bool>) y = y && x;
  else y = static_cast<T>(y * x);
}

template <class T, Combine how> void scatter(char* const* p, const int64_t* s, int64_t n, const void* parameters) {
  const ScatterParameter& line = *static_cast<const ScatterParameter*>(parameters);
  const auto put = [&](int64_t i, int64_t k) {
    const int64_t position = *reinterpret_cast<const int64_t*>(p[1] + i * s[1] + k * line.index_step);
    combine<T, how>(*reinterpret_cast<T*>(p[0] + i * s[0] + position * line.y_step), *reinterpret_cast<const T*>(p[2] + i * s[2] + k * line.x_step));
  };
  if (s[1] == 0 && s[0] == sizeof(T) && s[2] == sizeof(T)) {
    // Whole rows go to one position.
    for (int64_t k = 0; k < line.length; ++k) {
      T* y = reinterpret_cast<T*>(p[0] + *reinterpret_cast<const int64_t*>(p[1] + k * line.index_step) * line.y_step);
      const T* x = reinterpret_cast<const T*>(p[2] + k * line.x_step);
      for (int64_t i = 0; i < n; ++i) combine<T, how>(y[i], x[i]);
    }
  } else if (line.x_step <= s[2]) {
    for (int64_t i = 0; i < n; ++i)
      for (int64_t k = 0; k < line.length; ++k) put(i, k);
  } else {
    for (int64_t k = 0; k < line.length; ++k)
      for (int64_t i = 0; i < n; ++i) put(i, k);
  }
}

}  // namespace

void gather(const Iteration& it, int64_t step, int bytes) {
  const Gather g{bytes == 4   ? &gather_row<uint32_t>
                 : bytes == 8 ? &gather_row<uint64_t>
                 : bytes == 2 ? &gather_row<uint16_t>
                              : &gather_row<uint8_t>,
                 step, bytes};
  const int64_t n = it.numel(), rows = n / it.sizes[it.axes - 1];
  const bool alone = static_cast<double>(n) * kNanoseconds < least_shared_nanoseconds() || num_threads() == 1;
  if (it.axes == 1 || (rows < kFewRows && !alone)) return run(it, gather_loop, &g, kNanoseconds);
  parallel_for(rows, alone ? rows : 1, [&](int64_t first, int64_t last) { gather_rows(it, g, first, last); });
}

Loop scatter_loop(ScalarType dtype, Combine how) {
  return dispatch_stored(dtype, "scatter", [how](auto zero) -> Loop {
    using T = decltype(zero);
    switch (how) {
      case Combine::Add: return &scatter<T, Combine::Add>;
      case Combine::Multiply: return &scatter<T, Combine::Multiply>;
      case Combine::Maximum: return &scatter<T, Combine::Maximum>;
      case Combine::Minimum: return &scatter<T, Combine::Minimum>;
      default: return &scatter<T, Combine::Overwrite>;
    }
  });
}

}}}  // namespace torch::xgrad::kernels
