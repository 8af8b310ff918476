// NEON's registers, two of which stand for one of AVX2's: sums then add up in the order they have there, and get the same bits; see registers.h.
#pragma once

#include <arm_neon.h>

#define XGRAD_TARGET
#include <xgrad/autograd/kernels/vector/registers.h>

namespace torch { inline namespace xgrad { namespace kernels { namespace {

// The first n of kLanes.
struct FirstLanes {
  int64_t n;
};

struct Floats {
  using T = float;
  struct R {
    float32x4_t low, high;
  };
  using Mask = FirstLanes;
  static constexpr int kLanes = 8, kRows = 4, kVectors = 3, kRowVectors = 8;

  XGRAD_INLINED static Mask mask(int64_t n) { return {n}; }
  XGRAD_INLINED static R zero() { return {vdupq_n_f32(0), vdupq_n_f32(0)}; }
  XGRAD_INLINED static R load(const T* p) { return {vld1q_f32(p), vld1q_f32(p + 4)}; }
  XGRAD_INLINED static R load(const T* p, Mask m) {
    if (m.n > 4) return {vld1q_f32(p), first(p + 4, m.n - 4)};
    return {first(p, m.n), vdupq_n_f32(0)};
  }
  XGRAD_INLINED static void store(T* p, R x) {
    vst1q_f32(p, x.low);
    vst1q_f32(p + 4, x.high);
  }
  XGRAD_INLINED static void store(T* p, R x, Mask m) {
    if (m.n > 4) {
      vst1q_f32(p, x.low);
      store_first(p + 4, x.high, m.n - 4);
    } else {
      store_first(p, x.low, m.n);
    }
  }
  XGRAD_INLINED static T broadcast(T x) { return x; }
  XGRAD_INLINED static R add(R x, R y) { return {vaddq_f32(x.low, y.low), vaddq_f32(x.high, y.high)}; }
  XGRAD_INLINED static R add(R x, T y) { return {vaddq_f32(x.low, vdupq_n_f32(y)), vaddq_f32(x.high, vdupq_n_f32(y))}; }
  XGRAD_INLINED static R subtract(R x, R y) { return {vsubq_f32(x.low, y.low), vsubq_f32(x.high, y.high)}; }
  XGRAD_INLINED static R fused(T x, R y, R z) { return {vfmaq_n_f32(z.low, y.low, x), vfmaq_n_f32(z.high, y.high, x)}; }
  XGRAD_INLINED static R fused(R x, R y, R z) { return {vfmaq_f32(z.low, x.low, y.low), vfmaq_f32(z.high, x.high, y.high)}; }
  XGRAD_INLINED static R low(R x, R y) { return {vzip1q_f32(x.low, y.low), vzip2q_f32(x.low, y.low)}; }
  XGRAD_INLINED static R high(R x, R y) { return {vzip1q_f32(x.high, y.high), vzip2q_f32(x.high, y.high)}; }
  XGRAD_INLINED static R even(R x, R y) { return {vuzp1q_f32(x.low, x.high), vuzp1q_f32(y.low, y.high)}; }

 private:
  XGRAD_INLINED static float32x4_t first(const T* p, int64_t n) {
    const float32x2_t none = vdup_n_f32(0);
    if (n >= 4) return vld1q_f32(p);
    if (n == 1) return vcombine_f32(vld1_lane_f32(p, none, 0), none);
    return vcombine_f32(vld1_f32(p), n == 3 ? vld1_lane_f32(p + 2, none, 0) : none);
  }
  XGRAD_INLINED static void store_first(T* p, float32x4_t x, int64_t n) {
    if (n >= 4) return vst1q_f32(p, x);
    if (n == 1) return vst1q_lane_f32(p, x, 0);
    vst1_f32(p, vget_low_f32(x));
    if (n == 3) vst1q_lane_f32(p + 2, x, 2);
  }
};

struct Doubles {
  using T = double;
  struct R {
    float64x2_t low, high;
  };
  using Mask = FirstLanes;
  static constexpr int kLanes = 4, kRows = 4, kVectors = 3, kRowVectors = 8;

  XGRAD_INLINED static Mask mask(int64_t n) { return {n}; }
  XGRAD_INLINED static R zero() { return {vdupq_n_f64(0), vdupq_n_f64(0)}; }
  XGRAD_INLINED static R load(const T* p) { return {vld1q_f64(p), vld1q_f64(p + 2)}; }
  XGRAD_INLINED static R load(const T* p, Mask m) {
    if (m.n > 2) return {vld1q_f64(p), first(p + 2, m.n - 2)};
    return {first(p, m.n), vdupq_n_f64(0)};
  }
  XGRAD_INLINED static void store(T* p, R x) {
    vst1q_f64(p, x.low);
    vst1q_f64(p + 2, x.high);
  }
  XGRAD_INLINED static void store(T* p, R x, Mask m) {
    if (m.n > 2) {
      vst1q_f64(p, x.low);
      store_first(p + 2, x.high, m.n - 2);
    } else {
      store_first(p, x.low, m.n);
    }
  }
  XGRAD_INLINED static T broadcast(T x) { return x; }
  XGRAD_INLINED static R add(R x, R y) { return {vaddq_f64(x.low, y.low), vaddq_f64(x.high, y.high)}; }
  XGRAD_INLINED static R add(R x, T y) { return {vaddq_f64(x.low, vdupq_n_f64(y)), vaddq_f64(x.high, vdupq_n_f64(y))}; }
  XGRAD_INLINED static R fused(T x, R y, R z) { return {vfmaq_n_f64(z.low, y.low, x), vfmaq_n_f64(z.high, y.high, x)}; }
  XGRAD_INLINED static R fused(R x, R y, R z) { return {vfmaq_f64(z.low, x.low, y.low), vfmaq_f64(z.high, x.high, y.high)}; }
  XGRAD_INLINED static R low(R x, R y) { return {vzip1q_f64(x.low, y.low), vzip2q_f64(x.low, y.low)}; }
  XGRAD_INLINED static R high(R x, R y) { return {vzip1q_f64(x.high, y.high), vzip2q_f64(x.high, y.high)}; }
  XGRAD_INLINED static R even(R x, R y) { return {vuzp1q_f64(x.low, x.high), vuzp1q_f64(y.low, y.high)}; }

 private:
  XGRAD_INLINED static float64x2_t first(const T* p, int64_t n) { return n >= 2 ? vld1q_f64(p) : vcombine_f64(vld1_f64(p), vdup_n_f64(0)); }
  XGRAD_INLINED static void store_first(T* p, float64x2_t x, int64_t n) {
    if (n >= 2) vst1q_f64(p, x);
    else vst1q_lane_f64(p, x, 0);
  }
};

}}}}  // namespace torch::xgrad::kernels
