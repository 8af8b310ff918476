// Runs of equal rows, and rows brought into order.
#pragma once

#include <cstdint>

#include <xgrad/autograd/core/dtype.h>

namespace torch { inline namespace xgrad { namespace kernels {

/// `count` rows of `width` elements, taken in the order of positions unless these are null. Equal means ==: NaN equals nothing.
struct Rows {
  const void* elements;
  const int64_t* order;
  int64_t count, width;
};

/// The positions of the rows in lexicographic order, NaN being the largest; equal rows keep their order.
void sort_rows(ScalarType dtype, const void* x, int64_t count, int64_t width, int64_t* order);
/// The number of runs.
int64_t count_runs(ScalarType dtype, const Rows& rows);
/// Of each run the position of its first row and its length, and of each row at its position the number of its run; each unless null.
void find_runs(ScalarType dtype, const Rows& rows, int64_t* firsts, int64_t* lengths, int64_t* runs);

/// The same where few elements differ, in passes that compare only those: of the up to `most` runs of equal elements, in ascending order,
/// the position of the first and the length, then zeros; of each element the number of its run, unless `runs` is null; and how many runs
/// there are, or -1, and nothing useful besides, if they are more or there is a NaN.
void find_few_runs(ScalarType dtype, const void* x, int64_t n, int64_t most, int64_t* firsts, int64_t* lengths, int64_t* runs, int64_t* count);

}}}  // namespace torch::xgrad::kernels
