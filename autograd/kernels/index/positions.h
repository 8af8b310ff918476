// Positions as numbers: made from masks and classes, and made ready for use.
#pragma once

#include <cstdint>

#include <xgrad/autograd/core/dtype.h>
#include <xgrad/autograd/kernels/launch.h>

namespace torch { inline namespace xgrad { namespace kernels {

/// True iff all n positions lie in [0, size).
bool all_within(const int64_t* positions, int64_t n, int64_t size);
/// Counts negative ones from the end of an axis of `size`.
void wrap_positions(int64_t* positions, int64_t n, int64_t size);
/// offsets[i] += positions[i] * step
void add_steps(const int64_t* positions, int64_t step, int64_t n, int64_t* offsets);

int64_t count_nonzero(ScalarType dtype, const void* x, int64_t n);
/// Where the first `count` of the elements that are not 0 lie.
void find_nonzero(ScalarType dtype, const void* x, int64_t n, int64_t count, int64_t* positions);
/// Position i `counts[i]` times, one after the other, `total` in all.
void repeat_positions(const int64_t* counts, int64_t n, int64_t total, int64_t* positions);
/// Each of n positions in a row-major array of `sizes` as one number for each of its axes: to [n, axes].
void split_positions(const int64_t* positions, int64_t n, Constants<int64_t> sizes, int64_t* coordinates);
/// rows[i, classes[i]] = 1, in rows of `width`
void mark_classes(const int64_t* classes, int64_t n, int64_t width, int64_t* rows);

}}}  // namespace torch::xgrad::kernels
