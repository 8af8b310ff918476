// AVX2's registers; see registers.h.
#pragma once

#include <immintrin.h>

#define XGRAD_TARGET __attribute__((target("avx2,fma")))
#include <xgrad/autograd/kernels/vector/registers.h>

namespace torch { inline namespace xgrad { namespace kernels { namespace {

// Stores under a mask are slow on some machines, so whole registers go without.
struct FirstLanes {
  __m256i bits;
  bool all;
};

struct Floats {
  using T = float;
  using R = __m256;
  using Mask = FirstLanes;
  static constexpr int kLanes = 8, kRows = 4, kVectors = 3, kRowVectors = 8;
  XGRAD_INLINED static Mask mask(int64_t n) {
    return {_mm256_cmpgt_epi32(_mm256_set1_epi32(static_cast<int>(n)), _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7)), n == kLanes};
  }
  XGRAD_INLINED static R zero() { return _mm256_setzero_ps(); }
  XGRAD_INLINED static R load(const T* p) { return _mm256_loadu_ps(p); }
  XGRAD_INLINED static int count(const Mask& m) { return __builtin_popcount(static_cast<unsigned>(_mm256_movemask_ps(_mm256_castsi256_ps(m.bits)))); }
  XGRAD_INLINED static R load(const T* p, const Mask& m) {
    show_load(p, count(m));
    return _mm256_maskload_ps(p, m.bits);
  }
  XGRAD_INLINED static void store(T* p, R x) { _mm256_storeu_ps(p, x); }
  XGRAD_INLINED static void store(T* p, R x, const Mask& m) {
    show_store(p, count(m));
    if (m.all) _mm256_storeu_ps(p, x);
    else _mm256_maskstore_ps(p, m.bits, x);
  }
  XGRAD_INLINED static R broadcast(T x) { return _mm256_set1_ps(x); }
  XGRAD_INLINED static R add(R x, R y) { return _mm256_add_ps(x, y); }
  XGRAD_INLINED static R subtract(R x, R y) { return _mm256_sub_ps(x, y); }
  XGRAD_INLINED static R fused(R x, R y, R z) { return _mm256_fmadd_ps(x, y, z); }
  XGRAD_INLINED static R low(R x, R y) { return _mm256_permute2f128_ps(_mm256_unpacklo_ps(x, y), _mm256_unpackhi_ps(x, y), 0x20); }
  XGRAD_INLINED static R high(R x, R y) { return _mm256_permute2f128_ps(_mm256_unpacklo_ps(x, y), _mm256_unpackhi_ps(x, y), 0x31); }
  XGRAD_INLINED static R even(R x, R y) { return _mm256_castpd_ps(_mm256_permute4x64_pd(_mm256_castps_pd(_mm256_shuffle_ps(x, y, 0x88)), 0xd8)); }
  XGRAD_INLINED static void transpose(R (&x)[8]) {
    R y[8];
    XGRAD_UNROLLED for (int i = 0; i < 8; i += 4) {
      const R low = _mm256_unpacklo_ps(x[i], x[i + 1]), high = _mm256_unpackhi_ps(x[i], x[i + 1]);
      const R next_low = _mm256_unpacklo_ps(x[i + 2], x[i + 3]), next_high = _mm256_unpackhi_ps(x[i + 2], x[i + 3]);
      y[i] = _mm256_shuffle_ps(low, next_low, 0x44);
      y[i + 1] = _mm256_shuffle_ps(low, next_low, 0xee);
      y[i + 2] = _mm256_shuffle_ps(high, next_high, 0x44);
      y[i + 3] = _mm256_shuffle_ps(high, next_high, 0xee);
    }
    XGRAD_UNROLLED for (int i = 0; i < 4; ++i) {
      x[i] = _mm256_permute2f128_ps(y[i], y[i + 4], 0x20);
      x[i + 4] = _mm256_permute2f128_ps(y[i], y[i + 4], 0x31);
    }
  }
};

struct Doubles {
  using T = double;
  using R = __m256d;
  using Mask = FirstLanes;
  static constexpr int kLanes = 4, kRows = 4, kVectors = 3, kRowVectors = 8;
  XGRAD_INLINED static Mask mask(int64_t n) { return {_mm256_cmpgt_epi64(_mm256_set1_epi64x(n), _mm256_setr_epi64x(0, 1, 2, 3)), n == kLanes}; }
  XGRAD_INLINED static R zero() { return _mm256_setzero_pd(); }
  XGRAD_INLINED static R load(const T* p) { return _mm256_loadu_pd(p); }
  XGRAD_INLINED static int count(const Mask& m) { return __builtin_popcount(static_cast<unsigned>(_mm256_movemask_pd(_mm256_castsi256_pd(m.bits)))); }
  XGRAD_INLINED static R load(const T* p, const Mask& m) {
    show_load(p, count(m));
    return _mm256_maskload_pd(p, m.bits);
  }
  XGRAD_INLINED static void store(T* p, R x) { _mm256_storeu_pd(p, x); }
  XGRAD_INLINED static void store(T* p, R x, const Mask& m) {
    show_store(p, count(m));
    if (m.all) _mm256_storeu_pd(p, x);
    else _mm256_maskstore_pd(p, m.bits, x);
  }
  XGRAD_INLINED static R broadcast(T x) { return _mm256_set1_pd(x); }
  XGRAD_INLINED static R add(R x, R y) { return _mm256_add_pd(x, y); }
  XGRAD_INLINED static R fused(R x, R y, R z) { return _mm256_fmadd_pd(x, y, z); }
  XGRAD_INLINED static R low(R x, R y) { return _mm256_permute2f128_pd(_mm256_unpacklo_pd(x, y), _mm256_unpackhi_pd(x, y), 0x20); }
  XGRAD_INLINED static R high(R x, R y) { return _mm256_permute2f128_pd(_mm256_unpacklo_pd(x, y), _mm256_unpackhi_pd(x, y), 0x31); }
  XGRAD_INLINED static R even(R x, R y) { return _mm256_permute4x64_pd(_mm256_unpacklo_pd(x, y), 0xd8); }
};

}}}}  // namespace torch::xgrad::kernels
