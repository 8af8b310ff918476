#include <xgrad/autograd/kernels/order/ordered_tiles.h>

#include <algorithm>
#include <cstdlib>
#include <utility>

#include <xgrad/autograd/kernels/index/row_copy.h>
#include <xgrad/autograd/kernels/index/transposition.h>
#include <xgrad/autograd/kernels/iteration_walk.h>
#include <xgrad/autograd/kernels/scratch.h>

namespace torch { inline namespace xgrad { namespace kernels {
namespace {

constexpr int64_t kRows = 64;
constexpr int64_t kBufferBytes = 65536;     // for all inputs of a tile together
constexpr int64_t kSmallTileBytes = 16384;  // of one input where a tile is one call of the loop
constexpr int64_t kPadding = 64;            // bytes between rows elsewhere, which keep columns out of each other's cache sets
constexpr int64_t kShortRow = 128;          // elements
constexpr int64_t kStackBytes = 8192;       // of tiles brought into order; more lie in a block
static_assert((kMaxOperands - 1) * kSmallTileBytes <= kBufferBytes);

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
  const int64_t rows = it.sizes[axis], columns = it.sizes[inner_];
  at_once_ = columns <= kShortRow && fits_one_call(it, axis);
  int64_t bytes = 1, brought = 0;
  for (int k = 0; k < it.operands; ++k) {
    find_home(k);
    if (home_[k] != k || k == 0) continue;
    bytes = std::max<int64_t>(bytes, it.bytes[k]);
    ++brought;
  }
  in_output_ = at_once_ ? find_input_for_output() : 0;
  const int64_t elements = (at_once_ ? kSmallTileBytes : kBufferBytes / std::max<int64_t>(brought, 1)) / bytes;
  height_ = std::min(at_once_ ? elements / columns : kRows, rows);
  width_ = std::min(elements / height_, columns);
  const int64_t padding = at_once_ ? 0 : kPadding;
  room_ = height_ * (width_ * bytes + padding);
  buffer_bytes_ = room_ * (in_output_ > 0 ? brought - 1 : brought);
  for (int k = 0; k < it.operands; ++k) {
    steps_[k] = home_[k] > 0 ? it.bytes[k] : it.strides[k][inner_];
    row_steps_[k] = home_[k] > 0 ? width_ * it.bytes[k] + padding : it.strides[k][axis];
  }
  set_places();
}

void OrderedTiles::set_places() {
  places_.operands = it_.operands;
  const auto add_axis = [this](int from, int64_t size, int64_t times) {
    if (size == 1) return -1;
    const int a = places_.axes++;
    places_.sizes[a] = size;
    for (int k = 0; k < it_.operands; ++k) places_.strides[k][a] = times * it_.strides[k][from];
    return a;
  };
  for (int k = 0; k < it_.operands; ++k) places_.pointers[k] = it_.pointers[k];
  for (int a = 0; a < inner_; ++a)
    if (a != axis_) add_axis(a, it_.sizes[a], 1);
  down_ = add_axis(axis_, (it_.sizes[axis_] + height_ - 1) / height_, height_);
  across_ = add_axis(inner_, (it_.sizes[inner_] + width_ - 1) / width_, width_);
}

void OrderedTiles::find_home(int k) {
  transposed_[k] = k > 0 && steps_further_inside(it_, k, axis_);
  home_[k] = k > 0 && (at_once_ ? must_move(it_, k, axis_) : transposed_[k]) ? k : 0;
  for (int other = k - 1; other > 0 && home_[k] == k; --other)
    if (home_[other] > 0 && same_input(k, other)) home_[k] = home_[other];
}

// The first input to be brought into order, if its elements fit those of the output and no other input is the output.
int OrderedTiles::find_input_for_output() const {
  int found = 0;
  for (int k = it_.operands - 1; k > 0; --k) {
    if (it_.pointers[k] == it_.pointers[0]) return 0;
    if (home_[k] > 0) found = k;
  }
  return found > 0 && it_.bytes[found] == it_.strides[0][inner_] ? found : 0;
}

bool OrderedTiles::same_input(int k, int other) const {
  if (it_.pointers[k] != it_.pointers[other] || it_.bytes[k] != it_.bytes[other]) return false;
  return std::equal(it_.strides[k], it_.strides[k] + it_.axes, it_.strides[other]);
}

void OrderedTiles::bring(int k, const Tile& t, char* to, int64_t to_row) const {
  const int64_t row_step = it_.strides[k][axis_], column_step = it_.strides[k][inner_];
  if (transposed_[k]) transpose(it_.bytes[k], {to, to_row, t.at[k], row_step, column_step}, t.rows, t.columns);
  else copy_rows(it_.bytes[k], {to, to_row, t.at[k], row_step, column_step}, t.rows, t.columns);
}

void OrderedTiles::run_tile(const Tile& t, char* buffer, Loop loop, const void* parameters) const {
  char* free = buffer;
  char* row[kMaxOperands];
  for (int k = 0; k < it_.operands; ++k) {
    row[k] = t.at[k];
    if (home_[k] == 0) continue;
    if (home_[k] < k) {
      row[k] = row[home_[k]];
      continue;
    }
    if (k == in_output_) row[k] = row[0];
    else row[k] = std::exchange(free, free + room_);
    bring(k, t, row[k], row_steps_[k]);
  }
  if (at_once_) {
    loop(row, steps_, t.rows * t.columns, parameters);
    return;
  }
  for (int64_t r = 0; r < t.rows; ++r) {
    loop(row, steps_, t.columns, parameters);
    for (int k = 0; k < it_.operands; ++k) row[k] += row_steps_[k];
  }
}

void OrderedTiles::copy_tile(const Tile& t, char* buffer) const {
  const int64_t to_row = it_.strides[0][axis_];
  if (at_once_ || !transposed_[1]) {
    bring(1, t, t.at[0], to_row);
    return;
  }
  // Rows of the output that lie a power of 2 apart would drive each other out of the cache while they are put together.
  bring(1, t, buffer, row_steps_[1]);
  copy_rows(it_.bytes[1], {t.at[0], to_row, buffer, row_steps_[1], it_.bytes[1]}, t.rows, t.columns);
}

void OrderedTiles::run(Loop loop, const void* parameters, int64_t first, int64_t last) const {
  if (buffer_bytes_ > kStackBytes) {
    const Scratch<char> buffer(buffer_bytes_);
    return run_in(buffer.data(), loop, parameters, first, last);
  }
  alignas(64) char buffer[kStackBytes];
  run_in(buffer, loop, parameters, first, last);
}

void OrderedTiles::run_in(char* buffer, Loop loop, const void* parameters, int64_t first, int64_t last) const {
  IterationWalk walk(places_, places_.axes, first);
  for (int64_t number = first; number < last; ++number, walk.step()) {
    const int64_t row = down_ < 0 ? 0 : walk.index[down_] * height_, column = across_ < 0 ? 0 : walk.index[across_] * width_;
    const Tile t{walk.at, std::min(height_, it_.sizes[axis_] - row), std::min(width_, it_.sizes[inner_] - column)};
    if (loop) run_tile(t, buffer, loop, parameters);
    else copy_tile(t, buffer);
  }
}

}}}  // namespace torch::xgrad::kernels
