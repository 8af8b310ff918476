#include <xgrad/autograd/kernels/gather.h>

#include <cstring>

namespace xgrad::kernels {
namespace {

template <class T>
void gather(char* const* p, const int64_t* s, int64_t n, const void* parameters) {
  const int64_t step = static_cast<const GatherParameter*>(parameters)->step;
  if (s[1] == 0) {
    // One position for the whole row.
    const char* x = p[2] + *reinterpret_cast<const int64_t*>(p[1]) * step;
    if (s[0] == sizeof(T) && s[2] == sizeof(T)) {
      std::memcpy(p[0], x, static_cast<size_t>(n) * sizeof(T));
      return;
    }
    for (int64_t i = 0; i < n; ++i) *reinterpret_cast<T*>(p[0] + i * s[0]) = *reinterpret_cast<const T*>(x + i * s[2]);
    return;
  }
  for (int64_t i = 0; i < n; ++i) {
    const int64_t position = *reinterpret_cast<const int64_t*>(p[1] + i * s[1]);
    *reinterpret_cast<T*>(p[0] + i * s[0]) = *reinterpret_cast<const T*>(p[2] + i * s[2] + position * step);
  }
}

template <class T, Combine how>
inline void combine(T& y, T x) {
  if constexpr (how == Combine::Overwrite) y = x;
  else if constexpr (how == Combine::Add) y = static_cast<T>(y + x);
  else y = static_cast<T>(y * x);
}

template <class T, Combine how>
void scatter(char* const* p, const int64_t* s, int64_t n, const void* parameters) {
  const ScatterParameter& line = *static_cast<const ScatterParameter*>(parameters);
  const auto put = [&](int64_t i, int64_t k) {
    const int64_t position = *reinterpret_cast<const int64_t*>(p[1] + i * s[1] + k * line.index_step);
    combine<T, how>(*reinterpret_cast<T*>(p[0] + i * s[0] + position * line.y_step),
                    *reinterpret_cast<const T*>(p[2] + i * s[2] + k * line.x_step));
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

Loop gather_loop(size_t element_size) {
  switch (element_size) {
    case 1: return &gather<uint8_t>;
    case 4: return &gather<uint32_t>;
    default: return &gather<uint64_t>;
  }
}

Loop scatter_loop(ScalarType dtype, Combine how) {
  return dispatch_all(dtype, "scatter", [how](auto zero) -> Loop {
    using T = decltype(zero);
    switch (how) {
      case Combine::Add: return &scatter<T, Combine::Add>;
      case Combine::Multiply: return &scatter<T, Combine::Multiply>;
      default: return &scatter<T, Combine::Overwrite>;
    }
  });
}

}  // namespace xgrad::kernels
