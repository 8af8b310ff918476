#include <xgrad/autograd/kernels/tile_product.h>

#include <algorithm>
#include <type_traits>

#include <xgrad/autograd/kernels/instruction_set.h>

// Note: which loops, measured
//
// Nanoseconds on an EPYC (Zen 4, 3.7 GHz), floats, one thread, beta 0: ours with AVX-512 / OpenBLAS 0.3.21 with its Cooperlake
// kernels. NN is a b, NT a w^T, TN x^T b, all row-major.
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
//   64 x 128 x 784             110k / 132k     122k / 138k      110k / 133k
//   128 x 512 x 784            880k / 1030k    945k / 1033k     880k / 1033k
//   256 x 1024 x 1024         5.08M / 5.49M   4.97M / 5.78M    4.97M / 5.53M
//   1024 x 1024 x 1024        20.5M / 21.4M   19.7M / 22.1M    22.6M / 21.5M
//
// AVX2 against OpenBLAS's Haswell kernels: 721 / 829 at 32 cubed, 42k / 41k at 128 cubed, 1.14M / 0.94M at 128 x 512 x 784.

namespace xgrad::kernels {

extern const TileLoops<float> avx2_float_tiles, avx512_float_tiles, neon_float_tiles;
extern const TileLoops<double> avx2_double_tiles, neon_double_tiles;

namespace {

constexpr int64_t kMostVectorProducts = int64_t{1} << 18;  // of a matrix and a vector, which then leave the second-level cache

double registers(int64_t n, int64_t lanes) { return static_cast<double>((n + lanes - 1) / lanes); }

}  // namespace

template <class T>
bool TileLoops<T>::suit(const TileProduct<T>& p) const {
  const double products = static_cast<double>(p.rows) * static_cast<double>(p.columns) * static_cast<double>(p.depth);
  return products <= static_cast<double>(std::min(p.rows, p.columns) == 1 ? std::min(kMostVectorProducts, most_products) : most_products);
}

// Cycles, roughly: 1 for each register multiplied, 7 for each register of b that is copied in transposed order, 4 to add
// up the lanes of a sum or to put an element where it belongs.
template <class T>
TileWay TileLoops<T>::way(const TileProduct<T>& p) const {
  const auto rows = static_cast<double>(p.rows), columns = static_cast<double>(p.columns), depth = static_cast<double>(p.depth);
  const double by_columns = registers(p.columns, lanes) * depth * (rows + (p.b_column == 1 ? 0 : 7)), outputs = rows * columns;
  if (p.a_depth == 1 && p.b_depth == 1 && outputs * (registers(p.depth, lanes) + 4) < by_columns) return TileWay::kDepth;
  if (p.a_row == 1 && registers(p.rows, lanes) * depth * columns + 4 * outputs < by_columns) return TileWay::kRows;
  return TileWay::kColumns;
}

template struct TileLoops<float>;
template struct TileLoops<double>;

template <class T>
const TileLoops<T>* tile_loops() {
#ifdef __x86_64__
  static constexpr const TileLoops<float>* floats[] = {nullptr, &avx2_float_tiles, &avx512_float_tiles};
  // Doubles are rarely small products in a hurry: they go without 15 kB of loops for AVX-512.
  static constexpr const TileLoops<double>* doubles[] = {nullptr, &avx2_double_tiles, &avx2_double_tiles};
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

}  // namespace xgrad::kernels
