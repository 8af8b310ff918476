// AVX-512's registers; see registers.h.
#pragma once

#include <immintrin.h>

#define XGRAD_TARGET __attribute__((target("avx512f,avx512vl,avx512dq,avx512bw,avx2,fma")))
#include <xgrad/autograd/kernels/vector/registers.h>

namespace torch { inline namespace xgrad { namespace kernels { namespace {

struct Floats {
  using T = float;
  using R = __m512;
  using Mask = __mmask16;
  static constexpr int kLanes = 16, kRows = 8, kVectors = 3, kRowVectors = 8;
  XGRAD_INLINED static Mask mask(int64_t n) { return static_cast<Mask>((1u << n) - 1); }
  XGRAD_INLINED static int count(Mask m) { return __builtin_popcount(m); }
  XGRAD_INLINED static R zero() { return _mm512_setzero_ps(); }
  XGRAD_INLINED static R load(const T* p) { return _mm512_loadu_ps(p); }
  XGRAD_INLINED static R load(const T* p, Mask m) {
    show_load(p, count(m));
    return _mm512_maskz_loadu_ps(m, p);
  }
  XGRAD_INLINED static void store(T* p, R x) { _mm512_storeu_ps(p, x); }
  XGRAD_INLINED static void store(T* p, R x, Mask m) {
    show_store(p, count(m));
    _mm512_mask_storeu_ps(p, m, x);
  }
  XGRAD_INLINED static R broadcast(T x) { return _mm512_set1_ps(x); }
  XGRAD_INLINED static R add(R x, R y) { return _mm512_add_ps(x, y); }
  XGRAD_INLINED static R subtract(R x, R y) { return _mm512_sub_ps(x, y); }
  XGRAD_INLINED static R fused(R x, R y, R z) { return _mm512_fmadd_ps(x, y, z); }
  XGRAD_INLINED static R low(R x, R y) {
    return _mm512_permutex2var_ps(x, _mm512_setr_epi32(0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23), y);
  }
  XGRAD_INLINED static R high(R x, R y) {
    return _mm512_permutex2var_ps(x, _mm512_setr_epi32(8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31), y);
  }
  XGRAD_INLINED static R even(R x, R y) {
    return _mm512_permutex2var_ps(x, _mm512_setr_epi32(0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30), y);
  }
};

struct Doubles {
  using T = double;
  using R = __m512d;
  using Mask = __mmask8;
  static constexpr int kLanes = 8, kRows = 8, kVectors = 3, kRowVectors = 8;
  XGRAD_INLINED static Mask mask(int64_t n) { return static_cast<Mask>((1u << n) - 1); }
  XGRAD_INLINED static int count(Mask m) { return __builtin_popcount(m); }
  XGRAD_INLINED static R zero() { return _mm512_setzero_pd(); }
  XGRAD_INLINED static R load(const T* p) { return _mm512_loadu_pd(p); }
  XGRAD_INLINED static R load(const T* p, Mask m) {
    show_load(p, count(m));
    return _mm512_maskz_loadu_pd(m, p);
  }
  XGRAD_INLINED static void store(T* p, R x) { _mm512_storeu_pd(p, x); }
  XGRAD_INLINED static void store(T* p, R x, Mask m) {
    show_store(p, count(m));
    _mm512_mask_storeu_pd(p, m, x);
  }
  XGRAD_INLINED static R broadcast(T x) { return _mm512_set1_pd(x); }
  XGRAD_INLINED static R add(R x, R y) { return _mm512_add_pd(x, y); }
  XGRAD_INLINED static R fused(R x, R y, R z) { return _mm512_fmadd_pd(x, y, z); }
  XGRAD_INLINED static R low(R x, R y) { return _mm512_permutex2var_pd(x, _mm512_setr_epi64(0, 8, 1, 9, 2, 10, 3, 11), y); }
  XGRAD_INLINED static R high(R x, R y) { return _mm512_permutex2var_pd(x, _mm512_setr_epi64(4, 12, 5, 13, 6, 14, 7, 15), y); }
  XGRAD_INLINED static R even(R x, R y) { return _mm512_permutex2var_pd(x, _mm512_setr_epi64(0, 2, 4, 6, 8, 10, 12, 14), y); }
};

}}}}  // namespace torch::xgrad::kernels
