// Rows put together from rows of several arrays.
#pragma once

#include <cstdint>

#include <xgrad/autograd/kernels/launch.h>

namespace torch { inline namespace xgrad { namespace kernels {

/// An array of rows of `bytes` > 0 each, one after the other.
struct RowPart {
  const char* from;
  int64_t bytes;
};

/// Row i of `to` becomes row i of each part, one beside the other; `to` overlaps none of them.
void join_rows(char* to, Constants<RowPart> parts, int64_t rows);

}}}  // namespace torch::xgrad::kernels
