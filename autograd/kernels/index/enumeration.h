// Positions in an order: all of a triangle, all choices.
#pragma once

#include <cstdint>

#include <xgrad/autograd/core/namespace.h>

namespace torch { inline namespace xgrad { namespace kernels {

/// The positions of each row from `first` + the row, brought into [0, columns], on, or up to there but for it: n of them, in row-major
/// order. Row numbers go to out[0] .. out[n - 1], column numbers to those after.
void list_triangle(bool upper, int64_t rows, int64_t columns, int64_t first, int64_t n, int64_t* out);

/// The first `count` ascending choices of r > 0 of the numbers 0 .. n-1, in lexicographic order, r numbers each; a number may repeat
/// where `with_replacement`.
void list_combinations(int64_t n, int64_t r, bool with_replacement, int64_t count, int64_t* out);

}}}  // namespace torch::xgrad::kernels
