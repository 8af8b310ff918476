#include <xgrad/autograd/kernels/instruction_set.h>

#include <cstdlib>
#include <string_view>

namespace torch { inline namespace xgrad { namespace kernels {

namespace detail {
constinit int active_set = 0;
}

namespace {

constexpr InstructionSet kSets[] = {InstructionSet::kBaseline, InstructionSet::kAvx2, InstructionSet::kAvx512};

InstructionSet asked_for() {
  const char* text = std::getenv("XGRAD_INSTRUCTIONS");
  for (InstructionSet set : kSets)
    if (text && std::string_view(text) == name(set)) return set;
  return InstructionSet::kAvx512;
}

// Run by the loader; kernels that a program's own initialisation calls earlier give the same results in baseline.
[[gnu::constructor]] void choose() {
  for (InstructionSet set : kSets)
    if (set <= asked_for()) use(set);
}

}  // namespace

bool has(InstructionSet set) {
#if XGRAD_HAS_VARIANTS
  __builtin_cpu_init();
  const bool avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
  if (set == InstructionSet::kAvx2) return avx2;
  if (set == InstructionSet::kAvx512)
    return avx2 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq") &&
           __builtin_cpu_supports("avx512vl");
#endif
  return set == InstructionSet::kBaseline;
}

InstructionSet instruction_set() { return static_cast<InstructionSet>(detail::active_set); }

const char* name(InstructionSet set) {
  constexpr const char* names[] = {"baseline", "avx2", "avx512"};
  return names[static_cast<int>(set)];
}

bool use(InstructionSet set) {
  if (!has(set)) return false;
  detail::active_set = static_cast<int>(set);
  return true;
}

}}}  // namespace torch::xgrad::kernels
