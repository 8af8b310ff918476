#include <doctest/doctest.h>

#include <xgrad/autograd/kernels/product/blas_core.h>

using namespace xgrad::kernels;

TEST_CASE("the widest instructions of OpenBLAS's cores are known by name, and narrow otherwise") {
  for (const char* name : {"Katmai", "Prescott", "Core2", "Penryn", "Dunnington", "Nehalem", "Atom", "Barcelona", "Opteron", "Sandybridge", "Bobcat",
                           "Bulldozer", "Piledriver", "Steamroller", "Excavator", "Unknown", "Graniterapids", ""})
    CHECK(blas_core(name) == BlasCore::kNarrow);
  for (const char* name : {"Haswell", "Zen"}) CHECK(blas_core(name) == BlasCore::kAvx2);
  for (const char* name : {"SkylakeX", "Cooperlake", "SapphireRapids"}) CHECK(blas_core(name) == BlasCore::kAvx512);
}

#ifdef __x86_64__
TEST_CASE("products of every size are ours with AVX-512 and beside a narrow core, small ones with AVX2, none without loops") {
  constexpr int64_t kSmallest = 1, kLarge = int64_t{4096} * 4096 * 4096;
  struct Row {
    InstructionSet set;
    bool small[3], large[3];  // for a narrow core, one of AVX2, one of AVX-512
  };
  for (const Row& row :
       {Row{InstructionSet::kBaseline, {false, false, false}, {false, false, false}},
        Row{InstructionSet::kAvx2, {true, true, true}, {true, false, false}}, Row{InstructionSet::kAvx512, {true, true, true}, {true, true, true}}})
    for (BlasCore core : {BlasCore::kNarrow, BlasCore::kAvx2, BlasCore::kAvx512}) {
      INFO(name(row.set), " with core ", static_cast<int>(core));
      const int64_t most = most_tile_products(row.set, core);
      CHECK((most >= kSmallest) == row.small[static_cast<int>(core)]);
      CHECK((most >= kLarge) == row.large[static_cast<int>(core)]);
    }
}

TEST_CASE("products with vectors are ours up to a size that is larger with a narrow core") {
  for (InstructionSet set : {InstructionSet::kAvx2, InstructionSet::kAvx512}) {
    const int64_t wide = most_vector_products(set, BlasCore::kAvx2);
    CHECK(wide == most_vector_products(set, BlasCore::kAvx512));
    CHECK(wide >= 500 * 500);
    CHECK(most_vector_products(set, BlasCore::kNarrow) > wide);
  }
  CHECK(most_vector_products(InstructionSet::kBaseline, BlasCore::kNarrow) == 0);
}
#endif
