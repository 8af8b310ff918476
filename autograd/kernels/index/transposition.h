// Blocks of a matrix whose rows and columns change places.
#pragma once

#include <cstdint>

#include <xgrad/autograd/core/namespace.h>

namespace torch { inline namespace xgrad { namespace kernels {

/// What is read and written: element (i, j) of the result lies at to + i * to_row + j * (its size) and comes from
/// from + i * from_row + j * from_column, all in bytes. The two don't overlap.
struct Transposition {
  char* to;
  int64_t to_row;
  const char* from;
  int64_t from_row, from_column;
};

/// Fills rows x columns elements of `bytes` (1, 4 or 8) each; fastest where from_row is `bytes`.
void transpose(int bytes, const Transposition& t, int64_t rows, int64_t columns);

}}}  // namespace torch::xgrad::kernels
