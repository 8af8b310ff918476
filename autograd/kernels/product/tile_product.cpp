#include <xgrad/autograd/kernels/product/tile_product.h>

#include <algorithm>
#include <type_traits>

#include <xgrad/autograd/kernels/instruction_set.h>
#include <xgrad/autograd/kernels/product/blas_core.h>

// Note: which loops, measured
//
// On an EPYC (Zen 4, 3.7 GHz), floats, one thread, beta 0: ours with AVX-512 / OpenBLAS 0.3.21 with its Cooperlake kernels. NN is a b,
// NT a w^T, TN x^T b, all row-major. Small ones in nanoseconds, without the tensor around them:
//
//   rows x columns x depth          NN              NT              TN
//   4 x 4 x 4                    10 / 21         26 / 63         10 / 49
//   16 x 16 x 16                 77 / 94        116 / 215        77 / 93
//   32 x 16 x 2                  43 / 49         75 / 154        43 / 42
//   32 x 2 x 16                 155 / 173       161 / 179        90 / 67
//   32 x 16 x 16                154 / 173       184 / 339       153 / 165
//   1 x 100 x 40                122 / 172       220 / 241         -
//   1 x 100 x 100               362 / 454       487 / 533         -
//   1 x 1024 x 1024             63k / 54k      131k / 53k         -
//   64 x 64 x 64               4.6k / 4.5k     5.1k / 6.1k      4.6k / 4.6k
//
// Large ones in GFLOP/s; the processor's peak is 118:
//
//   128 x 512 x 784             117 / 100       114 / 100       116 / 100
//   512 x 784 x 128             114 / 107       114 / 105       114 / 106
//   256 x 1024 x 1024           111 / 99        114 / 94        111 / 100
//   1024 x 1024 x 1024          112 / 100       112 / 94        109 / 99
//   2048 x 2048 x 2048          112 / 101       113 / 95        110 / 100
//   300 x 4096 x 4096           104 / 100       105 / 95        105 / 99
//
// AVX2 against OpenBLAS's Haswell kernels: 721 / 829 ns at 32 cubed, 42k / 41k at 128 cubed; 94 / 106 GFLOP/s at 128 x 512 x 784,
// 101 / 109 at 2048 cubed.

namespace torch { inline namespace xgrad { namespace kernels {

extern const TileLoops<float> avx2_float_tiles, avx512_float_tiles, neon_float_tiles;
extern const TileLoops<double> avx2_double_tiles, avx512_double_tiles, neon_double_tiles;

namespace {

// A division by a variable would take as long as a small product's sums.
double registers(int64_t n, int64_t lanes) { return static_cast<double>((n + lanes - 1) >> __builtin_ctzll(static_cast<uint64_t>(lanes))); }

}  // namespace

template <class T> bool TileLoops<T>::suit(const TileProduct<T>& p) const {
  const double products = static_cast<double>(p.rows) * static_cast<double>(p.columns) * static_cast<double>(p.depth);
  const auto& most = std::min(p.rows, p.columns) == 1 ? detail::most_vector_products : detail::most_tile_products;
  return products <= static_cast<double>(most[detail::active_set]);
}

// Cycles, roughly: 1 for each register multiplied, or 1.25 by depth, where both factors are loaded; 7 for each register that is
// copied in transposed order, 4 to add up the lanes of a sum, half a cycle to put an element where it belongs, or 4 if it is put
// there alone.
template <class T> TileWay TileLoops<T>::way(const TileProduct<T>& p) const {
  const auto rows = static_cast<double>(p.rows), columns = static_cast<double>(p.columns), depth = static_cast<double>(p.depth);
  const double outputs = rows * columns;
  const double by_columns = registers(p.columns, lanes) * depth * (rows + (p.b_column == 1 ? 0 : 7));
  const double by_rows = registers(p.rows, lanes) * depth * (columns + (p.a_row == 1 ? 0 : 7)) + outputs * (p.columns <= lanes / 4 ? 4 : 0.5);
  const bool by_depth_can = p.a_depth == 1 && p.b_depth == 1;
  if (by_depth_can && outputs * (1.25 * registers(p.depth, lanes) + 4) < std::min(by_columns, by_rows)) return TileWay::kDepth;
  return by_rows < by_columns ? TileWay::kRows : TileWay::kColumns;
}

template struct TileLoops<float>;
template struct TileLoops<double>;

template <class T> const TileLoops<T>* tile_loops() {
#ifdef __x86_64__
  static constexpr const TileLoops<float>* floats[] = {nullptr, &avx2_float_tiles, &avx512_float_tiles};
  static constexpr const TileLoops<double>* doubles[] = {nullptr, &avx2_double_tiles, &avx512_double_tiles};
  if constexpr (std::is_same_v<T, float>) return floats[static_cast<int>(instruction_set())];
  else return doubles[static_cast<int>(instruction_set())];
#elif defined(__aarch64__)
  if constexpr (std::is_same_v<T, float>) return &neon_float_tiles;
  else return &neon_double_tiles;
#else
  return nullptr;
#endif
}

template const TileLoops<float>* tile_loops();
template const TileLoops<double>* tile_loops();

}}}  // namespace torch::xgrad::kernels
