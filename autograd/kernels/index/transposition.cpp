#include <xgrad/autograd/kernels/index/transposition.h>

#include <cstring>

#include <xgrad/autograd/kernels/instruction_set.h>

#if XGRAD_HAS_VARIANTS
#include <immintrin.h>
#endif

namespace torch { inline namespace xgrad { namespace kernels {
namespace {

#if defined(__has_builtin)
#if __has_builtin(__builtin_shufflevector)
#define XGRAD_SHUFFLES 1
#endif
#endif

// Element by element.
template <class Unit> void copy(const Transposition& t, int64_t first_row, int64_t rows, int64_t first_column, int64_t columns) {
  constexpr auto size = static_cast<int64_t>(sizeof(Unit));
  for (int64_t j = first_column; j < first_column + columns; ++j)
    for (int64_t i = first_row; i < first_row + rows; ++i)
      std::memcpy(t.to + i * t.to_row + j * size, t.from + i * t.from_row + j * t.from_column, sizeof(Unit));
}

// Whole squares of neighbours; rows and columns are multiples of those of one square. Each goes down a strip of columns.
// Strips are values: stores might change what a reference refers to.
using Squares = void (*)(Transposition t, int64_t rows, int64_t columns);
struct SquareCopy {
  Squares run;
  int64_t rows, columns;  // of one square
};

template <int64_t kColumns, int64_t kBytes> inline void step_aside(Transposition& t) {
  t.to += kColumns * kBytes;
  t.from += kColumns * t.from_column;
}

#ifdef XGRAD_SHUFFLES
using Four = int32_t __attribute__((vector_size(16)));
using Two = int64_t __attribute__((vector_size(16)));

template <class Vector> Vector load(const char* p) {
  Vector v;
  std::memcpy(&v, p, sizeof v);
  return v;
}

void squares_of_4(Transposition t, int64_t rows, int64_t columns) {
  for (int64_t j = 0; j < columns; j += 4, step_aside<4, 4>(t))
    for (int64_t i = 0; i < rows; i += 4) {
      Four in[4], half[4];
      for (int k = 0; k < 4; ++k) in[k] = load<Four>(t.from + i * 4 + k * t.from_column);
      for (int k = 0; k < 2; ++k) {
        half[2 * k] = __builtin_shufflevector(in[2 * k], in[2 * k + 1], 0, 4, 1, 5);
        half[2 * k + 1] = __builtin_shufflevector(in[2 * k], in[2 * k + 1], 2, 6, 3, 7);
      }
      for (int k = 0; k < 2; ++k) {
        const Four even = __builtin_shufflevector(half[k], half[k + 2], 0, 1, 4, 5), odd = __builtin_shufflevector(half[k], half[k + 2], 2, 3, 6, 7);
        std::memcpy(t.to + (i + 2 * k) * t.to_row, &even, sizeof even);
        std::memcpy(t.to + (i + 2 * k + 1) * t.to_row, &odd, sizeof odd);
      }
    }
}

void squares_of_2(Transposition t, int64_t rows, int64_t columns) {
  for (int64_t j = 0; j < columns; j += 2, step_aside<2, 8>(t))
    for (int64_t i = 0; i < rows; i += 2) {
      const Two a = load<Two>(t.from + i * 8), b = load<Two>(t.from + i * 8 + t.from_column);
      const Two even = __builtin_shufflevector(a, b, 0, 2), odd = __builtin_shufflevector(a, b, 1, 3);
      std::memcpy(t.to + i * t.to_row, &even, sizeof even);
      std::memcpy(t.to + (i + 1) * t.to_row, &odd, sizeof odd);
    }
}

constexpr SquareCopy kFours = {squares_of_4, 4, 4}, kEights = {squares_of_2, 2, 2};
#else
constexpr SquareCopy kFours = {nullptr, 1, 1}, kEights = {nullptr, 1, 1};
#endif

#if XGRAD_HAS_VARIANTS
// 16 bytes from each of two columns that are half a register apart.
[[gnu::always_inline]] XGRAD_AVX2 inline __m256i load_halves(const char* low, const char* high) {
  return _mm256_inserti128_si256(_mm256_castsi128_si256(_mm_loadu_si128(reinterpret_cast<const __m128i*>(low))),
                                 _mm_loadu_si128(reinterpret_cast<const __m128i*>(high)), 1);
}
[[gnu::always_inline]] XGRAD_AVX2 inline void store(char* to, __m256i x) { _mm256_storeu_si256(reinterpret_cast<__m256i*>(to), x); }

// The same within each half of the registers: two squares, one beside the other.
XGRAD_AVX2 void two_squares_of_4(Transposition t, int64_t rows, int64_t columns) {
  const int64_t step = t.from_column, to_row = t.to_row;
  for (int64_t j = 0; j < columns; j += 8, step_aside<8, 4>(t)) {
    const char* from = t.from;
    char* to = t.to;
    for (int64_t i = 0; i < rows; i += 4, from += 16, to += 4 * to_row) {
      const char* const half = from + 4 * step;
      const __m256i a = load_halves(from, half), b = load_halves(from + step, half + step);
      const __m256i c = load_halves(from + 2 * step, half + 2 * step), d = load_halves(from + 3 * step, half + 3 * step);
      const __m256i ab = _mm256_unpacklo_epi32(a, b), ab_high = _mm256_unpackhi_epi32(a, b);
      const __m256i cd = _mm256_unpacklo_epi32(c, d), cd_high = _mm256_unpackhi_epi32(c, d);
      store(to, _mm256_unpacklo_epi64(ab, cd));
      store(to + to_row, _mm256_unpackhi_epi64(ab, cd));
      store(to + 2 * to_row, _mm256_unpacklo_epi64(ab_high, cd_high));
      store(to + 3 * to_row, _mm256_unpackhi_epi64(ab_high, cd_high));
    }
  }
}

XGRAD_AVX2 void two_squares_of_2(Transposition t, int64_t rows, int64_t columns) {
  const int64_t step = t.from_column, to_row = t.to_row;
  for (int64_t j = 0; j < columns; j += 4, step_aside<4, 8>(t)) {
    const char* from = t.from;
    char* to = t.to;
    for (int64_t i = 0; i < rows; i += 2, from += 16, to += 2 * to_row) {
      const __m256i a = load_halves(from, from + 2 * step), b = load_halves(from + step, from + 3 * step);
      store(to, _mm256_unpacklo_epi64(a, b));
      store(to + to_row, _mm256_unpackhi_epi64(a, b));
    }
  }
}

constexpr SquareCopy kFoursAvx2 = {two_squares_of_4, 4, 8}, kEightsAvx2 = {two_squares_of_2, 2, 4};
#else
constexpr SquareCopy kFoursAvx2 = kFours, kEightsAvx2 = kEights;
#endif

template <class Unit> void transpose_neighbours(const SquareCopy& squares, const Transposition& t, int64_t rows, int64_t columns) {
  const int64_t whole_rows = squares.run ? rows - rows % squares.rows : 0;
  const int64_t whole_columns = whole_rows > 0 ? columns - columns % squares.columns : 0;
  if (whole_columns > 0) squares.run(t, whole_rows, whole_columns);
  copy<Unit>(t, whole_rows, rows - whole_rows, 0, whole_columns);
  copy<Unit>(t, 0, rows, whole_columns, columns - whole_columns);
}

}  // namespace

void transpose(int bytes, const Transposition& t, int64_t rows, int64_t columns) {
  const bool wide = instruction_set() != InstructionSet::kBaseline;
  if (bytes == 1) copy<char>(t, 0, rows, 0, columns);
  else if (bytes == 2) copy<int16_t>(t, 0, rows, 0, columns);
  else if (t.from_row != bytes && bytes == 4) copy<int32_t>(t, 0, rows, 0, columns);
  else if (t.from_row != bytes) copy<int64_t>(t, 0, rows, 0, columns);
  else if (bytes == 4) transpose_neighbours<int32_t>(wide ? kFoursAvx2 : kFours, t, rows, columns);
  else transpose_neighbours<int64_t>(wide ? kEightsAvx2 : kEights, t, rows, columns);
}

}}}  // namespace torch::xgrad::kernels
