#include <xgrad/autograd/kernels/ordered_tiles.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>

#include <xgrad/autograd/kernels/row_copy.h>

namespace xgrad::kernels {
namespace {

constexpr int64_t kRows = 32;
constexpr int64_t kTileBytes = 16384;  // of one input
constexpr int64_t kShortRow = 128;       // elements

bool steps_further_inside(const Iteration& it, int k, int axis) {
  const int64_t outside = std::abs(it.strides[k][axis]), inside = std::abs(it.strides[k][it.axes - 1]);
  return it.bytes[k] > 0 && outside > 0 && 4 * outside <= inside;
}

bool is_constant(const Iteration& it, int k, int axis) { return it.strides[k][axis] == 0 && it.strides[k][it.axes - 1] == 0; }
bool rows_adjoin(const Iteration& it, int k, int axis) {
  const int64_t step = it.strides[k][it.axes - 1];
  return (it.bytes[k] == 0 || step == it.bytes[k]) && it.strides[k][axis] == it.sizes[it.axes - 1] * step;
}
bool must_move(const Iteration& it, int k, int axis) { return !is_constant(it, k, axis) && !rows_adjoin(it, k, axis); }

// True iff the output's rows adjoin along the axis and every input's do or can be made to.
bool fits_one_call(const Iteration& it, int axis) {
  if (!rows_adjoin(it, 0, axis)) return false;
  for (int k = 1; k < it.operands; ++k)
    if (it.bytes[k] == 0 && must_move(it, k, axis)) return false;
  return true;
}

// The walk over a transposed input of one tile: to[i][j] = from[j][i], the rows of `to` side by side.
struct Transposition {
  char* to;
  int64_t to_step;  // bytes from row to row of `to`
  const char* from;
  int64_t from_row, from_column;  // bytes

  template <class Unit>
  void copy(int64_t first_row, int64_t rows, int64_t first_column, int64_t columns) const {
    for (int64_t j = first_column; j < first_column + columns; ++j)
      for (int64_t i = first_row; i < first_row + rows; ++i)
        std::memcpy(to + i * to_step + j * static_cast<int64_t>(sizeof(Unit)), from + i * from_row + j * from_column, sizeof(Unit));
  }

