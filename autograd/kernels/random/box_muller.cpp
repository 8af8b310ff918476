#include <xgrad/autograd/kernels/random/box_muller.h>

#include <bit>
#include <cmath>
#include <numbers>

// Note: bits of float32 normals
//
// PyTorch fills float32 tensors with vectorised polynomials for log, sin and cos (Cephes' logf and sincosf: S. Moshier,
// "Methods and Programs for Mathematical Functions", 1989), in which its compiler fused every product that is only
// added. The functions below evaluate the same polynomials with the same fused operations, so they give the same bits.
// Without hardware support the C library's fma does, slower.

namespace torch { inline namespace xgrad { namespace kernels {

namespace {

#if defined(__x86_64__) && defined(__GNUC__)
#define XGRAD_FMA_VARIANT __attribute__((target("avx2,fma")))
#endif

#define XGRAD_INLINE inline __attribute__((always_inline))

XGRAD_INLINE float fused(float a, float b, float c) { return __builtin_fmaf(a, b, c); }

// log(x) for x in (0, 1].
XGRAD_INLINE float log_of_uniform(float x) {
  const uint32_t bits = std::bit_cast<uint32_t>(x);
  float exponent = static_cast<float>(static_cast<int32_t>(bits >> 23) - 126);
  const float m = std::bit_cast<float>((bits & 0x807fffffu) | 0x3f000000u);
  const bool small = m < 0.707106781186547524f;
  exponent -= small ? 1.0f : 0.0f;
  const float t = (m - 1.0f) + (small ? m : 0.0f), z = t * t;
  float y = 7.0376836292e-2f;
  y = fused(y, t, -1.1514610310e-1f);
  y = fused(y, t, 1.1676998740e-1f);
  y = fused(y, t, -1.2420140846e-1f);
  y = fused(y, t, 1.4249322787e-1f);
  y = fused(y, t, -1.6668057665e-1f);
  y = fused(y, t, 2.0000714765e-1f);
  y = fused(y, t, -2.4999993993e-1f);
  y = fused(y, t, 3.3333331174e-1f);
  y = y * t;
  y = fused(y, z, exponent * -2.12194440e-4f);
  y = fused(-0.5f, z, y);
  return fused(exponent, 0.693359375f, t + y);
}

struct SinCos {
  float sin, cos;
};

// For x in [0, 2 pi].
XGRAD_INLINE SinCos sin_cos(float x) {
  const int32_t octant = (static_cast<int32_t>(x * 1.27323954473516f) + 1) & ~1;
  const float n = static_cast<float>(octant);
  x = fused(n, -0.78515625f, x);
  x = fused(n, -2.4187564849853515625e-4f, x);
  x = fused(n, -3.77489497744594108e-8f, x);
  const float z = x * x;
  float c = fused(2.443315711809948e-5f, z, -1.388731625493765e-3f);
  c = fused(c, z, 4.166664568298827e-2f) * z;
  c = fused(c, z, -(0.5f * z)) + 1.0f;
  float s = fused(-1.9515295891e-4f, z, 8.3321608736e-3f);
  s = fused(s, z, -1.6666654611e-1f) * z;
  s = fused(s, x, x);
  const bool swapped = octant & 2;
  const float sine = swapped ? c : s, cosine = swapped ? s : c;
  return {octant & 4 ? -sine : sine, (octant - 2) & 4 ? cosine : -cosine};
}

XGRAD_INLINE void transform(float* values, float mean, float std) {
  for (int i = 0; i < 8; ++i) {
    const float radius = std::sqrt(-2.0f * log_of_uniform(1.0f - values[i]));
    const SinCos angle = sin_cos(static_cast<float>(2.0f * std::numbers::pi) * values[i + 8]);
    values[i] = fused(radius * angle.cos, std, mean);
    values[i + 8] = fused(radius * angle.sin, std, mean);
  }
}

XGRAD_INLINE void transform_blocks(float* values, int64_t blocks, float mean, float std) {
  for (int64_t b = 0; b < blocks; ++b) transform(values + 16 * b, mean, std);
}

#ifdef XGRAD_FMA_VARIANT
XGRAD_FMA_VARIANT void transform_blocks_fma(float* values, int64_t blocks, float mean, float std) { transform_blocks(values, blocks, mean, std); }
#endif

}  // namespace

void box_muller(float* values, int64_t blocks, float mean, float std) {
#ifdef XGRAD_FMA_VARIANT
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return transform_blocks_fma(values, blocks, mean, std);
#endif
  transform_blocks(values, blocks, mean, std);
}

void box_muller(double* values, int64_t blocks, double mean, double std) {
  for (int64_t b = 0; b < blocks; ++b, values += 16)
    for (int i = 0; i < 8; ++i) {
      const double radius = std::sqrt(-2.0 * std::log(1.0 - values[i])), theta = 2.0 * std::numbers::pi * values[i + 8];
      values[i] = std::fma(radius * std::cos(theta), std, mean);
      values[i + 8] = std::fma(radius * std::sin(theta), std, mean);
    }
}

}}}  // namespace torch::xgrad::kernels
