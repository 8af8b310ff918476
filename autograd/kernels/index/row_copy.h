// Copies of rows of elements between different steps.
#pragma once

#include <cstdint>

#include <xgrad/autograd/core/namespace.h>

namespace torch { inline namespace xgrad { namespace kernels {

/// n elements of `bytes` (1, 4 or 8) each from `from`, `from_step` bytes apart, to `to`, `to_step` bytes apart; the two don't
/// overlap. `from_step` may be 0.
void copy_row(int bytes, char* to, int64_t to_step, const char* from, int64_t from_step, int64_t n);

/// Where rows of elements lie, in bytes; those of `to` lie side by side.
struct Rows {
  char* to;
  int64_t to_row;
  const char* from;
  int64_t from_row, from_step;  // either may be 0
};

/// rows x columns elements of `bytes` (1, 4 or 8) each, columns > 0; the two sides don't overlap.
void copy_rows(int bytes, const Rows& r, int64_t rows, int64_t columns);

/// Rows from where an index says: row i begins at from + i * from_row + index[i * index_row] * step_bytes.
struct ChosenRows {
  char* to;
  int64_t to_row;
  const char* from;
  int64_t from_row, step_bytes;
  const int64_t* index;
  int64_t index_row;  // elements
};

/// Copies rows of `bytes` > 0 bytes, which may be of any type; the two sides don't overlap.
void copy_chosen_rows(const ChosenRows& r, int64_t rows, int64_t bytes);

/// n elements, `from_step` bytes apart (0 or `bytes`), to every `every`th place of an array of `length` bytes; zeros elsewhere.
/// n > 0 and the last of them lies within the array.
void spread_row(int bytes, char* to, int64_t length, int64_t every, const char* from, int64_t from_step, int64_t n);

}}}  // namespace torch::xgrad::kernels
