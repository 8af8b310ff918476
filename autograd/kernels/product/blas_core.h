// What the kernels of OpenBLAS can do, and which products are left to them.
//
// OpenBLAS chooses its kernels, a "core", by a table of processor models: a processor newer than the table may get one
// without AVX, and OPENBLAS_CORETYPE forces another. So the processor says nothing about the speed of OpenBLAS.
#pragma once

#include <cstdint>
#include <string_view>

#include <xgrad/autograd/core/export.h>
#include <xgrad/autograd/kernels/instruction_set.h>

namespace torch { inline namespace xgrad { namespace kernels {

/// The widest multiply-adds of a core.
enum class BlasCore : int {
  kNarrow,  ///< SSE, AVX without fused multiply-adds, or half as wide as AVX2's
  kAvx2,
  kAvx512
};

/// By the name that OpenBLAS gives its core. One that is not known counts as narrow: our loops for a processor's widest set are never
/// far behind any core, while a core may be several times slower than they are.
XGRAD_API BlasCore blas_core(std::string_view name);
/// The one that OpenBLAS chose when it was loaded.
XGRAD_API BlasCore blas_core();

/// The multiplications above which OpenBLAS is faster than the tile loops of a set. Those for AVX-512 take all; those for AVX2 all from
/// a narrow core, and else leave large products to OpenBLAS, whose kernels for AVX2 are up to an eighth faster there. The baseline has none.
XGRAD_API int64_t most_tile_products(InstructionSet set, BlasCore core);

/// The same for a matrix and a vector. OpenBLAS reads larger ones from memory faster; a narrow core falls behind where caches hold them.
XGRAD_API int64_t most_vector_products(InstructionSet set, BlasCore core);

namespace detail {

/// Those of each set with the core in use; nothing but small products until the library's initialisation has run.
extern int64_t most_tile_products[3], most_vector_products[3];

}  // namespace detail

}}}  // namespace torch::xgrad::kernels