  void copy_4x4(int64_t row, int64_t column) const;
};

#if defined(__has_builtin)
#if __has_builtin(__builtin_shufflevector)
#define XGRAD_SHUFFLES 1
#endif
#endif

#ifdef XGRAD_SHUFFLES
using Four = int32_t __attribute__((vector_size(16)));

// Of four neighbours of 4 bytes.
inline void Transposition::copy_4x4(int64_t row, int64_t column) const {
  Four in[4], half[4];
  for (int j = 0; j < 4; ++j) std::memcpy(&in[j], from + row * 4 + (column + j) * from_column, sizeof(Four));
  for (int j = 0; j < 2; ++j) {
    half[2 * j] = __builtin_shufflevector(in[2 * j], in[2 * j + 1], 0, 4, 1, 5);
    half[2 * j + 1] = __builtin_shufflevector(in[2 * j], in[2 * j + 1], 2, 6, 3, 7);
  }
  for (int i = 0; i < 2; ++i) {
    const Four even = __builtin_shufflevector(half[i], half[i + 2], 0, 1, 4, 5), odd = __builtin_shufflevector(half[i], half[i + 2], 2, 3, 6, 7);
    std::memcpy(to + (row + 2 * i) * to_step + column * 4, &even, sizeof(Four));
    std::memcpy(to + (row + 2 * i + 1) * to_step + column * 4, &odd, sizeof(Four));
  }
}
#else
inline void Transposition::copy_4x4(int64_t row, int64_t column) const { copy<int32_t>(row, 4, column, 4); }
#endif

void transpose_fours(const Transposition& t, int64_t rows, int64_t columns) {
  const int64_t whole_rows = rows & ~int64_t{3}, whole_columns = columns & ~int64_t{3};
  for (int64_t j = 0; j < whole_columns; j += 4)
    for (int64_t i = 0; i < whole_rows; i += 4) t.copy_4x4(i, j);
  t.copy<int32_t>(whole_rows, rows - whole_rows, 0, whole_columns);
  t.copy<int32_t>(0, rows, whole_columns, columns - whole_columns);
}

void transpose(int bytes, const Transposition& t, int64_t rows, int64_t columns) {
  if (bytes == 4 && t.from_row == 4) transpose_fours(t, rows, columns);
  else if (bytes == 4) t.copy<int32_t>(0, rows, 0, columns);
  else if (bytes == 8) t.copy<int64_t>(0, rows, 0, columns);
  else t.copy<char>(0, rows, 0, columns);
}

}  // namespace

int OrderedTiles::find_axis(const Iteration& it) {
  if (it.axes < 2) return -1;
  const int64_t columns = it.sizes[it.axes - 1];
  int best = -1;
  int64_t least = 0;
  for (int k = 1; k < it.operands; ++k)
    for (int a = 0; a < it.axes - 1; ++a) {
      const int64_t step = std::abs(it.strides[k][a]);
      if (it.sizes[a] >= 4 && columns >= 4 && steps_further_inside(it, k, a) && (best < 0 || step < least)) {
        best = a;
        least = step;
      }
    }
  if (best < 0 && columns <= kShortRow && it.sizes[it.axes - 2] >= 4 && fits_one_call(it, it.axes - 2)) return it.axes - 2;
  return best;
}

OrderedTiles::OrderedTiles(const Iteration& it, int axis) : it_(it), axis_(axis), inner_(it.axes - 1) {
  int bytes = 1;
  for (int k = 1; k < it.operands; ++k) bytes = std::max<int>(bytes, it.bytes[k]);
  const int64_t elements = kTileBytes / bytes;
  width_ = std::min(elements / kRows, it.sizes[inner_]);
  at_once_ = width_ == it.sizes[inner_] && fits_one_call(it, axis);
  height_ = at_once_ ? elements / width_ : kRows;
  brought_[0] = false;
  for (int k = 1; k < it.operands; ++k) brought_[k] = at_once_ ? must_move(it, k, axis) : steps_further_inside(it, k, axis);
  across_ = (it.sizes[inner_] + width_ - 1) / width_;
  down_ = (it.sizes[axis_] + height_ - 1) / height_;
  tiles_ = across_ * down_;
  for (int a = 0; a < inner_; ++a)
    if (a != axis_) tiles_ *= it.sizes[a];
}

OrderedTiles::Tile OrderedTiles::tile(int64_t number) const {
  const int64_t column = number % across_ * width_, row = number / across_ % down_ * height_;
  Tile t{{}, std::min(height_, it_.sizes[axis_] - row), std::min(width_, it_.sizes[inner_] - column)};
  for (int k = 0; k < it_.operands; ++k) t.at[k] = it_.pointers[k] + row * it_.strides[k][axis_] + column * it_.strides[k][inner_];
  int64_t rest = number / across_ / down_;
  for (int a = inner_ - 1; a >= 0; --a) {
    if (a == axis_) continue;
    for (int k = 0; k < it_.operands; ++k) t.at[k] += rest % it_.sizes[a] * it_.strides[k][a];
    rest /= it_.sizes[a];
  }
  return t;
}

bool OrderedTiles::same_input(const Tile& t, int k, int other) const {
  return brought_[other] && t.at[k] == t.at[other] && it_.bytes[k] == it_.bytes[other] &&
         it_.strides[k][inner_] == it_.strides[other][inner_] && it_.strides[k][axis_] == it_.strides[other][axis_];
}

void OrderedTiles::bring(int k, const Tile& t, char* to) const {
  const int bytes = it_.bytes[k];
  const int64_t row_step = it_.strides[k][axis_], column_step = it_.strides[k][inner_];
  if (steps_further_inside(it_, k, axis_)) {
    transpose(bytes, {to, width_ * bytes, t.at[k], row_step, column_step}, t.rows, t.columns);
    return;
  }
  for (int64_t r = 0; r < t.rows; ++r) copy_row(bytes, to + r * width_ * bytes, bytes, t.at[k] + r * row_step, column_step, t.columns);
}

void OrderedTiles::run_tile(const Tile& t, Loop loop, const void* parameters) const {
  alignas(64) char buffers[kMaxOperands - 1][kTileBytes];
  char* row[kMaxOperands];
  int64_t row_steps[kMaxOperands], steps[kMaxOperands];
  for (int k = 0; k < it_.operands; ++k) {
    row[k] = t.at[k];
    row_steps[k] = it_.strides[k][axis_];
    steps[k] = it_.strides[k][inner_];
    if (!brought_[k]) continue;
    row_steps[k] = width_ * it_.bytes[k];
    steps[k] = it_.bytes[k];
    row[k] = k > 1 && same_input(t, k, k - 1) ? row[k - 1] : buffers[k - 1];
    if (row[k] == buffers[k - 1]) bring(k, t, row[k]);
  }
  if (at_once_) {
    loop(row, steps, t.rows * t.columns, parameters);
    return;
  }
  for (int64_t r = 0; r < t.rows; ++r) {
    loop(row, steps, t.columns, parameters);
    for (int k = 0; k < it_.operands; ++k) row[k] += row_steps[k];
  }
}

void OrderedTiles::run(Loop loop, const void* parameters, int64_t first, int64_t last) const {
  for (int64_t number = first; number < last; ++number) run_tile(tile(number), loop, parameters);
}

}  // namespace xgrad::kernels
