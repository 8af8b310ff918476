// The instruction sets that kernels are compiled for, and the one that runs.
//
// A kernel is written once, in plain C++ that a compiler vectorises; Variants holds it compiled for each set. Kernels fix
// the order of every sum, and only elementary functions (vector_math.h) and matrix products are fused into multiply-adds: all
// sets that have those give the same bits, and the baseline the same but for these functions and products. Processors other
// than x86-64 have the baseline alone; that of aarch64 has NEON and fuses.
#pragma once

#include <type_traits>

#include <xgrad/autograd/core/export.h>

namespace torch { inline namespace xgrad { namespace kernels {

#if defined(__x86_64__) && defined(__GNUC__)
#define XGRAD_HAS_VARIANTS 1
#define XGRAD_AVX2 __attribute__((target("avx2,fma"), flatten))
#define XGRAD_AVX512_SET "fma,avx512f,avx512bw,avx512dq,avx512vl"
#if defined(__clang__)
#define XGRAD_AVX512 __attribute__((target(XGRAD_AVX512_SET), min_vector_width(512), flatten))
#else
#define XGRAD_AVX512 __attribute__((target(XGRAD_AVX512_SET ",prefer-vector-width=512"), flatten))
#endif
#else
#define XGRAD_HAS_VARIANTS 0
#endif

/// At the start of a block where Clang would fuse multiply-adds with some instruction sets and not with others.
#if defined(__clang__)
#define XGRAD_SEPARATE_ROUNDINGS _Pragma("clang fp contract(off)")
#else
#define XGRAD_SEPARATE_ROUNDINGS
#endif

/// Before a loop none of whose iterations reads what another one writes: it may be vectorised.
#if defined(__clang__)
#define XGRAD_INDEPENDENT_ITERATIONS _Pragma("clang loop vectorize(assume_safety)")
#else
#define XGRAD_INDEPENDENT_ITERATIONS _Pragma("GCC ivdep")
#endif

enum class InstructionSet : int { kBaseline, kAvx2, kAvx512 };

/// True iff the set's multiply-adds round once.
constexpr bool is_fused([[maybe_unused]] InstructionSet set) {
#ifdef __aarch64__
  return true;
#else
  return set != InstructionSet::kBaseline;
#endif
}
/// True iff this build has kernels for the set and this processor can run them.
XGRAD_API bool has(InstructionSet set);
/// The set in use: chosen when the library is loaded, the widest there is or the environment variable
/// XGRAD_INSTRUCTIONS (baseline, avx2 or avx512). An unknown word is ignored; a set the processor lacks gives the widest
/// it has below.
XGRAD_API InstructionSet instruction_set();
/// "baseline", "avx2" or "avx512".
XGRAD_API const char* name(InstructionSet set);
/// Uses another set from now on; false, and nothing changes, unless has(set). Not while kernels run.
XGRAD_API bool use(InstructionSet set);

namespace detail {

/// Baseline until the library's own initialisation has run, which is right everywhere.
extern int active_set;

template <class Work, class... Args> [[gnu::flatten]] void in_baseline(Args... args) { Work::run(args...); }
#if XGRAD_HAS_VARIANTS
template <class Work, class... Args> XGRAD_AVX2 void in_avx2(Args... args) { Work::run(args...); }
template <class Work, class... Args> XGRAD_AVX512 void in_avx512(Args... args) { Work::run(args...); }
#endif

}  // namespace detail

/// Fused::run(args...) compiled for each set whose multiply-adds round once, Unfused::run(args...) for the others. They and all
/// they call must be visible to the compiler; each set gets its own copy.
template <class Unfused, class Fused, class... Args> struct FusedVariants {
  using Function = void (*)(Args...);
  static constexpr Function all[] = {
      &detail::in_baseline<std::conditional_t<is_fused(InstructionSet::kBaseline), Fused, Unfused>, Args...>,
#if XGRAD_HAS_VARIANTS
      &detail::in_avx2<Fused, Args...>,
      &detail::in_avx512<Fused, Args...>,
#endif
  };
  /// The one for the set in use.
  static Function active() { return all[detail::active_set]; }
};

/// Work::run(args...) compiled for each set.
template <class Work, class... Args> struct Variants : FusedVariants<Work, Work, Args...> {};

/// Work::run for elements of a type: float, which networks are trained in, has variants; the others run in baseline alone,
/// to keep the library small.
template <class Work, class Element, class... Args> auto variant_for() {
  if constexpr (std::is_same_v<Element, float>) return Variants<Work, Args...>::active();
  else return &detail::in_baseline<Work, Args...>;
}

}}}  // namespace torch::xgrad::kernels
