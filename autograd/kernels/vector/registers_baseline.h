// Registers of four floats or two doubles, as every processor has them; see registers.h.
#pragma once

#include <cstring>

#define XGRAD_TARGET
#include <xgrad/autograd/kernels/vector/registers.h>

namespace torch { inline namespace xgrad { namespace kernels { namespace {

template <class Element, int n> struct Vectors {
  using T = Element;
  typedef T R __attribute__((vector_size(n * sizeof(T))));
  struct Mask {
    int64_t lanes;
  };
  static constexpr int kLanes = n, kRows = 4, kVectors = 3, kRowVectors = 8;

  XGRAD_INLINED static Mask mask(int64_t lanes) { return {lanes}; }
  XGRAD_INLINED static R zero() { return R{}; }
  XGRAD_INLINED static R load(const T* p) {
    R x;
    std::memcpy(&x, p, sizeof x);
    return x;
  }
  XGRAD_INLINED static R load(const T* p, Mask m) {
    R x{};
    for (int i = 0; i < n; ++i)
      if (i < m.lanes) x[i] = p[i];
    return x;
  }
  XGRAD_INLINED static void store(T* p, R x) { std::memcpy(p, &x, sizeof x); }
  XGRAD_INLINED static void store(T* p, R x, Mask m) {
    for (int i = 0; i < n; ++i)
      if (i < m.lanes) p[i] = x[i];
  }
  XGRAD_INLINED static R broadcast(T x) { return R{} + x; }
  XGRAD_INLINED static R add(R x, R y) { return x + y; }
  XGRAD_INLINED static R fused(R x, R y, R z) { return x * y + z; }
  XGRAD_INLINED static R low(R x, R y) { return mixed(x, y, 0); }
  XGRAD_INLINED static R high(R x, R y) { return mixed(x, y, n / 2); }
  XGRAD_INLINED static R even(R x, R y) {
    R z = x;
    for (int i = 0; i < n; ++i) z[i] = 2 * i < n ? x[2 * i] : y[2 * i - n];
    return z;
  }

 private:
  XGRAD_INLINED static R mixed(R x, R y, int first) {
    R z = x;
    for (int i = 0; i < n; i += 2) z[i] = x[first + i / 2], z[i + 1] = y[first + i / 2];
    return z;
  }
};

using Floats = Vectors<float, 4>;
using Doubles = Vectors<double, 2>;

}}}}  // namespace torch::xgrad::kernels
