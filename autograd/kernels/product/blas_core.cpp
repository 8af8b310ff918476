#include <xgrad/autograd/kernels/product/blas_core.h>

#include <algorithm>

#include <xgrad/autograd/kernels/product/blas.h>

namespace torch { inline namespace xgrad { namespace kernels {

namespace {

constexpr int64_t kSmall = int64_t{1} << 20, kSmallVector = int64_t{1} << 18, kAll = int64_t{1} << 62;

constexpr std::string_view kAvx2Cores[] = {"Haswell", "Zen"}, kAvx512Cores[] = {"SkylakeX", "Cooperlake", "SapphireRapids"};

template <size_t n> bool is_among(const std::string_view (&names)[n], std::string_view name) {
  return std::find(names, names + n, name) != names + n;
}

// OpenBLAS is initialised before the libraries that use it.
[[gnu::constructor]] void choose() {
  const BlasCore core = blas_core();
  for (auto set : {InstructionSet::kBaseline, InstructionSet::kAvx2, InstructionSet::kAvx512}) {
    detail::most_tile_products[static_cast<int>(set)] = most_tile_products(set, core);
    detail::most_vector_products[static_cast<int>(set)] = most_vector_products(set, core);
  }
}

}  // namespace

namespace detail {
constinit int64_t most_tile_products[3] = {kSmall, kSmall, kSmall};
constinit int64_t most_vector_products[3] = {kSmallVector, kSmallVector, kSmallVector};
}

BlasCore blas_core(std::string_view name) {
  if (is_among(kAvx512Cores, name)) return BlasCore::kAvx512;
  return is_among(kAvx2Cores, name) ? BlasCore::kAvx2 : BlasCore::kNarrow;
}

BlasCore blas_core() { return blas_core(blas::core_name()); }

int64_t most_tile_products(InstructionSet set, BlasCore core) {
#ifdef __aarch64__
  return kSmall;  // NEON, which its cores have too
#else
  if (set == InstructionSet::kBaseline) return 0;
  return set == InstructionSet::kAvx512 || core == BlasCore::kNarrow ? kAll : kSmall;
#endif
}

int64_t most_vector_products(InstructionSet set, BlasCore core) {
#ifdef __aarch64__
  return kSmallVector;
#else
  if (set == InstructionSet::kBaseline) return 0;
  return core == BlasCore::kNarrow ? kSmall : kSmallVector;
#endif
}

}}}  // namespace torch::xgrad::kernels
